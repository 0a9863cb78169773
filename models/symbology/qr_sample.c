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

static unsigned half_side(const struct qr_grid *grid)
{
    return 2 * grid->side + 3;
}

/* Sample (2, 2) of the halves is the middle of module (0, 0). */
static void sample_halves(const struct qr_field *field, struct qr_grid *grid)
{
    float *half = grid->halves;
    for (unsigned v = 0; v < half_side(grid); v++)
        for (unsigned u = 0; u < half_side(grid); u++)
            *half++ = qr_sample_module(field, &grid->map, 0.5 * u - 0.5, 0.5 * v - 0.5);
}

static const float *middle_of(const struct qr_grid *grid, unsigned u, unsigned v)
{
    return grid->halves + (size_t)(2 * v + 2) * half_side(grid) + 2 * u + 2;
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
            sums[which] += *middle_of(grid, u, v);
            counts[which]++;
        }
    *light = sums[0] / (float)counts[0];
    *dark = sums[1] / (float)counts[1];
}

/* Grey values become darkness: light and dark are planes through what the finders say. */
static bool normalise(struct qr_grid *grid)
{
    static const float LEAST = 4; /* grey levels */
    unsigned far = grid->side - 8;
    float dark[3], light[3], span = 2 * (float)(grid->side - 7);
    measure_finder(grid, 0, 0, &dark[0], &light[0]);
    measure_finder(grid, far, 0, &dark[1], &light[1]);
    measure_finder(grid, 0, far, &dark[2], &light[2]);
    grid->contrast = 0;
    for (int i = 0; i < 3; i++) {
        if (light[i] - dark[i] < LEAST)
            return false;
        grid->contrast += (light[i] - dark[i]) / (3 * 255);
    }
    float *half = grid->halves;
    for (unsigned v = 0; v < half_side(grid); v++)
        for (unsigned u = 0; u < half_side(grid); u++, half++) {
            float s = ((float)u - 8) / span, t = ((float)v - 8) / span;
            float d = dark[0] + s * (dark[1] - dark[0]) + t * (dark[2] - dark[0]);
            float l = light[0] + s * (light[1] - light[0]) + t * (light[2] - light[0]);
            *half = ((l + d) / 2 - *half) / fmaxf((l - d) / 2, LEAST / 2);
        }
    return true;
}

/* ---- the filter ---- */

/* Places at like distances from a module's middle share a weight; the last weight is a constant. */
enum { RINGS = 6, WEIGHTS = RINGS + 1 };

static void gather(const struct qr_grid *grid, unsigned u, unsigned v, float features[WEIGHTS])
{
    ptrdiff_t row = (ptrdiff_t)half_side(grid);
    const float *p = middle_of(grid, u, v);
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
            gather(grid, u, v, features);
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

static void filter(struct qr_grid *grid)
{
    double m[WEIGHTS][WEIGHTS + 1] = {{0}};
    float weights[WEIGHTS], *value = grid->values;
    accumulate(grid, m);
    solve(m, weights);
    for (unsigned v = 0; v < grid->side; v++)
        for (unsigned u = 0; u < grid->side; u++) {
            float features[WEIGHTS], sum = 0;
            gather(grid, u, v, features);
            for (int i = 0; i < WEIGHTS; i++)
                sum += weights[i] * features[i];
            *value++ = sum;
        }
}

static float share_known(const struct qr_grid *grid)
{
    unsigned right = 0, known = 0;
    for (unsigned i = 0; i < grid->side * grid->side; i++)
        if (qr_is_known(grid->kinds[i])) {
            known++;
            right += (grid->values[i] > 0) == qr_is_dark(grid->kinds[i]);
        }
    return (float)right / (float)known;
}

bool qr_grid_sample(const struct qr_field *field, struct budget *budget, struct qr_grid *grid)
{
    if (!budget_spend(budget, 2 * QR_SAMPLE_NS * half_side(grid) * half_side(grid)))
        return false;
    sample_halves(field, grid);
    if (!normalise(grid))
        return false;
    filter(grid);
    grid->known = share_known(grid);
    return true;
}
