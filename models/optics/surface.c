/*
 * What lies on the display's surface: the black grid between a panel's pixels, and the glare of a
 * lamp in the glass.
 *
 * The grid is a product of two combs, each averaged over the pixel's area as the display sees it.
 * On the display that area is, but for the perspective within one pixel, a parallelogram, along an
 * axis of which the comb's mean is a second difference of its second integral: exact for any number
 * of lines a pixel. So moire appears by itself, and fades as it should. (Product of means, not mean
 * of the product: what picture, comb and comb do together within one pixel is lost.) The grid is
 * scaled to a mean of 1, as luminance is measured with it.
 */
#include "optics/camera_private.h"

#include <math.h>

/* Where the middle of a sensor pixel lies on the display, in dots; NaN behind the camera. */
static struct point display_point(const struct view *view, double u, double v)
{
    struct point pinhole = lens_unbend(&view->lens, (struct point){u, v});
    const double(*m)[3] = view->homography.m;
    double a = m[0][0] - pinhole.x * m[2][0], b = m[0][1] - pinhole.x * m[2][1];
    double c = m[1][0] - pinhole.y * m[2][0], d = m[1][1] - pinhole.y * m[2][1];
    double e = pinhole.x * m[2][2] - m[0][2], f = pinhole.y * m[2][2] - m[1][2];
    double determinant = a * d - b * c;
    struct point at = {(e * d - b * f) / determinant, (a * f - e * c) / determinant};
    double depth_m = m[2][0] * at.x + m[2][1] * at.y + m[2][2];
    return depth_m >= GEOMETRY_NEAR_M ? at : (struct point){(double)NAN, (double)NAN};
}

/* floor(), which is a call; of what lies on a display, whose whole part is small. */
static inline double whole(double t)
{
    double cut = (double)(int64_t)t;
    return cut > t ? cut - 1.0 : cut;
}

/* A comb of period 1 that is 1 / (1 - gap) but for a gap around the whole numbers, less its mean:
 * its second integral, which is periodic, at t. */
static double comb_integral(double t, double gap)
{
    double x = t - whole(t + 0.5); /* from the middle of the gap */
    double edge = 0.5 * gap, inside = fabs(x);
    /* slope -1 in the gap, gap / (1 - gap) outside; both from an integral that is 0 at x = 0 */
    if (inside <= edge)
        return -0.5 * x * x;
    double rise = gap / (1.0 - gap), beyond = inside - edge;
    return -0.5 * edge * edge - edge * beyond + 0.5 * rise * beyond * beyond;
}

/* The mean of 1 + comb over the sum of two boxes, a and b wide, around t. */
static double comb_mean(double t, double a, double b, double gap)
{
    a = fmax(fabs(a), 1e-3); /* narrower boxes cancel digits, and change nothing */
    b = fmax(fabs(b), 1e-3);
    double wide = 0.5 * (a + b), narrow = 0.5 * (a - b);
    double sum = comb_integral(t + wide, gap) - comb_integral(t + narrow, gap) -
                 comb_integral(t - narrow, gap) + comb_integral(t - wide, gap);
    return 1.0 + sum / (a * b);
}

/* How much of a pixel lies on the display: a ramp one pixel wide at its border. */
static double share_on(const struct view *view, struct point at, double dots_a_pixel)
{
    double left = at.x + view->bezel, right = view->size->width + view->bezel - at.x;
    double top = at.y + view->bezel, bottom = view->size->height + view->bezel - at.y;
    double inside = fmin(fmin(left, right), fmin(top, bottom)) / dots_a_pixel + 0.5;
    return inside > 0.0 ? fmin(inside, 1.0) : 0.0; /* NaN: 0 */
}

/* At one pixel: its place on the display, and how that changes to the right and downwards. */
struct footprint {
    struct point at, right, down;
};

static double panel_at(const struct display *display, const struct footprint *foot)
{
    double pixels = display->pitch_m / display->panel_pitch_m, gap = display->panel_gap;
    return comb_mean(foot->at.x * pixels, foot->right.x * pixels, foot->down.x * pixels, gap) *
           comb_mean(foot->at.y * pixels, foot->right.y * pixels, foot->down.y * pixels, gap);
}

static double glare_at(const struct view *view, const struct conditions *conditions,
                       struct point at)
{
    const struct glare *glare = &conditions->pose.glare;
    double x = at.x - 0.5 * view->size->width - glare->x;
    double y = at.y - 0.5 * view->size->height - glare->y;
    double far = (x * x + y * y) * pow(conditions->display.pitch_m / glare->size_m, 2.0);
    return view->level * glare->peak * exp(-0.5 * far);
}

static bool has_panel(const struct display *display)
{
    return display->kind == DISPLAY_PHONE && display->panel_pitch_m > 0.0 &&
           display->panel_gap > 0.0;
}

static void find_points(const struct view *view, int y, struct point *points)
{
    for (int x = 0; x <= view->canvas.width; x++)
        points[x] = display_point(view, view->left + x + 0.5, view->top + y + 0.5);
}

static struct point less(struct point a, struct point b)
{
    return (struct point){a.x - b.x, a.y - b.y};
}

/* The veil is in front of the panel: only the light from behind has its grid. */
static void apply_row(const struct view *view, const struct conditions *conditions,
                      const struct point *here, const struct point *below, float *cells)
{
    double surroundings = view->level * CAMERA_SURROUNDINGS;
    double veil = view->level * conditions->pose.glare.veil;
    bool panel = has_panel(&conditions->display);
    for (int x = 0; x < view->canvas.width; x++) {
        struct footprint foot = {here[x], less(here[x + 1], here[x]), less(below[x], here[x])};
        double dots = hypot(hypot(foot.right.x, foot.right.y), hypot(foot.down.x, foot.down.y));
        double share = share_on(view, foot.at, dots / M_SQRT2), change = 0.0;
        if (!(share > 0.0))
            continue;
        if (panel)
            change +=
                (cells[x] + surroundings - veil) * (panel_at(&conditions->display, &foot) - 1.0);
        if (conditions->pose.glare.peak > 0.0)
            change += glare_at(view, conditions, foot.at);
        cells[x] += isfinite(change) ? (float)(share * change) : 0.0f;
    }
}

void surface_apply(const struct view *view, const struct conditions *conditions,
                   struct point *points)
{
    if (!has_panel(&conditions->display) && !(conditions->pose.glare.peak > 0.0))
        return;
    struct point *here = points, *below = points + view->canvas.width + 1;
    find_points(view, 0, here);
    for (int y = 0; y < view->canvas.height; y++) {
        find_points(view, y + 1, below);
        apply_row(view, conditions, here, below,
                  view->canvas.cells + (size_t)y * view->canvas.stride);
        struct point *spare = here;
        here = below;
        below = spare;
    }
}
