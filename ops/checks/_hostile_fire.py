"""Senders that misbehave while a good one works: what they cost it, what they cost in memory, and that nothing acknowledged is lost or doubled.

The bad senders are another process, so that their work does not show in the good one's times but for the processors they share.
"""

import collections
import itertools
import multiprocessing
import queue
import threading
import time

from _hl7 import END, START, Ack, Mllp
from _relais import LONG
from _unseal import events

SECONDS = 10.0 if LONG else 2.0
CROWD = 200
# A good sender must not wait longer than this for any answer, whatever the others do.
LONGEST_WAIT = 10.0
# What senders that merely hold connections may add to half of the good sender's answers: far less than holding it up would take, and room for
# a machine that is taken away for a while. The times themselves are printed.
QUIET_MARGIN = 1.0

KEPT_CONTROLS = "controls"
CLOSED = "closed"


# ── The bad senders: each runs until `stop`, and puts what was acknowledged into `told` ───────────


def _frame(message):
    return START + message + END


def _repeated(send, stop, told, make):
    """Sends one message after the other with `send`, and tells which were acknowledged."""
    for number in itertools.count():
        if stop.is_set():
            return
        control, message = make(number)
        ack = Ack(send(message))
        if ack.code == "AA" and ack.control == control:
            told.put((KEPT_CONTROLS, [control]))
        else:
            told.put((CLOSED, repr(ack)[:200]))


def megabyte_frames(port, stop, told, target, key):
    def make(number):
        stay = target.stay(f"{key}M{number}")
        message = stay.message("A01")
        return stay.control("A01"), message + b"NTE|1||" + b"x" * ((1 << 20) - len(message) - 8) + b"\r"

    with Mllp(port, 60) as sender:
        _repeated(sender.send, stop, told, make)


def many_repetitions(port, stop, told, target, key):
    def make(number):
        stay = target.stay(f"{key}R{number}")
        identifiers = "~".join([f"P{stay.key}^^^CHLVO&850099995&N^PI", *(f"X{one}^^^AUTRE&1.2.3&ISO^PI" for one in range(10_000))])
        return stay.control("A01"), stay.message("A01", pid3=identifiers)

    with Mllp(port, 60) as sender:
        _repeated(sender.send, stop, told, make)


def byte_by_byte(port, stop, told, target, key):
    def make(number):
        stay = target.stay(f"{key}B{number}")
        return stay.control("A01"), stay.message("A01")

    with Mllp(port, 60) as sender:

        def send(message):
            for byte in _frame(message):
                sender.send_raw(bytes([byte]))
            return sender.receive()

        _repeated(send, stop, told, make)


def fifty_in_one_write(port, stop, told, target, key):
    with Mllp(port, 60) as sender:
        for number in itertools.count():
            if stop.is_set():
                return
            stays = [target.stay(f"{key}G{number}N{one}") for one in range(50)]
            sender.send_raw(b"".join(_frame(stay.message("A01")) for stay in stays))
            answers = [Ack(sender.receive()) for _ in stays]
            expected = [stay.control("A01") for stay in stays]
            if [ack.control for ack in answers] != expected or any(ack.code != "AA" for ack in answers):
                told.put((CLOSED, "fifty frames in one write are not answered one by one, in order"))
            told.put((KEPT_CONTROLS, [ack.control for ack in answers if ack.code == "AA"]))


def garbage_between_frames(port, stop, told, target, key):
    noise = bytes(byte for byte in range(256) if byte != START[0]) * 256

    def make(number):
        stay = target.stay(f"{key}N{number}")
        return stay.control("A01"), stay.message("A01")

    with Mllp(port, 60) as sender:

        def send(message):
            sender.send_raw(noise)
            return sender.send(message)

        _repeated(send, stop, told, make)


def slow_senders(port, stop, told, target, key):
    """A byte a second on each of a hundred connections, never an end."""
    message = itertools.cycle(target.stay(f"{key}S").message("A01"))
    senders = [Mllp(port) for _ in range(100)]
    for sender in senders:
        sender.send_raw(START)
    while not stop.wait(1.0):
        byte = bytes([next(message)])
        for sender in senders:
            sender.send_raw(byte)


def half_open(port, stop, told, target, key):
    """A hundred connections that sent half a large frame and say no more."""
    senders = [Mllp(port) for _ in range(100)]
    for sender in senders:
        sender.send_raw(START + target.stay(f"{key}H").message("A01") + b"NTE|1||" + b"x" * 65_536)
    stop.wait()


def crowd(port, stop, told, target, key):
    """Two hundred good connections at once, all sending."""

    def work(place):
        def make(number):
            stay = target.stay(f"{key}C{place}N{number}")
            return stay.control("A01"), stay.message("A01")

        try:
            with Mllp(port, 60) as sender:
                _repeated(sender.send, stop, told, make)
        except OSError as error:
            told.put((CLOSED, f"connection {place} of {CROWD}: {type(error).__name__}"))

    workers = [threading.Thread(target=work, args=(place,)) for place in range(CROWD)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


# Each: what it is called, what it does, and whether it merely holds connections.
MISBEHAVIOURS = (
    ("frames of 1 MB", megabyte_frames, False),
    ("10,000 repetitions", many_repetitions, False),
    ("frames byte by byte", byte_by_byte, False),
    ("50 frames in a write", fifty_in_one_write, False),
    ("64 kB of garbage between frames", garbage_between_frames, False),
    ("100 slow senders", slow_senders, True),
    ("100 half-sent frames", half_open, True),
    (f"{CROWD} connections sending", crowd, False),
)


# ── The good sender ───────────────────────────────────────────────────────────────────────────────


class Times:
    """How long the good sender waited for each answer, in seconds."""

    def __init__(self):
        self.waits = []
        self.controls = []
        self.faults = []

    def quantile(self, part):
        ordered = sorted(self.waits)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else float("inf")

    def __str__(self):
        return f"p50 {self.quantile(0.5) * 1000:.1f} ms, p99 {self.quantile(0.99) * 1000:.1f} ms, {len(self.waits)} messages"


def good_sender(target, key, seconds):
    """A message every 5 ms at most, on one connection that stays up."""
    times = Times()
    until = time.monotonic() + seconds
    try:
        with Mllp(target.server.mllp, LONGEST_WAIT) as sender:
            for number in itertools.count():
                if time.monotonic() > until and number >= 20:
                    break
                stay = target.stay(f"{key}OK{number}")
                message = stay.message("A01")
                began = time.monotonic()
                ack = Ack(sender.send(message))
                times.waits.append(time.monotonic() - began)
                if (ack.code, ack.control) == ("AA", stay.control("A01")):
                    times.controls.append(ack.control)
                else:
                    times.faults.append(repr(ack)[:200])
                time.sleep(0.005)
    except OSError as error:
        times.faults.append(type(error).__name__)
    return times


def resident_memory(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next((int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS")), 0)


def attack_under_fire(check, target, chance):
    spawn = multiprocessing.get_context("fork")
    acknowledged = []
    alone = good_sender(target, "FIRE", SECONDS)
    acknowledged += alone.controls
    check(not alone.faults, "the good sender alone is not answered", alone.faults[:3])
    print(f"hostile: a good sender alone: {alone}; {resident_memory(target.server.process) >> 20} MB resident", flush=True)
    for place, (words, misbehave, is_quiet) in enumerate(MISBEHAVIOURS):
        stop, told = spawn.Event(), spawn.Queue()
        bad = spawn.Process(target=misbehave, args=(target.server.mllp, stop, told, target, f"FIRE{place}"), daemon=True)
        bad.start()
        kept = []
        try:
            time.sleep(0.3)  # until they are at it
            check(bad.is_alive(), f"{words}: the bad sender gave up")
            times = good_sender(target, f"FIRE{place}", SECONDS)
            memory = resident_memory(target.server.process)
            stop.set()
            while bad.is_alive() or not told.empty():
                try:
                    kind, what = told.get(timeout=0.2)
                except queue.Empty:
                    continue
                if kind == KEPT_CONTROLS:
                    kept += what
                else:
                    check(False, f"{words}: a message of theirs is not answered AA", what)
            bad.join(5)
            check.equal(bad.exitcode, 0, f"{words}: how the bad sender ended")
        finally:
            if bad.is_alive():
                bad.kill()
                bad.join()
        acknowledged += times.controls + kept
        print(f"hostile: beside {words}: {times}; theirs {len(kept)} acknowledged; {memory >> 20} MB resident", flush=True)
        check(not times.faults, f"{words}: the good sender beside is not answered", times.faults[:3])
        check(times.quantile(1) < LONGEST_WAIT, f"{words}: the good sender waited too long", times)
        if is_quiet:
            limit = 3 * alone.quantile(0.5) + QUIET_MARGIN
            check(times.quantile(0.5) < limit, f"{words}: half of the good sender's answers take over {limit * 1000:.0f} ms", times)
        target.is_well(words)
    logged = collections.Counter(
        body["message"]["controlID"] for _, kind, body in events(target.server.data) if kind == "fr.relais.intake.message-received.v1"
    )
    lost = [control for control in acknowledged if logged[control] == 0]
    doubled = [control for control in acknowledged if logged[control] > 1]
    check.equal(len(set(acknowledged)), len(acknowledged), "messages acknowledged under fire, each its own")
    check(not lost, f"{len(lost)} of {len(acknowledged)} acknowledged messages are not in the log", lost[:5])
    check(not doubled, f"{len(doubled)} of {len(acknowledged)} acknowledged messages are in the log more than once", doubled[:5])
