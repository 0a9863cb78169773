#include "symbology/profile.h"

#include "engine/error.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* A frame seen so that lines run along its first axis, the major one. */
struct view {
    const uint8_t *pixels;
    ptrdiff_t major, minor; /* bytes from pixel to pixel */
    int length, width;      /* pixels along them */
};

/* Lines of a profile in a view: sample i of line j lies at major position first + shift(j) + i and
 * minor position low + j + slope * i. */
struct lines {
    int first, count;
    float low, slope;
    float lean; /* how far the bars go along the major axis with each line, negative */
};

static struct view view_of(const struct frame *frame, bool turned)
{
    ptrdiff_t stride = (ptrdiff_t)frame->stride;
    if (turned)
        return (struct view){frame->pixels, stride, 1, (int)frame->height, (int)frame->width};
    return (struct view){frame->pixels, 1, stride, (int)frame->width, (int)frame->height};
}

static int line_shift(const struct lines *lines, int j)
{
    return (int)lrintf(-lines->lean * (float)j);
}

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

/* Adds pieces of a row as long as the line stays in it. */
static void add_runs(const struct view *view, const struct lines *lines, int start, float minor,
                     uint16_t *restrict sums)
{
    for (int i = 0; i < lines->count;) {
        float here = minor + lines->slope * (float)i;
        int row = (int)floorf(here + 0.5f), end = lines->count;
        if (lines->slope != 0) {
            float to = lines->slope > 0 ? (float)row + 0.5f : (float)row - 0.5f;
            float run = ceilf((to - here) / lines->slope);
            end = run < (float)(lines->count - i) ? i + (int)run : lines->count;
        }
        end = end > i ? end : i + 1;
        const uint8_t *pixel =
            view->pixels + clamp(row, 0, view->width - 1) * view->minor + (start + i) * view->major;
        if (view->major == 1) {
            for (int k = 0; k < end - i; k++)
                sums[i + k] = (uint16_t)(sums[i + k] + pixel[k]);
        } else {
            for (int k = 0; k < end - i; k++)
                sums[i + k] = (uint16_t)(sums[i + k] + pixel[k * view->major]);
        }
        i = end;
    }
}

/* Pixel by pixel, for lines that lean much. */
static void add_samples(const struct view *view, const struct lines *lines, int start, float minor,
                        uint16_t *restrict sums)
{
    enum { FIXED = 16 };
    int32_t at = (int32_t)floorf((minor + 0.5f) * (1 << FIXED));
    int32_t step = (int32_t)lrintf(lines->slope * (1 << FIXED));
    const uint8_t *pixel = view->pixels + start * view->major;
    for (int i = 0; i < lines->count; i++, at += step, pixel += view->major)
        sums[i] = (uint16_t)(sums[i] + pixel[clamp(at >> FIXED, 0, view->width - 1) * view->minor]);
}

/* Cuts off what any of the lines has beyond the ends of the view. */
static void trim(const struct view *view, int thickness, struct lines *lines)
{
    int least = 0, most = 0;
    for (int j = 0; j<thickness; j += thickness> 1 ? thickness - 1 : 1) {
        int shift = line_shift(lines, j - thickness / 2);
        least = shift < least ? shift : least;
        most = shift > most ? shift : most;
    }
    int begin = lines->first + least < 0 ? -least - lines->first : 0;
    int end = lines->count;
    if (lines->first + most + end > view->length)
        end = view->length - lines->first - most;
    lines->first += begin;
    lines->low += lines->slope * (float)begin;
    lines->count = end > begin ? end - begin : 0;
}

void profile_take(const struct frame *frame, const struct region *region, float offset,
                  unsigned thickness, struct profile *profile)
{
    CHECK(thickness > 0 && thickness <= PROFILE_MAX_LINES);
    bool turned = fabsf(region->uy) > fabsf(region->ux);
    struct view view = view_of(frame, turned);
    float x = region->x - offset * region->uy, y = region->y + offset * region->ux;
    float major = turned ? y : x, minor = turned ? x : y;
    /* Along the line goes u + skew v, along the bars v = (-uy, ux). */
    float line_x = region->ux - region->skew * region->uy;
    float line_y = region->uy + region->skew * region->ux;
    float along = turned ? line_y : line_x, slope = (turned ? line_x : line_y) / along;
    float lean = turned ? region->ux / region->uy : region->uy / region->ux;
    int samples = (int)ceilf(region->length * fabsf(along));
    struct lines lines = {(int)floorf(major - 0.5f * (float)samples), samples, 0, slope, lean};
    lines.count = clamp(lines.count, 0, PROFILE_MAX_SAMPLES);
    /* Pixel k covers k to k + 1: its centre counts. */
    lines.low = minor - 0.5f + slope * ((float)lines.first + 0.5f - major);
    trim(&view, (int)thickness, &lines);
    uint16_t sums[PROFILE_MAX_SAMPLES];
    memset(sums, 0, (size_t)lines.count * sizeof *sums);
    for (int j = 0; j < (int)thickness; j++) {
        int line = j - (int)thickness / 2, shift = line_shift(&lines, line);
        (fabsf(slope) < 0.03f ? add_runs : add_samples)(&view, &lines, lines.first + shift,
                                                       lines.low + (float)line, sums);
    }
    profile->count = (unsigned)lines.count;
    for (int i = 0; i < lines.count; i++)
        profile->values[i] = (float)sums[i] / (float)thickness;
    float first = (float)lines.first + 0.5f, low = lines.low + 0.5f;
    profile->x = turned ? low : first;
    profile->y = turned ? first : low;
    profile->dx = turned ? slope : 1;
    profile->dy = turned ? 1 : slope;
}
