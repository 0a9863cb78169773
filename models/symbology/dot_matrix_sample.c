#include "symbology/dot_matrix_sample.h"

#include "symbology/grey_at.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BOX = 4 };

struct dot_matrix_sampler {
    struct frame plane; /* what is looked at: averaged, or the frame itself */
    float left, top;    /* of the plane in the frame, such that pixel centres agree */
    uint8_t *averaged;  /* owned */
    size_t capacity;
};

struct dot_matrix_sampler *dot_matrix_sampler_new(void)
{
    struct dot_matrix_sampler *sampler = calloc(1, sizeof *sampler);
    CHECK(sampler != NULL);
    return sampler;
}

void dot_matrix_sampler_free(struct dot_matrix_sampler *sampler)
{
    if (sampler == NULL)
        return;
    free(sampler->averaged);
    free(sampler);
}

/* ---- means of squares ---- */

struct region {
    unsigned left, top, width, height;
};

static unsigned inside(float value, unsigned most)
{
    return !(value > 0) ? 0 : value < (float)most ? (unsigned)value : most;
}

static struct region region_of(const struct frame *frame, const struct quad *quad)
{
    float left = INFINITY, top = INFINITY, right = 0, bottom = 0;
    for (int i = 0; i < 4; i++) {
        left = fminf(left, quad->corners[i].x);
        top = fminf(top, quad->corners[i].y);
        right = fmaxf(right, quad->corners[i].x);
        bottom = fmaxf(bottom, quad->corners[i].y);
    }
    float margin = 6 + 0.02f * (right - left + bottom - top);
    struct region region = {inside(left - margin, frame->width - 2),
                            inside(top - margin, frame->height - 2), 0, 0};
    region.width = inside(right + margin, frame->width) - region.left;
    region.height = inside(bottom + margin, frame->height) - region.top;
    return region;
}

static void reserve(struct dot_matrix_sampler *sampler, const struct region *region)
{
    size_t need = (size_t)region->width * region->height;
    if (need > sampler->capacity) {
        free(sampler->averaged);
        sampler->averaged = malloc(need);
        CHECK(sampler->averaged != NULL);
        sampler->capacity = need;
    }
}

enum { CHUNK = 128 };

static inline uint8_t mean(uint8_t a, uint8_t b)
{
    return (uint8_t)((a + b + 1) >> 1);
}

/* Means of 2, 3 (weighted 1, 2, 1) or 4 values, each `step` behind the one before: of means of two,
 * rounded up, for which processors have an instruction. */
static inline __attribute__((always_inline)) void mean_chunk(const uint8_t *restrict in,
                                                             size_t step, unsigned box,
                                                             unsigned width, uint8_t *restrict out)
{
    for (unsigned x = 0; x < width; x++) {
        const uint8_t *at = in + x;
        out[x] = box == 2   ? mean(at[0], at[step])
                 : box == 3 ? mean(mean(at[0], at[2 * step]), at[step])
                            : mean(mean(at[0], at[step]), mean(at[2 * step], at[3 * step]));
    }
}

static inline __attribute__((always_inline)) void
mean_square(const uint8_t *rows, size_t stride, unsigned box, unsigned width, uint8_t *out)
{
    uint8_t columns[CHUNK + MAX_BOX] = {0}, means[CHUNK];
    mean_chunk(rows, stride, box, width + box - 1, columns);
    mean_chunk(columns, 1, box, CHUNK, means);
    memcpy(out, means, width);
}

static void mean_row(const uint8_t *rows, size_t stride, unsigned box, unsigned width, uint8_t *out)
{
    for (unsigned x = 0; x < width; x += CHUNK) {
        unsigned count = width - x < CHUNK ? width - x : CHUNK;
        if (box == 2)
            mean_square(rows + x, stride, 2, count, out + x);
        else if (box == 3)
            mean_square(rows + x, stride, 3, count, out + x);
        else
            mean_square(rows + x, stride, 4, count, out + x);
    }
}

static void average(struct dot_matrix_sampler *sampler, const struct frame *frame,
                    const struct region *region, unsigned box)
{
    unsigned width = region->width - box + 1, height = region->height - box + 1;
    reserve(sampler, region);
    for (unsigned y = 0; y < height; y++) {
        const uint8_t *rows =
            frame->pixels + (size_t)(region->top + y) * frame->stride + region->left;
        mean_row(rows, frame->stride, box, width, sampler->averaged + (size_t)y * width);
    }
    float off = 0.5f * (float)(box - 1);
    sampler->plane = (struct frame){width, height, width, sampler->averaged};
    sampler->left = (float)region->left + off;
    sampler->top = (float)region->top + off;
}

float dot_matrix_pixel_px(const struct quad *quad, float width, float height)
{
    const struct corner *c = quad->corners;
    float area =
        0.5f * ((c[2].x - c[0].x) * (c[3].y - c[1].y) - (c[3].x - c[1].x) * (c[2].y - c[0].y));
    return sqrtf(fmaxf(area, 0) / (width * height));
}

double dot_matrix_sampler_area(const struct frame *frame, const struct quad *quad)
{
    struct region region = region_of(frame, quad);
    return (double)region.width * region.height;
}

void dot_matrix_sampler_look_at(struct dot_matrix_sampler *sampler, const struct frame *frame,
                                const struct quad *quad, float pixel_px)
{
    struct region region = region_of(frame, quad);
    unsigned box = pixel_px > 3.6f ? 4 : pixel_px > 2.6f ? 3 : pixel_px > 1.6f ? 2 : 1;
    sampler->plane = *frame;
    sampler->left = sampler->top = 0;
    if (box > 1 && region.width > 2 * MAX_BOX && region.height > 2 * MAX_BOX)
        average(sampler, frame, &region, box);
}

/* ---- cells ---- */

/* Adds up, for each column, the grey values of its display pixels of one row. */
static void add_row(const struct dot_matrix_sampler *sampler,
                    const struct dot_matrix_layout *layout, const struct dot_matrix_view *view,
                    unsigned y, int32_t *sums)
{
    float xs[CODE_IMAGE_MAX_WIDTH], ys[CODE_IMAGE_MAX_WIDTH];
    int across[CODE_IMAGE_MAX_WIDTH], down[CODE_IMAGE_MAX_WIDTH];
    unsigned count = layout->columns * layout->block_width;
    const struct frame *plane = &sampler->plane;
    dot_matrix_view_row(view, (float)y + 0.5f, (float)layout->left + 0.5f, 1, count, xs, ys);
    for (unsigned i = 0; i < count; i++) {
        across[i] = grey_place(xs[i] - sampler->left, plane->width);
        down[i] = grey_place(ys[i] - sampler->top, plane->height);
    }
    for (unsigned i = 0, column = 0; i < count; column++)
        for (unsigned k = 0; k < layout->block_width; k++, i++)
            sums[column] += grey_at_place(plane, across[i], down[i]);
}

void dot_matrix_sample(const struct dot_matrix_sampler *sampler,
                       const struct dot_matrix_layout *layout, const struct dot_matrix_view *view,
                       float *greys)
{
    int32_t sums[CODE_IMAGE_MAX_WIDTH];
    float scale = 1.0f / (256.0f * (float)(layout->block_width * layout->block_height));
    for (unsigned row = 0; row < layout->rows; row++, greys += layout->columns) {
        memset(sums, 0, layout->columns * sizeof *sums);
        for (unsigned k = 0; k < layout->block_height; k++)
            add_row(sampler, layout, view, layout->top + row * layout->block_height + k, sums);
        for (unsigned column = 0; column < layout->columns; column++)
            greys[column] = (float)sums[column] * scale;
    }
}

/* ---- the quiet zone ---- */

float dot_matrix_quiet_grey(const struct dot_matrix_sampler *sampler,
                            const struct dot_matrix_layout *layout,
                            const struct dot_matrix_view *view)
{
    enum { PLACES = 16 };
    float low = (float)layout->quiet - 2.5f, right = (float)layout->width - low;
    float bottom = (float)layout->height - low;
    int sum = 0;
    for (int i = 0; i < PLACES; i++) {
        float part = ((float)i + 0.5f) / PLACES;
        float x = part * (float)layout->width, y = part * (float)layout->height;
        const float places[4][2] = {{x, low}, {x, bottom}, {low, y}, {right, y}};
        for (int k = 0; k < 4; k++) {
            struct corner at = dot_matrix_view_point(view, places[k][0], places[k][1]);
            sum += grey_at(&sampler->plane, at.x - sampler->left, at.y - sampler->top);
        }
    }
    return (float)sum / (256.0f * 4 * PLACES);
}

/* ---- timing ---- */

struct agreement {
    float agree, size;
};

/* Two pixels on lies the opposite: their difference should be as wanted. */
static void compare(const int *greys, const bool *dark, unsigned count, struct agreement *agreement)
{
    for (unsigned i = 0; i + DOT_MATRIX_PERIOD / 2 < count; i++) {
        int difference = greys[i + DOT_MATRIX_PERIOD / 2] - greys[i];
        agreement->agree += (float)(dark[i] ? difference : -difference);
        agreement->size += (float)abs(difference);
    }
}

float dot_matrix_timing(const struct dot_matrix_sampler *sampler,
                        const struct dot_matrix_layout *layout, const struct dot_matrix_view *view)
{
    struct agreement agreement = {0, 1};
    unsigned inner = layout->left - DOT_MATRIX_TIMING;
    for (int vertical = 0; vertical < 2; vertical++) {
        int greys[CODE_IMAGE_MAX_WIDTH];
        bool dark[CODE_IMAGE_MAX_WIDTH];
        unsigned end = (vertical ? layout->height : layout->width) - inner, count = 0;
        for (unsigned at = inner; at < end; at++, count++) {
            float middle = (float)inner + 0.5f * DOT_MATRIX_TIMING, along = (float)at + 0.5f;
            struct corner place =
                dot_matrix_view_point(view, vertical ? middle : along, vertical ? along : middle);
            greys[count] =
                grey_at(&sampler->plane, place.x - sampler->left, place.y - sampler->top);
            dark[count] =
                dot_matrix_fixed_dark(layout, vertical ? inner : at, vertical ? at : inner);
        }
        compare(greys, dark, count, &agreement);
    }
    return agreement.agree / agreement.size;
}
