/* The floor under the event store: the same rows through the raw SQLite C API.
 *
 *   append_floor fill   --schema FILE --db PATH --count N                   builds a log of N events (not durable, not timed)
 *   append_floor append --schema FILE --db PATH --batch N --count N         appends durably, onto the log at PATH or a new one
 *   append_floor scan   --db PATH [--table NAME]                            bare SELECT reading every column of every event
 *   append_floor hash   --db PATH                                           the same of every table, and SHA-256 of every row
 *
 *   --schema FILE        SQL of the store's tables, taken from a log of its own making (see run.py): the floor cannot drift
 *   --batch N            commands, of one event each, per commit (1 and 64 are quoted)
 *   --untuned            SQLite's default cache and its automatic checkpoint inside the committing connection
 *   --checkpoint-pages N tuned: pages in the write-ahead log that start a checkpoint on another connection (default 4000)
 *   --payload BYTES      (default 600)
 *   --id TEXT            identifier of the printed figure
 *
 * What one command writes, as in the store: an event, the stream row at the first event of a stream, and the command row that
 * makes it idempotent; the head row once per commit. Like a territory at work, 1,000 streams are open in random order and each
 * takes 20 events. The floor checks nothing and hashes nothing: digests are random bytes of the right length.
 *
 * Columns are read from the schema and filled by name, see rows.h. A mandatory column without a rule is an error (a floor that
 * guesses is no floor); an optional one is left NULL and said so.
 *
 * Prints JSON lines {"id", "value", "unit", "p50_us", "p99_us", "synchronous", "payload_bytes", …}; times are per commit.
 * Build: cc -O2 -o append_floor append_floor.c -lsqlite3 -lpthread -lcrypto */
#define _GNU_SOURCE
#include "rows.h"

#include <getopt.h>
#include <openssl/evp.h>
#include <pthread.h>

enum { CACHE_KIB = 65536 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Checkpoints, off the committing path: a second connection copies the pages back while commits go on, then the committing
 * connection copies the few that came meanwhile, so that its next write starts the write-ahead log over. Both halves matter: a
 * checkpoint of everything in the committing connection is a pause in the tail, and a log that only grows makes every commit
 * extend the file, which costs more to flush than writing over it. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    enum { IDLE, WANTED, COPIED, STOPPED } state;
    int threshold; /* pages */
    const char *path;
} checkpointer = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER, .threshold = 4000};

static void *run_checkpoints(void *unused) {
    (void)unused;
    sqlite3 *own;
    if (sqlite3_open(checkpointer.path, &own) != SQLITE_OK) fail("checkpointer", sqlite3_errmsg(own));
    pthread_mutex_lock(&checkpointer.lock);
    for (;;) {
        while (checkpointer.state == IDLE || checkpointer.state == COPIED) pthread_cond_wait(&checkpointer.wake, &checkpointer.lock);
        if (checkpointer.state == STOPPED) break;
        pthread_mutex_unlock(&checkpointer.lock);
        sqlite3_wal_checkpoint_v2(own, 0, SQLITE_CHECKPOINT_PASSIVE, 0, 0);
        pthread_mutex_lock(&checkpointer.lock);
        if (checkpointer.state == WANTED) checkpointer.state = COPIED;
    }
    pthread_mutex_unlock(&checkpointer.lock);
    sqlite3_close(own);
    return 0;
}
static int pages_in_wal;
static int after_commit(void *unused, sqlite3 *connection, const char *name, int pages) {
    (void)unused, (void)connection, (void)name;
    pages_in_wal = pages;
    return SQLITE_OK;
}
/* Between two transactions of the committing connection. */
static void tend_checkpoint(void) {
    if (pages_in_wal < checkpointer.threshold) return;
    pthread_mutex_lock(&checkpointer.lock);
    int finish = checkpointer.state == COPIED;
    if (checkpointer.state != WANTED) {
        checkpointer.state = finish ? IDLE : WANTED;
        pthread_cond_signal(&checkpointer.wake);
    }
    pthread_mutex_unlock(&checkpointer.lock);
    if (finish) check(sqlite3_wal_checkpoint_v2(db, 0, SQLITE_CHECKPOINT_PASSIVE, 0, 0));
}

static void open_log(const char *path, const char *schema, const char *synchronous, int tuned) {
    check(sqlite3_open(path, &db));
    run_sql("PRAGMA journal_mode=WAL");
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA synchronous=%s", synchronous);
    run_sql(sql);
    if (tuned) {
        snprintf(sql, sizeof sql, "PRAGMA cache_size=-%d", CACHE_KIB);
        run_sql(sql);
        run_sql("PRAGMA wal_autocheckpoint=0");
        sqlite3_busy_timeout(db, 5000);
    }
    if (integer_of("SELECT count(*) FROM sqlite_schema WHERE type='table' AND name='event'")) return;
    if (!schema) fail("a new log needs", "--schema FILE");
    FILE *file = fopen(schema, "r");
    if (!file) fail("cannot read the schema", schema);
    static char text[1 << 18];
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    run_sql(text);
}
/* A new log's head row, if the schema's own SQL does not insert it. */
static void ensure_head(void) {
    if (integer_of("SELECT count(*) FROM head")) return;
    struct table head;
    describe(&head, "head");
    prepare_insert(&head);
    struct command zero = {0};
    write_row(&head, &zero);
    sqlite3_finalize(head.statement);
}

static void append(const char *id, const char *path, const char *schema, int batch, long count, int tuned, int durable) {
    open_log(path, schema, durable ? "FULL" : "OFF", tuned);
    ensure_head();
    last_position = integer_of("SELECT coalesce(max(position), 0) FROM event");
    last_stream = integer_of("SELECT coalesce(max(rowid), 0) FROM stream");
    last_command = integer_of("SELECT coalesce(max(rowid), 0) FROM command");
    int64_t before = last_position;
    int synchronous = (int)integer_of("PRAGMA synchronous");
    if (durable && synchronous != 2) fail("synchronous", "reads back as something other than FULL");

    struct table event, stream, command, head;
    describe(&event, "event"), prepare_insert(&event);
    describe(&stream, "stream"), prepare_insert(&stream);
    describe(&command, "command"), prepare_insert(&command);
    describe(&head, "head"), prepare_head(&head);
    sqlite3_stmt *begin, *commit;
    check(sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, 0));
    check(sqlite3_prepare_v2(db, "COMMIT", -1, &commit, 0));
    make_payloads();

    pthread_t thread;
    if (tuned) {
        checkpointer.path = path;
        sqlite3_wal_hook(db, after_commit, 0);
        if (pthread_create(&thread, 0, run_checkpoints, 0)) fail("thread", "cannot start");
    }
    long commits = count / batch;
    if (commits < 1) fail("count", "smaller than one batch");
    double *took = malloc(sizeof *took * commits);
    if (!took) fail("memory", "times");
    double start = now();
    for (long i = 0; i < commits; i++) {
        double from = now();
        struct command c = {.millis = wall_millis()};
        check(sqlite3_step(begin)), check(sqlite3_reset(begin));
        for (int j = 0; j < batch; j++) {
            int is_new;
            c.position = ++last_position;
            c.row = ++last_command;
            c.stream = next_stream(&is_new);
            c.payload = payloads[random_bits() % PAYLOADS];
            make_uuid7(c.event_id, c.millis);
            if (is_new) write_row(&stream, &c);
            write_row(&event, &c);
            write_row(&command, &c);
        }
        write_row(&head, &c);
        check(sqlite3_step(commit)), check(sqlite3_reset(commit));
        if (tuned) tend_checkpoint();
        took[i] = now() - from;
    }
    double total = now() - start;
    if (tuned) {
        pthread_mutex_lock(&checkpointer.lock);
        checkpointer.state = STOPPED;
        pthread_cond_signal(&checkpointer.wake);
        pthread_mutex_unlock(&checkpointer.lock);
        pthread_join(thread, 0);
    }
    if (integer_of("SELECT max(position) - count(*) FROM event")) fail("self-check", "positions have gaps");
    if (integer_of("SELECT count(*) FROM command") < commits * batch) fail("self-check", "command rows are missing");
    qsort(took, commits, sizeof *took, ascending);
    printf("{\"id\":\"%s\",\"value\":%.1f,\"unit\":\"ev/s\",\"p50_us\":%.1f,\"p99_us\":%.1f,\"synchronous\":%d,\"payload_bytes\":%d,"
           "\"batch\":%d,\"events_before\":%lld,\"tuned\":%s}\n",
           id, commits * batch / total, took[commits / 2] * 1e6, took[commits * 99 / 100] * 1e6, synchronous, payload_bytes, batch,
           (long long)before, tuned ? "true" : "false");
    sqlite3_stmt *prepared[] = {event.statement, stream.statement, command.statement, head.statement, begin, commit};
    for (size_t i = 0; i < sizeof prepared / sizeof *prepared; i++) sqlite3_finalize(prepared[i]);
    sqlite3_wal_checkpoint_v2(db, 0, SQLITE_CHECKPOINT_TRUNCATE, 0, 0);
    free(took);
    check(sqlite3_close(db));
}

/* What a verification cannot do without: every byte of the log read, and hashed once, a row at a time. */
static void hash(const char *id, const char *path) {
    static const char *tables[] = {"event", "attachment", "command", "stream"};
    check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, 0));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const EVP_MD *sha256 = EVP_sha256();
    long events = 0;
    long long bytes = 0;
    uint64_t sum = 0;
    double start = now();
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        char sql[160];
        snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY 1", tables[t]);
        sqlite3_stmt *statement;
        check(sqlite3_prepare_v2(db, sql, -1, &statement, 0));
        int columns = sqlite3_column_count(statement), code;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            EVP_DigestInit_ex(context, sha256, 0);
            for (int i = 0; i < columns; i++) {
                if (sqlite3_column_type(statement, i) == SQLITE_INTEGER) {
                    sqlite3_int64 value = sqlite3_column_int64(statement, i);
                    EVP_DigestUpdate(context, &value, sizeof value);
                    bytes += sizeof value;
                } else {
                    const void *blob = sqlite3_column_blob(statement, i);
                    int length = sqlite3_column_bytes(statement, i);
                    if (length) EVP_DigestUpdate(context, blob, length);
                    bytes += length;
                }
            }
            unsigned char digest[EVP_MAX_MD_SIZE];
            EVP_DigestFinal_ex(context, digest, 0);
            sum += digest[0];
            events += t == 0;
        }
        check(code);
        sqlite3_finalize(statement);
    }
    double total = now() - start;
    printf("{\"id\":\"%s\",\"value\":%.1f,\"unit\":\"ev/s\",\"rows\":%ld,\"bytes\":%lld,\"sum\":%llu}\n", id, events / total, events, bytes,
           (unsigned long long)sum);
    EVP_MD_CTX_free(context);
    check(sqlite3_close(db));
}

static void scan(const char *id, const char *path, const char *table) {
    check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, 0));
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY position", table);
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(db, sql, -1, &statement, 0));
    int columns = sqlite3_column_count(statement), code;
    long rows = 0;
    uint64_t sum = 0; /* uses what was read, so that nothing is optimised away */
    double start = now();
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++) {
            switch (sqlite3_column_type(statement, i)) {
            case SQLITE_INTEGER: sum += sqlite3_column_int64(statement, i); break;
            case SQLITE_NULL: break;
            default: {
                const unsigned char *bytes = sqlite3_column_blob(statement, i);
                int length = sqlite3_column_bytes(statement, i);
                if (length) sum += bytes[0] + bytes[length - 1];
            }
            }
        }
        rows++;
    }
    check(code);
    double total = now() - start;
    printf("{\"id\":\"%s\",\"value\":%.1f,\"unit\":\"rows/s\",\"rows\":%ld,\"sum\":%llu}\n", id, rows / total, rows, (unsigned long long)sum);
    sqlite3_finalize(statement);
    check(sqlite3_close(db));
}

int main(int count, char **arguments) {
    static const struct option options[] = {
        {"schema", 1, 0, 's'}, {"db", 1, 0, 'd'}, {"batch", 1, 0, 'b'}, {"count", 1, 0, 'n'}, {"payload", 1, 0, 'p'}, {"id", 1, 0, 'i'},
        {"table", 1, 0, 't'}, {"checkpoint-pages", 1, 0, 'c'}, {"untuned", 0, 0, 'u'}, {0, 0, 0, 0}};
    const char *schema = 0, *path = 0, *id = 0, *table = "event", *mode = count > 1 ? arguments[1] : "";
    long events = 20000;
    int batch = 1, tuned = 1, option;
    optind = 2;
    while ((option = getopt_long(count, arguments, "", options, 0)) != -1) {
        switch (option) {
        case 's': schema = optarg; break;
        case 'd': path = optarg; break;
        case 'b': batch = atoi(optarg); break;
        case 'n': events = atol(optarg); break;
        case 'p': payload_bytes = atoi(optarg); break;
        case 'i': id = optarg; break;
        case 't': table = optarg; break;
        case 'c': checkpointer.threshold = atoi(optarg); break;
        case 'u': tuned = 0; break;
        default: return 2;
        }
    }
    if (!path || batch < 1 || payload_bytes < 200 || checkpointer.threshold < 1) {
        fprintf(stderr, "usage: append_floor fill|append|scan|hash --db PATH [--schema FILE] [--batch N] [--count N] [--payload BYTES>=200] …\n");
        return 2;
    }
    random_state = ((uint64_t)wall_millis() * 0x9E3779B97F4A7C15ull) | 1;
    char name[64];
    snprintf(name, sizeof name, "floor.append.batch%d%s", batch, tuned ? "" : ".untuned");
    if (!strcmp(mode, "append")) append(id ? id : name, path, schema, batch, events, tuned, 1);
    else if (!strcmp(mode, "fill")) append(id ? id : "floor.fill", path, schema, 1000 < events ? 1000 : (int)events, events, 1, 0);
    else if (!strcmp(mode, "hash")) hash(id ? id : "floor.hash", path);
    else if (!strcmp(mode, "scan")) scan(id ? id : "floor.scan", path, table);
    else return 2;
    return 0;
}
