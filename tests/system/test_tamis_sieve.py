# SPDX-License-Identifier: MIT
"""tamis sieve: a user's scripts are listed, stored, activated and removed, and deliveries follow."""
import os
import re
import subprocess

import pytest

from programs import REPOSITORY

GOOD = b'require "fileinto";\nfileinto "A";\n'
BAD = b"keep;\nfrop;\n"
WARNS = b'require "fileinto";\nif header "a b" "c" { keep; }\n'


class Scripts:
    def __init__(self, home, programs):
        self.home, self.tamis = home, os.path.join(programs.folder, "tamis")
        os.makedirs(home)
        with open(os.path.join(home, "configuration"), "w", encoding="utf-8") as file:
            file.write(f"mail_location = maildir:{home}/mail\nssl = no\nplugin {{\n  sieve = file:~/sieve;active=~/.dovecot.sieve\n"
                       "  sieve_quota_max_scripts = 3\n  sieve_quota_max_storage = 200\n}\n")
        subprocess.run(["chown", "-R", "nobody:nogroup", home], check=True)

    def run(self, *words, text=b""):
        environment = {"PATH": os.environ["PATH"], "HOME": self.home, "USER": "nobody", "TZ": "UTC", "LC_ALL": "C"}
        return subprocess.run(["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", self.tamis, "sieve", "-c",
                               os.path.join(self.home, "configuration"), *words], cwd=self.home, env=environment, input=text,
                              capture_output=True, timeout=60, check=False)

    def list(self):
        result = self.run("list")
        assert result.returncode == 0, result.stderr
        return result.stdout.decode().split("\n")[:-1]

    def file(self, name):
        return os.path.join(self.home, name)


@pytest.fixture(name="scripts")
def scripts_fixture(tmp_path, programs, is_peer):
    if is_peer:
        pytest.skip("our own program")
    parent = str(tmp_path)
    while parent != "/":
        os.chmod(parent, os.stat(parent).st_mode | 0o011)
        parent = os.path.dirname(parent)
    return Scripts(str(tmp_path / "home"), programs)


INCLUDES = b'require "include";\ninclude "other";\ninclude :optional "perhaps";\n'


def test_a_script_that_includes_what_is_missing_is_stored_with_a_warning_and_not_activated(scripts):
    result = scripts.run("put", "one", text=INCLUDES)
    assert result.returncode == 0
    assert result.stderr.decode() == "one: line 2: warning: included personal script 'other' does not exist.\n"
    result = scripts.run("activate", "one")
    assert result.returncode == 65
    assert "what it includes is not right" in result.stderr.decode()
    assert scripts.list() == ["one"]
    assert scripts.run("put", "other", text=GOOD).returncode == 0
    result = scripts.run("activate", "one")
    assert (result.returncode, result.stderr) == (0, b"")
    assert scripts.list() == ["one ACTIVE", "other"]


def test_output_that_cannot_be_written_is_no_success(scripts):
    assert scripts.run("put", "one", text=GOOD).returncode == 0
    with open("/dev/full", "wb") as full:
        result = subprocess.run([scripts.tamis, "sieve", "-c", scripts.file("configuration"), "-o", "mail_uid=nobody", "-o",
                                 "mail_gid=nogroup", "get", "one"], env={"HOME": scripts.home, "USER": "nobody"}, stdout=full,
                                stderr=subprocess.PIPE, timeout=60, check=False)
    assert result.returncode != 0
    assert b"write(standard output) failed: No space left on device" in result.stderr


def test_a_script_is_stored_shown_and_activated(scripts):
    assert scripts.list() == []
    assert scripts.run("put", "one", text=GOOD).returncode == 0
    assert scripts.list() == ["one"]
    assert scripts.run("get", "one").stdout == GOOD
    assert not os.path.lexists(scripts.file(".dovecot.sieve"))
    assert scripts.run("activate", "one").returncode == 0
    assert scripts.list() == ["one ACTIVE"]
    assert os.readlink(scripts.file(".dovecot.sieve")) == "sieve/one.sieve"
    assert os.stat(scripts.file("sieve/one.sieve")).st_mode & 0o777 == 0o600
    assert scripts.run("deactivate").returncode == 0
    assert scripts.run("deactivate").returncode == 0
    assert scripts.list() == ["one"]


def test_a_script_with_errors_is_refused_and_told(scripts):
    result = scripts.run("put", "-a", "bad", text=BAD)
    assert result.returncode == 65
    assert b"bad: line 2: error: unknown command 'frop'." in result.stderr
    assert scripts.list() == []
    scripts.run("put", "-a", "good", text=GOOD)
    result = scripts.run("put", "good", text=BAD)
    assert result.returncode == 65
    assert scripts.run("get", "good").stdout == GOOD
    with open(scripts.file("sieve/good.sieve"), "wb") as file:
        file.write(BAD)
    assert scripts.run("activate", "good").returncode == 65


def test_warnings_are_told(scripts):
    result = scripts.run("put", "warns", text=WARNS)
    assert result.returncode == 0
    assert b"warns: line 2: warning: " in result.stderr


def test_the_active_script_is_not_deleted_without_a(scripts):
    scripts.run("put", "-a", "one", text=GOOD)
    scripts.run("put", "two", text=GOOD)
    assert scripts.run("delete", "one", "two").returncode == 65
    assert scripts.list() == ["one ACTIVE"]
    assert scripts.run("delete", "-a", "one").returncode == 0
    assert scripts.list() == []
    assert not os.path.lexists(scripts.file(".dovecot.sieve"))


def test_a_renamed_script_stays_active(scripts):
    scripts.run("put", "-a", "one", text=GOOD)
    scripts.run("put", "two", text=GOOD)
    assert scripts.run("rename", "one", "two").returncode == 65
    assert scripts.run("rename", "one", "drei ö").returncode == 0
    assert scripts.list() == ["drei ö ACTIVE", "two"]
    with open(scripts.file(".dovecot.sieve"), "rb") as file:
        assert file.read() == GOOD


def test_quotas(scripts):
    for name in ("a", "b", "c"):
        assert scripts.run("put", name, text=GOOD).returncode == 0
    result = scripts.run("put", "d", text=GOOD)
    assert result.returncode == 73
    assert b"more than 3 scripts" in result.stderr
    assert scripts.run("put", "a", text=GOOD).returncode == 0
    result = scripts.run("put", "a", text=GOOD + b"# " + b"x" * 200 + b"\n")
    assert result.returncode == 73
    assert b"more than 200 octets" in result.stderr


def test_a_plain_file_in_the_links_place_is_kept(scripts):
    with open(scripts.file(".dovecot.sieve"), "wb") as file:
        file.write(b"discard;\n")
    scripts.run("put", "-a", "one", text=GOOD)
    assert scripts.list() == ["dovecot.orig", "one ACTIVE"]
    assert scripts.run("get", "dovecot.orig").stdout == b"discard;\n"
    # Another one in its place later is somebody's script, too.
    os.unlink(scripts.file(".dovecot.sieve"))
    for text in (b"discard;\n", b"keep;\n"):
        with open(scripts.file(".dovecot.sieve"), "wb") as file:
            file.write(text)
        os.chown(scripts.file(".dovecot.sieve"), *[os.stat(scripts.home).st_uid, os.stat(scripts.home).st_gid])
        assert scripts.run("activate", "one").returncode == 0
        os.unlink(scripts.file(".dovecot.sieve"))
    assert scripts.list() == ["dovecot.orig", "dovecot.orig-2", "one"]
    assert scripts.run("get", "dovecot.orig-2").stdout == b"keep;\n"


@pytest.mark.parametrize("words, status", [
    (["get", "none"], 68), (["activate", "none"], 68), (["delete", "none"], 68), (["rename", "none", "x"], 68),
    (["get", "a/b"], 65), (["put", ""], 65), (["rename", "one", "a/b"], 65), ([], 64), (["frop"], 64), (["get"], 64),
])
def test_what_cannot_be_done(scripts, words, status):
    scripts.run("put", "one", text=GOOD)
    result = scripts.run(*words, text=GOOD)
    assert result.returncode == status, result.stderr


def test_a_delivery_runs_what_was_activated(scripts, programs):
    scripts.run("put", "-a", "one", text=b'discard;\n')
    command = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", programs.deliver, "-c",
               scripts.file("configuration"), "-o", "mail_plugins=sieve"]
    environment = {"PATH": os.environ["PATH"], "HOME": scripts.home, "USER": "nobody"}
    subprocess.run(command, input=b"From: a@example.com\n\nx\n", env=environment, check=True, cwd=scripts.home)
    assert not os.path.exists(scripts.file("mail/new")) or not os.listdir(scripts.file("mail/new"))
    scripts.run("deactivate")
    subprocess.run(command, input=b"From: a@example.com\n\nx\n", env=environment, check=True, cwd=scripts.home)
    assert len(os.listdir(scripts.file("mail/new"))) == 1


def test_several_users_as_root(scripts, programs, accounts, tmp_path):
    home = tmp_path / "virtual"
    (tmp_path / "users").write_text("".join(f"{name}:{{PLAIN}}x:65534:65534::{home}/{name}::\n" for name in ("ann", "bob")))
    (tmp_path / "conf").write_text(f"passdb {{\n  driver = passwd-file\n  args = {tmp_path}/users\n}}\nuserdb {{\n"
                                   f"  driver = passwd-file\n  args = {tmp_path}/users\n}}\nmail_location = maildir:~/mail\nssl = no\n")
    for name in ("ann", "bob"):
        os.makedirs(home / name)
        os.chown(home / name, 65534, 65534)
    (tmp_path / "list").write_text("ann\nnobody-else\nbob\n")
    command = [scripts.tamis, "sieve", "-c", str(tmp_path / "conf")]
    result = subprocess.run([*command, "-F", str(tmp_path / "list"), "put", "-a", "all"], input=GOOD, capture_output=True, check=False)
    assert result.returncode == 67, result.stderr
    for name in ("ann", "bob"):
        assert os.stat(home / name / "sieve" / "all.sieve").st_uid == 65534
        listed = subprocess.run([*command, "list", "-u", name], capture_output=True, check=True)
        assert listed.stdout == b"all ACTIVE\n"


def test_the_page_names_every_option(scripts):
    with open(os.path.join(REPOSITORY, "man", "tamis-sieve.1"), encoding="utf-8") as file:
        page = file.read()
    described = {option.replace("\\", "") for option in re.findall(r"^\.TP\n\.BI? (\\-\\?-?[A-Za-z]+)", page, re.M)}
    offered = set()
    for words in ([], ["put"], ["delete"], ["list"], ["get"], ["activate"], ["deactivate"], ["rename"], ["simulate"], ["member"], ["lint"],
                  ["fmt"]):
        text = scripts.run(*words, "--help").stdout.decode()
        offered |= {option for line in re.findall(r"^  (-\S+)", text, re.M) for option in line.split(",")}
    assert offered - {"-h"} == described


RULES = b"""require ["fileinto", "mailbox"];
if header :contains "subject" "list" { fileinto :create "Lists"; }
elsif header :contains "subject" "spam" { discard; }
elsif header :contains "subject" "never" { keep; }
"""


def fill(scripts, subjects):
    for part in ("cur", "new", "tmp"):
        os.makedirs(scripts.file(f"mail/{part}"))
    for number, subject in enumerate(subjects, 1):
        with open(scripts.file(f"mail/cur/100000000{number}.M1P1.h:2,S"), "w", encoding="ascii") as file:
            file.write(f"From: a@example.com\nTo: b@example.org\nSubject: {subject}\n\nbody\n")
    with open(scripts.file("rules.sieve"), "wb") as file:
        file.write(RULES)
    subprocess.run(["chown", "-R", "nobody:nogroup", scripts.home], check=True)


def test_simulate_counts_messages_and_rules(scripts):
    fill(scripts, ["a list", "spam", "list 2", "plain"])
    result = scripts.run("simulate", "rules.sieve", "--list")
    assert result.returncode == 0, result.stderr
    text = result.stdout.decode()
    assert "4 messages of INBOX\n       2  fileinto Lists\n       1  discard\n       1  keep INBOX\n" in text
    assert re.search(r"^       2  line 2: if header", text, re.M)
    assert re.search(r"^       0  line 4: elsif header .*\(never\)$", text, re.M)
    assert re.search(r"^.*a@example.com +a list +-> fileinto Lists$", text, re.M)
    assert len(os.listdir(scripts.file("mail/cur"))) == 4


def test_simulate_since_looks_at_new_mail_only(scripts):
    fill(scripts, ["a list", "list 2"])
    os.utime(scripts.file("mail/cur/1000000001.M1P1.h:2,S"), (1000000000, 1000000000))
    assert b"1 messages of INBOX\n       1  fileinto Lists\n" in scripts.run("simulate", "rules.sieve", "--since", "30d").stdout
    assert scripts.run("simulate", "rules.sieve", "--since", "soon").returncode == 64


def test_simulate_can_be_applied(scripts):
    fill(scripts, ["a list", "plain"])
    result = scripts.run("simulate", "rules.sieve", "--apply")
    assert b"Applied: 2 messages, 0 left where they were after a failure\n" in result.stdout
    assert len(os.listdir(scripts.file("mail/cur"))) == 1
    assert len(os.listdir(scripts.file("mail/.Lists/cur"))) == 1


def test_simulate_counts_every_rule_of_a_message(scripts):
    fill(scripts, ["a list"])
    with open(scripts.file("many.sieve"), "w", encoding="ascii") as file:
        file.write('require ["imap4flags", "fileinto"];\n' + "".join(
            f'if header :contains "subject" "list" {{ addflag "f{number}"; }}\n' for number in range(100))
            + 'if header :contains "subject" "list" { fileinto "Nowhere"; }\n')
    text = scripts.run("simulate", "many.sieve").stdout.decode()
    assert "(never)" not in text and re.search(r"^       1  line 102: ", text, re.M)
    assert "       1  error: there is no such mailbox, so kept: fileinto Nowhere\n" in text


def test_simulate_makes_no_mailbox(scripts):
    fill(scripts, [])
    assert scripts.run("simulate", "-o", "lda_mailbox_autocreate=yes", "--mailbox", "Nope", "rules.sieve").returncode == 66
    assert not os.path.exists(scripts.file("mail/.Nope"))


def test_simulate_tells_what_is_wrong(scripts):
    fill(scripts, [])
    assert scripts.run("simulate", "none.sieve").returncode == 66
    assert scripts.run("simulate", "rules.sieve", "--mailbox", "Nobox").returncode == 66


def test_simulate_goes_on_after_a_message_that_cannot_be_read(scripts):
    fill(scripts, ["a list", "plain"])
    os.chmod(scripts.file("mail/cur/1000000001.M1P1.h:2,S"), 0)
    result = scripts.run("simulate", "rules.sieve")
    assert result.returncode == 0
    assert b"1000000001.M1P1.h: " in result.stderr and b"message left in source mailbox" in result.stderr
    assert b"       1  keep INBOX\n" in result.stdout


LISTS = "sieve_extensions = +extlists\n  sieve_extlist = tag:example.com,2026:known: memory\n  sieve_extlist2 = :addrbook: ~/lists/\n"
OF_LIST = b'require ["extlists", "fileinto", "mailbox"];\nif address :list "from" "tag:example.com,2026:known:friends" ' \
    b'{ fileinto :create "Friends"; }\n'


def test_members_of_lists_in_the_memory(scripts, programs):
    with open(scripts.file("configuration"), "r+", encoding="utf-8") as file:
        text = file.read()
        file.seek(0)
        file.write(text.replace("plugin {\n", "protocol lda {\n  mail_plugins = sieve\n}\nplugin {\n  " + LISTS))
    name = "tag:example.com,2026:known:friends"
    assert scripts.run("member", "test", name, "a@example.com").stdout == b"no a@example.com\n"
    assert scripts.run("member", "add", name, "a@example.com", "Gone@example.com").returncode == 0
    assert scripts.run("member", "remove", name, "gone@example.com").returncode == 0
    tested = scripts.run("member", "test", name, "A@Example.com", "gone@example.com")
    assert (tested.returncode, tested.stdout) == (1, b"yes A@Example.com\nno gone@example.com\n")
    assert scripts.run("put", "-a", "of-list", text=OF_LIST).returncode == 0
    conf = scripts.file("configuration")
    for sender in ("a@example.com", "stranger@example.com"):
        subprocess.run(["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", programs.deliver, "-c", conf],
                       input=f"From: {sender}\nSubject: x\n\nx\n".encode(), check=True, cwd=scripts.home,
                       env={"HOME": scripts.home, "USER": "nobody", "PATH": os.environ["PATH"]})
    assert len(os.listdir(scripts.file("mail/.Friends/new"))) == 1
    assert len(os.listdir(scripts.file("mail/new"))) == 1
    # The tools see them, too.
    assert b"Friends" in scripts.run("simulate", scripts.file("sieve/of-list.sieve")).stdout
    for words, status, text in ((("test", ":addrbook:default", "a"), 78, b"in a file"), (("add", "tag:other.example,2026:x", "a"), 78, b"no such list"),
                                (("add", "no name", "a"), 64, b"no name of a list"), (("add", name, "a", "--for", "soon"), 64, b"--for soon")):
        result = scripts.run("member", *words)
        assert result.returncode == status and text in result.stderr, result
    assert scripts.run("member", "add", name, "brief@example.com", "--for", "1s").returncode == 0


def test_lint_remarks_with_places_and_a_status_for_ci(scripts):
    with open(scripts.file("odd.sieve"), "wb") as file:
        file.write(b'require ["fileinto", "copy"];\nif header :is "From" "a@b.example" { fileinto "X"; }\n')
    result = scripts.run("lint", "odd.sieve")
    assert result.returncode == 1
    assert result.stderr.decode() == ("odd: line 1: warning: 'copy' is required and not used.\n"
                                      "odd: line 2: warning: 'header' compares the whole field, with names: 'address' compares "
                                      "addresses.\n")
    with open(scripts.file("odd.sieve"), "wb") as file:
        file.write(b'require "fileinto";\nif address "From" "a@b.example" { fileinto "X"; }\n')
    assert scripts.run("lint", "odd.sieve").returncode == 0
    with open(scripts.file("odd.sieve"), "wb") as file:
        file.write(b"frop;\n")
    result = scripts.run("lint", "odd.sieve")
    assert result.returncode == 65
    assert b"odd: line 1: error: unknown command 'frop'." in result.stderr
    assert scripts.run("lint", "none.sieve").returncode == 66


def test_fmt_lays_out_on_standard_output_or_in_place(scripts):
    with open(scripts.file("odd.sieve"), "wb") as file:
        file.write(b"if true{keep;# why\n}\n")
    subprocess.run(["chown", "nobody:nogroup", scripts.file("odd.sieve")], check=True)
    os.chmod(scripts.file("odd.sieve"), 0o640)
    laid_out = b"if true {\n    keep;  # why\n}\n"
    assert scripts.run("fmt", "odd.sieve").stdout == laid_out
    assert scripts.run("fmt", "--check", "odd.sieve").returncode == 1
    assert scripts.run("fmt", "-i", "odd.sieve").returncode == 0
    with open(scripts.file("odd.sieve"), "rb") as file:
        assert file.read() == laid_out
    assert os.stat(scripts.file("odd.sieve")).st_mode & 0o777 == 0o640
    assert scripts.run("fmt", "--check", "odd.sieve").returncode == 0
    with open(scripts.file("odd.sieve"), "wb") as file:
        file.write(b"if {")
    assert scripts.run("fmt", "odd.sieve").returncode == 65


def test_fmt_in_place_follows_links_and_keeps_the_owner(scripts):
    scripts.run("put", "-a", "one", text=b'require "fileinto"; fileinto "A";\n')
    active, stored = scripts.file(".dovecot.sieve"), scripts.file("sieve/one.sieve")
    before = os.stat(stored)
    subprocess.run([scripts.tamis, "sieve", "fmt", "-i", active], check=True)  # as root
    assert os.path.islink(active)
    with open(stored, "rb") as file:
        assert file.read() == b'require "fileinto";\nfileinto "A";\n'
    after = os.stat(stored)
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert scripts.list() == ["one ACTIVE"]
