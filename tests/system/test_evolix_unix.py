# SPDX-License-Identifier: MIT
"""fixtures/scenarios/evolix-unix, dovecot.conf: mailboxes of Unix accounts, Postfix's mailbox_command."""
import os
import re
import stat
import subprocess

import pytest

from mail_builder import mail, new_message_id
from maildir_view import Maildir


@pytest.fixture(scope="module")
def unix(make_module_scenario):
    return make_module_scenario("evolix-unix").start()


class Account:
    def __init__(self, scenario, role):
        self.name = scenario.accounts.name(role)
        self.address = self.name + "@unix.example"
        self.home = scenario.accounts.fresh_home(role)
        self.uid = scenario.accounts[role].pw_uid
        self.gid = scenario.accounts[role].pw_gid
        self.maildir = Maildir(os.path.join(self.home, "Maildir"))

    def write_script(self, text):
        path = os.path.join(self.home, ".dovecot.sieve")
        with open(path, "w") as file:
            file.write(text)
        os.chown(path, self.uid, self.gid)


@pytest.fixture
def user(unix):
    return Account(unix, "user1")


def test_mail_lands_in_the_accounts_maildir_and_indexes_lie_elsewhere(unix, user):
    unix.postfix.deliver(user.address, mail())
    stored = user.maildir.only()
    status = os.stat(stored.path)
    assert os.path.dirname(stored.path) == os.path.join(user.maildir.root, "new")
    assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (user.uid, 0o600)
    assert not [n for n in os.listdir(user.maildir.root) if n.startswith("dovecot.index")]


def test_dovecots_indexes_lie_where_the_setting_says(unix, user, is_peer):
    unix.postfix.deliver(user.address, mail())
    place = os.path.join(unix.base, "indexes", user.name)
    if is_peer or os.path.exists(place):  # ours may do without an index
        assert os.stat(place).st_uid == user.uid


def test_spam_goes_to_a_folder_that_is_made_and_subscribed(unix, user):
    unix.postfix.deliver(user.address, mail(X_Spam_Flag="YES"))
    user.maildir.folder("Spam").only()
    assert user.maildir.subscriptions() == ["Spam"]
    assert not user.maildir.messages()


def test_an_own_script_replaces_the_global_one(unix, user):
    user.write_script('require "fileinto"; fileinto "Own";')
    unix.postfix.deliver(user.address, mail(X_Spam_Flag="YES"))
    user.maildir.folder("Own").only()
    assert not user.maildir.folder("Spam").exists()


def test_an_address_extension_reaches_the_user(unix, user):
    unix.postfix.deliver(user.name + "+x@unix.example", mail())
    user.maildir.only()


@pytest.mark.parametrize("mount_point_remains", [True, False])
def test_while_the_home_is_not_mounted_mail_waits_and_arrives_once(unix, user, mount_point_remains):
    os.rename(user.home, user.home + ".elsewhere")
    if mount_point_remains:
        os.mkdir(user.home, 0o755)
    queue_id = unix.postfix.send(user.address, mail())
    unix.postfix.wait_for(queue_id, "deferred")
    if mount_point_remains:
        os.rmdir(user.home)
    os.rename(user.home + ".elsewhere", user.home)
    unix.postfix.deliver_deferred(queue_id)
    user.maildir.only()


def test_root_gets_no_mail(unix):
    assert unix.lda("-d", "root", message=mail()).returncode == 75


def test_one_account_cannot_deliver_to_another(unix, user):
    other = Account(unix, "user2")
    result = unix.lda("-d", other.name, message=mail(), account="user1",
                      env={"USER": user.name, "HOME": user.home})
    assert result.returncode != 0
    assert not other.maildir.messages()


def test_an_account_without_d_delivers_to_itself(unix, user):
    message_id = new_message_id()
    result = unix.lda(message=mail(message_id=message_id), account="user1", env={"USER": user.name, "HOME": user.home})
    assert result.returncode == 0, result
    assert user.maildir.holding(message_id)


def doveconf(scenario, config):
    return subprocess.run([*scenario.programs.doveconf, "-n", "-c", config], capture_output=True, text=True, timeout=30)


def test_the_configuration_is_merged_as_dovecot_does(unix):
    shown = doveconf(unix, unix.conf)
    assert shown.returncode == 0, shown
    imap = re.search(r"^service imap \{\n(.*?)^\}", shown.stdout, re.M | re.S)[1]
    assert "process_limit = 1024" in imap and "vsz_limit = 2 G" in imap
    assert re.search(r"^service login \{\n +process_limit = 512", shown.stdout, re.M)
    for limit in (16896, 16899):
        assert f"client_limit=8192 }} is lower than required under max. load ({limit})" in shown.stderr


def test_obsolete_limits_are_accepted_with_a_warning(unix):
    unix.write_conf("with-old.conf", "!include dovecot.conf\n!include old-limits.conf\n")
    shown = doveconf(unix, os.path.join(unix.conf_dir, "with-old.conf"))
    assert shown.returncode == 0, shown
    assert re.search(r"Obsolete setting in \S*old-limits\.conf:2: login_max_processes_count has been replaced by "
                     r"service \{ process_limit \}", shown.stderr)
