#include "symbology/qr_grid.h"

#include <math.h>
#include <string.h>

static const double MIDDLE = 3.5; /* of a finder, in modules */

/* ---- the fourth point ---- */

static const uint8_t ALIGNMENT[25] = {1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1,
                                      0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1};

/* How well the alignment pattern fits at a place, u and v being the symbol's directions. */
static float fit_alignment(const struct qr_field *field, const struct qr_pair *at,
                           const double u[2], const double v[2])
{
    float dark = 0, light = 0;
    for (int i = 0; i < 25; i++) {
        double du = i % 5 - 2, dv = i / 5 - 2;
        float value =
            qr_sample(&field->grey, at->x + du * u[0] + dv * v[0], at->y + du * u[1] + dv * v[1]);
        *(ALIGNMENT[i] ? &dark : &light) += value;
    }
    return light / 8 - dark / 17;
}

/* What is looked for: the alignment pattern, or clear modules. */
struct fourth {
    const struct qr_field *field;
    struct qr_grid *grid;
    struct qr_pair *pairs; /* the last is moved */
    double u[2], v[2];     /* the symbol's directions there, pixels a module */
    bool alignment;
};

static float fit_fourth(const struct fourth *fourth, double du, double dv)
{
    struct qr_pair pairs[4];
    struct qr_map map;
    memcpy(pairs, fourth->pairs, sizeof pairs);
    pairs[3].x += du * fourth->u[0] + dv * fourth->v[0];
    pairs[3].y += du * fourth->u[1] + dv * fourth->v[1];
    if (fourth->alignment)
        return fit_alignment(fourth->field, &pairs[3], fourth->u, fourth->v);
    return qr_map_through(pairs, &map) ? qr_grid_clarity(fourth->field, &map, fourth->grid) : 0;
}

/* The best place of a square of (2 steps + 1)^2 around the present one. */
static void search_square(const struct fourth *fourth, int steps, double step)
{
    double best_u = 0, best_v = 0;
    float best = -INFINITY;
    for (int j = -steps; j <= steps; j++)
        for (int i = -steps; i <= steps; i++) {
            /* Of equals the nearest: a place is given up for a better one only. */
            float fit = fit_fourth(fourth, i * step, j * step) - 1e-4f * (float)(i * i + j * j);
            if (fit > best) {
                best = fit;
                best_u = i * step;
                best_v = j * step;
            }
        }
    fourth->pairs[3].x += best_u * fourth->u[0] + best_v * fourth->v[0];
    fourth->pairs[3].y += best_u * fourth->u[1] + best_v * fourth->v[1];
}

/* The direction of a module's side at a place of the map, pixels a module. */
static void direction(const struct qr_map *map, double u, double v, double du, double dv,
                      double step[2])
{
    double x0, y0, x1, y1;
    qr_map_place(map, u - du / 2, v - dv / 2, &x0, &y0);
    qr_map_place(map, u + du / 2, v + dv / 2, &x1, &y1);
    step[0] = x1 - x0;
    step[1] = y1 - y0;
}

/* Searches around where the map has the place of the last pair; `each` is what a look costs. */
static bool search_fourth(struct fourth *fourth, int steps, double step, double each_ns,
                          struct budget *budget)
{
    struct qr_map *map = &fourth->grid->map;
    struct qr_pair *last = &fourth->pairs[3];
    double looks = (2.0 * steps + 1) * (2.0 * steps + 1) + 18;
    if (!budget_spend(budget, looks * each_ns))
        return false;
    qr_map_place(map, last->u, last->v, &last->x, &last->y);
    direction(map, last->u, last->v, 1, 0, fourth->u);
    direction(map, last->u, last->v, 0, 1, fourth->v);
    search_square(fourth, steps, step);
    search_square(fourth, 1, step / 2);
    search_square(fourth, 1, step / 4);
    return qr_map_through(fourth->pairs, map);
}

static bool search_alignment(const struct qr_field *field, struct budget *budget,
                             struct qr_grid *grid, struct qr_pair pairs[4])
{
    struct fourth fourth = {.field = field, .grid = grid, .pairs = pairs, .alignment = true};
    pairs[3].u = pairs[3].v = grid->side - 6.5;
    return search_fourth(&fourth, 8, 0.5, 25 * QR_SAMPLE_NS, budget);
}

void qr_grid_clear(const struct qr_field *field, struct budget *budget, struct qr_grid *grid)
{
    double far = grid->side - MIDDLE, halves = grid->side + 3.0;
    struct qr_pair pairs[4] = {{.u = MIDDLE, .v = MIDDLE},
                               {.u = far, .v = MIDDLE},
                               {.u = MIDDLE, .v = far},
                               {.u = far, .v = far}};
    struct fourth fourth = {.field = field, .grid = grid, .pairs = pairs};
    for (int i = 0; i < 4; i++)
        qr_map_place(&grid->map, pairs[i].u, pairs[i].v, &pairs[i].x, &pairs[i].y);
    if (search_fourth(&fourth, 3, 0.4, 2 * QR_SAMPLE_NS * halves * halves, budget))
        qr_grid_sample(field, budget, grid);
}

/* ---- the finders alone ---- */

static struct qr_pair pair_of(const struct qr_finder *finder, double u, double v, double scale)
{
    return (struct qr_pair){u, v, (double)finder->x * scale, (double)finder->y * scale};
}

/* A homography divides by a weight that grows evenly over the symbol; modules look smaller by its
 * power of 3/2 (their area by its cube). So the finders' sizes are the weights of three corners,
 * and those give the fourth. */
static void lean(const struct qr_corner *corner, struct qr_pair pairs[4])
{
    double size = (double)corner->top_left.module;
    double right = pow(size / (double)corner->top_right.module, 2.0 / 3);
    double below = pow(size / (double)corner->bottom_left.module, 2.0 / 3);
    double both = right + below - 1;
    if (both < 0.3)
        right = below = both = 1;
    pairs[3].x = (right * pairs[1].x + below * pairs[2].x - pairs[0].x) / both;
    pairs[3].y = (right * pairs[1].y + below * pairs[2].y - pairs[0].y) / both;
}

/* The share of the modules of one finder that are as they should be, by their own middle grey. */
static float share_finder(const struct qr_field *field, const struct qr_grid *grid, unsigned left,
                          unsigned top)
{
    float values[64], sums[2] = {0, 0};
    unsigned counts[2] = {0, 0}, right = 0;
    for (unsigned i = 0; i < 64; i++) {
        unsigned u = left + i % 8, v = top + i / 8;
        int dark = qr_is_dark(grid->kinds[v * grid->side + u]);
        values[i] = qr_sample_module(field, &grid->map, u + 0.5, v + 0.5);
        sums[dark] += values[i];
        counts[dark]++;
    }
    float middle = (sums[0] / (float)counts[0] + sums[1] / (float)counts[1]) / 2;
    for (unsigned i = 0; i < 64; i++) {
        bool dark = qr_is_dark(grid->kinds[(top + i / 8) * grid->side + left + i % 8]);
        right += (values[i] < middle) == dark;
    }
    return (float)right / 64;
}

static bool finders_fit(const struct qr_field *field, struct budget *budget,
                        const struct qr_grid *grid)
{
    static const float ENOUGH = 0.75f;
    unsigned far = grid->side - 8;
    return budget_spend(budget, 3 * 64 * QR_SAMPLE_NS) &&
           share_finder(field, grid, 0, 0) >= ENOUGH &&
           share_finder(field, grid, far, 0) >= ENOUGH &&
           share_finder(field, grid, 0, far) >= ENOUGH;
}

/* How much of what changes from module to module along the two timing patterns changes as it
 * should, `shift` modules along: 1 all, 0 as much as by chance. */
static float timing_swing(const struct qr_field *field, const struct qr_grid *grid, double shift)
{
    enum { FIRST = 7, ROW = 6 };
    float as_due = 0, all = 0;
    for (int axis = 0; axis < 2; axis++) {
        float before = 0;
        for (unsigned i = FIRST; i < grid->side - FIRST; i++) {
            double along = i + 0.5 + shift, across = ROW + 0.5;
            float value =
                qr_sample_module(field, &grid->map, axis ? across : along, axis ? along : across);
            float step = i % 2 == 0 ? before - value : value - before; /* even ones are dark */
            as_due += i > FIRST ? step : 0;
            all += i > FIRST ? fabsf(step) : 0;
            before = value;
        }
    }
    return all > 0 ? as_due / all : 0;
}

/* Whether the finders have timing patterns between them, about, before much is looked at: six of
 * seven wrong corners end here, and of 2,294 grids that were read in degraded frames all
 * swing by 0.44 at least. */
static const float ENOUGH_SWING = 0.25f;

static bool timing_swings(const struct qr_field *field, struct budget *budget,
                          const struct qr_grid *grid)
{
    static const double SHIFTS[3] = {0, -0.5, 0.5};
    bool swings = false;
    for (int i = 0; i < 3 && !swings; i++)
        swings = budget_spend(budget, 2 * QR_SAMPLE_NS * grid->side) &&
                 timing_swing(field, grid, SHIFTS[i]) >= ENOUGH_SWING;
    return swings;
}

/* ---- laying ---- */

static bool lay(const struct qr_field *field, const struct qr_corner *corner, double scale,
                struct budget *budget, struct qr_grid *grid)
{
    double far = grid->side - MIDDLE;
    struct qr_pair pairs[4] = {pair_of(&corner->top_left, MIDDLE, MIDDLE, scale),
                               pair_of(&corner->top_right, far, MIDDLE, scale),
                               pair_of(&corner->bottom_left, MIDDLE, far, scale),
                               {.u = far, .v = far}};
    if (!budget_spend(budget, 3.0 * grid->side * grid->side))
        return false;
    qr_code_layout(grid->side, grid->kinds);
    grid->module_px = (float)((hypot(pairs[1].x - pairs[0].x, pairs[1].y - pairs[0].y) +
                               hypot(pairs[2].x - pairs[0].x, pairs[2].y - pairs[0].y)) /
                              (2 * (far - MIDDLE)));
    lean(corner, pairs);
    return qr_map_through(pairs, &grid->map) && finders_fit(field, budget, grid) &&
           timing_swings(field, budget, grid) &&
           (grid->side == QR_MIN_SIDE || search_alignment(field, budget, grid, pairs)) &&
           qr_grid_sample(field, budget, grid);
}

static const float ENOUGH_KNOWN = 0.8f, CLEARLY_KNOWN = 0.97f;

bool qr_grid_lay(const struct qr_field *found, const struct qr_field *field,
                 const struct qr_corner *corner, struct budget *budget, struct qr_grid *grid)
{
    double scale = (double)found->scale / field->scale, estimate = qr_corner_side(found, corner);
    int nearest = (int)floor((estimate - 17) / 4 + 0.5) * 4 + 17, best = 0;
    int towards = estimate > nearest ? 4 : -4, last = 0;
    const int sides[3] = {nearest, nearest + towards, nearest - towards};
    float known = ENOUGH_KNOWN;
    for (int i = 0; i < 3 && known < CLEARLY_KNOWN; i++) {
        if (sides[i] < QR_MIN_SIDE || sides[i] > QR_MAX_SIDE)
            continue;
        grid->side = (unsigned)(last = sides[i]);
        if (lay(field, corner, scale, budget, grid) && grid->known > known) {
            best = last;
            known = grid->known;
        }
    }
    if (best == 0 || best == last)
        return best != 0;
    grid->side = (unsigned)best;
    return lay(field, corner, scale, budget, grid);
}

/* ---- settling ---- */

/* How well a map fits what is known. */
static float fit_known(const struct qr_field *field, const struct qr_grid *grid,
                       const struct qr_map *map)
{
    float sums[2] = {0, 0};
    unsigned counts[2] = {0, 0};
    for (unsigned v = 0; v < grid->side; v++)
        for (unsigned u = 0; u < grid->side; u++) {
            uint8_t kind = grid->kinds[v * grid->side + u];
            if (!qr_is_known(kind))
                continue;
            int which = qr_is_dark(kind);
            sums[which] += qr_sample_module(field, map, u + 0.5, v + 0.5);
            counts[which]++;
        }
    return sums[0] / (float)counts[0] - sums[1] / (float)counts[1];
}

void qr_grid_settle(const struct qr_field *field, struct budget *budget, struct qr_grid *grid)
{
    enum { PASSES = 4 };
    double side = grid->side, unit = (double)grid->module_px, steps[8];
    const double sizes[8] = {unit / side,       unit / side,      unit,
                             unit / side,       unit / side,      unit,
                             1 / (side * side), 1 / (side * side)};
    if (!budget_spend(budget, QR_SAMPLE_NS * PASSES * 16 * side * side))
        return;
    for (int i = 0; i < 8; i++)
        steps[i] = sizes[i] * 0.3;
    float best = fit_known(field, grid, &grid->map);
    for (int i = 0; i < PASSES * 16; i++) {
        double *value = &grid->map.h[i / 2 % 8], before = *value;
        *value += i % 2 == 0 ? steps[i / 2 % 8] : -steps[i / 2 % 8];
        float fit = fit_known(field, grid, &grid->map);
        if (fit > best)
            best = fit;
        else
            *value = before;
        if (i % 16 == 15)
            for (int k = 0; k < 8; k++)
                steps[k] /= 2;
    }
    qr_grid_sample(field, budget, grid);
}
