#!/usr/bin/env python3
"""A partner follows its topic: each news once, as JSON on a line.

    pip install confluent-kafka
    follow_partner.py BOOTSTRAP TERRITORY PARTNER [--count N] [-X name=value ...]

The place is committed after a news was printed: what comes again after a crash has the same `ce_id`, and is recognised by it. Keep the ids
where you keep what you make of the news; here they are kept in memory.
"""
import argparse
import json
import sys

from confluent_kafka import Consumer, KafkaException


def main():
    parser = argparse.ArgumentParser(description="follows a partner's topic")
    parser.add_argument("bootstrap")
    parser.add_argument("territory")
    parser.add_argument("partner")
    parser.add_argument("--count", type=int, help="stop after this many news")
    parser.add_argument("-X", action="append", default=[], metavar="NAME=VALUE", help="a setting of librdkafka")
    arguments = parser.parse_args()
    settings = {
        "bootstrap.servers": arguments.bootstrap,
        "group.id": f"partner.{arguments.partner}",
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
    }
    settings.update(setting.split("=", 1) for setting in arguments.X)
    consumer = Consumer(settings)
    consumer.subscribe([f"relais.{arguments.territory}.partner.{arguments.partner}"])
    seen = set()
    try:
        while arguments.count is None or len(seen) < arguments.count:
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                raise KafkaException(message.error())
            headers = {name: value.decode() for name, value in message.headers() or [] if value is not None}
            if headers["ce_id"] not in seen:
                seen.add(headers["ce_id"])
                news = json.loads(message.value())
                print(json.dumps({"position": int(headers["ce_position"]), **news}, sort_keys=True), flush=True)
            consumer.commit(message, asynchronous=False)
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
