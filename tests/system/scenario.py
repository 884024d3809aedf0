# SPDX-License-Identifier: MIT
"""One set-up of fixtures/scenarios, filled in and running: private Postfix, delivery server, the outside world."""
import os
import re
import shutil
import socket
import subprocess
import tempfile

from child_process import ChildProcess
from loopback_ports import free_port

from postfix_instance import Postfix
from programs import REPOSITORY
from smtp_sink import SmtpSink
from waiting import wait_until

SCENARIOS = os.path.join(REPOSITORY, "fixtures", "scenarios")
POSTFIX_PIECES = os.path.join(REPOSITORY, "contrib", "postfix")
_PORTS = ("SMTP_PORT", "INJECT_PORT", "LMTP_PORT", "IMAP_PORT", "POP3_PORT", "SIEVE_PORT", "LDAP_PORT", "PG_PORT")
_HERE = os.path.dirname(os.path.abspath(__file__))


class Scenario:
    """`folder` lies in fixtures/scenarios. `replace` maps paths of the configuration to text that stands in for the
    file (placeholders are filled in there too); `mail_owner` is the account that owns the mail root; `more_values`
    are placeholders of its own. `folder`, `main` and `master` may be absolute paths as well."""

    def __init__(self, folder, programs, accounts, config="dovecot.conf", main="main.cf", master="master.cf",
                 replace=None, mail_owner="vmail", more_values=None):
        self.programs = programs
        self.accounts = accounts
        self.base = tempfile.mkdtemp(prefix="t-", dir="/tmp")
        os.chmod(self.base, 0o755)
        self.conf_dir = os.path.join(self.base, "conf")
        self.conf = os.path.join(self.conf_dir, config)
        self.mail_root = os.path.join(self.base, "mail")
        self.spool = os.path.join(self.base, "spool")
        self.log_path = os.path.join(self.base, "log", "dovecot.log")
        self._server = None
        self.sink = SmtpSink()
        self.ports = {name: free_port() for name in _PORTS}
        self._values = self._placeholders() | (more_values or {})
        self._copy(folder, replace or {}, mail_owner)
        self._write_postfix(main, master)
        self.postfix = Postfix(os.path.join(self.base, "postfix", "conf"), self.spool,
                               os.path.join(self.base, "postfix", "data"), os.path.join(self.base, "log", "mail.log"),
                               self.ports["INJECT_PORT"])
        self.postfix.make_directories()

    # --- making the files ---

    def _placeholders(self):
        values = {name: str(port) for name, port in self.ports.items()}
        vmail, reader = self.accounts["vmail"], self.accounts["mailreader"]
        values |= {
            "BASE": self.base, "CONF": self.conf, "MAIL": self.mail_root, "SPOOL": self.spool,
            "DELIVER": self.programs.deliver, "SENDMAIL": os.path.join(self.base, "sendmail"),
            "SINK_PORT": str(self.sink.port), "PROCMAIL": "/usr/bin/procmail",
            "VMAIL": vmail.pw_name, "VMAIL_UID": str(vmail.pw_uid), "VMAIL_GID": str(vmail.pw_gid),
            "MAILREADER": reader.pw_name, "MAILREADER_UID": str(reader.pw_uid), "MAIL_GID": str(reader.pw_gid),
            "DOVELDA": self.accounts.name("dovelda"),
        }
        return values

    def fill_in(self, text):
        def value(match):
            return self._values.get(match[1], match[0])
        return re.sub(r"@([A-Z][A-Z0-9_]*)@", value, text)

    def _copy(self, folder, replace, mail_owner):
        source = os.path.join(SCENARIOS, folder)
        shutil.copytree(source, self.conf_dir, ignore=shutil.ignore_patterns("README.md"))
        shutil.copy(os.path.join(SCENARIOS, "frame", "private.conf"), self.conf_dir)
        for path, text in replace.items():
            self.write_conf(path, text)
        self._fill_in_tree(self.conf_dir)
        shutil.copy(os.path.join(_HERE, "sendmail_to_postfix"), os.path.join(self.base, "sendmail"))
        self._fill_in_file(os.path.join(self.base, "sendmail"), 0o755)
        for name, mode in (("log", 0o777), ("indexes", 0o1777), ("state", 0o755), ("run", 0o755)):
            os.mkdir(os.path.join(self.base, name))
            os.chmod(os.path.join(self.base, name), mode)
        with open(self.log_path, "w"):  # the LDA writes to it as the mail's owner, the server as root
            os.chmod(self.log_path, 0o666)
        if os.path.isdir(os.path.join(source, "mail")):
            shutil.copytree(os.path.join(self.conf_dir, "mail"), self.mail_root)
        else:
            os.mkdir(self.mail_root)
        owner = self.accounts[mail_owner]
        for where, _, files in os.walk(self.mail_root):
            os.chown(where, owner.pw_uid, owner.pw_gid)
            os.chmod(where, 0o755)
            for name in files:
                os.chown(os.path.join(where, name), owner.pw_uid, owner.pw_gid)

    def _fill_in_tree(self, root):
        for where, _, files in os.walk(root):
            os.chmod(where, 0o755)
            for name in files:
                path = os.path.join(where, name)
                self._fill_in_file(path, 0o755 if os.access(path, os.X_OK) and _executable(path) else 0o644)

    def _fill_in_file(self, path, mode):
        with open(path) as file:
            text = file.read()
        os.chmod(path, 0o644)
        with open(path, "w") as file:
            file.write(self.fill_in(text))
        os.chmod(path, mode)

    def _write_postfix(self, main, master):
        """The frame with the scenario's pieces (or those of contrib/postfix, by absolute path) after it."""
        target = os.path.join(self.base, "postfix", "conf")
        os.makedirs(target)
        for name, pieces in (("main.cf", main), ("master.cf", master)):
            with open(os.path.join(SCENARIOS, "frame", name)) as file:
                text = file.read()
            for piece in [pieces] if isinstance(pieces, str) else pieces:
                path = os.path.join(self.conf_dir, "postfix", piece)
                if os.path.exists(path):
                    with open(path) as file:
                        text += "\n" + file.read()
            with open(os.path.join(target, name), "w") as file:
                file.write(self.fill_in(text))

    def write_conf(self, path, text):
        """Writes a file of the configuration; placeholders in it are filled in."""
        path = os.path.join(self.conf_dir, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path):
            os.chmod(path, 0o644)
        with open(path, "w") as file:
            file.write(self.fill_in(text))

    def read_conf(self, path):
        with open(os.path.join(self.conf_dir, path)) as file:
            return file.read()

    # --- running ---

    def start(self, server=True):
        """Starts the delivery server (where one is needed), then Postfix."""
        if server:
            self.start_server()
        self.postfix.start()
        return self

    def start_server(self, env=None):
        """Dovecot's master, or tamis-lmtp where the configuration speaks LMTP; the LDA of ours needs nothing."""
        speaks_lmtp = os.path.basename(self.conf) == "lmtp.conf"
        output = os.path.join(self.base, "log", "server.out")
        if self.programs.is_peer:
            self._server = ChildProcess(self.programs.server_command(self.conf), output, env)
            wait_until(lambda: self._alive() and os.path.exists(os.path.join(self.base, "run", "auth-userdb")),
                       "Dovecot's auth socket")
        elif speaks_lmtp:
            self._server = ChildProcess(self.programs.lmtp_command(self.conf), output, env)
        if speaks_lmtp:
            wait_until(lambda: self._alive() and self._greets(), "the LMTP greeting")

    @property
    def server(self):
        return self._server

    def _alive(self):
        assert self._server.running(), f"the server ended: {self._server.output()}\n{self.log()}"
        return True

    def _greets(self):
        try:
            with socket.create_connection(("127.0.0.1", self.ports["LMTP_PORT"]), timeout=5) as client:
                return client.recv(4) == b"220 "
        except OSError:  # not there yet, or the socket of a server that has been killed
            return False

    def stop_server(self):
        if self._server:
            self._server.stop()
            self._server = None

    def kill_server(self):
        self._server.kill()
        self._server = None

    def stop(self, keep=False):
        self.postfix.stop()
        self.stop_server()
        self.sink.stop()
        if not keep:
            shutil.rmtree(self.base, ignore_errors=True)

    # --- looking ---

    def log(self):
        """The delivery programs' log file."""
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def wait_for_log(self, pattern):
        return wait_until(lambda: re.search(pattern, self.log(), re.M), f"a log line like {pattern}")

    def home(self, address):
        user, domain = address.split("@")
        return os.path.join(self.mail_root, domain, user)

    def lda(self, *arguments, message=b"", account=None, env=None, config=None):
        """Runs the LDA directly; as root, or as the account that plays `account`."""
        command = [self.programs.deliver, "-c", config or self.conf, *arguments]
        who = {}
        if account:
            entry = self.accounts[account]
            who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        base_env = {"PATH": "/usr/bin:/bin"}
        return subprocess.run(command, input=message, capture_output=True, timeout=60, cwd="/",
                              env=base_env | (env or {}), **who)


def _executable(path):
    with open(path, "rb") as file:
        return file.read(2) == b"#!"
