/*
 * A code image: the grid of black and white display pixels that a token shows.
 *
 * This is what the patent's conversion module hands to the display module. One bit is one display
 * pixel (1 = dark). It says nothing about metres, light or cameras: those are optics.
 */
#ifndef CASHPOINT_CODE_IMAGE_H
#define CASHPOINT_CODE_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

enum { CODE_IMAGE_MAX_WIDTH = 256, CODE_IMAGE_MAX_HEIGHT = 128 };

struct code_image {
    uint16_t width, height; /* display pixels */
    uint16_t module_px;     /* display pixels of the narrowest bar or module */
    uint8_t bits[CODE_IMAGE_MAX_HEIGHT][CODE_IMAGE_MAX_WIDTH / 8]; /* bit 7 is the leftmost */
};

static inline bool code_image_dark(const struct code_image *image, unsigned x, unsigned y)
{
    return image->bits[y][x / 8] >> (7 - x % 8) & 1;
}

#endif
