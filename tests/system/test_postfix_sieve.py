# SPDX-License-Identifier: MIT
"""What scripts decide, seen from outside: mail comes by a real Postfix, by pipe and by LMTP, and what goes out comes to an
SMTP server."""
import os
import subprocess
import time

import pytest

from mail_builder import mail, new_message_id
from maildir_view import Maildir
from test_postfix import SITE, WAYS, piece
from waiting import wait_until

SCRIPTS = {
    "rejects": 'require "reject";\nreject "not wanted here";\n',
    "rejects-at-length": 'require "reject";\nreject "not wanted here\n\nand for a second reason, in a paragraph of its own";\n',
    "erejects": 'require "ereject";\nereject "not wanted here";\n',
    "answers": 'require "vacation";\nvacation :days 1 "gone fishing";\n',
    "once": 'require "duplicate";\nif duplicate { discard; stop; }\nkeep;\n',
    "ping": 'require "copy";\nredirect "pong@example.com";\n',
    "pong": 'require "copy";\nredirect "ping@example.com";\n',
    "pages": 'require "enotify";\nnotify :message "there is mail" "mailto:pager@outside.example";\n',
    "pipes": 'require ["vnd.dovecot.pipe"];\npipe "takes";\n',
    "pipes-badly": 'require ["vnd.dovecot.pipe"];\npipe "fails";\n',
    "pipes-late": 'require ["vnd.dovecot.pipe"];\npipe "hangs";\n',
    "filters-badly": 'require ["vnd.dovecot.filter", "vnd.dovecot.execute", "fileinto", "mailbox"];\n'
                     'filter "fails";\nif not execute "fails" { fileinto :create "False"; }\n',
    "middle": 'require ["fileinto", "mailbox", "copy"];\nfileinto :copy :create "Own";\n',
    "breaks": 'require "fileinto";\nfileinto "A"\n',
}
BEFORE = 'require ["fileinto", "mailbox", "copy"];\nif header "subject" "sequence" { fileinto :copy :create "Before"; }\n'
AFTER = 'require ["fileinto", "mailbox"];\nif header "subject" "sequence" { fileinto :create "After"; }\n'
PROGRAMS = {"takes": "/bin/cat > /dev/null\n", "fails": "/bin/cat > /dev/null\nexit 3\n", "hangs": "exec /bin/sleep 60\n"}
PLUGIN = """
plugin {
  sieve_plugins = sieve_extprograms
  sieve_extensions = +vnd.dovecot.pipe +vnd.dovecot.filter +vnd.dovecot.execute
  sieve_pipe_bin_dir = @BASE@/bin
  sieve_filter_bin_dir = @BASE@/bin
  sieve_execute_bin_dir = @BASE@/bin
  sieve_pipe_exec_timeout = 1s
  sieve_before = @BASE@/before.sieve
  sieve_after = @BASE@/after.sieve
}
"""


@pytest.fixture(scope="module", params=["pipe", "lmtp-unix"])
def site(request, make_module_scenario):
    way = WAYS[request.param]
    users = "".join(f"{user}@example.com:{{PLAIN}}x:@VMAIL_UID@:@VMAIL_GID@::@MAIL@/example.com/{user}::\n" for user in SCRIPTS)
    with open(os.path.join(SITE, "dovecot.conf")) as file:
        configuration = file.read().replace("plugin {", PLUGIN + "plugin {", 1)
    made = make_module_scenario(SITE, config=way.config, main=piece(way.main), master=piece(way.master) if way.master else "none",
                                replace={"users": users, "dovecot.conf": configuration}, more_values={"VIRTUAL_DOMAINS": "example.com"})
    made.way = way
    for user, script in SCRIPTS.items():
        os.makedirs(made.home(f"{user}@example.com"))
        with open(os.path.join(made.home(f"{user}@example.com"), ".dovecot.sieve"), "w") as file:
            file.write(script)
    for name, script in (("before", BEFORE), ("after", AFTER)):
        with open(os.path.join(made.base, name + ".sieve"), "w") as file:
            file.write(script)
    os.mkdir(os.path.join(made.base, "bin"), 0o755)
    for name, text in PROGRAMS.items():
        path = os.path.join(made.base, "bin", name)
        with open(path, "w") as file:
            file.write("#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
    vmail = made.accounts["vmail"]
    subprocess.run(["chown", "-R", f"{vmail.pw_uid}:{vmail.pw_gid}", made.mail_root], check=True)
    return made.start()


def deliver(site, user, sender, subject="A test", **more):
    message_id = new_message_id()
    site.postfix.deliver(f"{user}@example.com", mail(subject, f"{user}@example.com", sender, message_id), sender=sender, **more)
    return message_id


def box(site, user, folder=""):
    return Maildir(os.path.join(site.home(f"{user}@example.com"), "Maildir")).folder(folder)


@pytest.mark.peer_differs
@pytest.mark.parametrize("user", ["rejects", "erejects"])
def test_postfix_bounces_what_is_rejected_with_our_text(site, user):
    sender = f"{user}@outside.example"
    attempt = site.postfix.deliver(f"{user}@example.com", mail(to=f"{user}@example.com"), sender=sender, status="bounced")
    assert attempt.dsn.startswith("5.7.") and "not wanted here" in attempt.text
    [bounce] = site.sink.wait_for(sender)
    assert bounce.sender == "" and "Undelivered" in bounce.subject and b"not wanted here" in bounce.data
    assert box(site, user).messages() == []


def test_a_reason_that_fits_no_reply_goes_by_mail(site):
    deliver(site, "rejects-at-length", "refused@outside.example")
    [told] = site.sink.wait_for("refused@outside.example")
    assert told.sender == "" and "disposition-notification" in told.message["Content-Type"]
    assert b"not wanted here" in told.data and b"for a second reason" in told.data
    assert box(site, "rejects-at-length").messages() == []


def test_a_vacation_answers_once_and_explain_says_why_not_again(site, is_peer):
    first, second = (deliver(site, "answers", "friend@outside.example") for _ in range(2))
    site.postfix.wait_until_empty()
    [reply] = site.sink.received("friend@outside.example")
    assert reply.sender == "" and b"gone fishing" in reply.data and reply.message["In-Reply-To"] == first
    assert len(box(site, "answers").messages()) == 2
    if is_peer:
        return
    explained = subprocess.run([os.path.join(site.programs.folder, "tamis"), "explain", "-c", site.conf, "-u", "answers@example.com",
                                second], capture_output=True, text=True, check=True).stdout
    assert "discarded duplicate vacation response to <friend@outside.example>" in explained, explained


def test_two_at_once_with_one_message_id_are_one(site):
    message = mail(to="once@example.com")
    queue_ids = [site.postfix.send("once@example.com", message) for _ in range(2)]
    for queue_id in queue_ids:
        site.postfix.wait_for(queue_id, "sent")
    assert len(box(site, "once").messages()) == 1


def test_a_redirect_loop_ends_and_nothing_is_lost(site):
    message_id = deliver(site, "ping", "far@outside.example")

    def kept():
        return [message for user in ("ping", "pong") for message in box(site, user).holding(message_id)]

    def told():
        """pipe(8) has put Delivered-To into the message, by which Postfix finds the loop itself."""
        return [mail for mail in site.sink.received("far@outside.example") if b"mail forwarding loop" in mail.data]
    wait_until(lambda: kept() or told(), "the end of the loop")
    time.sleep(0.3)
    site.postfix.wait_until_empty()
    assert (len(kept()), len(told())) == ((1, 0) if site.way.lmtp else (0, 1))


def test_a_notification_comes_and_the_message_stays(site):
    message_id = deliver(site, "pages", "a@outside.example")
    notification = site.sink.wait_for("pager@outside.example")[-1]
    assert notification.subject == "there is mail"
    assert notification.message["Auto-Submitted"].startswith("auto-notified")
    assert box(site, "pages").holding(message_id)


@pytest.mark.parametrize("user, kept", [("pipes", 0), ("pipes-badly", 1), ("pipes-late", 1)])
def test_what_a_program_does_not_take_is_kept(site, user, kept):
    message_id = deliver(site, user, "a@outside.example")
    assert len(box(site, user).holding(message_id)) == kept
    if kept:
        site.wait_for_log(rf"program exec:{site.base}/bin/(fails|hangs)")


def test_a_filter_that_fails_leaves_the_message_and_execute_is_false(site):
    message_id = deliver(site, "filters-badly", "a@outside.example")
    [message] = box(site, "filters-badly", "False").holding(message_id)
    assert message.data.endswith(b"Hello.\n")


def test_scripts_before_and_after_the_users_own(site):
    message_id = deliver(site, "middle", "a@outside.example", "sequence")
    assert all(len(box(site, "middle", folder).holding(message_id)) == 1 for folder in ("Before", "Own", "After"))
    assert box(site, "middle").holding(message_id) == []


def test_a_broken_script_keeps_and_each_log_says_so(site):
    message_id = deliver(site, "breaks", "a@outside.example")
    assert box(site, "breaks").holding(message_id)
    with open(os.path.join(site.home("breaks@example.com"), ".dovecot.sieve.log")) as file:
        assert "error:" in file.read()
    lines = [line for line in site.log().split("\n") if "breaks" in line and "ailed to compile" in line]
    assert len(lines) == 1, site.log()
