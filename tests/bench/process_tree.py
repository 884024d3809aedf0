# SPDX-License-Identifier: MIT
"""CPU time and memory of a server with all the processes that it has started, from /proc."""
import os

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()


def members(root_pid):
    """The process and its descendants that are alive."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parents[int(name)] = int(_stat(name)[1])
            except OSError:
                pass
    found = {root_pid}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def cpu_seconds(root_pid):
    """User and system time of all of them, those that have ended included."""
    total = 0
    for pid in members(root_pid):
        try:
            total += sum(int(ticks) for ticks in _stat(pid)[11:15])
        except OSError:
            pass
    return total / _TICKS_PER_SECOND


def resident_kib(pid, field="VmRSS"):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    raise KeyError(field)
