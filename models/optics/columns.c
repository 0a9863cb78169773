/*
 * A kernel laid over a picture, column by column: first each column of the kernel by itself, which
 * moves along no row, so that all loads are of the same pixels; then the sum of these, each moved
 * by its place. Of a kernel that is its own mirror, the rows above and below are added first, and
 * columns to the left serve to the right.
 */
#include "optics/camera_private.h"
#include "optics/lanes.h"

#include "engine/error.h"

#include <string.h>

enum { SIDE = 2 * KERNEL_MAX_RADIUS + 1, PAD = 32 }; /* pad: a multiple of the widest vector */

_Static_assert((int)PAD >= (int)KERNEL_MAX_RADIUS, "columns move into it");

_Static_assert((int)LANES_MAX_ROWS >= (int)SIDE, "as many rows as a kernel has");

/* From the first to the last weight of a column that is not zero. */
static struct column_taps trim(const float *weights, int count)
{
    int first = 0;
    while (count > 0 && weights[count - 1] == 0.0f)
        count--;
    while (first < count && weights[first] == 0.0f)
        first++;
    return (struct column_taps){.weights = weights + first, .first = first, .count = count - first};
}

struct layout {
    int radius,
        skipped;        /* columns and rows that are left out of the first half of a mirrored one */
    int count;          /* of columns, and of rows */
    size_t stride;      /* of the columns' sums */
    const float *zeros; /* a row */
    struct column_taps columns[SIDE];
    const float *moved[SIDE];
};

static struct layout lay_out(const struct kernel *kernel, int width, float *work)
{
    struct layout out = {.radius = kernel->radius,
                         .skipped = kernel->mirrored ? kernel->radius : 0,
                         .stride = ((size_t)width + 2 * PAD + PAD - 1) / PAD * PAD};
    out.count = 2 * kernel->radius + 1 - out.skipped;
    memset(work, 0, ((size_t)out.count * out.stride + (size_t)width) * sizeof *work);
    for (int i = 0; i < out.count; i++) {
        float *sums = work + (size_t)i * out.stride + PAD;
        out.columns[i] = trim(kernel->columns[out.skipped + i] + out.skipped, out.count);
        out.columns[i].out = sums;
        int x = i - (kernel->radius - out.skipped);
        out.moved[kernel->mirrored ? out.radius + i : i] = sums + x;
        if (kernel->mirrored)
            out.moved[out.radius - i] = sums - x;
    }
    out.zeros = work + (size_t)out.count * out.stride;
    return out;
}

static const float *row_or_zeros(const struct layout *layout, const struct canvas *from, int y)
{
    bool inside = y >= 0 && y < from->height;
    return inside ? from->cells + (size_t)y * from->stride : layout->zeros;
}

size_t kernel_sums_size(int width)
{
    return (size_t)(SIDE + 1) * (size_t)(width + 3 * PAD);
}

void kernel_apply(const struct kernel *kernel, const struct canvas *from, const struct canvas *to,
                  float *sums)
{
    const struct lanes *lanes = lanes_here();
    const struct layout layout = lay_out(kernel, from->width, sums);
    for (int y = 0; y < to->height; y++) {
        struct row_pair rows[SIDE];
        for (int k = 0; k < layout.count; k++) {
            int down = k - (layout.radius - layout.skipped);
            rows[k].one = row_or_zeros(&layout, from, y + down);
            rows[k].other =
                kernel->mirrored && k > 0 ? row_or_zeros(&layout, from, y - down) : NULL;
        }
        lanes->weigh_columns(rows, layout.count, layout.columns, layout.count, from->width);
        lanes->add_rows(layout.moved, 2 * layout.radius + 1, from->width,
                        to->cells + (size_t)y * to->stride);
    }
}
