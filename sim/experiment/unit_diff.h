/*
 * Are two units the same to the last bit, and if not, in what?
 *
 * All that is simulated is compared: fingerprint, numerators and denominators, histograms of times,
 * series, cells of curves. What is measured (the stages' CPU time) and the model's own bytes are
 * not.
 */
#ifndef CASHPOINT_UNIT_DIFF_H
#define CASHPOINT_UNIT_DIFF_H

#include "experiment/measure.h"

#include <stdio.h>

/* Writes a line a difference to `out` (null: none), as "WHAT: A, not B"; returns how many there
 * are. Both are of the same tables. */
size_t unit_diff(const struct unit_result *a, const struct unit_result *b, FILE *out);

#endif
