/*
 * A unit's numbers as one line of text, and back, to the last bit.
 *
 * Fields are separated by blanks, in the order of the model's tables; histograms are sparse.
 * A series is its k, its cells, what the cell begun holds, and the sums.
 * Reading is strict: a line that does not fit the tables is refused as a whole.
 */
#ifndef CASHPOINT_UNIT_TEXT_H
#define CASHPOINT_UNIT_TEXT_H

#include "experiment/measure.h"

#include <stdio.h>

void unit_text_write(const struct unit_result *unit, FILE *out);

/* Which unit a line is of. */
struct unit_key {
    unsigned point, scheme, replication;
};

/* False where the line holds none. */
bool unit_text_key(const char *line, struct unit_key *key);

/* Fills the fresh unit that the line is of; false, with the unit half filled, where the line does
 * not fit. */
bool unit_text_read(struct unit_result *unit, const char *line);

#endif
