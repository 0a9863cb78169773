#include "symbology/dot_matrix_unmix.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAD = 2, /* cells around, which count as grey */
    TAPS = 2 * PAD + 1,
    ROUNDS = 4,
    MOST = (CODE_IMAGE_MAX_WIDTH + 2 * PAD) * (CODE_IMAGE_MAX_HEIGHT + 2 * PAD)
};

struct dot_matrix_unmix {
    unsigned pitch, rows; /* with the padding */
    float seen[MOST], guess[MOST], rest[MOST], half_way[MOST], trust[MOST];
};

struct dot_matrix_unmix *dot_matrix_unmix_new(void)
{
    struct dot_matrix_unmix *scratch = calloc(1, sizeof *scratch);
    CHECK(scratch != NULL);
    return scratch;
}

void dot_matrix_unmix_free(struct dot_matrix_unmix *scratch)
{
    free(scratch);
}

/* ---- the kernel ---- */

/* Twice [b, 1 - 2 b, b]: near a normal curve of variance 4 b. */
static void kernel_of(float b, float taps[TAPS])
{
    float a = 1 - 2 * b;
    taps[0] = taps[4] = b * b;
    taps[1] = taps[3] = 2 * a * b;
    taps[2] = a * a + 2 * b * b;
}

/* Sum of products of the taps, `lag` apart. */
static float overlap(const float taps[TAPS], int lag)
{
    float sum = 0;
    for (int i = 0; i + lag < TAPS; i++)
        sum += taps[i] * taps[i + lag];
    return sum;
}

/* The kernel whose neighbours are alike as much as wanted, the other direction's blur known. */
static void fit_kernel(float wanted, float other, float taps[TAPS])
{
    float low = 0, high = 0.28f;
    for (int i = 0; i < 12; i++) {
        float middle = 0.5f * (low + high);
        kernel_of(middle, taps);
        if (overlap(taps, 1) * other < wanted)
            low = middle;
        else
            high = middle;
    }
    kernel_of(low, taps);
}

static float covariance(const struct dot_matrix_unmix *scratch, unsigned columns, unsigned lag)
{
    float total = 0;
    unsigned count = 0;
    for (unsigned y = PAD; y < scratch->rows - PAD; y++) {
        const float *row = scratch->seen + (size_t)y * scratch->pitch + PAD;
        float sum = 0;
        for (unsigned x = 0; x < columns; x++) /* beyond the cells there are zeros */
            sum += row[x] * row[x + lag];
        total += sum;
        count += columns;
    }
    return total / (float)count;
}

static void find_kernels(const struct dot_matrix_unmix *scratch, unsigned columns,
                         float across[TAPS], float down[TAPS])
{
    float along_rows = covariance(scratch, columns, 1);
    float along_columns = covariance(scratch, columns, scratch->pitch);
    kernel_of(0.05f, across);
    for (int i = 0; i < 3; i++) {
        fit_kernel(along_columns, overlap(across, 0), down);
        fit_kernel(along_rows, overlap(down, 0), across);
    }
}

/* ---- folding ---- */

static void fold_rows(const struct dot_matrix_unmix *scratch, const float taps[TAPS],
                      const float *restrict in, float *restrict out)
{
    size_t count = (size_t)scratch->pitch * scratch->rows - TAPS + 1;
    for (size_t i = 0; i < count; i++) /* over the padding, too */
        out[i + PAD] =
            taps[0] * (in[i] + in[i + 4]) + taps[1] * (in[i + 1] + in[i + 3]) + taps[2] * in[i + 2];
}

static void fold_columns(const struct dot_matrix_unmix *scratch, const float taps[TAPS],
                         const float *restrict in, float *restrict out)
{
    ptrdiff_t pitch = (ptrdiff_t)scratch->pitch;
    for (unsigned y = PAD; y < scratch->rows - PAD; y++) {
        const float *row = in + (ptrdiff_t)y * pitch;
        for (ptrdiff_t x = PAD; x < pitch - PAD; x++)
            out[(ptrdiff_t)y * pitch + x] = taps[0] * (row[x - 2 * pitch] + row[x + 2 * pitch]) +
                                            taps[1] * (row[x - pitch] + row[x + pitch]) +
                                            taps[2] * row[x];
    }
}

static void fold(struct dot_matrix_unmix *scratch, const float across[TAPS], const float down[TAPS],
                 const float *in, float *out)
{
    fold_rows(scratch, across, in, scratch->half_way);
    fold_columns(scratch, down, scratch->half_way, out);
}

/* ---- guesses ---- */

/* The hyperbolic tangent, to 0.02; libm's may differ from machine to machine in its last bit. */
static inline float mean_of_bit(float half_odds)
{
    float t = half_odds > 3 ? 3 : half_odds < -3 ? -3 : half_odds;
    return t * (27 + t * t) / (27 + 9 * t * t);
}

static void first_guess(struct dot_matrix_unmix *scratch, float noise)
{
    for (size_t i = 0; i < (size_t)scratch->pitch * scratch->rows; i++)
        scratch->guess[i] = mean_of_bit(scratch->seen[i] * scratch->trust[i] / noise);
}

/* What the guesses leave unexplained; returns its mean square. */
static float explain(struct dot_matrix_unmix *scratch, unsigned columns, const float across[TAPS],
                     const float down[TAPS])
{
    float total = 0;
    fold(scratch, across, down, scratch->guess, scratch->rest);
    for (unsigned y = PAD; y < scratch->rows - PAD; y++) {
        size_t start = (size_t)y * scratch->pitch + PAD;
        float sum = 0;
        for (size_t i = start; i < start + columns; i++) {
            scratch->rest[i] = scratch->seen[i] - scratch->rest[i];
            sum += scratch->rest[i] * scratch->rest[i];
        }
        total += sum;
    }
    return total / (float)(columns * (scratch->rows - 2 * PAD));
}

/* Moves the guesses half of the way; values become what the matched filter says. */
static void improve(struct dot_matrix_unmix *scratch, unsigned columns, const float across[TAPS],
                    const float down[TAPS], float noise, float *values)
{
    float energy = overlap(across, 0) * overlap(down, 0);
    fold_rows(scratch, across, scratch->rest, scratch->half_way);
    fold_columns(scratch, down, scratch->half_way, scratch->rest);
    for (unsigned y = PAD; y < scratch->rows - PAD; y++) {
        size_t start = (size_t)y * scratch->pitch + PAD;
        for (size_t x = 0; x < columns; x++) {
            size_t i = start + x;
            float value = scratch->rest[i] / energy + scratch->guess[i];
            float bit = mean_of_bit(value * energy * scratch->trust[i] / noise);
            scratch->guess[i] = 0.5f * (scratch->guess[i] + bit);
            values[x] = value;
        }
        values += columns;
    }
}

/* ---- all ---- */

static void load(struct dot_matrix_unmix *scratch, const struct dot_matrix_layout *layout,
                 float part, const float *values, const float *weights)
{
    scratch->pitch = layout->columns + 2 * PAD;
    scratch->rows = layout->rows + 2 * PAD;
    size_t all = (size_t)scratch->pitch * scratch->rows;
    float mean = 0;
    for (unsigned i = 0; i < layout->cells; i++)
        mean += weights[i] / (float)layout->cells;
    memset(scratch->seen, 0, all * sizeof *scratch->seen);
    memset(scratch->trust, 0, all * sizeof *scratch->trust);
    memset(scratch->rest, 0, all * sizeof *scratch->rest);
    memset(scratch->half_way, 0, all * sizeof *scratch->half_way);
    for (unsigned i = 0; i < layout->cells; i++) {
        size_t at =
            (size_t)(i / layout->columns + PAD) * scratch->pitch + i % layout->columns + PAD;
        scratch->seen[at] = part * values[i];
        scratch->trust[at] = weights[i] / mean;
    }
}

void dot_matrix_unmix(struct dot_matrix_unmix *scratch, const struct dot_matrix_layout *layout,
                      float part, float *values, float *weights)
{
    float across[TAPS], down[TAPS], noise = 0.5f;
    unsigned columns = layout->columns;
    load(scratch, layout, part, values, weights);
    find_kernels(scratch, columns, across, down);
    first_guess(scratch, noise);
    for (int round = 0; round < ROUNDS; round++) {
        noise = explain(scratch, columns, across, down) + 0.002f;
        improve(scratch, columns, across, down, noise, values);
    }
    float weight = 2 * overlap(across, 0) * overlap(down, 0) / noise;
    for (unsigned i = 0; i < layout->cells; i++) {
        size_t at = (size_t)(i / columns + PAD) * scratch->pitch + i % columns + PAD;
        weights[i] = weight * scratch->trust[at];
    }
}
