/*
 * The manifest: what made a run, so that anyone can make it again or know why it differs.
 */
#ifndef CASHPOINT_MANIFEST_H
#define CASHPOINT_MANIFEST_H

#include "experiment/scenario.h"
#include "output/folder.h"

struct manifest {
    const struct scenario *scenario;
    int64_t seed, jobs;
    uint64_t fingerprint;
    double wall_s, cpu_s; /* measured */
};

/* Writes manifest.json; `command` is the program's command line, rebuilt by the caller. */
bool manifest_write(const struct folder *folder, const struct manifest *manifest,
                    struct error *error);

#endif
