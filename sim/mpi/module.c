/* Letters between ranks by Open MPI: see experiment/ranks_module.h. */
#include "experiment/ranks_module.h"

#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

/* "Open MPI v4.1.4, package: ..., ident: ...": the part before the first comma. */
static void name_library(char *library, size_t room)
{
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    MPI_Get_library_version(text, &length);
    snprintf(library, room, "%.*s", (int)strcspn(text, ",\n"), text);
}

static bool join(int *rank, int *size, char *library, size_t room)
{
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS)
        return false;
    MPI_Comm_rank(MPI_COMM_WORLD, rank);
    MPI_Comm_size(MPI_COMM_WORLD, size);
    name_library(library, room);
    return true;
}

static void send(int to, int kind, const void *bytes, size_t length)
{
    if (length > INT_MAX) /* MPI counts in int; the longest unit has some 32 MB */
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
    MPI_Send(bytes, (int)length, MPI_BYTE, to, kind, MPI_COMM_WORLD);
}

static bool probe(int *from, int *kind, size_t *length)
{
    int there = 0, count = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return false;
    MPI_Get_count(&status, MPI_BYTE, &count);
    *from = status.MPI_SOURCE;
    *kind = status.MPI_TAG;
    *length = (size_t)count;
    return true;
}

static void receive(int from, int kind, void *bytes, size_t length)
{
    MPI_Recv(bytes, (int)length, MPI_BYTE, from, kind, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static void leave(void)
{
    MPI_Finalize();
}

extern const struct ranks_module cashpoint_ranks_module;
__attribute__((visibility("default"))) const struct ranks_module cashpoint_ranks_module = {
    .format = RANKS_MODULE_FORMAT,
    .built = "Open MPI v" TEXT(OMPI_MAJOR_VERSION) "." TEXT(OMPI_MINOR_VERSION) "." TEXT(
        OMPI_RELEASE_VERSION),
    .join = join,
    .send = send,
    .probe = probe,
    .receive = receive,
    .leave = leave,
};
