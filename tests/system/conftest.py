# SPDX-License-Identifier: MIT
"""Fixtures: accounts and programs for the session, scenarios for a module or a test.

The tests need root (accounts, a Postfix master). `--peer` (or TAMIS_PEER=1) runs the same tests with Debian's
Dovecot in our place, which judges the tests; TAMIS_BUILD names our build directory; `--keep` leaves the files."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from accounts import Accounts  # noqa: E402
from programs import Dovecot, Tamis  # noqa: E402
from scenario import Scenario  # noqa: E402

_running = []


def pytest_addoption(parser):
    parser.addoption("--peer", action="store_true", default=os.environ.get("TAMIS_PEER") == "1",
                     help="run Debian's Dovecot instead of Tamis")
    parser.addoption("--keep", action="store_true", help="leave the instances' files in /tmp")


def _obstacle():
    if os.geteuid() != 0:
        return "the system tests need root: they make accounts and run a Postfix master"
    for program in ("/usr/lib/postfix/sbin/master", "/usr/sbin/postqueue", "/usr/sbin/useradd"):
        if not os.path.exists(program):
            return f"the system tests need {program}"
    return None


# Rows of the scenarios that are still open, each with its reason: "PART OF A TEST'S ID: reason" a line. A row that passes
# is told as such; it then leaves the list.
OPEN_ROWS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "open_rows.txt")


def _mark_open_rows(items):
    with open(OPEN_ROWS, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split(": ", 1) for line in lines if ": " in line and not line.startswith("#")]
    for item in items:
        for part, reason in rows:
            if part in item.nodeid:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=False))


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--peer"):
        _mark_open_rows(items)
    obstacle = _obstacle()
    for item in items:
        if obstacle:
            item.add_marker(pytest.mark.skip(reason=obstacle))
        elif config.getoption("--peer") and item.get_closest_marker("peer_differs"):
            item.add_marker(pytest.mark.skip(reason="Dovecot is known to do otherwise"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for scenario in _running:
            report.sections.append((f"mail.log of {scenario.base}", scenario.postfix.log()[-6000:]))
            report.sections.append((f"dovecot.log of {scenario.base}", scenario.log()[-6000:]))
            if scenario.server:
                report.sections.append(("output of the server", scenario.server.output()[-3000:]))


@pytest.fixture(scope="session")
def accounts():
    made = Accounts()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def programs(request):
    chosen = Dovecot() if request.config.getoption("--peer") else Tamis()
    missing = chosen.missing()
    if missing:
        chosen.remove()
        pytest.fail(f"not built or not installed: {', '.join(missing)} (TAMIS_BUILD names the build directory)")
    yield chosen
    chosen.remove()


@pytest.fixture(scope="session")
def is_peer(request):
    return request.config.getoption("--peer")


def _maker(request, accounts, programs):
    made = []

    def make(folder, **choices):
        scenario = Scenario(folder, programs, accounts, **choices)
        made.append(scenario)
        _running.append(scenario)
        return scenario

    yield make
    for scenario in made:
        scenario.stop(keep=request.config.getoption("--keep"))
        _running.remove(scenario)


@pytest.fixture(scope="module")
def make_module_scenario(request, accounts, programs):
    yield from _maker(request, accounts, programs)


@pytest.fixture
def make_scenario(request, accounts, programs):
    yield from _maker(request, accounts, programs)
