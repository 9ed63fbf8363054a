/* A bare C producer on librdkafka: the floor beside which KafkaBench and kafka_relay.py measure ours. Same settings, key, payload and headers.
 * cc -O2 -o kafka_producer kafka_producer.c -lrdkafka
 * kafka_producer BOOTSTRAP TOPIC PARTITIONS COUNT: makes its messages; prints messages per second, each with its delivery report.
 * kafka_producer BOOTSTRAP records FILE EVENTS LOG WARM [NAME=VALUE...]: sends what StreamingBench wrote into FILE, to the topics EVENTS and LOG (its
 * partition 0), and prints events per second after the first WARM of them. The records of LOG are sent too, but not counted. No transactions. */
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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

static rd_kafka_conf_t *settings(const char *bootstrap) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", bootstrap);
    set(conf, "acks", "all");
    set(conf, "enable.idempotence", "true");
    set(conf, "linger.ms", "5");
    rd_kafka_conf_set_dr_msg_cb(conf, report);
    return conf;
}

static rd_kafka_t *producer(rd_kafka_conf_t *conf) {
    char text[512];
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (!client) {
        fprintf(stderr, "%s\n", text);
        exit(1);
    }
    return client;
}

/* Waits for all reports, prints how many of `counted` came a second since `start`. */
static int finish(rd_kafka_t *client, long sent, long counted, double start) {
    rd_kafka_flush(client, 60000);
    double seconds = now() - start;
    if (failed || delivered != sent) {
        fprintf(stderr, "%ld of %ld delivered, %ld failed\n", delivered, sent, failed);
        return 3;
    }
    printf("%.0f\n", counted / seconds);
    return 0;
}

static int send_made(char **words) {
    const char *topic = words[2];
    int partitions = atoi(words[3]);
    long total = atol(words[4]);
    char key[33], value[PAYLOAD];
    memset(value, 'x', sizeof value);
    rd_kafka_t *client = producer(settings(words[1]));
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
    int status = finish(client, total, total, start);
    rd_kafka_destroy(client);
    return status;
}

/* A file of records in memory, and where in it to read on. The format is in Tests/StreamingBench/RecordFile.swift. */
struct records {
    const char *next, *end;
};

static struct records load(const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status)) {
        perror(path);
        exit(1);
    }
    char *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED) {
        perror(path);
        exit(1);
    }
    close(file);
    return (struct records){bytes, bytes + status.st_size};
}

static const char *take(struct records *records, size_t count) {
    if ((size_t)(records->end - records->next) < count) {
        fprintf(stderr, "the file of records ends in the middle of one\n");
        exit(1);
    }
    const char *bytes = records->next;
    records->next += count;
    return bytes;
}

/* NULL and length 0 where there are no bytes. */
static const char *field(struct records *records, size_t *length) {
    int32_t count;
    memcpy(&count, take(records, sizeof count), sizeof count);
    *length = count < 0 ? 0 : (size_t)count;
    return count < 0 ? NULL : take(records, *length);
}

/* Sends the next record; 1 if it is an event. */
static int send_next(rd_kafka_t *client, rd_kafka_topic_t *const topics[2], struct records *records) {
    const unsigned char *head = (const unsigned char *)take(records, 2);
    int64_t time;
    memcpy(&time, take(records, sizeof time), sizeof time);
    size_t key_length, length, name_length;
    const char *key = field(records, &key_length), *value = field(records, &length);
    rd_kafka_headers_t *list = rd_kafka_headers_new(head[1]);
    for (int i = 0; i < head[1]; i++) {
        size_t text_length;
        const char *name = field(records, &name_length), *text = field(records, &text_length);
        rd_kafka_header_add(list, name, (ssize_t)name_length - 1, text, (ssize_t)text_length);
    }
    for (;;) {
        rd_kafka_resp_err_t result = rd_kafka_producev(
            client, RD_KAFKA_V_RKT(topics[head[0] != 0]), RD_KAFKA_V_PARTITION(head[0] ? 0 : RD_KAFKA_PARTITION_UA), RD_KAFKA_V_KEY(key, key_length),
            RD_KAFKA_V_VALUE((void *)value, length), RD_KAFKA_V_TIMESTAMP(time), RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_END);
        if (!result) return head[0] == 0;
        if (result != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            fprintf(stderr, "%s\n", rd_kafka_err2str(result));
            exit(1);
        }
        rd_kafka_poll(client, 10);
    }
}

static int send_records(int count, char **words) {
    rd_kafka_conf_t *conf = settings(words[1]);
    for (int i = 7; i < count; i++) {
        char *equals = strchr(words[i], '=');
        if (!equals) return 2;
        *equals = 0;
        set(conf, words[i], equals + 1);
    }
    struct records records = load(words[3]);
    rd_kafka_t *client = producer(conf);
    rd_kafka_topic_t *topics[2] = {rd_kafka_topic_new(client, words[4], NULL), rd_kafka_topic_new(client, words[5], NULL)};
    long warm = atol(words[6]), sent = 0, events = 0;
    while (records.next < records.end && events < warm) events += send_next(client, topics, &records);
    rd_kafka_flush(client, 10000);
    delivered = 0;
    events = 0;
    double start = now();
    for (; records.next < records.end; sent++) {
        events += send_next(client, topics, &records);
        if (!(sent & 255)) rd_kafka_poll(client, 0);
    }
    int status = finish(client, sent, events, start);
    rd_kafka_topic_destroy(topics[0]);
    rd_kafka_topic_destroy(topics[1]);
    rd_kafka_destroy(client);
    return status;
}

int main(int count, char **words) {
    if (count >= 7 && !strcmp(words[2], "records")) return send_records(count, words);
    if (count == 5) return send_made(words);
    fprintf(stderr, "kafka_producer BOOTSTRAP TOPIC PARTITIONS COUNT | BOOTSTRAP records FILE EVENTS LOG WARM [NAME=VALUE...]\n");
    return 2;
}
