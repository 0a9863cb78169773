/*
 * needed.csv of a sweep: how much of something each combination of the other factors needs
 * (experiment/needed.h; its columns: output/records.h).
 */
#ifndef CASHPOINT_SWEEP_NEEDED_H
#define CASHPOINT_SWEEP_NEEDED_H

#include "experiment/needed.h"
#include "output/sweep_records.h"
#include "output/text.h"

/* `question`: what `needed` was read from. The key must be swept (needed_factor). */
void sweep_needed_write(struct text *text, const char *question, const struct needed *needed,
                        const struct sweep *sweep, const struct sweep_point *points);

#endif
