/*
 * The decoders side by side: who takes part, and the table of how they did.
 *
 * For each cell a line a decoder as soon as it is known; at the end one line a cell, with success
 * and median time of each decoder in a column, to be read across.
 */
#ifndef CASHPOINT_CONTEST_H
#define CASHPOINT_CONTEST_H

#include "bench/cells.h"

#include <stdio.h>

struct contestant {
    const struct subject *subject;
    unsigned symbols; /* that it reads: a set of 1u << enum symbol */
    bool slow;        /* and so asked but one frame in ten */
};

extern const struct contestant decoders[];
extern const size_t decoder_count;

/* What this build has no adaptor for, as a sentence for people; "" where all are there. */
const char *contest_absent(void);

enum { CONTEST_MAX_DECODERS = 12 };

struct result {
    const struct cell *cell;
    struct row rows[CONTEST_MAX_DECODERS]; /* items 0: did not take part */
};

struct contest {
    FILE *table;
    struct result *results; /* owned; one a cell */
    size_t count, capacity;
};

/* Writes what the table's columns are. */
void contest_init(struct contest *contest, FILE *table, size_t items);
void contest_cell(struct contest *contest, const struct cell *cell);
void contest_add(struct contest *contest, const struct cell *cell, size_t decoder,
                 const struct row *row);

/* Writes the lines to be read across, and frees. */
void contest_fini(struct contest *contest);

#endif
