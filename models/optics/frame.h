/*
 * A frame: 8-bit grey pixels, row by row, as a sensor delivers them. The caller owns the pixels.
 */
#ifndef CASHPOINT_FRAME_H
#define CASHPOINT_FRAME_H

#include <stdint.h>

struct frame {
    unsigned width, height; /* pixels */
    unsigned stride;        /* bytes from row to row, >= width */
    uint8_t *pixels;
};

#endif
