# SPDX-License-Identifier: MIT
"""`tamis config` against Debian's doveconf: the same lines for the same files, byte for byte.

Differences that are meant: the head (versions), Tamis's own settings, and user names in URLs, which the peer hides only
for some schemes. With -f and -n together the peer forgets what was set in sections; ours doesn't. -S is sorted; the
peer's order is that in which its modules were loaded. The peer prints a mailbox that it is asked for by its path as
`namespace "NAME" { mailbox {`; ours as it stands in the file. Where a "<file" in plugin {} is missing, the peer says so
although nothing asked for its content."""
import glob
import os
import re
import shutil
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCENARIOS = os.path.join(ROOT, "fixtures", "scenarios")
FRAGMENTS = os.path.join(ROOT, "fixtures", "config")
TAMIS = os.path.join(os.environ.get("TAMIS_BUILD", os.path.join(ROOT, "build")), "src", "bin", "tamis")
DOVECONF = "/usr/bin/doveconf"
STOCK = "/usr/share/dovecot"
OWN = re.compile(r"^(auth_allow_weak_schemes|lda_timeout|lmtp_max_message_size|tamis_\w+) = ")

pytestmark = pytest.mark.skipif(not os.path.exists(DOVECONF) or not os.path.exists(TAMIS),
                                reason="needs doveconf and a built tamis")


def run(program, *arguments):
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    done = subprocess.run([*program, *arguments], env=environment, capture_output=True, text=True, timeout=60)
    shown = [line for line in done.stdout.splitlines()
             if not line.startswith("# ") and not OWN.match(line)]
    said = sorted({re.sub(r"^(doveconf|tamis config): ", "", line) for line in done.stderr.splitlines()
                   if "dump-capability" not in line})
    return done.returncode, shown, said


def same(path, *options):
    peer = run([DOVECONF], "-c", path, *options)
    ours = run([TAMIS, "config"], "-c", path, *options)
    assert ours == peer


def whole(path):
    for option in ("-n", "-N", "-a"):
        same(path, option)


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    """All scenario folders with their placeholders filled in."""
    base = tmp_path_factory.mktemp("conf")
    ports = {"LMTP_PORT": "24001", "IMAP_PORT": "24002", "POP3_PORT": "24003", "SIEVE_PORT": "24004"}
    for folder in os.listdir(SCENARIOS):
        source = os.path.join(SCENARIOS, folder)
        if not os.path.isdir(source):
            continue
        target = os.path.join(base, folder)
        shutil.copytree(source, target)
        shutil.copy(os.path.join(SCENARIOS, "frame", "private.conf"), target)
        for directory, _, names in os.walk(target):
            for name in names:
                path = os.path.join(directory, name)
                with open(path, encoding="utf-8") as file:
                    text = file.read()
                text = text.replace("@BASE@/conf", target).replace("@BASE@", "/tmp/base")
                for word in re.findall(r"@([A-Z0-9_]+)@", text):
                    value = ports.get(word) or ("5000" if word.endswith("ID") else
                                                "mail" if word in ("VMAIL", "MAILREADER", "DOVELDA") else
                                                "/tmp/" + word.lower())
                    text = text.replace(f"@{word}@", value)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
    return str(base)


def scenario_files():
    for path in sorted(glob.glob(os.path.join(SCENARIOS, "*", "*.conf")) +
                       glob.glob(os.path.join(SCENARIOS, "*", "conf.d", "*.conf"))):
        if not path.endswith("-sql.conf"):
            yield os.path.relpath(path, SCENARIOS)


@pytest.mark.parametrize("name", scenario_files())
def test_a_scenario_reads_as_in_dovecot(scenarios, name):
    whole(os.path.join(scenarios, name))


def test_debians_stock_tree_reads_as_in_dovecot(tmp_path):
    shutil.copy(os.path.join(STOCK, "dovecot.conf"), tmp_path)
    shutil.copytree(os.path.join(STOCK, "conf.d"), tmp_path / "conf.d")
    whole(str(tmp_path / "dovecot.conf"))


def test_the_defaults_are_dovecots(tmp_path):
    empty = tmp_path / "empty.conf"
    empty.write_text("")
    for options in (["-d"], ["-d", "-s"], ["-a"], ["-n"]):
        same(str(empty), *options)


@pytest.mark.parametrize("name", sorted(os.listdir(FRAGMENTS)))
def test_a_fragment_reads_as_in_dovecot(tmp_path, name):
    shutil.copytree(FRAGMENTS, tmp_path / "conf")
    os.chdir(tmp_path / "conf")
    if name.endswith(".conf"):
        whole(name)


@pytest.mark.parametrize("options", [
    ["mail_debug"], ["-h", "mail_plugins"], ["plugin"], ["plugin/sieve"], ["-h", "plugin/sieve"], ["namespace"],
    ["namespace/inbox"], ["namespace/inbox/list"], ["userdb"], ["service/login"], ["service/auth"], ["no_such_setting"],
    ["-f", "protocol=lda", "mail_plugins"], ["-f", "service=lmtp", "mail_plugins"], ["-f", "protocol=lda", "passdb"],
    ["-f", "protocol=lda", "-f", "remote=1.2.3.4", "mail_debug"], 
    ["-x", "-n"], ["-P", "-n"], ["doveadm_password"], ["-S", "mail_debug"],
    ["listen", "protocols"], ["-n", "userdb"], ["service/auth/unix_listener/login\\slogin/mode"],
    ["-f", "nonsense=1", "mail_debug"],
    *(["-m", module] for module in ("auth", "dict", "director", "doveadm", "imap", "imap-login", "lda", "lmtp", "login",
                                    "mail", "managesieve", "managesieve-login", "master", "pop3", "pop3-login",
                                    "replicator", "imap-urlauth", "ssl", "stats", "no-such-module")),
    ["-m", "lda", "-n"], ["-m", "imap", "-n"], ["-m", "auth", "-N"],
])
def test_a_question_is_answered_as_in_dovecot(options):
    os.chdir(FRAGMENTS)
    same("everything.conf", *options)


@pytest.mark.parametrize("text", [
    "foo = bar", "mail_debug = true", "mail_debug = 0", "mail_debug = n", "first_valid_uid = 1x", "default_vsz_limit = 2 Q",
    "auth_cache_ttl = 5", "auth_cache_ttl = 5 parsecs", "mail_fsync = Always", "foo", "foo {", "foo {\n}",
    "service auth { x", "service auth { a = b }", "}", "service auth {", "!include /nowhere", "service auth {\n  x = 1\n}",
    "protocol lda {\n  protocol imap {\n  }\n}", "protocol lda {\n  remote 1.1.1.1 {\n  }\n}",
    "remote 1.1.1.1 {\n  local 1.1.1.1 {\n  }\n}", "local_name x {\n  local 1.1.1.1 {\n  }\n}",
    "local 10.0.0.0/8 {\n  local 11.0.0.0/9 {\n  }\n}", "local 10.0.0.0/99 {\n}", "protocols = imap foo",
    "service auth {\n  process_limit = 2\n}", "passdb {\n}", "listen =", "first_valid_uid = 100\nlast_valid_uid = 5",
    "namespace inbox {\n  inbox = yes\n  mailbox foo {\n    special_use = \\\\Junk\n  }\n}",
    "imap_client_workarounds = foo", "passdb {\n  plugin {\n  }\n}", "plugin {\n  x {\n  }\n}",
    "service lmtp {\n  inet_listener lmtp {\n    port = 99999\n  }\n}", "service auth {\n  unix_listener x {\n    mode = 08\n  }\n}",
    "auth_mechanisms = plain\nremote 1.1.1.1 {\n  auth_mechanisms = login\n}",
    "protocol lda {\n  mail_plugins = a\n}\nmail_plugins = b",
])
def test_a_mistake_is_told_as_in_dovecot(tmp_path, text):
    os.chdir(tmp_path)
    (tmp_path / "x.conf").write_text(text + "\n")
    peer = run([DOVECONF], "-c", "x.conf", "-n")
    ours = run([TAMIS, "config"], "-c", "x.conf", "-n")
    assert ours[0] == peer[0]
    # Ours adds hints, and the peer repeats some errors without "Fatal".
    for line in peer[2]:
        if line.startswith(("Fatal: ", "Warning: ")):
            assert line in ours[2]


def flat(lines):
    """Sorted, and the names in lists of sections sorted, too."""
    return sorted("=".join([key, " ".join(sorted(value.split(" ")))]) if re.fullmatch(r"(.*/)?(\w+_listener|mailbox|namespace|passdb|service|userdb)", key)
                  else f"{key}={value}" for key, _, value in (line.partition("=") for line in lines))


OWN_FLAT = re.compile(r"^(auth_allow_weak_schemes|lda_timeout|lmtp_max_message_size|tamis_\w+)=")


@pytest.mark.parametrize("options", [["-S"], ["-S", "-n"], ["-S", "namespace"], ["-S", "userdb"], ["-S", "plugin"],
                                     ["-S", "service"], ["-S", "-m", "lda"]])
@pytest.mark.parametrize("path", [os.path.join(FRAGMENTS, "everything.conf"), "lists.conf"])
def test_the_flat_listing_has_dovecots_lines(tmp_path, path, options):
    os.chdir(tmp_path)
    (tmp_path / "lists.conf").write_text(
        "namespace {\n  inbox = yes\n}\nnamespace {\n  prefix = x/\n  separator = /\n}\nuserdb foo {\n  driver = passwd\n}\n"
        "passdb {\n  driver = pam\n}\nuserdb {\n  driver = static\n}\nplugin {\n  a = b\n}\ndict {\n  a = b\n}\n"
        "service lmtp {\n  inet_listener {\n    port = 26\n  }\n}\n")
    peer = run([DOVECONF], "-c", path, *options)
    ours = run([TAMIS, "config"], "-c", path, *options)
    assert ours[0] == peer[0]
    # The peer says some lines twice.
    assert sorted(set(flat(line for line in ours[1] if not OWN_FLAT.match(line)))) == sorted(set(flat(peer[1])))
    assert "#0" not in "\n".join(ours[1])


@pytest.mark.parametrize("options", [["-n"], ["-N"], ["-x", "-n"], ["plugin"], ["-x", "plugin"], ["-h", "mail_plugins"]])
def test_the_environment_is_kept_as_it_is_written_until_asked_for(tmp_path, options):
    os.chdir(tmp_path)
    (tmp_path / "x.conf").write_text("mail_plugins = $ENV:PATH\nmail_log_prefix = $mail_plugins x\n"
                                     "plugin {\n  sieve = $ENV:HOME/x\n  a = b $ENV:PATH c\n}\n")
    same("x.conf", *options)


@pytest.mark.parametrize("options", [["-x", "-n"], ["-x", "plugin"], ["-x", "mail_debug"], ["-x", "-N"]])
def test_a_missing_file_is_fatal_with_its_line_when_values_are_expanded(tmp_path, options):
    os.chdir(tmp_path)
    (tmp_path / "x.conf").write_text("ssl_key = </nope/b\n\nssl_cert = </nope/x\n")
    peer = run([DOVECONF], "-c", "x.conf", *options)
    ours = run([TAMIS, "config"], "-c", "x.conf", *options)
    assert (ours[0], ours[1]) == (peer[0], peer[1])
    assert len(ours[2]) == 2 and set(peer[2]) <= set(ours[2])  # the peer says the first


def test_versions_are_told(tmp_path):
    link = tmp_path / "doveconf"
    link.symlink_to(TAMIS)
    for command, wanted in (([TAMIS, "--version"], r"\d+\.\d+"), ([str(link), "--version"], r"2\.3\."),
                            ([TAMIS, "config", "--version"], r"\d+\.\d+")):
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0 and re.match(wanted, done.stdout), done
