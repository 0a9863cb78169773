#include "optics/kernel_waves.h"

#include <math.h>
#include <string.h>

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

double kernel_waves_fill(struct kernel_work *work, const struct shape *shape)
{
    double of_disc[WAVES * WAVES / 4]; /* by i^2 + j^2; below 0: not yet made */
    int waves = shape->waves, last = last_wave(waves),
        most = (int)(CIRCLE * CIRCLE * waves * waves);
    double squares = 0.0;
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
            squares += (j == 0 ? 1.0 : 2.0) * *response * *response; /* row -j is row j's mirror */
        }
    return squares / (waves * waves);
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

void kernel_waves_sum(const struct kernel_work *work, int waves, int radius,
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
        kernel_waves_fill(work, &point);
        kernel_waves_sum(work, point.waves, KERNEL_TABLE_RADIUS, &work->circle[few]);
    }
}
