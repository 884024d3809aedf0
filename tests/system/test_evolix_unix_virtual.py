# SPDX-License-Identifier: MIT
"""fixtures/scenarios/evolix-unix, virtual.conf: one account owns all virtual mail; pipe flags DORqhu."""
import os

import pytest

from mail_builder import mail, new_message_id
from maildir_view import Maildir

JDOE = "jdoe@example.com"


@pytest.fixture(scope="module")
def virtual(make_module_scenario):
    return make_module_scenario("evolix-unix", config="virtual.conf", main="main-virtual.cf",
                                master="master-virtual.cf", mail_owner="dovelda").start()


def test_the_mail_root_is_the_maildir_and_pipe_adds_each_header_once(virtual):
    message_id = new_message_id()
    virtual.postfix.deliver(JDOE, mail(message_id=message_id))
    [stored] = Maildir(virtual.home(JDOE)).holding(message_id)
    assert os.stat(stored.path).st_uid == virtual.accounts["dovelda"].pw_uid
    assert stored.field("X-Original-To") == [JDOE]
    assert stored.field("Delivered-To") == [JDOE]


def test_the_users_script_runs(virtual):
    home = virtual.home("sorted@example.com")
    os.makedirs(home)
    dovelda = virtual.accounts["dovelda"]
    path = os.path.join(home, ".dovecot.sieve")
    with open(path, "w") as file:
        file.write('require ["fileinto", "mailbox"]; fileinto :create "Sorted";\n')
    for owned in (os.path.dirname(home), home, path):
        os.chown(owned, dovelda.pw_uid, dovelda.pw_gid)
    virtual.postfix.deliver("sorted@example.com", mail())
    Maildir(home).folder("Sorted").only()


@pytest.mark.peer_differs
@pytest.mark.parametrize("user", ["..@example.com", ".@example.com", "@example.com", "a/../../b@example.com", "a/b@example.com"])
def test_a_name_that_would_leave_its_folder_is_refused(virtual, user):
    before = tree(virtual.mail_root)
    result = virtual.lda("-f", "s@outside.example", "-d", user, message=mail(), account="dovelda")
    assert result.returncode != 0
    assert tree(virtual.mail_root) == before


@pytest.mark.peer_differs
@pytest.mark.parametrize("user", ["..@example.com", ".@example.com"])
def test_such_a_name_through_postfix_stores_nothing(virtual, user):
    before = tree(virtual.mail_root)
    virtual.postfix.deliver(user, mail(), status="bounced")
    assert tree(virtual.mail_root) == before


def tree(root):
    return sorted(os.path.join(where, name) for where, folders, files in os.walk(root) for name in folders + files)
