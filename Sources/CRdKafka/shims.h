// librdkafka for Swift: its headers, and one typed function for each variadic call that we need (rdkafka.h of librdkafka 2.0).
#ifndef RELAIS_CRDKAFKA_SHIMS_H
#define RELAIS_CRDKAFKA_SHIMS_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// The header's RD_KAFKA_PARTITION_UA has a cast, which Swift does not import.
static const int32_t relais_kafka_any_partition = RD_KAFKA_PARTITION_UA;

// Copies key and value; takes over `headers` when it succeeds. A null `value` is a tombstone, a null `key` is no key.
static inline rd_kafka_resp_err_t relais_kafka_produce(rd_kafka_t *client, const char *topic, int32_t partition, const void *key,
                                                       size_t key_length, const void *value, size_t value_length, int64_t timestamp,
                                                       rd_kafka_headers_t *headers, void *opaque) {
    if (headers) {
        return rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_KEY(key, key_length),
                                 RD_KAFKA_V_VALUE((void *)value, value_length), RD_KAFKA_V_TIMESTAMP(timestamp),
                                 RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(opaque),
                                 RD_KAFKA_V_END);
    }
    return rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_KEY(key, key_length),
                             RD_KAFKA_V_VALUE((void *)value, value_length), RD_KAFKA_V_TIMESTAMP(timestamp),
                             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
}

#endif
