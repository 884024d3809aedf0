# SPDX-License-Identifier: MIT
"""Messages for the tests, as octets with LF line ends."""
import itertools
import os

SENDER = "sender@outside.example"
_number = itertools.count(1)


def new_message_id():
    return f"<{os.getpid()}.{next(_number)}@tests.example>"


def mail(subject="A test", to="somebody@example.net", sender=SENDER, message_id="new", body=b"Hello.\n", **headers):
    """One message. `message_id` None leaves the field out; a keyword X_Spam_Flag becomes the field X-Spam-Flag."""
    fields = [("From", sender), ("To", to), ("Subject", subject), ("Date", "Tue, 24 Nov 2026 12:00:00 +0000")]
    if message_id is not None:
        fields.append(("Message-ID", new_message_id() if message_id == "new" else message_id))
    fields += [(name.replace("_", "-"), value) for name, value in headers.items()]
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    return head.encode("utf-8") + b"\n" + (body.encode() if isinstance(body, str) else body)


def mime_mail(subject="With parts", to="somebody@example.net", **headers):
    body = (b"--limit\nContent-Type: text/plain; charset=utf-8\n\nText: \xc3\xa0.\n"
            b"--limit\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\nAAECAwQFBgc=\n"
            b"--limit\nContent-Type: message/rfc822\n\nSubject: inner\n\nInner.\n--limit--\n")
    return mail(subject, to, body=body, MIME_Version="1.0",
                Content_Type='multipart/mixed; boundary="limit"', **headers)


def large_mail(size_bytes, to="somebody@example.net", **headers):
    """A message of at least `size_bytes`, each line different, lines that begin with a dot among them."""
    lines = []
    total = 0
    for number in itertools.count():
        line = b"%s%08d %s\n" % (b"." if number % 97 == 0 else b"", number, b"x" * 60)
        lines.append(line)
        total += len(line)
        if total >= size_bytes:
            return mail("Large", to, body=b"".join(lines), **headers)


def to_wire(message):
    """LF to CRLF, for SMTP."""
    return message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def body_of(message):
    return message.split(b"\n\n", 1)[1]
