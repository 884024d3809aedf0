#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The written rules that a machine can read: licence lines, file sizes, names, no path of one machine."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
CODE = {".h", ".cpp", ".py", ".sh"}
MOST_LINES = 500
DRAWERS = re.compile(r"(^|/)(util|helper|common|misc|manager)s?(\.|/|$)")
# Files that may be longer, each with its reason.
LONG = {}


def tracked() -> list[str]:
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
        return listed.stdout.splitlines()
    return [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file() and "build" not in p.parts[0]]


def main() -> int:
    wrong = []
    for path in tracked():
        file = ROOT / path
        if path.startswith("fixtures/") or not file.is_file():
            continue
        if DRAWERS.search(path):
            wrong.append(f"{path}: named like a drawer")
        if file.suffix not in CODE and file.name != "meson.build":
            continue
        text = file.read_text(encoding="utf-8")
        if "SPDX-License-Identifier: MIT" not in "\n".join(text.splitlines()[:3]):
            wrong.append(f"{path}: no SPDX line at the top")
        lines = text.count("\n")
        if lines > MOST_LINES and path not in LONG:
            wrong.append(f"{path}: {lines} lines")
        if re.search(r"^using namespace (?!std::(chrono|string)_?\w*literals|std::literals)", text, re.M):
            wrong.append(f"{path}: using namespace")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
