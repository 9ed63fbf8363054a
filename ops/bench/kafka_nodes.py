"""Figures of several nodes: how long a commit takes to a view of another machine, and what two notifiers do beside one.

Usage: kafka_nodes.py [view|notifiers] …, with RELAIS_BIN naming a release build that has KafkaMock beside it. Runs on librdkafka's mock cluster.
"""

import contextlib
import json
import os
import pathlib
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "checks"))

from _hl7 import Mllp, Stay  # noqa: E402
from _kafka_cluster import MockCluster, rows  # noqa: E402
from _kafka_nodes import Node, bare_copy  # noqa: E402
from _notice_peers import Gateway  # noqa: E402
from _relais import run, scratch, wait_until  # noqa: E402
from kafka_notifiers import Follower, channels, territory  # noqa: E402

EVENTS_A_SECOND = int(os.environ.get("RELAIS_RATE", "500"))
# With what the planner makes of it.
EVENTS_OF_A_MESSAGE = 4.8
SECONDS = int(os.environ.get("RELAIS_SECONDS", "20"))
STAYS = int(os.environ.get("RELAIS_STAYS", "400"))
CHANNEL_SECONDS = 0.02
# What a gateway takes from one client at once.
CONNECTIONS = 1


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@contextlib.contextmanager
def cluster(folder, gateway=None, by=None):
    """A writer with its brokers."""
    brokers = MockCluster()
    options = []
    if gateway:
        options = ["--territory", territory(folder / "territory.yaml", gateway, "clvo-demo")]
        crowd(folder / "territory.yaml")
    run("init", "--data", folder / "writer", *options)
    brokers.make_topics("clvo-demo")
    writer = Node(folder / "writer", brokers.bootstrap, ack="local")
    if by:
        (folder / "writer.json").write_text(json.dumps({"relais": {"notifications": {"by": by}}}))
        writer.more = ["--config", str(folder / "writer.json")]
    try:
        yield brokers, writer.start()
    finally:
        writer.kill()
        brokers.close()


# ── Commit to a view elsewhere ────────────────────────────────────────────────────────────────────


class Watch(threading.Thread):
    """When each position was in all views of a copy: read from its file, as a page does."""

    def __init__(self, data):
        super().__init__(daemon=True)
        self.path, self.seen, self.is_over = data / "views.sqlite", [], False

    def run(self):
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)
        last = -1
        while not self.is_over:
            position = connection.execute("SELECT min(position) FROM projection").fetchone()[0] or 0
            if position > last:
                self.seen.append((time.time(), position))
                last = position
            time.sleep(0.002)
        connection.close()


def view():
    with scratch("kafka-view") as folder, cluster(folder) as (brokers, writer):
        shower = Follower(bare_copy(writer.data, folder / "shower"), brokers.bootstrap, "projections").start()
        try:
            count, pause = int(EVENTS_A_SECOND * SECONDS / EVENTS_OF_A_MESSAGE), EVENTS_OF_A_MESSAGE / EVENTS_A_SECOND
            warm = [Stay(f"W{number}") for number in range(20)]
            with Mllp(writer.mllp) as connection:
                for stay in warm:
                    connection.send(stay.message("A01"))
            writer.settle()
            start = writer.log_head()["position"]
            shower.has(start)
            watch = Watch(shower.data)
            watch.start()
            began = time.time()
            numbers = iter(range(count))
            lock = threading.Lock()

            def send():
                with Mllp(writer.mllp) as connection:
                    while True:
                        with lock:
                            number = next(numbers, None)
                        if number is None:
                            return
                        time.sleep(max(0.0, began + number * pause - time.time()))
                        stay = Stay(f"V{number // 2}")
                        connection.send(stay.message("A01" if number % 2 == 0 else "A03"))

            senders = [threading.Thread(target=send) for _ in range(8)]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
            took = time.time() - began
            writer.settle()
            end = writer.log_head()["position"]
            wait_until(lambda: watch.seen and watch.seen[-1][1] >= end, 60)
            watch.is_over = True
            watch.join()
            recorded = dict(rows(writer.data, f"SELECT position, recorded_at FROM event WHERE position > {start}"))
            last = began * 1000 + took * 1000
            latencies, seen = [], iter(watch.seen)
            at, reached = next(seen)
            for position in sorted(recorded):
                while reached < position:
                    at, reached = next(seen)
                if recorded[position] <= last:
                    latencies.append(at * 1000 - recorded[position])
            print(
                f"commit to a view elsewhere: {len(latencies) / took:.0f} events/s for {took:.1f} s, p50 {percentile(latencies, 0.5):.0f} ms, "
                f"p99 {percentile(latencies, 0.99):.0f} ms, at most {max(latencies):.0f} ms"
            )
        finally:
            shower.kill()


# ── Notifiers ─────────────────────────────────────────────────────────────────────────────────────


class SlowGateway(Gateway):
    """Takes every message after a time."""

    def answer(self, handler, body, headers):
        time.sleep(CHANNEL_SECONDS)
        super().answer(handler, body, headers)


def crowd(path, times=6):
    """The territory with so many doctors and nurses in the place of each: what a few people alone are told, they are told one by one."""
    world = json.loads(path.read_text())
    people = [one for one in world["professionals"] if one["role"] in ("attending-gp", "nurse")]
    number = 99990000000
    for person in people:
        for _ in range(times - 1):
            number += 10
            digits = [int(digit) for digit in str(number)[:10]]
            doubled = sum(sum(divmod(2 * digit, 10)) if place % 2 == 1 else digit for place, digit in enumerate(digits))
            world["professionals"].append({**person, "rpps": str(number)[:10] + str(-doubled % 10), "contacts": {"mobile": f"07{number % 10**8:08d}"}})
    path.write_text(json.dumps(world, ensure_ascii=False, indent=1))


def rate(gateway, since):
    """Messages a second from when all nodes have their shares to two thirds of all: before one of them runs out of people."""
    times = sorted(request["at"] for request in gateway.taken)
    times = [at for at in times[: len(times) * 2 // 3] if at >= since]
    if len(times) < 200:
        raise RuntimeError(f"only {len(times)} messages were left when all nodes had their shares: take more RELAIS_STAYS")
    return len(times) / (times[-1] - since)


def notifiers(count):
    gateway = SlowGateway()
    with scratch("kafka-notifiers") as folder, cluster(folder, gateway, "notifiers") as (brokers, writer):
        options = json.loads(channels(folder / "notifier.json", gateway).read_text())
        options["relais"]["sms"]["parallel"] = CONNECTIONS
        options["relais"]["notifications"]["itemsPerMessage"] = 1
        (folder / "notifier.json").write_text(json.dumps(options))
        world = json.loads((folder / "territory.yaml").read_text())
        gps = [one["rpps"] for one in world["professionals"] if one["role"] == "attending-gp"]
        homes = [(one["name"].upper(), one["postalCodes"][0]) for one in world["communes"]]
        with Mllp(writer.mllp) as connection:
            for number in range(STAYS):
                city, postal = homes[number % len(homes)]
                stay = Stay(f"N{number}", gp=gps[number % len(gps)], city=city, postal=postal)
                for trigger in ("A01", "A03"):
                    connection.send(stay.message(trigger))
        writer.settle()
        nodes = [
            Follower(bare_copy(writer.data, folder / f"notifier-{number}"), brokers.bootstrap, "notifications", "--config", str(folder / "notifier.json"))
            for number in range(count)
        ]
        for node in nodes:
            node.start()
        held = wait_until(lambda: sum(node.shares for node in nodes) == 12 and all(node.shares for node in nodes), 120, 0.2)
        since = time.monotonic()

        def waiting():
            counts = run("notifications", "status", "--json", "--data", writer.data).json
            return counts["waiting"] + counts["pending"] + counts["unrecorded"]

        if not held or not wait_until(lambda: waiting() == 0, 600, 1):
            raise RuntimeError(f"not all was told: {waiting()} left")
        with contextlib.ExitStack() as stack:
            for node in nodes:
                stack.callback(node.kill)
        texts = [request for request in gateway.taken if request["kind"] == "sms"]
        twice = len(texts) - len({request["id"] for request in texts})
        found = rate(gateway, since)
        print(f"{count} notifier(s), a channel of {CHANNEL_SECONDS * 1000:.0f} ms, {CONNECTIONS} at once: {found:.1f} messages/s, {len(texts)} in all, {twice} twice")
        gateway.close()
        return found


def main():
    wanted = sys.argv[1:] or ["view", "notifiers"]
    if "view" in wanted:
        view()
    if "notifiers" in wanted:
        one = notifiers(1)
        two = notifiers(2)
        again = notifiers(1)
        print(f"two notifiers are {two / ((one + again) / 2):.2f} x one (before and after)")


if __name__ == "__main__":
    main()
