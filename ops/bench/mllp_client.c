/* MLLP load: each connection sends the story of one hospital stay after another — A01, A02, A03 of a new visit of a new patient —
 * and waits for each acknowledgement before the next message. An answer counts as good if it says AA and echoes the control id.
 *   mllp_client PORT CONNECTIONS SECONDS [--id TEXT] [--authority 'NS&FINESS&N'] [--unit CODE]
 *   mllp_client --print STORIES        writes that many stories to standard output instead, segments ended by CR, a LF between messages
 *
 * Messages are PAM France 2.11 (HL7 2.5) of a fictional hospital in the demo territory. Patients, visits, movements and control
 * ids are new in every run (a run is named after its start). Half a second of warm-up is not counted.
 * Prints one JSON line {"id", "value", "unit": "msg/s", "p50_us", "p99_us", "bad", "connections", …}; exit 3 if an answer was bad.
 * Build: cc -O2 -o mllp_client mllp_client.c -lpthread */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_MESSAGE = 4096, MAX_SAMPLES = 2000000 };
static const double warm_up = 0.5;

static const char *authority = "CHLVO&850099995&N", *unit = "MEDE";
static char run_name[8];
static int port;
static double count_from, end_at;

static const char *family_names[] = {"ALBATROS", "BERNACHE", "CORMORAN", "DAUPHIN", "EIDER", "FULMAR", "GOÉLAND", "HÉRON", "ÉCHASSE", "LINOTTE"};
static const char *given_names[] = {"Jeanne", "Hélène", "Andrée", "Marcel", "René", "Yvette", "Lucien", "Odette", "Fernand", "Thérèse"};
static const char sexes[] = "FFFMMFMFMF";
/* City as hospitals write it, postal code, COG code. */
static const char *communes[][3] = {
    {"CHALLANS", "85300", "85047"}, {"ST JEAN DE MONTS", "85160", "85234"}, {"SAINT GILLES CROIX DE VIE", "85800", "85222"},
    {"LA GARNACHE", "85710", "85096"}, {"MACHECOUL SAINT MEME", "44270", "44087"}, {"BEAUVOIR SUR MER", "85230", "85018"},
    {"COËX", "85220", "85070"}, {"SOULLANS", "85300", "85284"}, {"PALLUAU", "85670", "85169"}, {"NOTRE DAME DE RIEZ", "85270", "85189"},
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
/* HL7 TS in UTC with its offset, `ago` seconds before now. */
static void timestamp(char out[24], long ago) {
    time_t at = time(0) - ago;
    struct tm parts;
    gmtime_r(&at, &parts);
    strftime(out, 24, "%Y%m%d%H%M%S+0000", &parts);
}

/* Message `step` (0 A01, 1 A02, 2 A03) of story `story` of a connection; returns its length, leaves its control id in `control`. */
static int make_message(char *out, char control[24], int connection, long story, int step) {
    static const char *triggers[] = {"A01", "A02", "A03"}, *structures[] = {"ADT_A01", "ADT_A02", "ADT_A03"};
    static const long ago[] = {3 * 86400 + 3600, 86400, 60};
    char sent[24], occurred[24], key[24], authority_ei[64];
    snprintf(key, sizeof key, "%s%02d%07ld", run_name, connection, story);
    snprintf(control, 24, "%sS%d", key, step + 1);
    timestamp(sent, 0);
    timestamp(occurred, ago[step]);
    snprintf(authority_ei, sizeof authority_ei, "%s", authority); /* an EI writes with components what a CX writes with sub-components */
    for (char *p = authority_ei; *p; p++)
        if (*p == '&') *p = '^';
    unsigned who = (unsigned)(story * 7 + connection * 3);
    const char **commune = communes[who % 10];
    int n = snprintf(out, MAX_MESSAGE,
        "MSH|^~\\&|SIMHOSP|CHLVO|RELAIS|CPTS|%s||ADT^%s^%s|%s|D|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|FR||2.11^IHE_FRANCE-2.11-PAM\r"
        "EVN||%s||||%s\r"
        "PID|1||P%s^^^%s^PI||%s^%s^%s^^^^L||19%02u%02u%02u|%c|||%u RUE DES SALINES^^%s^^%s^FRA^H~^^^^^^BDL^^%s|||||||N%s^^^%s^AN"
        "||||||||||||||PROV|%s\r"
        "PV1|1|I|%s^12^1|R|||||||||||||||V%s^^^%s^VN||03|||||||||||||||%s|||||||||%s\r",
        sent, triggers[step], structures[step], control, sent, occurred,
        key, authority, family_names[who % 10], given_names[who / 10 % 10], given_names[who / 10 % 10],
        30 + who % 60, 1 + who % 12, 1 + who % 28, sexes[who / 10 % 10], 1 + who % 98, commune[0], commune[1], commune[2],
        key, authority, sent, unit, key, authority, step == 2 ? "3" : "", step == 2 ? occurred : "");
    n += snprintf(out + n, MAX_MESSAGE - n,
        "ZBE|M%s%d^%s|%s||INSERT|N||Médecine polyvalente^^^^^%s^UF^^^%s|Médecine polyvalente^^^^^%s^UF^^^%s|HMS\r",
        key, step + 1, authority_ei, occurred, authority, unit, authority, unit);
    if (step == 2) n += snprintf(out + n, MAX_MESSAGE - n, "ZFM||8\r");
    return n;
}

static void write_all(int connection, const char *bytes, int count) {
    for (int done = 0; done < count;) {
        int n = write(connection, bytes + done, count - done);
        if (n <= 0) {
            perror("mllp_client: writing");
            exit(1);
        }
        done += n;
    }
}
/* Reads one frame; returns its length with a NUL after it. */
static int read_frame(int connection, char *frame, int capacity) {
    for (int held = 0;;) {
        int n = read(connection, frame + held, capacity - 1 - held);
        if (n <= 0) {
            fprintf(stderr, "mllp_client: the server closed the connection instead of answering\n");
            exit(1);
        }
        held += n;
        if (held > 2 && frame[held - 2] == 0x1c && frame[held - 1] == 0x0d) {
            frame[held] = 0;
            return held;
        }
    }
}

struct connection { pthread_t thread; int number; long counted, bad, capacity; double *took; char first_bad[512]; };

static void *send_stories(void *argument) {
    struct connection *c = argument;
    int socket_ = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(socket_, (void *)&address, sizeof address)) {
        perror("mllp_client: connecting");
        exit(1);
    }
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    char frame[MAX_MESSAGE + 3], answer[65536], control[24], expected[48];
    for (long story = 0; now() < end_at; story++) {
        for (int step = 0; step < 3; step++) { /* a story is finished even if the time is up: the three kinds stay equally many */
            int length = make_message(frame + 1, control, c->number, story, step);
            frame[0] = 0x0b, frame[length + 1] = 0x1c, frame[length + 2] = 0x0d;
            snprintf(expected, sizeof expected, "MSA|AA|%s", control);
            double from = now();
            write_all(socket_, frame, length + 3);
            read_frame(socket_, answer, sizeof answer);
            double to = now();
            const char *found = strstr(answer, expected);
            char after = found ? found[strlen(expected)] : 'x';
            if (after != '\r' && after != '|') {
                if (!c->bad++) snprintf(c->first_bad, sizeof c->first_bad, "%s", answer + 1);
            }
            if (from >= count_from && to <= end_at) {
                if (c->counted < c->capacity) c->took[c->counted] = to - from;
                c->counted++;
            }
        }
    }
    close(socket_);
    return 0;
}

static void print_stories(long stories) {
    char message[MAX_MESSAGE], control[24];
    for (long story = 0; story < stories; story++)
        for (int step = 0; step < 3; step++) {
            fwrite(message, 1, make_message(message, control, 0, story, step), stdout);
            putchar('\n');
        }
}
/* Six characters that no other run has: its start in base 36. */
static void name_run(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    unsigned long long value = (t.tv_sec * 10ull + t.tv_nsec / 100000000) % 2176782336ull;
    for (int i = 5; i >= 0; i--, value /= 36) run_name[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % 36];
}

int main(int count, char **arguments) {
    const char *id = 0;
    char name[64];
    name_run();
    for (int i = 1; i + 1 < count; i++) {
        if (!strcmp(arguments[i], "--id")) id = arguments[i + 1];
        if (!strcmp(arguments[i], "--authority")) authority = arguments[i + 1];
        if (!strcmp(arguments[i], "--unit")) unit = arguments[i + 1];
    }
    if (count > 2 && !strcmp(arguments[1], "--print")) {
        print_stories(atol(arguments[2]));
        return 0;
    }
    int connections = count > 2 ? atoi(arguments[2]) : 0;
    double seconds = count > 3 ? atof(arguments[3]) : 0;
    if (connections < 1 || connections > 99 || seconds <= 0) {
        fprintf(stderr, "usage: mllp_client PORT CONNECTIONS(1-99) SECONDS [--id TEXT] [--authority TEXT] [--unit CODE] | --print STORIES\n");
        return 2;
    }
    port = atoi(arguments[1]);
    count_from = now() + warm_up;
    end_at = count_from + seconds;
    struct connection *all = calloc(connections, sizeof *all);
    double *took = malloc(sizeof *took * MAX_SAMPLES);
    if (!all || !took) return 1;
    for (int i = 0; i < connections; i++) {
        all[i].number = i;
        all[i].capacity = MAX_SAMPLES / connections;
        all[i].took = malloc(sizeof *took * all[i].capacity);
        if (!all[i].took || pthread_create(&all[i].thread, 0, send_stories, &all[i])) return 1;
    }
    long counted = 0, bad = 0, samples = 0;
    for (int i = 0; i < connections; i++) {
        struct connection *c = &all[i];
        pthread_join(c->thread, 0);
        long kept = c->counted < c->capacity ? c->counted : c->capacity;
        memcpy(took + samples, c->took, kept * sizeof *took);
        samples += kept, counted += c->counted, bad += c->bad;
        if (c->bad) fprintf(stderr, "mllp_client: first bad answer of connection %d:\n%s\n", i, c->first_bad);
    }
    if (!samples) {
        fprintf(stderr, "mllp_client: nothing was acknowledged in the time counted\n");
        return 1;
    }
    qsort(took, samples, sizeof *took, ascending);
    snprintf(name, sizeof name, "mllp.connections%d", connections);
    printf("{\"id\":\"%s\",\"value\":%.1f,\"unit\":\"msg/s\",\"p50_us\":%.1f,\"p99_us\":%.1f,\"bad\":%ld,\"connections\":%d,\"messages\":%ld}\n",
           id ? id : name, counted / seconds, took[samples / 2] * 1e6, took[samples * 99 / 100] * 1e6, bad, connections, counted);
    return bad ? 3 : 0;
}
