"""Faults put under a running program: the library of faults/fault.c, its control file, and a driver for StoreProbe.

`Faults` serves any command: `subprocess.Popen(command, env=faults.environment())`, then `faults.set("sync EIO log.sqlite")` and
`faults.clear()` while it runs.
"""

import os
import pathlib
import random
import sqlite3
import subprocess
import threading
import time

from _relais import ROOT, wait_until

SIZE = 1024  # FAULT_SIZE in fault.c
PROBE = os.environ.get("RELAIS_PROBE", str(ROOT / ".build" / "debug" / "StoreProbe"))


class Faults:
    """Builds the library in `folder`; one control file, for one process or several."""

    def __init__(self, folder, seed=1):
        self.library = pathlib.Path(folder) / "fault.so"
        self.control = pathlib.Path(folder) / "fault.control"
        self.seed = seed
        source = pathlib.Path(__file__).parent / "faults" / "fault.c"
        subprocess.run(
            ["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", self.library, source, "-ldl", "-pthread"], check=True
        )
        self.control.write_bytes(bytes(SIZE))

    def environment(self):
        return {**os.environ, "LD_PRELOAD": str(self.library), "FAULT_CONTROL": str(self.control), "FAULT_SEED": str(self.seed)}

    def set(self, *rules):
        """Rules as `OPERATION FAULT SUBSTRING [PERCENT [COUNT]]`, e.g. `write EIO log.sqlite 20`; see fault.c. Returns when they hold
        (monotonic milliseconds)."""
        lines = []
        for rule in rules:
            operation, fault, substring, *rest = rule.split()
            percent, count = [*rest, *["100", "0"][len(rest) :]]
            lines.append(f"{operation} {fault} {percent} {count} {substring}\n")
        text = "".join(lines).encode()
        if len(text) >= SIZE:
            raise ValueError("too many rules")
        with open(self.control, "r+b", buffering=0) as file:
            file.write(text.ljust(SIZE, b"\0"))
        return now()

    def clear(self):
        return self.set()


def now():
    """Milliseconds of the clock that StoreProbe's lines carry."""
    return time.monotonic_ns() // 1_000_000


class Probe:
    """`StoreProbe append`: what it says is parsed as it comes. Acknowledged numbers are kept over restarts."""

    def __init__(self, data, faults=None, writers=4, prefix=()):
        self.data, self.faults, self.writers, self.prefix = pathlib.Path(data), faults, writers, list(prefix)
        self.acknowledged = set()
        self.lines = []  # (milliseconds, words)
        self.process = None
        self._lock = threading.Lock()

    def start(self):
        environment = self.faults.environment() if self.faults else None
        command = [*self.prefix, PROBE, "append", str(self.data), str(self.writers)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
        self._reader = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self._reader.start()
        return self

    def _listen(self, process):
        for raw in process.stdout:
            first, *words = raw.decode("utf-8", "replace").split()
            if not first.isdigit():
                first, words = str(now()), [first, *words]
            with self._lock:
                self.lines.append((int(first), words))
                if words[:1] == ["ack"]:
                    self.acknowledged.add(int(words[1]))

    def since(self, milliseconds, *words):
        """The lines from that moment on that begin with `words`."""
        with self._lock:
            return [line for line in self.lines if line[0] >= milliseconds and line[1][: len(words)] == list(words)]

    def wait(self, seconds, milliseconds, *words):
        """The first such line, waiting for it; its time, or None."""
        found = wait_until(lambda: self.since(milliseconds, *words), seconds, 0.005)
        return found[0][0] if found else None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self._reader.join(10)

    def stop(self, seconds=30):
        """Has it end by itself; its exit status, None if it had to be killed."""
        try:
            self.process.stdin.close()
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        self._reader.join(10)
        return status

    # What the log holds, read by another program

    def numbers(self):
        connection = sqlite3.connect(f"file:{self.data / 'log.sqlite'}?mode=ro", uri=True)
        try:
            return [row[0] for row in connection.execute("SELECT CAST(json_extract(payload, '$.number') AS INTEGER) FROM event ORDER BY position")]
        finally:
            connection.close()

    def clock_went_back(self, milliseconds):
        """Whether an event happened that much earlier than the one before it."""
        connection = sqlite3.connect(f"file:{self.data / 'log.sqlite'}?mode=ro", uri=True)
        try:
            times = [row[0] for row in connection.execute("SELECT occurred_at FROM event ORDER BY position")]
            return any(before - after >= milliseconds for before, after in zip(times, times[1:]))
        finally:
            connection.close()

    def verify(self):
        return subprocess.run([PROBE, "verify", str(self.data)], capture_output=True, text=True, timeout=120)


def check_kept(check, probe, words):
    """Everything acknowledged is in the log, once, and the log verifies."""
    numbers = probe.numbers()
    missing = probe.acknowledged - set(numbers)
    check(not missing, f"{words}: acknowledged and not in the log", sorted(missing)[:10])
    check(len(numbers) == len(set(numbers)), f"{words}: events twice in the log")
    verified = probe.verify()
    check(verified.returncode == 0 and verified.stdout.startswith("sound"), f"{words}: verify", verified.stdout + verified.stderr)


def chance(seed):
    return random.Random(seed)
