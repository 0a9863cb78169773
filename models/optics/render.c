/*
 * The ideal irradiance: the display as dark rectangles on a bright one, projected and area-sampled.
 *
 * The dots lie without gaps, and light leaves them evenly in all directions. Equal neighbouring
 * rows of dots are drawn as one band, so that a barcode costs its bars and not its dots.
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <math.h>
#include <string.h>

struct view {
    struct homography homography;
    struct canvas canvas;
    double left, top; /* of the canvas, on the sensor */
};

enum { POLYGON_MAX = 5 }; /* a quadrilateral, cut once */

struct polygon {
    struct point points[POLYGON_MAX];
    int count;
};

static void project_onto(struct polygon *polygon, const double at[3])
{
    struct point point = {at[0] / at[2], at[1] / at[2]};
    polygon->points[polygon->count++] = point;
}

/* The dots x0..x1, y0..y1 as seen, less what lies behind the camera. */
static struct polygon project_rectangle(const struct homography *homography, double x0, double y0,
                                        double x1, double y1)
{
    const double xs[4] = {x0, x1, x1, x0}, ys[4] = {y0, y0, y1, y1};
    double corners[4][3];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 3; j++)
            corners[i][j] =
                homography->m[j][0] * xs[i] + homography->m[j][1] * ys[i] + homography->m[j][2];
    struct polygon polygon = {.count = 0};
    for (int i = 0; i < 4; i++) {
        const double *here = corners[i], *next = corners[(i + 1) % 4];
        bool seen = here[2] >= GEOMETRY_NEAR_M, next_seen = next[2] >= GEOMETRY_NEAR_M;
        if (seen)
            project_onto(&polygon, here);
        if (seen != next_seen) {
            double t = (GEOMETRY_NEAR_M - here[2]) / (next[2] - here[2]);
            const double cut[3] = {here[0] + t * (next[0] - here[0]),
                                   here[1] + t * (next[1] - here[1]), GEOMETRY_NEAR_M};
            project_onto(&polygon, cut);
        }
    }
    return polygon;
}

static void draw(const struct view *view, double x0, double y0, double x1, double y1, double weight)
{
    struct polygon polygon = project_rectangle(&view->homography, x0, y0, x1, y1);
    for (int i = 0; i < polygon.count; i++) {
        polygon.points[i].x -= view->left;
        polygon.points[i].y -= view->top;
    }
    coverage_polygon(&view->canvas, polygon.points, polygon.count, weight);
}

static void draw_band(const struct view *view, const struct code_image *image, unsigned y0,
                      unsigned y1, double weight)
{
    unsigned x = 0;
    while (x < image->width) {
        unsigned start = x;
        bool dark = code_image_dark(image, x, y0);
        while (x < image->width && code_image_dark(image, x, y0) == dark)
            x++;
        if (dark)
            draw(view, start, y0, x, y1, weight);
    }
}

static bool rows_equal(const struct code_image *image, unsigned a, unsigned b)
{
    unsigned whole = image->width / 8, rest = image->width % 8;
    return memcmp(image->bits[a], image->bits[b], whole) == 0 &&
           (rest == 0 || (image->bits[a][whole] ^ image->bits[b][whole]) >> (8 - rest) == 0);
}

static void draw_dark_dots(const struct view *view, const struct code_image *image, double weight)
{
    unsigned y0 = 0;
    while (y0 < image->height) {
        unsigned y1 = y0 + 1;
        while (y1 < image->height && rows_equal(image, y0, y1))
            y1++;
        draw_band(view, image, y0, y1, weight);
        y0 = y1;
    }
}

static int clamp_pixel(double value, int low, int high)
{
    return !(value > low) ? low : value >= high ? high : (int)floor(value);
}

/* Where the display can show, on the frame widened by `margin`; empty if nowhere. */
static struct region region_of(const struct polygon *polygon, const struct camera *camera,
                               int margin)
{
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int i = 0; i < polygon->count; i++) {
        x0 = fmin(x0, polygon->points[i].x);
        y0 = fmin(y0, polygon->points[i].y);
        x1 = fmax(x1, polygon->points[i].x);
        y1 = fmax(y1, polygon->points[i].y);
    }
    int right = (int)camera->width + margin, bottom = (int)camera->height + margin;
    struct region region = {clamp_pixel(x0 - margin, -margin, right),
                            clamp_pixel(y0 - margin, -margin, bottom),
                            clamp_pixel(x1 + margin + 1, -margin, right),
                            clamp_pixel(y1 + margin + 1, -margin, bottom)};
    bool empty = polygon->count == 0 || region.x1 <= region.x0 || region.y1 <= region.y0;
    return empty ? (struct region){0, 0, 0, 0} : region;
}

void camera_render(const struct code_image *image, const struct conditions *conditions,
                   struct camera_scratch *scratch)
{
    const struct camera *camera = &conditions->camera;
    CHECK(camera->width <= scratch->width && camera->height <= scratch->height);
    CHECK(image->width <= CODE_IMAGE_MAX_WIDTH && image->height <= CODE_IMAGE_MAX_HEIGHT);
    struct capture_geometry geometry = camera_geometry(image, conditions);
    scratch->disc = blur_disc(geometry.defocus_px);
    scratch->line = blur_line(geometry.motion_px, conditions->pose.direction);
    scratch->surroundings = (float)(camera->level * CAMERA_SURROUNDINGS);

    struct view view = {.homography = geometry_homography(image, conditions)};
    const double bezel = CAMERA_BEZEL_DOTS;
    struct polygon outline = project_rectangle(&view.homography, -bezel, -bezel,
                                               image->width + bezel, image->height + bezel);
    if (!geometry_faces_camera(&view.homography))
        outline.count = 0;
    scratch->region = region_of(&outline, camera, scratch->disc.radius + scratch->line.radius);
    view.canvas = camera_canvas(scratch, scratch->rendered);
    view.left = scratch->region.x0;
    view.top = scratch->region.y0;
    if (view.canvas.width == 0)
        return;
    memset(view.canvas.cells, 0,
           view.canvas.stride * (size_t)view.canvas.height * sizeof *view.canvas.cells);
    draw(&view, -bezel, -bezel, image->width + bezel, image->height + bezel,
         camera->level * (1.0 - CAMERA_SURROUNDINGS));
    draw_dark_dots(&view, image, camera->level * (1.0 / conditions->display.contrast - 1.0));
    coverage_finish(&view.canvas);
}
