"""What the check of Kafka reads brokers with: a mock cluster in a process of its own or a real one, and clients that are not the product's.

The mock cluster (Tests/KafkaMock) makes a topic that somebody asks for, has no Admin API, does not fence a second producer of one
transactional id, and shows the records of aborted transactions to everybody. Readers here count on neither: a record that comes again is
dropped where its leaf hash is the same, and of several at one position the highest epoch counts.
"""

import datetime
import hashlib
import os
import pathlib
import socket
import sqlite3
import subprocess
import threading
import uuid

import confluent_kafka as kafka

from _relais import BINARY

PARTITIONS = 12
# How long brokers may take to answer. Generous: machines are slow.
PATIENCE = 60.0
MOCK = pathlib.Path(BINARY).with_name("KafkaMock")
SCHEMAS = "https://relais.example/schemas/events/"


class MockCluster:
    """Three brokers that can be broken. Ends with its input, so also with this process."""

    is_mock = True

    def __init__(self):
        self._process = subprocess.Popen([MOCK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
        self._lock = threading.Lock()
        self.bootstrap = self._process.stdout.readline().removeprefix("bootstrap ").strip()
        if not self.bootstrap:
            raise RuntimeError("KafkaMock did not start")

    def tell(self, command):
        with self._lock:
            self._process.stdin.write(f"{command}\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline().strip()
        if answer != "ok":
            raise RuntimeError(f"KafkaMock: {command}: {answer}")

    def make_topics(self, territory, events=PARTITIONS):
        for name, count in (("events", events), ("log", 1), ("keys", 1), ("intake", 3), ("answers", 3), ("outbox", 12), ("facts", 3)):
            self.tell(f"topic relais.{territory}.{name} {count}")

    def close(self):
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class RealCluster:
    """Brokers that are there already. Faults that only the mock can play are left out."""

    is_mock = False

    def __init__(self, bootstrap):
        self.bootstrap = bootstrap

    def close(self):
        pass


def cluster():
    named = os.environ.get("RELAIS_KAFKA_BOOTSTRAP")
    return RealCluster(named) if named else MockCluster()


def refusing_port():
    """A port where nobody listens, kept for as long as the socket is."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held, held.getsockname()[1]


# ── Reading topics ────────────────────────────────────────────────────────────────────────────────


class Record:
    def __init__(self, message):
        self.partition, self.offset, self.key, self.value = message.partition(), message.offset(), message.key(), message.value()
        self.headers = dict(message.headers() or [])
        self.names = [name for name, _ in message.headers() or []]

    def text(self, name):
        value = self.headers.get(name)
        return None if value is None else value.decode("utf-8")

    def number(self, name):
        return int(self.headers[name])

    @property
    def bytes(self):
        """Everything of it that travels."""
        parts = [self.key or b"", self.value or b"", *(name.encode() + b"\0" + (value or b"") for name, value in self.headers.items())]
        return b"\0".join(parts)


def read(cluster, topic):
    """Every committed record of a topic, as it is now, in the order of each partition."""
    consumer = kafka.Consumer(
        {
            "bootstrap.servers": cluster.bootstrap,
            "group.id": "relais-check",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 50,
            "log_level": 0,
        }
    )
    try:
        numbers = sorted(consumer.list_topics(topic, timeout=PATIENCE).topics[topic].partitions)
        places = []
        for number in numbers:
            low, _ = consumer.get_watermark_offsets(kafka.TopicPartition(topic, number), timeout=PATIENCE)
            places.append(kafka.TopicPartition(topic, number, low))
        consumer.assign(places)
        found, ended = [], set()
        deadline = datetime.datetime.now() + datetime.timedelta(seconds=PATIENCE)
        while len(ended) < len(numbers):
            for message in consumer.consume(1000, 1.0):
                if message.error() is None:
                    found.append(Record(message))
                    deadline = datetime.datetime.now() + datetime.timedelta(seconds=PATIENCE)
                elif message.error().code() == kafka.KafkaError._PARTITION_EOF:
                    ended.add(message.partition())
            if datetime.datetime.now() > deadline:
                raise RuntimeError(f"{topic} was not read to its end within {PATIENCE} s: partitions {sorted(set(numbers) - ended)} are missing")
        return found
    finally:
        consumer.close()


def kcat(cluster, topic):
    """The same topic as kcat reads it: (partition, offset, key, length of the value)."""
    done = subprocess.run(
        ["kcat", "-b", cluster.bootstrap, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", "%p %o %k %S\n", "-X", "isolation.level=read_committed"],
        capture_output=True,
        timeout=PATIENCE * 2,
        encoding="utf-8",
        check=True,
    )
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    return sorted((int(partition), int(offset), key, int(size)) for partition, offset, key, size in lines)


def history(records):
    """Position → record that counts, and faults. Repeats are dropped; what a replaced writer left has a lower epoch and counts for nothing."""
    found, faults = {}, []
    for record in records:
        position = record.number("ce_position")
        known = found.get(position)
        if known is None or known.number("ce_epoch") >> 32 < record.number("ce_epoch") >> 32:
            found[position] = record
        elif known.headers["ce_leafhash"] != record.headers["ce_leafhash"] and known.number("ce_epoch") >> 32 == record.number("ce_epoch") >> 32:
            faults.append(f"two events at position {position} by one writer")
    return found, faults


def java_partition(key, count):
    """As Java's DefaultPartitioner has it: murmur2 of the key."""
    mask = 0xFFFFFFFF
    multiplier = 0x5BD1E995
    state = (0x9747B28C ^ len(key)) & mask
    whole = len(key) - len(key) % 4
    for start in range(0, whole, 4):
        block = int.from_bytes(key[start : start + 4], "little") * multiplier & mask
        block = (block ^ block >> 24) * multiplier & mask
        state = (state * multiplier & mask) ^ block
    if whole < len(key):
        state = (state ^ int.from_bytes(key[whole:], "little")) * multiplier & mask
    state = (state ^ state >> 13) * multiplier & mask
    state ^= state >> 15
    return (state & 0x7FFFFFFF) % count


# ── Reading logs ──────────────────────────────────────────────────────────────────────────────────


def rows(data, query):
    """Of a log, by a connection that only reads, beside whoever writes."""
    connection = sqlite3.connect(f"file:{pathlib.Path(data) / 'log.sqlite'}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


COLUMNS = (
    "position, event.id, stream.name, version, type, source, occurred_at, occurred_offset, recorded_at, actor, causation, correlation, key_id,"
    " attachment_hash, leaf_hash, payload"
)


def log_rows(data):
    """position → all that an event is."""
    return {row[0]: row for row in rows(data, f"SELECT {COLUMNS} FROM event JOIN stream ON stream.id = event.stream ORDER BY position")}


def head(data):
    """(position, root hash)."""
    return rows(data, "SELECT position, hex(root_hash) FROM head")[0]


def contents(data):
    """A digest of everything in a log that a copy must have too: events, attachments, remembered commands with their answers."""
    digest = hashlib.sha256()
    queries = [
        f"SELECT {COLUMNS} FROM event JOIN stream ON stream.id = event.stream ORDER BY position",
        "SELECT position, bytes FROM attachment ORDER BY position",
        "SELECT digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key FROM command ORDER BY digest",
    ]
    counts = []
    for query in queries:
        found = rows(data, query)
        counts.append(len(found))
        for row in found:
            digest.update(repr(row).encode())
    return (*counts, digest.hexdigest())


def rfc3339(milliseconds, offset=0):
    zone = datetime.timezone(datetime.timedelta(minutes=offset))
    moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=milliseconds)
    return moment.astimezone(zone)


def expected_headers(row, territory):
    """What the CloudEvents headers of an event say, from the log's row; times as instants."""
    _, identity, stream, version, kind, source, time, offset, recorded, actor, causation, correlation, key_id, attachment, leaf, _ = row
    prefix = "fr.relais."
    found = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid.UUID(bytes=identity)),
        "ce_source": source,
        "ce_type": kind,
        "ce_subject": stream.hex(),
        "ce_time": rfc3339(time, offset),
        "ce_dataschema": f"{SCHEMAS}{kind[len(prefix):]}.schema.json" if kind.startswith(prefix) else None,
        "content-type": "application/json",
        "ce_recordedtime": rfc3339(recorded),
        "ce_position": str(row[0]),
        "ce_version": str(version),
        "ce_causationid": str(uuid.UUID(bytes=causation)) if causation else None,
        "ce_correlationid": str(uuid.UUID(bytes=correlation)) if correlation else None,
        "ce_actor": actor,
        "ce_territory": territory,
        "ce_keyid": key_id,
        "ce_leafhash": leaf.hex(),
        "ce_attachmenthash": attachment.hex() if attachment else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def headers_of(record):
    """Of a record, in the same form; without the epoch, which the log does not keep of an event."""
    found = {name: record.text(name) for name in record.names if name != "ce_epoch"}
    for name in ("ce_time", "ce_recordedtime"):
        if found.get(name):
            found[name] = datetime.datetime.fromisoformat(found[name])
    return found


def leaf_hash(row, territory):
    """RFC 6962 leaf of an event by schemas/leaf.md, from what a record or a row holds."""
    position, identity, stream, version, kind, source, time, offset, recorded, actor, causation, correlation, key_id, attachment, _, payload = row
    schema = expected_headers(row, territory).get("ce_dataschema")

    def integer(value, size=8):
        return value.to_bytes(size, "big", signed=True)

    def text(value):
        return None if value is None else value.encode()

    fields = [
        integer(position), integer(version), integer(recorded), text(territory), identity, text(kind), text(source), stream, integer(time),
        integer(offset, 2), causation, correlation, text(actor), text(key_id), text(schema), b"application/json", attachment,
        hashlib.sha256(payload).digest(),
    ]
    entry = b"\x01" + b"".join(b"\xff\xff" if field is None else len(field).to_bytes(2, "big") + field for field in fields)
    return hashlib.sha256(b"\0" + entry).digest()
