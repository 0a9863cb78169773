/*
 * Blur as physics has it: a kernel on whole pixels whose response is that of disc and line
 * together,
 *
 *     2 J1(pi D f) / (pi D f)  *  sin(pi L f_along) / (pi L f_along),
 *
 * at every frequency f within CIRCLE, by least squares. Beyond it, where pixels show a slanted
 * frequency as some other, nothing is asked. So the kernel needs hardly more pixels than the shape
 * covers: a disc of 6 px takes 49. Only a shape that is narrow somewhere, and so lets all
 * frequencies pass there, takes swings around it as well: as many pixels as count.
 *
 * The frequencies are those of a grid, `waves` a side. The ideal weights are the responses' sum
 * over it, and the normal equations are made of the weights that it has for a response of 1
 * everywhere.
 */
#include "optics/camera_private.h"

#include "engine/error.h"

#include <math.h>
#include <string.h>

#define CIRCLE 0.47 /* cycles a pixel */
#define RIDGE 3e-4  /* against weights that grow for the sake of nothing */
#define NEAR_PX 1.0 /* around the shape all pixels are taken ... */
#define NOTHING_PX 0.01

/* ... and farther away those whose ideal weight is more than that / (1 + length of the line). */
#define LEAST_WEIGHT 0.006

enum {
    SHARP_PX = 3, /* a smaller disc leaves swings to be seen ... */
    SHARP_TAIL = 8,
    TAIL = 2,
    WIDEST_DISC = 16,
    LONGEST_LINE = 24,
    WAVES = KERNEL_WAVES,
    FEW_WAVES = WAVES / 2, /* enough up to ... */
    FEW_WAVES_RADIUS = 7,
    MIRRORS = 8
};

/* What the kernel is fitted to. */
struct shape {
    double disc_px, line_px, along_x, along_y;
    int waves, radius; /* radius: of the pixels that may be taken */
};

/* Pixels that share a weight; the first of them tells where they are. */
struct orbit {
    int count;
    struct {
        int x, y;
    } at[MIRRORS];
};

int kernel_radius(double disc_px, double line_px)
{
    if (!(disc_px <= WIDEST_DISC && line_px <= LONGEST_LINE))
        return -1;
    if (disc_px < NOTHING_PX && line_px < NOTHING_PX)
        return 0;
    double wide = disc_px + 2.0 * NEAR_PX, area = wide * (0.25 * M_PI * wide + line_px);
    if (line_px >= NOTHING_PX && area > 1.6 * KERNEL_UNKNOWNS)
        return -1;
    return (int)ceil(0.5 * (disc_px + line_px)) + (disc_px < SHARP_PX ? SHARP_TAIL : TAIL);
}

/* ---- responses and ideal weights ---- */

static double disc_response(double diameters)
{
    return diameters > 1e-6 ? 2.0 * j1(M_PI * diameters) / (M_PI * diameters) : 1.0;
}

static double line_response(double lengths)
{
    return fabs(lengths) > 1e-6 ? sin(M_PI * lengths) / (M_PI * lengths) : 1.0;
}

/* Of frequency (i, j) / waves, j >= 0, in the circle. A column and a row are at most `last`. */
static int last_wave(int waves)
{
    return (int)floor(CIRCLE * waves);
}

static void fill_responses(struct kernel_work *work, const struct shape *shape)
{
    double of_disc[WAVES * WAVES / 4]; /* by i^2 + j^2; below 0: not yet made */
    int waves = shape->waves, last = last_wave(waves),
        most = (int)(CIRCLE * CIRCLE * waves * waves);
    for (int i = 0; i <= most; i++)
        of_disc[i] = -2.0;
    for (int j = 0; j <= last; j++)
        for (int i = -last; i <= last; i++) {
            int square = i * i + j * j;
            double *response = &work->responses[j][i + last];
            *response = 0.0;
            if (square > most)
                continue;
            if (of_disc[square] < -1.0)
                of_disc[square] = disc_response(shape->disc_px * sqrt(square) / waves);
            double along = (i * shape->along_x + j * shape->along_y) / waves;
            *response = of_disc[square] * line_response(shape->line_px * along);
        }
}

/* Of one row of responses, what it gives to columns x and -x: a cosine's and a sine's part. */
static void sum_row(const struct kernel_work *work, const double *row, int waves, int radius,
                    double *cosine, double *sine)
{
    int last = last_wave(waves), step = WAVES / waves;
    for (int x = 0; x <= radius; x++) {
        double even = row[last], odd = 0.0;
        for (int i = 1; i <= last; i++) {
            int at = i * x * step % WAVES;
            even += (row[last + i] + row[last - i]) * work->cosines[at];
            odd += (row[last + i] - row[last - i]) * work->sines[at];
        }
        cosine[x] = even;
        sine[x] = odd;
    }
}

/* at[y][radius + x] for y >= 0; those of a point and of its mirror are equal. */
static void sum_responses(const struct kernel_work *work, int waves, int radius,
                          struct kernel_table *table)
{
    double cosine[KERNEL_TABLE_RADIUS + 1], sine[KERNEL_TABLE_RADIUS + 1];
    int last = last_wave(waves), step = WAVES / waves;
    memset(table, 0, sizeof *table);
    for (int j = 0; j <= last; j++) {
        double share = (j == 0 ? 1.0 : 2.0) / (waves * waves); /* row -j is row j's mirror */
        sum_row(work, work->responses[j], waves, radius, cosine, sine);
        for (int y = 0; y <= radius; y++) {
            double even = share * work->cosines[j * y * step % WAVES];
            double odd = share * work->sines[j * y * step % WAVES];
            double *row = table->at[y] + radius;
            for (int x = 0; x <= radius; x++)
                row[x] += even * cosine[x] - odd * sine[x];
            for (int x = 1; x <= radius; x++)
                row[-x] += even * cosine[x] + odd * sine[x];
        }
    }
}

void kernel_work_fill(struct kernel_work *work)
{
    for (int i = 0; i < WAVES; i++) {
        work->cosines[i] = cos(2.0 * M_PI * i / WAVES);
        work->sines[i] = sin(2.0 * M_PI * i / WAVES);
    }
    for (int few = 0; few < 2; few++) {
        const struct shape point = {.waves = few ? FEW_WAVES : WAVES};
        fill_responses(work, &point);
        sum_responses(work, point.waves, KERNEL_TABLE_RADIUS, &work->circle[few]);
    }
}

/* ---- which pixels ---- */

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

/* The pixels near the shape, and those farther away that count; with `least` doubled until there
 * are not too many. */
static int choose(const struct kernel_work *work, const struct shape *shape, struct orbit *orbits)
{
    bool round = !(shape->line_px >= NOTHING_PX);
    double least = LEAST_WEIGHT / (1.0 + shape->line_px);
    for (;; least *= 2.0) {
        int count = 0;
        for (int y = 0; y <= shape->radius; y++)
            for (int x = round ? y : y > 0 ? -shape->radius : 0; x <= shape->radius; x++) {
                if (distance_to(shape, x, y) > NEAR_PX &&
                    !(fabs(ideal_weight(work, shape, x, y)) > least))
                    continue;
                if (count < KERNEL_UNKNOWNS)
                    orbits[count] = orbit_of(x, y, round);
                count++;
            }
        if (count <= KERNEL_UNKNOWNS)
            return count;
        CHECK(least < 1.0);
    }
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

/* A constant is to stay what it is: the weights' sum is one, by Lagrange's multiplier. */
static void fit(struct kernel_work *work, const struct shape *shape, const struct orbit *orbits,
                int count, double *weights)
{
    double free[KERNEL_UNKNOWNS], flat[KERNEL_UNKNOWNS], free_sum = 0.0, flat_sum = 0.0;
    fill_matrix(work, shape, orbits, count);
    for (int a = 0; a < count; a++) {
        flat[a] = orbits[a].count;
        free[a] = flat[a] * ideal_weight(work, shape, orbits[a].at[0].x, orbits[a].at[0].y);
    }
    factorise(work->matrix, count);
    solve(work->matrix, count, free);
    solve(work->matrix, count, flat);
    for (int a = 0; a < count; a++) {
        free_sum += orbits[a].count * free[a];
        flat_sum += orbits[a].count * flat[a];
    }
    for (int a = 0; a < count; a++)
        weights[a] = free[a] + (1.0 - free_sum) / flat_sum * flat[a];
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
    struct orbit orbits[KERNEL_UNKNOWNS];
    double weights[KERNEL_UNKNOWNS];
    kernel->radius = 0;
    kernel->mirrored = !(line_px >= NOTHING_PX);
    if (shape.radius <= 0)
        return;
    CHECK(shape.radius <= KERNEL_MAX_RADIUS);
    shape.waves = shape.radius <= FEW_WAVES_RADIUS ? FEW_WAVES : WAVES;
    fill_responses(work, &shape);
    sum_responses(work, shape.waves, shape.radius, &work->ideal);
    int count = choose(work, &shape, orbits);
    fit(work, &shape, orbits, count, weights);
    lay_out(kernel, orbits, count, weights);
}
