# SPDX-License-Identifier: MIT
"""Reads a Maildir as it lies on disk, knowing nothing of any server."""
import os
from dataclasses import dataclass


@dataclass
class Stored:
    path: str
    data: bytes

    @property
    def name(self):
        return os.path.basename(self.path)

    @property
    def head(self):
        return self.data.split(b"\n\n", 1)[0].decode("utf-8", "surrogateescape")

    @property
    def body(self):
        return self.data.split(b"\n\n", 1)[1]

    def field(self, name):
        """All values of a header field, unfolded."""
        lines = self.head.replace("\n\t", " ").replace("\n ", " ").split("\n")
        return [line.split(":", 1)[1].strip() for line in lines if line.lower().startswith(name.lower() + ":")]


class Maildir:
    def __init__(self, root):
        self.root = root

    def folder(self, name=""):
        """INBOX for "", else the Maildir++ folder `name` (with dots between its parts)."""
        return Maildir(os.path.join(self.root, "." + name)) if name else self

    def messages(self):
        """What is visible in new/ and cur/, in the order of the file names."""
        found = []
        for place in ("new", "cur"):
            folder = os.path.join(self.root, place)
            for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found.append(Stored(path, file.read()))
        return found

    def only(self):
        """The one message that must be here."""
        found = self.messages()
        assert len(found) == 1, f"{len(found)} messages in {self.root}"
        return found[0]

    def holding(self, message_id):
        return [m for m in self.messages() if message_id in m.field("Message-ID")]

    def left_in_tmp(self):
        folder = os.path.join(self.root, "tmp")
        return os.listdir(folder) if os.path.isdir(folder) else []

    def exists(self):
        return os.path.isdir(os.path.join(self.root, "new"))

    def folders(self):
        if not os.path.isdir(self.root):
            return []
        return sorted(n[1:] for n in os.listdir(self.root)
                      if n.startswith(".") and os.path.isdir(os.path.join(self.root, n, "cur")))

    def subscriptions(self):
        path = os.path.join(self.root, "subscriptions")
        if not os.path.exists(path):
            return []
        with open(path) as file:
            lines = file.read().split("\n")
        if lines[:1] == ["V\t2"]:
            return [".".join(line.split("\t")) for line in lines[2:] if line]
        return [line for line in lines if line]

    def make(self, uid, gid, mode=0o700):
        """Makes the folder with cur, new and tmp for uid and gid; fine if it is there."""
        for part in ("", "cur", "new", "tmp"):
            path = os.path.join(self.root, part)
            os.makedirs(path, mode, exist_ok=True)
            os.chown(path, uid, gid)
        return self
