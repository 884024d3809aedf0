# SPDX-License-Identifier: MIT
"""tamis-lmtp with the calls of a delivery failing, and killed before each: what was answered with 250 is stored, once in
each folder; what was answered otherwise has left nothing. Each experiment is a new user."""
import collections
import os
import queue
import signal
import subprocess

import injection
import pytest
from lmtp_site import LmtpSite
from waiting import wait_until

SCRIPT = """require ["fileinto", "mailbox", "copy", "envelope", "variables", "vacation", "enotify", "duplicate", "imap4flags"];
if duplicate { discard; stop; }
fileinto :copy :create :flags "\\\\Flagged" "Work";
if envelope :localpart :matches "to" "*" { redirect :copy "${1}@example.net"; }
vacation "gone";
notify :message "mail" "mailto:pager@example.net";
keep;
"""
WHOLE = {"INBOX": 1, "Work": 1}


class Server(LmtpSite):
    def __init__(self, program):
        super().__init__(program, SCRIPT)

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
        assert first.copies("first") == WHOLE and first.sent("first") == 1 and first.replies("first") == 1
        assert "pager@example.net" in first.read("sent")
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
        assert server.replies(user) <= 1, f"250, answered {server.replies(user)} times"
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
    assert server.replies(user) <= 1, f"answered {server.replies(user)} times"
