# SPDX-License-Identifier: MIT
"""tamis-lmtp as a program: sockets, pid file, privileges, signals, TLS, limits; without a Postfix."""
import glob
import os
import pwd
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time

import pytest
from child_process import ChildProcess
from loopback_ports import free_port
from waiting import wait_until

CONFIGURATION = """
base_dir = {base}/run
log_path = {base}/log
protocols = lmtp
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
hostname = mx.example.com
login_greeting = ready.
login_trusted_networks = 127.0.0.0/8
recipient_delimiter = +
postmaster_address = postmaster@example.com
mail_location = maildir:~/Maildir
mail_uid = {owner}
mail_gid = {group}
mail_temp_dir = {base}/tmp
lmtp_max_message_size = 20 M
userdb {{
  driver = passwd-file
  args = {base}/users
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0660
  }}
  unix_listener {base}/other/lmtp {{
    mode = 0600
    user = {owner}
  }}
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener lmtps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
  {service}
}}
{more}
"""
MESSAGE = b"From: a@example.org\r\nMessage-ID: <%s@example.org>\r\nSubject: hello\r\n\r\nbody\r\n"


class Site:
    def __init__(self, program, owner, group):
        self.program = program
        self.base = tempfile.mkdtemp(prefix="tl-", dir="/tmp")
        os.chmod(self.base, 0o755)
        self.port, self.tls_port = free_port(), free_port()
        self.owner, self.group = owner, group
        for name in ("mail", "tmp", "other"):
            os.mkdir(self.path(name))
            shutil.chown(self.path(name), owner, group)
        with open(self.path("users"), "w") as file:
            for user in ("jdoe", "bob", "user1", "user2"):
                file.write(f"{user}@example.com:::::{self.base}/mail/{user}\n")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.path("key.pem"), "-out", self.path("cert.pem"), "-days", "2", "-subj",
                        "/CN=mx.example.com"], check=True, stderr=subprocess.DEVNULL)
        os.chmod(self.path("key.pem"), 0o600)
        self.server = None
        self.configure()

    def path(self, *parts):
        return os.path.join(self.base, *parts)

    def configure(self, service="", more=""):
        with open(self.path("tamis.conf"), "w") as file:
            file.write(CONFIGURATION.format(base=self.base, owner=self.owner, group=self.group, port=self.port,
                                            tls_port=self.tls_port, service=service, more=more))

    def start(self, env=None):
        self.server = ChildProcess([self.program, "-c", self.path("tamis.conf")], self.path("output"), env)
        wait_until(lambda: "starting up for lmtp" in self.log() or not self.server.running(), "the server's start")
        assert self.server.running(), self.server.output()

    def run_once(self, *options):
        return subprocess.run([self.program, "-c", self.path("tamis.conf"), *options], capture_output=True, text=True,
                              timeout=20)

    def log(self):
        try:
            with open(self.path("log"), errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def wait_for_log(self, pattern):
        return wait_until(lambda: re.search(pattern, self.log()), f"{pattern} in the log\n{self.log()[-2000:]}")

    def stop(self):
        if self.server:
            self.server.stop()
        shutil.rmtree(self.base)

    def client(self):
        return smtplib.LMTP(self.path("run", "lmtp"), local_hostname="client.example")

    def raw(self):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return connection, connection.makefile("rb")

    def inbox(self, user):
        return [open(path, "rb").read() for path in sorted(glob.glob(self.path("mail", user, "Maildir", "new", "*")))]


@pytest.fixture
def site(programs, is_peer, accounts):
    if is_peer:
        pytest.skip("about tamis-lmtp itself")
    made = Site(programs.lmtp, accounts.name("vmail"), accounts.group("vmail"))
    yield made
    made.stop()


@pytest.fixture
def running(site):
    site.start()
    return site


def send(client, *recipients, message=MESSAGE % b"1", sender="a@example.org"):
    """One transaction; the reply of each recipient as (code, text): RCPT's where that refused, else the delivery's."""
    client.ehlo_or_helo_if_needed()
    assert client.mail(sender)[0] == 250
    replies = {recipient: client.rcpt(f"{recipient}@example.com") for recipient in recipients}
    accepted = [recipient for recipient, (code, _) in replies.items() if code == 250]
    assert client.docmd("DATA")[0] == 354
    client.send(message + b".\r\n")
    for recipient in accepted:
        replies[recipient] = client.getreply()
    return replies


def codes(replies):
    return [code for code, _ in replies.values()]


def test_it_binds_what_the_configuration_names_and_becomes_the_mail_user(running, accounts):
    modes = {path: os.stat(running.path(*path)).st_mode & 0o777 for path in (("run", "lmtp"), ("other", "lmtp"))}
    assert modes == {("run", "lmtp"): 0o660, ("other", "lmtp"): 0o600}
    assert os.stat(running.path("other", "lmtp")).st_uid == accounts["vmail"].pw_uid
    assert open(running.path("run", "master.pid")).read() == f"{running.server.pid}\n"
    with open(f"/proc/{running.server.pid}/status") as file:
        status = file.read()
    uid, gid = accounts["vmail"].pw_uid, accounts["vmail"].pw_gid
    assert re.search(r"^Uid:\t(\d+)\t\1\t\1\t\1$", status, re.M)[1] == str(uid)
    assert re.search(r"^Gid:\t(\d+)\t\1\t\1\t\1$", status, re.M)[1] == str(gid)


def test_each_recipient_has_its_own_reply_and_copy(running):
    with running.client() as client:
        replies = send(client, "jdoe", "nobody", "bob+box")
    assert codes(replies) == [250, 550, 250]
    assert replies["nobody"][1] == b"5.1.1 <nobody@example.com> User doesn't exist: nobody@example.com"
    assert re.fullmatch(rb"2\.0\.0 <bob\+box@example\.com> [\w+/]{22}:R3 Saved", replies["bob+box"][1])
    for user in ("jdoe", "bob"):
        [stored] = running.inbox(user)
        assert stored.startswith(b"Return-Path: <a@example.org>\nReceived: from client.example\n\tby mx.example.com with")
        assert b"Delivered-To" not in stored and stored.endswith(b"\n\nbody\n")
    running.wait_for_log(r"lmtp\(\d+\): Info: Connect from local")
    running.wait_for_log(r"lmtp\(bob@example\.com\)<\d+><[\w+/]{22}:R3>: Info: msgid=<1@example\.org>: saved mail to INBOX")
    running.wait_for_log(r"lmtp\(\d+\): Info: Disconnect from local: Logged out \(state=READY\)")


def test_a_pipelined_dialogue_is_answered_in_order(running):
    connection, replies = running.raw()
    connection.sendall(b"LHLO c\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<jdoe@example.com>\r\nRCPT TO:<x@example.com>\r\n"
                       b"DATA\r\n")
    said = []
    while not said or said[-1] != b"354":
        said.append(replies.readline()[:3])
    connection.sendall(MESSAGE % b"2" + b".\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.com>\r\nBDAT 9\r\na: b\r\n\r\nxBDAT 0 LAST"
                       b"\r\nQUIT\r\n")
    said += [line[:3] for line in replies]
    assert said[-8:] == [b"550", b"354", b"250", b"250", b"250", b"250", b"250", b"221"]
    assert len(running.inbox("jdoe")) == len(running.inbox("bob")) == 1


def test_starttls_and_tls_from_the_first_byte(running):
    context = ssl.create_default_context(cafile=running.path("cert.pem"))
    context.check_hostname = False
    client = smtplib.LMTP("127.0.0.1", running.port, local_hostname="client.example")
    client.ehlo()
    client.starttls(context=context)
    send(client, "jdoe")
    client.quit()
    [stored] = running.inbox("jdoe")
    assert re.search(rb"Received: from client\.example \(\[127\.0\.0\.1\]\)\n\t\(using TLSv1\.3 with cipher \S+ \(\d+/\d+ bits\)"
                     rb"\)\n\tby mx\.example\.com with LMTPS\n", stored)
    with socket.create_connection(("127.0.0.1", running.tls_port), timeout=20) as plain:
        with context.wrap_socket(plain) as secured:
            assert secured.recv(100).startswith(b"220 mx.example.com ready.")


def test_what_is_sent_in_the_clear_behind_starttls_is_never_heard(running):
    connection, replies = running.raw()
    replies.readline()
    connection.sendall(b"STARTTLS\r\nMAIL FROM:<injected@example.org>\r\nRCPT TO:<jdoe@example.com>\r\n")
    assert replies.readline().startswith(b"220 ")
    context = ssl._create_unverified_context()
    secured = context.wrap_socket(connection)
    secured.sendall(b"RCPT TO:<jdoe@example.com>\r\n")
    assert secured.recv(100) == b"503 5.5.0 MAIL needed first\r\n"


def test_the_size_limit_is_announced_and_enforced(running):
    with running.client() as client:
        client.ehlo()
        assert client.esmtp_features["size"] == str(20 * 1024 * 1024)
        assert client.docmd("MAIL", "FROM:<a@example.org> SIZE=20971521")[0] == 552
        assert codes(send(client, "jdoe", message=b"Subject: big\r\n\r\n" + b"0123456789\r\n" * 1_700_000)) == [250]
        assert codes(send(client, "jdoe", "bob", message=b"Subject: big\r\n\r\n" + b"0123456789\r\n" * 1_750_000)) == [552, 552]
    assert len(running.inbox("jdoe")) == 1
    assert os.listdir(running.path("tmp")) == []


def test_xforward_reaches_the_record(running):
    with smtplib.LMTP("127.0.0.1", running.port, local_hostname="client.example") as client:
        client.ehlo()
        assert client.docmd("XFORWARD", "NAME=out.example ADDR=192.0.2.9 IDENT=4Q9TzR1")[0] == 250
        send(client, "jdoe")
    assert len(running.inbox("jdoe")) == 1


def test_sigterm_lets_a_message_end_and_tells_the_others(running):
    in_data, replies = running.raw()
    in_data.sendall(b"LHLO c\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<jdoe@example.com>\r\nDATA\r\n")
    while replies.readline()[:3] != b"354":
        pass
    idle, idle_replies = running.raw()
    idle_replies.readline()
    running.server.signal(signal.SIGTERM)
    assert idle_replies.readline() == b"421 4.3.2 mx.example.com Shutting down\r\n"
    assert idle_replies.readline() == b""
    in_data.sendall(MESSAGE % b"3" + b".\r\n")
    assert replies.readline().startswith(b"250 2.0.0 <jdoe@example.com> ")
    assert replies.readline() == b"421 4.3.2 mx.example.com Shutting down\r\n"
    wait_until(lambda: not running.server.running(), "the server's end")
    assert running.server.stop() == 0
    assert len(running.inbox("jdoe")) == 1


def test_a_second_server_is_refused_and_a_stale_one_replaced(running):
    second = running.run_once()
    assert second.returncode == 89
    assert (f"Dovecot is already running with PID {running.server.pid} (read from {running.path('run', 'master.pid')})"
            in second.stderr)
    with running.client() as client:
        send(client, "jdoe")
    running.server.kill()
    assert os.path.exists(running.path("run", "lmtp"))
    os.unlink(running.path("log"))
    running.start()
    with running.client() as client:
        send(client, "jdoe")
    assert len(running.inbox("jdoe")) == 2


def test_sighup_reads_the_configuration_anew_and_refuses_a_bad_one(running):
    before = running.client()
    before.ehlo()
    running.configure(more="lmtp_max_message_size = 5 M\nlmtp_add_received_header = no")
    running.server.signal(signal.SIGHUP)
    running.wait_for_log("SIGHUP received - reloading configuration")

    def announced():
        with running.client() as client:
            client.ehlo()
            return client.esmtp_features["size"]
    wait_until(lambda: announced() == str(5 * 1024 * 1024), "the new limit")
    send(before, "bob")
    assert b"Received: " in running.inbox("bob")[0]
    with running.client() as client:
        send(client, "jdoe")
    assert b"Received: " not in running.inbox("jdoe")[0]

    running.configure(more="lmtp_max_message_size = lots")
    running.server.signal(signal.SIGHUP)
    running.wait_for_log(r"Error: Error reading configuration: .*lmtp_max_message_size|Error: .*lots")
    assert announced() == str(5 * 1024 * 1024)


@pytest.mark.parametrize("more, text", [
    ("lmtp_proxy = yes", "lmtp_proxy=yes is not supported"),
    ("lmtp_client_workarounds = everything", "everything"),
    ("login_trusted_networks = localhost", "Invalid network 'localhost'"),
    ("ssl_key = <{base}/cert.pem", "Can't load SSL private key (ssl_key setting)"),
    ("nonsense {{", "tamis.conf line "),
])
def test_a_configuration_that_cannot_work_says_why(site, more, text):
    site.configure(more=more.format(base=site.base))
    result = site.run_once()
    assert result.returncode == 89
    assert result.stderr.count(text) == 1


def test_it_does_not_serve_as_root(site):
    result = site.run_once("-o", "mail_uid=", "-o", "mail_gid=")
    assert result.returncode == 89
    assert "no user to run as" in result.stderr


def test_a_ready_server_tells_the_service_manager(site):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(site.path("notify"))
        os.chmod(site.path("notify"), 0o777)  # as systemd's: the mail user writes to it
        manager.settimeout(20)
        site.start(env=os.environ | {"NOTIFY_SOCKET": site.path("notify")})
        assert manager.recv(1000).startswith(b"READY=1\n")


def test_past_the_limit_of_connections_a_client_is_told_to_come_again(site):
    site.configure(service="client_limit = 3\n  process_limit = 1")
    site.start()
    held = [site.raw() for _ in range(3)]
    for _, replies in held:
        assert replies.readline().startswith(b"220 ")
    _, replies = site.raw()
    assert replies.readline() == b"421 4.3.2 mx.example.com Too many connections\r\n"
    assert "master: Warning: service(lmtp): client_limit (3) reached, client connections are being dropped" in site.log()


def test_a_client_that_breaks_off_leaves_nothing(running):
    connection, replies = running.raw()
    connection.sendall(b"LHLO c\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<jdoe@example.com>\r\nDATA\r\nSubject: half\r\n")
    while replies.readline()[:3] != b"354":
        pass
    replies.close()
    connection.close()
    running.wait_for_log(r"Disconnect from 127\.0\.0\.1: Connection closed \(state=DATA\)")
    assert running.inbox("jdoe") == []


def test_many_connections_deliver_at_once(running):
    clients = [running.client() for _ in range(30)]
    began = time.monotonic()
    for client in clients:
        client.ehlo()
        client.mail("a@example.org")
        for user in ("jdoe", "bob", "user1", "user2"):
            client.rcpt(f"{user}@example.com")
        client.docmd("DATA")
    for client in clients:
        client.send(MESSAGE % b"4" + b".\r\n")
    for client in clients:
        assert [client.getreply()[0] for _ in range(4)] == [250] * 4
        client.quit()
    assert time.monotonic() - began < 60
    assert [len(running.inbox(user)) for user in ("jdoe", "bob", "user1", "user2")] == [30] * 4


def test_a_log_file_that_was_rotated_is_opened_anew_without_root(running):
    before = os.stat(running.path("log"))
    assert pwd.getpwuid(before.st_uid).pw_name == running.owner
    os.rename(running.path("log"), running.path("log.1"))
    with open(running.path("log"), "w"):
        os.chmod(running.path("log"), before.st_mode & 0o777)  # as logrotate does by itself
        os.chown(running.path("log"), before.st_uid, before.st_gid)
    running.server.signal(signal.SIGUSR1)
    with running.client() as client:
        client.sendmail("a@example.org", ["jdoe@example.com"], MESSAGE % b"rotated")
    running.wait_for_log("saved mail to INBOX")
