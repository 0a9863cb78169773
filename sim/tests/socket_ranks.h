/* Ranks without MPI, for tests: processes of one test, letters through sockets. */
#ifndef CASHPOINT_TESTS_SOCKET_RANKS_H
#define CASHPOINT_TESTS_SOCKET_RANKS_H

#include "asserts.h"
#include "experiment/ranks.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { SOCKET_RANKS_MOST = 8, SOCKET_LETTER_BYTES = 1 << 17 };

/* [rank]: to that rank on rank 0; [0]: to rank 0 on the others. */
static int socket_to[SOCKET_RANKS_MOST], socket_ranks;
static pid_t socket_pid[SOCKET_RANKS_MOST];

static void socket_send(int to, int kind, const void *bytes, size_t length)
{
    static char packet[SOCKET_LETTER_BYTES];
    CHECK(length + sizeof kind < sizeof packet);
    memcpy(packet, &kind, sizeof kind);
    memcpy(packet + sizeof kind, bytes, length);
    CHECK(send(socket_to[to], packet, length + sizeof kind, 0) == (ssize_t)(length + sizeof kind));
}

static bool socket_probe(int *from, int *kind, size_t *length)
{
    for (*from = 0; *from < socket_ranks; ++*from) {
        if (socket_to[*from] < 0)
            continue;
        ssize_t got =
            recv(socket_to[*from], kind, sizeof *kind, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
        if (got == 0)
            _exit(99); /* the other rank is dead: all are */
        *length = (size_t)got - sizeof *kind;
        if (got > 0)
            return true;
    }
    return false;
}

static void socket_receive(int from, int kind, void *bytes, size_t length)
{
    static char packet[SOCKET_LETTER_BYTES];
    CHECK(recv(socket_to[from], packet, sizeof packet, 0) == (ssize_t)(length + sizeof kind));
    memcpy(bytes, packet + sizeof kind, length);
}

static const struct ranks_module socket_module = {
    .send = socket_send, .probe = socket_probe, .receive = socket_receive};

/* Starts `size` - 1 further ranks, which run `help` and exit with what it returns. */
static struct ranks *socket_ranks_start(int size, enum exit_code help(struct ranks *, void *),
                                        void *argument)
{
    struct ranks *ranks = calloc(1, sizeof *ranks);
    CHECK(ranks != NULL && size <= SOCKET_RANKS_MOST);
    *ranks = (struct ranks){.size = size, .module = &socket_module};
    socket_ranks = size;
    socket_to[0] = -1;
    for (int rank = 1; rank < size; rank++) {
        int ends[2];
        CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
        fflush(NULL);
        socket_pid[rank] = fork();
        if (socket_pid[rank] == 0) {
            for (int other = 1; other < rank; other++)
                close(socket_to[other]);
            close(ends[0]);
            socket_to[0] = ends[1];
            socket_ranks = 1;
            ranks->rank = rank;
            _exit((int)help(ranks, argument));
        }
        close(ends[1]);
        socket_to[rank] = ends[0];
    }
    return ranks;
}

/* Every other rank must end with the verdict. */
static void socket_ranks_end(struct ranks *ranks, enum exit_code verdict)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%d", (int)verdict);
    ranks_send_all(ranks, LETTER_VERDICT, text, (size_t)length);
    for (int rank = 1; rank < ranks->size; rank++) {
        int status = 0;
        assert_int_equal(waitpid(socket_pid[rank], &status, 0), socket_pid[rank]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), verdict);
        close(socket_to[rank]);
    }
    free(ranks);
}

#endif
