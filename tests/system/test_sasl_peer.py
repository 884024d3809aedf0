# SPDX-License-Identifier: MIT
"""GNU SASL's client completes every mechanism that it has against ours, and the same log-ins against Debian's Dovecot;
secrets made by doveadm and gsasl verify; our table says of each mechanism what Dovecot's auth server says."""
import base64
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import pytest

from child_process import ChildProcess
from gsasl_client import GsaslClient, GsaslError, library
from programs import PEER_MASTER, REPOSITORY
from waiting import wait_until

PROBE = pathlib.Path(REPOSITORY) / os.environ.get("TAMIS_PROBE_BUILD", os.environ.get("TAMIS_BUILD", "build")) / "tests/auth/sasl-probe"
DOVECOT_MECHANISMS = "plain login digest-md5 cram-md5 apop anonymous scram-sha-1 scram-sha-256 external xoauth2 oauthbearer"

pytestmark = pytest.mark.skipif(library() is None or not PROBE.exists(), reason="needs gsasl and the test programs")

EXPORTER = base64.b64encode(b"e" * 32).decode()
UNIQUE = base64.b64encode(b"u" * 12).decode()
HOST = {"service": "imap", "hostname": "mx.test"}
TIM = {"authid": "tim", "password": "tanstaaftanstaaf"}
PLAIN_TIM = ("--user", "tim", "plain", "tanstaaftanstaaf")


class Ours:
    """One exchange with sasl-probe."""

    def __init__(self, mechanism, *arguments):
        self._child = subprocess.Popen([PROBE, mechanism, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def send(self, response):
        """`response`: bytes, or None for no initial response. -> ("challenge", bytes), ("ok", words) or ("no", words)."""
        self._child.stdin.write(("-" if response is None else base64.b64encode(response).decode()) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline().rstrip("\n")
        if line.startswith("+ "):
            return "challenge", base64.b64decode(line[2:])
        words = line.split(" ")
        return words[0].lower(), words[1:]

    def end(self):
        self._child.stdin.close()
        self._child.stdout.close()
        assert self._child.wait(10) == 0


class TheirAuth:
    """Debian's Dovecot with an auth service alone."""

    def __init__(self, base, users):
        os.makedirs(f"{base}/state")
        pathlib.Path(f"{base}/users").write_text(users)
        pathlib.Path(f"{base}/oauth2").write_text("introspection_mode = post\nintrospection_url = http://127.0.0.1:9/\n")
        self.socket = f"{base}/run/auth-client"
        self.conf = f"{base}/dovecot.conf"
        pathlib.Path(self.conf).write_text(f"""
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols =
ssl = no
auth_mechanisms = {DOVECOT_MECHANISMS}
auth_failure_delay = 0
auth_username_chars =
auth_realms = r
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {base}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0
  }}
}}
""")
        self._child = ChildProcess([PEER_MASTER, "-F", "-c", self.conf], f"{base}/out")
        wait_until(lambda: os.path.exists(self.socket), "Dovecot's auth socket")

    def end(self):
        self._child.stop()


class Theirs:
    """One exchange with that Dovecot."""

    def __init__(self, auth, mechanism):
        self._mechanism = mechanism
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(30)
        self._connection.connect(auth.socket)
        self._lines = self._connection.makefile("rb")
        self._connection.sendall(b"VERSION\t1\t1\nCPID\t%d\n" % os.getpid())
        self.greeting = []
        while not self.greeting or self.greeting[-1] != "DONE":
            self.greeting.append(self._lines.readline().decode().rstrip("\n"))
        self._begun = False

    def send(self, response):
        encoded = "" if response is None else base64.b64encode(response).decode()
        if self._begun:
            line = f"CONT\t1\t{encoded}"
        else:
            line = f"AUTH\t1\t{self._mechanism}\tservice=imap\tfinal-resp-ok" + ("" if response is None else f"\tresp={encoded}")
            self._begun = True
        self._connection.sendall(line.encode() + b"\n")
        words = self._lines.readline().decode().rstrip("\n").split("\t")
        if words[0] == "CONT":
            return "challenge", base64.b64decode(words[2])
        if words[0] == "FAIL":
            return "no", words[2:]
        fields = dict(word.partition("=")[::2] for word in words[2:])
        return "ok", [fields["user"], "-", fields.get("resp", "-"), "-"]

    def end(self):
        self._connection.close()


def log_in(server, client, client_first):
    """The exchange up to its end: what the server says last."""
    said, content = client.step(b"") if client_first else (None, False)
    answer, words = server.send(said)
    while answer == "challenge":
        said, content = client.step(words)
        answer, words = server.send(said)
    if answer == "ok" and words[2] != "-":
        said, content = client.step(base64.b64decode(words[2]))
        assert said == b""
    if answer == "ok":
        assert content, "the client wants more"
    return answer, words


CASES = {
    # name: mechanism, the client's properties, the server's arguments, user, other identity, channel binding
    "plain": ("PLAIN", TIM, PLAIN_TIM, "tim", "-", "-"),
    "plain as another": ("PLAIN", TIM | {"authzid": "fred"}, PLAIN_TIM, "tim", "fred", "-"),
    "login": ("LOGIN", TIM, PLAIN_TIM, "tim", "-", "-"),
    "cram-md5": ("CRAM-MD5", TIM, PLAIN_TIM, "tim", "-", "-"),
    "digest-md5": ("DIGEST-MD5", TIM | HOST | {"realm": "r", "qop": "qop-auth"},
                   ("--user", "tim@r", "plain", TIM["password"], "--realm", "r", "--service", "imap"), "tim@r", "-", "-"),
    "digest-md5 as another": ("DIGEST-MD5", TIM | HOST | {"realm": "r", "qop": "qop-auth", "authzid": "fred"},
                              ("--user", "tim@r", "plain", TIM["password"], "--realm", "r"), "tim@r", "fred", "-"),
    "digest-md5 beyond ascii": ("DIGEST-MD5", HOST | {"authid": "josé", "password": "ñandú", "realm": "r", "qop": "qop-auth"},
                                ("--user", "josé@r", "plain", "ñandú", "--realm", "r"), "josé@r", "-", "-"),
    "scram-sha-1": ("SCRAM-SHA-1", TIM, PLAIN_TIM, "tim", "-", "-"),
    "scram-sha-256": ("SCRAM-SHA-256", TIM, PLAIN_TIM, "tim", "-", "-"),
    "scram as another": ("SCRAM-SHA-256", TIM | {"authzid": "fr,e=d"}, PLAIN_TIM, "tim", "fr,e=d", "-"),
    "scram, prepared": ("SCRAM-SHA-1", {"authid": "jose\u0301", "password": "I\u00adX\u2168"},
                        ("--user", "josé", "plain", "I\u00adX\u2168"), "josé", "-", "-"),
    "scram-sha-1-plus, unique": ("SCRAM-SHA-1-PLUS", TIM | {"tls_unique": UNIQUE},
                                 PLAIN_TIM + ("--binding", "tls-unique", UNIQUE), "tim", "-", "tls-unique"),
    "scram-sha-256-plus, unique": ("SCRAM-SHA-256-PLUS", TIM | {"tls_unique": UNIQUE},
                                   PLAIN_TIM + ("--binding", "tls-unique", UNIQUE), "tim", "-", "tls-unique"),
    "scram-sha-256-plus, exporter": ("SCRAM-SHA-256-PLUS", TIM | {"tls_exporter": EXPORTER},
                                     PLAIN_TIM + ("--binding", "tls-exporter", EXPORTER), "tim", "-", "tls-exporter"),
    "external": ("EXTERNAL", {}, PLAIN_TIM + ("--certificate", "tim"), "tim", "-", "-"),
    "external as another": ("EXTERNAL", {"authzid": "fred"}, PLAIN_TIM + ("--certificate", "tim"), "tim", "fred", "-"),
    "anonymous": ("ANONYMOUS", {"anonymous_token": "sirhc"}, (), "anonymous", "-", "-"),
}
SERVER_FIRST = ("LOGIN", "CRAM-MD5", "DIGEST-MD5")


@pytest.mark.parametrize("name", CASES)
def test_gsasl_logs_in(name):
    mechanism, properties, arguments, user, other, binding = CASES[name]
    for client_first in (False, True):
        if client_first and mechanism in SERVER_FIRST:
            continue
        server = Ours(mechanism, *arguments)
        with GsaslClient(mechanism, **properties) as client:
            answer, words = log_in(server, client, client_first)
        server.end()
        assert (answer, words[0], words[1], words[3]) == ("ok", user, other, binding)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS"])
def test_wrong_passwords_and_unknown_users_take_the_same_steps(mechanism):
    steps = []
    # A client that could bind to the channel does not take a mechanism without -PLUS.
    channel = {"tls_exporter": EXPORTER} if mechanism.endswith("-PLUS") else {}
    for properties in ({"authid": "tim", "password": "x"}, {"authid": "bob", "password": "x"}):
        server = Ours(mechanism, *PLAIN_TIM, "--binding", "tls-exporter", EXPORTER, "--realm", "r")
        with GsaslClient(mechanism, **properties, **HOST, realm="r", qop="qop-auth", **channel) as client:
            lengths = []
            answer, words = server.send(None)
            while answer == "challenge":
                lengths.append(len(words))
                answer, words = server.send(client.step(words)[0])
        server.end()
        steps.append((answer, lengths))
        assert words[0] == ("unknown_user" if properties["authid"] == "bob" or mechanism == "DIGEST-MD5" else "wrong_secret")
    assert steps[0] == steps[1]


def test_a_client_on_another_channel_is_refused():
    server = Ours("SCRAM-SHA-256-PLUS", *PLAIN_TIM, "--binding", "tls-exporter", EXPORTER)
    with GsaslClient("SCRAM-SHA-256-PLUS", **TIM, tls_exporter=base64.b64encode(b"x" * 32).decode()) as client:
        assert log_in(server, client, True) == ("no", ["bad_data", "channel", "bindings", "don't", "match"])
    server.end()


def test_a_client_notices_a_server_that_does_not_know_the_password():
    server = Ours("SCRAM-SHA-1", *PLAIN_TIM)
    with GsaslClient("SCRAM-SHA-1", **TIM) as client:
        _, challenge = server.send(client.step(b"")[0])
        answer, words = server.send(client.step(challenge)[0])
        assert answer == "ok"
        signature = bytearray(base64.b64decode(words[2]))
        signature[3] ^= 1
        with pytest.raises(GsaslError):
            client.step(bytes(signature))
    server.end()


def doveadm_secret(scheme, user):
    made = subprocess.run(["doveadm", "-c", "/dev/null", "pw", "-s", scheme, "-u", user, "-p", TIM["password"]], capture_output=True,
                          text=True, check=True).stdout
    return made.strip().partition("}")[2]


@pytest.mark.skipif(not shutil.which("doveadm"), reason="needs dovecot-core")
@pytest.mark.parametrize("scheme", ["CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_secrets_of_doveadm_verify(scheme):
    user = "tim@r" if scheme == "DIGEST-MD5" else "tim"
    server = Ours(scheme, "--user", user, scheme.lower(), doveadm_secret(scheme, user), "--realm", "r")
    with GsaslClient(scheme, **TIM, **HOST, realm="r", qop="qop-auth") as client:
        answer, words = log_in(server, client, scheme.startswith("SCRAM"))
    server.end()
    assert (answer, words[0]) == ("ok", user)


@pytest.mark.parametrize("scheme", ["SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_secrets_of_gsasl_verify(scheme):
    made = subprocess.run(["gsasl", "--mkpasswd", "--mechanism", scheme, "--password", TIM["password"], "--iteration-count", "5000"],
                          capture_output=True, text=True, check=True).stdout.strip().partition("}")[2]
    server = Ours(scheme, "--user", "tim", scheme.lower(), made)
    with GsaslClient(scheme, **TIM) as client:
        answer, words = log_in(server, client, True)
    server.end()
    assert (answer, words[0]) == ("ok", "tim")


@pytest.fixture(scope="module")
def their_auth():
    if os.getuid() != 0 or not os.path.exists(PEER_MASTER):
        pytest.skip("needs root and dovecot-core")
    base = tempfile.mkdtemp(prefix="tsasl-", dir="/tmp")
    os.chmod(base, 0o755)
    try:
        auth = TheirAuth(base, f"tim:{TIM['password']}\ntim@r:{TIM['password']}\n")
        yield auth
        auth.end()
    finally:
        shutil.rmtree(base)


def test_the_table_says_what_dovecot_says(their_auth):
    server = Theirs(their_auth, "PLAIN")
    theirs = {line for line in server.greeting if line.startswith("MECH\t")}
    server.end()
    ours = set(subprocess.run([PROBE, "table"], capture_output=True, text=True, check=True).stdout.splitlines())
    assert len(theirs) == len(DOVECOT_MECHANISMS.split())
    assert theirs <= ours
    assert sorted(line.split("\t")[1] for line in ours - theirs) == ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"]


@pytest.mark.parametrize("name", ["plain", "login", "cram-md5", "digest-md5", "scram-sha-1", "scram-sha-256", "anonymous"])
def test_the_same_client_logs_in_to_dovecot(their_auth, name):
    mechanism, properties, _, user, _, _ = CASES[name]
    server = Theirs(their_auth, mechanism)
    with GsaslClient(mechanism, **properties) as client:
        answer, words = log_in(server, client, mechanism not in SERVER_FIRST)
    server.end()
    assert (answer, words[0]) == ("ok", user)
