/*
 * A peer: zxing-cpp on the whole frame, told the one symbology that is there; with its defaults
 * (try harder, rotated, downscaled), and fast, without these.
 */
#ifndef CASHPOINT_ZXING_WHOLE_H
#define CASHPOINT_ZXING_WHOLE_H

#include "bench/measure.h"

extern const struct subject subject_zxing, subject_zxing_fast;

#endif
