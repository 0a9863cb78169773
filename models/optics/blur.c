/*
 * Blur by sums along the rows: a disc or a line is a stack of boxes, one a slab of rows, and a box
 * costs two look-ups in the running sum of its row however wide it is.
 *
 * A kernel over pixels spreads a little more, or less, than the shape it samples. So the shape's
 * size is tuned until the kernel's variance is the ideal one, d^2 / 16 along each axis for a disc
 * of diameter d and l^2 / 12 along a line of length l: that holds for every fraction of a pixel,
 * and the blur grows smoothly from nothing. A shape of more than MAX_ROWS rows is cut into slabs of
 * several rows, which bounds the cost at MAX_ROWS boxes a pixel.
 */
#include "optics/camera_private.h"
#include "optics/lanes.h"

#include "engine/error.h"

#include <math.h>
#include <string.h>

enum { MAX_ROWS = 32, FIT_STEPS = 60 };
#define FIT_RATIO 1e-9 /* by which a variance may be off */

static int group_for(double rows)
{
    int group = (int)ceil(rows / MAX_ROWS);
    return group < 1 ? 1 : group | 1; /* odd: a slab is centred on a row */
}

static struct blur blur_of_rows(double rows, int group)
{
    int beyond =
        (int)ceil((0.5 * rows - 0.5 * group) / group); /* slabs on each side of the middle */
    struct blur blur = {.group = group, .count = 2 * (beyond > 0 ? beyond : 0) + 1};
    CHECK(blur.count <= BLUR_MAX_SLABS);
    return blur;
}

static double slab_row(const struct blur *blur, int k)
{
    return (double)blur->group * (k - blur->count / 2);
}

/* Integrals from 0 to t of round(x) and of its square: moments of a box over pixels. */
static double rounded_integral(double t)
{
    double n = floor(fabs(t) + 0.5);
    return n * (n - 1.0) / 2.0 + n * (fabs(t) - n + 0.5);
}

static double rounded_square_integral(double t)
{
    double n = floor(fabs(t) + 0.5);
    return copysign((n - 1.0) * n * (2.0 * n - 1.0) / 6.0 + n * n * (fabs(t) - n + 0.5), t);
}

/* The variance of the kernel along the unit vector (x, y). */
static double variance_along(const struct blur *blur, double x, double y)
{
    double variance = 0.0, inside = (blur->group * blur->group - 1) / 12.0;
    for (int k = 0; k < blur->count; k++) {
        const struct blur_slab *slab = &blur->slabs[k];
        if (slab->weight <= 0.0)
            continue;
        double low = slab->centre - slab->half, high = slab->centre + slab->half;
        double width = high - low, row = slab_row(blur, k);
        double xx = (rounded_square_integral(high) - rounded_square_integral(low)) / width;
        double mean_x = (rounded_integral(high) - rounded_integral(low)) / width;
        variance +=
            slab->weight * (x * x * xx + 2.0 * x * y * mean_x * row + y * y * (row * row + inside));
    }
    return variance;
}

static void finish(struct blur *blur)
{
    for (int k = 0; k < blur->count; k++) {
        const struct blur_slab *slab = &blur->slabs[k];
        double along = slab->weight > 0.0 ? fabs(slab->centre) + slab->half - 0.5 : 0.0;
        int across = slab->weight > 0.0 ? (int)fabs(slab_row(blur, k)) + blur->group / 2 : 0;
        int reach = (int)ceil(along) > across ? (int)ceil(along) : across;
        blur->radius = reach > blur->radius ? reach : blur->radius;
    }
    CHECK(blur->radius <= BLUR_MAX_RADIUS);
}

/* Integral from 0 to y of the half-width of a disc. */
static double disc_integral(double radius, double y)
{
    y = fmax(-radius, fmin(y, radius));
    return 0.5 * (y * sqrt(radius * radius - y * y) + radius * radius * asin(y / radius));
}

static struct blur disc_of(double diameter, int group)
{
    struct blur blur = blur_of_rows(diameter, group);
    double area = M_PI * diameter * diameter / 4.0;
    for (int k = 0; k < blur.count; k++) {
        double top = slab_row(&blur, k) - 0.5 * group;
        double part =
            disc_integral(diameter / 2.0, top + group) - disc_integral(diameter / 2.0, top);
        blur.slabs[k].half = part / group;
        blur.slabs[k].weight = part * 2.0 / area;
    }
    return blur;
}

/* The kernel of a family that has this size; its variance is what has to be right. */
typedef double spread(const void *family, double size, struct blur *blur);

/* Leaves in `blur` the kernel whose variance is `target`, or the one at the nearer end. Regula
 * falsi, where an end that stays is halved (Illinois). */
static void fit(spread *of, const void *family, double low, double high, double target,
                struct blur *blur)
{
    double below = of(family, low, blur) - target;
    if (below >= 0.0)
        return;
    double above = of(family, high, blur) - target;
    for (int i = 0, side = 0; i < FIT_STEPS && above > 0.0; i++) {
        double middle = (low * above - high * below) / (above - below);
        double off = of(family, middle, blur) - target;
        if (fabs(off) <= FIT_RATIO * target)
            break;
        if (off < 0.0) {
            above *= side < 0 ? 0.5 : 1.0;
            low = middle, below = off, side = -1;
        } else {
            below *= side > 0 ? 0.5 : 1.0;
            high = middle, above = off, side = 1;
        }
    }
}

static double disc_across(const void *group, double diameter, struct blur *blur)
{
    *blur = disc_of(diameter, *(const int *)group);
    return variance_along(blur, 0.0, 1.0);
}

static double disc_along(const void *family, double factor, struct blur *blur)
{
    *blur = *(const struct blur *)family;
    for (int k = 0; k < blur->count; k++)
        blur->slabs[k].half *= factor;
    return variance_along(blur, 1.0, 0.0);
}

struct blur blur_disc(double diameter_px)
{
    double diameter = fmin(diameter_px, CAMERA_MAX_BLUR_PX), target = diameter * diameter / 16.0;
    struct blur shape = {.group = 1, .count = 1, .slabs = {{0.0, 0.5, 1.0}}}, blur = shape;
    if (!(diameter > 0.01))
        return shape;
    int group = group_for(diameter);
    fit(disc_across, &group, 0.5 * diameter, diameter + 2.0, target, &shape);
    fit(disc_along, &shape, 0.5, 4.0 / fmin(diameter, 1.0), target, &blur);
    finish(&blur);
    return blur;
}

/* A line of that length along (x, y), y >= 0. No slab is narrower than a pixel: that is linear
 * interpolation between two. */
static struct blur line_of(double length, double x, double y, int group)
{
    double rise = 0.5 * length * y;
    struct blur blur = blur_of_rows(2.0 * rise, group);
    for (int k = 0; k < blur.count; k++) {
        double top = fmax(slab_row(&blur, k) - 0.5 * group, -rise);
        double bottom = fmin(slab_row(&blur, k) + 0.5 * group, rise);
        double run = length * x, share = 1.0, middle = 0.0; /* of a line within one slab */
        if (blur.count > 1) {
            share = fmax(0.0, bottom - top) / (2.0 * rise);
            middle = 0.5 * (top + bottom) * x / y;
        }
        double half = 0.5 * fabs(run) * share;
        blur.slabs[k] = (struct blur_slab){middle, fmax(half, 0.5), share};
    }
    return blur;
}

struct line_family {
    double x, y;
    int group;
};

static double line_along(const void *family, double length, struct blur *blur)
{
    const struct line_family *line = family;
    *blur = line_of(length, line->x, line->y, line->group);
    return variance_along(blur, line->x, line->y);
}

struct blur blur_line(double length_px, double direction)
{
    double length = fmin(length_px, CAMERA_MAX_BLUR_PX), target = length * length / 12.0;
    struct blur blur = {.group = 1, .count = 1, .slabs = {{0.0, 0.5, 1.0}}};
    if (!(length > 0.01))
        return blur;
    struct line_family line = {.x = cos(direction), .y = sin(direction)};
    if (line.y < 0.0)
        line.x = -line.x, line.y = -line.y;
    line.group = group_for(length * line.y);
    fit(line_along, &line, 0.0, length + 4.0, target, &blur);
    finish(&blur);
    return blur;
}

static int sums_pad(int radius)
{
    return radius + 3;
}

size_t blur_sums_size(int width, int height, int radius)
{
    return ((size_t)width + 2 * (size_t)sums_pad(radius)) * (size_t)height + BOX_SLACK;
}

/* Running sums of each row, sums[i] over the cells before i, carried on into pads at both ends. */
static void sum_rows(const struct canvas *from, float *sums, size_t stride, int pad)
{
    size_t start = (size_t)pad + 1, end = start + (size_t)from->width;
    running_sums(from, sums + start, stride);
    for (int y = 0; y < from->height; y++) {
        float *row = sums + (size_t)y * stride;
        memset(row, 0, start * sizeof *row);
        for (size_t x = end; x < stride; x++)
            row[x] = row[end - 1];
    }
}

/* Each row of sums becomes the sum of itself and the group - 1 rows after it. */
static void sum_groups(float *sums, size_t stride, int height, int group)
{
    for (int y = 0; y + group <= height; y++) {
        float *restrict out = sums + (size_t)y * stride;
        for (int j = 1; j < group; j++) {
            const float *restrict next = out + (size_t)j * stride;
            for (size_t x = 0; x < stride; x++)
                out[x] += next[x];
        }
    }
}

/* A box on a row of running sums, ends interpolated; `gain` is the weight of a full pixel. */
static struct box_taps taps_of(const struct blur_slab *slab, int group, const float *sums)
{
    double high = 0.5 + slab->centre + slab->half, low = 0.5 + slab->centre - slab->half;
    double gain = slab->weight / (2.0 * slab->half * group);
    int high_cell = (int)floor(high), low_cell = (int)floor(low);
    struct box_taps taps = {.end = sums + high_cell,
                            .start = sums + low_cell,
                            .end_right = (float)(gain * (high - high_cell)),
                            .start_right = (float)(gain * (low - low_cell))};
    taps.end_left = (float)gain - taps.end_right;
    taps.start_left = (float)gain - taps.start_right;
    return taps;
}

void blur_apply(const struct blur *blur, const struct canvas *from, const struct canvas *to,
                float *sums)
{
    const struct lanes *lanes = lanes_here();
    int pad = sums_pad(blur->radius);
    size_t stride = (size_t)(from->width + 2 * pad);
    sum_rows(from, sums, stride, pad);
    sum_groups(sums, stride, from->height, blur->group);
    for (int y = 0; y < to->height; y++) {
        struct box_taps taps[BLUR_MAX_SLABS];
        int count = 0;
        for (int k = 0; k < blur->count; k++) {
            int row = y + (int)slab_row(blur, k) - blur->group / 2;
            if (row >= 0 && row + blur->group <= from->height && blur->slabs[k].weight > 0.0)
                taps[count++] =
                    taps_of(&blur->slabs[k], blur->group, sums + (size_t)row * stride + pad);
        }
        lanes->add_boxes(taps, count, to->width, to->cells + (size_t)y * to->stride);
    }
}
