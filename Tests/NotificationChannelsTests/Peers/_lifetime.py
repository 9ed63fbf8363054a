"""A peer lives as long as the test process holds its standard input open: no peer outlives a test run that crashed."""

import json
import signal
import socket
import sys
import time

# A process started by a Swift test inherits the signals that the test's threads block, SIGCHLD and SIGTERM among them: Postfix's master
# would never learn that its children ended.
signal.pthread_sigmask(signal.SIG_SETMASK, [])


def announce(facts: dict) -> None:
    """Tells the test, in one line of JSON, where everything is."""
    print(json.dumps(facts), flush=True)


def wait_for_the_end() -> None:
    while sys.stdin.buffer.read(4096):
        pass


def free_ports(count: int) -> list[int]:
    """Ports that nobody listened on a moment ago: for servers that cannot be told to take port 0."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for_port(port: int, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise SystemExit(f"nothing listens on port {port} after {seconds} s")
            time.sleep(0.05)
