/*
 * The ideal irradiance: the display as dark rectangles on a bright one, projected and area-sampled.
 *
 * Dots that touch are drawn as one rectangle where they are equal, and equal neighbouring rows of
 * dots as one band, so that a barcode costs its bars and not its dots; with gaps between them, each
 * dot is drawn by itself.
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <math.h>
#include <string.h>

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
    struct point bent[POLYGON_MAX * LENS_CHORDS], *points = polygon.points;
    int count = polygon.count;
    if (view->lens.bends) {
        count = lens_bend_polygon(&view->lens, polygon.points, polygon.count, bent);
        points = bent;
    }
    for (int i = 0; i < count; i++) {
        points[i].x -= view->left;
        points[i].y -= view->top;
    }
    coverage_polygon(&view->canvas, points, count, weight);
}

/* The dots x0..x1 of the rows y0..y1: one rectangle where they touch, else each by itself. */
static void draw_run(const struct view *view, unsigned x0, unsigned x1, unsigned y0, unsigned y1,
                     double gap, double weight)
{
    if (!(gap > 0.0)) {
        draw(view, x0, y0, x1, y1, weight);
        return;
    }
    double edge = 0.5 * gap;
    for (unsigned y = y0; y < y1; y++)
        for (unsigned x = x0; x < x1; x++)
            draw(view, x + edge, y + edge, x + 1 - edge, y + 1 - edge, weight);
}

static void draw_band(const struct view *view, const struct code_image *image, unsigned y0,
                      unsigned y1, double gap, bool dark_dots, double weight)
{
    unsigned x = 0;
    while (x < image->width) {
        unsigned start = x;
        bool dark = code_image_dark(image, x, y0);
        while (x < image->width && code_image_dark(image, x, y0) == dark)
            x++;
        if (dark == dark_dots)
            draw_run(view, start, x, y0, y1, gap, weight);
    }
}

static bool rows_equal(const struct code_image *image, unsigned a, unsigned b)
{
    unsigned whole = image->width / 8, rest = image->width % 8;
    return memcmp(image->bits[a], image->bits[b], whole) == 0 &&
           (rest == 0 || (image->bits[a][whole] ^ image->bits[b][whole]) >> (8 - rest) == 0);
}

static void draw_dots(const struct view *view, const struct code_image *image,
                      const struct display *display, bool dark_dots, double weight)
{
    unsigned y0 = 0;
    while (y0 < image->height) {
        unsigned y1 = y0 + 1;
        while (y1 < image->height && rows_equal(image, y0, y1))
            y1++;
        draw_band(view, image, y0, y1, display->gap, dark_dots, weight);
        y0 = y1;
    }
}

static int clamp_pixel(double value, int low, int high)
{
    return !(value > low) ? low : value >= high ? high : (int)floor(value);
}

/* Where the display can show, on the frame widened by `margin`; empty if nowhere. */
static struct region region_of(const struct point *points, int count, const struct camera *camera,
                               int margin)
{
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int i = 0; i < count; i++) {
        x0 = fmin(x0, points[i].x);
        y0 = fmin(y0, points[i].y);
        x1 = fmax(x1, points[i].x);
        y1 = fmax(y1, points[i].y);
    }
    int right = (int)camera->width + margin, bottom = (int)camera->height + margin;
    struct region region = {clamp_pixel(x0 - margin, -margin, right),
                            clamp_pixel(y0 - margin, -margin, bottom),
                            clamp_pixel(x1 + margin + 1, -margin, right),
                            clamp_pixel(y1 + margin + 1, -margin, bottom)};
    bool empty = count == 0 || region.x1 <= region.x0 || region.y1 <= region.y0;
    return empty ? (struct region){0, 0, 0, 0} : region;
}

/* Light of the display's parts, as irradiance: the field between and around the dots, and what a
 * dot that differs from it adds. */
struct lights {
    double field, dot;
    bool dark_dots;
};

static struct lights lights_of(const struct conditions *conditions, double level)
{
    double contrast = conditions->display.contrast, veil = level * conditions->pose.glare.veil;
    double step = level * (1.0 - 1.0 / contrast);
    if (conditions->display.kind == DISPLAY_OLED)
        return (struct lights){veil + level / contrast, step, false};
    return (struct lights){veil + level, -step, true};
}

/* Both blurs by one kernel if it is not too large; else the disc alone, and the line by rows; else
 * both by rows. Returns how far they reach, in pixels. */
static int prepare_blur(const struct capture_geometry *geometry,
                        const struct conditions *conditions, struct camera_scratch *scratch)
{
    double disc_px = geometry->defocus_px, line_px = geometry->motion_px;
    double direction = conditions->pose.direction;
    bool both = kernel_radius(disc_px, line_px) >= 0, disc = kernel_radius(disc_px, 0.0) >= 0;
    kernel_make(scratch->kernel, scratch->kernel_work, disc ? disc_px : 0.0, both ? line_px : 0.0,
                direction);
    scratch->disc = blur_disc(disc ? 0.0 : disc_px);
    scratch->line = blur_line(both ? 0.0 : line_px, direction);
    return scratch->kernel->radius + scratch->disc.radius + scratch->line.radius;
}

bool view_open(struct view *view, const struct code_image *size, double bezel,
               const struct conditions *conditions, struct camera_scratch *scratch)
{
    const struct camera *camera = &conditions->camera;
    CHECK(camera->width <= scratch->width && camera->height <= scratch->height);
    struct capture_geometry geometry = camera_geometry(size, conditions);
    *view = (struct view){.homography = geometry_homography(size, conditions),
                          .lens = lens_of(camera),
                          .size = size,
                          .bezel = bezel,
                          .level = exposure_level(conditions),
                          .points = scratch->points};
    int margin = prepare_blur(&geometry, conditions, scratch);
    scratch->surroundings = (float)(view->level * CAMERA_SURROUNDINGS);
    struct polygon outline = project_rectangle(&view->homography, -bezel, -bezel,
                                               size->width + bezel, size->height + bezel);
    if (!geometry_faces_camera(&view->homography))
        outline.count = 0;
    struct point bent[POLYGON_MAX * LENS_CHORDS];
    int count = lens_bend_polygon(&view->lens, outline.points, outline.count, bent);
    scratch->region = region_of(bent, count, camera, margin);
    view->canvas = camera_canvas(scratch, scratch->rendered);
    view->left = scratch->region.x0;
    view->top = scratch->region.y0;
    memset(view->canvas.cells, 0,
           view->canvas.stride * (size_t)view->canvas.height * sizeof *view->canvas.cells);
    return view->canvas.width > 0;
}

void view_close(const struct view *view, const struct conditions *conditions)
{
    coverage_finish(&view->canvas);
    surface_apply(view, conditions, view->points);
}

void camera_render(const struct code_image *image, const struct conditions *conditions,
                   struct camera_scratch *scratch)
{
    struct view view;
    CHECK(image->width <= CODE_IMAGE_MAX_WIDTH && image->height <= CODE_IMAGE_MAX_HEIGHT);
    if (!view_open(&view, image, CAMERA_BEZEL_DOTS, conditions, scratch))
        return;
    struct lights lights = lights_of(conditions, view.level);
    const double bezel = view.bezel;
    draw(&view, -bezel, -bezel, image->width + bezel, image->height + bezel,
         lights.field - view.level * CAMERA_SURROUNDINGS);
    draw_dots(&view, image, &conditions->display, lights.dark_dots, lights.dot);
    view_close(&view, conditions);
}
