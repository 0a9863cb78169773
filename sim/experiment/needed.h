/*
 * How much of something a sweep needs: the smallest value of a key that meets a bound.
 *
 *     bank.workers for sms-code.bank-wait-p99 <= 1 s
 *
 * For every combination of the other factors of the sweep it is the smallest value from which on
 * all larger ones meet the bound too: by the mean over replications, and, as an interval, by the
 * better and by the worse end of its 95% interval. (Not simultaneous over combinations.)
 */
#ifndef CASHPOINT_NEEDED_H
#define CASHPOINT_NEEDED_H

#include "experiment/expectation.h"
#include "experiment/sweep.h"

enum { NEEDED_KEY_BYTES = 64 };

struct needed {
    char key[NEEDED_KEY_BYTES]; /* dotted */
    struct expectation bound;   /* never CONTAINS */
};

/* False with what is wrong. Whether the key is swept, and is a number, only the sweep knows. */
bool needed_parse(struct needed *needed, const struct model_tables *tables, const char *text,
                  struct error *error);

/* The factor of the sweep that is asked about: one key alone; false where there is none such. */
bool needed_factor(const struct needed *needed, const struct sweep *sweep, size_t *factor,
                   struct error *error);

/* Is the bound met by the mean, by the better, and by the worse end of the interval? Where there is
 * no interval, both ends are the mean. */
enum needed_by { NEEDED_BY_MEAN, NEEDED_AT_BEST, NEEDED_AT_WORST, NEEDED_WAYS };
bool needed_is_met(const struct needed *needed, const struct summary *summary, enum needed_by by);

#endif
