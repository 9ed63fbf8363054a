/* The floor under an MLLP listener: one thread per connection finds the end of the frame, appends the message to one shared file,
 * calls fdatasync, and answers AA with the message's control id. No parsing, no decision, no group commit.
 *   mllp_floor PORT [FILE]     without FILE nothing is stored: the cost of the loopback alone
 * Build: cc -O2 -o mllp_floor mllp_floor.c -lpthread */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int file = -1;
static pthread_mutex_t file_lock = PTHREAD_MUTEX_INITIALIZER;

static void store(const char *bytes, int count) {
    if (file < 0) return;
    pthread_mutex_lock(&file_lock);
    if (write(file, bytes, count) != count || fdatasync(file)) {
        perror("mllp_floor: storing");
        exit(1);
    }
    pthread_mutex_unlock(&file_lock);
}
static void *serve(void *argument) {
    int connection = (int)(long)argument, held = 0;
    char frame[65536], answer[512];
    for (;;) {
        int n = read(connection, frame + held, sizeof frame - held - 1);
        if (n <= 0) break;
        held += n;
        if (held < 3 || frame[held - 2] != 0x1c || frame[held - 1] != 0x0d) continue;
        frame[held] = 0;
        char *field = frame; /* MSH-10 follows the ninth separator: MSH-1 is the separator itself */
        for (int i = 0; i < 9 && field; i++) field = strchr(field + 1, '|');
        char *end = field ? strchr(field + 1, '|') : 0;
        store(frame, held);
        int length = snprintf(answer, sizeof answer, "\x0bMSH|^~\\&|RELAIS|CPTS|SIMHOSP|CHLVO|20261122083000||ACK|1|D|2.5\rMSA|AA|%.*s\r\x1c\x0d",
                              end ? (int)(end - field - 1) : 0, field ? field + 1 : "");
        if (write(connection, answer, length) != length) break;
        held = 0;
    }
    close(connection);
    return 0;
}
int main(int count, char **arguments) {
    if (count < 2) return 2;
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 64)) {
        perror("mllp_floor: listening");
        return 1;
    }
    if (count > 2 && (file = open(arguments[2], O_CREAT | O_WRONLY | O_APPEND | O_TRUNC, 0600)) < 0) {
        perror(arguments[2]);
        return 1;
    }
    for (;;) {
        int connection = accept(listener, 0, 0);
        if (connection < 0) continue;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        pthread_t thread;
        if (pthread_create(&thread, 0, serve, (void *)(long)connection)) close(connection);
        else pthread_detach(thread);
    }
}
