#include "optics/camera_private.h"

/* One running sum waits for its own last addition at every step; four rows side by side do not. */
static void sum_four_rows(const float *from, size_t from_stride, float *to, size_t to_stride,
                          int width)
{
    const float *a = from, *b = a + from_stride, *c = b + from_stride, *d = c + from_stride;
    float *to_a = to, *to_b = to_a + to_stride, *to_c = to_b + to_stride, *to_d = to_c + to_stride;
    float sum_a = 0.0f, sum_b = 0.0f, sum_c = 0.0f, sum_d = 0.0f;
    for (int x = 0; x < width; x++) {
        to_a[x] = sum_a += a[x];
        to_b[x] = sum_b += b[x];
        to_c[x] = sum_c += c[x];
        to_d[x] = sum_d += d[x];
    }
}

void running_sums(const struct canvas *from, float *to, size_t to_stride)
{
    int y = 0;
    for (; y + 4 <= from->height; y += 4)
        sum_four_rows(from->cells + (size_t)y * from->stride, from->stride,
                      to + (size_t)y * to_stride, to_stride, from->width);
    for (; y < from->height; y++) {
        const float *cells = from->cells + (size_t)y * from->stride;
        float *row = to + (size_t)y * to_stride, sum = 0.0f;
        for (int x = 0; x < from->width; x++)
            row[x] = sum += cells[x];
    }
}
