/*
 * A homography: from modules of a symbol to pixels of an image, through four points.
 */
#ifndef CASHPOINT_QR_MAP_H
#define CASHPOINT_QR_MAP_H

#include <stdbool.h>

struct qr_map {
    double h[9]; /* row by row; the last is 1 */
};

struct qr_pair {
    double u, v, x, y; /* modules, pixels */
};

/* False where three of the points lie in a line. */
bool qr_map_through(const struct qr_pair pairs[4], struct qr_map *map);

static inline void qr_map_place(const struct qr_map *map, double u, double v, double *x, double *y)
{
    const double *h = map->h;
    double w = h[6] * u + h[7] * v + h[8];
    *x = (h[0] * u + h[1] * v + h[2]) / w;
    *y = (h[3] * u + h[4] * v + h[5]) / w;
}

#endif
