# SPDX-License-Identifier: MIT
"""What tamis-lda answers to a wrong command line: Postfix shows the first line of its output and nothing else."""
import subprocess

import pytest

from lda_site import LdaSite
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
