#include "symbology/qr_grid.h"

#include <math.h>

enum { MOST_FINDERS = 16 };

static float distance(const struct qr_finder *a, const struct qr_finder *b)
{
    return hypotf(a->x - b->x, a->y - b->y);
}

static float relative(float a, float b)
{
    return fabsf(a - b) / fmaxf(a, b);
}

/* How far three finders are from the corner of a square, the right angle at `top_left`. */
static float misfit(const struct qr_corner *corner)
{
    const struct qr_finder *a = &corner->top_left, *b = &corner->top_right;
    const struct qr_finder *c = &corner->bottom_left;
    float ab = distance(a, b), ac = distance(a, c), bc = distance(b, c);
    float smallest = fminf(a->module, fminf(b->module, c->module));
    float largest = fmaxf(a->module, fmaxf(b->module, c->module));
    if (largest > 1.8f * smallest || fminf(ab, ac) < 8 * largest ||
        fmaxf(ab, ac) > QR_MAX_SIDE * 1.5f * largest)
        return INFINITY;
    float legs = relative(ab, ac), angle = fabsf(ab * ab + ac * ac - bc * bc) / (2 * ab * ac);
    if (legs > 0.45f || angle > 0.5f)
        return INFINITY;
    return legs + angle + 0.5f * (largest / smallest - 1);
}

/* Names three finders so that the symbol is not mirrored, the longest side opposite the corner. */
static struct qr_corner make_corner(const struct qr_finder *a, const struct qr_finder *b,
                                    const struct qr_finder *c)
{
    float ab = distance(a, b), ac = distance(a, c), bc = distance(b, c);
    const struct qr_finder *corner = bc >= ab && bc >= ac ? a : ac >= ab ? b : c;
    const struct qr_finder *one = corner == a ? b : a, *other = corner == c ? b : c;
    float turn = (one->x - corner->x) * (other->y - corner->y) -
                 (one->y - corner->y) * (other->x - corner->x);
    struct qr_corner made = {*corner, turn > 0 ? *one : *other, turn > 0 ? *other : *one, 0};
    made.misfit = misfit(&made);
    return made;
}

static void keep_corner(struct qr_corner *corners, unsigned *count, const struct qr_corner *corner)
{
    unsigned at = *count;
    if (*count == QR_CORNERS && corners[--at].misfit <= corner->misfit)
        return;
    for (; at > 0 && corners[at - 1].misfit > corner->misfit; at--)
        corners[at] = corners[at - 1];
    corners[at] = *corner;
    *count += *count < QR_CORNERS;
}

unsigned qr_corners(const struct qr_finder *finders, unsigned count, struct budget *budget,
                    struct qr_corner corners[QR_CORNERS])
{
    static const double TRIPLE_NS = 30;
    unsigned few = count < MOST_FINDERS ? count : MOST_FINDERS, kept = 0;
    if (!budget_spend(budget, TRIPLE_NS * few * few * few / 6))
        return 0;
    for (unsigned i = 0; i < few; i++)
        for (unsigned j = i + 1; j < few; j++)
            for (unsigned k = j + 1; k < few; k++) {
                struct qr_corner corner = make_corner(&finders[i], &finders[j], &finders[k]);
                if (corner.misfit < INFINITY)
                    keep_corner(corners, &kept, &corner);
            }
    return kept;
}

/* ---- how many modules ---- */

enum { FINDER_MODULES = 7 };

/* The length of a module along the way from a finder's middle: its edges lie at 1.5, 2.5 and 3.5
 * modules, and where dark looks too large two of them move out and one in. 0: not found. */
static double module_along(const struct qr_field *field, const struct qr_finder *finder, double dx,
                           double dy)
{
    static const double STEP = 0.25;
    double edges[3], most = 7.0 * (double)finder->module;
    int found = 0;
    for (double at = 0; at < most && found < 3; at += STEP) {
        double x = (double)finder->x + at * dx, y = (double)finder->y + at * dy;
        if (x < 0 || y < 0 || x >= field->grey.width || y >= field->grey.height)
            break;
        if (qr_field_dark(field, (unsigned)x, (unsigned)y) != (found % 2 == 0))
            edges[found++] = at;
    }
    return found < 3 ? 0 : (edges[0] + 2 * edges[1] + edges[2]) / 10;
}

static double leg_modules(const struct qr_field *field, const struct qr_finder *a,
                          const struct qr_finder *b)
{
    double length = (double)distance(a, b), sum = 0;
    double dx = ((double)b->x - (double)a->x) / length, dy = ((double)b->y - (double)a->y) / length;
    int count = 0;
    for (int i = 0; i < 4; i++) {
        double sign = i % 2 == 0 ? 1 : -1;
        double module = module_along(field, i < 2 ? a : b, sign * dx, sign * dy);
        sum += module;
        count += module > 0;
    }
    return count == 0 ? 0 : length / (sum / count);
}

/* The middle of the finders is `side` - 7 modules apart. */
double qr_corner_side(const struct qr_field *field, const struct qr_corner *corner)
{
    double across = leg_modules(field, &corner->top_left, &corner->top_right);
    double down = leg_modules(field, &corner->top_left, &corner->bottom_left);
    return (across > 0 && down > 0 ? (across + down) / 2 : across + down) + FINDER_MODULES;
}
