# SPDX-License-Identifier: MIT
"""tamis-lda with each of its system calls in turn failing, and killed before each: acknowledged is stored, once in each
folder; what reported failure has left nothing; a message is whole or not there. The user is new, so the delivery makes
everything: directories, binary, memory, record."""
import collections
import glob
import os
from dataclasses import dataclass

import injection
import pytest
from lda_site import MESSAGE, LdaSite

FAKETIME = (glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + [""])[0]
SENDER = "s@example.org"


@dataclass(frozen=True)
class Story:
    script: str
    whole: dict  # copies by folder where all went well
    once: tuple  # what goes out: recipients, and "piped"
    rarely: tuple = ()  # goes out as well, but is remembered: never twice
    sent_copies: tuple = ()  # folders that hold what was sent
    plugin: str = ""
    status: int = 0  # of the delivery


STORIES = {
    "replies": Story(
        """require ["fileinto", "mailbox", "copy", "vacation", "duplicate", "fcc", "vnd.dovecot.report"];
if duplicate { discard; stop; }
fileinto :copy :create "Work";
redirect :copy "one@example.net";
vacation :fcc "Sent" :create "gone";
report "abuse" "spam" "desk@example.net";
keep;
""", {"INBOX": 1, "Work": 1}, ("one@example.net",), (SENDER, "desk@example.net"), ("Sent",),
        "sieve_extensions = +vnd.dovecot.report"),
    "programs": Story(
        """require ["fileinto", "mailbox", "copy", "enotify", "editheader", "imap4flags", "variables",
  "vnd.dovecot.pipe", "vnd.dovecot.filter", "vnd.dovecot.execute"];
filter "same";
execute :input "x" :output "said" "same";
addheader "X-Said" "${said}";
fileinto :copy :create :flags "\\\\Flagged" "Work";
notify :message "new mail" "mailto:pager@example.net";
pipe :copy "taker";
keep;
""", {"INBOX": 1, "Work": 1}, ("piped",), ("pager@example.net",), (),
        "sieve_extensions = +vnd.dovecot.pipe +vnd.dovecot.filter +vnd.dovecot.execute +editheader"),
    "refusal": Story('require "reject";\nreject "not here";\n', {}, (), status=77),
}
PLUGIN = """plugin {{
  {more}
  sieve_pipe_bin_dir = {base}/bin
  sieve_filter_bin_dir = {base}/bin
  sieve_filter_input_eol = lf
  sieve_execute_bin_dir = {base}/bin
}}
"""
TAKER = """#!/bin/sh
/bin/cat > /dev/null
echo piped >> {base}/sent
"""


@pytest.fixture(scope="module")
def program(programs):
    if programs.is_peer:
        pytest.skip("about our program alone")
    if injection.obstacle():
        pytest.skip(injection.obstacle())
    return programs.deliver


def make_site(program, story):
    site = LdaSite(program, story.script, parent="/dev/shm" if os.path.isdir("/dev/shm") else None)
    with open(site.path("tamis.conf"), "a") as file:
        file.write(PLUGIN.format(base=site.base, more=story.plugin))
    os.mkdir(site.path("bin"))
    for name, text in (("same", "#!/bin/sh\nexec /bin/cat\n"), ("taker", TAKER.format(base=site.base))):
        site.write(f"bin/{name}", text)
        os.chmod(site.path(f"bin/{name}"), 0o755)
    os.chmod(site.path("bin"), 0o755)
    return site


def is_reached(site):
    text = site.read("home/trace")
    return "(INJECTED)" in text or "SIGKILL" in text


def sweep(site, story):
    """A delivery some days later takes away what lies in tmp/."""
    later = ("env", f"LD_PRELOAD={FAKETIME}", "FAKETIME=+9d", "NO_FAKE_STAT=1", "FAKETIME_DISABLE_SHM=1",
             "FAKETIME_DONT_FAKE_MONOTONIC=1")
    status, output = site.deliver("-k", message=MESSAGE.replace(b"<1@", b"<2@"), wrapper=later)
    assert status == story.status, f"the delivery that sweeps: {output}"


def left_in_tmp(site):
    return [name for folder in ("", *site.maildir.folders()) for name in site.maildir.folder(folder).left_in_tmp()]


def copies_of_message(site, story):
    """By folder. What was sent may lie in its folder, once, whole, and never without having been sent."""
    for folder in story.sent_copies:
        replies = site.maildir.folder(folder).messages() if folder in site.maildir.folders() else []
        assert len(replies) <= site.sent().count(SENDER), f"{len(replies)} copies of what was sent: {site.sent()}"
        for reply in replies:
            assert reply.data.rstrip().endswith(b"gone"), f"{reply.path} is not whole"
    return site.copies(but=story.sent_copies)


def check_acknowledged(site, story):
    copies = copies_of_message(site, story)
    log = site.read("log")
    # A script or program that could not be run: the message is kept, and the log says so.
    if "but implicit keep was successful" in log or "Failed to open script" in log:
        assert copies in (story.whole, {"INBOX": 1}), f"kept with {copies}: {log}"
        assert all(site.sent().count(each) <= 1 for each in story.once), f"kept, sent {site.sent()}"
        assert copies == story.whole or not set(story.once) & set(site.sent()), "sent, then kept instead"
    else:
        assert copies == story.whole, f"acknowledged with {copies}: {log}"
        assert all(site.sent().count(each) == 1 for each in story.once), f"acknowledged, sent {site.sent()}: {log}"


def check_repeated(site, story, before, status):
    """The MTA tries again, now with nothing in the way."""
    again, output = site.deliver()
    assert again == story.status, f"the next attempt: {again}, {output}"
    copies = copies_of_message(site, story)
    if status == 75:
        assert copies == story.whole, f"the attempt after a failure: {copies}"
    for folder in story.whole:
        assert before.get(folder, 0) <= copies.get(folder, 0) <= before.get(folder, 0) + 1 and folder in copies, \
            f"the attempt after a kill: {before}, then {copies}"
    # Killed after it was sent, before that was remembered: the MTA's own way.
    most = 1 if status == 75 else 2
    for each in story.once:
        assert 1 <= site.sent().count(each) <= most, f"the attempt after {status}: sent {site.sent()}"
    for each in story.rarely[:1]:
        assert site.sent().count(each) <= (most if each != SENDER else 1), f"sent {site.sent()}"


@pytest.mark.parametrize("name", STORIES)
def test_each_call_fails_or_is_the_last(program, name):
    story = STORIES[name]
    first = make_site(program, story)
    status, output = first.deliver(wrapper=("strace", "-qq", "-y", "-o", first.path("home/trace")))
    assert status == story.status and copies_of_message(first, story) == story.whole, output + first.read("log")
    assert sorted(first.sent()) == sorted(story.once + story.rarely), first.sent()
    assert set(story.sent_copies) <= set(first.maildir.folders())
    since = f', "{first.path("tamis.conf")}", O_RDONLY' if injection.takes_all() else "home/.dovecot.sieve"
    wanted = injection.experiments(first.read("home/trace"), since)
    first.remove()
    outcomes = collections.Counter()

    def run(experiment):
        site = make_site(program, story)
        status, output = site.deliver(wrapper=experiment.wrapper(site.path("home/trace")))
        copies = copies_of_message(site, story)
        killed = status == -9
        outcomes["not reached" if not is_reached(site) else "killed" if killed else f"exit {status}"] += 1
        assert status in (0, story.status, 75, -9), f"exit {status}: {output}"
        if status in (0, story.status):
            check_acknowledged(site, story)
        else:
            assert killed == (experiment.fault == injection.KILL), f"killed: {killed}"
            if not killed:
                assert copies == {}, f"exit 75 left {copies}: {output}; {site.read('log')}"
            assert all(count <= 1 for count in copies.values()), f"exit {status} left {copies}"
            check_repeated(site, story, copies, status)
        if left_in_tmp(site) and FAKETIME:
            outcomes["left in tmp/, swept later"] += 1
            sweep(site, story)
            assert left_in_tmp(site) == []
        site.remove()

    complaints = injection.run_all(wanted, run)
    print(len(wanted), "experiments:", dict(outcomes))
    assert complaints == [], "\n".join(complaints)
    assert outcomes["killed"] > 10 and outcomes["exit 75"] > 0 and outcomes[f"exit {story.status}"] > 10, outcomes
