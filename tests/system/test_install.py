# SPDX-License-Identifier: MIT
"""`meson install` honours DESTDIR and the prefix: programs, manual pages, contrib files, compatibility links.

The programs come from the build directory under test: a second one, with the options that are tested, is only set up."""
import glob
import os
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, os.environ.get("TAMIS_BUILD", "build"))
PREFIX = "/opt/tamis"
PROGRAMS = ["bin/tamis", "bin/tamis-lda", "sbin/tamis-lmtp", "bin/sievec", "bin/sieve-dump", "bin/sieve-test", "bin/sieve-filter", "bin/sieve-testsuite"]
LINKS = {"bin/doveconf": "bin/tamis", "bin/dovecot-lda": "bin/tamis-lda", "bin/deliver": "bin/tamis-lda",
         "lib/dovecot/dovecot-lda": "bin/tamis-lda", "lib/dovecot/deliver": "bin/tamis-lda",
         "libexec/dovecot/dovecot-lda": "bin/tamis-lda", "libexec/dovecot/deliver": "bin/tamis-lda"}

pytestmark = pytest.mark.skipif(not os.path.exists(os.path.join(BUILD, "src", "bin", "tamis")) or
                                not shutil.which("meson"), reason="needs meson and a built tamis")


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(folder, *options):
    """Sets a build directory up, takes the built programs into it, installs; the root of what was installed."""
    build = str(folder / "build")
    run("meson", "setup", build, ROOT, "--prefix", PREFIX, "-Dtests=false", "-Dbuildtype=release", *options)
    for path in glob.glob(os.path.join(BUILD, "src", "bin", "*")):
        if os.path.isfile(path):
            shutil.copy2(path, os.path.join(build, "src", "bin"))
    shutil.copy2(os.path.join(BUILD, "man", "tamis.conf.5"), os.path.join(build, "man"))
    run("meson", "install", "-C", build, "--no-rebuild", env={**os.environ, "DESTDIR": str(folder / "stage")})
    assert os.listdir(folder / "stage") == [PREFIX.split("/")[1]], "something went outside the prefix"
    return str(folder / "stage") + PREFIX


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return install(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    return install(tmp_path_factory.mktemp("linked"), "-Dcompat_links=true")


def files(root):
    return {os.path.relpath(os.path.join(directory, name), root)
            for directory, _, names in os.walk(root) for name in names}


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_are_installed_and_start(plain, program):
    path = os.path.join(plain, program)
    assert os.access(path, os.X_OK)
    done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30)
    assert "error while loading" not in done.stderr
    if os.path.basename(program).startswith("tamis"):
        assert done.returncode == 0, done


def test_every_manual_page_is_installed_in_its_section(plain):
    pages = {os.path.basename(path) for path in glob.glob(os.path.join(ROOT, "man", "*.[1-8]"))} | {"tamis.conf.5"}
    assert len(pages) > 8
    for page in pages:
        folder = os.path.join(plain, "share", "man", "man" + page[-1])
        # Some versions of Meson compress pages.
        found = [name for name in os.listdir(folder) if name in (page, page + ".gz")]
        assert found and os.path.getsize(os.path.join(folder, found[0])) > 500, page


def test_contrib_files_are_installed_as_they_are(plain):
    source = os.path.join(ROOT, "contrib", "postfix")
    target = os.path.join(plain, "share", "doc", "tamis", "contrib", "postfix")
    assert files(source) and files(source) <= files(target)
    for name in files(source):
        with open(os.path.join(source, name), "rb") as wanted, open(os.path.join(target, name), "rb") as found:
            assert wanted.read() == found.read(), name


def test_nothing_bears_a_dovecot_name_unless_asked(plain):
    assert not any(os.path.lexists(os.path.join(plain, link)) for link in LINKS)


@pytest.mark.parametrize("link", LINKS)
def test_compatibility_links_lead_to_programs_inside_the_destination(linked, link):
    path = os.path.join(linked, link)
    assert os.path.islink(path)
    assert not os.path.isabs(os.readlink(path))
    assert os.path.realpath(path) == os.path.join(os.path.realpath(linked), LINKS[link])
    assert os.access(path, os.X_OK)
