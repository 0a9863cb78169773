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
};

/* The reading of the same bytes; null where there is none. */
struct reading *readings_find(struct readings *readings, const struct reading *reading);

/* Lines of the same string add up; the better margin stays. */
void readings_collect(struct readings *readings, const struct reading *reading);

/* Whether what was read settles the frame: any two strings do, and one of enough lines. */
bool readings_settle(const struct readings *readings, const struct decode_rules *rules,
                     struct decoded *decoded);

#endif
