/*
 * The design of a run: its design points, and the work units of all of them in one order.
 *
 * A design point is one setting of the keys that a scenario sweeps (experiment/sweep.h), and an
 * experiment of its own; a scenario without a sweep has one point. All points share their random
 * numbers, so that they can be compared. The units lie in the order (point, replication, scheme),
 * and whoever runs units (processes, ranks, shards) knows them by their index in it.
 */
#ifndef CASHPOINT_DESIGN_H
#define CASHPOINT_DESIGN_H

#include "experiment/experiment.h"

struct design {
    struct experiment *points; /* owned */
    size_t point_count;
    struct unit_result **units; /* of all points, borrowed from them */
    size_t count, done;         /* units in all; finished */
    unsigned shard, shards; /* this process runs every shards-th unit, from shard on; 0, 1: all */
};

/* `tables`: one a point, as the ranges of curves may differ; borrowed. */
void design_init(struct design *design, const struct model_tables *const *tables, size_t points,
                 uint32_t schemes, unsigned replications);
void design_fini(struct design *design);

static inline bool design_is_mine(const struct design *design, size_t unit)
{
    return unit % design->shards == design->shard;
}

/* Null where there is no such unit. */
struct unit_result *design_unit(const struct design *design, unsigned point, unsigned scheme,
                                unsigned replication);

/* Keeps the first `replications` of a point and drops the rest; indexes move. */
void design_keep(struct design *design, size_t point, unsigned replications);

#endif
