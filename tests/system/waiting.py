# SPDX-License-Identifier: MIT
"""Waiting for something to become true, with a deadline instead of a fixed sleep."""
import time

PATIENCE = 30.0
STEP = 0.01


def wait_until(question, what, patience=PATIENCE):
    """Asks `question` until its answer is true and returns the answer; AssertionError names `what` when time is up."""
    end = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience:g} s: {what}")
        time.sleep(STEP)
