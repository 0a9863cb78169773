/*
 * Normal numbers out of 16 random bits each, without a multiplication of their own.
 *
 * A byte is two nibbles, each an index of 16 levels; the number is a sum of four levels, those of
 * one byte weighted a little more than those of the other so that sums do not fall together:
 *
 *     z = NORMALS_FIRST * s(byte 0) + NORMALS_SECOND * s(byte 1),   s(b) = low(b % 16) + high(b /
 * 16)
 *
 * All in whole numbers, so every processor gives the same; a vector looks up 16 to 64 nibbles at
 * once (PSHUFB). The levels were found by annealing on all 65,536 sums. Against the normal
 * distribution of the same variance: the distribution function lies within 0.0006 everywhere, the
 * fourth moment is 3.000 (3) and the sixth 14.96 (15). Of 65,536 sums 90 lie above 3 sigma (88.5),
 * 15 above 3.5 (15.2), 2 above 4 (2.1). There is none beyond 4.3 sigma: not for studies of rarer
 * tails.
 */
#ifndef CASHPOINT_NORMALS_H
#define CASHPOINT_NORMALS_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum { NORMALS_FIRST = 138, NORMALS_SECOND = 119 };

/* Of the numbers over all 16 bits: an exact figure of the levels. */
#define NORMALS_VARIANCE 30170893.125

static inline double normals_sd(void)
{
    return sqrt(NORMALS_VARIANCE);
}

/* The number of 16 bits. */
int normals_number(uint32_t bits);

/* Two numbers a word, the first from its lower half; `count` words, a multiple of 16. */
void normals_fill(const uint32_t *words, size_t count, int16_t *numbers);

/* What it chooses from: one for each kind of vector that this processor has, the plainest first.
 * All give the same numbers. */
typedef void normals_filler(const uint32_t *words, size_t count, int16_t *numbers);
enum { NORMALS_FILLERS_MAX = 4 };
int normals_fillers(normals_filler *fillers[NORMALS_FILLERS_MAX]);

#endif
