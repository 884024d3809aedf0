# SPDX-License-Identifier: MIT
"""Runs a full-screen program in a pseudo terminal until it ends."""
import os
import pty
import select
import signal
import time


def run_in_terminal(command, environment, patience=20.0):
    """Returns what the program wrote; AssertionError if it does not end by itself."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, {"PATH": "/usr/bin:/bin", "TERM": "xterm", "LINES": "40", "COLUMNS": "120"} | environment)
    output = b""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                data = b""
            if not data:
                break
            output += data
    else:
        os.kill(pid, signal.SIGKILL)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0, f"{command[0]}: {output[-2000:]!r}"
    return output
