/*
 * What a suite is, and what it may ask of the runner.
 */
#ifndef CASHPOINT_SUITE_H
#define CASHPOINT_SUITE_H

#include "bench/measure.h"

struct bench; /* the runner's; a suite hands it back */

struct suite {
    const char *name, *help;
    void (*run)(struct bench *bench);
};

extern const struct suite suite_decode, suite_pipeline;

/* How much to do. */
const struct effort *bench_effort(const struct bench *bench);

/* Measures and adds a row named suite/work/subject. The row stands until the next one is added.
 * `ceiling_s` is the median of the ceiling to set the row against; 0: there is none. */
const struct row *bench_measure(struct bench *bench, const char *work_name,
                                const struct subject *subject, const void *work,
                                const struct answer *truths, double ceiling_s);

#endif
