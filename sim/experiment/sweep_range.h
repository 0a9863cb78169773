/*
 * A range of a sweep, cut into values: "60 mm to 160 mm step 20 mm", "1 to 9 in 5 points", "1 ms to
 * 1 s in 7 log points". Both ends count. Where units differ the finest is that of all values.
 */
#ifndef CASHPOINT_SWEEP_RANGE_H
#define CASHPOINT_SWEEP_RANGE_H

#include "engine/error.h"

#include <stddef.h>

struct sweep_range {
    double from, to, step;
    size_t count; /* of values, 2 or more */
    bool logarithmic;
    char unit[16]; /* of them all; may be "" */
};

/* False with what is wrong with it. */
bool sweep_range_parse(struct sweep_range *range, const char *text, struct error *error);

/* The text of value `index`, as in "80 mm". */
struct sweep_text {
    char text[64];
};
struct sweep_text sweep_range_value(const struct sweep_range *range, size_t index);

#endif
