# SPDX-License-Identifier: MIT
"""tamis-lmtp while the mail program hangs: those who forward wait for it, everybody else's mail goes on."""
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
