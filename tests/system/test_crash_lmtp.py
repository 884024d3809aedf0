# SPDX-License-Identifier: MIT
"""tamis-lmtp with the calls of a delivery failing, and killed before each: what was answered with 250 is stored, once in
each folder; what was answered otherwise has left nothing. Each experiment is a new user."""
import collections
import os
import queue
import shutil
import signal
import smtplib
import subprocess
import tempfile

import injection
import pytest
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
SCRIPT = ('require ["fileinto", "mailbox", "copy", "envelope", "variables"]; fileinto :copy :create "Work";\n'
          'if envelope :localpart :matches "to" "*" { redirect :copy "${1}@example.net"; }\nkeep;\n')
MESSAGE = b"From: a@example.org\r\nSubject: x\r\nMessage-ID: <1@example.org>\r\n\r\n" + b"line of text\r\n" * 400 + b"end\r\n"
WHOLE = {"INBOX": 1, "Work": 1}


class Server:
    def __init__(self, program):
        self.program = program
        self.base = tempfile.mkdtemp(prefix="tk-", dir="/dev/shm" if os.path.isdir("/dev/shm") else "/tmp")
        for name in ("run", "state", "homes"):
            os.mkdir(self.path(name))
        for name, text in (("tamis.conf", CONFIGURATION.format(base=self.base, user=USER, group=GROUP)),
                           ("rules.sieve", SCRIPT), ("sendmail", SENDMAIL.format(base=self.base)), ("log", ""), ("sent", "")):
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
                client.sock.settimeout(30)
                client.ehlo_or_helo_if_needed()
                client.mail("s@example.org")
                code, _ = client.rcpt(f"{user}@example.com")
                if code != 250:
                    return code
                client.putcmd("data")
                assert client.getreply()[0] == 354
                client.send(MESSAGE + b".\r\n")
                return client.getreply()[0]
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            return None

    def traced(self, user, command):
        """A delivery while strace watches the server's threads, and no program that they start."""
        threads = [f"--attach={thread}" for thread in os.listdir(f"/proc/{self.process.pid}/task")]
        tracer = subprocess.Popen([*command, *threads], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            wait_until(self._is_watched, "strace to attach")
            return self.deliver(user)
        finally:
            # strace may wait for ever for the threads of a killed process.
            try:
                tracer.send_signal(signal.SIGINT)
                tracer.wait(0.3)
            except subprocess.TimeoutExpired:
                tracer.kill()
                tracer.wait()

    def _is_watched(self):
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/status") as file:
                if "TracerPid:\t0\n" in file.read():
                    return False
        return True

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

    def remove(self):
        self.process.stop()
        shutil.rmtree(self.base)


def one_thread(trace):
    """The lines of the thread that stores, without those that wake the loop."""
    thread = next(line.split()[0] for line in trace.splitlines() if " renameat2(" in line)
    return "\n".join(line for line in trace.splitlines() if line.split()[:1] == [thread] and r'"\1\0\0\0\0\0\0\0"' not in line)


def test_each_call_of_a_delivery_fails_or_is_the_last(programs):
    if programs.is_peer:
        pytest.skip("about our program alone")
    if injection.obstacle():
        pytest.skip(injection.obstacle())
    servers = queue.Queue()
    made = [Server(programs.lmtp) for _ in range(injection.WORKERS)]
    try:
        first = made[0]
        assert first.traced("first", ("strace", "-qq", "-y", "-o", first.path("trace"))) == 250
        assert first.copies("first") == WHOLE and first.sent("first") == 1
        wanted = injection.experiments(one_thread(first.read("trace")), "homes/first")
        for server in made:
            servers.put(server)
        outcomes = collections.Counter()

        def run(experiment):
            server = servers.get()
            try:
                check(server, experiment, outcomes)
            finally:
                if not server.process.running():
                    server.start()
                servers.put(server)

        complaints = injection.run_all(wanted, run)
        print(len(wanted), "experiments:", dict(outcomes))
        assert complaints == [], "\n".join(complaints)
        assert outcomes["killed"] > 10 and outcomes[250] > 10, outcomes
    finally:
        for server in made:
            server.remove()


def check(server, experiment, outcomes):
    user = f"{experiment.call}-{experiment.number}-{experiment.fault.split('=')[1]}".lower()
    code = server.traced(user, experiment.wrapper(server.path("trace")))
    copies = server.copies(user)
    outcomes["killed" if code is None else code] += 1
    if code == 250:
        assert copies == WHOLE, f"250 with {copies}"
        assert server.sent(user) == 1, f"250, sent {server.sent(user)} times"
        return
    if code is None:
        assert experiment.fault == injection.KILL, "the connection ended"
        wait_until(lambda: not server.process.running(), "the killed server's end")
        assert all(count <= 1 for count in copies.values()), f"a kill left {copies}"
        server.start()
    else:
        assert code // 100 == 4, f"answered {code}"
        assert copies == {}, f"{code} left {copies}"
    again = server.deliver(user)
    after = server.copies(user)
    assert again == 250, f"the next attempt: {again}"
    assert all(copies.get(name, 0) <= after.get(name, 0) <= copies.get(name, 0) + 1 and name in after for name in WHOLE), \
        f"{copies}, then {after}"
    assert 1 <= server.sent(user) <= (2 if code is None else 1), f"sent {server.sent(user)} times"
