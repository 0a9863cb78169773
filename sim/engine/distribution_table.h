/*
 * The tables of empirical distributions: values and their weights.
 *
 * A table is immutable and lives until the program ends; the same pairs give the same table. So a
 * distribution that points to one is copied freely, has no owner, and is compared by the pointer.
 * Tables are made while scenarios are read, by one thread.
 */
#ifndef CASHPOINT_DISTRIBUTION_TABLE_H
#define CASHPOINT_DISTRIBUTION_TABLE_H

#include <stddef.h>

enum { DISTRIBUTION_PAIRS = 4096 }; /* of a table, at most */

struct distribution_pair {
    double value, weight;
};

struct distribution_table {
    size_t count;
    const struct distribution_pair *pairs; /* in the order in which they were given */
    const double *passed;                  /* the sum of the weights up to each, included */
    const struct distribution_table *next; /* of all there are */
};

/* `count`: from 1 to DISTRIBUTION_PAIRS. */
const struct distribution_table *distribution_table(const struct distribution_pair *pairs,
                                                    size_t count);

/* The value whose stretch of the weights holds the share `place` (0 .. 1) of their sum. */
double distribution_table_value(const struct distribution_table *table, double place);

#endif
