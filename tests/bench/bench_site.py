# SPDX-License-Identifier: MIT
"""One server with its users and scripts, as the benchmark drives it."""
import os
import shutil
import socket
import subprocess
import tempfile
import time

from child_process import ChildProcess
from loopback_ports import free_port
from waiting import wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
USERS = 64
FEW = """require ["fileinto", "mailbox"];
if header :contains "X-Spam-Flag" "YES" {
  fileinto :create "Spam";
} elsif address :is "From" ["news@lists.example", "more@lists.example"] {
  fileinto :create "Lists";
} elsif header :matches "Subject" "*[project]*" {
  fileinto :create "Project";
}
"""


def many_rules(count=1000):
    """`count` rules that all look and none of which matches: what a long script adds."""
    rules = "".join(f'if header :contains "Subject" "word-{n}" {{ fileinto "Folder{n % 20}"; stop; }}\n'
                    for n in range(count))
    return 'require ["fileinto"];\n' + rules


# user name prefix -> script; the LMTP runs and the LDA runs choose between them
SCRIPTS = {"few": FEW, "many": many_rules()}


class Site:
    """`server` makes the command from the configuration's path; `lda` is the delivery program; `scripts` are those of
    the users whose names begin with the keys."""

    def __init__(self, name, directory, fsync, owner, server, lda, scripts=None):
        self.name = name
        self.scripts = scripts or SCRIPTS
        self.lda = lda
        self.port = free_port()
        self.owner = owner
        self._set_aside = 0
        self.base = tempfile.mkdtemp(prefix="tb-", dir=directory)
        os.chmod(self.base, 0o755)
        self.conf = os.path.join(self.base, "site.conf")
        self._write_conf(fsync)
        self._make_users()
        open(os.path.join(self.base, "log"), "w").close()
        os.chmod(os.path.join(self.base, "log"), 0o666)
        self._server = ChildProcess(server(self.conf), os.path.join(self.base, "output"))
        wait_until(self._greets, f"the greeting of {name}")

    @property
    def pid(self):
        return self._server.pid

    def _write_conf(self, fsync):
        with open(os.path.join(HERE, "site.conf")) as file:
            text = file.read()
        for key, value in (("BASE", self.base), ("NAME", self.name), ("FSYNC", fsync), ("PORT", str(self.port)),
                           ("UID", str(self.owner.pw_uid)), ("GID", str(self.owner.pw_gid))):
            text = text.replace(f"@{key}@", value)
        with open(self.conf, "w") as file:
            file.write(text)

    def _make_users(self):
        with open(os.path.join(self.base, "users"), "w") as users:
            for prefix, script in self.scripts.items():
                for number in range(USERS):
                    home = os.path.join(self.base, "mail", f"{prefix}{number}")
                    os.makedirs(home)
                    with open(os.path.join(home, ".dovecot.sieve"), "w") as file:
                        file.write(script)
                    users.write(f"{prefix}{number}@example.com:{{PLAIN}}x:{self.owner.pw_uid}:{self.owner.pw_gid}::{home}::\n")
        subprocess.run(["chown", "-R", f"{self.owner.pw_uid}:{self.owner.pw_gid}", os.path.join(self.base, "mail")], check=True)

    def _greets(self):
        if not self._server.running():
            raise RuntimeError(f"{self.name} ended: {self._server.output()}")
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
                return client.recv(4) == b"220 "
        except OSError:
            return False

    def new_mailboxes(self):
        """Puts what was delivered aside, keeps scripts and their binaries, and lets the disk come to rest. Nothing is
        removed before the end: ext4 passes over the inodes of the last minutes' removals at each new file."""
        self._set_aside += 1
        for name in os.listdir(os.path.join(self.base, "mail")):
            maildir = os.path.join(self.base, "mail", name, "Maildir")
            if os.path.isdir(maildir):
                os.rename(maildir, f"{maildir}.{self._set_aside}")
        os.sync()
        time.sleep(0.3)

    def stop(self):
        self._server.stop()

    def remove(self):
        shutil.rmtree(self.base, ignore_errors=True)
