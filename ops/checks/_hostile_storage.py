"""Storage that fails under the server: a locked database, and a disk that is full."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading

from _hl7 import Ack, Stay, send_once
from _hostile_target import NAME
from _relais import BINARY, TRAPS, wait_until


def attack_storage(check, target, chance):
    """Another program holds the database's write lock: nothing can be recorded, so nothing is acknowledged; then the sender repeats."""
    stay = target.stay("LOCKED")
    other = sqlite3.connect(target.server.data / "log.sqlite", timeout=5, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        answers = []

        def send():
            try:
                answers.append(send_once(target.server.mllp, stay.message("A01"), 40))
            except OSError:
                answers.append(b"")

        sender = threading.Thread(target=send)
        sender.start()
        sender.join(2)
        other.execute("ROLLBACK")
        sender.join(40)
    finally:
        other.close()
    ack = Ack(answers[0]) if answers and answers[0] else None
    check(ack is None or ack.code in ("AA", "AR"), "a message while nothing can be recorded: never AE", ack)
    check.equal(Ack(send_once(target.server.mllp, stay.message("A01"))).code, "AA", "the same message when the database is free again")
    target.is_well("a locked database")


def full_disk(check, folder):
    """A server on a disk of its own that fills up: AR 207, never AE and never AA; with room again, the repeated message is taken."""
    unshare = shutil.which("unshare")
    mount = folder / "small"
    mount.mkdir()
    script = (
        'mount -t tmpfs -o size=12m none "$1" && "$2" init --data "$1/data" && exec "$2" serve --data "$1/data" --http 127.0.0.1:0 --mllp 127.0.0.1:0'
    )
    private = [unshare, "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    probe = subprocess.run([*private, "sh", "-c", 'mount -t tmpfs none "$1"', "sh", mount], capture_output=True) if unshare else None
    if probe is None or probe.returncode != 0:
        print("hostile: note: this machine allows no private mount, so the full disk is not tried", file=sys.stderr)
        return
    process = subprocess.Popen(
        [*private, "sh", "-c", script, "sh", mount, BINARY], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    words, port = [], []

    def listen():
        for line in process.stderr:
            words.append(line.decode("utf-8", "replace"))
            if words[-1].startswith("MLLP 127.0.0.1:"):
                port.append(int(words[-1].rsplit(":", 1)[1]))

    threading.Thread(target=listen, daemon=True).start()
    try:
        if not check(wait_until(lambda: port, 30), "the server on a small disk does not start", "".join(words)):
            return
        check.equal(Ack(send_once(port[0], Stay("DISK0", family=NAME).message("A01"))).code, "AA", "a message while there is room")
        filler = pathlib.Path(f"/proc/{process.pid}/root{mount}/filler")
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 65_536)
            except OSError:
                pass
            try:
                while True:
                    file.write(b"x" * 512)
            except OSError:
                pass
        codes, refused = [], None
        for number in range(1, 200):
            message = Stay(f"DISK{number}", family=NAME).message("A01")
            ack = Ack(send_once(port[0], message, 30))
            codes.append(ack.code)
            if ack.code != "AA":
                refused = message
                check(ack.code == "AR" and "207" in ack.error_codes, "a message on a full disk: expected AR 207", ack)
                break
        check(refused, "a full disk refuses nothing", codes[-3:])
        check(process.poll() is None, "a full disk ends the server", "".join(words)[-500:])
        filler.unlink()
        if refused:
            code = wait_until(lambda: (ack := Ack(send_once(port[0], refused, 30))).code == "AA" and ack.code, 20, 0.2)
            check.equal(code, "AA", "the same message when there is room again")
        check(not any(trap in "".join(words) for trap in TRAPS), "a full disk traps", "".join(words)[-500:])
        check(NAME not in "".join(words).upper(), "a patient's name is in what the server on a full disk says")
    finally:
        process.terminate()
        try:
            check.equal(process.wait(20), 0, "exit status of the server whose disk was full")
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            check(False, "the server whose disk was full does not stop")
