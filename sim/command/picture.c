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
