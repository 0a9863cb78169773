/*
 * Runs of dark pixels, and the pieces they make where they touch (corners count).
 */
#ifndef CASHPOINT_DARK_RUNS_H
#define CASHPOINT_DARK_RUNS_H

#include "symbology/shrunk.h"

#define DARK_RUNS_END UINT32_MAX

struct dark_run {
    uint16_t row, start, end; /* pixels start to end - 1 */
    uint32_t parent;          /* a run of the same piece before it, or itself */
    uint32_t next;            /* the next run of the piece, or DARK_RUNS_END */
};

struct dark_piece {
    unsigned left, top, right, bottom; /* right and bottom: behind the last */
    uint32_t first, last;              /* runs */
};

struct dark_runs {
    unsigned count, piece_count;
    struct dark_run *runs;
    struct dark_piece *pieces;
    uint32_t *piece_of; /* of a run that is its own parent */
    size_t capacity;
};

/* Finds the runs; returns how many. */
unsigned dark_runs_find(struct dark_runs *runs, const struct shrunk *shrunk);

/* Joins them to pieces, in the order of their first runs. */
void dark_runs_join(struct dark_runs *runs);

void dark_runs_fini(struct dark_runs *runs);

#endif
