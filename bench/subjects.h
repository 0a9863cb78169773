/*
 * Our decoder, and what several suites set beside it. Their work is a struct batch.
 */
#ifndef CASHPOINT_SUBJECTS_H
#define CASHPOINT_SUBJECTS_H

#include "bench/batch.h"

extern const struct subject subject_decoder; /* as the bank reads, by all its rules */
extern const struct subject subject_lax;     /* with every rule switched off, as peers have none */
extern const struct subject subject_memcpy;  /* copies the frame: no decoder looks at it faster */

/* The rules of subject_decoder for one of the batch's frames, and of subject_lax. */
struct decode_rules subject_rules(const struct batch *batch, size_t item);
struct decode_rules subject_lax_rules(const struct batch *batch);

#endif
