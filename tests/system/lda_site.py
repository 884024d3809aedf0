# SPDX-License-Identifier: MIT
"""One user's whole set-up for tamis-lda alone, in a directory of its own: configuration, script, a sendmail that keeps
what it gets in a file. No Postfix, no daemon."""
import os
import pathlib
import shutil
import subprocess
import tempfile

from maildir_view import Maildir

USER, GROUP = "nobody", "nogroup"

CONFIGURATION = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
mail_location = maildir:~/Maildir
hostname = host.example.com
postmaster_address = postmaster@example.com
sendmail_path = {base}/sendmail
protocol lda {{
  mail_plugins = sieve
}}
{more}
"""
# One write for a message, so that the lines of two never mix.
SENDMAIL = """#!/bin/sh
for to; do :; done
cat > /dev/null
echo "$to" >> {base}/sent
"""
MESSAGE = (b"From: a@example.org\nTo: u@example.com\nSubject: x\nMessage-ID: <1@example.org>\n\n" + b"line of text\n" * 400
           + b"end\n")


class LdaSite:
    def __init__(self, program, script="", more="", sendmail=SENDMAIL, parent=None):
        self.program = program
        self.sender = ["-f", "s@example.org"]
        self.base = tempfile.mkdtemp(prefix="tc-", dir=parent or "/tmp")
        os.chmod(self.base, 0o755)
        for name in ("home", "run", "state"):
            os.mkdir(self.path(name), 0o700)
        self.write("tamis.conf", CONFIGURATION.format(base=self.base, more=more))
        self.write("sendmail", sendmail.format(base=self.base))
        os.chmod(self.path("sendmail"), 0o755)
        if script:
            self.write("home/.dovecot.sieve", script)
        self.write("log", "")
        self.write("sent", "")
        for root, folders, files in os.walk(self.base):
            for name in (".", *folders, *files):
                shutil.chown(os.path.join(root, name), USER, GROUP)
        self.maildir = Maildir(self.path("home/Maildir"))

    def path(self, name):
        return os.path.join(self.base, name)

    def write(self, name, text):
        pathlib.Path(self.path(name)).write_text(text)

    def read(self, name):
        return pathlib.Path(self.path(name)).read_text(errors="replace")

    def sent(self):
        """The recipients of what went out."""
        return self.read("sent").split()

    def start(self, *arguments, wrapper=(), **options):
        return subprocess.Popen(
            [*wrapper, self.program, "-c", self.path("tamis.conf"), *self.sender, "-a", "u@example.com", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, user=USER, group=GROUP, extra_groups=[],
            env={"HOME": self.path("home"), "USER": "u@example.com", "PATH": "/usr/bin:/bin"}, cwd="/", **options)

    def deliver(self, *arguments, message=MESSAGE, wrapper=()):
        """Exit status and standard output."""
        child = self.start(*arguments, wrapper=wrapper)
        try:
            output, errors = child.communicate(message, timeout=60)
        except subprocess.TimeoutExpired:
            child.kill()
            raise AssertionError("the delivery does not end") from None
        return child.returncode, (output + errors).decode(errors="replace")

    def copies(self, but=()):
        """Messages by folder, without the folders named; each must be whole."""
        counts = {}
        for name in ("", *(folder for folder in self.maildir.folders() if folder not in but)):
            messages = self.maildir.folder(name).messages()
            for message in messages:
                assert message.data.endswith(b"line of text\nend\n"), f"{message.path} is not whole"
            counts[name or "INBOX"] = len(messages)
        return {name: count for name, count in counts.items() if count}

    def remove(self):
        shutil.rmtree(self.base)
