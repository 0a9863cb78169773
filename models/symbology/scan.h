/*
 * ZBar, set up strictly: Code 128 alone, a fresh scanner a scan, and every line checked.
 *
 * A scanner costs about 2 us to make, and a fresh one carries nothing from frame to frame, so that
 * what a frame holds can never depend on the frames before it.
 *
 * ZBar alone misreads about one in ten thousand hard frames (blurred, noisy, narrow bars), and one
 * blurred code of letters in a hundred, for Code 128's own check is one of 103. So each line that
 * ZBar reads is read again by its edges (line128.h): another string, or an edge that lies too far
 * off, and the line counts for nothing.
 */
#ifndef CASHPOINT_SCAN_H
#define CASHPOINT_SCAN_H

#include "symbology/code128.h"
#include "symbology/symbology.h"

enum { SCAN_MAX_FOUND = 8 };

struct scan_found {
    char text[PAYLOAD_MAX_BYTES + 1]; /* bytes, cut to fit, and a zero */
    unsigned length;                  /* bytes, uncut */
    bool digits;                      /* nothing but digits, in set C */
    unsigned lines;                   /* scan lines that read it, at least 1 */
    float off;                        /* the worst edge of the best line, modules */
    float module_px, contrast;        /* of that line; the contrast of 1 */
    struct grade grade;
    /* Around the ends of the lines, pixels of the scanned image. */
    float left, top, right, bottom;
};

struct scan_result {
    unsigned count; /* different strings */
    struct scan_found found[SCAN_MAX_FOUND];
};

/* Reads every `every`-th row of width x height grey pixels without gaps, to and fro, and every
 * `every`-th column too on wish. */
void scan_image(const uint8_t *pixels, unsigned width, unsigned height, unsigned every,
                bool columns_too, float max_off_modules, struct scan_result *result);

#endif
