# SPDX-License-Identifier: MIT
"""The pieces of contrib/postfix, unchanged: what Postfix hands over arrives whole and once, whatever happens."""
import os
import re
import subprocess
import time

import pytest

from mail_builder import SENDER, body_of, large_mail, mail, mime_mail, new_message_id
from maildir_view import Maildir
from scenario import POSTFIX_PIECES
from waiting import wait_until

SITE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "site")
USERS = [f"user{number}" for number in range(1, 21)]
SUBADDRESS = 'require ["fileinto", "mailbox", "envelope", "subaddress", "variables"];\n' \
             'if envelope :detail :matches "to" "?*" { fileinto :create "${0}"; }\n'


def piece(name):
    return os.path.join(POSTFIX_PIECES, name)


class Way:
    def __init__(self, config, main, master=None):
        self.config = config
        self.main = main
        self.master = master
        self.lmtp = config == "lmtp.conf"


WAYS = {"pipe": Way("dovecot.conf", "main-pipe.cf", "master-pipe.cf"),
        "pipe-extension": Way("dovecot.conf", "main-pipe-extension.cf", "master-pipe-extension.cf"),
        "lmtp-unix": Way("lmtp.conf", "main-lmtp-unix.cf"),
        "lmtp-tcp": Way("lmtp.conf", "main-lmtp-tcp.cf")}
LMTP = ["lmtp-unix", "lmtp-tcp"]
PIPE = ["pipe", "pipe-extension"]


def make_site(make, way):
    way = WAYS[way]
    users = "".join(f"{user}@example.com:{{PLAIN}}x:@VMAIL_UID@:@VMAIL_GID@::@MAIL@/example.com/{user}::\n"
                    for user in USERS + ["detail"])
    site = make(SITE, config=way.config, main=piece(way.main), master=piece(way.master) if way.master else "none",
                replace={"users": users}, more_values={"VIRTUAL_DOMAINS": "example.com"})
    site.way = way
    os.makedirs(site.home("detail@example.com"))
    with open(os.path.join(site.home("detail@example.com"), ".dovecot.sieve"), "w") as file:
        file.write(SUBADDRESS)
    vmail = site.accounts["vmail"]
    subprocess.run(["chown", "-R", f"{vmail.pw_uid}:{vmail.pw_gid}", site.mail_root], check=True)
    return site.start()


@pytest.fixture(scope="module")
def all_sites(make_module_scenario):
    made = {}

    def site(way):
        if way not in made:
            made[way] = make_site(make_module_scenario, way)
        return made[way]
    return site


@pytest.fixture(params=list(WAYS))
def site(request, all_sites):
    return all_sites(request.param)


def maildir(site, user="user1"):
    return Maildir(os.path.join(site.home(f"{user}@example.com"), "Maildir"))


@pytest.mark.parametrize("make", [mail, mime_mail], ids=["plain", "MIME"])
def test_mail_arrives_unchanged(site, make):
    message_id = new_message_id()
    message = make(message_id=message_id)
    site.postfix.deliver("user1@example.com", message)
    [stored] = maildir(site).holding(message_id)
    assert body_of(stored.data) == body_of(message)
    assert stored.field("Return-Path") == [f"<{SENDER}>"]
    assert stored.field("Delivered-To") == ["user1@example.com"]


def test_eight_bit_mail_arrives_unchanged(site):
    message_id = new_message_id()
    body = bytes(range(0x80, 0x100)) + b"\n.\n..\n.leading dot\n"
    site.postfix.deliver("user1@example.com", mail(message_id=message_id, body=body), options=["BODY=8BITMIME"])
    [stored] = maildir(site).holding(message_id)
    assert stored.body == body


def test_a_sender_in_utf8(site, is_peer):
    if is_peer and site.way.lmtp:
        pytest.skip("Dovecot's LMTP has no SMTPUTF8")
    message_id = new_message_id()
    sender = "jürgen@outside.example"
    site.postfix.deliver("user1@example.com", mail(sender=sender, message_id=message_id), sender=sender,
                         options=["SMTPUTF8", "BODY=8BITMIME"])
    [stored] = maildir(site).holding(message_id)
    assert "From: jürgen@outside.example" in stored.data.decode()
    assert stored.field("Return-Path")


def test_twenty_recipients_have_one_copy_each(site):
    message_id = new_message_id()
    site.postfix.deliver([f"{user}@example.com" for user in USERS], mail(message_id=message_id))
    for user in USERS:
        assert len(maildir(site, user).holding(message_id)) == 1


def test_thirty_megabytes_arrive_whole(site):
    message_id = new_message_id()
    message = large_mail(30_000_000, message_id=message_id)
    site.postfix.deliver("user2@example.com", message)
    [stored] = maildir(site, "user2").holding(message_id)
    os.unlink(stored.path)
    assert body_of(stored.data) == body_of(message)


def test_an_unknown_user_bounces_with_5_1_1_and_the_sender_hears_of_it_once(site):
    sender = f"curious-{os.path.basename(site.base)}@outside.example"
    attempt = site.postfix.deliver("nobody@example.com", mail(), sender=sender, status="bounced")
    assert attempt.dsn == "5.1.1"
    site.sink.wait_for(sender)
    site.postfix.wait_until_empty()
    assert len(site.sink.received(sender)) == 1


@pytest.mark.parametrize("way", ["pipe-extension"] + LMTP)
def test_an_address_extension_is_the_detail_for_scripts(all_sites, way):
    message_id = new_message_id()
    site = all_sites(way)
    site.postfix.deliver("detail+lists@example.com", mail(message_id=message_id))
    assert maildir(site, "detail").folder("lists").holding(message_id)


def test_an_unwritable_home_keeps_mail_in_the_queue_until_it_is_mended(site):
    home = site.home("user3@example.com")
    os.makedirs(home, exist_ok=True)
    os.rename(home, home + ".away")
    os.mkdir(home, 0o555)
    message_id = new_message_id()
    queue_id = site.postfix.send("user3@example.com", mail(message_id=message_id))
    site.postfix.wait_for(queue_id, "deferred")
    os.rmdir(home)
    os.rename(home + ".away", home)
    vmail = site.accounts["vmail"]
    os.chown(home, vmail.pw_uid, vmail.pw_gid)
    site.postfix.deliver_deferred(queue_id)
    assert len(maildir(site, "user3").holding(message_id)) == 1


class SmallDisk:
    """A tmpfs of its own over a home."""

    def __init__(self, home, account):
        os.makedirs(home, exist_ok=True)
        self._home = home
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=1m,mode=700,uid={account.pw_uid},gid={account.pw_gid}",
                                  "tamis-tests", home], capture_output=True, text=True)
        if mounted.returncode:
            pytest.skip("needs to mount a tmpfs: " + mounted.stderr.strip())

    def grow(self):
        subprocess.run(["mount", "-o", "remount,size=100m", self._home], check=True)

    def remove(self):
        subprocess.run(["umount", self._home], check=True)


def test_a_full_disk_keeps_mail_in_the_queue_until_there_is_room(site):
    disk = SmallDisk(site.home("user4@example.com"), site.accounts["vmail"])
    try:
        message_id = new_message_id()
        message = large_mail(3_000_000, message_id=message_id)
        queue_id = site.postfix.send("user4@example.com", message)
        attempt = site.postfix.wait_for(queue_id, "deferred")
        assert attempt.dsn.startswith("4.")
        assert not maildir(site, "user4").messages()
        assert not maildir(site, "user4").left_in_tmp()
        disk.grow()
        site.postfix.deliver_deferred(queue_id)
        [stored] = maildir(site, "user4").holding(message_id)
        assert body_of(stored.data) == body_of(message)
    finally:
        disk.remove()


def test_one_full_disk_does_not_touch_the_other_recipients(site):
    disk = SmallDisk(site.home("user5@example.com"), site.accounts["vmail"])
    try:
        message_id = new_message_id()
        recipients = ["user5@example.com", "user6@example.com", "user7@example.com"]
        queue_id = site.postfix.send(recipients, large_mail(3_000_000, message_id=message_id))
        wait_until(lambda: len(site.postfix.attempts(queue_id)) >= 3, "three attempts")
        assert {a.to: a.status for a in site.postfix.attempts(queue_id)} == dict(zip(recipients, ["deferred", "sent", "sent"]))
        disk.grow()
        site.postfix.deliver_deferred(queue_id, count=3)
        for user in ("user5", "user6", "user7"):
            assert len(maildir(site, user).holding(message_id)) == 1
    finally:
        disk.remove()


@pytest.mark.parametrize("way", LMTP)
def test_an_lmtp_server_killed_during_deliveries_loses_nothing(all_sites, way):
    site = all_sites(way)
    ids = [new_message_id() for _ in range(60)]
    queued = []
    for number, message_id in enumerate(ids):
        queued.append(site.postfix.send(f"user{number % 8 + 8}@example.com", large_mail(200_000, message_id=message_id)))
        if number % 20 == 15:
            wait_until(lambda: any(site.postfix.attempts(q) for q in queued[-10:]), "a delivery under way")
            site.kill_server()
            time.sleep(0.05)  # let Postfix meet the dead server
            site.start_server()
            site.postfix.flush()
    def done():
        site.postfix.flush()
        return not wait_briefly(site)
    wait_until(done, "an empty queue", 60)
    found = [len(maildir(site, f"user{number % 8 + 8}").holding(message_id)) for number, message_id in enumerate(ids)]
    assert all(found), "lost"
    # killed between the link and the reply, a mail may come twice: that is at-least-once delivery
    assert sum(found) <= len(ids) + 3 * 20
    assert not any(a.status == "bounced" for q in queued for a in site.postfix.attempts(q))


def wait_briefly(site):
    try:
        site.postfix.wait_until_empty(1.0)
    except AssertionError:
        pass
    return site.postfix.queue()


BROKEN = {"missing": (None, "dovecot.conf"),
          "unclosed section": ("mail_location = maildir:~/Maildir\nprotocol lda {\n", r"dovecot\.conf"),
          "wrong value": ("mail_location = maildir:~/Maildir\nmail_fsync = perhaps\n!include original.conf\n", "mail_fsync|perhaps"),
          "missing include": ("!include nowhere.conf\n!include original.conf\n", r"nowhere\.conf|line 1: No matches"),
          "static users without a passdb": ("mail_location = maildir:~/Maildir\nuserdb {\n  driver = static\n"
                                            "  args = uid=@VMAIL@ gid=@VMAIL@ home=@MAIL@/%n\n}\n!include private.conf\n",
                                            "passdb"),
          "unknown driver": ("!include original.conf\nuserdb {\n  driver = crystal-ball\n}\n", "crystal-ball")}


@pytest.mark.parametrize("mistake", list(BROKEN))
@pytest.mark.parametrize("way", PIPE)
def test_a_broken_configuration_defers_and_the_status_line_says_what_to_mend(all_sites, way, mistake, is_peer):
    if is_peer and mistake in ("unknown driver", "static users without a passdb"):
        pytest.skip("Dovecot's LDA leaves users to its auth server, which has read the file before")
    site = all_sites(way)
    text, hint = BROKEN[mistake]
    right = site.read_conf("dovecot.conf")
    site.write_conf("original.conf", right)
    if text is None:
        os.unlink(site.conf)
    else:
        site.write_conf("dovecot.conf", text)
    message_id = new_message_id()
    try:
        queue_id = site.postfix.send("user1@example.com", mail(message_id=message_id))
        attempt = site.postfix.wait_for(queue_id, "deferred")
    finally:
        site.write_conf("dovecot.conf", right)
    assert re.search(hint, attempt.text), attempt
    site.postfix.deliver_deferred(queue_id)
    assert len(maildir(site).holding(message_id)) == 1


@pytest.mark.parametrize("way", LMTP)
def test_an_lmtp_server_with_a_broken_configuration_does_not_start_and_mail_waits(all_sites, way):
    site = all_sites(way)
    right = site.read_conf("dovecot.conf")
    site.stop_server()
    site.write_conf("dovecot.conf", "protocol lmtp {\n")
    message_id = new_message_id()
    try:
        with pytest.raises(AssertionError, match="the server ended"):
            site.start_server()
        assert "dovecot.conf" in site.server.output()
        queue_id = site.postfix.send("user1@example.com", mail(message_id=message_id))
        site.postfix.wait_for(queue_id, "deferred")
    finally:
        site.write_conf("dovecot.conf", right)
        site.start_server()
    site.postfix.deliver_deferred(queue_id)
    assert len(maildir(site).holding(message_id)) == 1
