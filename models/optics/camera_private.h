/*
 * Inside the camera: what its stages hand to each other. Nobody outside optics/ includes this, but
 * for tests and benches.
 *
 *     geometry.c   conditions -> homography                     (pinhole)
 *     lens.c       thin lens; straight edges -> bent ones
 *     coverage.c   projected polygons -> exact area per pixel
 *     render.c     display -> excess irradiance of a region     (uses the two above)
 *     picture.c    a grey picture on a display, likewise
 *     surface.c    a panel's grid and glare, over what these drew
 *     sums.c       running sums along rows, for the two areas above and below
 *     kernel.c     defocus disc and motion line as weights of pixels
 *     columns.c    these laid over that region
 *     blur.c       wide discs and long lines, as sums along its rows
 *     exposure.c   how much light where and when: level, vignetting, flicker
 *     sensor.c     a row of irradiance -> a row of grey bytes
 *     normals.c    random bits -> normal numbers
 *     lanes.c      the inner loops of blur and sensor, for each kind of vector
 *     noise.c      normal numbers and fixed maps for it
 *     mosaic.c, jpeg.c, stress.c    what is done to the frame, on request
 *     reference.c  some of these stages again, plainly: the oracle of tests and benches
 *     camera.c     scratch memory and the order of the stages
 *
 * Irradiance is a ratio of saturation. Only the region of the frame (with a margin as wide as the
 * blur) where the display shows is kept, as the excess over the constant surroundings.
 */
#ifndef CASHPOINT_CAMERA_PRIVATE_H
#define CASHPOINT_CAMERA_PRIVATE_H

#include "optics/camera.h"
#include "optics/lanes.h"

#include <stddef.h>

/* Columns (x, y, 1) of display dots to (u w, v w, w), w being the depth in metres. */
struct homography {
    double m[3][3];
};

struct point {
    double x, y;
};

/* Radial distortion about the middle of the frame; radii in units of the image distance. */
struct lens {
    double centre_x, centre_y, image_px;
    double k1, k2, limit;
    bool bends;
};

enum { LENS_CHORDS = 64 }; /* of one edge */

struct lens lens_of(const struct camera *camera);
double lens_image_distance(const struct camera *camera);
double lens_defocus_px(const struct camera *camera, double distance_m);

/* From where the pinhole has a point to where the lens has it, and back. */
struct point lens_bend(const struct lens *lens, struct point point);
struct point lens_unbend(const struct lens *lens, struct point point);

/* Bends a closed polygon; `bent` has room for LENS_CHORDS points an edge. Returns their number. */
int lens_bend_polygon(const struct lens *lens, const struct point *points, int count,
                      struct point *bent);

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

/* One edge of such a polygon, or of two with a common edge: then with the difference of their
 * weights. */
void coverage_edge(const struct canvas *canvas, struct point from, struct point to, double weight);

/* A display as the camera sees it, being drawn. */
struct view {
    struct homography homography;
    struct lens lens;
    struct canvas canvas;
    double left, top; /* of the canvas, on the sensor */
    const struct code_image *size;
    double bezel;         /* dots */
    double level;         /* irradiance of a bright dot */
    struct point *points; /* for surface_apply */
};

/* Prepares the scratch for a display of that size; false where none of it shows. What is drawn
 * between the two is the excess over the surroundings, as differences along the rows. */
bool view_open(struct view *view, const struct code_image *size, double bezel,
               const struct conditions *conditions, struct camera_scratch *scratch);
void view_close(const struct view *view, const struct conditions *conditions);

/* What lies on the display: the black between a panel's pixels, and the glare. `points`: room for
 * two rows of the canvas, each one longer. */
void surface_apply(const struct view *view, const struct conditions *conditions,
                   struct point *points);

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

/* Disc and line together, as their transforms have it: a weight for each pixel. */
enum {
    KERNEL_MAX_RADIUS = 22,
    KERNEL_TABLE_RADIUS = 2 * KERNEL_MAX_RADIUS,
    KERNEL_UNKNOWNS = 192,
    KERNEL_WAVES = 64
};

struct kernel {
    int radius;    /* 0: leaves the image as it is */
    bool mirrored; /* left to right, and top to bottom */
    float columns[2 * KERNEL_MAX_RADIUS + 1][2 * KERNEL_MAX_RADIUS + 1]; /* columns[x][y] */
};

/* Weights at pixels (x, y >= 0) from the middle. */
struct kernel_table {
    double at[KERNEL_TABLE_RADIUS + 1][2 * KERNEL_TABLE_RADIUS + 1];
};

/* Working memory for making kernels, and the tables it takes. */
struct kernel_work {
    double cosines[KERNEL_WAVES], sines[KERNEL_WAVES];
    double responses[KERNEL_WAVES / 2][KERNEL_WAVES];
    struct kernel_table circle[2], ideal;
    double matrix[KERNEL_UNKNOWNS][KERNEL_UNKNOWNS];
};

void kernel_work_fill(struct kernel_work *work);

/* The radius that it will have at most; -1 where it would be too large. */
int kernel_radius(double disc_px, double line_px);
void kernel_make(struct kernel *kernel, struct kernel_work *work, double disc_px, double line_px,
                 double direction);

/* Floats of working memory that kernel_apply needs. */
size_t kernel_sums_size(int width);

/* From one canvas into another of the same size; zero is taken beyond the canvas. */
void kernel_apply(const struct kernel *kernel, const struct canvas *from, const struct canvas *to,
                  float *sums);

/* Of a bright dot at the middle of the frame: electrons, and as irradiance. */
double exposure_electrons(const struct conditions *conditions);
double exposure_level(const struct conditions *conditions);

/* What flickering light gives row y, of steady light. */
double exposure_flicker(const struct camera *camera, double phase, unsigned y);

/* Multiplies a row by `gain` and, where the camera has it, by vignetting. */
void exposure_shade_row(const struct camera *camera, unsigned y, double gain, float *irradiance);

/* A group is the pixels whose random bits are made together. */
enum { SENSOR_POOL = 1 << 16, SENSOR_GROUP = 64 };

struct sensor_tables {
    int16_t pool[SENSOR_POOL]; /* normal numbers, whose stretches are the rows of fixed maps */
};

void sensor_tables_fill(struct sensor_tables *tables);

/* Where some rows of a camera's fixed maps start in the pool: made together, as one block alone
 * mostly waits. All zero: nothing is known. */
enum { FIXED_ROWS = 8 };

struct fixed_starts {
    bool known;
    uint32_t camera_id;
    unsigned first; /* row */
    uint32_t words[4 * FIXED_ROWS];
};

/* Working memory of a row: the width, rounded up to SENSOR_GROUP. */
struct sensor_row {
    float *irradiance, *noise;
    int16_t *numbers;
    uint32_t *words;
    struct fixed_starts starts;
};

/* Grey levels an electron. */
double sensor_gain(const struct camera *camera);

/* Turns one row of irradiance into bytes; `y` picks its noise and its rows of the fixed maps. */
void sensor_expose_row(const struct conditions *conditions, struct stream_key key, unsigned y,
                       const struct sensor_tables *tables, struct sensor_row *row, uint8_t *bytes);

/* Normal numbers of row y of a frame, by address: any order, any thread. Fast: those of normals.h,
 * into row->numbers; exact: of variance one, into row->noise. `count`: a multiple of SENSOR_GROUP.
 */
void noise_fast(struct stream_key key, uint32_t frame, unsigned y, unsigned count,
                struct sensor_row *row);
void noise_exact(struct stream_key key, uint32_t frame, unsigned y, unsigned count,
                 struct sensor_row *row);

/* What exact noise makes of two random words: two normal numbers (Box and Muller 1958). */
void noise_pair(const uint32_t words[2], float pair[2]);

/* The phase of the flicker in a frame, radians. */
double noise_phase(struct stream_key key, uint32_t frame);

/* A stream for whatever else is random in a frame. */
struct stream noise_stream(struct stream_key key, uint32_t frame);

/* Row y of a camera's fixed maps. */
struct fixed_rows noise_fixed(const struct sensor_tables *tables, uint32_t camera_id, unsigned y,
                              unsigned width, struct fixed_starts *starts);

/* What a mosaic's filters let through of a row, before it is exposed; and the finished frame made
 * grey again. `work`: width x height floats. */
void mosaic_filter_row(const struct camera *camera, unsigned y, float *irradiance);
void mosaic_to_grey(const struct camera *camera, float *work, struct frame *frame);

/* Compresses the frame at that quality, and decompresses it. */
void jpeg_round_trip(unsigned quality, struct frame *frame);

struct camera_scratch {
    unsigned width, height;
    size_t canvas_size;
    float *rendered, *blurred, *sums;
    struct sensor_tables *tables;
    struct sensor_row row;
    struct point *points;  /* of two rows of the canvas */
    struct point *corners; /* of two rows of a picture, and their shades */
    float *shades;
    size_t picture_width;
    /* What camera_render left for camera_expose. */
    struct region region;
    struct kernel *kernel;  /* what it can do of the blur ... */
    struct blur disc, line; /* ... and the rest */
    struct kernel_work *kernel_work;
    float surroundings;
};

/* Corrupts the finished frame (stress.c); overwrites the blurred region. */
void stress_apply(const struct conditions *conditions, struct stream_key key,
                  struct camera_scratch *scratch, struct frame *frame);

/* The rendered (or the blurred) region of a scratch as a canvas. */
struct canvas camera_canvas(const struct camera_scratch *scratch, float *cells);

/* That region after both blurs; what camera_render made stays, so that it can be exposed again. */
struct canvas camera_blurred(struct camera_scratch *scratch);

/* One row of the frame: the surroundings, and what the region, a canvas, adds to them. */
void camera_lay_row(const struct camera_scratch *scratch, const struct canvas *canvas,
                    unsigned width, int y, float *irradiance);

#endif
