# SPDX-License-Identifier: MIT
"""fixtures/scenarios/evolix-procmail: system users on the way from procmail to Sieve."""
import os
import shutil
import subprocess

import pytest

from mail_builder import mail, new_message_id
from maildir_view import Maildir
from waiting import wait_until


@pytest.fixture(scope="module")
def site(make_module_scenario):
    return make_module_scenario("evolix-procmail").start()


class User:
    def __init__(self, scenario, role):
        entry = scenario.accounts[role]
        self.scenario, self.role = scenario, role
        self.address = entry.pw_name + "@unix.example"
        self.home = scenario.accounts.fresh_home(role)
        files = os.path.join(scenario.conf_dir, "homes", role)
        for name in os.listdir(files):
            shutil.copy(os.path.join(files, name), self.home)
            os.chown(os.path.join(self.home, name), entry.pw_uid, entry.pw_gid)
        self.maildir = Maildir(os.path.join(self.home, "Maildir"))
        if role != "user5":
            self.maildir.make(entry.pw_uid, entry.pw_gid)

    def deliver(self, subject, **headers):
        message_id = new_message_id()
        # local(8) takes the "-f-" in user4's .forward for a second address and bounces that: the first attempt may be this one.
        postfix = self.scenario.postfix
        send = postfix.send if self.role == "user4" else postfix.deliver
        send(self.address, mail(subject, message_id=message_id, **headers))
        return message_id

    def where(self, message_id):
        """The folders that hold the message, INBOX as ""."""
        return [f for f in [""] + self.maildir.folders() if self.maildir.folder(f).holding(message_id)]

    def procmail_ran(self):
        return os.path.exists(os.path.join(self.home, "procmail.log"))


@pytest.mark.parametrize("role, subject, folders, by_procmail", [
    ("user1", "procmail", ["proc"], True), ("user1", "other", [""], True),
    ("user2", "sieve and procmail", ["bysieve"], False), ("user2", "sieve", ["bysieve"], False),
    ("user2", "drop", [], False), ("user2", "procmail", ["proc"], True),
    ("user3", "sieve", ["bysieve"], False), ("user3", "other", [""], False),
    ("user4", "procmail", ["proc"], True), ("user5", "other", [""], False),
])
def test_where_a_mail_goes(site, role, subject, folders, by_procmail):
    user = User(site, role)
    # procmail delivers after the pipe has been fed; its own file may take a moment
    message_id = user.deliver(subject)
    wait_until(lambda: user.where(message_id) == folders, f"{folders}, not {user.where(message_id)}", 5)
    assert user.procmail_ran() == by_procmail


@pytest.mark.parametrize("role", ["user1", "user2", "user3", "user5"])
def test_infected_mail_is_put_aside_before_everything(site, role):
    user = User(site, role)
    assert "Quarantine" in user.where(user.deliver("other", X_Virus_Status="Infected"))


def pipe_program(site, text, mode=0o755):
    site.write_conf("sieve-pipe/procmail", text)
    os.chmod(os.path.join(site.conf_dir, "sieve-pipe", "procmail"), mode)


@pytest.fixture
def program_restored(site):
    text = site.read_conf("sieve-pipe/procmail")
    conf = site.read_conf("dovecot.conf")
    yield
    pipe_program(site, text)
    site.write_conf("dovecot.conf", conf)


@pytest.mark.parametrize("text, mode", [
    ("#!/bin/sh\nexit 0\n", 0o644), (None, 0), ("#!/bin/sh\nkill -9 $$\n", 0o755), ("#!/nowhere/sh\n", 0o755),
    ("#!/bin/sh\ncat >/dev/null\nexec sleep 60\n", 0o755), ("#!/bin/sh\nexec sleep 60\n", 0o755),
    # a child that is left behind keeps the output open that Dovecot gives it, and holds up Postfix
    pytest.param("#!/bin/sh\nsleep 60\n", 0o755, marks=pytest.mark.peer_differs),
], ids=["not executable", "missing", "killed", "no interpreter", "hanging", "hanging without reading", "hanging with a child"])
def test_when_the_program_fails_mail_is_kept_in_inbox(site, program_restored, text, mode):
    user = User(site, "user1")
    site.write_conf("dovecot.conf", site.read_conf("dovecot.conf") + "plugin {\n  sieve_pipe_exec_timeout = 1 s\n}\n")
    if text is None:
        os.unlink(os.path.join(site.conf_dir, "sieve-pipe", "procmail"))
    else:
        pipe_program(site, text, mode)
    assert user.where(user.deliver("procmail")) == [""]


def test_the_programs_environment(site, program_restored):
    user = User(site, "user1")
    pipe_program(site, "#!/bin/sh\ncat >/dev/null\ncat /proc/$$/environ >$HOME/environment\n")
    assert user.where(user.deliver("anything")) == []
    with open(os.path.join(user.home, "environment")) as file:
        environment = dict(entry.split("=", 1) for entry in file.read().split("\0") if entry)
    assert set(environment) == {"HOME", "USER", "HOST", "SENDER", "RECIPIENT", "ORIG_RECIPIENT"}
    assert environment["HOME"] == user.home
    assert environment["RECIPIENT"] == user.address


@pytest.mark.peer_differs
def test_global_scripts_in_folders_that_the_user_cannot_write_are_no_error(site):
    user = User(site, "user5")
    before = len(site.log())
    user.deliver("anything")
    assert "binar" not in site.log()[before:]


def test_global_scripts_compiled_beforehand_are_used_in_silence(site):
    for path in ("before.d", "after.d/procmail"):
        subprocess.run([site.programs.sievec, "-c", site.conf, os.path.join(site.conf_dir, path)], check=True,
                       capture_output=True)
    assert os.path.exists(os.path.join(site.conf_dir, "after.d", "procmail.svbin"))
    user = User(site, "user1")
    before = len(site.log())
    user.deliver("anything")
    assert "binar" not in site.log()[before:]
