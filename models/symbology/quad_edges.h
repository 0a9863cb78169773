/*
 * The sides of a dark quadrilateral on bright ground, to a fraction of a pixel.
 *
 * From corners that are right to some pixels: across each side, at many places, profiles of grey
 * values are taken, and the steepest fall from bright to dark looked for; through these places goes
 * a line, those far off it counting less and less. Then once more, nearer by, with the centre of
 * the fall, and with the side's bow, which a lens makes. Corners are where the lines meet.
 */
#ifndef CASHPOINT_QUAD_EDGES_H
#define CASHPOINT_QUAD_EDGES_H

#include "symbology/dark_areas.h"

#include <stdbool.h>

/* Quick will do for most symbols; the other is for those that cannot be read by it. */
enum quad_edges_effort { QUAD_EDGES_QUICK, QUAD_EDGES_THOROUGH };

/* Counted work of quad_edges_find(). */
#define QUAD_EDGES_NS(effort) ((effort) == QUAD_EDGES_QUICK ? 25000.0 : 60000.0)

struct quad {
    struct corner corners[4]; /* clockwise as seen; pixel centres at .5 */
    float bows[4];            /* of side i, from corner i to the next: how far its middle lies out
                               * of the straight line, pixels, outwards positive */
    float contrast;           /* bright outside minus dark inside, the least of the sides, DN */
};

/* `reach`: how far the corners may be off, pixels. False where some side has no edge. */
bool quad_edges_find(const struct frame *frame, const struct corner corners[4], float reach,
                     enum quad_edges_effort effort, struct quad *quad);

#endif
