#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Holds every include line to the layers of the README's folder map: arrows point one way."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")

# What a folder may include besides itself. "sieve" stands for the whole library.
ALLOWED = {
    "base": set(),
    "mail": {"base"},
    "config": {"base"},
    "store": {"base", "mail", "config"},
    "user": {"base", "mail", "config"},
    "auth": {"base", "mail", "config", "user", "auth/sasl", "auth/secret"},
    "auth/sasl": {"base", "mail", "auth/secret"},
    "auth/secret": {"base", "mail"},
    "memory": {"base", "config"},
    "deliver": {"base", "mail", "config", "store", "user", "memory", "sieve"},
    "lmtp": {"base", "mail", "config", "deliver", "user"},
    "net": {"base", "config", "mail", "lmtp"},
    "server": {"base", "config", "net"},
    "bin": {"base", "mail", "config", "store", "user", "auth", "auth/secret", "memory", "sieve", "deliver", "lmtp", "net",
            "server"},
    "sieve": set(),
}
# A folder inside another that has rules of its own.
INNER = {"auth/sasl", "auth/secret"}
# Third-party headers that only some folders (or single files) may name.
FENCED = {
    r"boost/asio": lambda path: path.startswith("src/net/"),
    r"boost/spirit": lambda path: path.endswith(".cpp"),
    r"CLI/": lambda path: path.startswith("src/bin/"),
    r"fmt/": lambda path: path.endswith(".cpp"),
    r"nlohmann/": lambda path: path.endswith(".cpp"),
    r"ldap\.h": lambda path: path.startswith("src/user/"),
    r"sqlite3\.h": lambda path: path.startswith("src/memory/"),
    r"hiredis/": lambda path: path.startswith("src/memory/"),
    r"libpq-fe\.h": lambda path: path.startswith("src/memory/"),
    r"(crypt|sodium)\.h": lambda path: path.startswith("src/auth/") and path.endswith(".cpp"),
    r"openssl/": lambda path: path.startswith("src/net/"),
    r"nettle/(hmac|md4|memops|sha\d)\.h": lambda path: path.startswith("src/auth/secret/"),
    r"gsasl\.h": lambda path: path.startswith("tests/"),
    r"stringprep\.h": lambda path: path == "src/auth/sasl/prepare.cpp",
    r"magic\.h": lambda path: path == "src/deliver/file_types.cpp",
    r"catch2/": lambda path: path.startswith("tests/"),
    r"(regex|iostream)$": lambda path: path.endswith(".cpp"),
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def layer(path: str) -> str:
    parts = path.removeprefix("src/").split("/")
    inner = "/".join(parts[:2])
    return inner if inner in INNER else parts[0]


def main() -> int:
    wrong = []
    layers = {"sieve", *(p.name for p in (ROOT / "src").iterdir() if p.is_dir())}
    for name in sorted(layers - ALLOWED.keys()):
        wrong.append(f"src/{name}: a folder that the list of layers does not know")
    files = [p for top in ("src", "sieve") for p in sorted((ROOT / top).rglob("*")) if p.suffix in (".h", ".cpp")]
    for file in files:
        path = file.relative_to(ROOT).as_posix()
        here = layer(path)
        for quote, included in INCLUDE.findall(file.read_text(encoding="utf-8")):
            if quote == "<":
                for pattern, allowed in FENCED.items():
                    if re.match(pattern, included) and not allowed(path):
                        wrong.append(f"{path}: <{included}> does not belong here")
                continue
            there = layer(included)
            if there.split("/")[0] not in layers:
                wrong.append(f'{path}: "{included}" is not written from src/ or sieve/')
            elif there != here and there not in ALLOWED.get(here, set()):
                wrong.append(f'{path}: "{included}" points against the layers')
    for line in wrong:
        print(line)
    print(f"{len(files)} files read, {len(wrong)} includes against the layers")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
