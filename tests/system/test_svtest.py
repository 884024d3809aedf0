# SPDX-License-Identifier: MIT
"""sieve-testsuite: our own suite in fixtures/svtest, and the program's output and exit status."""
import glob
import os
import re
import subprocess

import pytest

from programs import REPOSITORY

pytestmark = pytest.mark.peer_differs
SUITE = sorted(glob.glob(os.path.join(REPOSITORY, "fixtures", "svtest", "*.svtest")))


def run(programs, folder, *words):
    return subprocess.run([os.path.join(programs.folder, "sieve-testsuite"), *words], cwd=folder, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("path", SUITE, ids=[os.path.basename(path) for path in SUITE])
def test_our_suite_passes(programs, path):
    result = run(programs, REPOSITORY, os.path.relpath(path, REPOSITORY))
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^PASS: \d+ tests succeeded\.$", result.stdout, re.M)


def test_each_block_of_our_suite_names_what_it_checks():
    blocks = 0
    for path in SUITE:
        with open(path, encoding="utf-8") as file:
            for name in re.findall(r'^test "([^"]*)"', file.read(), re.M):
                blocks += 1
                assert re.match(r"\d{4} [\d., A-Z]*|sieve-compat \d|draft-[\w-]+ \d|tamis-sieve: ", name), f"{path}: {name}"
    assert blocks >= 700


GOOD = b'require "vnd.dovecot.testsuite";\ntest "one" { if not true { test_fail "x"; } }\ntest "two" { }\n'
BAD = b'require "vnd.dovecot.testsuite";\ntest "one" { test_fail "my reason"; }\ntest "two" { }\n'


@pytest.fixture(name="folder")
def folder_fixture(tmp_path):
    (tmp_path / "good.svtest").write_bytes(GOOD)
    (tmp_path / "bad.svtest").write_bytes(BAD)
    (tmp_path / "broken.svtest").write_bytes(b'require "vnd.dovecot.testsuite";\nfrop;\n')
    (tmp_path / "outside.svtest").write_bytes(b'require "vnd.dovecot.testsuite";\ntest_fail "outside";\n')
    (tmp_path / "errors.svtest").write_bytes(
        b'require "vnd.dovecot.testsuite";\ntest "compile" { if test_script_compile "errors.sieve" { test_fail "good?"; } }\n')
    (tmp_path / "errors.sieve").write_bytes(b"keep;\nfrop;\n")
    return tmp_path


def test_output_of_a_case_that_passes(programs, folder):
    result = run(programs, folder, "good.svtest")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == ("Test case: good.svtest:\n\n 1: Test 'one' SUCCEEDED\n 2: Test 'two' SUCCEEDED\n\n"
                             "PASS: 2 tests succeeded.\n\n")


def test_output_of_a_case_that_fails(programs, folder):
    result = run(programs, folder, "bad.svtest")
    assert result.returncode == 1
    assert " 1: Test 'one' FAILED: my reason (line 2)\n 2: Test 'two' SUCCEEDED\n\nFAIL: 1 of 2 tests failed.\n" in result.stdout


def test_every_block_must_fail_with_f(programs, folder):
    result = run(programs, folder, "-F", "bad.svtest")
    assert result.returncode == 1
    assert "FAIL: only 1 of 2 tests failed." in result.stdout
    (folder / "bad.svtest").write_bytes(BAD.replace(b'test "two" { }\n', b""))
    result = run(programs, folder, "-F", "bad.svtest")
    assert result.returncode == 0
    assert "PASS: 1 tests failed (expected)." in result.stdout


def test_a_case_with_errors_or_a_failure_outside_of_blocks_fails(programs, folder):
    result = run(programs, folder, "broken.svtest")
    assert result.returncode == 1
    assert "broken.svtest: line 2: error: unknown command 'frop'." in result.stderr
    assert "XX: Test CASE FAILED: " in result.stdout
    result = run(programs, folder, "outside.svtest")
    assert result.returncode == 1
    assert "XX: Test CASE FAILED: line 2: outside\n" in result.stdout


def test_errors_of_scripts_are_shown_with_e(programs, folder):
    result = run(programs, folder, "-E", "errors.svtest")
    assert result.returncode == 0
    assert "LOG: errors: line 2: error: unknown command 'frop'.\nLOG: errors: error: validation failed.\n" in result.stdout


def test_several_files_are_counted_together(programs, folder):
    result = run(programs, folder, "good.svtest", "bad.svtest")
    assert result.returncode == 1
    assert result.stdout.endswith("FAIL: 2 files, 4 tests; 1 files failed.\n")


def test_a_file_that_is_missing_is_no_reason_to_leave_out_the_others(programs, folder):
    result = run(programs, folder, "none.svtest", "good.svtest")
    assert result.returncode == 1
    assert "none.svtest" in result.stderr
    assert result.stdout.endswith("FAIL: 2 files, 2 tests; 1 files failed.\n"), result.stdout


def test_a_block_that_stops_has_failed(programs, folder):
    (folder / "stops.svtest").write_bytes(b'require "vnd.dovecot.testsuite";\ntest "one" { stop; }\ntest "two" { }\n')
    result = run(programs, folder, "stops.svtest")
    assert result.returncode == 1
    assert " 1: Test 'one' FAILED: a stop ended the test case (line 2)" in result.stdout
    assert result.stdout.endswith("FAIL: 1 of 1 tests failed.\n\n")


def test_nobody_else_may_use_its_words(programs, folder):
    result = subprocess.run([os.path.join(programs.folder, "sievec"), "-x", "+vnd.dovecot.testsuite", "good.svtest", "-"], cwd=folder,
                            capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "vnd.dovecot.testsuite" in result.stderr


def test_temporary_directories_are_removed(programs, folder):
    result = subprocess.run([os.path.join(programs.folder, "sieve-testsuite"), "good.svtest"], cwd=folder, capture_output=True,
                            env={"TMPDIR": str(folder), "PATH": os.environ["PATH"]}, check=False)
    assert result.returncode == 0
    assert not glob.glob(str(folder / "sieve-testsuite.*"))
