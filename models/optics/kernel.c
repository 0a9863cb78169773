/*
 * Blur as physics has it: a kernel on whole pixels whose response is that of disc and line
 * together,
 *
 *     2 J1(pi D f) / (pi D f)  *  sin(pi L f_along) / (pi L f_along),
 *
 * at every frequency f within CIRCLE, by least squares. Beyond it, where pixels show a slanted
 * frequency as some other, nothing is asked. So the kernel needs hardly more pixels than the shape
 * covers. A shape that is narrow somewhere, and so lets all frequencies pass there, takes some
 * around it as well: in rounds, those that what is left unexplained asks for most (orthogonal
 * matching pursuit: Pati, Rezaiifar and Krishnaprasad 1993), until little is left.
 */
#include "optics/kernel_waves.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RIDGE 3e-4  /* against weights that grow for the sake of nothing */
#define NEAR_PX 0.3 /* around the shape all pixels are taken ... */
#define MOST_PX 1.0 /* ... and it is made room for those so far away */
#define NOTHING_PX 0.01
/* Root mean square of what may be left, so that no frequency is off by 0.02: of a disc, of others.
 */
#define ROUND_MISFIT 0.004
#define MISFIT 0.0025

enum {
    SHARP_PX = 3, /* a smaller disc leaves swings to be seen ... */
    SHARP_TAIL = 8,
    TAIL = 2,
    WIDEST_DISC = 16,
    LONGEST_LINE = 24,
    FEW_WAVES_RADIUS = 7, /* up to it FEW_WAVES are enough */
    MIRRORS = 8,
    ROUND_LEAST = 3, /* orbits of two that a round takes ... */
    ROUND_SHARE = 4  /* ... or as a share of what there is: one in four more */
};

/* Pixels that share a weight; the first of them tells where they are. */
struct orbit {
    int count;
    struct {
        int x, y;
    } at[MIRRORS];
};

/* The pixels of a kernel. */
struct choice {
    int count;
    struct orbit orbits[KERNEL_UNKNOWNS];
    double weights[KERNEL_UNKNOWNS];
    bool taken[KERNEL_MAX_RADIUS + 1][2 * KERNEL_MAX_RADIUS + 1]; /* [y][radius + x] */
};

int kernel_radius(double disc_px, double line_px)
{
    if (!(disc_px <= WIDEST_DISC && line_px <= LONGEST_LINE))
        return -1;
    if (disc_px < NOTHING_PX && line_px < NOTHING_PX)
        return 0;
    double wide = disc_px + 2.0 * MOST_PX, area = wide * (0.25 * M_PI * wide + line_px);
    if (line_px >= NOTHING_PX && area > 1.6 * KERNEL_UNKNOWNS)
        return -1;
    return (int)ceil(0.5 * (disc_px + line_px)) + (disc_px < SHARP_PX ? SHARP_TAIL : TAIL);
}

static double distance_to(const struct shape *shape, int x, int y)
{
    double along = fabs(x * shape->along_x + y * shape->along_y);
    double across = x * shape->along_y - y * shape->along_x;
    return hypot(fmax(0.0, along - 0.5 * shape->line_px), across) - 0.5 * shape->disc_px;
}

static double ideal_weight(const struct kernel_work *work, const struct shape *shape, int x, int y)
{
    return work->ideal.at[y][shape->radius + x];
}

static void add_to_orbit(struct orbit *orbit, int x, int y)
{
    for (int i = 0; i < orbit->count; i++)
        if (orbit->at[i].x == x && orbit->at[i].y == y)
            return;
    orbit->at[orbit->count].x = x;
    orbit->at[orbit->count++].y = y;
}

/* All that look the same from the shape: of a disc by itself eight, else a point and its mirror. */
static struct orbit orbit_of(int x, int y, bool round)
{
    struct orbit orbit = {.count = 0};
    for (int sign = 1; sign >= -1; sign -= 2) {
        add_to_orbit(&orbit, sign * x, sign * y);
        if (!round)
            continue;
        add_to_orbit(&orbit, -sign * x, sign * y);
        add_to_orbit(&orbit, sign * y, sign * x);
        add_to_orbit(&orbit, -sign * y, sign * x);
    }
    return orbit;
}

static void take(struct choice *choice, const struct shape *shape, int x, int y)
{
    CHECK(choice->count < KERNEL_UNKNOWNS);
    choice->orbits[choice->count++] = orbit_of(x, y, !(shape->line_px >= NOTHING_PX));
    choice->taken[y][shape->radius + x] = true;
}

/* The first column, in row y, of pixels that stand for their orbits. */
static int first_column(const struct shape *shape, int y)
{
    bool round = !(shape->line_px >= NOTHING_PX);
    return round ? y : y > 0 ? -shape->radius : 0;
}

static void take_near(struct choice *choice, const struct shape *shape)
{
    for (int y = 0; y <= shape->radius; y++)
        for (int x = first_column(shape, y); x <= shape->radius; x++)
            if (distance_to(shape, x, y) <= NEAR_PX || (x == 0 && y == 0))
                take(choice, shape, x, y);
}

/* ---- the normal equations ---- */

static void fill_matrix(struct kernel_work *work, const struct shape *shape,
                        const struct orbit *orbits, int count)
{
    const struct kernel_table *circle = &work->circle[shape->waves == FEW_WAVES];
    for (int a = 0; a < count; a++) {
        double *row = work->matrix[a];
        for (int b = 0; b <= a; b++) {
            double sum = 0.0;
            for (int i = 0; i < orbits[b].count; i++) {
                int x = orbits[a].at[0].x - orbits[b].at[i].x;
                int y = orbits[a].at[0].y - orbits[b].at[i].y;
                sum += circle->at[abs(y)][KERNEL_TABLE_RADIUS + x];
            }
            row[b] = orbits[a].count * sum;
        }
        row[a] += RIDGE * orbits[a].count;
    }
}

/* The matrix as L D L^T, in place. */
static void factorise(double (*matrix)[KERNEL_UNKNOWNS], int count)
{
    double column[KERNEL_UNKNOWNS];
    for (int k = 0; k < count; k++) {
        double pivot = matrix[k][k];
        CHECK(pivot > 0.0);
        for (int i = k + 1; i < count; i++)
            column[i] = matrix[i][k];
        for (int i = k + 1; i < count; i++) {
            double *restrict row = matrix[i], factor = column[i] / pivot;
            for (int j = k + 1; j <= i; j++)
                row[j] -= factor * column[j];
            row[k] = factor;
        }
    }
}

static void solve(double (*matrix)[KERNEL_UNKNOWNS], int count, double *values)
{
    for (int i = 0; i < count; i++)
        for (int k = 0; k < i; k++)
            values[i] -= matrix[i][k] * values[k];
    for (int i = count - 1; i >= 0; i--)
        values[i] /= matrix[i][i];
    for (int i = count - 1; i >= 0; i--)
        for (int k = 0; k < i; k++)
            values[k] -= matrix[i][k] * values[i];
}

/* The weights that fit best; returns the mean square of what they leave, over the circle. */
static double fit(struct kernel_work *work, const struct shape *shape, double squares,
                  struct choice *choice)
{
    double *weights = choice->weights;
    fill_matrix(work, shape, choice->orbits, choice->count);
    for (int a = 0; a < choice->count; a++) {
        const struct orbit *orbit = &choice->orbits[a];
        weights[a] = orbit->count * ideal_weight(work, shape, orbit->at[0].x, orbit->at[0].y);
    }
    factorise(work->matrix, choice->count);
    solve(work->matrix, choice->count, weights);
    for (int a = 0; a < choice->count; a++) {
        const struct orbit *orbit = &choice->orbits[a];
        double ideal = ideal_weight(work, shape, orbit->at[0].x, orbit->at[0].y);
        squares -= orbit->count * weights[a] * (ideal + RIDGE * weights[a]);
    }
    return squares / (M_PI * CIRCLE * CIRCLE);
}

/* How much of what is left unexplained a pixel would take. */
static double wanted(const struct kernel_work *work, const struct shape *shape,
                     const struct choice *choice, int x, int y)
{
    const struct kernel_table *circle = &work->circle[shape->waves == FEW_WAVES];
    double left = ideal_weight(work, shape, x, y);
    for (int a = 0; a < choice->count; a++) {
        const struct orbit *orbit = &choice->orbits[a];
        double sum = 0.0;
        for (int i = 0; i < orbit->count; i++)
            sum += circle->at[abs(y - orbit->at[i].y)]
                             [KERNEL_TABLE_RADIUS +
                              (y < orbit->at[i].y ? orbit->at[i].x - x : x - orbit->at[i].x)];
        left -= choice->weights[a] * sum;
    }
    return fabs(left);
}

/* Those that are not taken, as wanted; below 0 for all others. */
struct demand {
    double of[KERNEL_MAX_RADIUS + 1][2 * KERNEL_MAX_RADIUS + 1]; /* [y][radius + x] */
};

static void ask(const struct kernel_work *work, const struct shape *shape,
                const struct choice *choice, struct demand *demand)
{
    for (int y = 0; y <= shape->radius; y++)
        for (int x = -shape->radius; x <= shape->radius; x++) {
            bool open = x >= first_column(shape, y) && !choice->taken[y][shape->radius + x];
            demand->of[y][shape->radius + x] = open ? wanted(work, shape, choice, x, y) : -1.0;
        }
}

/* Takes the one wanted most; false where there is none. */
static bool take_most_wanted(const struct shape *shape, struct demand *demand,
                             struct choice *choice)
{
    double most = -1.0;
    int at_x = 0, at_y = 0;
    for (int y = 0; y <= shape->radius; y++)
        for (int x = -shape->radius; x <= shape->radius; x++)
            if (demand->of[y][shape->radius + x] > most)
                most = demand->of[y][shape->radius + x], at_x = x, at_y = y;
    if (most < 0.0 || choice->count == KERNEL_UNKNOWNS)
        return false;
    demand->of[at_y][shape->radius + at_x] = -1.0;
    take(choice, shape, at_x, at_y);
    return true;
}

/* One round; false where there are no more pixels to be taken. */
static bool take_wanted(const struct kernel_work *work, const struct shape *shape,
                        struct choice *choice)
{
    struct demand demand;
    int least = shape->line_px >= NOTHING_PX ? ROUND_LEAST : 1;
    int more = choice->count / ROUND_SHARE, before = choice->count;
    ask(work, shape, choice, &demand);
    for (int i = 0; i < (more < least ? least : more); i++)
        if (!take_most_wanted(shape, &demand, choice))
            break;
    return choice->count > before;
}

/* A constant is to stay what it is: the weights' sum is made one, by Lagrange's multiplier. */
static void normalise(struct kernel_work *work, struct choice *choice)
{
    double flat[KERNEL_UNKNOWNS], sum = 0.0, flat_sum = 0.0;
    for (int a = 0; a < choice->count; a++)
        flat[a] = choice->orbits[a].count;
    solve(work->matrix, choice->count, flat);
    for (int a = 0; a < choice->count; a++) {
        sum += choice->orbits[a].count * choice->weights[a];
        flat_sum += choice->orbits[a].count * flat[a];
    }
    for (int a = 0; a < choice->count; a++)
        choice->weights[a] += (1.0 - sum) / flat_sum * flat[a];
}

static void lay_out(struct kernel *kernel, const struct orbit *orbits, int count,
                    const double *weights)
{
    for (int a = 0; a < count; a++)
        for (int i = 0; i < orbits[a].count; i++) {
            int x = abs(orbits[a].at[i].x), y = abs(orbits[a].at[i].y), reach = x > y ? x : y;
            kernel->radius = reach > kernel->radius ? reach : kernel->radius;
        }
    memset(kernel->columns, 0, sizeof kernel->columns);
    for (int a = 0; a < count; a++)
        for (int i = 0; i < orbits[a].count; i++)
            kernel
                ->columns[orbits[a].at[i].x + kernel->radius][orbits[a].at[i].y + kernel->radius] =
                (float)weights[a];
}

void kernel_make(struct kernel *kernel, struct kernel_work *work, double disc_px, double line_px,
                 double direction)
{
    struct shape shape = {.disc_px = disc_px,
                          .line_px = line_px,
                          .along_x = cos(direction),
                          .along_y = sin(direction),
                          .radius = kernel_radius(disc_px, line_px)};
    struct choice choice = {.count = 0};
    kernel->radius = 0;
    kernel->mirrored = !(line_px >= NOTHING_PX);
    if (shape.radius <= 0)
        return;
    CHECK(shape.radius <= KERNEL_MAX_RADIUS);
    shape.waves = shape.radius <= FEW_WAVES_RADIUS ? FEW_WAVES : WAVES;
    double squares = kernel_waves_fill(work, &shape);
    kernel_waves_sum(work, shape.waves, shape.radius, &work->ideal);
    take_near(&choice, &shape);
    double misfit = kernel->mirrored ? ROUND_MISFIT : MISFIT;
    while (fit(work, &shape, squares, &choice) > misfit * misfit &&
           take_wanted(work, &shape, &choice))
        ;
    normalise(work, &choice);
    lay_out(kernel, choice.orbits, choice.count, choice.weights);
}
