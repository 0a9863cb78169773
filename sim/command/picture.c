#include "picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DOT_PX = 6, MARGIN_DOTS = 6 };

struct frame picture_new(unsigned width, unsigned height, uint8_t grey)
{
    struct frame frame = {width, height, width, malloc((size_t)width * height)};
    CHECK(frame.pixels != NULL);
    memset(frame.pixels, grey, (size_t)width * height);
    return frame;
}

static void draw_dot(struct frame *frame, unsigned x, unsigned y)
{
    for (unsigned row = 0; row < DOT_PX; row++)
        memset(frame->pixels + (size_t)(y * DOT_PX + row) * frame->stride + x * DOT_PX, 0, DOT_PX);
}

struct frame picture_of_code(const struct code_image *image)
{
    struct frame frame = picture_new((image->width + 2 * MARGIN_DOTS) * DOT_PX,
                                     (image->height + 2 * MARGIN_DOTS) * DOT_PX, 255);
    for (unsigned y = 0; y < image->height; y++)
        for (unsigned x = 0; x < image->width; x++)
            if (code_image_dark(image, x, y))
                draw_dot(&frame, x + MARGIN_DOTS, y + MARGIN_DOTS);
    return frame;
}

/* How much of the pixel `at` of a line lies within [start, end). */
static double overlap(unsigned at, double start, double end)
{
    return fmin(end, at + 1.0) - fmax(start, (double)at);
}

static uint8_t mean_grey(const struct frame *frame, double left, double top, double right,
                         double bottom)
{
    double sum = 0.0;
    for (unsigned y = (unsigned)top; y < frame->height && y < bottom; y++)
        for (unsigned x = (unsigned)left; x < frame->width && x < right; x++)
            sum += overlap(x, left, right) * overlap(y, top, bottom) *
                   frame->pixels[(size_t)y * frame->stride + x];
    return (uint8_t)lrint(fmin(sum / ((right - left) * (bottom - top)), 255.0));
}

void picture_shrink(const struct frame *from, struct frame *to)
{
    double across = (double)from->width / to->width, down = (double)from->height / to->height;
    CHECK(across >= 1.0 && down >= 1.0);
    for (unsigned y = 0; y < to->height; y++)
        for (unsigned x = 0; x < to->width; x++)
            to->pixels[(size_t)y * to->stride + x] =
                mean_grey(from, x * across, y * down, (x + 1) * across, (y + 1) * down);
}

static unsigned window(double middle, unsigned length, unsigned whole)
{
    double start = floor(middle - 0.5 * length);
    return !(start > 0.0) ? 0 : start > whole - length ? whole - length : (unsigned)start;
}

void picture_magnify(const struct frame *from, double x, double y, unsigned times, struct frame *to)
{
    unsigned width = to->width / times, height = to->height / times;
    CHECK(width <= from->width && height <= from->height);
    unsigned left = window(x, width, from->width), top = window(y, height, from->height);
    for (unsigned v = 0; v < to->height; v++)
        for (unsigned u = 0; u < to->width; u++)
            to->pixels[(size_t)v * to->stride + u] =
                from->pixels[(size_t)(top + v / times) * from->stride + left + u / times];
}

void picture_describe(FILE *out, const struct shot *shot)
{
    const struct pose *pose = &shot->conditions.pose;
    const double degree = 180.0 / M_PI;
    fprintf(out, "distance %.0f mm, yaw %.1f deg, pitch %.1f deg, roll %.1f deg, hand %.0f mm/s\n",
            pose->distance_m * 1e3, pose->yaw * degree, pose->pitch * degree, pose->roll * degree,
            pose->speed_m_s * 1e3);
    fprintf(out, "module %.2f px, defocus %.2f px, motion %.2f px\n", shot->geometry.module_px,
            shot->geometry.defocus_px, shot->geometry.motion_px);
}
