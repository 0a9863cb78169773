/*
 * Where barcodes may lie: places whose gradients all point the same way.
 *
 * The frame is cut into tiles of 16 x 16 pixels. Each has a structure tensor (sums of gx^2, gx gy,
 * gy^2 over every fourth row, central differences), which the tensors round it are mixed into. In a
 * barcode the gradients of a tile stand across the bars, edges of bars add to one direction, while
 * noise, being the same in every direction, adds to none: so the share of the energy that has one
 * direction (coherence) tells bars in much noise from noise alone. Tiles of high coherence beside
 * each other that agree in direction make a region.
 *
 * The direction that the tensor gives is the main axis of its anisotropy (J. Bigun, G. H. Granlund,
 * "Optimal orientation detection of linear symmetry", ICCV 1987).
 */
#ifndef CASHPOINT_LOCATE_H
#define CASHPOINT_LOCATE_H

#include "optics/frame.h"
#include "symbology/budget.h"

enum { LOCATE_MAX_REGIONS = 8 };

/* A parallelogram round the bars: at most a tile higher than they are, and a tenth and a tile
 * longer on either side. In perspective the symbol does not run at right angles to its bars: `s`
 * across the bars from the centre, its middle lies skew s along them. Pixels of the frame. */
struct region {
    float x, y;           /* its centre */
    float ux, uy;         /* unit vector across the bars; along them runs (-uy, ux) */
    float length, height; /* across the bars, along them */
    float skew;
    float strength; /* energy in its direction: how likely it is what we look for */
};

/* Scratch, which grows to the largest frame. */
struct locator;
struct locator *locator_new(void);
void locator_free(struct locator *locator);

/* The regions of a frame, the strongest first; none where the budget forbids to look (its `over`
 * tells). */
unsigned locate(struct locator *locator, const struct frame *frame, struct budget *budget,
                struct region regions[LOCATE_MAX_REGIONS]);

/* The same in the frame that was last looked at, from tiles with much energy alone: on a photograph
 * bars may hang together with the edges of paper, print and things around them, which have less. */
unsigned locate_strong(struct locator *locator, struct budget *budget,
                       struct region regions[LOCATE_MAX_REGIONS]);

#endif
