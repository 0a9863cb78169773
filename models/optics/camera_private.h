/*
 * Inside the camera: what its stages hand to each other. Nobody outside optics/ includes this, but
 * for the tests.
 *
 *     geometry.c   conditions -> homography                     (pinhole)
 *     coverage.c   projected polygons -> exact area per pixel
 *     render.c     display -> excess irradiance of a region     (uses the two above)
 *     sums.c       running sums along rows, for the two areas above and below
 *     blur.c       defocus disc and motion line on that region
 *     sensor.c     a row of irradiance -> a row of grey bytes
 *     normals.c    random bits -> normal numbers
 *     lanes.c      the inner loops of blur and sensor, for each kind of vector
 *     camera.c     scratch memory and the order of the stages
 *
 * Irradiance is a ratio of saturation. Only the region of the frame (with a margin as wide as the
 * blur) where the display shows is kept, as the excess over the constant surroundings.
 */
#ifndef CASHPOINT_CAMERA_PRIVATE_H
#define CASHPOINT_CAMERA_PRIVATE_H

#include "optics/camera.h"

#include <stddef.h>

/* Columns (x, y, 1) of display dots to (u w, v w, w), w being the depth in metres. */
struct homography {
    double m[3][3];
};

struct point {
    double x, y;
};

struct homography geometry_homography(const struct code_image *image,
                                      const struct conditions *conditions);

/* Whether the display turns its bright side to the camera. */
bool geometry_faces_camera(const struct homography *homography);

/* Nearer than this a point counts as behind the camera. */
#define GEOMETRY_NEAR_M 1e-4

/* Pixels x0 <= x < x1, y0 <= y < y1 of the sensor; may reach over its borders. */
struct region {
    int x0, y0, x1, y1;
};

/* Rows of `width` cells, `stride` >= width + 2 apart: two spare cells end each row. */
struct canvas {
    float *cells;
    size_t stride;
    int width, height;
};

/* Adds `weight` times the area that a closed polygon (counted clockwise as seen, y downwards)
 * covers of each cell. The cells hold differences along the row until coverage_finish sums them. */
void coverage_polygon(const struct canvas *canvas, const struct point *points, int count,
                      double weight);
void coverage_finish(const struct canvas *canvas);

/* The sum of each cell and those before it in its row; `to` may be the canvas' own cells. */
void running_sums(const struct canvas *from, float *to, size_t to_stride);

/* A kernel made of slabs: slab k covers `group` rows around row group * (k - count / 2), from
 * centre - half to centre + half along the row. The weights sum to one. */
enum { BLUR_MAX_SLABS = 41, BLUR_MAX_RADIUS = 112 };

struct blur_slab {
    double centre, half, weight;
};

struct blur {
    int group, count;
    int radius; /* pixels that it reaches in any direction; 0: leaves the image as it is */
    struct blur_slab slabs[BLUR_MAX_SLABS];
};

struct blur blur_disc(double diameter_px);
struct blur blur_line(double length_px, double direction);

/* Floats of working memory that blur_apply needs. */
size_t blur_sums_size(int width, int height, int radius);

/* From one canvas into another of the same size, or into itself; zero is taken beyond the canvas.
 */
void blur_apply(const struct blur *blur, const struct canvas *from, const struct canvas *to,
                float *sums);

/* A group is the pixels whose random bits are made together. */
enum { SENSOR_POOL = 1 << 16, SENSOR_GROUP = 64 };

struct sensor_tables {
    float pool[SENSOR_POOL]; /* normal numbers, whose stretches are the rows of PRNU maps */
};

void sensor_tables_fill(struct sensor_tables *tables);

/* Working memory of a row: the width, rounded up to SENSOR_GROUP. */
struct sensor_row {
    float *irradiance, *noise;
    int16_t *numbers;
    uint32_t *words; /* half as many */
};

/* Turns one row of irradiance into bytes; `y` picks its noise and PRNU. */
void sensor_expose_row(const struct conditions *conditions, struct stream_key key, unsigned y,
                       const struct sensor_tables *tables, struct sensor_row *row, uint8_t *bytes);

struct camera_scratch {
    unsigned width, height;
    size_t canvas_size;
    float *rendered, *blurred, *sums;
    struct sensor_tables *tables;
    struct sensor_row row;
    /* What camera_render left for camera_expose. */
    struct region region;
    struct blur disc, line;
    float surroundings;
};

/* The rendered (or the blurred) region of a scratch as a canvas. */
struct canvas camera_canvas(const struct camera_scratch *scratch, float *cells);

#endif
