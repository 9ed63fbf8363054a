/* The rows of the event store as append_floor.c writes them: the columns come from the log's own schema, the values from here.
 * Included once, by append_floor.c. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OPEN_STREAMS = 1000, EVENTS_PER_STREAM = 20, MAX_COLUMNS = 48, PAYLOADS = 1024 };

/* What a column is filled with. */
enum value {
    V_NULL, V_ZERO, V_POSITION, V_EVENT_ID, V_STREAM_ROW, V_STREAM_NAME, V_VERSION, V_TYPE, V_MILLIS, V_OFFSET, V_SOURCE, V_ACTOR,
    V_CORRELATION, V_PAYLOAD, V_DIGEST16, V_DIGEST32, V_SCOPE, V_COMMAND_ROW, V_ANSWER, V_FRONTIER,
    V_KEEP, /* the head's own: 1 in a new row, then left as it is */
};

struct rule { const char *table, *column; enum value value; };
static const struct rule rules[] = {
    {"stream", "id", V_STREAM_ROW}, {"stream", "name", V_STREAM_NAME},
    {"event", "position", V_POSITION}, {"event", "id", V_EVENT_ID}, {"event", "stream", V_STREAM_ROW}, {"event", "version", V_VERSION},
    {"event", "type", V_TYPE}, {"event", "source", V_SOURCE}, {"event", "occurred_at", V_MILLIS}, {"event", "occurred_offset", V_OFFSET},
    {"event", "recorded_at", V_MILLIS}, {"event", "actor", V_ACTOR}, {"event", "causation", V_NULL}, {"event", "correlation", V_CORRELATION},
    {"event", "key_id", V_NULL}, {"event", "attachment_hash", V_NULL}, {"event", "leaf_hash", V_DIGEST32}, {"event", "payload", V_PAYLOAD},
    {"command", "number", V_COMMAND_ROW}, {"command", "digest", V_DIGEST16}, {"command", "scope", V_SCOPE},
    {"command", "request_hash", V_DIGEST32}, {"command", "lasting", V_ZERO}, {"command", "position", V_POSITION},
    {"command", "recorded_at", V_MILLIS}, {"command", "answer", V_ANSWER}, {"command", "answer_stream", V_STREAM_NAME},
    {"command", "answer_key", V_NULL}, {"command", "repeats", V_ZERO}, {"command", "reuses", V_ZERO},
    {"head", "one", V_KEEP}, {"head", "epoch", V_KEEP}, {"head", "position", V_POSITION}, {"head", "tree_size", V_POSITION},
    {"command", "row_hash", V_DIGEST16},
    {"head", "root_hash", V_DIGEST32}, {"head", "frontier", V_FRONTIER}, {"head", "command_count", V_COMMAND_ROW},
    {"head", "command_sum", V_DIGEST16}, {"head", "row_hash", V_DIGEST16},
};

struct stream { int64_t row, version; unsigned char name[16]; };
struct command { int64_t position, row, millis; struct stream *stream; const char *payload; unsigned char event_id[16]; };
struct column { char name[64]; enum value value; };
struct table { const char *name; int count; struct column columns[MAX_COLUMNS]; sqlite3_stmt *statement; };

static sqlite3 *db;
static int payload_bytes = 600;
static char *payloads[PAYLOADS];
static struct stream streams[OPEN_STREAMS];
static int64_t last_position, last_stream, last_command;

static void fail(const char *what, const char *detail) {
    fprintf(stderr, "append_floor: %s: %s\n", what, detail);
    exit(1);
}
static void check(int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) fail("sqlite", sqlite3_errmsg(db));
}
static void run_sql(const char *sql) { check(sqlite3_exec(db, sql, 0, 0, 0)); }
static int64_t integer_of(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(db, sql, -1, &statement, 0));
    int code = sqlite3_step(statement);
    check(code);
    int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return value;
}
static int64_t wall_millis(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static uint64_t random_state;
static uint64_t random_bits(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}
static void random_fill(unsigned char *bytes, int count) {
    for (int i = 0; i < count; i += 8) {
        uint64_t bits = random_bits();
        memcpy(bytes + i, &bits, count - i < 8 ? count - i : 8);
    }
}
/* UUIDv7: the time first, so that an index on it grows near its end; a counter keeps ids of one millisecond in order. */
static void make_uuid7(unsigned char id[16], int64_t millis) {
    static int64_t previous;
    static unsigned counter;
    counter = millis == previous ? counter + 1 : 0;
    previous = millis;
    random_fill(id, 16);
    for (int i = 0; i < 6; i++) id[i] = millis >> (40 - 8 * i);
    id[6] = 0x70 | (counter >> 8 & 0x0f);
    id[7] = counter;
    id[8] = (id[8] & 0x3f) | 0x80;
}
static void make_payloads(void) {
    static const char text[] = "retour au domicile confirmé, pansement sec, traitement disponible à la pharmacie, prochaine visite convenue; ";
    for (int i = 0; i < PAYLOADS; i++) {
        char *p = payloads[i] = malloc(payload_bytes + 256);
        if (!p) fail("memory", "payloads");
        int n = snprintf(p, 256, "{\"visit\":\"%016llx\",\"unit\":\"%04u\",\"destination\":\"home\",\"at\":\"2026-11-22T08:30:00+01:00\",\"note\":\"",
                         (unsigned long long)random_bits(), (unsigned)(random_bits() % 10000));
        for (int w = random_bits() % 40; n < payload_bytes - 2; w = (w + 1) % (int)(sizeof text - 1)) p[n++] = text[w];
        memcpy(p + payload_bytes - 2, "\"}", 2);
    }
}

/* Reads the columns of a table and decides how each is filled. */
static void describe(struct table *table, const char *name) {
    sqlite3_stmt *statement;
    char sql[128];
    table->name = name;
    table->count = 0;
    snprintf(sql, sizeof sql, "SELECT name, \"notnull\", pk FROM pragma_table_info('%s')", name);
    check(sqlite3_prepare_v2(db, sql, -1, &statement, 0));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (table->count == MAX_COLUMNS) fail("too many columns", name);
        struct column *column = &table->columns[table->count++];
        snprintf(column->name, sizeof column->name, "%s", (const char *)sqlite3_column_text(statement, 0));
        size_t i = 0, n = sizeof rules / sizeof *rules;
        while (i < n && (strcmp(rules[i].table, name) || strcmp(rules[i].column, column->name))) i++;
        if (i < n) {
            column->value = rules[i].value;
        } else if (sqlite3_column_int(statement, 1) || sqlite3_column_int(statement, 2)) {
            char where[160];
            snprintf(where, sizeof where, "%s.%s", name, column->name);
            fail("no rule for a mandatory column of the schema; add it to `rules`", where);
        } else {
            fprintf(stderr, "append_floor: %s.%s is not known here and stays NULL\n", name, column->name);
            column->value = V_NULL;
        }
    }
    sqlite3_finalize(statement);
    if (!table->count) fail("the schema has no table", name);
}
static void prepare_insert(struct table *table) {
    char sql[4096], marks[4 * MAX_COLUMNS] = "";
    int n = snprintf(sql, sizeof sql, "INSERT INTO %s(", table->name);
    for (int i = 0; i < table->count; i++) {
        n += snprintf(sql + n, sizeof sql - n, "%s%s", i ? "," : "", table->columns[i].name);
        strcat(marks, i ? ",?" : "?");
    }
    snprintf(sql + n, sizeof sql - n, ") VALUES(%s)", marks);
    check(sqlite3_prepare_v2(db, sql, -1, &table->statement, 0));
}
/* The head has one row; what the log's owner decides (its epoch) stays as it is. */
static void prepare_head(struct table *table) {
    char sql[4096];
    int n = snprintf(sql, sizeof sql, "UPDATE %s SET ", table->name), set = 0;
    for (int i = 0; i < table->count; i++) {
        if (table->columns[i].value == V_KEEP) continue;
        n += snprintf(sql + n, sizeof sql - n, "%s%s=?", set ? "," : "", table->columns[i].name);
        table->columns[set++] = table->columns[i];
    }
    table->count = set;
    if (!set) fail("the head has nothing to update", table->name);
    check(sqlite3_prepare_v2(db, sql, -1, &table->statement, 0));
}

static void bind(sqlite3_stmt *s, int i, const struct column *column, const struct command *c) {
    static unsigned char scratch[MAX_COLUMNS][64 * 32]; /* one per parameter: bound without a copy, read at the step */
    static const char *types[] = {
        "fr.relais.pathway.patient-admitted.v1", "fr.relais.pathway.patient-moved.v1", "fr.relais.pathway.patient-discharged.v1",
        "fr.relais.pathway.follow-up-planned.v1", "fr.relais.pathway.follow-up-offered.v1", "fr.relais.pathway.offer-accepted.v1",
        "fr.relais.pathway.follow-up-completed.v1", "fr.relais.pathway.home-return-confirmed.v1",
    };
    unsigned char *bytes = scratch[i - 1];
    switch (column->value) {
    case V_NULL: check(sqlite3_bind_null(s, i)); return;
    case V_ZERO: check(sqlite3_bind_int64(s, i, 0)); return;
    case V_KEEP: check(sqlite3_bind_int64(s, i, 1)); return;
    case V_POSITION: check(sqlite3_bind_int64(s, i, c->position)); return;
    case V_STREAM_ROW: check(sqlite3_bind_int64(s, i, c->stream->row)); return;
    case V_COMMAND_ROW: check(sqlite3_bind_int64(s, i, c->row)); return;
    case V_VERSION: check(sqlite3_bind_int64(s, i, c->stream->version)); return;
    case V_MILLIS: check(sqlite3_bind_int64(s, i, c->millis)); return;
    case V_OFFSET: check(sqlite3_bind_int64(s, i, 60)); return;
    case V_TYPE: check(sqlite3_bind_text(s, i, types[c->stream->version % 8], -1, SQLITE_STATIC)); return;
    case V_SOURCE: check(sqlite3_bind_text(s, i, "urn:finess:850000084", -1, SQLITE_STATIC)); return;
    case V_ACTOR: check(sqlite3_bind_text(s, i, "urn:rpps:10000023084", -1, SQLITE_STATIC)); return;
    case V_SCOPE: check(sqlite3_bind_text(s, i, "bench", -1, SQLITE_STATIC)); return;
    case V_STREAM_NAME: check(sqlite3_bind_blob(s, i, c->stream->name, 16, SQLITE_STATIC)); return;
    case V_CORRELATION: check(sqlite3_bind_blob(s, i, c->stream->name, 16, SQLITE_STATIC)); return;
    case V_EVENT_ID: check(sqlite3_bind_blob(s, i, c->event_id, 16, SQLITE_STATIC)); return;
    case V_PAYLOAD: check(sqlite3_bind_blob(s, i, c->payload, payload_bytes, SQLITE_STATIC)); return;
    case V_ANSWER: check(sqlite3_bind_blob(s, i, "recorded", 8, SQLITE_STATIC)); return;
    case V_DIGEST16: random_fill(bytes, 16); check(sqlite3_bind_blob(s, i, bytes, 16, SQLITE_STATIC)); return;
    case V_DIGEST32: random_fill(bytes, 32); check(sqlite3_bind_blob(s, i, bytes, 32, SQLITE_STATIC)); return;
    case V_FRONTIER: { /* one hash for each complete subtree: as many as the tree size has ones */
        int length = 32 * __builtin_popcountll((uint64_t)c->position);
        random_fill(bytes, length);
        check(sqlite3_bind_blob(s, i, bytes, length, SQLITE_STATIC));
        return;
    }
    }
}
static void write_row(struct table *table, const struct command *c) {
    for (int i = 0; i < table->count; i++) bind(table->statement, i + 1, &table->columns[i], c);
    check(sqlite3_step(table->statement));
    check(sqlite3_reset(table->statement));
}
static struct stream *next_stream(int *is_new) {
    struct stream *stream = &streams[random_bits() % OPEN_STREAMS];
    *is_new = stream->row == 0 || stream->version >= EVENTS_PER_STREAM;
    if (*is_new) {
        stream->row = ++last_stream;
        stream->version = 0;
        random_fill(stream->name, 16);
    }
    stream->version++;
    return stream;
}
