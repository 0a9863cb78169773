/*
 * Numbers as people read them: a unit that suits their size, and as many digits as the interval
 * earns (two of its half-width; four digits where there is no interval).
 */
#ifndef CASHPOINT_FIGURE_H
#define CASHPOINT_FIGURE_H

#include <stddef.h>

enum { FIGURE_BYTES = 48, FIGURE_UNIT_BYTES = 96 };

/* How the numbers of one row are shown: multiplied, and under which unit. */
struct figure_scale {
    double factor;
    char unit[FIGURE_UNIT_BYTES]; /* "" for a plain number */
};

/* By the unit of the records and the largest number of the row: "1" of a ratio becomes %, seconds
 * become ms, us, min or h, and 1/1000 becomes "per 1,000". */
struct figure_scale figure_scale(const char *unit, const char *kind, double largest);

/* `value` and `half_width` (NAN: none) as recorded. Thousands are parted by a thin space; a minus
 * is a minus sign, and `sign` also writes the plus. NAN becomes a dash. */
void figure_write(char out[FIGURE_BYTES], const struct figure_scale *scale, double value,
                  double half_width, int sign);

/* Nanoseconds with their unit, three digits: "1.24 ms". */
void figure_time(char out[FIGURE_BYTES], double nanoseconds);

/* A whole number with thousands parted: "12 000". */
void figure_count(char out[FIGURE_BYTES], double count);

#endif
