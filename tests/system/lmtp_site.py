# SPDX-License-Identifier: MIT
"""tamis-lmtp alone, for any user of example.com, who all have one script; a sendmail that keeps what it gets in a file."""
import os
import shutil
import smtplib
import tempfile

from child_process import ChildProcess
from lda_site import GROUP, SENDMAIL, USER
from maildir_view import Maildir
from waiting import wait_until

CONFIGURATION = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
mail_location = maildir:~/Maildir
mail_uid = {user}
mail_gid = {group}
hostname = host.example.com
postmaster_address = postmaster@example.com
sendmail_path = {base}/sendmail
submission_timeout = 20 secs
userdb {{
  driver = static
  args = home={base}/homes/%n allow_all_users=yes
}}
service lmtp {{
  unix_listener {base}/lmtp {{
    mode = 0600
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = {base}/rules.sieve
}}
"""
# After a field for the recipient.
MESSAGE = b"From: a@example.org\r\nSubject: x\r\nMessage-ID: <1@example.org>\r\n\r\n" + b"line of text\r\n" * 400 + b"end\r\n"


class LmtpSite:
    def __init__(self, program, script, sendmail=SENDMAIL):
        self.program = program
        self.base = tempfile.mkdtemp(prefix="tk-", dir="/dev/shm" if os.path.isdir("/dev/shm") else "/tmp")
        for name in ("run", "state", "homes"):
            os.mkdir(self.path(name))
        for name, text in (("tamis.conf", CONFIGURATION.format(base=self.base, user=USER, group=GROUP)),
                           ("rules.sieve", script), ("sendmail", sendmail.format(base=self.base)), ("log", ""), ("sent", "")):
            with open(self.path(name), "w") as file:
                file.write(text)
        os.chmod(self.path("sendmail"), 0o755)
        for root, folders, files in os.walk(self.base):
            for name in (".", *folders, *files):
                shutil.chown(os.path.join(root, name), USER, GROUP)
        self.process = None
        self.start()

    def path(self, *names):
        return os.path.join(self.base, *names)

    def read(self, name):
        with open(self.path(name), errors="replace") as file:
            return file.read()

    def start(self):
        before = self.read("log").count("starting up for lmtp")
        self.process = ChildProcess([self.program, "-c", self.path("tamis.conf")], self.path("output"))
        wait_until(lambda: self.read("log").count("starting up for lmtp") > before or not self.process.running(), "the start")
        assert self.process.running(), self.process.output()
        assert self.deliver("warm") == 250  # the script is compiled and in memory, a worker is there

    def deliver(self, user):
        """The reply's code after the message; None where the connection ended without one."""
        try:
            with smtplib.LMTP(self.path("lmtp"), local_hostname="client") as client:
                client.sock.settimeout(60)
                client.ehlo_or_helo_if_needed()
                client.mail(f"s+{user}@example.org")
                code, _ = client.rcpt(f"{user}@example.com")
                if code != 250:
                    return code
                client.putcmd("data")
                assert client.getreply()[0] == 354
                client.send(f"To: {user}@example.com\r\n".encode() + MESSAGE + b".\r\n")
                return client.getreply()[0]
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            return None

    def copies(self, user):
        maildir = Maildir(self.path("homes", user, "Maildir"))
        counts = {}
        for name in ("", *maildir.folders()):
            messages = maildir.folder(name).messages()
            assert all(m.data.endswith(b"line of text\nend\n") for m in messages), f"{name or 'INBOX'} holds half a message"
            if messages:
                counts[name or "INBOX"] = len(messages)
        return counts

    def sent(self, user):
        return self.read("sent").split().count(f"{user}@example.net")

    def replies(self, user):
        return self.read("sent").split().count(f"s+{user}@example.org")

    def remove(self):
        self.process.stop()
        shutil.rmtree(self.base)
