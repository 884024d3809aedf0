# SPDX-License-Identifier: MIT
"""sieve-filter over a mailbox with each of its system calls in turn failing, and killed before each: no message is lost,
and the next run finishes the work. At most the message that it was about stands twice."""
import collections
import os
import shutil
import subprocess
import tempfile

import injection
import pytest
from lda_site import GROUP, USER
from maildir_view import Maildir

SCRIPT = """require ["fileinto", "imap4flags", "mailbox", "editheader"];
if header :contains "subject" "list" { fileinto :create "Lists"; }
elsif header :contains "subject" "spam" { discard; }
elsif header :contains "subject" "flag" { keep :flags "\\\\Flagged"; }
elsif not exists "x-new" { if header :contains "subject" "edit" { addheader "X-New" "yes"; } }
"""
SUBJECTS = ("plain", "a list", "spam", "flag", "edit")
END = b"the last line\n"


class Box:
    def __init__(self, program):
        self.program = program
        self.base = tempfile.mkdtemp(prefix="tf-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        for part in ("cur", "new", "tmp"):
            os.makedirs(self.path("mail", part))
        for number, subject in enumerate(SUBJECTS, 1):
            with open(self.path("mail", "cur", f"100000000{number}.M1P1.h:2,S"), "wb") as file:
                file.write(f"From: a@example.com\nSubject: {subject}\nMessage-ID: <{number}@x>\n\n".encode() + b"body\n" * 300 + END)
        with open(self.path("f.sieve"), "w") as file:
            file.write(SCRIPT)
        subprocess.run(["chown", "-R", f"{USER}:{GROUP}", self.base], check=True)
        self.inbox = Maildir(self.path("mail"))

    def path(self, *parts):
        return os.path.join(self.base, *parts)

    def run(self, wrapper=()):
        command = [*wrapper, self.program, "-o", f"mail_location=maildir:{self.path('mail')}", "-o",
                   "plugin/sieve_extensions=+editheader", "-e", "-W", self.path("f.sieve"), "INBOX", "expunge"]
        done = subprocess.run(command, cwd=self.base, user=USER, group=GROUP, extra_groups=[], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60, check=False,
                              env={"PATH": "/usr/bin:/bin", "HOME": self.base, "USER": USER})
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def messages(self):
        """Subject, folder and whether it is edited, of each; all must be whole."""
        found = collections.Counter()
        for folder in ("", "Lists"):
            for message in self.inbox.folder(folder).messages():
                assert message.data.endswith(b"body\n" + END), f"{message.path} is not whole"
                found[message.field("Subject")[0], folder, bool(message.field("X-New"))] += 1
        return found

    def remove(self):
        shutil.rmtree(self.base)


DONE = collections.Counter({("plain", "", False): 1, ("a list", "Lists", False): 1, ("flag", "", False): 1, ("edit", "", True): 1})


def test_each_call_fails_or_is_the_last(programs):
    if programs.is_peer:
        pytest.skip("about our program alone")
    if injection.obstacle():
        pytest.skip(injection.obstacle())
    program = os.path.join(programs.folder, "sieve-filter")
    first = Box(program)
    status, output = first.run(("strace", "-qq", "-y", "-o", first.path("trace")))
    assert status == 0 and first.messages() == DONE, output
    with open(first.path("trace"), errors="replace") as file:
        wanted = injection.experiments(file.read(), "f.sieve")
    first.remove()
    outcomes = collections.Counter()

    def run(experiment):
        box = Box(program)
        status, output = box.run(experiment.wrapper(box.path("trace")))
        killed = status == -9
        outcomes["killed" if killed else "failed" if status else "went well"] += 1
        assert killed == (experiment.fault == injection.KILL) or status == 0, f"exit {status}: {output}"
        messages = box.messages()
        for subject in SUBJECTS:
            if subject != "spam":
                assert sum(count for key, count in messages.items() if key[0] == subject) >= 1, f"{subject} is lost: {output}"
        again, output = box.run()
        assert again == 0, f"the next run: {again}, {output}"
        extra = box.messages() - DONE
        assert not DONE - box.messages() and sum(extra.values()) <= 1 and set(extra) <= set(DONE), \
            f"after {messages} the next run made {box.messages()}"
        box.remove()

    complaints = injection.run_all(wanted, run)
    print(len(wanted), "experiments:", dict(outcomes))
    assert complaints == [], "\n".join(complaints)
    assert outcomes["killed"] > 10 and outcomes["failed"] + outcomes["went well"] > 20, outcomes
