/*
 * Our decoder, and what several suites set beside it. Their work is a struct batch.
 */
#ifndef CASHPOINT_SUBJECTS_H
#define CASHPOINT_SUBJECTS_H

#include "bench/batch.h"

extern const struct subject subject_decoder; /* as the bank reads, by all its rules */
extern const struct subject subject_lax;     /* with every rule switched off, as peers have none */
extern const struct subject subject_memcpy;  /* copies the frame: no decoder looks at it faster */

/* Whether that is one of our symbologies. */
bool subject_reads(enum symbol symbol);

/* The rules of subject_decoder for a payload of that length (0: there is none, and the bank would
 * look for one of its own); and every rule that keeps misreads out switched off. */
struct decode_rules subject_rules(enum symbol symbol, unsigned length);
void subject_make_lax(struct decode_rules *rules);

#endif
