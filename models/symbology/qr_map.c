#include "symbology/qr_map.h"

#include <math.h>
#include <string.h>

/* Gauss's elimination with pivots on 8 x 9; false where the points lie in a line. */
static bool solve(double m[8][9])
{
    for (int column = 0; column < 8; column++) {
        int pivot = column;
        for (int row = column + 1; row < 8; row++)
            if (fabs(m[row][column]) > fabs(m[pivot][column]))
                pivot = row;
        if (!(fabs(m[pivot][column]) > 1e-9))
            return false;
        for (int k = 0; k < 9; k++) {
            double swap = m[column][k];
            m[column][k] = m[pivot][k];
            m[pivot][k] = swap;
        }
        for (int row = 0; row < 8; row++) {
            double factor = m[row][column] / m[column][column];
            for (int k = column; row != column && k < 9; k++)
                m[row][k] -= factor * m[column][k];
        }
    }
    return true;
}

bool qr_map_through(const struct qr_pair pairs[4], struct qr_map *map)
{
    double m[8][9];
    for (int i = 0; i < 4; i++) {
        const struct qr_pair *p = &pairs[i];
        double to_x[9] = {p->u, p->v, 1, 0, 0, 0, -p->u * p->x, -p->v * p->x, p->x};
        double to_y[9] = {0, 0, 0, p->u, p->v, 1, -p->u * p->y, -p->v * p->y, p->y};
        memcpy(m[2 * i], to_x, sizeof to_x);
        memcpy(m[2 * i + 1], to_y, sizeof to_y);
    }
    if (!solve(m))
        return false;
    for (int i = 0; i < 8; i++)
        map->h[i] = m[i][8] / m[i][i];
    map->h[8] = 1;
    return true;
}
