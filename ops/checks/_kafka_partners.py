"""What the check of partners speaks Kafka with: a partner's own software, and who reads all answers as they come."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import threading
import time

import confluent_kafka as kafka

from _kafka_cluster import PATIENCE, Record


def new_secret():
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def signature(secret, key, timestamp, value):
    """Standard Webhooks 1.0.0."""
    code = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), f"{key}.{timestamp}.".encode() + value, hashlib.sha256).digest()
    return "v1," + base64.b64encode(code).decode()


class Answers:
    """Reads every answer as it comes: place of the record in the intake → answers, the first one first."""

    def __init__(self, cluster, topics):
        self.topics = topics
        self._cluster = cluster
        self._found = {}
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        consumer = kafka.Consumer(
            {
                "bootstrap.servers": self._cluster.bootstrap, "group.id": "relais-check-answers", "enable.auto.commit": False,
                "auto.offset.reset": "earliest", "isolation.level": "read_committed", "fetch.wait.max.ms": 50, "log_level": 0,
            }
        )
        places = []
        for topic in self.topics:
            for number in consumer.list_topics(topic, timeout=PATIENCE).topics[topic].partitions:
                places.append(kafka.TopicPartition(topic, number, kafka.OFFSET_BEGINNING))
        consumer.assign(places)
        while not self._stopped.is_set():
            message = consumer.poll(0.2)
            if message is None or message.error() is not None:
                continue
            record = Record(message)
            record.topic = message.topic()
            with self._changed:
                self._found.setdefault(record.text("relais_intake"), []).append(record)
                self._changed.notify_all()
        consumer.close()

    def of(self, place, seconds=90):
        """The first answer to a record; None if there is none in time."""
        with self._changed:
            self._changed.wait_for(lambda: place in self._found, seconds)
            return (self._found.get(place) or [None])[0]

    def all(self, place):
        with self._changed:
            return list(self._found.get(place, []))

    @property
    def count(self):
        with self._changed:
            return sum(len(found) for found in self._found.values())

    def close(self):
        self._stopped.set()
        self._thread.join(30)


class Partner:
    """Software of one partner. `secret` is None for one that the policy lets send unsigned."""

    def __init__(self, cluster, territory, name, secret):
        self.name, self.secret = name, secret
        self._topic = f"relais.{territory}.intake"
        self._producer = kafka.Producer({"bootstrap.servers": cluster.bootstrap, "acks": "all", "partitioner": "murmur2_random", "log_level": 0})

    def produce(self, value, key=None, headers=None, partition=-1):
        """A record as it is: its place in the intake, partition/offset."""
        return self.produce_all([(value, key, headers, partition)])[0]

    def produce_all(self, records):
        places = [None] * len(records)

        def delivered(number):
            def take(error, message):
                places[number] = None if error else f"{message.partition()}/{message.offset()}"

            return take

        for number, (value, key, headers, partition) in enumerate(records):
            more = {"partition": partition} if partition >= 0 else {}
            self._producer.produce(self._topic, value, key, headers=headers or [], on_delivery=delivered(number), **more)
            self._producer.poll(0)
        self._producer.flush(PATIENCE)
        if None in places:
            raise RuntimeError(f"{places.count(None)} records were not taken")
        return places

    def headers(self, value, key, content_type, **changes):
        timestamp = changes.get("timestamp", int(time.time()))
        found = {"content-type": content_type, "relais_partner": changes.get("partner", self.name)}
        secret = changes.get("secret", self.secret)
        if secret:
            found |= {"webhook-id": key, "webhook-timestamp": str(timestamp), "webhook-signature": signature(secret, key, timestamp, value)}
        if "reply_to" in changes:
            found["reply-to"] = changes["reply_to"]
        return list(found.items())

    def hl7(self, message, key, **changes):
        return self.produce(message, key.encode(), self.headers(message, key, "application/hl7-v2; charset=utf-8", **changes))

    def hl7_record(self, message, key, partition=-1):
        return message, key.encode(), self.headers(message, key, "application/hl7-v2"), partition

    def command(self, path, actor, body, key, **changes):
        value = json.dumps({"path": path, "actor": f"urn:rpps:{actor}", "body": body}, ensure_ascii=False).encode()
        return self.produce(value, key.encode(), self.headers(value, key, "application/json", **changes))


def days_ago(days):
    return int((datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)).timestamp())
