# SPDX-License-Identifier: MIT
"""tamis-lda with each of its system calls in turn failing, and killed before each: acknowledged is stored, once in each
folder; what reported failure has left nothing; a message is whole or not there. The user is new, so the delivery makes
everything: directories, binary, memory, record."""
import collections
import glob
import os

import injection
import pytest
from lda_site import MESSAGE, LdaSite

FAKETIME = (glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + [""])[0]
SCRIPT = """require ["fileinto", "mailbox", "copy", "vacation", "duplicate", "fcc", "vnd.dovecot.report"];
if duplicate { discard; stop; }
fileinto :copy :create "Work";
redirect :copy "one@example.net";
vacation :fcc "Sent" :create "gone";
report "abuse" "spam" "desk@example.net";
keep;
"""
SETTINGS = "plugin {\n  sieve_extensions = +vnd.dovecot.report\n}"
WHOLE = {"INBOX": 1, "Work": 1}
SENDER, FORWARD, DESK = "s@example.org", "one@example.net", "desk@example.net"


@pytest.fixture(scope="module")
def program(programs):
    if programs.is_peer:
        pytest.skip("about our program alone")
    if injection.obstacle():
        pytest.skip(injection.obstacle())
    return programs.deliver


def make_site(program):
    return LdaSite(program, SCRIPT, more=SETTINGS, parent="/dev/shm" if os.path.isdir("/dev/shm") else None)


def is_reached(site):
    text = site.read("home/trace")
    return "(INJECTED)" in text or "SIGKILL" in text


def sweep(site):
    """A delivery some days later takes away what lies in tmp/."""
    later = ("env", f"LD_PRELOAD={FAKETIME}", "FAKETIME=+9d", "NO_FAKE_STAT=1", "FAKETIME_DISABLE_SHM=1",
             "FAKETIME_DONT_FAKE_MONOTONIC=1")
    status, output = site.deliver("-k", message=MESSAGE.replace(b"<1@", b"<2@"), wrapper=later)
    assert status == 0, f"the delivery that sweeps: {output}"


def left_in_tmp(site):
    return [name for folder in ("", *site.maildir.folders()) for name in site.maildir.folder(folder).left_in_tmp()]


def copies_of_message(site):
    """By folder. What was sent to the sender may lie in Sent, once, whole, and never without having been sent."""
    replies = site.maildir.folder("Sent").messages() if "Sent" in site.maildir.folders() else []
    assert len(replies) <= site.sent().count(SENDER), f"{len(replies)} copies of what was sent: {site.sent()}"
    for reply in replies:
        assert reply.data.rstrip().endswith(b"gone"), f"{reply.path} is not whole"
    return site.copies(but=("Sent",))


def check_acknowledged(site):
    copies = copies_of_message(site)
    # A script that could not be run: the message is kept, and the log says so.
    if copies == {"INBOX": 1}:
        log = site.read("log")
        assert "but implicit keep was successful" in log or "Failed to open script" in log, f"exit 0 with {copies}: {log}"
        assert FORWARD not in site.sent(), "sent, then kept instead"
    else:
        assert copies == WHOLE, f"exit 0 with {copies}"
        assert site.sent().count(FORWARD) == 1, f"exit 0, sent {site.sent()}"


def check_repeated(site, before, status):
    """The MTA tries again, now with nothing in the way."""
    again, output = site.deliver()
    assert again == 0, f"the next attempt: {again}, {output}"
    copies = copies_of_message(site)
    if status == 75:
        assert copies == WHOLE, f"the attempt after a failure: {copies}"
        assert site.sent().count(FORWARD) == 1, f"the attempt after a failure: sent {site.sent()}"
    else:
        for folder in WHOLE:
            assert before.get(folder, 0) <= copies.get(folder, 0) <= before.get(folder, 0) + 1 and folder in copies, \
                f"the attempt after a kill: {before}, then {copies}"
        # Killed after it was sent, before that was remembered: the MTA's own way.
        assert 1 <= site.sent().count(FORWARD) <= 2, f"the attempt after a kill: sent {site.sent()}"
    assert site.sent().count(SENDER) <= 1, f"sent {site.sent()}"


def test_each_call_fails_or_is_the_last(program):
    first = make_site(program)
    status, output = first.deliver(wrapper=("strace", "-qq", "-y", "-o", first.path("home/trace")))
    assert status == 0 and copies_of_message(first) == WHOLE and first.sent() == [FORWARD, SENDER, DESK], output
    assert "Sent" in first.maildir.folders()
    since = f', "{first.path("tamis.conf")}", O_RDONLY' if injection.takes_all() else "home/.dovecot.sieve"
    wanted = injection.experiments(first.read("home/trace"), since)
    first.remove()
    outcomes = collections.Counter()

    def run(experiment):
        site = make_site(program)
        status, output = site.deliver(wrapper=experiment.wrapper(site.path("home/trace")))
        copies = copies_of_message(site)
        killed = status == -9
        outcomes["not reached" if not is_reached(site) else "killed" if killed else f"exit {status}"] += 1
        assert status in (0, 75, -9), f"exit {status}: {output}"
        if status == 0:
            check_acknowledged(site)
        else:
            assert killed == (experiment.fault == injection.KILL), f"killed: {killed}"
            if not killed:
                assert copies == {}, f"exit 75 left {copies}: {output}; {site.read('log')}"
            assert all(count <= 1 for count in copies.values()), f"exit {status} left {copies}"
            check_repeated(site, copies, status)
        if left_in_tmp(site) and FAKETIME:
            outcomes["left in tmp/, swept later"] += 1
            sweep(site)
            assert left_in_tmp(site) == []
        site.remove()

    complaints = injection.run_all(wanted, run)
    print(len(wanted), "experiments:", dict(outcomes))
    assert complaints == [], "\n".join(complaints)
    assert outcomes["killed"] > 20 and outcomes["exit 75"] > 20 and outcomes["exit 0"] > 20, outcomes
