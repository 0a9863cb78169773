/*
 * An experiment: every scheme in every replication, under one setting of all keys.
 *
 * A unit is what the model runs: (scheme, replication) -> numbers. Units are stored in the order
 * (replication, scheme), whoever runs them in whatever order, and every reduction goes through them
 * in that order. Several experiments under different settings make a design (experiment/design.h).
 */
#ifndef CASHPOINT_EXPERIMENT_H
#define CASHPOINT_EXPERIMENT_H

#include "engine/error.h"
#include "experiment/measure.h"

enum unit_end { UNIT_DONE, UNIT_STOPPED, UNIT_FAILED };

/* Runs the unit of result->point, ->scheme and ->replication, and fills the rest. */
typedef enum unit_end unit_function(void *model, struct unit_result *result, struct error *error);

struct experiment {
    const struct model_tables *tables;
    uint32_t schemes; /* bit set: which run */
    unsigned replications;
    size_t count;               /* units */
    struct unit_result **units; /* owned */
};

void experiment_init(struct experiment *experiment, const struct model_tables *tables,
                     uint32_t schemes, unsigned replications);
void experiment_fini(struct experiment *experiment);

/* How many replications, from the first on, are done in every scheme. */
unsigned experiment_whole(const struct experiment *experiment);

/* Keeps the first `replications` and drops the rest. */
void experiment_keep(struct experiment *experiment, unsigned replications);

/* The unit of a scheme and replication; null where that scheme does not run. */
struct unit_result *experiment_unit(const struct experiment *experiment, unsigned scheme,
                                    unsigned replication);

#endif
