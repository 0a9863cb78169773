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

/* The scheme and replication of a line; false where it holds none. */
bool unit_text_key(const char *line, unsigned *scheme, unsigned *replication);

/* Fills a fresh unit of that scheme and replication; false, with the unit half filled, where the
 * line does not fit. */
bool unit_text_read(struct unit_result *unit, const char *line);

#endif
