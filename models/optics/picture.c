/*
 * A grey picture on a display, as a phone shows a photograph.
 *
 * By Green's theorem a picture is its edges: between two pixels only the difference of their values
 * counts, so that each edge is drawn once, and not at all between equals.
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <stdlib.h>

struct corner {
    struct point at;
    bool seen;
};

static struct corner corner_at(const struct view *view, double x, double y)
{
    const double(*m)[3] = view->homography.m;
    double depth_m = m[2][0] * x + m[2][1] * y + m[2][2];
    if (depth_m < GEOMETRY_NEAR_M)
        return (struct corner){{0.0, 0.0}, false};
    struct point pinhole = {(m[0][0] * x + m[0][1] * y + m[0][2]) / depth_m,
                            (m[1][0] * x + m[1][1] * y + m[1][2]) / depth_m};
    struct point at = lens_bend(&view->lens, pinhole);
    return (struct corner){{at.x - view->left, at.y - view->top}, true};
}

static void corners_of_row(const struct view *view, unsigned y, struct corner *corners)
{
    for (unsigned x = 0; x <= view->size->width; x++)
        corners[x] = corner_at(view, x, y);
}

static void add(const struct view *view, const struct corner *from, const struct corner *to,
                double weight)
{
    if (weight != 0.0 && from->seen && to->seen)
        coverage_edge(&view->canvas, from->at, to->at, weight);
}

/* A pixel of the picture, as excess irradiance; nothing lies around it. */
struct shades {
    float excess[256];
};

static float shade(const struct shades *shades, const struct frame *picture, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < (int)picture->width && y < (int)picture->height;
    return inside ? shades->excess[picture->pixels[(size_t)y * picture->stride + (size_t)x]] : 0.0f;
}

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

/* Clockwise around a pixel its right side goes down and its top to the right. */
static void draw_picture(const struct view *view, const struct frame *picture,
                         const struct shades *shades, struct corner *above, struct corner *below)
{
    int width = (int)picture->width, height = (int)picture->height;
    corners_of_row(view, 0, above);
    for (int y = 0; y <= height; y++) {
        for (int x = 0; x < width; x++)
            add(view, &above[x], &above[x + 1],
                (double)shade(shades, picture, x, y) - shade(shades, picture, x, y - 1));
        if (y == height)
            return;
        corners_of_row(view, (unsigned)y + 1, below);
        for (int x = 0; x <= width; x++)
            add(view, &above[x], &below[x],
                (double)shade(shades, picture, x - 1, y) - shade(shades, picture, x, y));
        struct corner *spare = above;
        above = below;
        below = spare;
    }
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
    struct corner *corners = calloc(2 * ((size_t)picture->width + 1), sizeof *corners);
    CHECK(corners != NULL);
    struct shades shades = shades_of(conditions, view.level);
    draw_picture(&view, picture, &shades, corners, corners + picture->width + 1);
    free(corners);
    view_close(&view, conditions);
}
