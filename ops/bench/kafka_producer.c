/* A bare C producer on librdkafka: the floor beside which KafkaBench measures ours. Same settings, key, payload and headers.
 * cc -O2 -o kafka_producer kafka_producer.c -lrdkafka ; kafka_producer BOOTSTRAP TOPIC PARTITIONS COUNT
 * Prints messages per second, each with its delivery report. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAYLOAD 600

static const char *const headers[][2] = {
    {"ce_specversion", "1.0"},
    {"ce_id", "0195f3a2-7c1e-7b44-9d1a-2f60c1b7a901"},
    {"ce_source", "urn:relais:demo"},
    {"ce_type", "fr.relais.pathway.step-completed.v1"},
    {"ce_subject", "9f8b2c7d4e5a4b1c8d3e2f1a0b9c8d7e"},
    {"ce_time", "2026-03-01T08:15:30.123Z"},
    {"ce_dataschema", "urn:relais:schema:step-completed:1"},
    {"content-type", "application/octet-stream"},
    {"ce_recordedtime", "2026-03-01T08:15:30.456Z"},
    {"ce_position", "123456789"},
    {"ce_version", "17"},
    {"ce_causationid", "0195f3a2-7c1e-7b44-9d1a-2f60c1b7a900"},
    {"ce_correlationid", "0195f3a2-7c1e-7b44-9d1a-2f60c1b7a8ff"},
    {"ce_actor", "practitioner:10003456789"},
    {"ce_territory", "demo"},
    {"ce_keyid", "k-000123"},
    {"ce_leafhash", "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"},
};
#define HEADERS (sizeof headers / sizeof *headers)

static long delivered, failed;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void report(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
    (void)client;
    (void)opaque;
    if (message->err) failed++;
    else delivered++;
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char text[512];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof text) != RD_KAFKA_CONF_OK) {
        fprintf(stderr, "%s\n", text);
        exit(1);
    }
}

static void send_one(rd_kafka_t *client, const char *topic, int partition, const char *key, const char *value) {
    for (;;) {
        rd_kafka_headers_t *list = rd_kafka_headers_new(HEADERS);
        for (size_t i = 0; i < HEADERS; i++)
            rd_kafka_header_add(list, headers[i][0], (ssize_t)strlen(headers[i][0]), headers[i][1], (ssize_t)strlen(headers[i][1]));
        rd_kafka_resp_err_t result =
            rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_KEY(key, 32),
                              RD_KAFKA_V_VALUE((void *)value, PAYLOAD), RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_END);
        if (!result) return;
        rd_kafka_headers_destroy(list);
        if (result != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            fprintf(stderr, "%s\n", rd_kafka_err2str(result));
            exit(1);
        }
        rd_kafka_poll(client, 10);
    }
}

int main(int count, char **words) {
    if (count != 5) {
        fprintf(stderr, "kafka_producer BOOTSTRAP TOPIC PARTITIONS COUNT\n");
        return 2;
    }
    const char *topic = words[2];
    int partitions = atoi(words[3]);
    long total = atol(words[4]);
    char text[512], key[33], value[PAYLOAD];
    memset(value, 'x', sizeof value);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", words[1]);
    set(conf, "acks", "all");
    set(conf, "enable.idempotence", "true");
    set(conf, "linger.ms", "5");
    rd_kafka_conf_set_dr_msg_cb(conf, report);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (!client) {
        fprintf(stderr, "%s\n", text);
        return 1;
    }
    memset(key, '0', sizeof key);
    for (int i = 0; i < partitions; i++) send_one(client, topic, i, key, value);
    rd_kafka_flush(client, 10000); /* warm: connected, producer id obtained */
    delivered = 0;
    double start = now();
    for (long i = 0; i < total; i++) {
        snprintf(key, sizeof key, "%032lx", i);
        send_one(client, topic, (int)(i % partitions), key, value);
        if (!(i & 255)) rd_kafka_poll(client, 0);
    }
    rd_kafka_flush(client, 60000);
    double seconds = now() - start;
    if (failed || delivered != total) {
        fprintf(stderr, "%ld of %ld delivered, %ld failed\n", delivered, total, failed);
        return 3;
    }
    printf("%.0f\n", delivered / seconds);
    rd_kafka_destroy(client);
    return 0;
}
