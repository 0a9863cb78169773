/*
 * The camera's inner loops, made once for each kind of vector that processors have and chosen while
 * running.
 *
 * They are written once, in lanes_loops.h, in such a way that every lane does the same operations
 * in the same order whatever the width: no contraction, no reciprocal estimates, and no sum whose
 * order depends on it. So all give the same bytes, which a test checks.
 */
#ifndef CASHPOINT_LANES_H
#define CASHPOINT_LANES_H

#include <stddef.h>
#include <stdint.h>

/* Of a row of pixels, in DN: variance = read_variance + variance_per_dn * (mean - dark). */
struct sensor_levels {
    float full, dark, most; /* of saturated light, of no light, where it is cut */
    float prnu, dsnu;
    float read_variance, variance_per_dn;
};

/* A row of the camera's fixed maps, of variance one. */
struct fixed_rows {
    const float *gains, *offsets; /* PRNU, DSNU */
};

/* What one slab of a kernel adds to a pixel: end[x] and start[x] are running sums, each between two
 * cells. */
struct box_taps {
    const float *end, *start;
    float end_left, end_right, start_left, start_right;
};

struct lanes {
    const char *name;

    /* Irradiance (a ratio of saturation) to grey bytes. `noise`: normal numbers of variance one;
     * what it holds after is of no use. */
    void (*expose)(const struct sensor_levels *levels, const float *irradiance,
                   const struct fixed_rows *fixed, unsigned width, float *noise, uint8_t *bytes);

    /* out[x] becomes scale * numbers[x]. */
    void (*scale)(const int16_t *numbers, unsigned count, float scale, float *out);

    /* out[x] becomes the sum of all boxes. */
    void (*add_boxes)(const struct box_taps *taps, int count, int width, float *out);
};

const struct lanes *lanes_here(void);

/* One for each kind of vector that this processor has, the plainest first. */
enum { LANES_MAX = 3 };
int lanes_all(const struct lanes *lanes[LANES_MAX]);

#endif
