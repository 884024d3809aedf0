# SPDX-License-Identifier: MIT
"""A program's system calls, one of which fails or is its last: by strace, on the thread that it starts with (or is told
to watch). TAMIS_CRASH=all takes every fault at every call; without it each call gets one of its faults in turn."""
import collections
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

KILL = "signal=KILL"
DISK = ("EIO", "ENOSPC", "EDQUOT", "EINTR")
FAULTS = {
    "openat": ("EIO", "EMFILE", "EACCES", "ENOSPC", "EINTR"), "newfstatat": ("EIO", "EACCES", "ENOMEM"),
    "write": DISK, "pwrite64": DISK, "fsync": DISK, "fdatasync": DISK, "ftruncate": DISK, "close": ("EIO", "EINTR"),
    "read": ("EIO", "EINTR"), "pread64": ("EIO", "EINTR"), "getdents64": ("EIO",), "access": ("EACCES", "EIO"),
    "rename": ("EIO", "ENOSPC", "EDQUOT", "EACCES"), "renameat2": ("EIO", "ENOSPC", "EDQUOT", "EINVAL"),
    "link": ("EIO", "ENOSPC"), "linkat": ("EIO", "ENOSPC"), "unlink": ("EIO", "EACCES"), "mkdir": ("EIO", "ENOSPC", "EDQUOT", "EACCES"),
    "chmod": ("EIO", "EPERM"), "fchmod": ("EIO", "EPERM"), "fchmodat": ("EIO", "EPERM"), "utimensat": ("EIO", "EPERM"),
    "fcntl": ("EIO", "ENOLCK"), "lseek": ("EIO",), "pipe2": ("EMFILE",), "clone3": ("EAGAIN", "ENOMEM"),
    "pidfd_open": ("ENOSYS", "EMFILE"), "poll": ("EINTR",), "wait4": ("EINTR",), "sync_file_range": ("EIO",),
    "socket": ("EMFILE",), "connect": ("ECONNREFUSED",), "getrandom": ("EINTR",),
}
# Before these a kill makes a difference to what is on the disk or has been sent.
CHANGING = {"openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat2", "link", "linkat", "unlink",
            "mkdir", "clone3", "wait4", "exit_group"}
# Those of SQLite: many and alike.
ALIKE = {"pwrite64", "pread64", "fdatasync", "fcntl", "newfstatat"}
WORKERS = 2


@dataclass(frozen=True)
class Experiment:
    call: str
    number: int
    fault: str
    line: str  # of the trace: what the call was about

    def __str__(self):
        return f"{self.fault} at {self.call} {self.number} ({self.line})"

    def wrapper(self, trace):
        return ("strace", "-qq", "-o", trace, "-e", f"trace={self.call}",
                "-e", f"inject={self.call}:{self.fault}:when={self.number}")


def takes_all():
    return os.environ.get("TAMIS_CRASH") == "all"


def obstacle():
    if not shutil.which("strace"):
        return "needs strace"
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "inject=getppid:error=EIO", "true"],
                           capture_output=True, check=False)
    return "strace can't trace here" if tried.returncode != 0 else None


def experiments(trace, since, last=None):
    """From the text of a trace (-y) of one thread: all calls from the first line that holds `since`."""
    counts = collections.Counter()
    found, begun = [], False
    for line in trace.splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if not match:
            continue
        call = match.group(1)
        counts[call] += 1
        begun = begun or since in line
        if begun and (call in FAULTS or call in CHANGING):
            found += [Experiment(call, counts[call], fault, line[:160]) for fault in _faults(call, counts[call], line)]
        if last and last in line:
            break
    return found


def _faults(call, number, line):
    if call == "fcntl" and "LK" not in line:
        return []  # only locks can fail
    if call == "close" and "<pipe:" in line:
        return []  # a close that is made to fail does not happen; a pipe's end would never come
    errors = [f"error={name}" for name in FAULTS.get(call, ())]
    kills = [KILL] if call in CHANGING else []
    if takes_all():
        return errors + kills
    if call in ALIKE and number % 4 != 0:
        return []
    if call == "openat" and "O_CREAT" not in line:
        kills = []
    return ([errors[number % len(errors)]] if errors else []) + kills


def run_all(wanted, run):
    """Runs each, a few at a time, and returns the complaints."""
    def guarded(experiment):
        try:
            run(experiment)
        except Exception as error:
            return f"{experiment}: {type(error).__name__}: {error}"
        return None
    with ThreadPoolExecutor(WORKERS) as pool:
        return [complaint for complaint in pool.map(guarded, wanted) if complaint]
