# SPDX-License-Identifier: MIT
"""fixtures/scenarios/evolix-ldap by Postfix's pipe, its users in a passwd-file. What concerns log-ins is elsewhere."""
import os
import re

import pytest

import passwd_file_users
from mail_builder import SENDER, mail, new_message_id
from maildir_view import Maildir


@pytest.fixture(scope="module")
def evolix(make_module_scenario):
    return make_module_scenario("evolix-ldap", replace=passwd_file_users.evolix_ldap()).start()


def maildir(scenario, user):
    return Maildir(scenario.home(f"{user}@example.com"))


def make_folder(scenario, user, name):
    vmail = scenario.accounts["vmail"]
    return maildir(scenario, user).folder(name).make(vmail.pw_uid, vmail.pw_gid)


@pytest.mark.parametrize("address", ["jdoe@example.com", "jdoe+shop@example.com", "JDoe@EXAMPLE.com", "contact@example.com"])
def test_each_of_an_accounts_addresses_reaches_its_inbox(evolix, address):
    message_id = new_message_id()
    evolix.postfix.deliver(address, mail(message_id=message_id))
    [stored] = maildir(evolix, "jdoe").holding(message_id)
    assert stored.data.startswith(b"Return-Path: <%s>\n" % SENDER.encode())
    assert len(stored.field("Delivered-To")) == 1


@pytest.mark.parametrize("user", ["nobody", "gone"])
def test_unknown_and_inactive_users_bounce_and_leave_no_folder(evolix, user):
    sender = f"for-{user}@outside.example"
    attempt = evolix.postfix.deliver(f"{user}@example.com", mail(), sender=sender, status="bounced")
    assert attempt.dsn == "5.1.1"
    evolix.sink.wait_for(sender)
    assert not os.path.exists(evolix.home(f"{user}@example.com"))


def test_home_and_maildir_are_made_for_a_new_user(evolix):
    evolix.postfix.deliver("fresh@example.com", mail())
    stored = maildir(evolix, "fresh").only()
    assert os.stat(stored.path).st_uid == evolix.accounts["vmail"].pw_uid


def test_fileinto_without_its_folder_keeps_in_inbox_and_says_so(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver("tri@example.com", mail(subject="a testsieve", message_id=message_id))
    assert maildir(evolix, "tri").holding(message_id)
    with open(os.path.join(evolix.home("tri@example.com"), ".dovecot.sieve.log")) as log:
        assert re.search(r"failed to store into mailbox 'Test'", log.read())


def test_fileinto_with_its_folder(evolix):
    message_id = new_message_id()
    folder = make_folder(evolix, "tri", "Test")
    evolix.postfix.deliver("tri@example.com", mail(subject="a testsieve", message_id=message_id))
    assert folder.holding(message_id)
    assert not maildir(evolix, "tri").holding(message_id)


@pytest.mark.parametrize("field", ["To", "Cc"])
@pytest.mark.parametrize("address", ["absent@example.com", "email@example.net"])
def test_a_vacation_reply_is_sent_once_a_day(evolix, field, address):
    sender = f"{field.lower()}-{address.split('@')[0]}@outside.example"
    for _ in range(2):
        message_id = new_message_id()
        message = (mail(to=address, sender=sender, message_id=message_id) if field == "To"
                   else mail(to="other@example.net", Cc=address, sender=sender, message_id=message_id))
        evolix.postfix.deliver("absent@example.com", message, sender=sender)
        assert maildir(evolix, "absent").holding(message_id)
    evolix.postfix.wait_until_empty()
    [reply] = evolix.sink.received(sender)
    assert reply.sender == ""
    assert reply.subject == "Message d'absence"
    assert "à présent" in reply.message.get_content()


@pytest.mark.parametrize("headers", [{"List_Id": "<list.example.net>"}, {"Auto_Submitted": "auto-generated"},
                                     {"Precedence": "bulk"}, {"to": "somebody.else@example.net"}],
                         ids=["mailing list", "automatic", "bulk", "other To"])
def test_no_vacation_reply_where_none_is_due(evolix, headers):
    sender = "quiet@outside.example"
    headers = {"to": "absent@example.com"} | headers
    evolix.postfix.deliver("absent@example.com", mail(sender=sender, **headers), sender=sender)
    evolix.postfix.wait_until_empty()
    assert not evolix.sink.received(sender)


def test_no_vacation_reply_to_the_null_sender(evolix):
    evolix.postfix.deliver("absent@example.com", mail(to="absent@example.com"), sender="")
    evolix.postfix.wait_until_empty()
    assert not evolix.sink.received(SENDER)


def test_a_vacation_subject_from_the_mails_subject(evolix):
    sender = "var@outside.example"
    evolix.postfix.deliver("absentvar@example.com", mail("Lunch?", to="absentvar@example.com", sender=sender), sender=sender)
    [reply] = evolix.sink.wait_for(sender)
    assert reply.subject == "Re: Lunch?"


def test_a_duplicate_goes_to_trash_by_the_old_extension(evolix):
    trash = make_folder(evolix, "dupold", "Trash")
    message = mail()
    evolix.postfix.deliver("dupold@example.com", message)
    assert not trash.messages()
    evolix.postfix.deliver("dupold@example.com", message)
    trash.only()
    maildir(evolix, "dupold").only()


def test_a_duplicate_is_discarded_by_the_new_extension(evolix):
    message = mail()
    evolix.postfix.deliver("dupnew@example.com", message)
    evolix.postfix.deliver("dupnew@example.com", message)
    maildir(evolix, "dupnew").only()


def test_a_nested_folder_is_made_by_create(evolix):
    evolix.postfix.deliver("spam@example.com", mail(subject="[SPAM] Buy"))
    maildir(evolix, "spam").folder("Junk.Mail").only()


def test_redirect_keeps_the_sender_and_leaves_no_copy(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver("redir@example.com", mail(subject="Foo Bar", message_id=message_id))
    [sent_on] = evolix.sink.wait_for("jdoe@example.net")
    assert sent_on.sender == SENDER
    assert sent_on.message["Message-ID"] == message_id
    assert not maildir(evolix, "redir").messages()
    evolix.postfix.deliver("redir@example.com", mail(subject="Bar Foo"))
    maildir(evolix, "redir").only()


@pytest.mark.parametrize("headers, folder", [
    ({"subject": "Foo"}, "One"), ({"subject": "a Bar"}, "List"), ({"sender": "x@qq.com"}, "Domain"),
    ({"X_Foo": "a Bar b"}, "Any"), ({"X_Baz": "a Qux b"}, "Any"), ({"sender": "x@mail.qq.com"}, ""),
], ids=["Foo", "Bar", "qq.com", "X-Foo", "X-Baz", "mail.qq.com"])
def test_each_condition_files_into_its_folder(evolix, headers, folder):
    message_id = new_message_id()
    evolix.postfix.deliver("cond@example.com", mail(message_id=message_id, **headers))
    assert maildir(evolix, "cond").folder(folder).holding(message_id)


def test_a_broken_script_keeps_in_inbox_and_both_logs_say_so(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver("broken@example.com", mail(subject="Foo", message_id=message_id))
    assert maildir(evolix, "broken").holding(message_id)
    log_file = os.path.join(evolix.home("broken@example.com"), ".dovecot.sieve.log")
    with open(log_file) as log:
        assert re.search(r"line \d+: error: ", log.read())
    evolix.wait_for_log(re.escape(f"(view user logfile `{log_file}' for more information)"))
