# SPDX-License-Identifier: MIT
"""Debian's Dovecot reads what our store wrote, and the other way round: folders, messages, flags, keywords,
subscriptions. doveadm and dovecot-lda run without a server, as an ordinary user, with a configuration of their own."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import pytest

from programs import REPOSITORY

DOVEADM = "/usr/bin/doveadm"
LDA = "/usr/lib/dovecot/dovecot-lda"
PROBE = pathlib.Path(REPOSITORY) / os.environ.get("TAMIS_PROBE_BUILD", os.environ.get("TAMIS_BUILD", "build")) / "tests/store/store-probe"
USER = 65534
MESSAGE = b"Subject: peer\nMessage-ID: <%d@example.org>\n\ntext %d\n"
LAYOUTS = {
    "maildir++": ("maildir:~/Maildir", "", "."),
    "maildir++ with prefix": ("maildir:~/Maildir", "INBOX.", "."),
    "maildir++ with slash": ("maildir:~/Maildir", "Mail/", "/"),
    "maildir++ in UTF-8": ("maildir:~/Maildir:UTF-8", "", "."),
    "maildir++, control apart": ("maildir:~/Maildir:CONTROL=~/control:INDEX=~/index", "", "."),
    "fs": ("maildir:~/Maildir:LAYOUT=fs", "", "/"),
    "fs, all apart": ("maildir:~/Maildir:LAYOUT=fs:DIRNAME=mbx:MAILBOXDIR=boxes:CONTROL=~/control", "", "/"),
}

pytestmark = pytest.mark.skipif(not os.path.exists(DOVEADM) or not PROBE.exists(),
                                reason="needs dovecot-core and the test programs")


class Account:
    """One home that both sides work on."""

    def __init__(self, base, location, prefix, separator):
        self.location, self.prefix, self.separator = location, prefix, separator
        self.home = base / "home"
        self.home.mkdir()
        os.chown(self.home, USER, USER)
        self.probe = base / "store-probe"
        shutil.copy(PROBE, self.probe)
        self.conf = base / "dovecot.conf"
        self.conf.write_text(f"""
base_dir = {base}/run
log_path = /dev/stderr
ssl = no
stats_writer_socket_path =
first_valid_uid = 1
mail_location = {location}
lda_mailbox_autocreate = yes
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
""")
        (base / "run").mkdir()

    def name(self, *parts):
        return self.prefix + self.separator.join(parts)

    def _run(self, command, stdin=b""):
        done = subprocess.run(["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "env", "-i",
                               f"HOME={self.home}", "USER=nobody", "PATH=/usr/bin:/bin", *map(str, command)],
                              input=stdin, capture_output=True, check=False, cwd=self.home)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done

    def ours(self, command, *mailboxes, flags="", message=1, **keys):
        options = [word for key, value in keys.items() for word in (f"--{key}", value)]
        done = self._run([self.probe, self.home, self.location, "--prefix", self.prefix, "--separator",
                          self.separator, "--flags", flags, *options, command, *mailboxes], MESSAGE % (message, message))
        return done.stdout.decode().splitlines()

    def peer(self, *command):
        done = self._run([DOVEADM, "-c", self.conf, *command])
        assert b"Error" not in done.stderr and b"Warning" not in done.stderr, done.stderr
        return done.stdout.decode().splitlines()

    def peer_delivers(self, mailbox, message):
        self._run([LDA, "-c", self.conf, "-m", mailbox], MESSAGE % (message, message))

    def messages(self, mailbox):
        """What Dovecot sees: UID -> (Message-ID, set of flags)."""
        seen = {}
        for line in self.peer("-f", "tab", "fetch", "uid hdr.message-id flags", "mailbox", mailbox, "all")[1:]:
            uid, message_id, flags = line.split("\t")
            seen[int(uid)] = (message_id, set(flags.split()) - {"\\Recent"})
        return seen


@pytest.fixture(params=LAYOUTS, name="account")
def _account(request):
    base = pathlib.Path(tempfile.mkdtemp(prefix="tsp-", dir="/tmp"))
    base.chmod(0o755)
    yield Account(base, *LAYOUTS[request.param])
    shutil.rmtree(base)


def test_dovecot_sees_our_folders_messages_flags_and_subscriptions(account):
    work, deep, accent = account.name("Work"), account.name("a", "b"), account.name("Envoyés")
    account.ours("deliver", "INBOX", work, deep, accent, autosubscribe="yes")
    account.ours("deliver", "INBOX", work, flags="\\Seen \\Flagged $Label other", message=2)
    folders = set(account.peer("mailbox", "list"))
    assert {"INBOX", work, deep, accent} <= folders
    assert folders <= {"INBOX", work, deep, accent, account.name("a"), account.prefix[:-1]}
    assert set(account.peer("mailbox", "list", "-s")) == {work, deep, accent}
    for mailbox in ("INBOX", work):
        messages = account.messages(mailbox)
        # A file in cur/ and one in new/: Dovecot numbers them by the time in their names.
        assert messages == {1: ("<1@example.org>", set()),
                            2: ("<2@example.org>", {"\\Seen", "\\Flagged", "$Label", "other"})}
    assert account.messages(accent) == {1: ("<1@example.org>", set())}


def test_dovecot_reads_sizes_and_date_from_our_files(account):
    stored = account.ours("deliver", "INBOX")[0].split(" ", 2)[2]
    bytes_on_disk = pathlib.Path(stored).read_bytes()
    os.utime(stored, (86400, 86400))
    fields = account.peer("-f", "tab", "fetch", "size.physical size.virtual date.received", "mailbox", "INBOX", "all")[1]
    physical, virtual, received = fields.split("\t")
    assert int(physical) == len(bytes_on_disk)
    assert int(virtual) == len(bytes_on_disk) + bytes_on_disk.count(b"\n")
    assert received.startswith(time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(86400)))


def test_we_go_on_with_what_dovecot_made(account):
    work, other = account.name("Work"), account.name("Other")
    account.peer("mailbox", "create", "-s", work)
    account.peer("mailbox", "create", other)
    account.peer_delivers("INBOX", 1)
    account.peer_delivers(work, 1)
    account.peer("flags", "add", "first \\Seen", "mailbox", work, "all")
    account.ours("subscribe", other)
    account.ours("deliver", "INBOX", work, flags="second FIRST", message=2)
    account.ours("deliver", work, message=3)
    account.messages(work)  # numbers ours; the peer's own delivery would number its mail before them
    account.peer_delivers(work, 4)
    account.peer("flags", "add", "third", "mailbox", work, "uid", "3")
    assert account.messages(work) == {1: ("<1@example.org>", {"\\Seen", "first"}),
                                      2: ("<2@example.org>", {"first", "second"}),
                                      3: ("<3@example.org>", {"third"}),
                                      4: ("<4@example.org>", set())}
    assert account.messages("INBOX")[2] == ("<2@example.org>", {"second", "FIRST"})
    assert set(account.peer("mailbox", "list", "-s")) == {work, other}
    # UIDs and folders outlive Dovecot's disposable indexes.
    for index in account.home.rglob("dovecot.index*"):
        index.unlink()
    account.ours("deliver", work, flags="third", message=5)
    assert account.messages(work)[5] == ("<5@example.org>", {"third"})
    assert account.messages(work)[1] == ("<1@example.org>", {"\\Seen", "first"})


def test_version_1_subscriptions_stay_version_1(account):
    root = account.home / ("control" if "CONTROL" in account.location else "Maildir")
    account.ours("create", account.name("Old"), account.name("New", "er"))
    root.mkdir(exist_ok=True)
    os.chown(root, USER, USER)
    (root / "subscriptions").write_text("Old\n")
    os.chown(root / "subscriptions", USER, USER)
    account.ours("subscribe", account.name("New", "er"))
    assert set(account.peer("mailbox", "list", "-s")) == {account.name("Old"), account.name("New", "er")}
    assert (root / "subscriptions").read_text().splitlines()[0] == "Old"


def test_both_at_once_lose_nothing(account):
    account.ours("deliver", "INBOX", flags="k0", message=0)
    reader = subprocess.Popen(
        ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "env", "-i", f"HOME={account.home}",
         "USER=nobody", "sh", "-c", f"while :; do {DOVEADM} -c {account.conf} flags add '\\Flagged' mailbox INBOX all"
         " || exit 1; done"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        for number in range(1, 25):
            account.ours("deliver", "INBOX", flags=f"k{number % 12}", message=number)
        assert reader.poll() is None, reader.stdout.read()
    finally:
        reader.kill()
        output = reader.communicate()[0]
    assert b"Error" not in output, output
    messages = account.messages("INBOX")
    assert len(messages) == 25
    for message_id, flags in messages.values():
        number = int(message_id[1:message_id.index("@")])
        assert f"k{number % 12}" in flags and flags <= {f"k{number % 12}", "\\Flagged"}
