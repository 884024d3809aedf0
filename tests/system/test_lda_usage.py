# SPDX-License-Identifier: MIT
"""What tamis-lda answers to a wrong command line: Postfix shows the first line of its output and nothing else."""
import os
import re
import shutil
import subprocess

import pytest

from lda_site import GROUP, MESSAGE, USER, LdaSite
from mail_builder import mail


@pytest.fixture
def run(programs, is_peer):
    if is_peer:
        pytest.skip("Dovecot prints its usage first")
    return lambda *words: subprocess.run([programs.deliver, *words], input=mail(), capture_output=True, check=False)


@pytest.mark.parametrize("words, text", [
    (["-z"], b"Unknown argument: -z"),
    (["-O", "surplus"], b"Unknown argument: surplus"),
    (["-d"], b"Option -d requires an argument"),
    (["-o", "novalue"], b"Invalid -o parameter novalue: Missing '='"),
])
def test_the_status_line_comes_before_the_usage(run, words, text):
    result = run(*words)
    assert result.returncode == 64
    first, second = result.stdout.splitlines()[:2]
    assert first == b"4.3.5 " + text
    assert second.startswith(b"Usage: tamis-lda ")


def test_help_is_no_failure(run):
    result = run("--help")
    assert (result.returncode, result.stdout[:7], result.stderr) == (0, b"Usage: ", b"")


@pytest.mark.parametrize("word", ["--help", "--version", "-h"])
@pytest.mark.parametrize("option", ["-m", "-f", "-r"])
def test_what_an_address_says_is_never_taken_for_a_wish_for_help(programs, is_peer, option, word):
    if is_peer:
        pytest.skip("about our program")
    site = LdaSite(programs.deliver)
    status, output = site.deliver("-k", option, word)
    stored = site.copies()
    site.remove()
    assert stored == {"INBOX": 1} if status == 0 else status != 0 and stored == {}, (status, stored, output)
    assert option != "-m" or status == 0, output


@pytest.mark.parametrize("field, sender", [("<ann@example.org>", "ann@example.org"), ("<>", "")])
def test_return_path_is_the_sender_where_none_is_given(programs, is_peer, field, sender):
    if is_peer:
        pytest.skip("needs its own configuration")
    site = LdaSite(programs.deliver, f'require "envelope"; if envelope "from" "{sender}" {{ redirect "yes@example.net"; }}\n')
    site.sender = []
    message = f"Return-Path: {field}\n".encode() + MESSAGE
    status, output = site.deliver(message=message)
    sent = site.read("sent")
    site.remove()
    assert (status, sent) == (0, "yes@example.net\n"), output


def test_a_trace_of_each_delivery_where_the_settings_want_one(programs, is_peer):
    if is_peer:
        pytest.skip("needs its own configuration")
    site = LdaSite(programs.deliver, 'if header "subject" "x" { keep; }\n',
                   more="plugin {\n  sieve_trace_dir = ~/trace\n  sieve_trace_level = matching\n}\n")
    assert site.deliver()[0] == 0
    folder = site.path("home/trace")
    assert not os.path.exists(folder)
    os.mkdir(folder)
    shutil.chown(folder, USER, GROUP)
    assert site.deliver()[0] == 0
    traces = os.listdir(folder)
    text = site.read("home/trace/" + traces[0]) if traces else ""
    site.remove()
    assert len(traces) == 1 and re.fullmatch(r"\d{8}-\d{6}\.\d+\.\d+\.trace", traces[0]), traces
    assert "## Started executing script" in text and "header test" in text, text


@pytest.mark.parametrize("word", ["--help", "--version", "-h"])
def test_help_beside_other_words_is_a_mistake(run, word):
    assert run("-k", word).returncode == 64


@pytest.mark.parametrize("option", ["-a", "-r"])
@pytest.mark.parametrize("word", ["bob smith@example.com", "<>", "a@b@c", ""])
def test_an_address_that_cannot_be_read_is_left_out(programs, is_peer, option, word):
    """Dovecot's ends with 64, which Postfix answers with a bounce."""
    if is_peer:
        pytest.skip("about our program")
    site = LdaSite(programs.deliver)
    status, output = site.deliver(option, word)
    assert (status, site.copies()) == (0, {"INBOX": 1}), output
    assert f"Invalid {option} parameter: " in site.read("log")
    site.remove()


def test_an_unknown_instance_is_an_error_of_the_settings(run):
    result = run("-i", "nobody-knows-it", "-d", "jdoe@example.com")
    assert result.returncode == 75
    assert result.stdout.startswith(b"4.3.5 Unknown instance name: nobody-knows-it")
    assert b"Usage" not in result.stdout
