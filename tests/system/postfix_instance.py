# SPDX-License-Identifier: MIT
"""A private Postfix: own configuration, queue and data directories, loopback ports, a child of the test."""
import json
import os
import pwd
import grp
import re
import shutil
import smtplib
import subprocess
from dataclasses import dataclass

from child_process import ChildProcess
from mail_builder import SENDER, to_wire
from waiting import PATIENCE, wait_until

MASTER = "/usr/lib/postfix/sbin/master"
_QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
_ATTEMPT = re.compile(r"(?P<id>[0-9A-Za-z]+): to=<(?P<to>[^>]*)>,(?: orig_to=<(?P<orig_to>[^>]*)>,)? relay=(?P<relay>[^ ]*), "
                      r".*?dsn=(?P<dsn>[\d.]+), status=(?P<status>\w+) \((?P<text>.*)\)$", re.M)


@dataclass
class Attempt:
    """One line of the log: a delivery attempt for one recipient."""
    id: str
    to: str
    orig_to: str
    relay: str
    dsn: str
    status: str
    text: str


class Postfix:
    def __init__(self, config_dir, spool, data_dir, log_path, inject_port):
        self.config_dir = config_dir
        self.spool = spool
        self.log_path = log_path
        self.inject_port = inject_port
        self._data_dir = data_dir
        self._master = None

    def make_directories(self):
        """The queue tree with Postfix's owners and modes; a server may bind its sockets in private/ after this."""
        postfix = pwd.getpwnam("postfix")
        postdrop = grp.getgrnam("postdrop").gr_gid
        os.makedirs(self.spool, 0o755, exist_ok=True)
        for name in _QUEUES + ("private",):
            self._make(name, 0o700, postfix.pw_uid, postfix.pw_gid)
        self._make("pid", 0o755, 0, 0)
        self._make("maildrop", 0o1730, postfix.pw_uid, postdrop)
        self._make("public", 0o2710, postfix.pw_uid, postdrop)
        os.makedirs(self._data_dir, 0o700, exist_ok=True)
        os.chown(self._data_dir, postfix.pw_uid, postfix.pw_gid)

    def _make(self, name, mode, uid, gid):
        path = os.path.join(self.spool, name)
        os.makedirs(path, exist_ok=True)
        os.chown(path, uid, gid)
        os.chmod(path, mode)

    def start(self):
        self._master = ChildProcess([MASTER, "-c", self.config_dir, "-d"], self.log_path + ".master",
                                    env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"})
        wait_until(self._answers, "the greeting of the private Postfix")

    def _answers(self):
        assert self._master.running(), f"Postfix ended: {self._master.output()}\n{self.log()}"
        try:
            smtplib.SMTP("127.0.0.1", self.inject_port, timeout=10).quit()
            return True
        except (ConnectionRefusedError, smtplib.SMTPException):
            return False

    def stop(self):
        if self._master:
            self._master.stop()
            self._master = None

    def log(self):
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def send(self, recipients, message, sender=SENDER, options=()):
        """Brings one message in and returns its queue id. `options` as for MAIL FROM (SMTPUTF8, BODY=8BITMIME)."""
        if isinstance(recipients, str):
            recipients = [recipients]
        with smtplib.SMTP("127.0.0.1", self.inject_port, local_hostname="client.example", timeout=60) as client:
            client.ehlo()
            self._expect(client.mail(sender, list(options)), 250)
            for recipient in recipients:
                self._expect(client.docmd("RCPT", f"TO:<{recipient}>"), 250)
            code, text = client.data(to_wire(message))
            self._expect((code, text), 250)
        return text.decode().split()[-1]

    @staticmethod
    def _expect(reply, code):
        assert reply[0] == code, reply

    def attempts(self, queue_id, status=None, recipient=None):
        """All attempts for a message so far, the oldest first."""
        found = [Attempt(**m.groupdict()) for m in _ATTEMPT.finditer(self.log())]
        return [a for a in found if a.id == queue_id and status in (None, a.status)
                and recipient in (None, a.to, a.orig_to)]

    def wait_for(self, queue_id, status, count=1, recipient=None, patience=PATIENCE):
        """Waits for `count` attempts with `status`; another outcome meanwhile fails at once. Returns the last one."""
        def look():
            for other in self.attempts(queue_id, recipient=recipient):
                assert other.status == status, f"{queue_id}: wanted {status}, log says {other}"
            found = self.attempts(queue_id, status, recipient)
            return found if len(found) >= count else None
        return wait_until(look, f"{count} × status={status} for {queue_id}", patience)[-1]

    def deliver(self, recipients, message, sender=SENDER, options=(), status="sent"):
        """Sends, waits until each recipient has had its attempt with that status; returns the last attempt."""
        queue_id = self.send(recipients, message, sender, options)
        count = 1 if isinstance(recipients, str) else len(recipients)
        return self.wait_for(queue_id, status, count)

    def flush(self):
        """Every deferred message is tried again now."""
        subprocess.run(["/usr/sbin/postqueue", "-c", self.config_dir, "-f"], check=True)

    def deliver_deferred(self, queue_id, count=1):
        """Flushes until the message has been delivered to `count` recipients (a flush may come while it is busy)."""
        def all_sent():
            return len(self.attempts(queue_id, "sent")) >= count

        def flushed():
            self.flush()
            try:
                return wait_until(all_sent, "delivery", 0.7)
            except AssertionError:
                return False
        wait_until(flushed, f"delivery of {queue_id} after the repair")
        return self.attempts(queue_id, "sent")[-1]

    def queue(self):
        """The queue as postqueue -j shows it."""
        lines = subprocess.run(["/usr/sbin/postqueue", "-c", self.config_dir, "-j"], check=True,
                               capture_output=True, text=True).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def wait_until_empty(self, patience=PATIENCE):
        wait_until(lambda: not self.queue(), "an empty queue", patience)

    def remove(self):
        shutil.rmtree(self.spool, ignore_errors=True)
