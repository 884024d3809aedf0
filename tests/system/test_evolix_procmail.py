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
        self.scenario = scenario
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
        self.scenario.postfix.deliver(self.address, mail(subject, message_id=message_id, **headers))
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
    assert user.where(user.deliver("sieve procmail drop", X_Virus_Status="Infected")) \
        == {"user2": ["Quarantine", ], "user3": ["Quarantine"]}.get(role, ["Quarantine"])
