# SPDX-License-Identifier: MIT
"""Mail that came in by our delivery, read by programs that we did not write; and swaks as the sender."""
import imaplib
import os
import re
import shutil
import subprocess

import pytest

from child_process import ChildProcess
from loopback_ports import free_port
from mail_builder import SENDER, body_of, mail, mime_mail, new_message_id
from maildir_view import Maildir
from terminal_session import run_in_terminal
from test_postfix import SITE, piece
from waiting import wait_until

USER = "reader@example.com"
FOLDERS = ["INBOX", "Lists", "Lists.Größe", "Flagged"]
SCRIPT = """require ["fileinto", "mailbox", "imap4flags"];
if header :contains "Subject" "list" { fileinto :create "Lists"; }
elsif header :contains "Subject" "size" { fileinto :create "Lists.Größe"; }
elsif header :contains "Subject" "flag" { fileinto :create :flags ["\\\\Flagged", "\\\\Seen", "$urgent"] "Flagged"; }
"""
SUBJECTS = {"plain": "INBOX", "a list": "Lists", "a size": "Lists.Größe", "a flag": "Flagged"}
READER_CONF = """protocols = imap
base_dir = {base}/reader-run
state_dir = {base}/reader-state
instance_name = reader
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
log_path = {base}/log/reader.log
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%d/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class Reader:
    """A Dovecot of its own that knows nothing of who delivered: it reads the Maildirs."""

    def __init__(self, site):
        self.port = free_port()
        self.conf = os.path.join(site.base, "reader.conf")
        vmail = site.accounts["vmail"]
        with open(self.conf, "w") as file:
            file.write(READER_CONF.format(base=site.base, uid=vmail.pw_uid, gid=vmail.pw_gid, mail=site.mail_root,
                                          port=self.port))
        self._server = ChildProcess(["/usr/sbin/dovecot", "-F", "-c", self.conf], os.path.join(site.base, "log", "reader.out"))
        wait_until(self._answers, "the reading Dovecot")

    def _answers(self):
        try:
            self.client().logout()
            return True
        except OSError:
            return False

    def client(self):
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, "anything")
        return client

    def doveadm(self, *arguments):
        return subprocess.run(["/usr/bin/doveadm", "-c", self.conf, *arguments], check=True, capture_output=True,
                              text=True).stdout

    def stop(self):
        self._server.stop()


@pytest.fixture(scope="module")
def site(make_module_scenario):
    site = make_module_scenario(
        SITE, main=piece("main-pipe.cf"), master=piece("master-pipe.cf"), more_values={"VIRTUAL_DOMAINS": "example.com"},
        replace={"users": f"{USER}:{{PLAIN}}x:@VMAIL_UID@:@VMAIL_GID@::@MAIL@/example.com/reader::\n"})
    vmail = site.accounts["vmail"]
    home = site.home(USER)
    os.makedirs(home)
    with open(os.path.join(home, ".dovecot.sieve"), "w") as file:
        file.write(SCRIPT)
    subprocess.run(["chown", "-R", f"{vmail.pw_uid}:{vmail.pw_gid}", site.mail_root], check=True)
    site.start()
    site.ids = {}
    for subject in SUBJECTS:
        site.ids[subject] = new_message_id()
        site.postfix.deliver(USER, mail(subject, message_id=site.ids[subject]))
    site.mime_id = new_message_id()
    site.postfix.deliver(USER, mime_mail("parts", message_id=site.mime_id))
    return site


@pytest.fixture(scope="module")
def reader(site):
    started = Reader(site)
    yield started
    started.stop()


@pytest.fixture
def a_copy(site, tmp_path):
    """The user's Maildir as it was delivered, for clients that change it."""
    target = tmp_path / "Maildir"
    shutil.copytree(os.path.join(site.home(USER), "Maildir"), target)
    return str(target)


def test_mbsync_reads_the_maildir(a_copy, tmp_path):
    far = tmp_path / "far"
    far.mkdir()
    config = tmp_path / "mbsyncrc"
    config.write_text(f"MaildirStore ours\nInbox {a_copy}\nSubFolders Maildir++\n\n"
                      f"MaildirStore far\nPath {far}/\nInbox {far}/INBOX\nSubFolders Verbatim\n\n"
                      f"Channel all\nFar :ours:\nNear :far:\nPatterns *\nCreate Near\nSync Pull\nSyncState *\n")
    subprocess.run(["mbsync", "-q", "-c", str(config), "all"], check=True, timeout=60, capture_output=True)
    found = {name: len(Maildir(str(path)).messages()) for name, path in synced_folders(far)}
    assert found == {"INBOX": 2, "Lists": 1, "Lists/Gr&APYA3w-e": 1, "Flagged": 1}


def synced_folders(root):
    for where, folders, _ in os.walk(root):
        if "cur" in folders:
            yield os.path.relpath(where, root), where


@pytest.mark.parametrize("program", ["mutt", "neomutt"])
def test_mutt_reads_the_maildir(a_copy, tmp_path, program):
    """Opens each folder, writes its messages to an mbox, quits."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    for folder, count in (("", 2), (".Lists", 1), (".Lists.Gr&APYA3w-e", 1), (".Flagged", 1)):
        mbox = tmp_path / f"{program}{folder}.mbox"
        rc = tmp_path / "muttrc"
        rc.write_text(f"set folder={a_copy} mbox_type=mbox confirmcreate=no confirmappend=no mail_check=0 quit=yes delete=no move=no\n"
                      "unset mark_old\nset copy=no\n")
        keys = f"<tag-pattern>.<enter><tag-prefix><copy-message>{mbox}<enter><exit>"
        run_in_terminal([program, "-F", str(rc), "-n", "-R", "-f", os.path.join(a_copy, folder), "-e", f'push "{keys}"'],
                        {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"})
        assert len(re.findall(rb"^From ", mbox.read_bytes(), re.M)) == count


def test_dovecot_shows_the_messages_over_imap(site, reader):
    client = reader.client()
    for subject, folder in SUBJECTS.items():
        client.select('"' + folder.replace("Größe", "Gr&APYA3w-e") + '"', readonly=True)
        _, [numbers] = client.search(None, "HEADER", "Message-ID", site.ids[subject])
        assert len(numbers.split()) == 1, subject
    client.select("INBOX", readonly=True)
    _, [number] = client.search(None, "HEADER", "Message-ID", site.mime_id)
    _, answer = client.fetch(number.decode(), "(BODYSTRUCTURE RFC822.SIZE BODY[TEXT])")
    assert b'"MIXED"' in answer[0][0].upper() + answer[-1].upper()
    assert answer[0][1].replace(b"\r\n", b"\n") == body_of(mime_mail())
    client.logout()


def test_dovecots_doveadm_sees_folders_messages_flags_and_keywords(site, reader):
    assert sorted(reader.doveadm("mailbox", "list", "-u", USER).split()) == sorted(FOLDERS)
    flags = reader.doveadm("fetch", "-u", USER, "flags", "mailbox", "Flagged").split()[1:]
    assert set(flags) - {"\\Recent"} == {"\\Flagged", "\\Seen", "$urgent"}
    size = int(re.search(r"size\.physical: (\d+)", reader.doveadm("fetch", "-u", USER, "size.physical", "mailbox", "Lists"))[1])
    assert size == len(Maildir(os.path.join(site.home(USER), "Maildir")).folder("Lists").only().data)


def test_swaks_sends_and_it_arrives(site):
    message_id = new_message_id()
    subprocess.run(["swaks", "--server", f"127.0.0.1:{site.postfix.inject_port}", "--from", SENDER, "--to", USER,
                    "--header", f"Message-ID: {message_id}", "--body", "By swaks.", "--silent", "2"],
                   check=True, timeout=60, capture_output=True)
    inbox = Maildir(os.path.join(site.home(USER), "Maildir"))
    [stored] = wait_until(lambda: inbox.holding(message_id), "the mail of swaks")
    assert b"By swaks." in stored.body
