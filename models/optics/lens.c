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

/* An edge, divided so that its parts are short where the lens sees it: evenly by the angle about
 * the point that comes nearest to the axis. (Edges that reach behind the camera are endlessly
 * long.) */
struct division {
    struct point from, to;
    double length, nearest, scale; /* nearest: from `from`; scale 0: evenly */
    double first, last;            /* angles */
};

static struct division divide(const struct lens *lens, struct point from, struct point to)
{
    struct division edge = {.from = from, .to = to, .length = hypot(to.x - from.x, to.y - from.y)};
    if (!(edge.length > 0.5 * lens->image_px))
        return edge;
    double x = (to.x - from.x) / edge.length, y = (to.y - from.y) / edge.length;
    double off_x = lens->centre_x - from.x, off_y = lens->centre_y - from.y;
    edge.nearest = off_x * x + off_y * y;
    edge.scale = hypot(lens->image_px, off_x * y - off_y * x);
    edge.first = atan(-edge.nearest / edge.scale);
    edge.last = atan((edge.length - edge.nearest) / edge.scale);
    return edge;
}

static struct point along(const struct division *edge, double t)
{
    if (edge->scale > 0.0 && t > 0.0 && t < 1.0) {
        double angle = edge->first + t * (edge->last - edge->first);
        t = (edge->nearest + edge->scale * tan(angle)) / edge->length;
    }
    return (struct point){edge->from.x + t * (edge->to.x - edge->from.x),
                          edge->from.y + t * (edge->to.y - edge->from.y)};
}

/* How many chords an edge needs: an arc's sagitta falls with the square of their number. */
static int chords_of(const struct lens *lens, const struct division *edge)
{
    double sagitta = 0.0;
    for (int i = 0; i < 4; i++) { /* of four arcs, as the whole may hide a bend */
        struct point start = lens_bend(lens, along(edge, 0.25 * i));
        struct point end = lens_bend(lens, along(edge, 0.25 * (i + 1)));
        struct point middle = lens_bend(lens, along(edge, 0.25 * i + 0.125));
        double off = hypot(middle.x - 0.5 * (start.x + end.x), middle.y - 0.5 * (start.y + end.y));
        sagitta = fmax(sagitta, off);
    }
    double chords = ceil(4.0 * sqrt(sagitta / CHORD_PX));
    return chords < 1.0 ? 1 : chords > LENS_CHORDS ? LENS_CHORDS : (int)chords;
}

int lens_bend_polygon(const struct lens *lens, const struct point *points, int count,
                      struct point *bent)
{
    int made = 0;
    for (int i = 0; i < count; i++) {
        struct division edge = divide(lens, points[i], points[(i + 1) % count]);
        int chords = lens->bends ? chords_of(lens, &edge) : 1;
        for (int k = 0; k < chords; k++)
            bent[made++] = lens_bend(lens, along(&edge, (double)k / chords));
    }
    return made;
}
