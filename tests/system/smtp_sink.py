# SPDX-License-Identifier: MIT
"""The outside world: an SMTP server that accepts everything and keeps it."""
import email
import email.policy
import socketserver
import threading
from dataclasses import dataclass, field

from loopback_ports import free_port
from waiting import wait_until


@dataclass
class Received:
    sender: str
    recipients: list = field(default_factory=list)
    data: bytes = b""

    @property
    def message(self):
        return email.message_from_bytes(self.data, policy=email.policy.default)

    @property
    def subject(self):
        return str(self.message["Subject"])


class _Dialogue(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 sink.example ESMTP")
        mail = None
        while line := self.rfile.readline():
            command = line.decode("utf-8", "surrogateescape").strip()
            verb = command.upper()
            if verb.startswith("EHLO"):
                self._say("250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES")
            elif verb.startswith("MAIL FROM:"):
                mail = Received(_path(command[10:]))
                self._say("250 2.1.0 Ok")
            elif verb.startswith("RCPT TO:"):
                mail.recipients.append(_path(command[8:]))
                self._say("250 2.1.5 Ok")
            elif verb == "DATA":
                self._say("354 Go on")
                mail.data = self._read_data()
                self.server.keep(mail)
                self._say("250 2.0.0 Kept")
            elif verb == "QUIT":
                self._say("221 2.0.0 Bye")
                return
            else:
                self._say("250 2.0.0 Ok")

    def _read_data(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines).replace(b"\r\n", b"\n")

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


def _path(text):
    return text.strip().split(">")[0].lstrip("<")


class SmtpSink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        self.port = free_port()
        self._kept = []
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", self.port), _Dialogue)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def handle_error(self, request, client_address):
        """A Postfix that is ended closes its connections at any point: nothing to report."""

    def keep(self, mail):
        with self._lock:
            self._kept.append(mail)

    def received(self, recipient=None):
        """What has come in so far, for `recipient` if one is given."""
        with self._lock:
            return [m for m in self._kept if recipient is None or recipient in m.recipients]

    def wait_for(self, recipient, count=1):
        """Waits until `count` messages for `recipient` are there and returns them."""
        wait_until(lambda: len(self.received(recipient)) >= count, f"{count} message(s) for {recipient} outside")
        return self.received(recipient)

    def stop(self):
        self.shutdown()
        self.server_close()
        self._thread.join()
