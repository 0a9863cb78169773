/*
 * How dark each module is, learnt from those that are known.
 *
 * A camera blurs modules into their neighbours and adds noise: the one asks for sharpening, the
 * other for averaging, and how much of each depends on the frame. But a fifth or more of a symbol
 * is known beforehand. So a symmetric filter over samples at half modules is fitted to those by
 * least squares (the equaliser of a modem with its training sequence), and then applied to all.
 */
#include "symbology/qr_grid.h"

#include <math.h>
#include <string.h>

/* ---- samples ---- */

/* Greys at half modules of a square of modules and one around it: sample (2, 2) is the middle of
 * its first module. */
static unsigned half_side(unsigned side)
{
    return 2 * side + 3;
}

static void sample_halves(const struct qr_field *field, const struct qr_map *map, unsigned first,
                          unsigned side, float *half)
{
    for (unsigned v = 0; v < half_side(side); v++)
        for (unsigned u = 0; u < half_side(side); u++)
            *half++ = qr_sample_module(field, map, first + 0.5 * u - 0.5, first + 0.5 * v - 0.5);
}

static const float *middle_of(const float *halves, unsigned side, unsigned u, unsigned v)
{
    return halves + (size_t)(2 * v + 2) * half_side(side) + 2 * u + 2;
}

/* ---- levels ---- */

/* Means of what is known to be dark and light in the 8 x 8 modules of one finder. */
static void measure_finder(const struct qr_grid *grid, unsigned left, unsigned top, float *dark,
                           float *light)
{
    float sums[2] = {0, 0};
    unsigned counts[2] = {0, 0};
    for (unsigned v = top; v < top + 8; v++)
        for (unsigned u = left; u < left + 8; u++) {
            int which = qr_is_dark(grid->kinds[v * grid->side + u]);
            sums[which] += *middle_of(grid->halves, grid->side, u, v);
            counts[which]++;
        }
    *light = sums[0] / (float)counts[0];
    *dark = sums[1] / (float)counts[1];
}

static const float LEAST_STEP = 4; /* from dark to light, grey levels */

static bool measure_levels(struct qr_grid *grid)
{
    unsigned far = grid->side - 8;
    measure_finder(grid, 0, 0, &grid->dark[0], &grid->light[0]);
    measure_finder(grid, far, 0, &grid->dark[1], &grid->light[1]);
    measure_finder(grid, 0, far, &grid->dark[2], &grid->light[2]);
    grid->contrast = 0;
    for (int i = 0; i < 3; i++) {
        if (grid->light[i] - grid->dark[i] < LEAST_STEP)
            return false;
        grid->contrast += (grid->light[i] - grid->dark[i]) / (3 * 255);
    }
    return true;
}

static float on_plane(const float levels[3], float s, float t)
{
    return levels[0] + s * (levels[1] - levels[0]) + t * (levels[2] - levels[0]);
}

/* Grey values become darkness: light and dark are planes through what the finders say. */
static void normalise(const struct qr_grid *grid, unsigned first, unsigned side, float *half)
{
    float span = 2 * (float)(grid->side - 7), offset = 2 * (float)first - 8;
    for (unsigned v = 0; v < half_side(side); v++)
        for (unsigned u = 0; u < half_side(side); u++, half++) {
            float s = ((float)u + offset) / span, t = ((float)v + offset) / span;
            float dark = on_plane(grid->dark, s, t), light = on_plane(grid->light, s, t);
            *half = ((light + dark) / 2 - *half) / fmaxf((light - dark) / 2, LEAST_STEP / 2);
        }
}

/* ---- the filter ---- */

/* Places at like distances from a module's middle share a weight; the last weight is a constant. */
enum { WEIGHTS = QR_WEIGHTS };

static void gather(const float *halves, unsigned side, unsigned u, unsigned v,
                   float features[WEIGHTS])
{
    ptrdiff_t row = (ptrdiff_t)half_side(side);
    const float *p = middle_of(halves, side, u, v);
    features[0] = p[0];
    features[1] = p[-1] + p[1] + p[-row] + p[row];
    features[2] = p[-row - 1] + p[-row + 1] + p[row - 1] + p[row + 1];
    features[3] = p[-2] + p[2] + p[-2 * row] + p[2 * row];
    features[4] = p[-2 * row - 1] + p[-2 * row + 1] + p[2 * row - 1] + p[2 * row + 1] +
                  p[-row - 2] + p[-row + 2] + p[row - 2] + p[row + 2];
    features[5] = p[-2 * row - 2] + p[-2 * row + 2] + p[2 * row - 2] + p[2 * row + 2];
    features[6] = 1;
}

/* The normal equations of the known modules, with a pull towards the plain middle. */
static void accumulate(const struct qr_grid *grid, double m[WEIGHTS][WEIGHTS + 1])
{
    static const double PULL = 0.02;
    double count = 0;
    for (unsigned v = 0; v < grid->side; v++)
        for (unsigned u = 0; u < grid->side; u++) {
            uint8_t kind = grid->kinds[v * grid->side + u];
            float features[WEIGHTS];
            if (!qr_is_known(kind))
                continue;
            count++;
            gather(grid->halves, grid->side, u, v, features);
            double target = qr_is_dark(kind) ? 1 : -1;
            for (int i = 0; i < WEIGHTS; i++) {
                for (int k = 0; k < WEIGHTS; k++)
                    m[i][k] += (double)features[i] * (double)features[k];
                m[i][WEIGHTS] += (double)features[i] * target;
            }
        }
    for (int i = 0; i < WEIGHTS; i++)
        m[i][i] += PULL * count;
    m[0][WEIGHTS] += PULL * count;
}

/* Gauss's elimination of a positive definite system. */
static void solve(double m[WEIGHTS][WEIGHTS + 1], float weights[WEIGHTS])
{
    for (int column = 0; column < WEIGHTS; column++)
        for (int row = 0; row < WEIGHTS; row++) {
            double factor = m[row][column] / m[column][column];
            for (int k = column; row != column && k <= WEIGHTS; k++)
                m[row][k] -= factor * m[column][k];
        }
    for (int i = 0; i < WEIGHTS; i++)
        weights[i] = (float)(m[i][WEIGHTS] / m[i][i]);
}

static void train(struct qr_grid *grid)
{
    double m[WEIGHTS][WEIGHTS + 1] = {{0}};
    accumulate(grid, m);
    solve(m, grid->weights);
}

static float filtered(const struct qr_grid *grid, const float *halves, unsigned side, unsigned u,
                      unsigned v)
{
    float features[WEIGHTS], sum = 0;
    gather(halves, side, u, v, features);
    for (int i = 0; i < WEIGHTS; i++)
        sum += grid->weights[i] * features[i];
    return sum;
}

static void share_known(struct qr_grid *grid)
{
    unsigned right = 0, known = 0, right_timing = 0, timing = 0;
    for (unsigned i = 0; i < grid->side * grid->side; i++) {
        uint8_t kind = grid->kinds[i];
        if (!qr_is_known(kind))
            continue;
        bool good = (grid->values[i] > 0) == qr_is_dark(kind);
        bool of_timing = kind == QR_TIMING_DARK || kind == QR_TIMING_LIGHT;
        known++;
        right += good;
        timing += of_timing;
        right_timing += of_timing && good;
    }
    grid->known = (float)right / (float)known;
    grid->timing = (float)right_timing / (float)timing;
}

bool qr_grid_sample(const struct qr_field *field, struct budget *budget, struct qr_grid *grid)
{
    double halves = half_side(grid->side);
    if (!budget_spend(budget, 2 * QR_SAMPLE_NS * halves * halves))
        return false;
    sample_halves(field, &grid->map, 0, grid->side, grid->halves);
    if (!measure_levels(grid))
        return false;
    normalise(grid, 0, grid->side, grid->halves);
    train(grid);
    for (unsigned v = 0; v < grid->side; v++)
        for (unsigned u = 0; u < grid->side; u++)
            grid->values[v * grid->side + u] = filtered(grid, grid->halves, grid->side, u, v);
    share_known(grid);
    return true;
}

float qr_grid_clarity(const struct qr_field *field, const struct qr_map *map, struct qr_grid *grid)
{
    unsigned first = grid->side / 2, side = grid->side - 2 - first;
    float sum = 0;
    sample_halves(field, map, first, side, grid->halves);
    normalise(grid, first, side, grid->halves);
    for (unsigned v = 0; v < side; v++)
        for (unsigned u = 0; u < side; u++)
            sum += fminf(fabsf(filtered(grid, grid->halves, side, u, v)), 1);
    return sum / (float)(side * side);
}
