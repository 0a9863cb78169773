/*
 * A fine profile: every pixel of a region, put where it lies across the bars to a part of a pixel.
 *
 * A pixel at (x, y) goes into the bin of x ux + y uy. Where the bars lean against the rows of
 * pixels, bins narrower than a pixel fill up, and the profile is sharper than the pixels are (the
 * slanted edge of ISO 12233). The region is cut along the bars into strips first, for in
 * perspective the bars fan out and their direction is not known exactly: strips are shifted and
 * stretched against each other until their sum is most contrasty.
 */
#ifndef CASHPOINT_FINE_H
#define CASHPOINT_FINE_H

#include "symbology/budget.h"
#include "symbology/locate.h"

#include <stdbool.h>

enum { FINE_MAX_STRIPS = 16, FINE_MAX_BINS = 4096 };

struct fine {
    unsigned bins, strips;
    float per_px;                 /* bins a pixel */
    float first;                  /* where bin 0 begins, pixels across from the region's centre */
    float along[FINE_MAX_STRIPS]; /* middle of each strip, pixels along the bars, less the skew */
    bool used[FINE_MAX_STRIPS];   /* strips that show the same bars as the others */
    unsigned used_count;
    float lean, fan;          /* a bar at `s` across is found at s + (lean + fan s) v, `v` along */
    float noise;              /* standard deviation of the sum's values */
    float sum[FINE_MAX_BINS]; /* mean of the strips used, grey levels */
    float values[FINE_MAX_STRIPS][FINE_MAX_BINS]; /* of each strip */
};

/* False where the budget forbids it or too little of the region lies in the frame. */
bool fine_take(const struct frame *frame, const struct region *region, float per_px,
               struct budget *budget, struct fine *fine);

/* Where in the frame `s` pixels across, `v` along lie, as the strips were aligned. */
void fine_place(const struct fine *fine, const struct region *region, float s, float v, float *x,
                float *y);

#endif
