/*
 * The manifest: what made a run, so that anyone can make it again or know why it differs.
 */
#ifndef CASHPOINT_MANIFEST_H
#define CASHPOINT_MANIFEST_H

#include "output/folder.h"

#include <stdint.h>

struct manifest {
    const char *scenario; /* its name */
    const char *resolved; /* its text, as scenario.yaml holds it */
    size_t resolved_length;
    int64_t seed, jobs;
    uint64_t fingerprint;
    double wall_s, cpu_s;                /* measured */
    int ranks;                           /* of MPI; 1: none but this process */
    const char *mpi_built, *mpi_running; /* versions; null where there is one rank */
};

/* Writes manifest.json; `command` is the program's command line, rebuilt by the caller. */
bool manifest_write(const struct folder *folder, const struct manifest *manifest,
                    struct error *error);

/* Tells `differs` every part of the build, and every library, in which a manifest's text differs
 * from this program; each as JSON. */
typedef void manifest_differs(const char *part, const char *then, const char *now);
void manifest_compare(const char *text, manifest_differs *differs);

#endif
