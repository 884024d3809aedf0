#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What tamis-lmtp needs in memory: 1,000 idle connections (aim: under 64 MB for the process), and a 100 MB message to
one and to three recipients (aim: no more than 16 MB on top). TAMIS_BUILD names the build directory.
usage: tests/bench/lmtp_memory.py [PROGRAM]"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CONFIGURATION = """
base_dir = {base}/run
log_path = {base}/log
protocols = lmtp
ssl = no
hostname = mx.example.com
mail_location = maildir:~/Maildir
mail_temp_dir = {base}/tmp
postmaster_address = postmaster@example.com
first_valid_uid = 1
userdb {{
  driver = static
  args = uid={owner} gid={group} home={base}/mail/%u allow_all_users=yes
}}
"""


class Server:
    def __init__(self, program):
        self.base = tempfile.mkdtemp(prefix="tamis-memory-")
        os.chmod(self.base, 0o755)
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for folder in ("mail", "tmp"):
            os.mkdir(os.path.join(self.base, folder))
            os.chown(os.path.join(self.base, folder), owner.pw_uid, owner.pw_gid)
        configuration = os.path.join(self.base, "tamis.conf")
        with open(configuration, "w") as file:
            file.write(CONFIGURATION.format(base=self.base, owner=owner.pw_uid, group=owner.pw_gid))
        self.socket = os.path.join(self.base, "run", "lmtp")
        self.process = subprocess.Popen([program, "-c", configuration])
        for _ in range(100):
            if os.path.exists(self.socket):
                break
            time.sleep(0.05)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.base)

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.connect(self.socket)
        assert client.recv(4096).startswith(b"220 ")
        return client

    def memory(self, key="VmRSS"):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(key + ":")) / 1024

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as file:
            file.write("5")


def dialogue(client, *lines):
    for line in lines:
        client.sendall(line.encode() + b"\r\n")
        reply = client.recv(4096)
        assert reply[:1] in b"23", reply


def send_large(client, recipients, megabytes):
    dialogue(client, "LHLO bench", "MAIL FROM:<a@example.com>",
             *(f"RCPT TO:<user{i}@example.com>" for i in range(recipients)), "DATA")
    client.sendall(b"Subject: large\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n")
    block = (b"0123456789" * 7 + b"\r\n") * 16384
    for _ in range(megabytes * 1024 * 1024 // len(block)):
        client.sendall(block)
    client.sendall(b".\r\n")
    replies = b""
    while replies.count(b"\n") < recipients:
        replies += client.recv(4096)
    assert replies.count(b"250 2.0.0") == recipients, replies


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        REPOSITORY, os.environ.get("TAMIS_BUILD", "build"), "src", "bin", "tamis-lmtp")
    server = Server(program)
    try:
        print(f"after the start: {server.memory():.1f} MB")
        idle = [server.connect() for _ in range(995)]
        for client in idle:
            dialogue(client, "LHLO bench")
        print(f"with {len(idle)} idle connections: {server.memory():.1f} MB (aim: 64)")
        client = server.connect()
        send_large(client, 1, 1)  # what the first delivery of a process allocates
        for recipients in (1, 3, 20):
            before = server.memory()
            server.forget_peak()
            send_large(client, recipients, 100)
            print(f"100 MB to {recipients}: peak {server.memory('VmHWM') - before:+.1f} MB, "
                  f"afterwards {server.memory() - before:+.1f} MB (aim: 16)")
    except AssertionError:
        with open(os.path.join(server.base, "log")) as file:
            sys.stderr.write(file.read()[-2000:])
        raise
    finally:
        server.stop()


if __name__ == "__main__":
    main()
