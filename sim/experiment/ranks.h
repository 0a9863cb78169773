/*
 * Ranks: processes of this program, on one machine or many, that mpirun or srun started together.
 *
 * They send each other letters: bytes of a kind. Rank 0 has the run; the others help (farm.h). Open
 * MPI stands behind it, in a module of its own (cashpoint-mpi.so, made from sim/mpi/), which is
 * loaded only in a process that a launcher's environment says is one of several. So a plain start
 * costs nothing, and needs no MPI. Anything that goes wrong between ranks ends all of them, as
 * Open MPI does by default: there is no error to return once they are joined.
 *
 * Waiting is polling, with pauses that grow with the silence: MPI has no descriptor to wait on, and
 * its own waiting would take the processor from the units.
 */
#ifndef CASHPOINT_RANKS_H
#define CASHPOINT_RANKS_H

#include "engine/error.h"
#include "experiment/ranks_module.h"

#include <stddef.h>
#include <stdint.h>

struct ranks {
    int rank, size;
    char library[128]; /* that runs, with its version */
    const struct ranks_module *module;
    int64_t heard_ns; /* when the last letter came or went */
};

enum letter_kind {
    LETTER_TASK,    /* 0 -> all: what to work on */
    LETTER_HELLO,   /* -> 0: how many units at a time; or why none */
    LETTER_UNIT,    /* 0 ->: run this one */
    LETTER_DROP,    /* 0 ->: nobody wants this one any more */
    LETTER_LINE,    /* -> 0: its number, and what came out */
    LETTER_DISMISS, /* 0 -> all: drop what you have, there will be no more */
    LETTER_BYE,     /* -> 0: nothing of mine is under way; CPU time, s */
    LETTER_VERDICT, /* 0 -> all: the exit code; the last letter */
};

struct letter {
    enum letter_kind kind;
    int from;
    char *text; /* owned; NUL-terminated */
    size_t length;
};

/* The rank and number of processes that were started together, by the environment of Open MPI's
 * mpirun (OMPI_COMM_WORLD_*) and of srun (PMI_*, PMIX_RANK with SLURM's); a size of 1 where it was
 * none of them, or CASHPOINT_MPI=OFF is set. */
void ranks_started(int *rank, int *size);

/* Joins the others that were started together; `*ranks` stays null where this process is alone. */
bool ranks_join(struct ranks **ranks, struct error *error);

/* Leaves, when all do; frees it. Null is allowed. */
void ranks_leave(struct ranks *ranks);

void ranks_send(struct ranks *ranks, int to, enum letter_kind kind, const char *text,
                size_t length);
void ranks_send_all(struct ranks *ranks, enum letter_kind kind, const char *text, size_t length);

/* Takes a letter, where one has come; free letter->text. */
bool ranks_poll(struct ranks *ranks, struct letter *letter);

/* Waits for one. */
void ranks_wait(struct ranks *ranks, struct letter *letter);

/* How long to pause before polling again: a hundredth of the silence, 50 us to 5 ms. */
int64_t ranks_pause_ns(const struct ranks *ranks);

#endif
