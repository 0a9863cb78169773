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

/* Of a row of pixels, in DN: variance = read_variance + variance_per_dn * (mean - dark), both
 * divided by the variance of the noise's numbers. */
struct sensor_levels {
    float full;                         /* of saturated light */
    float dark_and_half, most_and_half; /* of no light, and where it is cut; to be rounded down */
    float prnu, dsnu;                   /* for each unit of the fixed maps' numbers */
    float read_variance, variance_per_dn;
};

/* A row of the camera's fixed maps: normal numbers, as normals.h makes them. */
struct fixed_rows {
    const int16_t *gains, *offsets; /* PRNU, DSNU */
};

/* What one slab of a kernel adds to a pixel: end[x] and start[x] are running sums, each between two
 * cells. Up to BOX_SLACK floats behind the last are read, too. */
enum { BOX_SLACK = 16 };

struct box_taps {
    const float *end, *start;
    float end_left, end_right, start_left, start_right;
};

/* A column of a kernel: weights of `count` rows from `first` on, and where their sums go. */
struct column_taps {
    const float *weights;
    int first, count;
    float *out;
};

/* Two rows of pixels that get the same weights; `other` may be null. */
struct row_pair {
    const float *one, *other;
};

enum { LANES_MAX_ROWS = 45 };

struct lanes {
    const char *name;

    /* Multiplies `row` by gain * cos^4 of the angle to the axis: 1 / cos^2 is rest + along^2, where
     * along grows from `first` by `step` a pixel. */
    void (*shade)(float gain, float rest, float first, float step, unsigned width, float *row);

    /* Irradiance (a ratio of saturation) to grey bytes. `numbers`: of normals.h; or null, and
     * `noise` holds normal numbers of variance one. What it holds after is of no use. */
    void (*expose)(const struct sensor_levels *levels, const float *irradiance,
                   const struct fixed_rows *fixed, const int16_t *numbers, unsigned width,
                   float *noise, uint8_t *bytes);

    /* out[x] becomes the sum of all boxes. */
    void (*add_boxes)(const struct box_taps *taps, int count, int width, float *out);

    /* Each column's sum over the rows, one + other of each; out[0] to out[width - 1]. */
    void (*weigh_columns)(const struct row_pair *rows, int row_count,
                          const struct column_taps *columns, int column_count, int width);

    /* out[x] becomes the sum of all rows' x. */
    void (*add_rows)(const float *const *rows, int count, int width, float *out);

    /* Where an edge that enters row i at x + i * slope crosses the rows before `count`: the first
     * cell, how much of that lies left of the edge, and how far the edge goes over into the next
     * (negative: it stays). */
    void (*cross)(double x, double slope, int count, int32_t *cells, float *left, float *over);

    /* A row of `level`, and between start and end (start <= end <= width) `cells` beside. */
    void (*lay)(float level, const float *cells, unsigned start, unsigned end, unsigned width,
                float *out);
};

const struct lanes *lanes_here(void);

/* One for each kind of vector that this processor has, the plainest first. */
enum { LANES_MAX = 3 };
int lanes_all(const struct lanes *lanes[LANES_MAX]);

#endif
