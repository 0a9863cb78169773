/*
 * PNG files in and out: the only place that knows libpng.
 *
 * Anyone's file is bad input until proved otherwise: limits are set before the first byte is
 * decoded, so that a 400 kB bomb of 20000 x 20000 pixels is refused in under a millisecond.
 * Limits: a regular file of at most 32 MiB, 4096 pixels a side and 12 megapixels in all.
 */
#ifndef CASHPOINT_FRAME_PNG_H
#define CASHPOINT_FRAME_PNG_H

#include "engine/error.h"
#include "optics/frame.h"

enum { FRAME_PNG_MAX_SIDE = 4096, FRAME_PNG_MAX_PIXELS = 12000000, FRAME_PNG_MAX_BYTES = 32 << 20 };

/* Reads any PNG (grey, RGB, RGBA, palette, 1 to 16 bits) as 8-bit grey; alpha is laid on white.
 * `frame->pixels` is malloc'd here and freed by the caller. */
bool frame_png_read(const char *path, struct frame *frame, struct error *error);

/* Writes grey 8-bit PNG, atomically (a temporary file, then rename). */
bool frame_png_write(const char *path, const struct frame *frame, struct error *error);

#endif
