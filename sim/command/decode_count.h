/*
 * What came of many pictures: read and refused, and, where the truth is told, right and wrong.
 */
#ifndef CASHPOINT_DECODE_COUNT_H
#define CASHPOINT_DECODE_COUNT_H

#include "decode_truth.h"
#include "symbology/symbology.h"

#include <stdio.h>

/* X-macro: a picture against its truth, and what a reader is told. */
#define DECODE_VERDICTS(X)                                             \
    X(VERDICT_RIGHT, "right", "the text, or no code where none is")    \
    X(VERDICT_WRONG, "wrong", "another text, or one where no code is") \
    X(VERDICT_MISSED, "missed", "nothing accepted where a code is")

enum decode_verdict {
#define X(verdict, name, text) verdict,
    DECODE_VERDICTS(X)
#undef X
        VERDICT_COUNT
};

struct decode_count {
    uint64_t statuses[DECODE_STATUS_COUNT], verdicts[VERDICT_COUNT];
    uint64_t no_pictures; /* files that could not be read as one */
    double *took_ms;      /* owned; of each picture */
    size_t pictures, capacity;
};

void decode_count_fini(struct decode_count *count);

void decode_count_add(struct decode_count *count, const struct decoded *decoded, double took_ms);

/* Judges a picture by its line of the truth, counts the verdict and names it. */
const char *decode_count_judge(struct decode_count *count, const struct decoded *decoded,
                               const char *bytes, const struct truth_line *truth);

/* A line of what was read and how long it took; one of the verdicts where there are any. */
void decode_count_print(FILE *out, struct decode_count *count);

#endif
