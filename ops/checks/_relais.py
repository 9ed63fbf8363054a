"""What the end-to-end checks share: the real binary as a server and as a command, and a small HTTP client.

Every server listens on ports that the system chooses and lives in a directory of its own. Only processes started here are ended, by
their own handle. The professionals are those of the demonstration territory.
"""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("RELAIS_BIN", str(ROOT / ".build" / "debug" / "relais"))
LONG = bool(os.environ.get("RELAIS_LONG"))

# Of the demonstration territory (Sources/Pathways/Resources/demo-territory.yaml).
TERRITORY_FILE = ROOT / "Sources" / "Pathways" / "Resources" / "demo-territory.yaml"
PROTOCOL_FILES = ROOT / "Sources" / "Pathways" / "Resources"
REFERENT = "99999000013"
GP = "99999000112"  # of Challans
UNIT_CONTACT = "99999001284"  # answers for the discharges of the unit MEDE
PROTOCOLS = ["against-advice-discharge", "copd", "elderly-75", "heart-failure", "maternity", "plain-home-discharge", "surgery", "unknown-discharge"]
# What the plain discharge home asks for at once; the confirmation of the return comes by its own timer.
PLAIN_RULES = ["gp-visit", "liaison-letter", "nurse-first-visit", "pharmacy-reconciliation"]

STATUSES = {"preadmitted", "admitted", "onLeave", "discharged", "atHome", "cancelled", "deceased", "closed"}
DESTINATIONS = {"home", "smr", "had", "ehpad", "transfer", "againstAdvice", "death", "unknown"}
FOLLOW_UP_STATUSES = {"open", "accepted", "onHold", "done", "withdrawn"}
# What a crash of a Swift program says, on whatever stream it still can.
TRAPS = ("Fatal error", "Illegal instruction", "Swift/", "Program crashed", "Segmentation", "SWIFT TASK CONTINUATION MISUSE")


class Checks:
    """Counts what holds and what does not, and says in words what does not. A part that breaks off counts as one failure."""

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failures = []
        self._lock = threading.Lock()

    def __call__(self, holds, words, seen=None):
        with self._lock:
            if holds:
                self.passed += 1
            else:
                text = words if seen is None else f"{words}; seen: {shortened(seen)}"
                self.failures.append(text)
                print(f"{self.name}: FAILED: {text}", file=sys.stderr, flush=True)
        return bool(holds)

    def equal(self, seen, expected, words):
        return self(seen == expected, f"{words}: expected {shortened(expected)}", seen)

    @contextlib.contextmanager
    def part(self, words):
        began = time.monotonic()
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, the other parts still run
            trace = error.__traceback__
            while trace.tb_next:
                trace = trace.tb_next
            where = f"{pathlib.Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
            self(False, f"{words} broke off: {type(error).__name__} at {where}: {shortened(error)}")
        if os.environ.get("RELAIS_CHECK_TIMES"):
            print(f"{self.name}: {words}: {time.monotonic() - began:.1f} s", file=sys.stderr)

    def finish(self):
        print(f"{self.name}: {self.passed} passed, {len(self.failures)} failed")
        return 1 if self.failures or not self.passed else 0


def shortened(value, limit=400):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def require_binary(name):
    if not os.access(BINARY, os.X_OK):
        print(f"{name}: no binary at {BINARY}: build it first, or name it in RELAIS_BIN", file=sys.stderr)
        sys.exit(2)


def wait_until(condition, seconds=20.0, pause=0.02):
    """Whether the condition came true in time; its value if so."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(pause)


# ── Commands and servers ──────────────────────────────────────────────────────────────────────────


class Result:
    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}, stdout {shortened(self.out)!r}, stderr {shortened(self.err)!r}"


def run(*arguments, timeout=120, **options):
    """Runs `relais` to its end."""
    done = subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, timeout=timeout, encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, **options
    )
    return Result(arguments, done.returncode, done.stdout, done.stderr)


@contextlib.contextmanager
def scratch(name):
    path = pathlib.Path(tempfile.mkdtemp(prefix=f"relais-{name}-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def initialised(path):
    """A new data directory on the demonstration territory."""
    result = run("init", "--data", path)
    if result.code != 0:
        raise RuntimeError(f"relais init: {result!r}")
    return path


class Server:
    """`relais serve` on ports of its own. What it says on standard error is kept, over restarts, in `words`."""

    def __init__(self, data):
        self.data = data
        self.more = []  # further arguments
        self.environment = None
        self.words = ""
        self.process = None
        self._reader = None

    def start(self, wait=True):
        self.http = self.mllp = None
        self._heard = threading.Event()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", str(self.data), "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0", *self.more],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self._reader.start()
        if wait and not (self._heard.wait(30) and self.http and self.mllp):
            self.kill()
            raise RuntimeError(f"the server did not start; it said: {shortened(self.words[-1000:])}")
        return self

    def _listen(self, process):
        for raw in process.stderr:
            line = raw.decode("utf-8", "replace")
            self.words += line
            if line.startswith("HTTP http://"):
                self.http = urllib.parse.urlsplit(line.split()[1]).port
            elif line.startswith("MLLP 127.0.0.1:"):
                self.mllp = int(line.rsplit(":", 1)[1])
            if self.http and self.mllp:
                self._heard.set()
        self._heard.set()

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds=20):
        """Asks it to stop; its exit status, or None if it did not stop in time and was killed."""
        return self._end(signal.SIGTERM, seconds)

    def kill(self):
        return self._end(signal.SIGKILL, 20)

    def _end(self, number, seconds):
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self._reader.join(5)
        self.process.stderr.close()
        self.process = None
        return status

    def __enter__(self):
        return self if self.is_running else self.start()

    def __exit__(self, *_):
        if self.process is not None:
            self.kill()

    # HTTP

    def request(self, method, path, body=None, headers=None, timeout=30):
        return request(self.http, method, path, body, headers, timeout)

    def get(self, path, **headers):
        return self.request("GET", path, None, headers)

    def post(self, path, body=None, actor=None, key=None, method="POST"):
        """A write of the API by a professional (an RPPS)."""
        headers = {"Content-Type": "application/json"}
        if actor:
            headers["Relais-Actor"] = f"urn:rpps:{actor}"
        if key:
            headers["Idempotency-Key"] = key
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self.request(method, path, content, headers)

    def settle(self, seconds=180):
        """Waits until planner and views have worked on everything in the log; whether they did."""

        def is_settled():
            answer = self.get("/readyz")
            return answer.status == 200 and all(check.get("lag", 0) == 0 for check in answer.json["checks"])

        # The planner's own events move the head: two looks that agree on it.
        def is_still():
            before = self.get("/api/v1/log/head").json["position"]
            return is_settled() and self.get("/api/v1/log/head").json["position"] == before

        return wait_until(is_still, seconds)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def is_problem(self):
        """A problem document (RFC 9457) with its status, a stable code and words."""
        if not (self.headers.get("content-type") or "").startswith("application/problem+json"):
            return False
        document = self.json
        return document.get("status") == self.status and all(document.get(name) for name in ("type", "title", "detail", "code"))

    def __repr__(self):
        return f"HTTP {self.status} {shortened(self.text)!r}"


def request(port, method, path, body=None, headers=None, timeout=30):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()
