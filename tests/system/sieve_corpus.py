# SPDX-License-Identifier: MIT
"""The corpus of Sieve scripts and messages, and what a sieve-test program decides on a pair of them."""
import importlib.util
import os
import re
import shlex
import subprocess
from dataclasses import dataclass, field

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORPUS = os.path.join(REPOSITORY, "fixtures", "sieve", "corpus")
GENERATED = 150


@dataclass
class Script:
    name: str
    text: bytes
    messages: list
    args: list


def message_names():
    return sorted(name[:-4] for name in os.listdir(os.path.join(CORPUS, "messages")))


def _script(name, text, all_messages):
    head = dict(re.findall(rb"^# (messages|args): *(.*?)\r?$", text, re.M))
    messages = head.get(b"messages", b"").decode().split() or all_messages
    return Script(name, text, messages, shlex.split(head.get(b"args", b"").decode()))


def scripts():
    """Those of the folder and the generated ones. A script that names no messages runs on the generator's."""
    spec = importlib.util.spec_from_file_location("generate", os.path.join(CORPUS, "generate.py"))
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    found = []
    folder = os.path.join(CORPUS, "scripts")
    for file_name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, file_name), "rb") as file:
            found.append(_script(file_name[:-6], file.read(), generate.MESSAGES))
    found += [_script(name, text.encode(), generate.MESSAGES) for name, text in generate.scripts(GENERATED)]
    return found


@dataclass
class Decision:
    """What a run came to; equal decisions are equal objects."""
    refused: bool = False  # a compile error
    result: str = ""
    actions: list = field(default_factory=list)
    implicit_keep: list = field(default_factory=list)

    def lines(self):
        if self.refused:
            return ["refused at compile time"]
        return [f"result: {self.result}"] + [f"action: {a}" for a in self.actions] + [
            f"implicit keep: {a}" for a in self.implicit_keep]


def _normal_folder(name):
    return "INBOX" if name.upper() == "INBOX" else name


def _items(text):
    """The ` * ` items of one part of the output, each with its side effects, order and letter case of flags undone."""
    items = []
    for line in text.split("\n"):
        if line.startswith(" * "):
            what = line[3:]
            store = re.fullmatch(r"store message in folder: (.*)", what)
            items.append([f"store {_normal_folder(store[1])}" if store else what, []])
        elif line.startswith("        + ") and items:
            effect = line[10:]
            flags = re.fullmatch(r"add IMAP flags:(.*)", effect)
            if flags:
                names = sorted({name.lower() for name in flags[1].split()})
                effect = "flags " + " ".join(names) if names else ""
            if effect:
                items[-1][1].append(effect)
        elif items and line.strip() and not line.startswith("  (none)"):
            items[-1][0] += "\n" + line
    return [item + "".join(f"; {effect}" for effect in sorted(effects)) for item, effects in items]


def decide(command, environment=None, user=None):
    """Runs a sieve-test command line and reads its output."""
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, env=environment,
                         **(user or {}))
    output = run.stdout.decode(errors="replace") + "\n" + run.stderr.decode(errors="replace")
    if run.returncode < 0 or run.returncode > 128:
        return Decision(result=f"died with status {run.returncode}"), output
    final = re.search(r"final result: (.*)", output)
    if not final:
        refused = run.returncode != 0 and re.search(r": error: .* failed\.", output)
        return (Decision(refused=True) if refused else Decision(result=f"status {run.returncode}: {output}")), output
    actions, _, keep = run.stdout.decode(errors="replace").partition("\nImplicit keep:\n")
    return Decision(result=final[1], actions=_items(actions), implicit_keep=_items(keep)), output


# Rules that look at the same fields with other keys: those that share a pass over the values.
WORDS = ["a", "b", "ab", "abb", "Spam", "spam", "sale", "ask", "big world", "hello", "HELLO", "joe", "work", "list", "x.y", "sk",
         "KS", "pam", "[ab]", "example.com"]
KEYS = {":is": WORDS, ":contains": WORDS,
        ":matches": ["*spam*", "?b", "a*b", "*[ab]*", "h*o?w*", "*ask", "joe*", "*.com", "*s*p*"],
        ":regex": ["a|b", "(ab)?c", "s+pa", "[[:alpha:]]b", "a{0,2}b", "x\\\\.y", "^hello", "world$", "ask", "(spam|sale)", "a.c",
                   "sp(a)m", "[^]a]b"]}


def many_rules(random, count=40):
    rules = ['require ["fileinto", "regex", "envelope", "copy", "subaddress", "body"];']
    for number in range(count):
        match = random.choice(list(KEYS))
        keys = "[" + ", ".join(f'"{random.choice(KEYS[match])}"' for _ in range(random.randint(1, 3))) + "]"
        how = random.choice(["", "", ' :comparator "i;octet"']) + " " + match
        test = random.choice([f'header{how} "subject" {keys}', f'header{how} ["subject", "x-tag"] {keys}',
                              f'address {random.choice([":all", ":localpart", ":domain", ":user"])}{how} "from" {keys}',
                              f'not header{how} "x-tag" {keys}',
                              f'anyof (header{how} "x-tag" {keys}, body :raw :contains "{random.choice(WORDS)}")'])
        if random.random() < 0.2:
            test = f'allof ({test}, header :contains "subject" "{random.choice(WORDS)}")'
        rules.append(f'if {test} {{ fileinto :copy "F{number}"; }}')
    return ("\n".join(rules) + "\n").encode()


def message_of_words(random):
    def value():
        return "".join(random.choice(["", "", " "]) + random.choice(WORDS) for _ in range(random.randint(1, 5)))
    sender = random.choice(["joe+work@example.com", "Ask <spam@list.example>", "a@ab"])
    return f"From: {sender}\nSubject: {value()}\nX-Tag: {value()}\nX-Tag: {value()}\n\n{value()}\n".encode()
