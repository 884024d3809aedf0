# SPDX-License-Identifier: MIT
"""`tamis pw` against Debian's `doveadm pw`: what either makes the other verifies, and both say the same of all else."""
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

import pytest

from programs import REPOSITORY

TAMIS = os.path.join(os.environ.get("TAMIS_BUILD", os.path.join(REPOSITORY, "build")), "src", "bin", "tamis")
DOVEADM = "/usr/bin/doveadm"
USER = "ana@x.example"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}

pytestmark = pytest.mark.skipif(not os.path.exists(DOVEADM) or not os.path.exists(TAMIS),
                                reason="needs doveadm and a built tamis")

SCHEMES = """ARGON2I ARGON2ID BLF-CRYPT CLEAR CLEARTEXT CRAM-MD5 CRYPT DES-CRYPT DIGEST-MD5 HMAC-MD5 LDAP-MD5 MD5
    MD5-CRYPT OTP PBKDF2 PLAIN PLAIN-MD4 PLAIN-MD5 PLAIN-TRUNC SCRAM-SHA-1 SCRAM-SHA-256 SHA SHA1 SHA256 SHA256-CRYPT
    SHA512 SHA512-CRYPT SMD5 SSHA SSHA256 SSHA512""".split()


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("doveadm")
    config = folder / "dovecot.conf"
    config.write_text(f"base_dir = {folder}/run\nlog_path = /dev/stderr\n")
    return [DOVEADM, "-c", str(config), "pw"]


OURS = [TAMIS, "pw"]


def run(command, *arguments, given=None):
    done = subprocess.run([*command, *arguments], env=ENVIRONMENT, input=given, capture_output=True, text=True, timeout=60,
                          **({} if given is not None else {"stdin": subprocess.DEVNULL}))
    # Of a mistake in the options getopt says the same for both; our usage follows.
    said = [line for line in done.stderr.splitlines() if not re.match(r"usage:|  ", line)]
    return done.returncode, done.stdout, said


def made(command, *arguments):
    code, out, said = run(command, *arguments)
    assert (code, said) == (0, [])
    return out.removesuffix("\n")


def test_the_schemes_are_the_peers(peer):
    assert run(OURS, "-l") == run(peer, "-l")
    assert sorted(made(OURS, "-l").split()) == SCHEMES


@pytest.mark.parametrize("password", ["secret", "", "pä$s wörd {x}:'\\", "x" * 130])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_either_makes_the_other_verifies(peer, scheme, password):
    for encoding in ("", ".hex", ".b64", ".Base64") if password == "secret" else ("",):
        for maker, judge in ((peer, OURS), (OURS, peer)):
            name = scheme + encoding
            stored = made(maker, "-s", name.lower(), "-p", password, "-u", USER)
            assert stored.startswith("{" + name.upper() + "}")
            if scheme == "PLAIN-TRUNC":  # both make it without its length
                stored = f"{{PLAIN-TRUNC}}{len(password.encode())}-{password}"
            assert made(judge, "-t", stored, "-p", password, "-u", USER) == stored + " (verified)"
            if stored == "{PLAIN-TRUNC}0-":
                continue  # the beginning of any password
            wrong = run(judge, "-t", stored, "-p", "y" + password[1:], "-u", USER)
            assert wrong == (75, "", ["Fatal: reverse password verification check failed: Password mismatch"])
        if scheme.startswith("ARGON2"):
            break  # slow; the encoding is one for all schemes


@pytest.mark.parametrize("arguments", [
    ["-s", "BLF-CRYPT", "-r", "3"], ["-s", "BLF-CRYPT", "-r", "6"], ["-r", "7"], ["-s", "SHA256-CRYPT", "-r", "999"],
    ["-s", "SHA512-CRYPT", "-r", "1234"], ["-s", "SHA512-CRYPT", "-r", "5000"], ["-s", "PBKDF2", "-r", "77"],
    ["-s", "ARGON2I", "-r", "3"], ["-s", "ARGON2I", "-r", "6"], ["-s", "ARGON2ID", "-r", "1"], ["-s", "ARGON2ID", "-r", "3"],
    ["-s", "MD5-CRYPT", "-r", "8"], ["-s", "SSHA", "-r", "8"], ["-r", "0"]], ids=" ".join)
def test_rounds_are_the_peers(peer, arguments):
    def form(text):  # the parameters, without salt and digest
        return re.sub(r"[\w./+=]{8,}", "*", text)
    assert form(made(OURS, "-p", "secret", *arguments)) == form(made(peer, "-p", "secret", *arguments))


BCRYPT = "$2y$05$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW"
SCRAM = "4096,ZGZ21E3ZWRaV9LmHxfHCEw==,yQjJQXfjrZDUiJYlcqduC9qQIZM=,syMnBbEajlou+kvVKhBqsjp0r0c="
KEY = "6726ec5faa31e993fa1dfb554f7bd0aec65dae73"
STORED = """
    secret {PLAIN $5$salt$hash {}x {NOPE}secret {LANMAN}x {NTLM}x {PLAIN.foo}x {PLAIN.}x {PLAIN.hex.b64}x {plain}secret
    {PLAIN}wrong {PLAIN.hex}zz {PLAIN.hex}736563726574 {PLAIN.hex}7365637265740 {PLAIN.b64}c2VjcmV= {PLAIN.b64}c2Vjc!V0
    {PLAIN.b64}c2VjcmV0= {PLAIN.b64}c2VjcmU=c2Vj
    {MD5}5ebe2294ecd0e0f08eab7690d2a6ee69 {MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ== {MD5}junk {MD5} {MD5.hex}244124 {MD5-CRYPT}junk
    $1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31 $1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31$junk {MD5-CRYPT}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31$x
    {CRYPT} {CRYPT}x {CRYPT}* {CRYPT}*0 {CRYPT}!zbeGdyLQZlAcg {CRYPT}zbeGdyLQZlAcg {CRYPT}$9$junk {CRYPT}$1$R/6m..lG$c0lmgNX8KuqqmlN/8Nd.31
    {CRYPT}BCRYPT {BLF-CRYPT}junk {BLF-CRYPT}$2y$05$short {CRYPT}$2y$05$short {BLF-CRYPT}$6$saltstring$x
    {BLF-CRYPT}$2y$99$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW {CRYPT}$2y$99$9u8gv3cvT0JQWBBLsDXpxuPQGkUYqHemEkgyafyzcgKEsah6KDAsW
    {CRYPT}$y$j75$abcdefghijklmnop$vZlXu1XtxOBWRxjOpQqONp1WYfMO0dN.H4xeSMU2ZvC
    {CRYPT}$7$2/..../....abcdefgh$kHEeDodFTV5Cc2VGekkiNLRssGQkikPda7XhqPUj1O7 {CRYPT}$3$$878d8014606cda29677a44efa1353fc7
    {CRYPT}$md5,rounds=100$abcdefgh$$noNcKnd3KA8lreQhy3vXg0 {CRYPT}$sha1$1000$abcdefgh$ji8ESnkwjcTjo4hThodnLYyi.3yG
    {SHA512-CRYPT}BCRYPT {SHA512-CRYPT}junk
    {SHA}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4 {SHA}E5E9FA1BA31ECD1AE84F75CAAA474F3A663F05F4 {SHA}5en6G6MezRroT3XKqkdPOmY/BfQ
    {SHA}5en6 {SHA} {SHA.HEX}5en6 {SHA}zze9fa1ba31ecd1ae84f75caaa474f3a663f05f4 {SHA.b64}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4
    {SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ= {SMD5} {SMD5}aaaa {SSHA256}aaaa {SSHA512}aaaa
    {PLAIN-TRUNC}3-sec {PLAIN-TRUNC}9-secret {PLAIN-TRUNC}2-secret {PLAIN-TRUNC}secret {PLAIN-TRUNC}-secret {PLAIN-TRUNC}0-
    {PLAIN-TRUNC}99999999999999999999-secret {PLAIN-TRUNC}
    {CRAM-MD5}zTun3qrW5cojRIukLjeXR6ng9/H7wAyKgbuqw5VzG1Y= {CRAM-MD5}zTun {CRAM-MD5.hex}cd3b
    {PBKDF2}$1$h.oIy4sbjlsBg0dc$5000$KEY {PBKDF2}$1$h.oIy4sbjlsBg0dc$5000$6726 {PBKDF2}$1$h.oIy4sbjlsBg0dc$5000 {PBKDF2}$1$s$x$KEY
    {PBKDF2}$1$s$0$KEY {PBKDF2}$2$s$1$KEY {PBKDF2}
    {SCRAM-SHA-1}SCRAM {SCRAM-SHA-1}4095,SCRAM {SCRAM-SHA-1}x,a,b,c {SCRAM-SHA-1}1,2,3 {SCRAM-SHA-1}4095,ZGZ2,b,c
    {SCRAM-SHA-1}4096,ZGZ2,yQj,syMn {SCRAM-SHA-256}SCRAM {SCRAM-SHA-1}4096,ZGZ2,yQjJQXfjrZDUiJYlcqduC9qQIZM=,sy
    {ARGON2I}junk {ARGON2ID} {ARGON2ID}$argon2id$v=19$m=0,t=3,p=1$VFWubMRwDrnBEj088EmL9g$EZcEEbUzYpdum+4zqF3DhmU5OKzRbb3gTuxraNHsb0g
    {CRYPT}$argon2id$v=19$m=65536,t=3,p=1$VFWubMRwDrnBEj088EmL9g$EZcEEbUzYpdum+4zqF3DhmU5OKzRbb3gTuxraNHsb0g
    {OTP}junk {OTP}
    """.replace("BCRYPT", BCRYPT).replace("}SCRAM", "}" + SCRAM).replace("KEY", KEY).split()
OTP = ["sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e", "sha1 1024 47785AC25E7A93C2 8FC287CC82BBCC7E",
       "SHA1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e", "sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7f",
       "sha1  1024 47785ac25e7a93c2 8fc287cc82bbcc7e", "sha1 1024 47785ac25e7a93c2 8fc287cc82bbcc7e x",
       "sha1 01024 47785ac25e7a93c2 8fc287cc82bbcc7e", "sha1 0 47785ac25e7a93c2 8fc287cc82bbcc7e", "md9 0 a 8fc287cc82bbcc7e",
       "sha1 5  8fc287cc82bbcc7e", "sha1 5 12345678901234567 8fc287cc82bbcc7e", "sha1 5 a 8fc287cc82bbcc7"]


@pytest.mark.parametrize("stored", STORED + ["{OTP}" + state for state in OTP] + ["{PLAIN.b64}c2Vj cmV0", "{PLAIN.b64}c2VjcmV0\n"])
def test_of_any_stored_password_both_say_the_same(peer, stored):
    assert run(OURS, "-t", stored, "-p", "secret") == run(peer, "-t", stored, "-p", "secret")


@pytest.mark.parametrize("arguments", [
    ["-p", "secret", "-s", "nope"], ["-p", "secret", "-s", "sha.foo"], ["-p", "secret", "-s", "digest-md5"],
    ["-p", "secret", "-s", "digest-md5", "-V"], ["-p", "secret", "-s", "digest-md5", "-u", "ana"],
    ["-p", "secret", "-s", "digest-md5", "-u", "a@b@c"], ["-p", "secret", "-V", "-s", "plain-trunc"],
    ["-p", "secret", "-V", "-s", "sha"], ["-p", "", "-s", "plain", "-V"], ["-p", "secret", "-s", "argon2i", "-r", "2"],
    ["-p", "secret", "-r", "4294967296"], ["-p", "secret", "extra"], ["-l", "extra"], ["-l", "-s", "nope"], ["-x"], ["-t"],
    ["-p", "secret", "-t", "{PLAIN}secret", "-s", "nope"],
    ["-p", "secret", "-t", "{DIGEST-MD5}7bc999a0afdf4a941545b1221466aee9", "-u", USER],
    ["-p", "secret", "-t", "{DIGEST-MD5}7bc999a0afdf4a941545b1221466aee9", "-u", "ANA@x.example"],
    ["-p", "secret", "-t", "{DIGEST-MD5}7bc999a0afdf4a941545b1221466aee9"]], ids=" ".join)
def test_options_and_errors_are_the_peers(peer, arguments):
    assert run(OURS, *arguments) == run(peer, *arguments)


def test_differences_that_are_meant():
    assert run(OURS, "-p", "secret", "-r", "x") == (75, "", ["Fatal: Invalid number of rounds: x"])
    assert run(OURS, "-p", "secret", "-r", "-1") == (75, "", ["Fatal: Invalid number of rounds: -1"])
    assert run(OURS, "-p", "secret", "-s", "blf-crypt", "-r", "31") == (
        75, "", ["Fatal: 31 rounds are too many, the most are 20"])
    begin = time.monotonic()
    for costly in ("{CRYPT}" + BCRYPT.replace("$05$", "$31$"), "{OTP}sha1 4294967295 a 8fc287cc82bbcc7e",
                   "{ARGON2ID}$argon2id$v=19$m=4194304,t=9,p=1$VFWubMRwDrnBEj088EmL9g$EZcEEbUzYpdum+4zqF3DhmU5OKzRbb3gTuxraNHsb0g"):
        assert run(OURS, "-t", costly, "-p", "secret") == (
            75, "", ["Fatal: reverse password verification check failed: Stored password asks for more work than is allowed"])
    assert time.monotonic() - begin < 5
    assert made(OURS, "-p", "secret", "-s", "scram-sha-1", "-r", "5000").startswith("{SCRAM-SHA-1}5000,")
    assert run(OURS, given="") == (75, "", ["Fatal: no password was given"])
    assert run(OURS, given="secret\n") == (75, "", ["Fatal: no password was given"])


def test_without_a_terminal_lines_of_standard_input_are_read(peer):
    for command in (OURS, peer):
        assert run(command, "-s", "sha", given="secret\nsecret\n") == (0, "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n", [])
        assert run(command, "-t", "{PLAIN}secret", given="secret\n") == (0, "{PLAIN}secret (verified)\n", [])
    assert run(OURS, "-s", "sha", given="a\nb\nsecret\nsecret") == (
        0, "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n", ["Error: Passwords don't match!"])


class Terminal:
    """A program in a pseudo terminal, which is asked for its echo before each answer."""

    def __init__(self, command):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(command[0], command, ENVIRONMENT)
        self.output = b""

    def read_until(self, end=None):
        limit = time.monotonic() + 20
        while time.monotonic() < limit and not (end and self.output.endswith(end)):
            if select.select([self.terminal], [], [], 0.1)[0]:
                try:
                    data = os.read(self.terminal, 4096)
                except OSError:  # the program has ended
                    return
                if not data:
                    return
                self.output += data
        assert end and self.output.endswith(end), self.output

    def echoes(self):
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def answer(self, text):
        self.read_until(b": ")
        limit = time.monotonic() + 20
        while self.echoes():  # the peer turns it off after its prompt
            assert time.monotonic() < limit
            time.sleep(0.01)
        os.write(self.terminal, text)
        self.output += b"|"

    def end(self):
        self.read_until()
        _, status = os.waitpid(self.pid, 0)
        os.close(self.terminal)
        return self.output.replace(b"\r", b"").replace(b"|", b""), status


@pytest.mark.parametrize("arguments, answers, status", [
    (["-s", "sha"], [b"secret\n", b"secret\n"], 0),
    (["-s", "sha"], [b"secret\n", b"other\n", b"secret\n", b"secret\n"], 0),
    (["-s", "sha"], [b"secret\n", b"other\n"] * 3, 1),
    (["-t", "{PLAIN}secret"], [b"secret\n"], 0),
    (["-t", "{PLAIN}secret"], [b"other\n"], 75)])
def test_the_terminal_asks_as_the_peer_does_and_shows_no_password(peer, arguments, answers, status):
    outputs = []
    for command in (OURS, peer):
        terminal = Terminal([*command, *arguments])
        for answer in answers:
            terminal.answer(answer)
        output, ended = terminal.end()
        assert os.WEXITSTATUS(ended) == status
        assert b"other" not in output and b"secret\n" not in output.replace(b"{PLAIN}secret", b"")
        outputs.append(output)
    assert outputs[0] == outputs[1]


def test_an_interrupt_turns_the_echo_on_again():
    shell = Terminal(["/bin/sh", "-c", f"trap : INT; '{TAMIS}' pw; echo status $?; read -r line"])
    shell.answer(b"half\x03")
    shell.read_until(b"status 130\r\n")
    assert shell.echoes()
    os.kill(shell.pid, signal.SIGKILL)
    os.waitpid(shell.pid, 0)
    os.close(shell.terminal)


def test_it_answers_to_doveadm(tmp_path):
    os.symlink(os.path.abspath(TAMIS), tmp_path / "doveadm")
    assert made([str(tmp_path / "doveadm"), "pw"], "-s", "plain", "-p", "x") == "{PLAIN}x"


def test_the_check_of_a_configuration_tells_of_weak_passwords(tmp_path):
    users = tmp_path / "users"
    users.write_text("ana:{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69:1000:1000::/home/ana::\nbob:{SHA512}x:1000:1000::/h::\n")
    config = tmp_path / "tamis.conf"

    def check(line):
        config.write_text(f"{line}\npassdb {{\n  driver = passwd-file\n  args = {users}\n}}\n"
                          f"userdb {{\n  driver = passwd-file\n  args = {users}\n}}\n")
        done = subprocess.run([TAMIS, "config", "-c", str(config), "--check"], capture_output=True, text=True, check=False)
        assert "5ebe" not in done.stdout
        return done

    done = check("")
    assert done.returncode == 0
    assert "tamis.conf:4:10: warning: " in done.stdout
    assert f"{users}: 1 password of the scheme PLAIN-MD5, the first on line 1, which is weak: easily undone" in done.stdout
    assert "such log-ins are refused" in check("auth_allow_weak_schemes = no").stdout
    users.write_text("ana:{SHA512-CRYPT}x:1000:1000::/home/ana::\n")
    assert "weak" not in check("").stdout
