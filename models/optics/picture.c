/*
 * A grey picture on a display, as a phone shows a photograph.
 *
 * By Green's theorem a picture is its edges: between two pixels only the difference of their values
 * counts, so that each edge is drawn once, and not at all between equals.
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Row y of the corners of the picture's pixels, as seen; NaN behind the camera. */
static void corners_of_row(const struct view *view, unsigned y, struct point *restrict corners)
{
    const double(*m)[3] = view->homography.m;
    double u = m[0][1] * y + m[0][2], v = m[1][1] * y + m[1][2], depth = m[2][1] * y + m[2][2];
    for (int x = 0; x <= view->size->width; x++) {
        double depth_m = m[2][0] * x + depth;
        double seen = depth_m >= GEOMETRY_NEAR_M ? depth_m : (double)NAN;
        corners[x].x = (m[0][0] * x + u) / seen;
        corners[x].y = (m[1][0] * x + v) / seen;
    }
    for (int x = 0; view->lens.bends && x <= view->size->width; x++)
        corners[x] = lens_bend(&view->lens, corners[x]);
    for (int x = 0; x <= view->size->width; x++) {
        corners[x].x -= view->left;
        corners[x].y -= view->top;
    }
}

static bool is_seen(struct point corner)
{
    return corner.x == corner.x;
}

static void add(const struct view *view, struct point from, struct point to, float weight)
{
    if (weight != 0.0f)
        coverage_edge(&view->canvas, from, to, (double)weight);
}

/* A pixel of the picture, as excess irradiance. */
struct shades {
    float excess[256];
};

/* Of two rows: corners, and shades with one beside each end. */
struct picture_rows {
    struct point *corners[2];
    float *shades[2];
};

static struct shades shades_of(const struct conditions *conditions, double level)
{
    struct shades shades;
    double dark = 1.0 / conditions->display.contrast;
    for (int i = 0; i < 256; i++) {
        double light = dark + (1.0 - dark) * i / 255.0 + conditions->pose.glare.veil;
        shades.excess[i] = (float)(level * (light - CAMERA_SURROUNDINGS));
    }
    return shades;
}

/* A row of the picture, with nothing before it and after it. */
static void shade_row(const struct shades *shades, const uint8_t *pixels, int width, float *row)
{
    row[0] = row[width + 1] = 0.0f;
    for (int x = 0; x < width; x++)
        row[x + 1] = shades->excess[pixels[x]];
}

/* Pixels of which a corner is behind the camera are left out, with all their edges. */
static void leave_out_unseen(const struct point *above, const struct point *below, int width,
                             float *row)
{
    const struct point ends[4] = {above[0], above[width], below[0], below[width]};
    if (is_seen(ends[0]) && is_seen(ends[1]) && is_seen(ends[2]) && is_seen(ends[3]))
        return; /* and so is what lies between them */
    for (int x = 0; x < width; x++)
        if (!is_seen(above[x]) || !is_seen(above[x + 1]) || !is_seen(below[x]) ||
            !is_seen(below[x + 1]))
            row[x + 1] = 0.0f;
}

/* Clockwise around a pixel its right side goes down and its top to the right. */
static void draw_picture(const struct view *view, const struct frame *picture,
                         const struct shades *shades, struct picture_rows *rows)
{
    int width = (int)picture->width, height = (int)picture->height;
    struct point *above = rows->corners[0], *below = rows->corners[1];
    float *before = rows->shades[0], *here = rows->shades[1];
    corners_of_row(view, 0, above);
    memset(before, 0, ((size_t)width + 2) * sizeof *before);
    for (int y = 0; y < height; y++) {
        corners_of_row(view, (unsigned)y + 1, below);
        shade_row(shades, picture->pixels + (size_t)y * picture->stride, width, here);
        leave_out_unseen(above, below, width, here);
        for (int x = 0; x < width; x++)
            add(view, above[x], above[x + 1], here[x + 1] - before[x + 1]);
        for (int x = 0; x <= width; x++)
            add(view, above[x], below[x], here[x] - here[x + 1]);
        struct point *spare = above;
        above = below;
        below = spare;
        float *spare_row = before;
        before = here;
        here = spare_row;
    }
    for (int x = 0; x < width; x++)
        add(view, above[x], above[x + 1], -before[x + 1]);
}

/* Room for rows of that width in a scratch; it grows with the pictures. */
static struct picture_rows rows_for(struct camera_scratch *scratch, size_t width)
{
    if (scratch->picture_width < width) {
        free(scratch->corners);
        free(scratch->shades);
        scratch->corners = calloc(2 * (width + 1), sizeof *scratch->corners);
        scratch->shades = calloc(2 * (width + 2), sizeof *scratch->shades);
        CHECK(scratch->corners != NULL && scratch->shades != NULL);
        scratch->picture_width = width;
    }
    return (struct picture_rows){{scratch->corners, scratch->corners + width + 1},
                                 {scratch->shades, scratch->shades + width + 2}};
}

void camera_render_picture(const struct frame *picture, const struct conditions *conditions,
                           struct camera_scratch *scratch)
{
    struct view view;
    CHECK(picture->width > 0 && picture->width <= UINT16_MAX);
    CHECK(picture->height > 0 && picture->height <= UINT16_MAX);
    struct code_image size = {
        .width = (uint16_t)picture->width, .height = (uint16_t)picture->height, .module_px = 1};
    if (!view_open(&view, &size, 0.0, conditions, scratch))
        return;
    struct picture_rows rows = rows_for(scratch, picture->width);
    struct shades shades = shades_of(conditions, view.level);
    draw_picture(&view, picture, &shades, &rows);
    view_close(&view, conditions);
}
