# SPDX-License-Identifier: MIT
"""tamis-lda where something fails after the message was stored: exit 0, or 75 with nothing left behind."""
import os
import pwd
import subprocess
import time

import pytest
from lda_site import GROUP, USER, LdaSite
from waiting import wait_until

SLEEPING_SENDMAIL = "#!/bin/sh\necho $$ > {base}/pid\nsleep 30\necho sent >> {base}/sent\n"


@pytest.fixture
def make_site(programs):
    if programs.is_peer:
        pytest.skip("about our program alone")
    made = []

    def make(*arguments, **options):
        made.append(LdaSite(programs.deliver, *arguments, **options))
        return made[-1]

    yield make
    for site in made:
        site.remove()


def is_running(pid):
    return os.path.exists(f"/proc/{pid}") and "State:\tZ" not in open(f"/proc/{pid}/status").read()


def test_a_forward_that_hangs_ends_with_the_deadline_and_leaves_nothing(make_site):
    site = make_site('require "copy"; redirect :copy "one@example.net";', more="lda_timeout = 2 secs",
                     sendmail=SLEEPING_SENDMAIL)
    begin = time.monotonic()
    status, output = site.deliver()
    assert status == 75 and output.startswith("4."), output
    assert time.monotonic() - begin < 15
    assert site.copies() == {}
    assert not is_running(int(site.read("pid")))
    assert site.sent() == []
    assert "failed to redirect message to <one@example.net>" in site.read("log")


def test_a_vacation_reply_that_hangs_does_not_undo_the_delivery(make_site):
    site = make_site('require "vacation"; vacation "gone";', more="lda_timeout = 2 secs", sendmail=SLEEPING_SENDMAIL)
    status, output = site.deliver()
    assert status == 0, output
    assert site.copies() == {"INBOX": 1}
    assert not is_running(int(site.read("pid")))


def test_the_deadline_ends_a_wait_before_the_delivery_and_says_so(make_site):
    site = make_site(more="lda_timeout = 1 secs")
    child = site.start()  # its standard input stays open: the message never ends
    status = child.wait(timeout=30)
    assert status == 75
    assert child.stdout.read() == b"4.4.2 The delivery did not end within lda_timeout\n"
    assert "Error: The delivery did not end within lda_timeout" in site.read("log")
    child.communicate()
    assert site.copies() == {}


def test_no_process_left_for_sendmail(make_site):
    """RLIMIT_NPROC: neither the reply nor the forward can be started."""
    site = make_site('require ["vacation", "copy"]; vacation "gone";')
    limited = ("prlimit", "--nproc=1", "--")
    if site.deliver(wrapper=limited)[0] != 0 and "prlimit" in site.read("log"):
        pytest.skip("no prlimit here")
    assert site.copies() == {"INBOX": 1}
    assert site.sent() == []
    assert "failed to send vacation response" in site.read("log")
    forward = make_site('require "copy"; redirect :copy "one@example.net";')
    status, output = forward.deliver(wrapper=limited)
    assert status == 75, output
    assert forward.copies() == {}
    status, output = forward.deliver()
    assert status == 0 and forward.copies() == {"INBOX": 1} and forward.sent() == ["one@example.net"], output


def test_filters_of_the_administrator_that_cannot_be_listed_are_told(make_site):
    """As with Pigeonhole: an error in the server's log, and the message is kept."""
    site = make_site('redirect "one@example.net";')
    os.mkdir(site.path("before"), 0o700)
    site.write("before/1.sieve", "discard;")
    site.write("tamis.conf", site.read("tamis.conf") + f"plugin {{\n  sieve_before = {site.path('before')}\n}}\n")
    status, output = site.deliver()
    assert status == 0, output
    assert site.copies() == {"INBOX": 1} and site.sent() == []
    error = f"Error: sieve: Failed to open script `{site.path('before')}': opendir({site.path('before')}) failed: Permission denied"
    assert error in site.read("log")
    assert '"result":"unreadable"' in site.read("home/Maildir/tamis-deliveries.jsonl")


def test_a_record_is_kept_where_the_home_takes_none(make_site, programs):
    site = make_site('redirect "one@example.net";')
    os.chmod(site.path("home"), 0o500)
    status, output = site.deliver()
    assert status in (0, 75), output
    spare = site.path(f"state/deliveries/{pwd.getpwnam(USER).pw_uid}/u@example.com.jsonl")
    assert os.stat(spare).st_mode & 0o777 == 0o600
    environment = {"HOME": site.path("home"), "USER": "u@example.com", "PATH": "/usr/bin:/bin"}
    explained = subprocess.run([*programs.doveconf[:1], "explain", "-c", site.path("tamis.conf")], user=USER, group=GROUP,
                               extra_groups=[], env=environment, cwd="/", capture_output=True, text=True, check=False)
    assert explained.returncode == 0, explained.stderr
    assert "<1@example.org>" in explained.stdout
