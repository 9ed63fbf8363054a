/* Faults under a running program: LD_PRELOAD this library and say in a control file what shall fail.
 *
 * FAULT_CONTROL names the control file, of FAULT_SIZE bytes, which is mapped and read at each call, so that faults are
 * switched while the program runs. FAULT_SEED seeds the chances. The file holds lines, ended by a NUL byte:
 *
 *     OPERATION FAULT PERCENT COUNT SUBSTRING
 *
 * OPERATION: open, read, write, sync, truncate, clock. FAULT: EIO, ENOSPC, EROFS, EMFILE, EACCES for all but clock;
 * `half` for read and write (at least one byte is moved), `none` for read (0 bytes, as at the end of the file);
 * for clock a number of seconds to add to CLOCK_REALTIME. PERCENT of the calls fail, at most COUNT of them (0 = no limit),
 * on files whose path as opened contains SUBSTRING (`-` for the clock). Whoever writes the file changes it in one write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define FAULT_SIZE 1024
#define MAX_RULES 8
#define MAX_FILES 4096

enum operation { OPEN, READ, WRITE, SYNC, TRUNCATE, CLOCK, OPERATIONS };
static const char *const operation_names[] = {"open", "read", "write", "sync", "truncate", "clock"};

struct rule {
    enum operation operation;
    int error; /* 0: moves half the bytes; -1: none */
    long seconds;
    unsigned percent;
    long left; /* -1: no limit */
    char substring[128];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *control;
static char seen[FAULT_SIZE];
static struct rule rules[MAX_RULES];
static int rule_count;
static char *paths[MAX_FILES];
static uint64_t chance_state;

static int (*real_open)(const char *, int, ...);
static int (*real_open64)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static ssize_t (*real_pread64)(int, void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

#define FIND(name) *(void **)&real_##name = dlsym(RTLD_NEXT, #name)

static void find_all(void) {
    FIND(open);
    FIND(open64);
    FIND(openat);
    FIND(close);
    FIND(read);
    FIND(pread);
    FIND(pread64);
    FIND(write);
    FIND(pwrite);
    FIND(pwrite64);
    FIND(fsync);
    FIND(fdatasync);
    FIND(ftruncate);
    FIND(ftruncate64);
    FIND(clock_gettime);
}

__attribute__((constructor)) static void start(void) {
    if (!real_open) find_all();
    const char *path = getenv("FAULT_CONTROL");
    if (!path) return;
    int file = real_open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    void *mapped = mmap(NULL, FAULT_SIZE, PROT_READ, MAP_SHARED, file, 0);
    real_close(file);
    if (mapped == MAP_FAILED) return;
    const char *seed = getenv("FAULT_SEED");
    chance_state = seed ? strtoull(seed, NULL, 10) : 1;
    control = mapped;
}

/* SplitMix64; under the lock. */
static unsigned percent(void) {
    uint64_t mixed = chance_state += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return (unsigned)((mixed ^ mixed >> 31) % 100);
}

static int error_named(const char *name) {
    if (!strcmp(name, "EIO")) return EIO;
    if (!strcmp(name, "ENOSPC")) return ENOSPC;
    if (!strcmp(name, "EROFS")) return EROFS;
    if (!strcmp(name, "EMFILE")) return EMFILE;
    if (!strcmp(name, "EACCES")) return EACCES;
    if (!strcmp(name, "none")) return -1;
    return 0;
}

static void read_rules(void) {
    rule_count = 0;
    char text[FAULT_SIZE];
    memcpy(text, seen, sizeof text);
    text[sizeof text - 1] = 0;
    char *rest = text;
    for (char *line; rule_count < MAX_RULES && (line = strsep(&rest, "\n"));) {
        char operation[16], fault[16];
        struct rule *rule = &rules[rule_count];
        long count;
        if (sscanf(line, "%15s %15s %u %ld %127s", operation, fault, &rule->percent, &count, rule->substring) != 5) continue;
        rule->left = count > 0 ? count : -1;
        rule->error = error_named(fault);
        rule->seconds = strtol(fault, NULL, 10);
        for (int name = 0; name < OPERATIONS; name++) {
            if (strcmp(operation, operation_names[name])) continue;
            rule->operation = (enum operation)name;
            rule_count++;
            break;
        }
    }
}

/* The rule that makes this call fail, copied to `found`. */
static int fails(enum operation operation, const char *path, struct rule *found) {
    if (!control || !path) return 0;
    int answer = 0;
    pthread_mutex_lock(&lock);
    if (memcmp(seen, control, FAULT_SIZE)) {
        memcpy(seen, control, FAULT_SIZE);
        read_rules();
    }
    for (int index = 0; index < rule_count && !answer; index++) {
        struct rule *rule = &rules[index];
        if (rule->operation != operation || !rule->left) continue;
        if (operation != CLOCK && !strstr(path, rule->substring)) continue;
        if (rule->percent < 100 && percent() >= rule->percent) continue;
        if (rule->left > 0) rule->left--;
        *found = *rule;
        answer = 1;
    }
    pthread_mutex_unlock(&lock);
    return answer;
}

static int fails_on(enum operation operation, int file, struct rule *found) {
    if (!control || file < 0 || file >= MAX_FILES) return 0;
    char path[256];
    pthread_mutex_lock(&lock);
    int is_known = paths[file] != NULL;
    if (is_known) snprintf(path, sizeof path, "%s", paths[file]);
    pthread_mutex_unlock(&lock);
    return is_known && fails(operation, path, found);
}

static void note(int file, const char *path) {
    if (!control || file < 0 || file >= MAX_FILES) return;
    pthread_mutex_lock(&lock);
    free(paths[file]);
    paths[file] = path ? strdup(path) : NULL;
    pthread_mutex_unlock(&lock);
}

#define OPEN_BODY(call)                                                        \
    mode_t mode = 0;                                                           \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                     \
        va_list list;                                                          \
        va_start(list, flags);                                                 \
        mode = va_arg(list, mode_t);                                           \
        va_end(list);                                                          \
    }                                                                          \
    if (!real_open) find_all();                                                \
    struct rule rule;                                                          \
    if (fails(OPEN, path, &rule)) {                                            \
        errno = rule.error > 0 ? rule.error : EIO;                             \
        return -1;                                                             \
    }                                                                          \
    int file = call;                                                           \
    note(file, path);                                                          \
    return file;

int open(const char *path, int flags, ...) { OPEN_BODY(real_open(path, flags, mode)) }
int open64(const char *path, int flags, ...) { OPEN_BODY(real_open64(path, flags, mode)) }
int openat(int at, const char *path, int flags, ...) { OPEN_BODY(real_openat(at, path, flags, mode)) }

int close(int file) {
    if (!real_close) find_all();
    note(file, NULL);
    return real_close(file);
}

/* How many bytes to move of `count`; -1: fail. */
static ssize_t allowed(enum operation operation, int file, size_t count) {
    struct rule rule;
    if (!fails_on(operation, file, &rule)) return (ssize_t)count;
    if (rule.error > 0) {
        errno = rule.error;
        return -1;
    }
    if (rule.error < 0) return 0;
    return count > 1 ? (ssize_t)(count / 2) : (ssize_t)count;
}

#define MOVE_BODY(operation, call)                                             \
    if (!real_read) find_all();                                                \
    ssize_t part = allowed(operation, file, count);                            \
    if (part < 0 || (part == 0 && count > 0)) return part;                     \
    count = (size_t)part;                                                      \
    return call;

ssize_t read(int file, void *bytes, size_t count) { MOVE_BODY(READ, real_read(file, bytes, count)) }
ssize_t pread(int file, void *bytes, size_t count, off_t at) { MOVE_BODY(READ, real_pread(file, bytes, count, at)) }
ssize_t pread64(int file, void *bytes, size_t count, off64_t at) { MOVE_BODY(READ, real_pread64(file, bytes, count, at)) }
ssize_t write(int file, const void *bytes, size_t count) { MOVE_BODY(WRITE, real_write(file, bytes, count)) }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { MOVE_BODY(WRITE, real_pwrite(file, bytes, count, at)) }
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) { MOVE_BODY(WRITE, real_pwrite64(file, bytes, count, at)) }

/* A failed sync: what was written before stays in the page cache, as after a failed writeback. */
#define DENY(operation)                                                        \
    if (!real_fsync) find_all();                                               \
    struct rule rule;                                                          \
    if (fails_on(operation, file, &rule)) {                                    \
        errno = rule.error > 0 ? rule.error : EIO;                             \
        return -1;                                                             \
    }

int fsync(int file) {
    DENY(SYNC)
    return real_fsync(file);
}

int fdatasync(int file) {
    DENY(SYNC)
    return real_fdatasync(file);
}

int ftruncate(int file, off_t length) {
    DENY(TRUNCATE)
    return real_ftruncate(file, length);
}

int ftruncate64(int file, off64_t length) {
    DENY(TRUNCATE)
    return real_ftruncate64(file, length);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!real_clock_gettime) find_all();
    int result = real_clock_gettime(clock, time);
    struct rule rule;
    if (result == 0 && clock == CLOCK_REALTIME && fails(CLOCK, "", &rule)) time->tv_sec += rule.seconds;
    return result;
}
