/*
 * Dark areas: where in a frame something dark lies on something bright, and its four corners.
 *
 * The frame is made small (means of `factor` x `factor` pixels, which takes noise down as well),
 * and each pixel held against a level between the darkest and the brightest around it. What is
 * darker and hangs together (corners count) is an area. A symbol's frame is one; what it surrounds
 * does not matter, for only the outline is looked at: the points of the area that lie farthest out
 * along the four diagonals between its main axes, each measured by the area's spread along it.
 * (The farthest point from the middle, and the farthest from that, fail on trapezoids.)
 */
#ifndef CASHPOINT_DARK_AREAS_H
#define CASHPOINT_DARK_AREAS_H

#include "optics/frame.h"
#include "symbology/budget.h"
#include "symbology/shrunk.h"

enum { DARK_AREAS_MOST = 8 };

struct corner {
    float x, y; /* pixels of the frame */
};

/* Of one area, clockwise as seen. */
struct dark_area {
    struct corner corners[4];
    float size; /* area of that quadrilateral, pixels of the frame */
};

struct dark_areas;
struct dark_areas *dark_areas_new(void);
void dark_areas_free(struct dark_areas *scratch);

/* The largest areas, the largest first, of those with at least `least_side` pixels of the frame
 * along their longer side and half of that along the other, which do not touch the frame's edge.
 * Returns how many; 0 where the budget is over. */
unsigned dark_areas_find(struct dark_areas *scratch, const struct frame *frame, unsigned factor,
                         enum shrunk_level level, unsigned least_side, struct budget *budget,
                         struct dark_area areas[DARK_AREAS_MOST]);

#endif
