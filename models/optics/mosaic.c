/*
 * Colour filters before the pixels, and a grey picture made of what they let through.
 *
 * The scene is grey, so a pixel's colour only changes how much light it gets: red and blue ones get
 * less, and more of their signal is noise. White balance scales each back to what green has; then
 * each pixel becomes the mean of its 3 x 3 neighbourhood weighted 1 2 1, 2 4 2, 1 2 1. Wherever
 * that is centred it holds a quarter of red, a half of green and a quarter of blue: no pattern is
 * left, at the price of some sharpness, as in cameras. (Bilinear demosaicing, then R + 2 G + B.)
 */
#include "optics/camera_private.h"

/* RGGB: red where both coordinates are even, blue where both are odd. */
static double response(const struct camera *camera, unsigned x, unsigned y)
{
    bool odd_x = x % 2 != 0, odd_y = y % 2 != 0;
    return odd_x != odd_y ? 1.0 : odd_x ? camera->blue : camera->red;
}

void mosaic_filter_row(const struct camera *camera, unsigned y, float *irradiance)
{
    float even = (float)response(camera, 0, y), odd = (float)response(camera, 1, y);
    for (unsigned x = 0; x < camera->width; x++)
        irradiance[x] *= x % 2 == 0 ? even : odd;
}

/* Balanced, and summed 1 2 1 along the row; beyond the border the row is mirrored, which keeps the
 * colours in their order. */
static void balance_row(const struct camera *camera, const struct frame *frame, unsigned y,
                        float *sums)
{
    const uint8_t *bytes = frame->pixels + (size_t)y * frame->stride;
    float dark = (float)camera->dark_dn;
    float gains[2] = {(float)(1.0 / response(camera, 0, y)), (float)(1.0 / response(camera, 1, y))};
    unsigned last = frame->width - 1;
    for (unsigned x = 0; x <= last; x++) {
        unsigned left = x > 0 ? x - 1 : last > 0 ? 1 : 0;
        unsigned right = x < last ? x + 1 : last > 0 ? last - 1 : 0;
        float beside =
            gains[(x + 1) % 2] * ((float)bytes[left] + (float)bytes[right] - 2.0f * dark);
        sums[x] = 2.0f * gains[x % 2] * ((float)bytes[x] - dark) + beside;
    }
}

void mosaic_to_grey(const struct camera *camera, float *work, struct frame *frame)
{
    unsigned last = frame->height - 1;
    for (unsigned y = 0; y <= last; y++)
        balance_row(camera, frame, y, work + (size_t)y * frame->width);
    for (unsigned y = 0; y <= last; y++) {
        const float *here = work + (size_t)y * frame->width;
        const float *above = work + (size_t)(y > 0 ? y - 1 : last > 0 ? 1 : 0) * frame->width;
        const float *below = work + (size_t)(y < last   ? y + 1
                                             : last > 0 ? last - 1
                                                        : 0) *
                                        frame->width;
        uint8_t *bytes = frame->pixels + (size_t)y * frame->stride;
        for (unsigned x = 0; x < frame->width; x++) {
            float grey = (float)camera->dark_dn + (above[x] + 2.0f * here[x] + below[x]) / 16.0f;
            grey = grey > 0.0f ? grey : 0.0f;
            bytes[x] = (uint8_t)(int)((grey < 255.0f ? grey : 255.0f) + 0.5f);
        }
    }
}
