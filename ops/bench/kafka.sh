#!/bin/sh
# The Swift producer and consumer beside a bare C producer, on librdkafka's mock cluster: medians and their ratio.
# Usage: ops/bench/kafka.sh [COUNT] [RUNS]. Debian: gcc, librdkafka-dev.
set -eu
cd "$(dirname "$0")/../.."
swift build -c release --product KafkaMock
swift build -c release --product KafkaBench
folder=$(swift build -c release --show-bin-path)
cc -O2 -Wall -Wextra -o "$folder/kafka_producer" ops/bench/kafka_producer.c -lrdkafka
exec "$folder/KafkaBench" "$folder/KafkaMock" "$folder/kafka_producer" "${1:-200000}" "${2:-5}"
