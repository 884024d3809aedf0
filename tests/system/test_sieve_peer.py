# SPDX-License-Identifier: MIT
"""Ours and Pigeonhole's sieve-test decide the same on every pair of the corpus (fixtures/sieve/corpus), but for the
rows of differences.tsv there, each of which has its reason. Both run as an ordinary user where we are root."""
import concurrent.futures
import os
import random
import shutil
import subprocess

import pytest

import sieve_corpus

PEER = "/usr/bin/sieve-test"
OURS = os.path.join(sieve_corpus.REPOSITORY, os.environ.get("TAMIS_BUILD", "build"), "src", "bin", "sieve-test")
CONFIGURATION = """
mail_location = maildir:{folder}/mail
mail_home = {folder}/home
ssl = no
plugin {{
  sieve_max_actions = 0
}}
"""


def read_differences():
    """(script, message or *) -> what ours decides instead ("-" where that does not matter) and why."""
    rows = {}
    with open(os.path.join(sieve_corpus.CORPUS, "differences.tsv")) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                script, messages, ours, why = line.rstrip("\n").split("\t")
                for message in messages.split(" "):
                    rows[script, message] = (ours, why)
    return rows


DIFFERENCES = read_differences()
SCRIPTS = sieve_corpus.scripts()
POOL = concurrent.futures.ThreadPoolExecutor(os.cpu_count() + 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder that both can use, with a copy of our program; and the user that they run as."""
    if not os.path.exists(PEER):
        pytest.skip("Pigeonhole's sieve-test is not installed (dovecot-sieve)")
    if not os.path.exists(OURS):
        pytest.fail(f"{OURS} is not built")
    folder = os.path.realpath(str(tmp_path_factory.mktemp("sieve-peer")))
    for name in ("home", "mail", "scripts", "messages"):
        os.mkdir(os.path.join(folder, name))
    shutil.copy(OURS, os.path.join(folder, "sieve-test"))
    with open(os.path.join(folder, "configuration"), "w") as file:
        file.write(CONFIGURATION.format(folder=folder))
    for name in sieve_corpus.message_names():
        shutil.copy(os.path.join(sieve_corpus.CORPUS, "messages", name + ".eml"), os.path.join(folder, "messages"))
    for script in SCRIPTS:
        with open(os.path.join(folder, "scripts", script.name + ".sieve"), "wb") as file:
            file.write(script.text)
    user = {}
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody:nogroup", folder], check=True)
        parent = os.path.dirname(folder)
        while parent != "/":  # pytest makes its folders private
            os.chmod(parent, os.stat(parent).st_mode | 0o011)
            parent = os.path.dirname(parent)
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    yield folder, user
    shutil.rmtree(folder)


def decide(program, place, script, message):
    folder, user = place
    environment = {"PATH": os.environ["PATH"], "HOME": os.path.join(folder, "home"), "TZ": "Asia/Kolkata", "LC_ALL": "C",
                   "USER": "nobody"}
    command = [program, "-c", os.path.join(folder, "configuration"), "-C"] + script.args + [
        os.path.join(folder, "scripts", script.name + ".sieve"), os.path.join(folder, "messages", message + ".eml")]
    return sieve_corpus.decide(command, environment, user)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_decides_as_the_peer_does(place, script):
    wrong = []
    runs = [(message, [POOL.submit(decide, program, place, script, message)
                       for program in (os.path.join(place[0], "sieve-test"), PEER)]) for message in script.messages]
    for message, decisions in runs:
        (ours, output), (peers, _) = [decision.result() for decision in decisions]
        expected, why = DIFFERENCES.get((script.name, message), DIFFERENCES.get((script.name, "*"), (None, "")))
        if expected is None:
            if ours != peers:
                wrong += [f"on {message}: ours:"] + ours.lines() + ["  the peer's:"] + peers.lines() + [output]
        elif ours == peers and (script.name, message) in DIFFERENCES:
            wrong.append(f"on {message}: the listed difference is gone: {why}")
        elif expected != "-" and expected != " | ".join(ours.lines()):
            wrong += [f"on {message}: listed as", expected, "but ours is", " | ".join(ours.lines())]
    assert not wrong, "\n".join(wrong)


def test_rules_that_share_a_pass_decide_as_the_peers_do(place):
    decided = 0
    for seed in range(60):
        source = random.Random(seed)
        script = sieve_corpus.Script(f"many-{seed}", sieve_corpus.many_rules(source), [], ["-x", "+regex"])
        for folder, name, text in (("scripts", script.name + ".sieve", script.text),
                                   ("messages", script.name + ".eml", sieve_corpus.message_of_words(source))):
            with open(os.path.join(place[0], folder, name), "wb") as file:
                file.write(text)
        decisions = [POOL.submit(decide, program, place, script, script.name)
                     for program in (os.path.join(place[0], "sieve-test"), PEER)]
        (ours, output), (peers, _) = [decision.result() for decision in decisions]
        assert ours == peers and not ours.refused, f"seed {seed}: {ours.lines()}, the peer's: {peers.lines()}: {output}"
        decided += len(ours.actions)
    assert decided > 300


def test_every_difference_has_its_reason():
    for (script, message), (_, why) in DIFFERENCES.items():
        assert "RFC " in why or "compat" in why, (script, message)
        assert script in {s.name for s in SCRIPTS}, script


def test_the_corpus_is_large():
    assert sum(len(script.messages) for script in SCRIPTS) >= 200
