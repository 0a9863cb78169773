/*
 * Edges: where a profile goes from bright to dark and back.
 *
 * Bars and spaces are the extremes of the profile that stand out by more than a threshold; an edge
 * is where the profile crosses the middle between two extremes. So the levels are local: shadows
 * and blurred narrow bars keep their edges.
 */
#ifndef CASHPOINT_EDGES_H
#define CASHPOINT_EDGES_H

#include <stdbool.h>

enum { EDGES_MAX = 512 };

struct edges {
    unsigned count;
    bool dark_first;     /* edge 0 goes from bright to dark */
    float at[EDGES_MAX]; /* rising, in samples: sample i covers i - 0.5 to i + 0.5 */
};

/* An extreme counts where the values on both sides of it come away from it by `threshold`. More
 * edges than there is room for are left out. */
void edges_find(const float *values, unsigned count, float threshold, struct edges *edges);

/* The same edges seen from the other end, negated so that they rise. */
void edges_mirror(const struct edges *edges, struct edges *mirrored);

/* Most bright minus most dark. */
float edges_range(const float *values, unsigned count);

#endif
