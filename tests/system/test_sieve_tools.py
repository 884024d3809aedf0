# SPDX-License-Identifier: MIT
"""sieve-test's and sieve-dump's output as text: on its own, and beside Pigeonhole's where that is installed. The corpus
(test_sieve_peer.py) compares what is decided; here it is how that is told."""
import json
import os
import re
import shutil
import subprocess

import pytest

PEER = "/usr/bin/sieve-test"
MESSAGE = b"From: Joe <joe@example.org>\nTo: b@example.com\nSubject: Hello\nMessage-ID: <1@x>\n\nhi\n"
SCRIPTS = {
    "plain": b"keep;\n",
    "empty flags": b'require "imap4flags";\nkeep :flags "";\n',
    "flags required and unused": b'require ["imap4flags", "fileinto"];\nfileinto "A";\nkeep;\n',
    "flags": b'require "imap4flags";\naddflag "\\\\Seen";\naddflag "other";\n',
    "vacation, nothing but a text": b'require "vacation";\nvacation "gone";\n',
    "vacation with all": b'require "vacation";\nvacation :days 3 :subject "away" :from "b@example.com" '
                         b':addresses ["c@example.com"] "gone\nfishing";\n',
    "vacation with a handle": b'require "vacation";\nvacation :handle "h" "gone";\n',
    "vacation with MIME": b'require "vacation";\nvacation :mime "Content-Type: text/plain\n\ngone";\n',
    "vacation below the least period": b'require "vacation";\nvacation :days 0 "gone";\n',
    "duplicate": b'require "duplicate";\nif duplicate { discard; }\n',
    "duplicate with a handle": b'require "duplicate";\nif duplicate :handle "h" :seconds 10 { discard; }\n',
    "reject": b'require "reject";\nreject "no\n\nway";\n',
    "redirect and create": b'require ["copy", "fileinto", "mailbox"];\nredirect :copy "x@y.example";\n'
                           b'fileinto :create "New";\n',
    "discard": b"discard;\n",
}


class Tools:
    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.unprivileged = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
        with open(os.path.join(folder, "message"), "wb") as file:
            file.write(MESSAGE)
        with open(os.path.join(folder, "configuration"), "w", encoding="utf-8") as file:
            file.write(f"mail_location = maildir:{folder}/mail\nssl = no\n")

    def run(self, program, *words, script=None, prefix=None, stdout=subprocess.PIPE):
        if script is not None:
            with open(os.path.join(self.folder, "t.sieve"), "wb") as file:
                file.write(script)
            words = [*words, "t.sieve", "message"]
        path = program if program.startswith("/") else os.path.join(self.programs.folder, program)
        environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "USER": "nobody", "TZ": "UTC", "LC_ALL": "C"}
        return subprocess.run([*(self.unprivileged if prefix is None else prefix), path, "-c", "configuration", *words],
                              cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                              text=True, check=False)


@pytest.fixture(scope="module")
def tools(tmp_path_factory, programs, is_peer):
    if is_peer:
        pytest.skip("compares both by itself")
    folder = os.path.realpath(str(tmp_path_factory.mktemp("sieve-tools")))
    subprocess.run(["chown", "nobody:nogroup", folder], check=True)
    parent = os.path.dirname(folder)
    while parent != "/":  # pytest makes its folders private
        os.chmod(parent, os.stat(parent).st_mode | 0o011)
        parent = os.path.dirname(parent)
    yield Tools(folder, programs)
    shutil.rmtree(folder)


def shown(text):
    """What sieve-test prints, letter case of flags undone and empty lines at both ends dropped."""
    return re.sub(r"add IMAP flags: .*", lambda found: found[0].lower(), text).strip("\n")


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_actions_are_told_in_the_peers_words(tools, script):
    if not os.path.exists(PEER):
        pytest.skip("Pigeonhole's sieve-test is not installed (dovecot-sieve)")
    ours = tools.run("sieve-test", "-C", script=script)
    theirs = tools.run(PEER, "-C", script=script)
    assert ours.returncode == theirs.returncode == 0, ours.stderr + theirs.stderr
    assert shown(ours.stdout) == shown(theirs.stdout)


@pytest.mark.parametrize("level", ["commands", "tests", "matching"])
def test_traces_are_the_peers(tools, level):
    if not os.path.exists(PEER):
        pytest.skip("Pigeonhole's sieve-test is not installed (dovecot-sieve)")
    script = (b'require "fileinto";\nif header :contains "subject" ["no", "hello"] {\n'
              b'  fileinto "X";\n}\nif exists "y" {\n  keep;\n}\nredirect "a@example.net";\nstop;\ndiscard;\n')
    ours, theirs = (tools.run(program, "-C", "-t", "-", "-T", f"level={level}", script=script)
                    for program in ("sieve-test", PEER))
    assert ours.stdout.split("Performed")[0].strip() == theirs.stdout.split("Performed")[0].strip()


def test_a_vacation_shows_what_holds(tools):
    result = tools.run("sieve-test", "-C", script=SCRIPTS["vacation, nothing but a text"])
    assert "    => seconds : 604800\n" in result.stdout
    assert "    => handle  : gone<default-subject><default-from><NO-MIME>\n" in result.stdout


def test_debug_tells_more(tools):
    script = b"if true {\n  discard;\n  stop;\n}\nkeep;\n"
    plain = tools.run("sieve-test", "-C", "-t", "-", script=script)
    more = tools.run("sieve-test", "-C", "-t", "-", "-T", "debug", script=script)
    assert "debug" not in plain.stdout
    assert re.search(r"^ +## debug: steps: \d+$", more.stdout, re.M)
    assert "## debug: implicit keep cancelled in line 2\n" in more.stdout
    assert "## debug: stopped in line 3\n" in more.stdout


@pytest.mark.parametrize("word, marks", [("addresses", r"^[0-9a-f]{8}: +2: discard action"), ("level=none", r"\A\n*Performed")])
def test_other_trace_words(tools, word, marks):
    result = tools.run("sieve-test", "-C", "-t", "-", "-T", word, script=b"if true {\n  discard;\n}\n")
    assert re.search(marks, result.stdout, re.M)


def test_an_unknown_trace_word_is_refused_with_the_known_ones(tools):
    for word in ("bogus", "level=bogus"):
        result = tools.run("sieve-test", "-t", "-", "-T", word, script=b"keep;\n")
        assert result.returncode == 64
        assert f"-T {word}: unknown trace option" in result.stderr and "level=matching" in result.stderr


@pytest.mark.parametrize("words", [[], ["-e"]], ids=["try", "execute"])
def test_root_is_refused_unless_another_user_is_named(tools, words):
    refused = tools.run("sieve-test", "-C", *words, script=b"keep;\n", prefix=[])
    assert refused.returncode == 89
    assert refused.stdout == ""
    assert "Couldn't drop privileges: User is missing UID (see mail_uid setting)" in refused.stderr
    for group in ("root", ""):  # no group is no group of root
        refused = tools.run("sieve-test", "-C", "-o", "mail_uid=nobody", "-o", f"mail_gid={group}", script=b"keep;\n", prefix=[])
        assert refused.returncode == 89
    store = os.path.join(tools.folder, "as-user")
    result = tools.run("sieve-test", "-C", "-o", "mail_uid=nobody", "-o", "mail_gid=nogroup", "-l", f"maildir:{store}",
                       *words, script=b"keep;\n", prefix=[])
    assert result.returncode == 0, result.stderr
    if words:
        [message] = os.listdir(os.path.join(store, "new"))
        assert os.stat(os.path.join(store, "new", message)).st_uid == os.stat(tools.folder).st_uid
        shutil.rmtree(store)


def test_execution_shows_what_would_be_sent(tools):
    script = (b'require ["vacation", "enotify", "copy"];\nvacation :addresses "b@example.com" "gone";\n'
              b'notify "mailto:n@example.com";\nredirect :copy "x@example.net";\n')
    result = tools.run("sieve-test", "-C", "-e", "-f", "ann@example.org", "-r", "b@example.com", script=script)
    assert result.returncode == 0, result.stderr
    assert sorted(re.findall(r"^RECIPIENT: (.*)$", result.stdout, re.M)) == ["ann@example.org", "n@example.com", "x@example.net"]
    assert "\ngone\nEND MESSAGE\n" in result.stdout
    assert "sent vacation response to <ann@example.org>" in result.stderr


def test_a_script_with_errors_is_explained_too(tools):
    script = b"keep;\nfrop;\n"
    for words in ([], ["-C"]):
        result = tools.run("sieve-test", *words, "--json", script=script)
        assert result.returncode == 1
        [told] = json.loads(result.stdout)["scripts"]
        assert told["result"] == "compile error"
        assert told["errors"][0]["line"] == 2
    result = tools.run("sieve-test", "-C", "--explain", script=b'if header "subject" "Hello" {\n  stop;\n}\n')
    assert 'line 1: if header "subject" "Hello"' in result.stdout


def test_the_tools_let_a_script_debug(tools):
    script = b'require "vnd.dovecot.debug";\ndebug_log "frop";\n'
    for words in ([], ["-C"], ["-x", "fileinto"]):
        result = tools.run("sieve-test", *words, script=script)
        assert result.returncode == 0, result.stderr
        assert "DEBUG: frop" in result.stderr


@pytest.mark.parametrize("words", [["sieve-test", "-C"], ["sieve-test", "-C", "--json"], ["sieve-test", "-C", "-t", "-"]])
def test_output_that_cannot_be_written_is_no_success(tools, words):
    with open("/dev/full", "wb") as full:
        result = tools.run(*words, script=b"keep;\n", stdout=full)
    assert result.returncode != 0
    assert "write(standard output) failed" in result.stderr


def test_a_program_that_fails_is_a_failure_of_the_execution(tools):
    result = tools.run("sieve-test", "-C", "-o", "plugin/sieve_extensions=+vnd.dovecot.pipe", "-o",
                       f"plugin/sieve_pipe_bin_dir={tools.folder}", "-e", "-l", f"maildir:{tools.folder}/piped",
                       script=b'require "vnd.dovecot.pipe"; pipe "nope";\n')
    assert result.returncode == 1
    assert "final result: failed; resolved with successful implicit keep" in result.stderr
    assert len(os.listdir(os.path.join(tools.folder, "piped", "new"))) == 1


def test_scripts_that_include_themselves_are_refused(tools):
    storage = os.path.join(tools.folder, "sieve")
    os.makedirs(storage, exist_ok=True)
    for name, other in (("left", "right"), ("right", "left")):
        with open(os.path.join(storage, name + ".sieve"), "w", encoding="ascii") as file:
            file.write(f'require "include";\ninclude "{other}";\n')
    result = tools.run("sievec", "sieve/left.sieve", "out.svbin")
    assert result.returncode == 1
    assert "right: line 2: error: personal script 'left' is included in a circle." in result.stderr


def test_included_scripts_are_compiled_and_run(tools):
    storage = os.path.join(tools.folder, "sieve")
    os.makedirs(storage, exist_ok=True)
    with open(os.path.join(storage, "inc.sieve"), "wb") as file:
        file.write(b'require "fileinto";\nfileinto "Inc";\n')
    script = b'require "include";\ninclude "inc";\ninclude :optional "none";\n'
    result = tools.run("sieve-test", "-C", script=script)
    assert (result.returncode, result.stderr.count("error")) == (0, 0), result.stderr
    assert "store message in folder: Inc" in result.stdout
    with open(os.path.join(tools.folder, "i.sieve"), "wb") as file:
        file.write(script + b'include "later";\ninclude "bad";\n')
    result = tools.run("sievec", "i.sieve")
    assert result.returncode == 0
    assert "i: line 4: warning: included personal script 'later' does not exist." in result.stderr
    with open(os.path.join(storage, "bad.sieve"), "wb") as file:
        file.write(b"foo;\n")
    result = tools.run("sievec", "i.sieve")
    assert result.returncode == 1
    assert "bad: line 1: error: unknown command 'foo'." in result.stderr
    assert "i: line 5: error: failed to compile the included personal script 'bad'." in result.stderr


def dump_of(tools, *words):
    script = (b'require ["fileinto", "variables"];\nset "x" "a";\nif header "subject" ["${x}", "b"] {\n  fileinto "F";\n}\n')
    with open(os.path.join(tools.folder, "d.sieve"), "wb") as file:
        file.write(script)
    assert tools.run("sievec", "d.sieve").returncode == 0
    result = tools.run("sieve-dump", *words, "d.svbin")
    assert result.returncode == 0, result.stderr
    return result.stdout


DUMP = """
* Header:

version = N
compiler = H
checksum = H
size = N bytes

* Script metadata (block: header):

class = file
location = d.sieve
source = H
extensions = H

* Required extensions (block: extensions):

  0: fileinto (id: N; RFC 5228)
  1: variables (id: N; RFC 5229)

* Variables (block: variables):

  0: x

* Main program (block: code):

Address   Line  Code
00000000     2  push_string "a"
00000001     2  command set first=0 second
00000002     3  push_string "subject"
00000003     3  push_template ${x}
00000004     3  push_string "b"
00000005     3  make_list 2
00000006     3  test header first second
00000007     3  jump_if_false 0000000b
00000008     3  decided 00000002
00000009     4  push_string "F"
0000000a     4  command fileinto first
0000000b     4  end

"""


def test_a_dump_shows_header_metadata_extensions_and_code(tools):
    text = re.sub(r"\b(?:[0-9a-f]{16}){1,2}$", "H", dump_of(tools), flags=re.M)
    assert re.sub(r"(version = |size = |id: )\d+", r"\1N", text) == DUMP


def test_a_dump_says_when_the_script_has_changed(tools):
    dump_of(tools)
    with open(os.path.join(tools.folder, "d.sieve"), "ab") as file:
        file.write(b"# more\n")
    assert "location = d.sieve (changed since it was compiled)\n" in tools.run("sieve-dump", "d.svbin").stdout
    os.remove(os.path.join(tools.folder, "d.sieve"))
    assert "location = unknown\n" in tools.run("sieve-dump", "d.svbin").stdout


def test_a_hexadecimal_dump_holds_every_byte_of_the_file_in_blocks(tools):
    text = dump_of(tools, "-h")
    with open(os.path.join(tools.folder, "d.svbin"), "rb") as file:
        content = file.read()
    [count] = re.findall(r"^\* Binary blocks \(count: (\d+)\):$", text, re.M)
    blocks = re.findall(r"^\* Block (.+) \((\d+) bytes, file offset ([0-9a-f]{8})\):\n\n((?:[0-9a-f]{8}  .*\n)*)", text, re.M)
    assert len(blocks) == int(count)
    assert blocks[0][0] == "header" and blocks[0][2] == "00000000"
    seen = bytearray(len(content))
    for name, size, offset, rows in blocks:
        octets = bytes.fromhex("".join(row[10:58] for row in rows.splitlines()))
        assert len(octets) == int(size), name
        assert content[int(offset, 16):int(offset, 16) + len(octets)] == octets, name
        seen[int(offset, 16):int(offset, 16) + len(octets)] = octets
    assert sum(int(block[1]) for block in blocks) >= len(content) - 3 * len(blocks)  # sections are aligned to 4
    assert bytes(seen) == content


EXPLAINED = b'''require ["fileinto", "copy"];
if header :contains "subject" "list" { fileinto "Lists"; stop; }
elsif header :contains "subject" "hell" {
  fileinto :copy "Greetings";
}
'''


def test_explain_says_in_words_what_was_true_and_what_was_not(tools):
    result = tools.run("sieve-test", "--explain", script=EXPLAINED)
    assert result.returncode == 0, result.stderr
    assert re.search(r'line 2: if header :contains "subject" "list" .*: not true: subject was "Hello"', result.stdout)
    assert re.search(r'line 3: .*: true: header subject was "Hello", which matched "hell"', result.stdout)
    assert '  decided: fileinto Greetings\n       because of t.sieve:4: fileinto :copy "Greetings";\n' in result.stdout
    assert "  decided: implicit keep in INBOX\n" in result.stdout
    assert "Performed actions" not in result.stdout


def test_explain_tells_what_failed(tools):
    result = tools.run("sieve-test", "--explain", script=b'require ["fileinto", "ihave"];\nfileinto "A";\nerror "no more";\n')
    assert result.returncode == 1
    assert "no more" in result.stdout


def test_json_tells_the_same_to_programs(tools):
    result = tools.run("sieve-test", "--json", script=EXPLAINED)
    record = json.loads(result.stdout)
    assert record["scripts"][0]["rules"][0]["line"] == 3
    assert record["scripts"][0]["untrue"][0]["line"] == 2
    assert [action["what"] for action in record["actions"]] == ["fileinto", "keep"]
