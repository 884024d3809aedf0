# SPDX-License-Identifier: MIT
"""fixtures/scenarios/centos-pgsql, its users in a passwd-file: a global script, Maildir:~/, owner mailreader."""
import os
import re

import pytest

import passwd_file_users
from mail_builder import mail, new_message_id
from maildir_view import Maildir

DOMAIN = "@shisaa.example"


@pytest.fixture(scope="module")
def centos(make_module_scenario):
    scenario = make_module_scenario("centos-pgsql", replace=passwd_file_users.centos_pgsql(), mail_owner="mailreader")
    for user, folders in (("tim", ["", "Spam", "Shisaa"]), ("bram", ["", "Spam"]), ("nora", ["", "Spam"])):
        for folder in folders:
            reader = scenario.accounts["mailreader"]
            maildir(scenario, user).folder(folder).make(reader.pw_uid, reader.pw_gid)
    return scenario.start()


def maildir(scenario, user):
    return Maildir(scenario.home(user + DOMAIN))


def deliver(scenario, user, sender="stranger@outside.example", **headers):
    message_id = new_message_id()
    headers = {"to": user + DOMAIN} | headers
    scenario.postfix.deliver(user + DOMAIN, mail(sender=sender, message_id=message_id, **headers), sender=sender)
    return message_id


def test_the_global_script_answers_once_a_day_from_the_null_sender(centos):
    for _ in range(2):
        assert maildir(centos, "tim").holding(deliver(centos, "tim", "first@outside.example"))
    centos.postfix.wait_until_empty()
    [reply] = centos.sink.received("first@outside.example")
    assert reply.sender == ""
    assert reply.subject == "I'm on vacation!"


def test_a_further_address_of_the_script_is_answered_too(centos):
    deliver(centos, "tim", "second@outside.example", to="tim.vd@shisaa.example")
    centos.sink.wait_for("second@outside.example")


def test_spam_is_filed_and_answered(centos):
    message_id = deliver(centos, "tim", "spammer@outside.example", X_Spam_Flag="YES")
    assert maildir(centos, "tim").folder("Spam").holding(message_id)
    assert not maildir(centos, "tim").holding(message_id)
    centos.sink.wait_for("spammer@outside.example")


def test_the_envelope_sender_decides(centos):
    message_id = deliver(centos, "tim", "boss@friends.example")
    assert maildir(centos, "tim").folder("Shisaa").holding(message_id)
    both = deliver(centos, "tim", "boss@friends.example", X_Spam_Flag="YES")
    assert len(maildir(centos, "tim").folder("Shisaa").holding(both)) == 1
    assert len(maildir(centos, "tim").folder("Spam").holding(both)) == 1


def test_a_first_mail_makes_home_and_maildir_and_a_missing_folder_means_inbox(centos):
    message_id = deliver(centos, "zoe", X_Spam_Flag="YES")
    [stored] = maildir(centos, "zoe").holding(message_id)
    status = os.stat(stored.path)
    reader = centos.accounts["mailreader"]
    assert (status.st_uid, status.st_gid) == (reader.pw_uid, reader.pw_gid)
    assert not os.path.exists(os.path.join(centos.home("zoe" + DOMAIN), "Maildir"))


def test_an_own_script_replaces_the_global_one(centos):
    spam = deliver(centos, "bram", "third@outside.example", X_Spam_Flag="YES")
    plain = deliver(centos, "bram", "third@outside.example")
    assert maildir(centos, "bram").folder("Spam").holding(spam)
    assert maildir(centos, "bram").holding(plain)
    centos.postfix.wait_until_empty()
    assert not centos.sink.received("third@outside.example")


def test_a_script_without_its_last_brace_keeps_in_inbox(centos):
    message_id = deliver(centos, "nora", X_Spam_Flag="YES")
    assert maildir(centos, "nora").holding(message_id)
    with open(os.path.join(centos.home("nora" + DOMAIN), ".dovecot.sieve.log")) as log:
        assert re.search(r"line \d+: error: ", log.read())


def test_the_flags_hu_lower_the_address(centos):
    message_id = new_message_id()
    centos.postfix.deliver("Tim@SHISAA.Example", mail(message_id=message_id))
    assert maildir(centos, "tim").holding(message_id)


def test_an_alias(centos):
    message_id = new_message_id()
    centos.postfix.deliver("info@shisaa.example", mail(message_id=message_id))
    assert maildir(centos, "bram").holding(message_id)


def test_quotes_in_user_names(centos):
    for user in ("o'brien", "x'_or_'1'='1"):
        attempt = centos.postfix.deliver(user + DOMAIN, mail(), sender="quotes@outside.example", status="bounced")
        assert attempt.dsn == "5.1.1"


@pytest.mark.peer_differs  # its passwd-file driver looks for o\'brien, with a backslash
def test_quotes_in_user_names_when_every_character_is_allowed(make_scenario):
    replace = passwd_file_users.centos_pgsql()
    replace["dovecot.conf"] += "\nauth_username_chars =\n"
    open_to_all = make_scenario("centos-pgsql", replace=replace, mail_owner="mailreader").start()
    open_to_all.postfix.deliver("o'brien" + DOMAIN, mail())
    maildir(open_to_all, "obrien").only()
    attempt = open_to_all.postfix.deliver("x'_or_'1'='1" + DOMAIN, mail(), status="bounced")
    assert attempt.dsn == "5.1.1"


def test_an_altered_global_script_counts_at_once(centos):
    path = os.path.join(centos.mail_root, "default.sieve")
    with open(path) as file:
        before = file.read()
    with open(path, "w") as file:
        file.write('require "fileinto"; if header :contains "Subject" "altered" { fileinto "Shisaa"; }\n')
    try:
        assert maildir(centos, "tim").folder("Shisaa").holding(deliver(centos, "tim", subject="altered"))
    finally:
        with open(path, "w") as file:
            file.write(before)


@pytest.mark.peer_differs  # it looks at the file's time at most once a second
def test_an_altered_user_counts_for_the_next_mail(centos):
    users = centos.read_conf("users")
    centos.write_conf("users", users.replace("shisaa.example/obrien/", "shisaa.example/other/")
                      + "new@shisaa.example:{PLAIN}x:@MAILREADER_UID@:@MAIL_GID@::@MAIL@/shisaa.example/new/::\n")
    centos.postfix.deliver("new" + DOMAIN, mail())
    maildir(centos, "new").only()
    centos.write_conf("users", users)


@pytest.mark.peer_differs  # without its passwd-file it knows no user, and mail bounces
def test_while_the_users_cannot_be_read_mail_waits_and_arrives_once(centos):
    path = os.path.join(centos.conf_dir, "users")
    os.rename(path, path + ".away")
    message_id = new_message_id()
    queue_id = centos.postfix.send("bram" + DOMAIN, mail(message_id=message_id))
    centos.postfix.wait_for(queue_id, "deferred")
    os.rename(path + ".away", path)
    centos.postfix.deliver_deferred(queue_id)
    assert len(maildir(centos, "bram").holding(message_id)) == 1
