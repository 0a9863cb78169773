/* A design of two points that share their tables, for tests. */
#ifndef CASHPOINT_TESTS_OPEN_DESIGN_H
#define CASHPOINT_TESTS_OPEN_DESIGN_H

#include "experiment/design.h"

enum { POINTS = 2 };

static inline void open_design(struct design *design, const struct model_tables *tables,
                               uint32_t schemes, unsigned replications)
{
    const struct model_tables *const each[POINTS] = {tables, tables};
    design_init(design, each, POINTS, schemes, replications);
}

#endif
