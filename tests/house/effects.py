# SPDX-License-Identifier: MIT
"""What the table of settings says of itself: a setting marked "acts" is read by a program of ours.

Reads src/config/table_*.cpp and looks for each such name in the sources outside src/config. Keys of sections are left
out: their names are ordinary words."""
import glob
import os
import re
import sys

ROW = re.compile(r'\{"([\w#*]+)", Type::\w+, "(?:[^"\\]|\\.)*", "(?:[^"\\]|\\.)*", Effect::acts')
# Read through a function of config::Settings.
INDIRECT = {"mail_plugins": "has_plugin", "hostname": "host_name"}


def sources(root):
    text = []
    for folder in ("src", "sieve"):
        for directory, _, names in os.walk(os.path.join(root, folder)):
            if directory.endswith(os.path.join("src", "config")):
                continue
            for name in names:
                if name.endswith((".cpp", ".h")):
                    with open(os.path.join(directory, name), encoding="utf-8") as file:
                        text.append(file.read())
    return "\n".join(text)


def main(root):
    text = sources(root)
    idle = []
    count = 0
    for path in sorted(glob.glob(os.path.join(root, "src", "config", "table_*.cpp"))):
        if path.endswith("table_sections.cpp"):
            continue
        with open(path, encoding="utf-8") as file:
            rows = ROW.findall(file.read())
        for name in rows:
            count += 1
            stem = re.split("[#*]", INDIRECT.get(name, name))[0]
            if not re.search(rf'[.>]{stem}\b|"{stem}', text):
                idle.append(f"{os.path.basename(path)}: {name} acts, but nothing reads it: mark it Effect::later")
    print("\n".join(idle))
    print(f"{count} settings that act, {len(idle)} of them read by nobody")
    return 1 if idle or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
