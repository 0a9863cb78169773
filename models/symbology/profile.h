/*
 * Profiles: the grey values across the bars of a region, averaged along them.
 *
 * Pixels along a bar all say the same, so the mean of 16 lines has a quarter of the noise. A quick
 * profile takes the pixel nearest to where the line goes. It steps by whole pixels along the axis
 * that the line is nearest to, so that lines that lie nearly level are sums of pieces of rows.
 */
#ifndef CASHPOINT_PROFILE_H
#define CASHPOINT_PROFILE_H

#include "symbology/locate.h"

enum { PROFILE_MAX_SAMPLES = 4096, PROFILE_MAX_LINES = 64 };

/* Sample i lies in the frame at (x + i dx, y + i dy); pixels. */
struct profile {
    unsigned count;
    float x, y, dx, dy;
    float values[PROFILE_MAX_SAMPLES]; /* grey levels, 0 to 255 */
};

/* Across the region, `lines` lines thick (at most PROFILE_MAX_LINES) round `offset` pixels below
 * its centre (down the bars). What lies outside the frame is left out; where nothing is left, the
 * profile has no samples. */
void profile_take(const struct frame *frame, const struct region *region, float offset,
                  unsigned lines, struct profile *profile);

#endif
