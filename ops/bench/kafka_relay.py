"""The relay that catches up beside a bare C producer: the very same records, in the same order, to the same mock cluster, in turn.

Usage: kafka_relay.py [EVENTS [PARTITIONS [EVENTS_OF_A_COMMAND [RUNS]]]], with RELAIS_BIN naming a place that has release builds of KafkaMock and
StreamingBench, and kafka_producer, beside it; ops/bench/relay.sh makes them. StreamingBench fills a log, writes what a relay makes of it into a file,
and hands the log over as often as it is told; kafka_producer sends the file. Each run has a mock of its own, on which both find fresh topics.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "checks"))

import confluent_kafka as kafka  # noqa: E402
from _kafka_cluster import MOCK, MockCluster  # noqa: E402
from _relais import scratch  # noqa: E402

# As the relay's producer has them (RelaySettings.producerDefaults).
SETTINGS = {
    "linger.ms": "1",
    "partitioner": "murmur2_random",
    "compression.type": "lz4",
    "message.max.bytes": str(24 << 20),
    "queue.buffering.max.messages": "200000",
}
# The relay's first transaction, which is not timed: until then it looks for where the topic ends.
WARM = 2_000
COMPARED = 50


class Bench:
    """StreamingBench with its log, which relays when it is told."""

    def __init__(self, file, events, together):
        command = [MOCK.with_name("StreamingBench"), "records", file, str(events), str(together)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        for line in self._process.stdout:
            if line.strip() == "ready":
                return
            print(line, end="", flush=True)
        raise RuntimeError("StreamingBench did not fill its log")

    def relay(self, bootstrap, territory):
        self._process.stdin.write(f"{bootstrap} {territory}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def bare(file, bootstrap, territory):
    command = [MOCK.with_name("kafka_producer"), bootstrap, "records", file, f"relais.{territory}.events", f"relais.{territory}.log", str(WARM)]
    settings = [f"{name}={value}" for name, value in SETTINGS.items()]
    return float(subprocess.run([*command, *settings], stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout)


def tail(consumer, topic, partition):
    """A partition's last records by offset. Those of the log are given no time: they have that of their sending."""
    low, high = consumer.get_watermark_offsets(kafka.TopicPartition(topic, partition), 60)
    start = max(low, high - COMPARED)
    consumer.assign([kafka.TopicPartition(topic, partition, start)])
    found = {}
    while start + len(found) < high:
        for message in consumer.consume(high - start - len(found), 60):
            time_given = None if topic.endswith(".log") else message.timestamp()
            found[message.offset()] = (message.key(), message.value(), message.headers(), time_given)
    return found


def compare(bootstrap, partitions):
    """That both have sent the same, as far as the mock keeps it."""
    consumer = kafka.Consumer({"bootstrap.servers": bootstrap, "group.id": "relay-bench", "auto.offset.reset": "error", "fetch.wait.max.ms": 10})
    count = 0
    for topic, partition in [("log", 0)] + [("events", number) for number in range(partitions)]:
        ours, theirs = (tail(consumer, f"relais.{name}.{topic}", partition) for name in ("relay", "bare"))
        if ours != theirs:
            raise RuntimeError(f"the relay and the C producer sent other records to {topic}[{partition}]")
        count += len(ours)
    consumer.close()
    print(f"the last {count} records of {partitions + 1} partitions are the same, byte for byte, at the same offsets", flush=True)


def main():
    numbers = [int(word) for word in sys.argv[1:]]
    events, partitions, together, runs = numbers + [200_000, 12, 5, 5][len(numbers) :]
    floors, figures = [], []
    with scratch("kafka-relay") as folder:
        file = folder / "records"
        bench = Bench(file, events, together)
        print(f"{events} events, {together} under each command, {partitions} partitions, {file.stat().st_size >> 20} MiB of records")
        for run in range(runs):
            brokers = MockCluster()
            for name in ("bare", "relay"):
                brokers.make_topics(name, partitions)
            # In turn, and the other way round the next time.
            for name in ("bare", "relay") if run % 2 == 0 else ("relay", "bare"):
                if name == "bare":
                    floors.append(bare(file, brokers.bootstrap, name))
                else:
                    figures.append(bench.relay(brokers.bootstrap, name))
                time.sleep(1)
            if run == 0:
                compare(brokers.bootstrap, partitions)
            brokers.close()
            print(
                f"C, acks=all, idempotent, no transactions: {floors[-1]:.0f} events/s; relay, a transaction for each {WARM} events: "
                f"{figures[-1]:.0f} events/s; {figures[-1] / floors[-1]:.2f}; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
        bench.close()
    floor, figure = statistics.median(floors), statistics.median(figures)
    ratios = sorted(ours / theirs for ours, theirs in zip(figures, floors))
    print(f"medians of {runs}: C {floor:.0f} events/s ({min(floors):.0f} to {max(floors):.0f}), ", end="")
    print(f"relay {figure:.0f} events/s ({min(figures):.0f} to {max(figures):.0f}), ", end="")
    print(f"ratio {figure / floor:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}); required 0.25")


if __name__ == "__main__":
    main()
