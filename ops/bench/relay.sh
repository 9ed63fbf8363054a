#!/usr/bin/env bash
# The relay that catches up beside a bare C producer that sends the same records to the same mock cluster: medians and their ratio.
# Usage: ops/bench/relay.sh [EVENTS [PARTITIONS [EVENTS_OF_A_COMMAND [RUNS]]]]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

needs "${packages_build[@]}" "${packages_bench[@]}" python3 python3-venv
needs_python
needs_swift
cd "$relais_root"
for product in KafkaMock StreamingBench; do swift build -c release --product "$product" --disable-index-store >&2; done
folder=$(swift build -c release --show-bin-path)
cc -O2 -Wall -Wextra -o "$folder/kafka_producer" ops/bench/kafka_producer.c -lrdkafka
# The programs lie beside where the server would.
RELAIS_BIN=$folder/relais exec "$relais_python" -B ops/bench/kafka_relay.py "$@"
