# SPDX-License-Identifier: MIT
"""What the table of settings says of itself: a setting marked "acts" is read by a program of ours.

Reads src/config/table_*.cpp and looks for each such name in the sources outside src/config. Keys of sections are ordinary
words, so for each section it is said here which code reads its keys, and how they are written there."""
import glob
import os
import re
import sys

ROW = re.compile(r'\{"([\w#*]+)", Type::\w+, "(?:[^"\\]|\\.)*", "(?:[^"\\]|\\.)*", Effect::acts')
# Read through a function of config::Settings.
INDIRECT = {"mail_plugins": "has_plugin", "hostname": "host_name"}
# Names that code puts together from one of these and the rest.
PREFIXES = ("sieve_spamtest_", "sieve_virustest_")
# Words of mail_plugins, which code asks has_plugin() about.
PLUGIN_NAMES = "table_mail_plugins.cpp"

SECTIONS = "table_sections.cpp"
ROWS_OF = re.compile(r"constexpr Setting (\w+)\[\] = \{(.*?)\n\};", re.S)
# Rows of a section -> file, the function in it (None: all of it), how a key stands there ("@" is the key).
READERS = {
    "passdb_keys": [("src/user/chain.cpp", "Exists existence(", r"\bblock\.@\b")],
    "userdb_keys": [("src/user/chain.cpp", "std::shared_ptr<UserDb> make_driver(", r"\bblock\.@\b"),
                    ("src/user/chain.cpp", "Lookup Chain::find(", r"\blink\.block\.@\b")],
    "mailbox_keys": [("src/deliver/user_settings.cpp", "NamespaceSettings namespace_settings(", r"\bmailbox\.@\b")],
    "namespace_keys": [("src/deliver/user_settings.cpp", "NamespaceSettings namespace_settings(", r"\bblock\.@\b")],
    "unix_listener_keys": [("src/server/listen.cpp", None, r"\b(?:one|listener)\.@\b")],
    "inet_listener_keys": [("src/server/listen.cpp", None, r"\b(?:one|listener)\.@\b")],
    "service_keys": [("src/server/privileges.cpp", "service_account(", r"\bblock->@\b"), ("src/bin/tamis_lmtp.cpp", None, r"\bservice->@\b")],
}
# A member with another name than its key.
MEMBERS = {"auto": "autocreate", "address": "addresses"}


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


def function(text, start):
    """The function that begins with these words, to its closing brace."""
    if start is None:
        return text
    begin = text.index(start)
    return text[begin:text.index("\n}\n", begin)]


def idle_section_keys(root):
    """Complaints, and how many keys act."""
    with open(os.path.join(root, "src", "config", SECTIONS), encoding="utf-8") as file:
        arrays = ROWS_OF.findall(file.read())
    idle, count = [], 0
    for array, body in arrays:
        for key in ROW.findall(body):
            count += 1
            member = re.escape(MEMBERS.get(key, key))
            for path, start, form in READERS.get(array, []):
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    if re.search(form.replace("@", member), function(file.read(), start)):
                        break
            else:
                idle.append(f"{SECTIONS}: {key} of {array} acts, but nothing reads it: mark it Effect::later")
    return idle, count


def main(root):
    text = sources(root)
    idle, count = idle_section_keys(root)
    if not count:
        idle.append(f"{SECTIONS}: no key acts, or none was found")
    for path in sorted(glob.glob(os.path.join(root, "src", "config", "table_*.cpp"))):
        if path.endswith(SECTIONS):
            continue
        with open(path, encoding="utf-8") as file:
            rows = ROW.findall(file.read())
        for name in rows:
            count += 1
            stem = re.split("[#*]", INDIRECT.get(name, name))[0]
            prefix = next((one for one in PREFIXES if stem.startswith(one) and f'"{one}"' in text), "")
            stem = stem.removeprefix(prefix)
            form = rf'has_plugin\("{stem}"\)' if path.endswith(PLUGIN_NAMES) else rf'[.>]{stem}\b|"{stem}'
            if not re.search(form, text):
                idle.append(f"{os.path.basename(path)}: {name} acts, but nothing reads it: mark it Effect::later")
    print("\n".join(idle))
    print(f"{count} settings that act, {len(idle)} of them read by nobody")
    return 1 if idle or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
