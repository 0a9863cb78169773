/*
 * What a suite is, and what it may ask of the runner.
 */
#ifndef CASHPOINT_SUITE_H
#define CASHPOINT_SUITE_H

#include "bench/measure.h"

#include <stdio.h>

struct bench; /* the runner's; a suite hands it back */

struct suite {
    const char *name, *help;
    void (*run)(struct bench *bench);
    const char *reference; /* what its rows are set against: "memcpy" */
    const char *operation; /* what an operation is, quoted in ns; null: items, in microseconds */
    bool (*knows)(const char *part); /* whether SUITE/part is anything; null: it has no parts */
    bool own_table;                  /* prints its rows itself, not in the runner's columns */
};

extern const struct suite suite_decode, suite_pipeline, suite_events, suite_random, suite_engine,
    suite_bank, suite_camera, suite_misreads, suite_verify, suite_hostile;

/* How much to do. */
const struct effort *bench_effort(const struct bench *bench);

/* Measures and adds a row named suite/work/subject. The row stands until the next one is added.
 * `reference_s` is the median of what to set the row against; 0: there is nothing. */
const struct row *bench_measure(struct bench *bench, const char *work_name,
                                const struct subject *subject, const void *work,
                                const struct answer *truths, double reference_s);

/* Whether the work of that path was asked for: of this suite whole, or of a part that matches. */
bool bench_wants(const struct bench *bench, const char *path);

/* As bench_measure, in one round (measure_once), without printing: how is the suite's affair. */
const struct row *bench_read(struct bench *bench, const char *work_name,
                             const struct subject *subject, const void *work,
                             const struct answer *truths, size_t items);

/* Adds a row that the suite has filled itself, but for its name, as bench_measure names it. */
void bench_add(struct bench *bench, const char *work_name, const char *subject,
               const struct row *row);
FILE *bench_table(const struct bench *bench);

#endif
