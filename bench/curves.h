/*
 * What the benches of the decoders found, as plots: success against each degradation, and what each
 * safety rule costs in reads and saves in misreads. Each as NAME.csv, NAME.gp and NAME.svg.
 */
#ifndef CASHPOINT_CURVES_H
#define CASHPOINT_CURVES_H

#include "bench/measure.h"
#include "engine/error.h"

#include <stddef.h>

/* Writes the plots that `rows` hold anything for into `folder`, which is made where need be;
 * without gnuplot, and then `drawn` is false, no .svg. */
bool curves_write(const char *folder, const struct row *rows, size_t count, bool *drawn,
                  struct error *error);

#endif
