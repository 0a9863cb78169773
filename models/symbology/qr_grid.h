/*
 * From three finder patterns to a grid of modules: where each module lies in the image, and how
 * dark it is.
 *
 * Three finders say where the symbol lies, their sizes how it leans. The fourth point is searched
 * near there: the alignment pattern, or, with version 1, which has none, and where nothing was
 * read, the place where the modules come out most clearly dark or light. The grid is held against
 * what is known of it beforehand (finder, timing and alignment patterns): three squares that are no
 * symbol end here, cheaply.
 */
#ifndef CASHPOINT_QR_GRID_H
#define CASHPOINT_QR_GRID_H

#include "symbology/qr_code.h"
#include "symbology/qr_finder.h"
#include "symbology/qr_map.h"

enum { QR_CORNERS = 24, QR_WEIGHTS = 7 };

/* Three finders in the positions of a symbol; misfit 0 is a perfect square. */
struct qr_corner {
    struct qr_finder top_left, top_right, bottom_left;
    float misfit;
};

/* The likeliest corners among finders, best first; returns how many. */
unsigned qr_corners(const struct qr_finder *finders, unsigned count, struct budget *budget,
                    struct qr_corner corners[QR_CORNERS]);

/* Modules a side, as the distances and sizes of the finders say; about -1: they say nothing. */
double qr_corner_side(const struct qr_field *field, const struct qr_corner *corner);

struct qr_grid {
    unsigned side;
    struct qr_map map;                        /* modules to pixels of the field */
    float known;                              /* share of the known modules as they should be */
    float timing;                             /* of those, of the timing patterns alone */
    float contrast;                           /* bright minus dark, of 1 */
    float module_px;                          /* of the field */
    float values[QR_MAX_SIDE * QR_MAX_SIDE];  /* of each module: 1 dark, -1 light, about */
    uint8_t kinds[QR_MAX_SIDE * QR_MAX_SIDE]; /* enum qr_module */
    float dark[3], light[3];                  /* greys at three finders */
    float weights[QR_WEIGHTS];                /* of the filter from greys to values */
    float halves[(2 * QR_MAX_SIDE + 3) * (2 * QR_MAX_SIDE + 3)]; /* scratch: half modules */
};

/* Lays a grid through a corner found in `found` and samples it from `field` (the same frame, maybe
 * of another scale). False where no symbol is there. */
bool qr_grid_lay(const struct qr_field *found, const struct qr_field *field,
                 const struct qr_corner *corner, struct budget *budget, struct qr_grid *grid);

/* Moves the grid until what is known of it fits best, and samples again. */
void qr_grid_settle(const struct qr_field *field, struct budget *budget, struct qr_grid *grid);

/* Moves the lower right corner, which no finder holds, until the modules there are clearest, and
 * samples again. */
void qr_grid_clear(const struct qr_field *field, struct budget *budget, struct qr_grid *grid);

/* How clearly the modules of the lower right quarter would be dark or light (0 to 1) with this map
 * and the filter of the last sampling. The outermost modules stay out: nothing is as clearly light
 * as the quiet zone beyond. */
float qr_grid_clarity(const struct qr_field *field, const struct qr_map *map, struct qr_grid *grid);

/* Samples every module where the map says; false where dark and light are not told apart. The
 * side, the map and the kinds of modules are given. */
bool qr_grid_sample(const struct qr_field *field, struct budget *budget, struct qr_grid *grid);

static inline bool qr_is_known(uint8_t kind)
{
    return kind != QR_DATA && kind != QR_FORMAT;
}

static inline bool qr_is_dark(uint8_t kind)
{
    return kind == QR_DARK || kind == QR_TIMING_DARK;
}

/* What looking at one place of a field costs. */
#define QR_SAMPLE_NS 6.0

/* The field's grey between four pixels; outside the image, its edge. */
static inline float qr_sample(const struct grey *grey, double x, double y)
{
    double most_x = grey->width - 1.0, most_y = grey->height - 1.0;
    x = x - 0.5 > 0 ? x - 0.5 : 0; /* 0 for no number, too */
    y = y - 0.5 > 0 ? y - 0.5 : 0;
    x = x < most_x ? x : most_x;
    y = y < most_y ? y : most_y;
    unsigned column = (unsigned)x, row = (unsigned)y;
    const uint8_t *p = grey->pixels + (size_t)row * grey->width + column;
    unsigned right = column + 1 < grey->width, below = row + 1 < grey->height ? grey->width : 0;
    float fx = (float)(x - column), fy = (float)(y - row);
    float upper = (float)p[0] + fx * (float)(p[right] - p[0]);
    float lower = (float)p[below] + fx * (float)(p[below + right] - p[below]);
    return upper + fy * (lower - upper);
}

static inline float qr_sample_module(const struct qr_field *field, const struct qr_map *map,
                                     double u, double v)
{
    double x, y;
    qr_map_place(map, u, v, &x, &y);
    return qr_sample(&field->grey, x, y);
}

#endif
