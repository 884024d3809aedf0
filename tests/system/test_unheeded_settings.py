# SPDX-License-Identifier: MIT
"""Settings that are accepted though nothing acts on them are said so when they are used: no word is ignored silently."""
import os
import pwd
import re
import shutil
import subprocess
import tempfile

import pytest
from child_process import ChildProcess
from mail_builder import mail
from waiting import wait_until

CONFIGURATION = """
base_dir = {base}/run
log_path = {base}/log
mail_location = maildir:{base}/mail/%u
mail_plugins = quota notify
mail_uid = {owner}
mail_gid = {owner}
first_valid_uid = 1
first_valid_gid = 1
pop3_lock_session = yes
lock_method = fcntl
{debug}
userdb {{
  driver = static
  args = allow_all_users=yes uid={owner} gid={owner} home={base}/mail/%u
}}
protocol imap {{
  mail_plugins = $mail_plugins zlib
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0600
  }}
}}
service imap-login {{
  process_limit = 512
}}
plugin {{
  quota_rule = *:bytes=10
  acl = vfile
  fts = xapian
  nobody_reads_this = 1
}}
"""


class Site:
    def __init__(self, programs, owner, debug):
        self.programs = programs
        self.owner = owner
        self.base = tempfile.mkdtemp(prefix="tu-", dir="/tmp")
        os.chmod(self.base, 0o755)
        os.mkdir(os.path.join(self.base, "mail"))
        open(self.log_path, "w").close()
        for path in (os.path.join(self.base, "mail"), self.log_path):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        self.conf = os.path.join(self.base, "tamis.conf")
        with open(self.conf, "w") as file:
            file.write(CONFIGURATION.format(base=self.base, owner=owner.pw_uid, debug="mail_debug = yes" if debug else ""))

    @property
    def log_path(self):
        return os.path.join(self.base, "log")

    def log(self):
        with open(self.log_path, errors="replace") as file:
            return file.read()

    def lines(self, level):
        return [line for line in self.log().splitlines() if f": {level}: " in line]


@pytest.fixture
def make_site(programs, is_peer, accounts):
    if is_peer:
        pytest.skip("about settings that Tamis does not act on yet")
    made = []

    def make(debug=False):
        made.append(Site(programs, accounts["vmail"], debug))
        return made[-1]
    yield make
    for site in made:
        shutil.rmtree(site.base)


def deliver(site):
    return subprocess.run([site.programs.deliver, "-c", site.conf, "-d", "jdoe"], input=mail(), capture_output=True, timeout=30)


def test_the_lda_warns_in_one_line_of_what_mail_is_delivered_without(make_site):
    site = make_site()
    result = deliver(site)
    assert result.returncode == 0, result
    [warning] = site.lines("Warning")
    names = re.search(r"mail is delivered without them: (.*) \(tamis config --check", warning)[1].split(", ")
    assert sorted(names) == ["acl", "mail_plugins = quota", "quota_rule"]
    assert not site.lines("Debug")


def test_the_lda_names_the_others_where_mail_debug_asks(make_site):
    site = make_site(debug=True)
    assert deliver(site).returncode == 0
    [line] = [line for line in site.lines("Debug") if "Nothing acts on these" in line]
    names = line.split("yet: ")[1].split(", ")
    assert {"fts", "pop3_lock_session", "mail_plugins = notify", "service imap-login", "nobody_reads_this"} <= set(names)
    assert "lock_method" not in names  # its default asks for nothing
    assert "mail_plugins = zlib" not in names  # of another protocol


def test_the_lmtp_server_has_a_line_for_each_when_it_starts(make_site):
    site = make_site()
    server = ChildProcess([site.programs.lmtp, "-c", site.conf], os.path.join(site.base, "output"), None)
    try:
        wait_until(lambda: "starting up for lmtp" in site.log() or not server.running(), "the server's start")
        assert server.running(), server.output()
    finally:
        server.stop()
    warnings = site.lines("Warning")
    for name in ("quota_rule", "acl", "fts", "pop3_lock_session", "mail_plugins = quota", "mail_plugins = notify",
                 "service imap-login"):
        [line] = [one for one in warnings if f" {name} is accepted" in one]
        assert re.search(rf"master: Warning: {re.escape(site.conf)} line \d+: ", line)
        assert ("mail is delivered without it" in line) == (name in ("quota_rule", "acl", "mail_plugins = quota"))
    assert len([one for one in warnings if "Unknown setting in plugin {}: nobody_reads_this" in one]) == 1
    assert not any("zlib" in one or "lock_method" in one for one in warnings)


def test_a_check_names_each_with_its_place(make_site):
    site = make_site()
    done = subprocess.run([*site.programs.doveconf, "--check", "-c", site.conf], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout
    for name in ("quota_rule", "acl", "mail_plugins = quota", "mail_plugins = zlib", "service imap-login"):
        assert re.search(rf"^{re.escape(site.conf)}:\d+:\d+: warning: {re.escape(name)} is accepted", done.stdout, re.M)


@pytest.mark.parametrize("lines, text, logged", [
    ("mail_log_prefix = \"%s(%u)%Q: \"\n", "Unknown variable '%Q'", "UNSUPPORTED_VARIABLE_Q: "),
    ("namespace inbox {\n  inbox = yes\n  separator = /\n}\nnamespace old {\n  prefix = old/\n  separator = /\n"
     "  location = mbox:~/mbox\n  list = no\n  hidden = yes\n}\n", "Mail storage driver mbox is not supported", "saved mail to INBOX"),
    ("namespace inbox {\n  inbox = yes\n  separator = /\n}\nnamespace arch {\n  prefix = arch\n  separator = /\n"
     "  location = maildir:~/arch\n  list = no\n  hidden = yes\n}\n", "", "saved mail to INBOX"),
])
def test_what_stops_no_delivery_is_a_warning_at_most(make_site, lines, text, logged):
    """And Dovecot delivers too."""
    site = make_site()
    user = pwd.getpwuid(site.owner.pw_uid).pw_name
    home = os.path.join(site.base, "mail", user)
    with open(site.conf, "w") as file:
        file.write(f"log_path = {site.log_path}\nmail_location = maildir:{home}/Maildir\nfirst_valid_uid = 1\n"
                   f"first_valid_gid = 1\nuserdb {{\n  driver = static\n"
                   f"  args = uid={user} gid={site.owner.pw_gid} home={home} allow_all_users=yes\n}}\n{lines}")
    if not site.programs.is_peer:
        done = subprocess.run([*site.programs.doveconf, "--check", "-c", site.conf], capture_output=True, text=True, timeout=30)
        assert (done.returncode, text in done.stdout) == (0, True), done.stdout
    result = subprocess.run([site.programs.deliver, "-c", site.conf, "-d", user], input=mail(), capture_output=True, timeout=30)
    assert result.returncode == 0, result
    with open(site.log_path) as file:
        assert logged in file.read()


@pytest.mark.parametrize("lines, text", [
    ("userdb {\n  driver = passwdfile\n}\n", "did you mean 'passwd-file'?"),
    ("userdb {\n  driver = prefetch\n}\n", "no userdb answers deliveries"),
    ("", "no userdb"),
    ("mail_location = maildir:/tmp/%{usr}/%Q\n", "Unknown variable '%usr'"),
    ("mail_location = mbox:~/mail\n", "mbox"),
    ("postmaster_address = p@%{hostnam}\n", "did you mean 'hostname'?"),
    ("plugin {\n  sieve = ~/%{foo}\n}\n", "Unknown variable '%foo'"),
])
def test_a_check_finds_what_defers_all_mail(make_site, tmp_path, lines, text):
    """And the LDA defers it, so the check's word is true."""
    site = make_site()
    if "driver" not in lines and lines:
        lines += "userdb {\n  driver = passwd\n}\n"
    user = pwd.getpwuid(site.owner.pw_uid).pw_name
    with open(site.conf, "w") as file:
        file.write(f"log_path = {site.log_path}\nmail_plugins = sieve\nfirst_valid_uid = 1\n{lines}")
    done = subprocess.run([*site.programs.doveconf, "--check", "-c", site.conf], capture_output=True, text=True, timeout=30)
    assert text in done.stdout
    assert (done.returncode != 0) == bool(lines)
    result = subprocess.run([site.programs.deliver, "-c", site.conf, "-d", user], input=mail(), capture_output=True, timeout=30)
    assert result.returncode == 75, result
