/*
 * Choosing a part of a suite: SUITE, or SUITE/PART.
 */
#ifndef CASHPOINT_SELECT_H
#define CASHPOINT_SELECT_H

#include <stdbool.h>

/* What follows the suite's name in `word`, "" where it is the name itself; null where it is another
 * suite's. */
const char *select_part(const char *word, const char *suite);

/* Whether the names of `part` stand in `path` in that order, others between them or not: "noise"
 * and "code128/noise/40" both match code128/vga/noise/40, and "" matches everything. */
bool select_matches(const char *part, const char *path);

#endif
