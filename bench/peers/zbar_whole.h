/*
 * A peer: ZBar as its manual has it, on the whole frame, with the one symbology that is there
 * alone; barcodes row by row, matrices in rows and columns. What it finds first is its answer.
 */
#ifndef CASHPOINT_ZBAR_WHOLE_H
#define CASHPOINT_ZBAR_WHOLE_H

#include "bench/measure.h"

extern const struct subject subject_zbar_whole;

/* Writes the version of the library as it runs. */
void zbar_whole_version(char *text, size_t bytes);

#endif
