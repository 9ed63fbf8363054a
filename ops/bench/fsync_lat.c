/* What making 4 KiB durable costs on a file system: its p50 belongs beside every durable figure.
 *   fsync_lat [DIR]
 * append: a write at the end of a growing file and fdatasync; overwrite: the same inside a file already written.
 * A p50 near 0.1 ms tells of a fast or of a lying disk: durable figures are then upper bounds.
 * Build: cc -O2 -o fsync_lat fsync_lat.c */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WRITES = 2000, BLOCK = 4096 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}
static void fail(const char *what) {
    perror(what);
    exit(1);
}
static void measure(const char *directory, const char *id, int written_before) {
    static char block[BLOCK] __attribute__((aligned(BLOCK)));
    static double took[WRITES];
    char path[4096];
    if (snprintf(path, sizeof path, "%s/fsync_lat.XXXXXX", directory) >= (int)sizeof path) fail("path");
    int file = mkstemp(path);
    if (file < 0) fail(path);
    unlink(path); /* the file goes with the process, however it ends */
    memset(block, 'x', BLOCK);
    if (written_before) {
        for (int i = 0; i < WRITES; i++)
            if (write(file, block, BLOCK) != BLOCK) fail("write");
        if (fsync(file) || lseek(file, 0, SEEK_SET)) fail("fsync");
    }
    double start = now();
    for (int i = 0; i < WRITES; i++) {
        memset(block, 'a' + i % 26, 64);
        double from = now();
        if (write(file, block, BLOCK) != BLOCK || fdatasync(file)) fail("write");
        took[i] = now() - from;
    }
    double total = now() - start;
    close(file);
    qsort(took, WRITES, sizeof *took, ascending);
    printf("{\"id\":\"disk.%s\",\"value\":%.1f,\"unit\":\"op/s\",\"p50_us\":%.1f,\"p99_us\":%.1f,\"payload_bytes\":%d}\n", id, WRITES / total,
           took[WRITES / 2] * 1e6, took[WRITES * 99 / 100] * 1e6, BLOCK);
}
int main(int count, char **arguments) {
    const char *directory = count > 1 ? arguments[1] : ".";
    measure(directory, "append_fdatasync", 0);
    measure(directory, "overwrite_fdatasync", 1);
    return 0;
}
