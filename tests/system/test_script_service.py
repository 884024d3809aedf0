# SPDX-License-Identifier: MIT
"""Programs behind the sockets of Dovecot's own script service, as pipe, filter and execute of our LDA reach them."""
import os
import shutil
import tempfile

import pytest

from child_process import ChildProcess
from lda_site import GROUP, MESSAGE, USER, LdaSite
from waiting import wait_until

SERVICE_CONF = """
base_dir = {base}/run
state_dir = {base}/state
instance_name = script
log_path = {base}/log
protocols =
listen = 127.0.0.1
ssl = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service note {{
  executable = script {base}/note
  user = {user}
  unix_listener {base}/sockets/note {{
    mode = 0666
  }}
}}
"""
# Says what it got; the first argument tells how it ends.
PROGRAM = """#!/bin/sh
{{ echo "args: $*"; /bin/cat; }} >> {base}/noted
case "$1" in
  fail) exit 3;;
  filter) echo "X-Filtered: $2"; echo; echo "a new body";;
  *) printf 'said %s' "$2";;
esac
"""
SETTINGS = """plugin {{
  sieve_plugins = sieve_extprograms
  sieve_extensions = +vnd.dovecot.pipe +vnd.dovecot.filter +vnd.dovecot.execute
  sieve_pipe_socket_dir = {base}/sockets
  sieve_filter_socket_dir = {base}/sockets
  sieve_execute_socket_dir = {base}/sockets
}}"""
REQUIRE = ('require ["vnd.dovecot.pipe", "vnd.dovecot.filter", "vnd.dovecot.execute", "variables", "copy", "fileinto",\n'
           '  "mailbox", "environment"];\n')


class Service:
    def __init__(self):
        self.base = tempfile.mkdtemp(prefix="ts-", dir="/tmp")
        os.chmod(self.base, 0o755)
        for name in ("run", "state", "sockets"):
            os.mkdir(self.path(name), 0o755)
        for name, text in (("service.conf", SERVICE_CONF), ("note", PROGRAM), ("noted", ""), ("log", "")):
            with open(self.path(name), "w") as file:
                file.write(text.format(base=self.base, user=USER, group=GROUP))
            os.chmod(self.path(name), 0o755)
            shutil.chown(self.path(name), USER, GROUP)
        self.server = ChildProcess(["/usr/sbin/dovecot", "-F", "-c", self.path("service.conf")], self.path("output"))
        wait_until(lambda: os.path.exists(self.path("sockets/note")) and "starting up" in self.read("log"), "Dovecot's script service")

    def path(self, name):
        return os.path.join(self.base, name)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def stop(self):
        self.server.stop()
        shutil.rmtree(self.base)


@pytest.fixture(scope="module")
def service():
    started = Service()
    yield started
    started.stop()


@pytest.fixture
def deliver(programs, service):
    sites = []

    def run(script):
        site = LdaSite(programs.deliver, REQUIRE + script, SETTINGS.format(base=service.base))
        sites.append(site)
        open(service.path("noted"), "w").close()
        status, _ = site.deliver()
        assert status == 0, site.read("log")
        return site

    yield run
    for site in sites:
        site.remove()


def test_a_piped_message_arrives_with_crlf_and_its_arguments(deliver, service):
    site = deliver('pipe "note" ["ok", "two words"];\n')
    assert service.read("noted") == "args: ok two words\n" + MESSAGE.decode()
    with open(service.path("noted"), "rb") as file:
        assert file.read().endswith(b"line of text\r\nend\r\n")
    assert site.maildir.messages() == []


def test_output_comes_back_to_execute_and_filter(deliver):
    site = deliver('execute :input "in" :output "x" "note" ["ok", "yes"];\n'
                   'filter "note" ["filter", "indeed"];\n'
                   'if header "X-Filtered" "indeed" { fileinto :create "${x}"; }\n')
    message, = site.maildir.folder("said yes").messages()
    assert message.data == b"X-Filtered: indeed\n\na new body\n"


def test_a_program_that_fails_is_told_and_the_message_kept(deliver):
    site = deliver('pipe "note" ["fail"];\n')
    assert len(site.maildir.messages()) == 1
    assert "note" in site.read("log") and "non-zero exit code" in site.read("log")
