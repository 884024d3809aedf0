# SPDX-License-Identifier: MIT
"""What is remembered of duplicates and vacations on a real Redis and PostgreSQL: as in a file, between processes, and without
delaying mail where the server is down, stands still, or comes back."""
import os
import shutil
import subprocess
import time

import pytest

from memory_servers import Postgres, Redis

pytestmark = pytest.mark.peer_differs


def probe_program():
    return os.path.join(os.environ.get("TAMIS_PROBE_BUILD", os.environ.get("TAMIS_BUILD", "build")), "tests", "memory", "memory-probe")


@pytest.fixture(scope="module", params=[Redis, Postgres], ids=["redis", "pgsql"])
def server(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("memory")
    parent = str(folder)
    while parent != "/":
        os.chmod(parent, os.stat(parent).st_mode | 0o011)
        parent = os.path.dirname(parent)
    made = request.param(folder)
    yield made
    made.stop()
    shutil.rmtree(folder, ignore_errors=True)


def ask(server, owner, *words, **options):
    result = subprocess.run([probe_program(), server.setting(), owner, *words], capture_output=True, text=True, timeout=60, check=True,
                            **options)
    return result.stdout.split("\n")[:-1]


def test_an_id_is_remembered_for_its_period(server):
    assert ask(server, "ann", "remembers", "a") == ["no"]
    assert ask(server, "ann", "remember", "a", "100") == ["yes"]
    assert ask(server, "ann", "remembers", "a", "remembers", "b") == ["yes", "no"]
    assert ask(server, "ann", "remember", "short", "1") == ["yes"]
    time.sleep(2.1)
    assert ask(server, "ann", "remembers", "short") == ["no"]


def test_a_period_of_nothing_is_over_at_once(server):
    assert ask(server, "ann", "remember", "none", "0", "remembers", "none") == ["yes", "no"]


def test_users_whose_ids_ended_do_not_wait_for_each_other(server):
    ids = [f"id{number}" for number in range(6)]
    ask(server, "many", *[word for name in ids for word in ("remember", name, "1")])
    time.sleep(1.5)
    children = [subprocess.Popen([probe_program(), server.setting(), "many",
                                  *[word for name in (*ids[start:], *ids[:start]) for word in ("remember", name, "100")]],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for start in range(6)]
    for child in children:
        output, errors = child.communicate(timeout=60)
        assert output.split() == ["yes"] * 6, errors
    assert ask(server, "many", *[word for name in ids for word in ("remembers", name)]) == ["yes"] * 6


def test_the_later_end_counts(server):
    assert ask(server, "later", "remember", "a", "100", "remember", "a", "1") == ["yes", "yes"]
    time.sleep(2.1)
    assert ask(server, "later", "remembers", "a") == ["yes"]


def test_each_user_has_its_own(server):
    ask(server, "bob", "remember", "x", "100")
    assert ask(server, "carl", "remembers", "x") == ["no"]


def test_what_is_forgotten_is_gone(server):
    assert ask(server, "ann", "remember", "f", "100", "forget", "f", "remembers", "f") == ["yes", "no"]


def test_who_claims_an_id_keeps_others_waiting(server):
    first = subprocess.Popen([probe_program(), server.setting(), "dora", "claim", "id", "sleep", "800", "remember", "id", "100"],
                             stdout=subprocess.PIPE, text=True)
    assert first.stdout.readline() == "no\n"
    begin = time.monotonic()
    assert ask(server, "dora", "claim", "id") == ["yes"]
    assert 0.2 < time.monotonic() - begin < 4
    first.communicate(timeout=20)
    assert first.returncode == 0


def test_a_claim_ends_with_its_owner(server):
    assert ask(server, "emil", "claim", "id") == ["no"]
    begin = time.monotonic()
    assert ask(server, "emil", "claim", "id") == ["no"]
    assert time.monotonic() - begin < 2


def test_one_that_is_never_given_up_is_not_waited_for_for_ever(server):
    first = subprocess.Popen([probe_program(), server.setting(), "fred", "claim", "id", "sleep", "9000"], stdout=subprocess.PIPE, text=True)
    assert first.stdout.readline() == "no\n"
    begin = time.monotonic()
    answer = ask(server, "fred", "claim", "id")
    assert answer[0] == "no"
    assert "takes long, not waited for" in answer[1]
    assert 4 < time.monotonic() - begin < 8
    first.kill()
    first.communicate()


def test_a_server_that_is_down_answers_as_if_unknown_and_works_again_later(server):
    ask(server, "gabi", "remember", "a", "100")
    server.stop()
    try:
        begin = time.monotonic()
        answer = ask(server, "gabi", "remembers", "a", "remembers", "a")
        assert answer[0] == "no" and answer[1].startswith("complaint: ")
        assert "not asked, since it did not answer before" in answer[3]
        assert time.monotonic() - begin < 2
    finally:
        server.start()
    assert ask(server, "gabi", "remember", "b", "100", "remembers", "b") == ["yes", "yes"]


def test_a_server_that_stands_still_is_waited_for_once_and_briefly(server):
    server.freeze()
    try:
        begin = time.monotonic()
        answer = ask(server, "hans", "claim", "a", "remember", "a", "100")
        assert answer[0] == "no"
        assert time.monotonic() - begin < 3
    finally:
        server.thaw()


SCRIPT = b"""require ["duplicate", "vacation"];
vacation :addresses "me@example.com" "gone fishing";
if duplicate { discard; stop; }
"""
MESSAGE = b"From: Ann <ann@example.org>\nTo: me@example.com\nSubject: hi\nMessage-ID: <1@x>\n\nbody\n"


class Home:
    def __init__(self, folder, programs, setting):
        self.folder, self.programs = str(folder), programs
        with open(os.path.join(self.folder, "sendmail"), "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\ncat >> {self.folder}/sent\n")
        os.chmod(os.path.join(self.folder, "sendmail"), 0o755)
        with open(os.path.join(self.folder, "conf"), "w", encoding="ascii") as file:
            file.write(f"mail_location = maildir:{self.folder}/mail\nssl = no\nmail_plugins = sieve\ntamis_memory = {setting}\n"
                       f"sendmail_path = {self.folder}/sendmail\nlog_path = {self.folder}/log\n")
        with open(os.path.join(self.folder, ".dovecot.sieve"), "wb") as file:
            file.write(SCRIPT)
        parent = self.folder
        subprocess.run(["chown", "-R", "nobody:nogroup", self.folder], check=True)
        while parent != "/":
            os.chmod(parent, os.stat(parent).st_mode | 0o011)
            parent = os.path.dirname(parent)

    def command(self):
        return ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", self.programs.deliver, "-c",
                os.path.join(self.folder, "conf"), "-f", "ann@example.org", "-a", "me@example.com", "-r", "me@example.com"]

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": self.folder, "USER": "me@example.com"}

    def deliver(self):
        return subprocess.run(self.command(), input=MESSAGE, env=self.environment(), cwd=self.folder, timeout=60, check=False).returncode

    def stored(self):
        folder = os.path.join(self.folder, "mail", "new")
        return len(os.listdir(folder)) if os.path.exists(folder) else 0

    def sent(self):
        path = os.path.join(self.folder, "sent")
        if not os.path.exists(path):
            return 0
        with open(path, encoding="utf-8") as file:
            return file.read().count("gone fishing")

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return file.read()


def test_duplicates_and_vacations_of_deliveries(server, programs, tmp_path):
    home = Home(tmp_path, programs, server.setting())
    assert home.deliver() == 0
    assert home.deliver() == 0
    assert (home.stored(), home.sent()) == (1, 1)
    assert any("me@example.com" in key for key in server.keys())
    assert not os.path.exists(os.path.join(home.folder, "mail", "tamis-memory.sqlite"))


def test_deliveries_of_one_message_at_once_see_each_other(server, programs, tmp_path):
    home = Home(tmp_path, programs, server.setting())
    subprocess.run([probe_program(), server.setting(), "me@example.com", "forget", "x"], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(home.folder, ".dovecot.sieve"), "wb") as file:
        file.write(SCRIPT.replace(b"duplicate {", f'duplicate :handle "{tmp_path.name}" {{'.encode()).replace(
            b"vacation :addresses", f'vacation :handle "{tmp_path.name}" :addresses'.encode()))
    running = [subprocess.Popen(home.command(), stdin=subprocess.PIPE, env=home.environment(), cwd=home.folder) for _ in range(4)]
    for each in running:
        each.communicate(MESSAGE, timeout=60)
    assert [each.returncode for each in running] == [0] * 4
    assert (home.stored(), home.sent()) == (1, 1)


def test_an_outage_delays_no_mail_and_is_logged(server, programs, tmp_path):
    home = Home(tmp_path, programs, server.setting())
    server.stop()
    try:
        begin = time.monotonic()
        assert home.deliver() == 0
        assert time.monotonic() - begin < 5
        assert home.stored() == 1
        assert "memory of what was seen and sent" in home.log()
        assert "not asked, since it did not answer before" not in home.log()  # but why it did not
    finally:
        server.start()


def test_a_wrong_setting_is_told_and_the_users_file_is_used(programs, tmp_path):
    home = Home(tmp_path, programs, "redis:frop=1")
    assert home.deliver() == 0
    assert home.deliver() == 0
    assert (home.stored(), home.sent()) == (1, 1)
    assert "tamis_memory: redis has no 'frop'; each user's file is used" in home.log()
    check = subprocess.run([*programs.doveconf, "--check", "-c", os.path.join(home.folder, "conf")], capture_output=True, text=True,
                           check=False)
    assert check.returncode != 0
    assert "redis has no 'frop'" in check.stdout + check.stderr
