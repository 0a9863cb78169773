/*
 * The crew: what rank 0 knows of the others, and how they help.
 *
 * Every other rank says how many units it can run at a time, and is handed one for each; for what
 * it brings back it is handed the next. Nobody has a share of his own: a slow machine does fewer.
 */
#ifndef CASHPOINT_CREW_H
#define CASHPOINT_CREW_H

#include "experiment/farm.h"
#include "experiment/yard.h"

struct crew {
    struct ranks *ranks;
    unsigned *idle; /* by rank: how many units it could begin now */
    size_t out;     /* units that others have begun */
    int present;    /* ranks that have not said goodbye */
    bool dismissed;
    double cpu_s; /* of those that are gone */
};

/* On rank 0: tells all what to work on. */
void crew_init(struct crew *crew, struct ranks *ranks, const char *task, size_t length);
void crew_fini(struct crew *crew);

/* Can a rank begin a unit now? */
bool crew_is_idle(const struct crew *crew);

/* Hands a unit to the first that can, and says which rank that is. */
int crew_start(struct crew *crew, size_t unit);

/* Nobody wants this unit of that rank's any more; its line comes all the same. */
void crew_drop(struct crew *crew, int rank, size_t unit);

/* Takes what has come: lines go to `take` as a yard's do. False, once, with the reason, where a
 * rank cannot help at all. */
bool crew_listen(struct crew *crew, yard_taker *take, void *whose, struct error *error);

/* Nothing more is wanted; what is under way is dropped. All of the crew then say goodbye. */
void crew_dismiss(struct crew *crew);

#endif
