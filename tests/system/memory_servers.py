# SPDX-License-Identifier: MIT
"""A Redis and a PostgreSQL of a test's own: on a socket in their own directory, ended by pid."""
import glob
import os
import signal
import socket
import subprocess

from waiting import wait_until


class Redis:
    def __init__(self, folder):
        self.folder, self.socket = str(folder), os.path.join(str(folder), "redis.sock")
        self.process = None
        self.start()

    def setting(self):
        return f"redis:path={self.socket}:timeout_msecs=500"

    def start(self):
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "777",
                                         "--save", "", "--dir", self.folder], stdout=subprocess.DEVNULL)
        wait_until(self.answers, "redis-server answers")

    def answers(self):
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(self.socket)
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

    def keys(self):
        result = subprocess.run(["redis-cli", "-s", self.socket, "keys", "*"], capture_output=True, text=True, check=True)
        return sorted(result.stdout.split())

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if self.process:
            self.thaw()
            self.process.terminate()
            self.process.wait(20)
            self.process = None


class Postgres:
    """Runs as the user postgres, since it refuses root."""

    def __init__(self, folder):
        self.folder = str(folder)
        [self.programs] = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1:]
        self.data = os.path.join(self.folder, "data")
        subprocess.run(["chown", "postgres", self.folder], check=True)
        self._as_postgres("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--no-sync")
        self.process = None
        self.start()
        self.sql("CREATE DATABASE mail")

    def _command(self, program, *words):
        return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", os.path.join(self.programs, program), *words]

    def _as_postgres(self, program, *words):
        subprocess.run(self._command(program, *words), cwd=self.folder, stdout=subprocess.DEVNULL, check=True)

    def setting(self):
        return f"pgsql:host={self.folder} user=postgres dbname=mail timeout_msecs=500"

    def start(self):
        self.process = subprocess.Popen(self._command("postgres", "-D", self.data, "-k", self.folder, "-c", "listen_addresses=",
                                                      "-c", "fsync=off"), cwd=self.folder, stderr=subprocess.DEVNULL)
        wait_until(self.answers, "postgres answers")

    def answers(self):
        return subprocess.run(self._command("pg_isready", "-h", self.folder), stdout=subprocess.DEVNULL, check=False,
                              cwd=self.folder).returncode == 0

    def sql(self, statement, database="postgres"):
        result = subprocess.run(self._command("psql", "-h", self.folder, "-At", "-c", statement, database), capture_output=True,
                                text=True, check=True, cwd=self.folder)
        return result.stdout.split()

    def keys(self):
        return sorted(self.sql("SELECT owner || ':' || encode(id, 'hex') FROM tamis_memory", "mail"))

    def _signal_all(self, number):
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True,
                                  check=False).stdout.split()
        for pid in [self.process.pid, *map(int, children)]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def freeze(self):
        self._signal_all(signal.SIGSTOP)

    def thaw(self):
        self._signal_all(signal.SIGCONT)

    def stop(self):
        if self.process:
            self.thaw()
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
            self.process = None
