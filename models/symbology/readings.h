/*
 * Strings that were read from barcodes: collected over the lines and frames of one presentation,
 * and judged by the rules.
 *
 * A line alone may err, so a string counts when enough lines agree; two different strings settle a
 * frame as ambiguous.
 */
#ifndef CASHPOINT_READINGS_H
#define CASHPOINT_READINGS_H

#include "symbology/symbology.h"

/* A string that was read. */
struct reading {
    enum symbology symbology;
    unsigned length;
    bool digits;                      /* nothing but digits, in set C */
    char text[PAYLOAD_MAX_BYTES + 1]; /* bytes, cut to fit; zeros follow */
    int step;
    struct decode_margin margin;
    struct grade grade; /* of the line that read it first */
    struct place corners[4];
};

enum { MAX_READINGS = 4 };

struct readings {
    unsigned count;
    struct reading reading[MAX_READINGS];
    /* Lines that read each: in frames before, most of a look at this frame, in this look. */
    struct tally {
        unsigned before, most, now;
    } tallies[MAX_READINGS];
};

/* Another frame of the presentation; another look at the same frame, whose lines may run over the
 * pixels of those before, and so do not add up with them. */
void readings_next_frame(struct readings *readings);
void readings_next_look(struct readings *readings);

/* The reading of the same bytes; null where there is none. */
struct reading *readings_find(struct readings *readings, const struct reading *reading);

/* Lines of the same string in one look add up, and so do frames; the better margin stays, and the
 * corners hold all lines of a look. */
void readings_collect(struct readings *readings, const struct reading *reading);

/* Whether what was read settles the frame: any two strings do, and one of enough lines. */
bool readings_settle(const struct readings *readings, const struct decode_rules *rules,
                     struct decoded *decoded);

#endif
