# SPDX-License-Identifier: MIT
"""sieve-filter on a Maildir: what it shows, what it changes with -e and -W; beside Pigeonhole's where that is installed."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

SCRIPT = b"""require ["fileinto", "imap4flags", "mailbox", "editheader"];
if header :contains "subject" "list" { fileinto :create "Lists"; }
elsif header :contains "subject" "spam" { discard; }
elsif header :contains "subject" "flag" { keep :flags "\\\\Flagged"; }
elsif header :contains "subject" "fwd" { redirect "x@example.net"; }
elsif header :contains "subject" "fail" { fileinto "Missing"; }
elsif header :contains "subject" "edit" { addheader "X-New" "yes"; }
"""
PLAIN = SCRIPT.replace(b'"mailbox", "editheader"', b'"mailbox"').split(b"elsif header :contains \"subject\" \"edit\"")[0]
SUBJECTS = ["plain", "a list", "spam", "flag", "fwd", "fail", "edit"]
PEER = "/usr/bin/sieve-filter"


class Filter:
    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.prefix = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
        self.script = SCRIPT

    def fill(self, subjects):
        mail = os.path.join(self.folder, "mail")
        shutil.rmtree(mail, ignore_errors=True)
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(mail, part))
        for number, subject in enumerate(subjects, 1):
            with open(os.path.join(mail, "cur", f"100000000{number}.M1P1.h:2,S"), "w", encoding="ascii") as file:
                file.write(f"From: a@example.com\nTo: b@example.org\nSubject: {subject}\nMessage-ID: <{number}@x>\n\nbody\n")
        with open(os.path.join(self.folder, "f.sieve"), "wb") as file:
            file.write(self.script)
        subprocess.run(["chown", "-R", "nobody:nogroup", self.folder], check=True)

    def run(self, *words, subjects=tuple(SUBJECTS), program="sieve-filter"):
        self.fill(subjects)
        path = program if program.startswith("/") else os.path.join(self.programs.folder, program)
        settings = ["-o", f"mail_location=maildir:{self.folder}/mail", "-o", "plugin/sieve_extensions=+editheader"]
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "USER": "nobody", "TZ": "UTC", "LC_ALL": "C"}
        return subprocess.run([*self.prefix, path, *settings, *words], cwd=self.folder, env=environment, capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=60, check=False)

    def mail(self):
        """Folder, subject and flags of each message."""
        found = []
        for place, _, files in os.walk(os.path.join(self.folder, "mail")):
            if os.path.basename(place) not in ("cur", "new"):
                continue
            box = os.path.basename(os.path.dirname(place))
            for name in files:
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    subject = re.search(r"^Subject: (.*)$", file.read(), re.M).group(1)
                found.append((box, subject, name.partition(":2,")[2]))
        return sorted(found)


@pytest.fixture(name="tool")
def tool_fixture(tmp_path, programs, is_peer):
    if is_peer:
        pytest.skip("compares both by itself")
    folder = str(tmp_path / "filter")
    os.mkdir(folder)
    parent = os.path.dirname(folder)
    while parent != "/":
        os.chmod(parent, os.stat(parent).st_mode | 0o011)
        parent = os.path.dirname(parent)
    return Filter(folder, programs)


def all_in_inbox(subjects):
    return sorted(("mail", subject, "S") for subject in subjects)


def test_nothing_is_changed_without_e(tool):
    result = tool.run("f.sieve", "INBOX")
    assert result.returncode == 0
    assert tool.mail() == all_in_inbox(SUBJECTS)
    assert result.stdout.startswith(">> Filtering message:\n\n  ID:      <1@x>\n  Date:    \n  Size:    83 bytes\n  Subject: plain\n")
    assert " * store message in folder: Lists\n        + create mailbox if it does not exist\n" in result.stdout


def test_messages_are_copied_without_w(tool):
    result = tool.run("-e", "f.sieve", "INBOX")
    assert result.returncode == 0
    assert tool.mail() == sorted(all_in_inbox(SUBJECTS) + [(".Lists", "a list", "S")])


def test_messages_are_moved_and_changed_with_w(tool):
    result = tool.run("-e", "-W", "f.sieve", "INBOX")
    assert result.returncode == 0
    assert tool.mail() == sorted([("mail", "plain", "S"), (".Lists", "a list", "S"), ("mail", "spam", "S"), ("mail", "flag", "F"),
                                  ("mail", "fwd", "S"), ("mail", "fail", "S"), ("mail", "edit", "S")])
    [edited] = [name for name in os.listdir(os.path.join(tool.folder, "mail", "cur")) if not name.startswith("100000000")]
    with open(os.path.join(tool.folder, "mail", "cur", edited), encoding="utf-8") as file:
        assert file.read().startswith("X-New: yes\n")
    assert "redirect action: no means to send mail" in result.stderr
    assert "failed to store into mailbox 'Missing': Mailbox doesn't exist: Missing." in result.stderr


def test_a_copy_keeps_the_time_at_which_the_message_came(tool):
    fill = tool.fill
    came = 1041379200

    def fill_with_old(subjects):
        fill(subjects)
        for path in pathlib.Path(tool.folder, "mail/cur").iterdir():
            os.utime(path, (came, came))

    tool.fill = fill_with_old
    result = tool.run("-e", "-W", "f.sieve", "INBOX", subjects=["a list", "edit"])
    assert result.returncode == 0, result.stderr
    assert tool.mail() == [(".Lists", "a list", "S"), ("mail", "edit", "S")]
    assert [os.stat(path).st_mtime for path in pathlib.Path(tool.folder, "mail").glob("**/cur/*")] == [came, came]


def test_a_keep_beside_a_fileinto_of_the_same_mailbox_is_one_copy(tool):
    tool.script = b'require ["fileinto", "mailbox"];\nfileinto :create "Kept"; keep;\n'
    result = tool.run("-e", "-W", "-m", "Kept", "-o", "lda_mailbox_autocreate=yes", "f.sieve", "INBOX", subjects=["plain"])
    assert result.returncode == 0, result.stderr
    assert tool.mail() == [(".Kept", "plain", "S")]


def test_what_cannot_be_read_or_stored_leaves_out_no_other(tool):
    fill = tool.fill

    def fill_with_obstacles(subjects):
        fill(subjects)
        cur = pathlib.Path(tool.folder, "mail/cur")
        (cur / "1000000001.M1P1.h:2,S").chmod(0)
        for place in ("cur", "new", "tmp"):
            (cur.parent / ".Lists" / place).mkdir(parents=True)
        (cur.parent / ".Lists/tmp").chmod(0o500)
        for path in (cur.parent / ".Lists", *(cur.parent / ".Lists").iterdir()):
            shutil.chown(path, "nobody", "nogroup")

    tool.fill = fill_with_obstacles
    result = tool.run("-e", "-W", "f.sieve", "INBOX", subjects=["plain", "a list", "flag"])
    os.chmod(os.path.join(tool.folder, "mail/cur/1000000001.M1P1.h:2,S"), 0o600)
    assert tool.mail() == sorted([("mail", "plain", "S"), ("mail", "a list", "S"), ("mail", "flag", "F")])
    assert result.stderr.count("message left in source mailbox.") == 2, result.stderr


@pytest.mark.parametrize("action, expected", [
    (["keep"], [("mail", "spam", "S")]),
    (["delete"], [("mail", "spam", "ST")]),
    (["expunge"], []),
    (["move", "INBOX"], [("mail", "spam", "S")]),
])
def test_discard_actions(tool, action, expected):
    result = tool.run("-e", "-W", "f.sieve", "INBOX", *action, subjects=["spam"])
    assert result.returncode == 0, result.stderr
    assert tool.mail() == expected


@pytest.mark.parametrize("script", ['pipe "note";', 'pipe :copy "note"; discard;'])
@pytest.mark.parametrize("action, expected", [([], [("mail", "plain", "S")]), (["delete"], [("mail", "plain", "ST")]), (["expunge"], [])])
@pytest.mark.parametrize("program", ["sieve-filter", PEER])
def test_a_program_is_no_place_for_a_message(tool, script, action, expected, program):
    if not os.path.exists(program) and program == PEER:
        pytest.skip("no Pigeonhole here")
    programs = os.path.join(tool.folder, "programs")
    os.makedirs(programs)
    with open(os.path.join(programs, "note"), "w", encoding="ascii") as file:
        file.write("#!/bin/sh\nexec cat > /dev/null\n")
    os.chmod(os.path.join(programs, "note"), 0o755)
    tool.script = f'require ["vnd.dovecot.pipe", "copy"]; {script}'.encode()
    words = ["-C", "-o", "plugin/sieve_plugins=sieve_extprograms", "-o", "plugin/sieve_extensions=+vnd.dovecot.pipe", "-o",
             f"plugin/sieve_pipe_bin_dir={programs}", "-e", "-W", "f.sieve", "INBOX", *action]
    result = tool.run(*words, subjects=["plain"], program=program)
    assert result.returncode == 0, result.stderr
    assert tool.mail() == expected


def test_flags_that_a_reader_sets_meanwhile_stay(tool):
    programs = os.path.join(tool.folder, "programs")
    os.makedirs(programs)
    rename = f"cd {tool.folder}/mail/cur && mv 1000000002.M1P1.h:2,S 1000000002.M1P1.h:2,FPS && mv 1000000003.M1P1.h:2,S 1000000003.M1P1.h:2,F"
    with open(os.path.join(programs, "reader"), "w", encoding="ascii") as file:
        file.write(f"#!/bin/sh\n{rename}\n")
    os.chmod(os.path.join(programs, "reader"), 0o755)
    tool.script = (b'require ["vnd.dovecot.execute", "imap4flags"];\nif header "subject" "one" { execute "reader"; }\n'
                   b'if header "subject" "three" { addflag "\\\\Answered"; }\n')
    result = tool.run("-C", "-o", "plugin/sieve_extensions=+vnd.dovecot.execute", "-o", f"plugin/sieve_execute_bin_dir={programs}", "-e",
                      "-W", "f.sieve", "INBOX", subjects=["one", "two", "three"])
    assert result.returncode == 0, result.stderr
    assert tool.mail() == [("mail", "one", "S"), ("mail", "three", "FR"), ("mail", "two", "FPS")]


def test_forwards_of_old_mail_have_its_return_path_for_sender(tool):
    with open(os.path.join(tool.folder, "take"), "w", encoding="ascii") as file:
        file.write(f'#!/bin/sh\necho "$@" >> {tool.folder}/arguments\nexec cat > /dev/null\n')
    os.chmod(os.path.join(tool.folder, "take"), 0o755)
    tool.script = b'redirect "x@example.net";'
    for return_path, sender in (("<>", "<>"), ("<joe@example.org>", "joe@example.org"), (None, "<>")):
        with open(os.path.join(tool.folder, "arguments"), "w", encoding="ascii"):
            pass
        subject = "one" if return_path is None else f"one\nReturn-Path: {return_path}"
        result = tool.run("-C", "-Q", f"{tool.folder}/take", "-e", "-W", "f.sieve", "INBOX", subjects=[subject])
        assert result.returncode == 0, result.stderr
        with open(os.path.join(tool.folder, "arguments"), encoding="ascii") as file:
            assert f"-f {sender} -- x@example.net" in file.read()


def test_the_flags_of_the_last_keep_hold_in_a_sequence(tool):
    tool.script = b'require "imap4flags"; keep :flags "\\\\Flagged";'
    with open(os.path.join(tool.folder, "second.sieve"), "wb") as file:
        file.write(b'require ["fileinto", "copy", "mailbox"]; fileinto :create :copy "A";')
    result = tool.run("-C", "-e", "-W", "-s", "f.sieve", "second.sieve", "INBOX", subjects=["one"])
    assert result.returncode == 0, result.stderr
    assert ("mail", "one", "F") in tool.mail()


def test_messages_that_are_deleted_are_left_alone(tool):
    tool.script = b'require "fileinto"; fileinto "INBOX"; discard;'
    tool.fill(["plain"])
    programs = os.path.join(tool.folder, "mail", "cur")
    tool.script = b"discard;"
    tool.run("-C", "-e", "-W", "f.sieve", "INBOX", "delete", subjects=["plain"])
    assert tool.mail() == [("mail", "plain", "ST")]
    assert len(os.listdir(programs)) == 1
    words = ["sieve-filter", "-o", f"mail_location=maildir:{tool.folder}/mail", "-C", "f.sieve", "INBOX"]
    result = subprocess.run([*tool.prefix, os.path.join(tool.programs.folder, words[0]), *words[1:]], cwd=tool.folder, text=True,
                            env={"HOME": tool.folder, "USER": "nobody"}, capture_output=True, timeout=60, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_sizes_in_the_names_of_copies_are_right_for_crlf_too(tool):
    tool.script = b'require ["fileinto", "mailbox"]; fileinto :create :copy "A";'.replace(b'"mailbox"]', b'"mailbox", "copy"]')
    tool.fill(["plain"])
    [name] = os.listdir(os.path.join(tool.folder, "mail", "cur"))
    result = tool.run("-C", "-e", "f.sieve", "INBOX", subjects=["plain\r"])
    assert result.returncode == 0, result.stderr
    [copy] = os.listdir(os.path.join(tool.folder, "mail", ".A", "cur"))
    with open(os.path.join(tool.folder, "mail", ".A", "cur", copy), "rb") as file:
        data = file.read()
    assert b"Subject: plain\r\n" in data
    assert f",S={len(data)},W={len(data) + data.count(10) - data.count(13)}" in copy
    assert name


def test_discarded_messages_are_moved(tool):
    tool.fill(["spam"])
    tool.script = SCRIPT.replace(b'discard; }', b'discard; }\nelsif header "subject" "make" { fileinto :create "Old"; }')
    result = tool.run("-e", "-W", "f.sieve", "INBOX", "move", "Nowhere", subjects=["spam"])
    assert result.returncode == 89
    assert "Couldn't open mailbox 'Nowhere': Mailbox doesn't exist: Nowhere" in result.stderr
    assert tool.mail() == [("mail", "spam", "S")]


def test_what_is_kept_goes_to_another_mailbox_with_m(tool):
    tool.script = b"keep;\n"
    result = tool.run("-e", "-W", "-o", "lda_mailbox_autocreate=yes", "-m", "Kept", "f.sieve", "INBOX", subjects=["plain"])
    assert result.returncode == 0, result.stderr
    assert tool.mail() == [(".Kept", "plain", "S")]


def test_outgoing_mail_is_stored_or_sent(tool):
    result = tool.run("-e", "-W", "-q", "INBOX", "f.sieve", "INBOX", subjects=["fwd"])
    assert result.returncode == 0, result.stderr
    assert tool.mail() == [("mail", "fwd", "")]
    result = tool.run("-e", "-W", "-Q", "/bin/false", "f.sieve", "INBOX", subjects=["fwd"])
    assert tool.mail() == [("mail", "fwd", "S")]
    assert "failed to redirect message to <x@example.net>" in result.stderr
    result = tool.run("-e", "-W", "-Q", "/bin/true", "f.sieve", "INBOX", subjects=["fwd"])
    assert tool.mail() == []


def test_scripts_in_sequence(tool):
    tool.fill([])
    with open(os.path.join(tool.folder, "first.sieve"), "wb") as file:
        file.write(b'require ["imap4flags"];\naddflag "\\\\Answered";\n')
    result = tool.run("-e", "-W", "-s", "first.sieve", "f.sieve", "INBOX", subjects=["plain"])
    assert result.returncode == 0, result.stderr
    assert tool.mail() == [("mail", "plain", "RS")]


def test_old_mail_is_answered_to_nobody(tool):
    tool.script = b'require ["vacation", "enotify"];\nvacation "gone";\nnotify "mailto:a@example.com";\n'
    result = tool.run("-e", "-W", "-Q", "/bin/false", "f.sieve", "INBOX", subjects=["plain"])
    assert result.returncode == 0
    assert "vacation action: left out" in result.stderr
    assert "notify action: left out" in result.stderr
    assert tool.mail() == [("mail", "plain", "S")]


@pytest.mark.parametrize("words, status, text", [
    (["f.sieve", "Nobox"], 89, "Couldn't open source mailbox 'Nobox': Mailbox doesn't exist: Nobox"),
    (["none.sieve", "INBOX"], 89, "script not found"),
    (["f.sieve", "INBOX", "frop"], 64, "Invalid <discard-action> argument"),
    (["f.sieve", "INBOX", "move"], 64, "Invalid <discard-action> argument"),
    (["f.sieve"], 64, "source-mailbox"),
])
def test_mistakes(tool, words, status, text):
    result = tool.run(*words)
    assert result.returncode == status
    assert text in result.stderr


@pytest.mark.skipif(not os.path.exists(PEER), reason="Pigeonhole is not installed")
@pytest.mark.parametrize("words", [["f.sieve", "INBOX"], ["-e", "f.sieve", "INBOX"], ["-e", "-W", "f.sieve", "INBOX"],
                                   ["-e", "-W", "f.sieve", "INBOX", "delete"], ["-e", "-W", "f.sieve", "INBOX", "expunge"]])
def test_beside_pigeonholes(tool, words):
    tool.script = PLAIN
    subjects = SUBJECTS[:-1]
    theirs = tool.run(*words, subjects=subjects, program=PEER)
    their_mail = tool.mail()
    ours = tool.run(*words, subjects=subjects)
    assert tool.mail() == their_mail
    assert ours.returncode == theirs.returncode
    assert ours.stdout.lower() == theirs.stdout.lower()  # flags are in capitals here
