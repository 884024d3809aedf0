# SPDX-License-Identifier: MIT
"""fixtures/scenarios/spain-lda: the LDA by Postfix's pipe, users in a passwd-file."""
import os
import re

import pytest

from mail_builder import SENDER, body_of, large_mail, mail, new_message_id
from maildir_view import Maildir

ANA = "ana@dominio.example"
LUIS = "luis@dominio.example"
PEPE = "pepe@dominio.example"


def inbox(scenario, address):
    return Maildir(os.path.join(scenario.home(address), "otro" if address == PEPE else "Maildir"))


@pytest.fixture(scope="module")
def spain(make_module_scenario):
    return make_module_scenario("spain-lda").start()


def test_mail_lands_in_the_users_maildir_with_dovecots_log_line(spain):
    message_id = new_message_id()
    spain.postfix.deliver(ANA, mail(message_id=message_id))
    [stored] = inbox(spain, ANA).holding(message_id)
    assert os.path.dirname(stored.path) == os.path.join(spain.home(ANA), "Maildir", "new")
    owner = os.stat(stored.path)
    assert owner.st_uid == spain.accounts["vmail"].pw_uid
    assert stored.field("Return-Path") == [f"<{SENDER}>"]
    spain.wait_for_log(r"^\w{3} \d\d \d\d:\d\d:\d\d lda\(ana@dominio\.example\)<\d+><[^>]+>: Info: "
                       rf"msgid={re.escape(message_id)}: saved mail to INBOX$")


def test_userdb_mail_of_a_line_wins_over_mail_location(spain):
    message_id = new_message_id()
    spain.postfix.deliver(PEPE, mail(message_id=message_id))
    assert inbox(spain, PEPE).holding(message_id)
    assert not os.path.exists(os.path.join(spain.home(PEPE), "Maildir"))


def test_an_unknown_user_bounces_once(spain):
    attempt = spain.postfix.deliver("nadie@dominio.example", mail(sender="curioso@outside.example"),
                                    sender="curioso@outside.example", status="bounced")
    assert attempt.dsn == "5.1.1"
    [notice] = spain.sink.wait_for("curioso@outside.example")
    assert notice.sender == ""
    assert "nadie@dominio.example" in notice.data.decode()


def test_without_a_postmaster_address_mail_is_delivered(make_scenario):
    unset = make_scenario("spain-lda", config="dovecot-unset.conf").start()
    unset.postfix.deliver(LUIS, mail())
    inbox(unset, LUIS).only()


def test_an_empty_postmaster_address_defers_says_so_and_is_delivered_once_after_the_repair(make_scenario, is_peer):
    empty = make_scenario("spain-lda", config="dovecot-empty.conf").start()
    queue_id = empty.postfix.send(ANA, mail())
    attempt = empty.postfix.wait_for(queue_id, "deferred")
    assert re.search(r"postmaster_address +setting not given", attempt.text)
    if not is_peer:  # the scenario's table wants it in the log too; Dovecot writes it to its output only
        assert re.search(r"postmaster_address +setting not given", empty.log())
    result = empty.lda("-d", ANA, message=mail(), account="vmail")
    assert result.returncode == 75
    assert b"postmaster_address" in result.stdout + result.stderr
    repaired = empty.read_conf("dovecot-empty.conf").replace("postmaster_address =", "postmaster_address = p@d.example")
    empty.write_conf("dovecot-empty.conf", repaired)
    empty.postfix.deliver_deferred(queue_id)
    inbox(empty, ANA).only()


def test_root_delivers_as_the_user(spain):
    message_id = new_message_id()
    result = spain.lda("-d", LUIS, message=mail(message_id=message_id))
    assert result.returncode == 0, result
    [stored] = inbox(spain, LUIS).holding(message_id)
    assert os.stat(stored.path).st_uid == spain.accounts["vmail"].pw_uid


@pytest.mark.parametrize("arguments, account, status", [
    ([], None, 64),
    (["-d", "nadie@dominio.example"], "vmail", 67),
    (["-d", ANA, "-Z"], "vmail", 64),
    (["-d", ANA, "surplus"], "vmail", 64),
], ids=["root without -d", "unknown user", "unknown option", "surplus argument"])
def test_exit_status(spain, arguments, account, status):
    assert spain.lda(*arguments, message=mail(), account=account).returncode == status


@pytest.mark.parametrize("text", [None, "mail_location = maildir:~/Maildir\nprotocol lda {\n", "no_equal_sign\n",
                                  "mail_max_lock_timeout = soon\n", "!include nowhere.conf\n"],
                         ids=["missing", "unclosed", "not a setting", "wrong value", "missing include"])
def test_a_configuration_that_is_missing_or_wrong_is_75_and_says_what_to_mend(spain, text):
    path = os.path.join(spain.conf_dir, "wrong.conf")
    if text is not None:
        spain.write_conf("wrong.conf", text)
    result = spain.lda("-d", ANA, message=mail(), account="vmail", config=path)
    assert result.returncode == 75
    assert (result.stdout + result.stderr).strip()
    if text is not None:
        os.unlink(path)


def deliver_directly(scenario, message):
    result = scenario.lda("-f", SENDER, "-d", ANA, message=message, account="vmail")
    assert result.returncode == 0, result


def test_a_first_from_line_is_dropped_and_later_ones_stay(spain):
    message_id = new_message_id()
    body = b"One.\nFrom here on.\n>From the start.\n\nFrom again.\n"
    message = mail(message_id=message_id, body=body)
    deliver_directly(spain, b"From somebody@outside.example Tue Nov 24 12:00:00 2026\n" + message)
    [stored] = inbox(spain, ANA).holding(message_id)
    assert stored.data == message


def test_a_first_line_with_an_escaped_from_stays(spain):
    message_id = new_message_id()
    message = b">From somebody Tue Nov 24 12:00:00 2026\n" + mail(message_id=message_id)
    deliver_directly(spain, message)
    assert any(m.data == message for m in inbox(spain, ANA).messages())


@pytest.mark.parametrize("body", [b"NUL \0 and 8-bit \xff\xfe\x80 stay.\n", b"No last newline", b"\n\n\n", b""],
                         ids=["NUL and 8-bit", "no last newline", "empty lines", "empty"])
def test_octets_are_kept(spain, body):
    message_id = new_message_id()
    message = mail(message_id=message_id, body=body)
    deliver_directly(spain, message)
    [stored] = inbox(spain, ANA).holding(message_id)
    assert stored.data == message


def test_crlf_is_stored_as_lf(spain):
    message_id = new_message_id()
    message = mail(message_id=message_id, body=b"One.\nTwo.\n")
    deliver_directly(spain, message.replace(b"\n", b"\r\n"))
    [stored] = inbox(spain, ANA).holding(message_id)
    assert stored.data == message


def test_thirty_megabytes_arrive_whole(spain):
    message_id = new_message_id()
    message = large_mail(30_000_000, message_id=message_id)
    spain.postfix.deliver(LUIS, message)
    [stored] = inbox(spain, LUIS).holding(message_id)
    assert body_of(stored.data) == body_of(message)
    assert re.search(r",S=%d," % len(stored.data), stored.name + ",")
    os.unlink(stored.path)


def test_no_message_id_is_logged_as_unspecified(spain):
    deliver_directly(spain, mail(message_id=None))
    spain.wait_for_log(r"msgid=unspecified: saved mail to INBOX$")


def test_no_server_is_needed(make_scenario, is_peer):
    alone = make_scenario("spain-lda")
    result = alone.lda("-d", ANA, message=mail(), account="vmail")
    assert result.returncode == (75 if is_peer else 0)
    assert is_peer or inbox(alone, ANA).only()
