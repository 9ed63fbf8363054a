"""What nobody should send over MLLP: broken frames, crowds, messages of odd shapes, mutations of good ones."""

import re
import socket
import struct
import time

from _hl7 import END, START, Ack, Mllp, Stay, send_once
from _hostile_target import NAME
from _relais import LONG, wait_until

MUTATIONS = 4_000 if LONG else 250


def attack_framing(check, target, chance):
    port, good = target.server.mllp, target.stay("FRAMING")
    with Mllp(port) as sender:
        sender.send_raw(bytes(byte for byte in chance.randbytes(65_536) if byte != START[0]))
        check.equal(Ack(sender.send(good.message("A01"))).code, "AA", "a good frame after 64 kB of garbage on the same connection")
    target.is_well("garbage between frames")

    # Begun and not ended: by a close, by a reset, and held open while others work.
    for ending in ("close", "reset", "half-close"):
        sender = Mllp(port)
        sender.send_raw(START + good.message("A02")[:200])
        if ending == "reset":
            sender.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if ending == "half-close":
            sender.socket.shutdown(socket.SHUT_WR)
            check.equal(sender.receive(), b"", "the answer to a frame that was not ended")
        sender.close()
    with Mllp(port) as held:
        held.send_raw(START + good.message("A02")[:200])
        target.is_well("an unclosed frame held open")

    with Mllp(port, 30) as sender:
        try:
            sender.send_raw(START + good.message("A02") + b"x" * (2 << 20) + END)
            check.equal(sender.receive(), b"", "the answer to a frame of 2 MB")
        except OSError:
            check(True, "closed while it was still sent")
    target.is_well("a frame of 2 MB")

    with Mllp(port) as sender:
        for byte in START + target.stay("TRICKLE").message("A01") + END:
            sender.send_raw(bytes([byte]))
        check.equal(Ack(sender.receive()).code, "AA", "a frame that comes byte by byte")
    with Mllp(port) as sender:
        glued = [target.stay(f"GLUED{number}") for number in range(12)]
        sender.send_raw(b"".join(START + stay.message("A01") + END for stay in glued))
        controls = [Ack(sender.receive()).control for _ in glued]
        check.equal(controls, [stay.control("A01") for stay in glued], "the answers to frames in one write, in their order")
    with Mllp(port) as sender:
        sender.send_raw(START + good.message("A02")[:100])
        ack = Ack(sender.send(target.stay("RESTART").message("A01")))
        check.equal((ack.code, ack.control), ("AA", "RESTARTA01"), "a sender that gives up a frame and starts again")
    with Mllp(port) as sender:
        ack = Ack(sender.send(target.stay("INNER").message("A01").replace(b"SALINES", b"SAL\x1cINES")))
        check.equal(ack.control, "INNERA01", "a frame with an FS that no CR follows")
    for content in (
        b"",
        b"\r",
        b"\x00" * 100,
        b"MSH",
        b"MSH|",
        b"MSH|^",
        b"MSH|^~\\&",
        b"MSH|^~\\&|\r",
        b"MSH||||||||||||\r",
        b"MSH^^^^^^^^^\r",
        b"MSH\r\r\r",
        b"PID|1\r",
        "MSH|éèà|".encode(),
        b"\xef\xbb\xbfMSH|^~\\&|A|B|C|D||||X|D|2.5\r",
    ):
        target.frame(content, f"a frame of {content[:16]!r}")
    target.is_well("frames that are no messages")


def attack_connections(check, target, chance):
    port = target.server.mllp
    idle = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(60)]
    try:
        began = time.monotonic()
        with Mllp(port) as sender:
            stay = target.stay("BUSY")
            check.equal(
                [Ack(sender.send(stay.message(trigger))).code for trigger in ("A01", "A02", "A03")],
                ["AA"] * 3,
                "a stay told beside 60 idle connections",
            )
        check(time.monotonic() - began < 10, "a stay beside 60 idle connections takes more than 10 s", time.monotonic() - began)
        target.is_well("60 idle connections")
    finally:
        for one in idle:
            one.close()
    for _ in range(300):
        socket.create_connection(("127.0.0.1", port), 10).close()
    target.is_well("300 connections opened and closed")

    # Beyond the limit connections are closed at once; when the others leave, there is room again.
    crowd = []
    try:
        for _ in range(320):
            crowd.append(socket.create_connection(("127.0.0.1", port), 10))
        check(target.server.is_running, "320 connections end the server")
    finally:
        for one in crowd:
            one.close()

    def has_room():
        try:
            return send_once(port, b"MSH|^~\\&|A|B|C|D|||ADT^A01|ROOM|D|2.5\r", 5)
        except OSError:
            return None

    check(wait_until(has_room, 10), "no room for a sender 10 s after a crowd has left")
    target.is_well("320 connections")

    # One that never reads its answers must not hold up the others.
    deaf = Mllp(port)
    deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    deaf.socket.settimeout(1)
    message = START + target.stay("DEAF").message("A01") + END
    try:
        for _ in range(1_500):
            deaf.send_raw(message)
    except OSError:
        pass
    target.is_well("a sender that reads no answer")
    deaf.close()


def attack_content(check, target, chance):
    good = target.stay("CONTENT").message("A01")
    pid3 = "P1^^^CHLVO&850099995&N^PI"
    began = time.monotonic()
    target.frame(target.stay("REPEAT").message("A01", pid3="~".join([pid3] * 10_000)), "10,000 repetitions in PID-3")
    check(time.monotonic() - began < 15, "10,000 repetitions take more than 15 s", time.monotonic() - began)
    target.is_well("10,000 repetitions")
    for words, message in (
        ("40,000 segments", good + b"NTE|1\r" * 40_000),
        ("200,000 fields", good + b"NTE" + b"|" * 200_000 + b"\r"),
        ("200,000 components", good.replace(b"^^^^L|", b"^" * 200_000 + b"L|")),
        ("200,000 sub-components", good.replace(b"^^^^L|", b"&" * 200_000 + b"L|")),
        ("a field of 900 kB", good.replace(NAME.encode(), NAME.encode() * 80_000)),
        ("escapes without end", good.replace(b"SALINES", b"\\X" * 100_000)),
        ("an escape of 0", good.replace(b"SALINES", b"\\X00\\\\.br\\\\Z\\\\Xzz\\\\H")),
        ("a control id of 100 kB", target.stay("LONGID").message("A01", control="C" * 100_000)),
        ("no control id", target.stay("NOID").message("A01", control="")),
        ("NULs", good.replace(b"JEANNE", b"\x00" * 50).replace(b"SALINES", b"\x00\x01\x02")),
        ("4,000 ZBE segments", good + b"".join(b"ZBE|M%d^CHLVO|20260101||INSERT|N\r" % number for number in range(4_000))),
        ("line feeds as ends", good.replace(b"\r", b"\n")),
        ("CR LF as ends", good.replace(b"\r", b"\r\n")),
        ("delimiters of its own", good.replace(b"|", b"!").replace(b"^", b"$")),
        ("equal delimiters", good.replace(b"^~\\&", b"||||", 1)),
        ("letters as delimiters", b"MSHabcde" + good[8:]),
    ):
        target.frame(message, words)
    target.is_well("messages of odd shapes")

    for number, moment in enumerate(
        ("0", "20261340", "00000101", "99991231235959+9999", "-1", "20260101000000.99999999999", "9" * 40, "20260230", "１２３４", "2026010100+2", "")
    ):
        message = target.stay(f"TIME{number}").message("A01").decode()
        zbe2 = re.sub(r"(ZBE\|[^|]*\|)\d+\+0000", rf"\g<1>{moment}", message)
        target.frame(zbe2.encode(), f"ZBE-2 of {moment[:20]!r}")
        target.frame(re.sub(r"19481204", moment, message).encode(), f"PID-7 of {moment[:20]!r}")
    target.is_well("times that are none")

    accents = Stay("CHARSET", family=NAME + "É", given="Zoë")
    for number, (label, encoding) in enumerate(
        (
            ("UNICODE UTF-8", "latin-1"),
            ("8859/1", "utf-8"),
            ("8859/15", "latin-1"),
            ("ASCII", "latin-1"),
            ("", "latin-1"),
            ("EBCDIC", "utf-8"),
            ("UNICODE UTF-16", "utf-8"),
        )
    ):
        ack = target.frame(
            accents.message("A01", charset=label, encoding=encoding, control=f"CHARSET{number}"), f"{encoding} labelled {label!r}", allow=("AA",)
        )
        if (label, encoding) == ("UNICODE UTF-8", "latin-1"):
            check(ack and "charset-mismatch" in ack.warnings, "ISO 8859 labelled UTF-8 is not flagged", ack)
    target.frame(accents.message("A01").decode().encode("utf-16"), "UTF-16")
    target.is_well("wrong character sets")


def attack_mutations(check, target, chance):
    """Messages that were good before something bit into them."""
    sources = [target.stay(f"MUTANT{number}").message(trigger) for number in range(3) for trigger in ("A01", "A02", "A03", "A13", "A11")]
    specials = [b"|", b"^", b"~", b"&", b"\\", b"\r", b"\n", b"\x00", b"\xff", b"\xc3", b"-", b"9" * 30, b'""', b"MSH", b"ZBE", b"\xe2\x80\x8f"]
    sender, headed, answered = None, 0, 0
    for number in range(MUTATIONS):
        message = bytearray(chance.choice(sources))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(message))
            kind = chance.randrange(5)
            if kind == 0:
                message[at] = chance.randrange(256)
            elif kind == 1:
                del message[at : at + chance.randint(1, 40)]
            elif kind == 2:
                message[at:at] = chance.choice(specials)
            elif kind == 3:
                message[at:at] = message[at : at + chance.randint(1, 80)]
            else:
                segments = bytes(message).split(b"\r")
                chance.shuffle(segments)
                message = bytearray(b"\r".join(segments))
            message = message or bytearray(b"M")
        content = bytes(message).replace(START, b"?").replace(END, b"?\r")
        # What shuffling has begun with another segment is no message of HL7: the line is closed on it, without a word.
        headed += content.startswith(b"MSH")
        try:
            sender = sender or Mllp(target.server.mllp)
            answer = sender.send(content)
        except TimeoutError:
            check(False, f"mutation {number} is neither answered nor refused", content)
            answer = b""
        except OSError:
            answer = b""
        if answer:
            answered += 1
            # MSH-15 and MSH-16 may have come to ask for commit acknowledgements.
            check(Ack(answer).code in ("AA", "AE", "AR", "CA", "CE", "CR"), f"the answer to mutation {number}", Ack(answer))
        else:
            sender.close()
            sender = None
    check(answered > headed / 2, "most mutations that begin with MSH get no answer", (answered, headed))
    target.is_well(f"{MUTATIONS} mutations")
