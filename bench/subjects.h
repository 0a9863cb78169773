/*
 * Subjects that several suites share. Their work is a struct shots whose frames are captured.
 */
#ifndef CASHPOINT_SUBJECTS_H
#define CASHPOINT_SUBJECTS_H

#include "bench/shots.h"

extern const struct subject subject_decoder; /* the production decoder */
extern const struct subject subject_memcpy;  /* copies the frame: no decoder looks at it faster */

#endif
