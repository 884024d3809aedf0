#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs a real delivery program under strace, which kills it at, or fails, each system call in turn.

    strace_calls.py STORE_PROBE

Unlike crash-tests this catches calls that do not go through the store's seam, and the program's own start and end.
Exit status 77 (skipped) where strace can't trace."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

MESSAGE = b"Subject: crash\n\n" + b"x" * 5000 + b"\nend\n"
MAILBOXES = {"INBOX": "", "Work": ".Work"}
# Calls that change or look at the disk, or end the program.
CALLS = ("openat", "write", "fsync", "close", "renameat2", "rename", "mkdir", "unlink", "newfstatat", "exit_group")
ERRORS = {"openat": ("EMFILE", "EACCES"), "write": ("ENOSPC", "EDQUOT", "EINTR"), "fsync": ("EIO", "ENOSPC"),
          "close": ("EIO",), "renameat2": ("EDQUOT", "EINVAL"), "rename": ("EIO",), "mkdir": ("ENOSPC",),
          "newfstatat": ("EIO",)}
MOST_CALLS = 200


class Account:
    def __init__(self, base, probe):
        self.home = pathlib.Path(tempfile.mkdtemp(dir=base))
        self.command = [probe, str(self.home), "maildir:~/Maildir", "--lock-stale", "0", "--autosubscribe", "yes",
                        "--flags", "\\Seen label", "deliver", *MAILBOXES]
        (self.home / "message").write_bytes(MESSAGE)

    def deliver(self, wrapper=()):
        with open(self.home / "message", "rb") as message:
            return subprocess.run([*wrapper, *self.command], stdin=message, capture_output=True, check=False)

    def copies(self):
        """Messages in each mailbox; an AssertionError for one that is not whole."""
        counts = {}
        for name, folder in MAILBOXES.items():
            files = [f for part in ("new", "cur") for f in (self.home / "Maildir" / folder / part).glob("*")]
            for file in files:
                assert file.read_bytes() == MESSAGE, f"{file} is not whole"
            counts[name] = len(files)
        return counts


def inject(base, probe, call, what, number):
    """One run; true when the injection was reached."""
    account = Account(base, probe)
    trace = account.home / "trace"
    run = account.deliver(("strace", "-qq", "-o", str(trace), "-e", f"trace={call}",
                           "-e", f"inject={call}:{what}:when={number}"))
    text = trace.read_text(errors="replace")
    reached = "(INJECTED)" in text or "killed by SIGKILL" in text
    copies = account.copies()
    acknowledged = run.returncode == 0 and run.stdout.count(b"stored ") == len(MAILBOXES)
    where = f"{call} {what} {number}: {copies}, status {run.returncode}, {run.stdout!r} {run.stderr!r}"
    killed = "KILL" in what
    if acknowledged:
        assert all(n == 1 for n in copies.values()), where
    elif killed:
        assert all(n in (0, 1) for n in copies.values()), where
    elif b"stored " not in run.stdout and run.returncode == 75:
        assert all(n == 0 for n in copies.values()), where
    again = account.deliver()
    assert again.returncode == 0, f"{where}; then {again.stdout!r} {again.stderr!r}"
    after = account.copies()
    assert all(after[name] == copies[name] + 1 for name in MAILBOXES), f"{where}; then {after}"
    shutil.rmtree(account.home)
    return reached


def main():
    probe = str(pathlib.Path(sys.argv[1]).resolve())
    check = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "inject=getppid:error=EIO", "true"],
                           capture_output=True, check=False) if shutil.which("strace") else None
    if check is None or check.returncode != 0:
        print("strace can't trace here")
        return 77
    memory = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None
    runs = 0
    with tempfile.TemporaryDirectory(dir=memory) as base:
        for call in CALLS:
            faults = ["signal=KILL", *(f"error={error}" for error in ERRORS.get(call, ()))]
            for fault in faults:
                number = 1
                while number <= MOST_CALLS and inject(base, probe, call, fault, number):
                    number += 1
                runs += number
                assert number <= MOST_CALLS, f"{call} never ends"
                assert number > 1, f"{call} is never called"
    print(f"{runs} deliveries")
    return 0


if __name__ == "__main__":
    sys.exit(main())
