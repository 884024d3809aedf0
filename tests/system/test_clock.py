# SPDX-License-Identifier: MIT
"""fixtures/scenarios/clock: the set-up of spain-lda while wall time steps (libfaketime)."""
import glob
import os
import re
import smtplib
import subprocess
import time

import pytest

from mail_builder import SENDER, mail, new_message_id, to_wire
from maildir_view import Maildir
from waiting import wait_until

ANA = "ana@dominio.example"
LIBRARY = (glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + [""])[0]
HOUR, DAY = 3600, 86400
LMTP_CONF = """!include dovecot.conf
protocols = lmtp
mail_uid = @VMAIL@
mail_gid = @VMAIL@
service lmtp {
  process_min_avail = 1
  inet_listener lmtp {
    address = 127.0.0.1
    port = @LMTP_PORT@
  }
}
# Dovecot hands on only the variables named here
import_environment = TZ LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE NO_FAKE_STAT FAKETIME_DONT_FAKE_MONOTONIC DONT_FAKE_MONOTONIC
"""

pytestmark = pytest.mark.skipif(not LIBRARY, reason="needs libfaketime")


class Clock:
    """Wall time for the programs that run with `environment`; monotonic time goes on as it is."""

    def __init__(self, path):
        self._path = path
        self.step_to(0)
        self.environment = {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": path, "FAKETIME_NO_CACHE": "1",
                            "NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}

    def step_to(self, offset_seconds):
        with open(self._path + ".next", "w") as file:
            file.write(f"{offset_seconds:+d}s\n")
        os.chmod(self._path + ".next", 0o644)
        os.rename(self._path + ".next", self._path)


def make(make_scenario):
    scenario = make_scenario("spain-lda", config="lmtp.conf", replace={"lmtp.conf": LMTP_CONF})
    scenario.postfix.make_directories()
    return scenario, Clock(os.path.join(scenario.base, "faketime"))


@pytest.fixture
def site(make_scenario):
    """The LDA's server, where it needs one, runs with true time: only the LDA's clock steps."""
    scenario = make_scenario("spain-lda")
    if scenario.programs.is_peer:
        scenario.start_server()
    return scenario, Clock(os.path.join(scenario.base, "faketime"))


def inbox(scenario):
    return Maildir(os.path.join(scenario.home(ANA), "Maildir"))


def test_the_lda_delivers_under_new_names_whatever_the_clock_says(site):
    scenario, clock = site
    for offset in (0, -9, -HOUR, -400 * DAY, 400 * DAY, 0, 0):
        clock.step_to(offset)
        result = scenario.lda("-d", ANA, message=mail(), account="vmail", env=clock.environment)
        assert result.returncode == 0, result
    assert len(inbox(scenario).messages()) == 7
    assert len({unique_part(m.name) for m in inbox(scenario).messages()}) == 7


def test_the_lda_delivers_when_the_clock_steps_while_it_reads(site):
    scenario, clock = site
    vmail = scenario.accounts["vmail"]
    for offset in (-9, -3, HOUR):
        clock.step_to(0)
        lda = subprocess.Popen([scenario.programs.deliver, "-c", scenario.conf, "-d", ANA], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", user=vmail.pw_uid,
                               group=vmail.pw_gid, extra_groups=[], env=clock.environment | {"PATH": "/usr/bin:/bin"})
        message = mail(body=b"x" * 70 + b"\n")
        lda.stdin.write(message[:100])
        lda.stdin.flush()
        wait_until(lambda: drained(lda.stdin), "the LDA to read")
        clock.step_to(offset)
        output, _ = lda.communicate(message[100:], timeout=30)
        assert lda.returncode == 0, output
    assert len({unique_part(m.name) for m in inbox(scenario).messages()}) == 3


def drained(pipe):
    import fcntl
    import struct
    import termios
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0] == 0


def unique_part(name):
    return name.split(",")[0].split(":")[0]


class Connection:
    def __init__(self, scenario):
        self._client = smtplib.LMTP("127.0.0.1", scenario.ports["LMTP_PORT"], local_hostname="client.example")
        self._client.ehlo()

    def deliver(self):
        message_id = new_message_id()
        for command in (f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{ANA}>"):
            assert self._client.docmd(command)[0] == 250
        assert self._client.docmd("DATA")[0] == 354
        self._client.send(to_wire(mail(message_id=message_id)) + b".\r\n")
        assert self._client.getreply()[0] == 250
        return message_id


@pytest.fixture
def lmtp_site(make_scenario):
    scenario, clock = make(make_scenario)
    scenario.start_server(env=clock.environment | {"PATH": "/usr/sbin:/usr/bin:/bin"})
    return scenario, clock


@pytest.mark.parametrize("offset", [HOUR, DAY, -3])
def test_an_open_lmtp_connection_goes_on_after_a_step(lmtp_site, offset):
    scenario, clock = lmtp_site
    connection = Connection(scenario)
    connection.deliver()
    clock.step_to(offset)
    began = time.monotonic()
    for _ in range(3):
        connection.deliver()
    assert scenario.programs.is_peer or time.monotonic() - began < 2.0
    assert len(inbox(scenario).messages()) == 4
    assert scenario.server.running()


@pytest.mark.peer_differs
@pytest.mark.parametrize("offset", [-9, -HOUR])
def test_an_open_lmtp_connection_survives_a_step_back_and_warns_once(lmtp_site, offset):
    scenario, clock = lmtp_site
    connection = Connection(scenario)
    connection.deliver()
    clock.step_to(offset)
    for _ in range(3):
        connection.deliver()
    Connection(scenario).deliver()
    messages = inbox(scenario).messages()
    assert len({unique_part(m.name) for m in messages}) == 5
    assert len(re.findall(r"Time moved backwards by \d+(?:\.\d+)? seconds", scenario.log())) == 1
    assert scenario.server.running()


@pytest.mark.peer_differs
def test_a_step_forward_is_warned_of_once(lmtp_site):
    scenario, clock = lmtp_site
    connection = Connection(scenario)
    connection.deliver()
    clock.step_to(HOUR)
    for _ in range(3):
        connection.deliver()
    assert len(re.findall(r"Time jumped forwards \d+", scenario.log())) == 1


def test_names_are_new_after_a_restart_in_the_past(lmtp_site):
    scenario, clock = lmtp_site
    Connection(scenario).deliver()
    scenario.stop_server()
    clock.step_to(-1)
    scenario.start_server(env=clock.environment | {"PATH": "/usr/sbin:/usr/bin:/bin"})
    for _ in range(3):
        Connection(scenario).deliver()
    assert len({unique_part(m.name) for m in inbox(scenario).messages()}) == 4
