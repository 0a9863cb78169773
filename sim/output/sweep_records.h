/*
 * Writes the records of a sweep: what its design points are, and what came out at each. (Their
 * formats: output/records.h. The records of each point lie in its own folder.)
 */
#ifndef CASHPOINT_SWEEP_RECORDS_H
#define CASHPOINT_SWEEP_RECORDS_H

#include "experiment/summary.h"
#include "experiment/sweep.h"
#include "output/folder.h"

struct sweep_point {
    const void *settings;
    const struct summary *summary;
    uint64_t fingerprint; /* of its records */
};

/* What the sweep is asked: what its report shows first. */
struct sweep_question {
    const char (*metrics)[PARAMETER_LINE_BYTES]; /* by name */
    size_t count;
    const char *needed; /* experiment/needed.h; "": nothing. The key must be swept by itself */
};

/* Writes design.csv, summary.csv, steady.csv and fingerprint.txt, and what was asked: asked.csv and
 * needed.csv; `points`: sweep_points() of them. `*fingerprint` receives a hash over all of it. */
bool sweep_records_write(const struct folder *folder, const struct sweep *sweep,
                         const struct sweep_point *points, const struct model_tables *tables,
                         const struct sweep_question *question, uint64_t *fingerprint,
                         struct error *error);

#endif
