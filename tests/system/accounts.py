# SPDX-License-Identifier: MIT
"""Unix accounts for one test session: the mail owners of the scenarios and five users with homes.

Their names hold the session's process id, so that several sessions may run at once, and are removed at its
end; what a killed session left behind is removed by the next one."""
import fcntl
import grp
import os
import pwd
import re
import shutil
import subprocess
import tempfile

GECOS = "Tamis system tests"
OWNERS = ("vmail", "mailreader", "dovelda")
USERS = ("user1", "user2", "user3", "user4", "user5")
LOCK = "/run/lock/tamis-system-tests.lock"


class Accounts:
    """`accounts["user1"]` is the pwd entry of the account that plays user1."""

    def __init__(self):
        self.homes = tempfile.mkdtemp(prefix="th-", dir="/tmp")
        os.chmod(self.homes, 0o755)
        self._entries = {}
        with _password_files_locked():
            _remove_leftovers()
            for role in OWNERS + USERS:
                self._add(role)

    def __getitem__(self, role):
        return self._entries[role]

    def name(self, role):
        return self._entries[role].pw_name

    def group(self, role):
        return grp.getgrgid(self._entries[role].pw_gid).gr_name

    def fresh_home(self, role):
        """Empties the home of `role`, makes it anew (0700, owned by the account) and returns its path."""
        entry = self._entries[role]
        shutil.rmtree(entry.pw_dir, ignore_errors=True)
        os.mkdir(entry.pw_dir, 0o700)
        os.chown(entry.pw_dir, entry.pw_uid, entry.pw_gid)
        return entry.pw_dir

    def remove(self):
        with _password_files_locked():
            for entry in self._entries.values():
                _remove(entry.pw_name)
        shutil.rmtree(self.homes, ignore_errors=True)

    def _add(self, role):
        name = f"t{os.getpid()}-{role}"
        command = ["useradd", "--comment", GECOS, "--no-create-home", "--user-group", "--shell", "/bin/sh",
                   "--home-dir", os.path.join(self.homes, role), "-K", "UID_MIN=5000", "-K", "GID_MIN=5000"]
        if role == "mailreader":
            command.remove("--user-group")
            command += ["--no-user-group", "--gid", "mail"]
        if role == "vmail" and _free(5000):
            command += ["--uid", "5000"]
        subprocess.run(command + [name], check=True, stderr=subprocess.DEVNULL)
        self._entries[role] = pwd.getpwnam(name)


def _free(number):
    for lookup in (pwd.getpwuid, grp.getgrgid):
        try:
            lookup(number)
            return False
        except KeyError:
            pass
    return True


def _remove(name):
    subprocess.run(["userdel", name], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _remove_leftovers():
    for entry in pwd.getpwall():
        match = re.fullmatch(r"t(\d+)-\w+", entry.pw_name)
        if match and entry.pw_gecos == GECOS and not os.path.exists(f"/proc/{match[1]}"):
            _remove(entry.pw_name)


class _password_files_locked:
    def __enter__(self):
        self._file = open(LOCK, "w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        self._file.close()
