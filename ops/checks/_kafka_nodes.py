"""What the check of Kafka runs: writers and standbys, and a load of hospital messages that is repeated until it is acknowledged."""

import contextlib
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

from _hl7 import Ack, Mllp, Stay
from _relais import BINARY, Server, run, shortened, wait_until

FAMILY, GIVEN = "ZWYNDRAKEN", "Quillonne"
STARTS = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Node(Server):
    """A server with a part in Kafka, of which the MLLP port is chosen here: so that it can be asked whether anybody listens."""

    def __init__(self, data, bootstrap, role="serve", ack="kafka"):
        super().__init__(data)
        self.bootstrap, self.role, self.ack = bootstrap, role, ack

    def arguments(self):
        return [
            self.role, "--data", str(self.data), "--http", "127.0.0.1:0", "--mllp", f"127.0.0.1:{self.mllp}",
            "--kafka", self.bootstrap, "--ack", self.ack,
        ]

    def start(self, wait=True):
        self.http = None
        self.mllp = free_port()
        self._heard = threading.Event()
        self.process = subprocess.Popen(
            [BINARY, *self.arguments(), *self.more],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self._reader.start()
        if wait:
            heard = self._heard.wait(STARTS) and self.http
            if not (heard and (self.role != "serve" or wait_until(lambda: self.listens, STARTS))):
                self.kill()
                raise RuntimeError(f"relais {self.role} did not start; it said: {shortened(self.words[-1000:])}")
        return self

    def _listen(self, process):
        for raw in process.stderr:
            line = raw.decode("utf-8", "replace")
            self.words += line
            if line.startswith("HTTP http://"):
                self.http = urllib.parse.urlsplit(line.split()[1]).port
                self._heard.set()
        self._heard.set()

    @property
    def listens(self):
        """Whether anybody takes HL7 messages at its port."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.mllp), 5):
            return True
        return False

    def log_head(self):
        """None while it cannot tell."""
        with contextlib.suppress(OSError, ValueError):
            answer = self.get("/api/v1/log/head")
            return answer.json if answer.status == 200 else None

    def has(self, position, seconds=120):
        """Waits until its log has a position."""
        return wait_until(lambda: (self.log_head() or {}).get("position", 0) >= position, seconds, 0.05)

    def refused_to_run(self, seconds=120):
        """Starts it and waits for its end: the exit status, None if it went on running."""
        self.start(wait=False)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.kill()

    def kill_later(self):
        """SIGKILL, without waiting: what else is to be killed at this moment goes next."""
        self.process.send_signal(signal.SIGKILL)


def bare_copy(data, to):
    """A directory for a standby: settings and secrets of the writer's, and nothing else."""
    to.mkdir()
    shutil.copyfile(data / "settings.json", to / "settings.json")
    shutil.copytree(data / "secrets", to / "secrets")
    return to


class Load:
    """Senders that tell stays, each message until it is answered AA. A message without an answer is repeated as it is, by whoever is the writer."""

    def __init__(self, senders=4, prefix="Q"):
        self.port = None
        self.prefix = prefix
        self.acknowledged = {}  # control id → (message, answer)
        self.refused = []  # answers other than AA
        self.other = []  # answers that are none of AA, AE, AR
        self.changed = threading.Condition()
        self._senders = senders
        self._pending = [None] * senders
        self._last = [None] * senders
        self._stories = [iter(()) for _ in range(senders)]
        self._stays = 0
        self._threads = []
        self._stopped = threading.Event()
        self.repeated = []  # of acknowledged messages sent once more: whether the answer was that of the first time

    @property
    def count(self):
        return len(self.acknowledged)

    @property
    def pending(self):
        return [one for one in self._pending if one]

    @property
    def is_running(self):
        return any(thread.is_alive() for thread in self._threads)

    def start(self, port):
        self.port = port
        self._stopped.clear()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(self._senders)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, more, seconds=90):
        """Waits until so many more messages were acknowledged; whether they were."""
        with self.changed:
            aim = self.count + more
            return self.changed.wait_for(lambda: self.count >= aim, seconds)

    def stop(self, seconds=120):
        """No new messages; those in hand come to their answer or to the connection's end."""
        self._stopped.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.1, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def finish(self, port, seconds=120):
        """Repeats what has no answer yet; whether all was acknowledged."""
        with Mllp(port, seconds) as connection:
            for number in range(self._senders):
                if self._pending[number]:
                    self._send(connection, number)
        return not self.pending

    def repeat_last(self, port):
        """Each sender's last acknowledged message once more."""
        with Mllp(port, 60) as connection:
            for last in self._last:
                if last:
                    message, answer = last
                    self.repeated.append(connection.send(message) == answer)
        return self.repeated

    def _run(self, number):
        while not self._stopped.is_set():
            port = self.port
            try:
                with Mllp(port, 90) as connection:
                    while not self._stopped.is_set() and self.port == port:
                        if not self._pending[number]:
                            self._pending[number] = self._next(number)
                        self._send(connection, number)
            except OSError:
                self._stopped.wait(0.05)  # nobody listens: again soon

    def _send(self, connection, number):
        control, message = self._pending[number]
        answer = connection.send(message)
        if not answer:
            raise OSError("closed")
        ack = Ack(answer)
        with self.changed:
            if ack.code == "AA" and ack.control == control:
                self.acknowledged[control] = (message, answer)
                self._last[number] = (message, answer)
                self._pending[number] = None
                self.changed.notify_all()
            elif ack.code in ("AE", "AR") and ack.control == control:
                self.refused.append(repr(ack))
            else:
                self.other.append(repr(ack))

    def _next(self, number):
        for step in self._stories[number]:
            return step
        with self.changed:
            self._stays += 1
            stay = Stay(f"{self.prefix}{self._stays:05d}", family=FAMILY, given=GIVEN)
        self._stories[number] = ((stay.control(trigger), stay.message(trigger)) for trigger in ("A01", "A02", "A03"))
        return next(self._stories[number])


def digests(data):
    """Of a directory that nobody serves: name of each view → (digest as maintained, digest rebuilt), or what went wrong."""
    found = {}
    for name in run("projections", "list").out.split():
        result = run("projections", "rebuild", name, "--data", data, timeout=300)
        words = result.out.replace(",", "").split()
        found[name] = (words[1], words[3]) if result.code == 0 and len(words) >= 5 else result
    return found
