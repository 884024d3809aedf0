# SPDX-License-Identifier: MIT
"""Each program's manual page names the options that the program has, no more and no less; and the page of each is there."""
import os
import re
import subprocess

import pytest

from programs import REPOSITORY

# Program as it is started, its page, the source that holds its getopt string (none: CLI11's help tells all).
PROGRAMS = [
    (("tamis-lda",), "tamis-lda.1", "lda_options.cpp"),
    (("tamis-lmtp",), "tamis-lmtp.8", "server_options.cpp"),
    (("tamis", "config"), "tamis-config.1", "tamis_config.cpp"),
    (("tamis", "explain"), "tamis-explain.1", "tamis_explain.cpp"),
    (("tamis", "pw"), "tamis-pw.1", "tamis_pw.cpp"),
    (("sievec",), "sievec.1", None),
    (("sieve-test",), "sieve-test.1", None),
    (("sieve-dump",), "sieve-dump.1", None),
    (("sieve-filter",), "sieve-filter.1", None),
    (("sieve-testsuite",), "sieve-testsuite.1", None),
]
OPTION = re.compile(r"(?<![\w\-])--?[A-Za-z][\w-]*")
# Told by --help's own line, and understood by every program; pages need not repeat them.
HELP = {"-h", "--help"}


def page_text(name):
    with open(os.path.join(REPOSITORY, "man", name), encoding="utf-8") as file:
        return file.read()


def options_of_page(name):
    """What stands in the tags of its lists: man's lines after .TP, mdoc's .It Fl."""
    found = set()
    lines = page_text(name).splitlines()
    for previous, line in zip([""] + lines, lines):
        if line.startswith(".It Fl "):
            found.update("-" + word for word in line.split()[2:3])
        elif previous == ".TP" and re.match(r"\.(B|BI|BR|IR) +\\-", line):
            found.update(OPTION.findall(re.sub(r"\\f\w", "", line).replace("\\-", "-").replace('"', " ")))
    return found


def options_of_help(program, command):
    result = subprocess.run([*command, "--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    text = result.stdout + result.stderr
    assert result.returncode == 0, f"{program}: --help ends with {result.returncode}"
    if "\nOptions:\n" in text:  # CLI11's: an option a line
        return {option for line in re.findall(r"^  (-\S+)", text, re.M) for option in line.split(",")}
    clusters = re.findall(r"\[-([A-Za-z]{2,})\]", text)  # "[-adn]": each letter is one
    text = re.sub(r"\[-[A-Za-z]{2,}\]", " ", text).replace(",", " ")
    return set(OPTION.findall(text)) | {"-" + letter for cluster in clusters for letter in cluster}


def letters_of_source(name):
    with open(os.path.join(REPOSITORY, "src", "bin", name), encoding="utf-8") as file:
        [letters] = re.findall(r'getopt(?:_long)?\(argc, argv, "([^"]+)"', file.read())
    return {"-" + letter for letter in letters if letter.isalpha()}


@pytest.mark.parametrize("words, page, source", PROGRAMS, ids=[" ".join(row[0]) for row in PROGRAMS])
def test_the_page_and_the_program_have_the_same_options(programs, is_peer, words, page, source):
    if is_peer:
        pytest.skip("our own pages")
    command = [os.path.join(programs.folder, words[0]), *words[1:]]
    offered = options_of_help(words, command)
    described = options_of_page(page)
    assert described, "no options found in the page"
    assert not offered - described - HELP, "offered by --help, missing in the page"
    assert not described - offered - HELP, "described by the page, missing in --help"
    if source:
        taken = letters_of_source(source)
        assert not taken - described - HELP, "taken by the program, missing in the page"
        assert not {o for o in described if len(o) == 2} - taken - HELP, "described, but not taken"


def test_every_page_that_a_page_refers_to_is_there():
    pages = {name for name in os.listdir(os.path.join(REPOSITORY, "man")) if name[-1].isdigit()} | {"tamis.conf.5"}
    missing = {f"{name}: {title}({section})"
               for name in pages - {"tamis.conf.5"}
               for title, section in re.findall(r"^\.(?:BR|Xr) ((?:tamis|sieve)[\w.-]*) \(?(\d)\)?", page_text(name), re.M)
               if f"{title}.{section}" not in pages}
    assert not missing
