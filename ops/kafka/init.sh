#!/bin/sh
# Makes a territory's topics and gives each role its rights: init.sh TERRITORY [PARTNER...]. May be run again.
# A partner's principal is User:partner-ID; make-certificates.sh ID... makes such certificates.
set -eu
territory=${1:?usage: init.sh TERRITORY [PARTNER...]}
shift
for code in "$territory" "$@"; do
    case $code in '' | *[!a-z0-9-]*) echo "codes of territories and partners have a-z, 0-9 and hyphen only" >&2; exit 2 ;; esac
done
cd "$(dirname "$0")"
tool() {
    name=$1
    shift
    docker compose exec -T kafka-1 sh -c 'cat >/tmp/admin.properties' <<END
security.protocol=SSL
ssl.keystore.type=PEM
ssl.keystore.location=/etc/kafka/secrets/admin.pem
ssl.truststore.type=PEM
ssl.truststore.location=/etc/kafka/secrets/ca.crt
END
    docker compose exec -T kafka-1 "/opt/kafka/bin/$name" --bootstrap-server kafka-1:9093 --command-config /tmp/admin.properties "$@"
}
topic() {
    name=$1 partitions=$2
    shift 2
    tool kafka-topics.sh --create --if-not-exists --topic "relais.$territory.$name" --partitions "$partitions" --replication-factor 3 \
        --config min.insync.replicas=2 --config max.message.bytes=20971520 "$@"
}
for_ever='--config cleanup.policy=delete --config retention.ms=-1 --config retention.bytes=-1'
week='--config cleanup.policy=delete --config retention.ms=604800000 --config retention.bytes=-1'
# shellcheck disable=SC2086 # several words each
{
    topic events 12 $for_ever
    topic log 1 $for_ever
    topic intake 3 $week
    topic answers 3 $week
    topic facts 3 $week
}
# shellcheck disable=SC2086 # several words each
for partner in "$@"; do
    topic "partner.$partner" 1 $week
    topic "answers.$partner" 1 $week
done
compact='--config cleanup.policy=compact --config max.compaction.lag.ms=86400000 --config delete.retention.ms=86400000 --config segment.ms=86400000'
# shellcheck disable=SC2086 # several words each
{
    topic keys 1 $compact
    topic outbox 12 $compact
}

allow() { tool kafka-acls.sh --add --force "$@" >/dev/null; }
prefix="relais.$territory."
# The relay writes, and reads the log's end; its transactional id is its own.
allow --allow-principal User:relay --operation Write --operation Read --operation Describe --topic "${prefix}events" --topic "${prefix}log" \
    --topic "${prefix}keys"
allow --allow-principal User:relay --operation Write --operation Describe --transactional-id "relais-$territory"
allow --allow-principal User:relay --operation IdempotentWrite --cluster
# Partners: it writes what they are told and answered, and takes in what they send.
allow --allow-principal User:relay --operation Read --operation Describe --topic "${prefix}intake"
allow --allow-principal User:relay --operation Read --group "${prefix}intake"
allow --allow-principal User:relay --operation Write --operation Describe --topic "${prefix}answers" --resource-pattern-type prefixed
allow --allow-principal User:relay --operation Read --operation Write --operation Describe --topic "${prefix}partner." --resource-pattern-type prefixed
for id in intake partner.; do
    allow --allow-principal User:relay --operation Write --operation Describe --transactional-id "$prefix$id" --resource-pattern-type prefixed
done
# A follower reads all three, and may take over: then it is given the relay's certificate.
allow --allow-principal User:follower --operation Read --operation Describe --topic "${prefix}events" --topic "${prefix}log" --topic "${prefix}keys"
# A notifier follows, and shares the work of telling people with others; what it did, the writer records.
allow --allow-principal User:notifier --operation Read --operation Describe --topic "${prefix}events" --topic "${prefix}log" --topic "${prefix}keys"
allow --allow-principal User:notifier --operation Read --operation Write --operation Describe --topic "${prefix}outbox"
allow --allow-principal User:notifier --operation Write --operation Describe --topic "${prefix}facts"
allow --allow-principal User:notifier --operation IdempotentWrite --cluster
allow --allow-principal User:notifier --operation Read --group "${prefix}notifications"
allow --allow-principal User:relay --operation Read --operation Describe --topic "${prefix}facts"
allow --allow-principal User:relay --operation Write --operation Describe --topic "${prefix}outbox"
allow --allow-principal User:relay --operation Read --group "${prefix}facts"
# They read without a group; librdkafka asks for the coordinator of this name all the same.
for role in relay follower notifier; do allow --allow-principal "User:$role" --operation Read --group no-group; done
# A reader routes by headers. It never gets keys.
allow --allow-principal User:reader --operation Read --operation Describe --topic "${prefix}events" --topic "${prefix}log"
allow --allow-principal User:reader --operation Read --group reader --resource-pattern-type prefixed
# A partner reads what is its own, and the common answers; it writes to the intake and reads nothing of it.
for partner in "$@"; do
    who="User:partner-$partner"
    allow --allow-principal "$who" --operation Read --operation Describe --topic "${prefix}partner.$partner" --topic "${prefix}answers" \
        --topic "${prefix}answers.$partner"
    allow --allow-principal "$who" --operation Write --operation Describe --topic "${prefix}intake"
    allow --allow-principal "$who" --operation IdempotentWrite --cluster
    allow --allow-principal "$who" --operation Read --group "partner.$partner"
done
echo "topics and rights of $territory are there"
