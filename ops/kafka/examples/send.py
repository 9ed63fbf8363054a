#!/usr/bin/env python3
"""A partner sends something to the intake, signed, and waits for its answer.

    pip install confluent-kafka
    send.py BOOTSTRAP TERRITORY PARTNER --secret-file FILE --key KEY (--hl7 FILE | --command FILE) [--own-topic] [-X name=value ...]

An HL7 file is one message, its segments ended by carriage returns. A command is a JSON file: {"path": "/api/v1/follow-ups/ID/accept",
"actor": "urn:rpps:...", "body": {}}: what POST on that path takes (schemas/openapi.yaml). The key is the idempotency key: choose a new one for
each intention, and repeat the same one, with the same value, until there is an answer.

Prints the answer; the exit status is 0 for a status of 2xx, 1 for another, 3 when none came in time.
"""
import argparse
import base64
import hashlib
import hmac
import pathlib
import sys
import time

from confluent_kafka import OFFSET_END, Consumer, KafkaError, KafkaException, Producer, TopicPartition

SECONDS = 60


def signature(secret, key, timestamp, value):
    """Standard Webhooks 1.0.0."""
    content = f"{key}.{timestamp}.".encode() + value
    code = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(code).decode()


def main():
    parser = argparse.ArgumentParser(description="sends to the intake of a territory")
    parser.add_argument("bootstrap")
    parser.add_argument("territory")
    parser.add_argument("partner")
    parser.add_argument("--secret-file", required=True, type=pathlib.Path)
    parser.add_argument("--key", required=True)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--hl7", type=pathlib.Path)
    what.add_argument("--command", type=pathlib.Path)
    parser.add_argument("--own-topic", action="store_true", help="have the answer in the topic of this partner's own")
    parser.add_argument("-X", action="append", default=[], metavar="NAME=VALUE", help="a setting of librdkafka")
    arguments = parser.parse_args()
    settings = {"bootstrap.servers": arguments.bootstrap, **dict(setting.split("=", 1) for setting in arguments.X)}
    intake, answers = (f"relais.{arguments.territory}.{name}" for name in ("intake", "answers"))
    if arguments.own_topic:
        answers += f".{arguments.partner}"

    # First stand where the answer will come.
    consumer = Consumer({**settings, "group.id": f"partner.{arguments.partner}", "enable.auto.commit": False, "isolation.level": "read_committed"})
    numbers = consumer.list_topics(answers, timeout=10).topics[answers].partitions
    places = [TopicPartition(answers, number, OFFSET_END) for number in numbers]
    for place in places:
        place.offset = consumer.get_watermark_offsets(place, timeout=10)[1]
    consumer.assign(places)

    value = (arguments.hl7 or arguments.command).read_bytes()
    timestamp = int(time.time())
    headers = {
        "content-type": "application/hl7-v2" if arguments.hl7 else "application/json",
        "relais_partner": arguments.partner,
        "reply-to": answers,
        "webhook-id": arguments.key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(arguments.secret_file.read_text().split()[-1], arguments.key, timestamp, value),
    }
    sent = []

    def delivered(error, message):
        if error is not None:
            raise KafkaException(error)
        sent.append(f"{message.partition()}/{message.offset()}")

    # One partition a key, as Java's producers choose: a key's records stay in order.
    producer = Producer({**settings, "acks": "all", "enable.idempotence": True, "partitioner": "murmur2_random"})
    producer.produce(intake, value, arguments.key.encode(), headers=headers, on_delivery=delivered)
    producer.flush(SECONDS)
    if not sent:
        print("the record was not taken", file=sys.stderr)
        return 3

    deadline = time.monotonic() + SECONDS
    try:
        while time.monotonic() < deadline:
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                if message.error().code() == KafkaError._PARTITION_EOF:
                    continue
                raise KafkaException(message.error())
            told = {name: value.decode() for name, value in message.headers() or [] if value is not None}
            if told.get("relais_intake") == sent[0]:
                print(told["relais_status"], told.get("content-type", ""))
                print((message.value() or b"").decode("utf-8", "replace").replace("\r", "\n"))
                return 0 if told["relais_status"].startswith("2") else 1
    finally:
        consumer.close()
    print("no answer yet: send the same again, under the same key", file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main())
