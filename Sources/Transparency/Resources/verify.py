#!/usr/bin/env python3
"""Checks an audit bundle of Relais, offline, with Python's standard library alone.

Usage: python3 verify.py [VKEY]      VKEY: the log's public key, obtained elsewhere than in this folder

Exit status: 0 everything is as the log wrote it, 1 something is not, 2 wrong usage.
The formats are described in schemas/leaf.md and schemas/log.md of Relais, RFC 6962, RFC 8032 and c2sp.org.
"""
import base64
import datetime
import hashlib
import json
import os
import sys

FORMAT = "relais-audit-bundle/v1"


class Wrong(Exception):
    """Something is not as it should be."""


def sha256(data):
    return hashlib.sha256(data).digest()


# Ed25519 (RFC 8032 §5.1), for checking signatures only.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if len(data) != 32 or y >= P:
        raise Wrong("not a point of Ed25519")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Wrong("not a point of Ed25519")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    if len(signature) != 64:
        return False
    try:
        key, r = decompress(public), decompress(signature[:32])
    except Wrong:
        return False
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return s < L and equal(multiply(s, BASE), add(r, multiply(h, key)))


# AES-256-GCM (FIPS 197, NIST SP 800-38D), for opening only.
def double(x):
    return (x << 1) ^ (0x11B if x & 0x80 else 0)


def make_sbox():
    box, p, q = [0] * 256, 1, 1
    while True:
        p ^= double(p)
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q = (q ^ 9 if q & 0x80 else q) & 0xFF
        rotated = [(q << n | q >> (8 - n)) & 0xFF for n in range(5)]
        box[p] = rotated[0] ^ rotated[1] ^ rotated[2] ^ rotated[3] ^ rotated[4] ^ 0x63
        if p == 1:
            break
    box[0] = 0x63
    return box


SBOX = make_sbox()


def expand(key):
    words, constant = [list(key[i:i + 4]) for i in range(0, 32, 4)], 1
    while len(words) < 60:
        word = list(words[-1])
        if len(words) % 8 == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= constant
            constant = double(constant)
        elif len(words) % 8 == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(word, words[-8])])
    return [sum(words[i:i + 4], []) for i in range(0, 60, 4)]


def encrypt_block(rounds, block):
    state = [a ^ b for a, b in zip(block, rounds[0])]
    for number, keys in enumerate(rounds[1:], 1):
        state = [SBOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < 14:
            mixed = []
            for c in range(0, 16, 4):
                column = state[c:c + 4]
                every = column[0] ^ column[1] ^ column[2] ^ column[3]
                mixed += [column[i] ^ every ^ double(column[i] ^ column[(i + 1) % 4]) for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, keys)]
    return bytes(state)


def ghash(subkey, data):
    y = 0
    for start in range(0, len(data), 16):
        x, z, v = y ^ int.from_bytes(data[start:start + 16], "big"), 0, subkey
        for bit in range(127, -1, -1):
            if x >> bit & 1:
                z ^= v
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
        y = z
    return y


def open_sealed(key, sealed, associated):
    if len(key) != 32 or len(sealed) < 28:
        raise Wrong("the data key or the stored payload is too short")
    nonce, text, tag = sealed[:12], sealed[12:-16], sealed[-16:]
    rounds = expand(key)

    def pad(data):
        return data + bytes(-len(data) % 16)

    subkey = int.from_bytes(encrypt_block(rounds, bytes(16)), "big")
    lengths = (len(associated) * 8).to_bytes(8, "big") + (len(text) * 8).to_bytes(8, "big")
    mask = encrypt_block(rounds, nonce + (1).to_bytes(4, "big"))
    expected = ghash(subkey, pad(associated) + pad(text) + lengths) ^ int.from_bytes(mask, "big")
    if expected != int.from_bytes(tag, "big"):
        raise Wrong("the stored payload does not open with the data key")
    stream = b"".join(encrypt_block(rounds, nonce + n.to_bytes(4, "big")) for n in range(2, 2 + (len(text) + 15) // 16))
    return bytes(a ^ b for a, b in zip(text, stream))


# Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).
def unbase64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise Wrong("base64 that is not written as it should be")
    return data


def parse_key(text):
    name, _, rest = text.partition("+")
    identifier, _, encoded = rest.partition("+")
    key = unbase64(encoded)
    if len(key) != 33 or key[0] != 1 or sha256(name.encode() + b"\n" + key)[:4].hex() != identifier:
        raise Wrong("not an Ed25519 verifier key")
    return name, bytes.fromhex(identifier), key[1:]


def open_note(data, key):
    """The text of a note, once the key's signature over it is checked."""
    name, identifier, public = key
    head, gap, tail = data.rpartition(b"\n\n")
    text = head + b"\n"
    if not gap or not tail.endswith(b"\n"):
        raise Wrong("not a signed note")
    found = False
    for line in tail[:-1].decode().split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.partition(" ")
        signature = unbase64(encoded)
        if dash != "\u2014":
            raise Wrong("not a signed note")
        if signer == name and signature[:4] == identifier:
            if not signed(public, text, signature[4:]):
                raise Wrong("the signature is not over this text")
            found = True
    if not found:
        raise Wrong("not signed by the log's key")
    return text.decode()


# Leaves (schemas/leaf.md) and the Merkle tree (RFC 6962, checked as in RFC 9162 §2.1.3.2).
def field(value):
    return b"\xff\xff" if value is None else len(value).to_bytes(2, "big") + value


def number(value, size=8):
    return field(value.to_bytes(size, "big", signed=True))


def text(value):
    return field(None if value is None else value.encode())


def uuid(value):
    return field(None if value is None else bytes.fromhex(value.replace("-", "")))


def schema(kind):
    prefix = "fr.relais."
    known = kind.startswith(prefix) and len(kind) > len(prefix)
    return f"https://relais.example/schemas/events/{kind[len(prefix):]}.schema.json" if known else None


def entry(event, payload):
    attachment = event.get("attachment")
    return b"\x01" + b"".join([
        number(event["position"]), number(event["version"]), number(event["recordedtime"]), text(event["territory"]),
        uuid(event["id"]), text(event["type"]), text(event["source"]), field(bytes.fromhex(event["subject"])),
        number(event["time"]), number(event["offset"], 2), uuid(event.get("causationid")), uuid(event.get("correlationid")),
        text(event.get("actor")), text(event.get("keyid")), text(schema(event["type"])), text("application/json"),
        field(None if attachment is None else bytes.fromhex(attachment)), field(sha256(payload)),
    ])


def associated_data(event):
    """What a sealed payload is bound to."""
    return b"\x01" + b"".join([
        uuid(event["id"]), text(event["type"]), text(event["source"]), field(bytes.fromhex(event["subject"])),
        number(event["time"]), number(event["offset"], 2), text(event.get("keyid")), text(schema(event["type"])),
    ])


def root_from(leaf, index, size, path):
    node, last, result = index, size - 1, leaf
    if not 0 <= index < size:
        raise Wrong("the position is beyond the checkpoint")
    for sibling in path:
        if last == 0:
            raise Wrong("the path is too long")
        if node & 1 or node == last:
            result = sha256(b"\x01" + sibling + result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = sha256(b"\x01" + result + sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise Wrong("the path is too short")
    return result


def check_event(event, size, root):
    payload = unbase64(event["payload"])
    made = entry(event, payload)
    if made.hex() != event["entry"]:
        raise Wrong("the entry is not what the fields and the payload give")
    leaf = sha256(b"\x00" + made)
    if leaf.hex() != event["leaf"]:
        raise Wrong("the leaf is not the entry's hash")
    if root_from(leaf, event["position"] - 1, size, [bytes.fromhex(h) for h in event["path"]]) != root:
        raise Wrong("the path does not lead to the checkpoint's root")
    clear, key = event.get("clear"), event.get("dataKey")
    if clear is None:
        return "erased"
    if event.get("keyid") is None:
        opened = payload
    elif key is None:
        return "text stated, not proven: no data key"
    else:
        opened = open_sealed(unbase64(key), payload, associated_data(event))
    if opened != clear.encode():
        raise Wrong("the clear text is not what is stored")
    return "text proven"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def check_files(key):
    """The files that the signed manifest lists."""
    lines = open_note(read("MANIFEST"), key).split("\n")[:-1]
    if lines[:2] != [key[0] + "/bundle", FORMAT]:
        raise Wrong("MANIFEST: not of a bundle of this log and format")
    listed = {line[66:]: line[:64] for line in lines[2:]}
    for path, expected in listed.items():
        if not os.path.isfile(path) or sha256(read(path)).hex() != expected:
            raise Wrong(f"{path}: not the file that was signed")
    present = {os.path.relpath(os.path.join(folder, name)).replace(os.sep, "/") for folder, _, names in os.walk(".") for name in names}
    for path in sorted(present - set(listed) - {"MANIFEST"}):
        raise Wrong(f"{path}: not in the manifest")
    return sorted(listed)


def check(vkey):
    key = parse_key(vkey)
    files = check_files(key)
    if read("key.vkey").decode() != vkey + "\n":
        raise Wrong("key.vkey: not the key that is trusted")
    lines = open_note(read("checkpoint"), key).split("\n")
    if lines[0] != key[0]:
        raise Wrong("checkpoint: of another log")
    size, root = int(lines[1]), unbase64(lines[2])
    print(f"checkpoint: {lines[0]}, {size} events, root {root.hex()}")
    for path in files:
        if path.startswith("events/"):
            event = json.loads(read(path))
            try:
                state = check_event(event, size, root)
            except Wrong as error:
                raise Wrong(f"{path}: {error}") from None
            when = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=event["time"])
            print(f"{path}: position {event['position']}, {event['type']}, {when:%Y-%m-%d %H:%M} UTC, {state}")


def main():
    if len(sys.argv) > 2 or (len(sys.argv) == 2 and sys.argv[1].startswith("-")):
        print(__doc__)
        return 2
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    try:
        vkey = sys.argv[1] if len(sys.argv) == 2 else read("key.vkey").decode().rstrip("\n")
        check(vkey)
    except Wrong as error:
        print(f"NOT AS THE LOG WROTE IT: {error}")
        return 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        print(f"NOT AS THE LOG WROTE IT: cannot be read ({type(error).__name__})")
        return 1
    if len(sys.argv) == 1:
        print("NOTE: checked with the key in this folder. Compare it with one obtained elsewhere.")
    print("Everything is as the log wrote it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
