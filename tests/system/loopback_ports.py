# SPDX-License-Identifier: MIT
"""Loopback ports that are free now, outside the range that the kernel hands out for outgoing connections."""
import random
import socket

FIRST, LAST = 20000, 32000
_chosen = set()
_random = random.SystemRandom()


def free_port():
    while True:
        port = _random.randrange(FIRST, LAST)
        if port in _chosen:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _chosen.add(port)
        return port
