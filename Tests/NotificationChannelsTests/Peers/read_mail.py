"""Reads a mail on standard input with Python's email package and tells in JSON what it found."""

import base64
import email
import email.policy
import json
import sys

raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=email.policy.default)
defects = [str(each) for part in mail.walk() for each in part.defects]
assert not defects, defects
assert b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b""), "lines end by CRLF only"
html = mail.get_body(("html",))
file = next(iter(mail.iter_attachments()), None)
sender = mail["From"].addresses[0]
print(json.dumps({
    "names": list(mail.keys()),
    "subject": str(mail["Subject"]),
    "from": f"{sender.display_name}|{sender.addr_spec}",
    "messageID": str(mail["Message-ID"]),
    "date": int(mail["Date"].datetime.timestamp()),
    "text": mail.get_body(("plain",)).get_content().replace("\r\n", "\n"),
    "html": html and html.get_content().replace("\r\n", "\n"),
    "file": file and f"{file.get_filename()}|{file.get_content_type()}|{base64.b64encode(file.get_content()).decode()}",
    "longestLine": max(len(line) for line in raw.split(b"\r\n")),
}))
