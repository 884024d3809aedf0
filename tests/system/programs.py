# SPDX-License-Identifier: MIT
"""The delivery programs under test: ours from a build directory, or Debian's Dovecot as the peer."""
import os
import shutil
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PEER_LDA = "/usr/lib/dovecot/deliver"
PEER_MASTER = "/usr/sbin/dovecot"
TAMIS_PROGRAMS = ("tamis-lda", "tamis-lmtp", "tamis", "sievec", "sieve-test", "sieve-dump", "sieve-filter", "sieve-testsuite")


class Tamis:
    """Copies, because accounts of the tests may not be able to reach the build directory."""
    is_peer = False

    def __init__(self):
        build = os.environ.get("TAMIS_BUILD", "build")
        folder = os.path.join(REPOSITORY, build, "src", "bin")
        self.folder = tempfile.mkdtemp(prefix="tp-", dir="/tmp")
        os.chmod(self.folder, 0o755)
        for name in TAMIS_PROGRAMS:
            if os.path.exists(os.path.join(folder, name)):
                shutil.copy(os.path.join(folder, name), self.folder)
        self.deliver = os.path.join(self.folder, "tamis-lda")
        self.lmtp = os.path.join(self.folder, "tamis-lmtp")
        self.sievec = os.path.join(self.folder, "sievec")
        self.doveconf = [os.path.join(self.folder, "tamis"), "config"]

    def missing(self):
        return [name for name in ("tamis-lda", "tamis-lmtp", "sievec")
                if not os.path.exists(os.path.join(self.folder, name))]

    def lmtp_command(self, config):
        return [self.lmtp, "-c", config]

    def remove(self):
        shutil.rmtree(self.folder)


class Dovecot:
    is_peer = True
    deliver = PEER_LDA
    sievec = "/usr/bin/sievec"
    doveconf = ["/usr/bin/doveconf"]

    def missing(self):
        return [path for path in (PEER_LDA, PEER_MASTER) if not os.path.exists(path)]

    def server_command(self, config):
        return [PEER_MASTER, "-F", "-c", config]

    def remove(self):
        pass
