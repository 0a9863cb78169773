/*
 * Expectations: what a scenario says must come out, checked when the run is over.
 *
 *     image-code.false-refusal <= 2 %         the mean over replications, against a bound
 *     sms-code.queue-wait contains 9 s        the 95% interval contains the value ...
 *     sms-code.queue-wait contains 9 s within 2 %   ... and reaches no further than 2 % of it
 *     difference.thefts > 0                   image-code minus sms-code, paired
 *
 * The value carries the unit of the metric: % for a share, a time for a time, none for the rest. A
 * run whose expectations are not all met exits with 99, its records written.
 */
#ifndef CASHPOINT_EXPECTATION_H
#define CASHPOINT_EXPECTATION_H

#include "experiment/summary.h"

enum relation {
    RELATION_AT_MOST,
    RELATION_BELOW,
    RELATION_AT_LEAST,
    RELATION_ABOVE,
    RELATION_CONTAINS
};

struct expectation {
    int scheme; /* or SUMMARY_DIFFERENCE */
    size_t measure;
    enum relation relation;
    double value;
    double within; /* CONTAINS: half-width over value, at most; INFINITY: any */
};

/* Reads the text against the model's names; false with what is wrong, and "did you mean". */
bool expectation_parse(struct expectation *expectation, const struct model_tables *tables,
                       const char *text, struct error *error);

/* Finds "SCHEME.METRIC" (also "difference.METRIC"). */
bool expectation_find(const struct model_tables *tables, const char *name, int *scheme,
                      size_t *measure, struct error *error);

/* Reads a value with the unit of the metric: "2 %", "9 s", "3". */
bool expectation_value(const struct measure *measure, const char *text, double *value,
                       struct error *error);

/* False also where the run has no such value, or no interval. */
bool expectation_is_met(const struct expectation *expectation, const struct summary *summary);

/* The row that it speaks of; null where that scheme did not run. */
const struct summary_row *expectation_row(const struct expectation *expectation,
                                          const struct summary *summary);

#endif
