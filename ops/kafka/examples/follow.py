#!/usr/bin/env python3
"""Follows a territory's events in the log's order, across partitions, and checks that none is missing.

    pip install confluent-kafka
    follow.py BOOTSTRAP TERRITORY [--count N] [-X name=value ...]

Events of different partitions come in any order; they are held until the positions before them are there, and given out only when the
seal of their batch was read. So what is printed is never taken back.
"""
import argparse
import heapq
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition


class Follower:
    """Puts the log's order together again: events by position, through the last sealed one."""

    def __init__(self):
        self.position = 0
        self.sealed = 0
        self.epoch = 0
        self.events = {}
        self.waiting = []

    def add_event(self, headers):
        position, epoch = int(headers["ce_position"]), int(headers["ce_epoch"])
        if position <= self.position:
            return
        known = self.events.get(position)
        if known is None:
            heapq.heappush(self.waiting, position)
        elif known["ce_leafhash"] != headers["ce_leafhash"] and int(known["ce_epoch"]) == epoch:
            raise RuntimeError(f"two events at position {position} of epoch {epoch}: stop, and tell the territory")
        elif int(known["ce_epoch"]) >= epoch:
            return
        self.events[position] = headers

    def add_log(self, key, headers):
        epoch = int(headers["relais_epoch"])
        if epoch < self.epoch:
            return
        if key in ("batch", "writer"):
            self.epoch = epoch
        if key == "batch":
            self.sealed = max(self.sealed, int(headers["relais_last"]))

    def ready(self):
        while self.waiting and self.waiting[0] == self.position + 1 and self.position < self.sealed:
            self.position = heapq.heappop(self.waiting)
            yield self.events.pop(self.position)


def main():
    parser = argparse.ArgumentParser(description="follows a territory's events")
    parser.add_argument("bootstrap")
    parser.add_argument("territory")
    parser.add_argument("--count", type=int, help="stop after this many events")
    parser.add_argument("-X", action="append", default=[], metavar="NAME=VALUE", help="a setting of librdkafka")
    arguments = parser.parse_args()
    events, log = (f"relais.{arguments.territory}.{name}" for name in ("events", "log"))
    settings = {
        "bootstrap.servers": arguments.bootstrap,
        "group.id": "reader-example",
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
    }
    settings.update(setting.split("=", 1) for setting in arguments.X)
    consumer = Consumer(settings)
    partitions = consumer.list_topics(events, timeout=10).topics[events].partitions
    places = [TopicPartition(events, number, OFFSET_BEGINNING) for number in partitions]
    consumer.assign(places + [TopicPartition(log, 0, OFFSET_BEGINNING)])
    follower, printed = Follower(), 0
    try:
        while arguments.count is None or printed < arguments.count:
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                if message.error().code() == KafkaError._PARTITION_EOF:
                    continue
                raise KafkaException(message.error())
            headers = {name: value.decode() for name, value in message.headers() or [] if value is not None}
            if message.topic() == events:
                follower.add_event(headers)
            else:
                follower.add_log(message.key().decode(), headers)
            for event in follower.ready():
                print(event["ce_position"], event["ce_time"], event["ce_type"], event["ce_subject"], sep="\t", flush=True)
                printed += 1
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
