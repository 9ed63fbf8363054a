"""Opens what a log holds sealed, with software that is not the product's: AES-256-GCM of `cryptography`, by the formats that
Sources/Sealing/README.md and Sources/EventStore/Sealing/AssociatedData.swift describe. For checks that read the log beside the product."""

import base64
import json
import pathlib
import sqlite3

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PAYLOAD, ATTACHMENT = b"\x01", b"\x02"


def _field(value):
    return b"\xff\xff" if value is None else len(value).to_bytes(2, "big") + value


def _schema(kind):
    prefix = "fr.relais."
    return f"https://relais.example/schemas/events/{kind[len(prefix):]}.schema.json".encode() if kind.startswith(prefix) else None


def _keys(data, log_directory, identity):
    """Key id → data key, from the key store beside the log and the master key of the data directory."""
    files = [pathlib.Path(data) / "secrets" / "master.key", *sorted((pathlib.Path(data) / "secrets").glob("master-*.key"))]
    masters = [AESGCM(base64.b64decode(path.read_text())) for path in files]
    connection = sqlite3.connect(f"file:{pathlib.Path(log_directory) / 'keys.sqlite'}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT id, stream, wrapped FROM data_key WHERE wrapped IS NOT NULL").fetchall()
    finally:
        connection.close()
    found = {}
    for key_id, stream, wrapped in rows:
        name = key_id.encode()
        bound = b"relais data key\0" + bytes([len(name)]) + name + bytes(stream) + identity.encode()
        for master in masters:
            try:
                found[key_id] = AESGCM(master.decrypt(wrapped[:12], wrapped[12:], bound))
                break
            except Exception:  # noqa: BLE001 - wrapped under another master key
                continue
    return found


def _opened(data, log, part, column):
    """(position, type, bytes) of what can be opened of every event, in order; `column` comes from the event or from its attachment."""
    log = pathlib.Path(log or pathlib.Path(data) / "log.sqlite")
    connection = sqlite3.connect(f"file:{log}?mode=ro", uri=True)
    try:
        identity = connection.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()[0]
        keys = _keys(data, log.parent, identity)
        rows = connection.execute(
            f"SELECT event.position, event.id, stream.name, type, source, occurred_at, occurred_offset, key_id, {column}"
            " FROM event JOIN stream ON stream.id = event.stream LEFT JOIN attachment ON attachment.position = event.position"
            f" WHERE {column} IS NOT NULL ORDER BY event.position"
        )
        for position, event_id, stream, kind, source, time, offset, key_id, content in rows:
            if key_id is None:
                yield position, kind, content
                continue
            if key_id not in keys:
                continue  # erased
            parts = [event_id, kind.encode(), source.encode(), stream, time.to_bytes(8, "big", signed=True), offset.to_bytes(2, "big", signed=True)]
            bound = part + b"".join(map(_field, [*parts, key_id.encode(), _schema(kind)]))
            yield position, kind, keys[key_id].decrypt(content[:12], content[12:], bound)
    finally:
        connection.close()


def events(data, log=None):
    """(position, type, body) of every event that can be opened, in order. `log`: a copy of the log with its keys.sqlite beside it."""
    for position, kind, payload in _opened(data, log, PAYLOAD, "payload"):
        yield position, kind, json.loads(payload)


def attachments(data, log=None):
    """(position, type, bytes) of every attachment that can be opened, in order: of a message received, the message as it came."""
    return _opened(data, log, ATTACHMENT, "attachment.bytes")
