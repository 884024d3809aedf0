# SPDX-License-Identifier: MIT
"""Reads every sample of mail that Debian packages ship and holds what Tamis sees in it against
Python's email package: header values, subject, addresses, date, MIME types and decoded content.
usage: compare_samples.py DESCRIBE-PROGRAM [FOLDER...]
Differences that are Python's or a matter of choice are in DIFFERS_ON_PURPOSE, with the reason.
Ends with 77 (skipped) where no sample is installed."""
import email
import email.header
import email.utils
import os
import re
import subprocess
import sys

FOLDERS = [
    "/usr/lib/python3.11/test/test_email/data",                                        # libpython3.11-testsuite
    "/usr/share/gocode/src/github.com/gatherstars-com/jwz/test/testdata",              # golang-github-gatherstars-com-jwz-dev
    "/usr/share/gocode/src/github.com/jhillyerd/enmime",                               # golang-github-jhillyerd-enmime-dev
    "/usr/share/doc/libmime-explode-perl/examples/testmsgs",                           # libmime-explode-perl
    "/usr/lib/python3/dist-packages/dkim/tests/data",                                  # python3-dkim
    "/usr/lib/python3/dist-packages/mailman",                                          # mailman3
    "/usr/share/doc/fuzzyocr/examples",                                                # fuzzyocr
    "/usr/share/doc/spamassassin/examples",                                            # spamassassin
    "/usr/share/inetsim/data/pop3",                                                    # inetsim
]
SAMPLE = re.compile(r"\.(eml|msg|mbox|raw)$|sample-(non)?spam|/msg_\d+\.txt$")
FIELD_NAME = re.compile(rb"[\x21-\x39\x3b-\x7e]+")

# What differs, and why it may: file name and kind.
DIFFERS_ON_PURPOSE = {
    ("msg_15.txt", "parts"): "one boundary for a multipart and the one in it: the inner one counts until it closes",
    ("msg_37.txt", "parts"): "delimiters in a row are empty parts (RFC 2046 5.1.1), which Python drops",
    ("msg_38.txt", "content"): "a boundary that begins with another one",
    ("msg_39.txt", "parts"): "one boundary for a multipart and the one in it",
    ("viraldoc.msg", "parts"): "one boundary for a multipart and the one in it",
    ("multi-clen.msg", "parts"): "a boundary folded inside its quotes is unfolded (RFC 5322 2.2.3)",
    ("multi-digest.msg", "parts"): "a boundary folded inside its quotes",
    ("multi-simple.msg", "parts"): "a boundary folded inside its quotes",
    ("msg_36.txt", "parts"): "message/external-body holds no message (RFC 2046 5.2.3)",
    ("mime-bad-content-type.raw", "parts"): "parameters without a semicolon before them",
    ("mime-blank-media-name.raw", "parts"): "parameters without a semicolon before them",
    ("malformed-multiple-address-header-values.raw", "address"): "two addresses without a comma: the last one counts",
    ("mime-bad-content-transfer-encoding.raw", "content"): "Python gives base64 that isn't undecoded",
    ("badboundary.raw", "content"): "Python cuts the last line end where no delimiter follows",
    ("multimixed-no-closing-boundary.raw", "content"): "Python cuts the last line end where no delimiter follows",
    ("qprint-evil.msg", "content"): "Python makes one of two equal signs in broken quoted-printable",
    ("bad-header-wrap.raw", "content"): "Python gives base64 that isn't undecoded",
}


def samples(folders):
    for folder in folders:
        for path, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                full = os.path.join(path, name)
                if SAMPLE.search(full) and os.path.isfile(full):
                    yield full


def described(program, paths):
    """What Tamis says: path -> list of (word, arguments)."""
    made = subprocess.run([program], input="\n".join(paths) + "\n", capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit("the describing program failed:\n" + made.stderr[-3000:])
    files = {}
    for line in made.stdout.splitlines():
        word, *rest = line.split(" ")
        if word == "file":
            facts = files[bytes.fromhex(rest[0][1:]).decode()] = []
        else:
            facts.append((word, [bytes.fromhex(x[1:]) if x.startswith("x") else x for x in rest]))
    return files


def unfolded(value):
    value = re.sub(r"\r?\n\t", " ", value)
    return re.sub(r"\r?\n", "", value).strip(" \t\r\n").encode("utf-8", "surrogateescape")


def decoded_subject(value):
    value = re.sub(r"\r?\n\t?", lambda m: " " if m.group().endswith("\t") else "", value).strip()
    text = ""
    for piece, charset in email.header.decode_header(value):
        if isinstance(piece, str):
            text += piece
        else:
            text += piece.decode(charset or "ascii", "replace")
    return text


def python_parts(message, depth=0):
    yield depth, message
    if message.is_multipart():
        if message.get_content_type() == "message/delivery-status":
            return
        for part in message.get_payload():
            yield from python_parts(part, depth + 1)


def compare(path, facts):
    """Yields (kind, detail) of each difference."""
    with open(path, "rb") as file:
        data = file.read()
    if data.startswith(b"From "):
        data = data[data.find(b"\n") + 1:]
    message = email.message_from_bytes(data)
    for fact in facts:
        if fact[0] == "broken":
            yield "broken", fact[1]
    ours = [(a[0], a[1]) for word, a in facts if word == "field" and a[0]]
    theirs = [(name.rstrip(" \t").encode("utf-8", "surrogateescape"), unfolded(value))
              for name, value in message.raw_items()]
    if not all(FIELD_NAME.fullmatch(name) for name, _ in
               [(a[0], a[1]) for word, a in facts if word == "field"]):
        # A line that is no field: for Python the body begins there, for Dovecot (watched) and Tamis after the
        # next empty line.
        return
    if ours != theirs:
        first = next((i for i, pair in enumerate(zip(ours, theirs)) if pair[0] != pair[1]), min(len(ours), len(theirs)))
        yield "header", (ours[first:first + 1], theirs[first:first + 1])
        return
    subject = [a[0].decode() for word, a in facts if word == "subject"]
    raw = next((v for n, v in message.raw_items() if n.lower() == "subject"), None)
    if subject:
        try:
            expected = decoded_subject(raw)
        except Exception:                               # unknown charsets, broken base64
            expected = None
        if expected is not None:
            # Bytes that are no text are surrogates there.
            expected = re.sub("[\udc80-\udcff]", "\ufffd", expected)
        if expected is not None and subject[0] != expected:
            yield "subject", (subject[0], expected)
    for name in ("From", "To", "Cc", "Reply-To", "Sender"):
        values = [v for n, v in message.raw_items() if n.lower() == name.lower()]
        ours = [(a[2].decode("utf-8", "surrogateescape")) for word, a in facts if word == "address" and a[0] == name and a[1] == "1"]
        theirs = [address for _, address in email.utils.getaddresses([re.sub(r"[\r\n]", "", v) for v in values]) if address]
        ours = [a[:-1] if a.endswith("@") else a for a in ours]
        theirs = [re.sub(r'^"(.*)"@', r"\1@", address) for address in theirs]
        if ours != theirs:
            yield "address", (ours, theirs, values)
    date = [a[0] for word, a in facts if word == "date"]
    if date:
        raw = next(v for n, v in message.raw_items() if n.lower() == "date")
        parsed = email.utils.parsedate_tz(re.sub(r"[\r\n]", "", raw))
        expected = "none"
        if parsed:
            try:
                expected = str(email.utils.mktime_tz(parsed[:9] + ((parsed[9] or 0),)))
            except (ValueError, OverflowError):
                expected = "none"
        if date[0] != expected:
            yield "date", (date[0], expected, raw)
    ours = [(int(a[0]), a[1].decode("utf-8", "surrogateescape")) for word, a in facts if word == "part"]
    theirs = [(depth, part.get_content_type()) for depth, part in python_parts(message)]
    if ours != theirs:
        yield "parts", (ours, theirs)
        return
    contents = iter([a[0] for word, a in facts if word == "content"])
    for _, part in python_parts(message):
        if part.get_content_type() == "message/delivery-status":
            next(contents, None)          # Python makes messages of its groups of fields
            continue
        if part.is_multipart() or part.get_content_maintype() == "multipart":
            continue
        encoding = str(part.get("content-transfer-encoding", "")).lower().strip()
        if encoding not in ("", "7bit", "8bit", "binary", "base64", "quoted-printable"):
            return
        ours = next(contents, None)
        theirs = part.get_payload(decode=True)
        if encoding == "quoted-printable":
            # binascii keeps white space before a line's end.
            squeezed = lambda b: re.sub(rb"[ \t]+(?=\r?\n|$)", b"", b)
            ours, theirs = squeezed(ours or b""), squeezed(theirs or b"")
        if ours != theirs:
            yield "content", (encoding, (ours or b"")[:80], (theirs or b"")[:80])


def main():
    program = sys.argv[1]
    paths = list(samples(sys.argv[2:] or FOLDERS))
    if not paths:
        print("no sample of mail is installed")
        return 77
    files = described(program, paths)
    failed = on_purpose = 0
    for path in paths:
        for kind, detail in compare(path, files[path]):
            if (os.path.basename(path), kind) in DIFFERS_ON_PURPOSE:
                on_purpose += 1
                continue
            failed += 1
            print(kind, path, repr(detail)[:600])
    print(f"{len(paths)} samples, {on_purpose} differences on purpose, {failed} others")
    return 0 if failed == 0 else 1


sys.exit(main())
