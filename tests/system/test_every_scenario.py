# SPDX-License-Identifier: MIT
"""The table "In every scenario" of fixtures/scenarios/README.md, for the set-ups that run the LDA."""
import os
import re
import shutil

import pytest

import passwd_file_users
from mail_builder import mail, new_message_id
from maildir_view import Maildir
from waiting import wait_until


class SetUp:
    """How to make the scenario, one of its users, and where that user's Maildir and owner are."""

    def __init__(self, choices, user, maildir="", owner="vmail", sieve=True):
        self.choices = choices
        self.user = user
        self.maildir = maildir
        self.owner = owner
        self.sieve = sieve


SET_UPS = {
    "spain-lda": SetUp(lambda: {"folder": "spain-lda"}, "ana@dominio.example", "Maildir", sieve=False),
    "evolix-unix": SetUp(lambda: {"folder": "evolix-unix"}, "user5", "Maildir", owner="user5"),
    "evolix-unix-virtual": SetUp(lambda: {"folder": "evolix-unix", "config": "virtual.conf", "main": "main-virtual.cf",
                                          "master": "master-virtual.cf", "mail_owner": "dovelda"},
                                 "ana@example.com", owner="dovelda"),
    "evolix-ldap": SetUp(lambda: {"folder": "evolix-ldap", "replace": passwd_file_users.evolix_ldap()}, "petit@example.com"),
    "centos-pgsql": SetUp(lambda: {"folder": "centos-pgsql", "replace": passwd_file_users.centos_pgsql(),
                                   "mail_owner": "mailreader"}, "bram@shisaa.example", owner="mailreader"),
}


class Site:
    def __init__(self, scenario, set_up):
        self.scenario = scenario
        self.postfix = scenario.postfix
        self.owner = scenario.accounts[set_up.owner]
        self.sieve = set_up.sieve
        if "@" in set_up.user:
            self.address = set_up.user
            self.home = scenario.home(set_up.user)
            os.makedirs(os.path.dirname(self.home), exist_ok=True)
            os.makedirs(self.home, 0o700, exist_ok=True)
            self.own(os.path.dirname(self.home))
            self.own(self.home)
        else:
            self.address = scenario.accounts.name(set_up.user) + "@unix.example"
            self.home = scenario.accounts.fresh_home(set_up.user)
        self.inbox = Maildir(os.path.join(self.home, set_up.maildir).rstrip("/"))
        self.script = os.path.join(self.home, ".dovecot.sieve")

    def own(self, path):
        os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def write_script(self, text):
        with open(self.script, "w") as file:
            file.write(text)
        self.own(self.script)

    def send(self):
        message_id = new_message_id()
        return message_id, self.postfix.send(self.address, mail(message_id=message_id))


@pytest.fixture(scope="module", params=list(SET_UPS))
def site(request, make_module_scenario):
    set_up = SET_UPS[request.param]
    return Site(make_module_scenario(**set_up.choices()).start(), set_up)


def test_an_unwritable_home_defers_and_there_is_one_copy_after_the_repair(site):
    os.rename(site.home, site.home + ".away")
    os.mkdir(site.home, 0o500)
    try:
        message_id, queue_id = site.send()
        site.postfix.wait_for(queue_id, "deferred")
    finally:
        os.rmdir(site.home)
        os.rename(site.home + ".away", site.home)
    site.postfix.deliver_deferred(queue_id)
    assert len(site.inbox.holding(message_id)) == 1


@pytest.mark.parametrize("mistake", ["missing", "unreadable", "broken"])
def test_a_mistake_in_the_configuration_defers_and_there_is_one_copy_after_the_repair(site, mistake):
    right = site.scenario.read_conf(site.scenario.conf)
    if mistake == "missing":
        os.unlink(site.scenario.conf)
    elif mistake == "unreadable":
        os.chmod(site.scenario.conf, 0o600)
    else:
        site.scenario.write_conf(site.scenario.conf, right + "\nprotocol lda {\n")
    try:
        message_id, queue_id = site.send()
        attempt = site.postfix.wait_for(queue_id, "deferred")
        reason = attempt.text + site.scenario.log()
        assert os.path.basename(site.scenario.conf) in reason or attempt.relay == "local"
    finally:
        site.scenario.write_conf(site.scenario.conf, right)
    site.postfix.deliver_deferred(queue_id)
    assert len(site.inbox.holding(message_id)) == 1


def test_a_script_with_an_error_keeps_in_inbox_and_both_logs_say_so(site):
    if not site.sieve:
        pytest.skip("no Sieve in this set-up")
    site.write_script('require "fileinto"\nfileinto "Elsewhere";\n')
    try:
        message_id, queue_id = site.send()
        site.postfix.wait_for(queue_id, "sent")
        assert site.inbox.holding(message_id)
        with open(site.script + ".log") as log:
            assert re.search(r"line \d+: error: ", log.read())
        site.scenario.wait_for_log(re.escape(site.script + ".log"))
    finally:
        os.unlink(site.script)


def test_a_script_that_is_a_directory_never_bounces(site):
    if not site.sieve:
        pytest.skip("no Sieve in this set-up")
    os.mkdir(site.script)
    site.own(site.script)
    try:
        message_id, queue_id = site.send()
        attempt = wait_until(lambda: site.postfix.attempts(queue_id), "an attempt")[0]
        assert attempt.status in ("sent", "deferred")
        site.scenario.wait_for_log("is a directory")
    finally:
        shutil.rmtree(site.script)  # where the home is the Maildir, it may have been used as a folder
    site.postfix.deliver_deferred(queue_id)
    assert len(site.inbox.holding(message_id)) == 1
