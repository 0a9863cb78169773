/*
 * A peer: ZBar as its manual has it, on the whole frame, with Code 128 alone, row by row, and the
 * same rules for an answer (exact length, digits, one string a frame).
 */
#ifndef CASHPOINT_ZBAR_WHOLE_H
#define CASHPOINT_ZBAR_WHOLE_H

#include "bench/subjects.h"

extern const struct subject subject_zbar_whole;

/* Writes the version of the library as it runs. */
void zbar_whole_version(char *text, size_t bytes);

#endif
