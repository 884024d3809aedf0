# SPDX-License-Identifier: MIT
"""tamis-lmtp while some deliveries wait: for a mail program that hangs, for others of the same message. Everybody else's mail
goes on."""
import fcntl
import os
import struct
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from lmtp_site import LmtpSite
from waiting import wait_until

SCRIPT = ('require ["copy", "envelope"];\n'
          'if envelope :localpart :matches "to" "forward*" { redirect :copy "one@example.net"; }\n')
HANGING = "#!/bin/sh\necho begun >> {base}/sent\nwhile [ ! -e {base}/go-on ]; do sleep 0.1; done\n"
FORWARDS = 30  # more than there are worker threads
SLOTS = 12


def test_hanging_forwards_do_not_hold_up_other_mail(programs):
    if programs.is_peer:
        pytest.skip("about tamis-lmtp itself")
    site = LmtpSite(programs.lmtp, SCRIPT, sendmail=HANGING)
    try:
        with ThreadPoolExecutor(FORWARDS) as pool:
            forwards = [pool.submit(site.deliver, f"forward{n}") for n in range(FORWARDS)]
            wait_until(lambda: site.read("sent").count("begun") == SLOTS, "the mail program to hang")
            for number in range(5):
                begin = time.monotonic()
                assert site.deliver(f"plain{number}") == 250
                assert time.monotonic() - begin < 5
            wait_until(lambda: sum(forward.done() for forward in forwards) == FORWARDS - SLOTS, "the others' answers")
            with open(site.path("go-on"), "w"):
                pass
            codes = [forward.result() for forward in forwards]
        assert sorted(codes) == [250] * SLOTS + [451] * (FORWARDS - SLOTS)
        for number, code in enumerate(codes):
            assert site.copies(f"forward{number}") == ({"INBOX": 1} if code == 250 else {})
        assert "too many deliveries are sending at once" in site.read("log")
    finally:
        site.remove()


DUPLICATE = 'require "duplicate";\nif duplicate { discard; }\n'
COPIES = 60


def test_copies_of_one_message_do_not_hold_up_other_mail(programs):
    if programs.is_peer:
        pytest.skip("about tamis-lmtp itself")
    site = LmtpSite(programs.lmtp, DUPLICATE)
    try:
        assert site.deliver("other") == 250
        # Somebody asks about every id of this user, and stops there.
        with open(site.path("homes/warm/Maildir/tamis-memory.sqlite.lock"), "r+b") as lock, ThreadPoolExecutor(COPIES) as pool:
            fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
            os.unlink(site.path("homes/warm/Maildir/tamis-memory.sqlite"))
            copies = [pool.submit(site.deliver, "warm") for _ in range(COPIES)]
            wait_until(lambda: sum(copy.done() for copy in copies) > COPIES // 2, "most answers")
            begin = time.monotonic()
            assert site.deliver("plain") == 250
            assert time.monotonic() - begin < 2
            fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_UNLCK, 0, 0, 0, 0))
        codes = [copy.result() for copy in copies]
        assert set(codes) == {250, 451}, codes
        assert "Too many deliveries of the same message wait for each other" in site.read("log")
        # Each comes again, and is the same as one that is there.
        assert site.deliver("warm") == 250
        assert site.copies("warm")["INBOX"] <= 1 + codes.count(250)
    finally:
        site.remove()
