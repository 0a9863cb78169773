/*
 * Grey values to soft bits.
 *
 * Light is not even: in each zone of some hundred cells the mean of the brighter and that of the
 * darker cells are found, and between the middles of the zones the two are interpolated. (Whitened
 * cells are dark and bright by halves.) A value is then brought to -1 (bright) to 1 (dark), and the
 * scatter of the zone's values around the two says how much that is worth.
 */
#ifndef CASHPOINT_DOT_MATRIX_SOFT_H
#define CASHPOINT_DOT_MATRIX_SOFT_H

#include "symbology/dot_matrix_layout.h"

enum { SOFT_MAX_ZONES_WIDE = 16, SOFT_MAX_ZONES_HIGH = 8 };

struct soft_zone {
    float middle;  /* between bright and dark, grey levels */
    float half;    /* half their difference */
    float scatter; /* variance around them, of half = 1 */
};

struct soft_zones {
    unsigned wide, high;
    struct soft_zone zones[SOFT_MAX_ZONES_HIGH][SOFT_MAX_ZONES_WIDE];
};

void dot_matrix_find_zones(const struct dot_matrix_layout *layout, const float *greys,
                           struct soft_zones *zones);

/* values[c]: -1 bright, 1 dark; weights[c]: what turns a value into the logarithm of the odds. */
void dot_matrix_even_out(const struct dot_matrix_layout *layout, const float *greys,
                         const struct soft_zones *zones, float *values, float *weights);

#endif
