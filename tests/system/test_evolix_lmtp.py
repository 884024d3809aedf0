# SPDX-License-Identifier: MIT
"""fixtures/scenarios/evolix-ldap with lmtp.conf: the same users by LMTP, over a unix socket and TCP."""
import os
import re
import signal
import smtplib

import pytest

import passwd_file_users
from mail_builder import SENDER, mail, new_message_id, to_wire
from maildir_view import Maildir

TRANSPORTS = {"unix": "main-lmtp.cf", "tcp": "main-lmtp-tcp.cf"}


@pytest.fixture(scope="module", params=list(TRANSPORTS))
def evolix(request, make_module_scenario):
    replace = passwd_file_users.evolix_ldap()
    with open(os.path.join(passwd_file_users.SCENARIOS, "evolix-ldap", "postfix", "main-lmtp.cf")) as file:
        replace["postfix/main-lmtp-tcp.cf"] = file.read().replace("lmtp:unix:private/dovecot-lmtp",
                                                                  "lmtp:inet:127.0.0.1:@LMTP_PORT@")
    scenario = make_module_scenario("evolix-ldap", config="lmtp.conf", main=TRANSPORTS[request.param],
                                    master="none.cf", replace=replace)
    scenario.transport = request.param
    return scenario.start()


def maildir(scenario, user):
    return Maildir(scenario.home(f"{user}@example.com"))


def test_headers_of_a_mail_by_lmtp(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver("jdoe@example.com", mail(message_id=message_id))
    [stored] = maildir(evolix, "jdoe").holding(message_id)
    names = [line.split(":")[0] for line in stored.head.split("\n") if not line.startswith(("\t", " "))]
    assert names[:3] == ["Return-Path", "Delivered-To", "Received"]
    assert stored.field("Return-Path") == [f"<{SENDER}>"]
    assert stored.field("Delivered-To") == ["jdoe@example.com"]
    received = stored.field("Received")[0]
    assert " with LMTP id " in received and "(envelope-from <" in received
    assert ("([127.0.0.1])" in received) == (evolix.transport == "tcp")


def test_with_two_recipients_there_is_no_delivered_to(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver(["jdoe@example.com", "petit@example.com"], mail(message_id=message_id))
    for user in ("jdoe", "petit"):
        [stored] = maildir(evolix, user).holding(message_id)
        assert not stored.field("Delivered-To")


def test_an_address_extension_reaches_the_user(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver("jdoe+shop@example.com", mail(message_id=message_id))
    assert maildir(evolix, "jdoe").holding(message_id)


def test_scripts_run(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver("cond@example.com", mail(subject="Foo", message_id=message_id))
    assert maildir(evolix, "cond").folder("One").holding(message_id)


def test_an_unknown_user_bounces(evolix):
    sender = "lmtp-curious@outside.example"
    attempt = evolix.postfix.deliver("nobody@example.com", mail(), sender=sender, status="bounced")
    assert attempt.dsn == "5.1.1"
    evolix.sink.wait_for(sender)


def test_each_recipient_has_its_own_answer(evolix):
    evolix.postfix.deliver("spam@example.com", mail())
    message_id = new_message_id()
    home = evolix.home("spam@example.com")
    places = [os.path.join(home, name) for name in ("tmp", "new", "cur", ".")]
    for place in places:
        os.chmod(place, 0o500)
    try:
        with lmtp(evolix) as client:
            client.ehlo()
            assert client.mail(SENDER)[0] == 250
            codes = [client.rcpt(f"{u}@example.com") for u in ("jdoe", "nobody", "spam", "petit")]
            assert [c for c, _ in codes] == [250, 550, 250, 250]
            assert codes[1][1].startswith(b"5.1.1")
            client.docmd("DATA")
            client.send(to_wire(mail(message_id=message_id)) + b".\r\n")
            assert [client.getreply()[0] for _ in range(3)] == [250, 451, 250]
    finally:
        for place in reversed(places):
            os.chmod(place, 0o700)
    assert [bool(maildir(evolix, u).holding(message_id)) for u in ("jdoe", "spam", "petit")] == [True, False, True]


def lmtp(scenario):
    if scenario.transport == "unix":
        return smtplib.LMTP(os.path.join(scenario.spool, "private", "dovecot-lmtp"), local_hostname="client.example")
    return smtplib.LMTP("127.0.0.1", scenario.ports["LMTP_PORT"], local_hostname="client.example")


def test_while_the_server_is_down_mail_waits_and_arrives_once(evolix):
    message_id = new_message_id()
    evolix.stop_server()
    queue_id = evolix.postfix.send("jdoe@example.com", mail(message_id=message_id))
    evolix.postfix.wait_for(queue_id, "deferred")
    evolix.start_server()
    evolix.postfix.deliver_deferred(queue_id)
    assert len(maildir(evolix, "jdoe").holding(message_id)) == 1


def test_a_server_that_stalls_and_is_killed_loses_nothing(evolix):
    message_id = new_message_id()
    evolix.server.signal_group(signal.SIGSTOP)
    queue_id = evolix.postfix.send("jdoe@example.com", mail(message_id=message_id))
    evolix.kill_server()
    evolix.postfix.wait_for(queue_id, "deferred")
    evolix.start_server()
    evolix.postfix.deliver_deferred(queue_id)
    assert len(maildir(evolix, "jdoe").holding(message_id)) == 1


def test_the_log_has_dovecots_lines(evolix):
    message_id = new_message_id()
    evolix.postfix.deliver("jdoe@example.com", mail(message_id=message_id))
    evolix.wait_for_log(r"lmtp\(\d+\): Info: Connect from " + ("local" if evolix.transport == "unix" else r"127\.0\.0\.1"))
    evolix.wait_for_log(r"lmtp\(jdoe@example\.com\)<\d+><[^>]+>: Info: "
                        rf"msgid={re.escape(message_id)}: saved mail to INBOX")
