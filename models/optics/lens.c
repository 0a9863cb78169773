/*
 * The lens: where it makes its image, and how it bends straight lines.
 *
 * Radial distortion (Brown 1971, the model of OpenCV): a point at radius r from the axis, in units
 * of the image distance, comes to lie at r (1 + k1 r^2 + k2 r^4). The polynomial turns back
 * somewhere; beyond the radius where its slope has fallen to LEAST_SLOPE it goes on straight, so
 * that what lies far outside stays outside. Straight edges become chains of chords that stray from
 * the true curve by at most CHORD_PX.
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <math.h>

#define LEAST_SLOPE 0.1
#define CHORD_PX 0.004

double lens_image_distance(const struct camera *camera)
{
    double focus_m = fmax(camera->focus_m, 2.0 * camera->focal_length_m);
    return camera->focal_length_m / (1.0 - camera->focal_length_m / focus_m);
}

double lens_defocus_px(const struct camera *camera, double distance_m)
{
    double focus_m = fmax(camera->focus_m, 2.0 * camera->focal_length_m);
    double aperture_m = camera->focal_length_m / camera->f_number;
    double disc_m =
        lens_image_distance(camera) * aperture_m * fabs(1.0 / distance_m - 1.0 / focus_m);
    return disc_m / camera->pitch_m;
}

/* The square of the smallest radius at which 1 + 3 k1 q + 5 k2 q^2 = LEAST_SLOPE. */
static double square_limit(double k1, double k2)
{
    double a = 5.0 * k2, b = 3.0 * k1, c = 1.0 - LEAST_SLOPE;
    if (a == 0.0)
        return b < 0.0 ? -c / b : (double)INFINITY;
    double inside = b * b - 4.0 * a * c;
    if (inside < 0.0)
        return INFINITY;
    double q = -0.5 * (b + copysign(sqrt(inside), b));
    double roots[2] = {q / a, q != 0.0 ? c / q : (double)INFINITY}, least = INFINITY;
    for (int i = 0; i < 2; i++)
        least = roots[i] > 0.0 && roots[i] < least ? roots[i] : least;
    return least;
}

static double bent_radius(const struct lens *lens, double r)
{
    double inside = fmin(r, lens->limit), q = inside * inside;
    double bent = inside * (1.0 + lens->k1 * q + lens->k2 * q * q);
    return r > lens->limit ? bent + LEAST_SLOPE * (r - lens->limit) : bent;
}

struct lens lens_of(const struct camera *camera)
{
    struct lens lens = {.centre_x = 0.5 * camera->width,
                        .centre_y = 0.5 * camera->height,
                        .image_px = lens_image_distance(camera) / camera->pitch_m,
                        .k1 = camera->k1,
                        .k2 = camera->k2,
                        .bends = camera->k1 != 0.0 || camera->k2 != 0.0};
    lens.limit = sqrt(square_limit(camera->k1, camera->k2));
    return lens;
}

bool lens_covers_frame(const struct camera *camera)
{
    struct lens lens = lens_of(camera);
    double corner = hypot(lens.centre_x, lens.centre_y) / lens.image_px;
    return !(lens.limit < INFINITY) || bent_radius(&lens, lens.limit) >= corner;
}

struct point lens_bend(const struct lens *lens, struct point point)
{
    if (!lens->bends)
        return point;
    double x = point.x - lens->centre_x, y = point.y - lens->centre_y;
    double r = hypot(x, y) / lens->image_px;
    double scale = r > 0.0 ? bent_radius(lens, r) / r : 1.0;
    return (struct point){lens->centre_x + scale * x, lens->centre_y + scale * y};
}

/* Bisection first, as Newton's method alone may leave the branch; then Newton. */
struct point lens_unbend(const struct lens *lens, struct point point)
{
    if (!lens->bends)
        return point;
    double x = point.x - lens->centre_x, y = point.y - lens->centre_y;
    double bent = hypot(x, y) / lens->image_px, low = 0.0, high = bent + 1e-9;
    if (!(bent > 0.0))
        return point;
    while (bent_radius(lens, high) < bent)
        high *= 2.0;
    for (int i = 0; i < 60 && high - low > 1e-13 * high; i++) {
        double middle = 0.5 * (low + high);
        *(bent_radius(lens, middle) < bent ? &low : &high) = middle;
    }
    double scale = 0.5 * (low + high) / bent;
    return (struct point){lens->centre_x + scale * x, lens->centre_y + scale * y};
}

static struct point along(struct point from, struct point to, double t)
{
    return (struct point){from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
}

/* How many chords an edge needs: an arc's sagitta falls with the square of their number. */
static int chords_of(const struct lens *lens, struct point from, struct point to)
{
    struct point start = lens_bend(lens, from), end = lens_bend(lens, to);
    double sagitta = 0.0;
    for (int i = 1; i < 4; i++) {
        struct point bent = lens_bend(lens, along(from, to, 0.25 * i));
        struct point chord = along(start, end, 0.25 * i);
        sagitta = fmax(sagitta, hypot(bent.x - chord.x, bent.y - chord.y));
    }
    double chords = ceil(sqrt(sagitta / CHORD_PX));
    return chords < 1.0 ? 1 : chords > LENS_CHORDS ? LENS_CHORDS : (int)chords;
}

int lens_bend_polygon(const struct lens *lens, const struct point *points, int count,
                      struct point *bent)
{
    int made = 0;
    for (int i = 0; i < count; i++) {
        struct point from = points[i], to = points[(i + 1) % count];
        int chords = lens->bends ? chords_of(lens, from, to) : 1;
        for (int k = 0; k < chords; k++)
            bent[made++] = lens_bend(lens, along(from, to, (double)k / chords));
    }
    return made;
}
