#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 32 };

static int64_t wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void progress_start(struct progress *progress, size_t all)
{
    *progress = (struct progress){.shown = isatty(STDERR_FILENO) == 1, .all = all, .what = ""};
    progress->started_ns = wall_ns();
}

double progress_elapsed_s(const struct progress *progress)
{
    return (double)(wall_ns() - progress->started_ns) * 1e-9;
}

void progress_draw(struct progress *progress, double fraction_of_unit)
{
    int64_t now_ns = wall_ns();
    if (!progress->shown || now_ns - progress->drawn_ns < 100000000)
        return;
    progress->drawn_ns = now_ns;
    double fraction = ((double)progress->done + fraction_of_unit) / (double)progress->all;
    double elapsed_s = progress_elapsed_s(progress);
    double left_s = fraction > 0.01 ? elapsed_s / fraction - elapsed_s : 0.0;
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++)
        bar[i] = i < (int)(fraction * BAR) ? '#' : '.';
    bar[BAR] = '\0';
    fprintf(stderr, "\r[%s] %3.0f%%  unit %zu of %zu  %s  %.0f s left \033[K", bar,
            100.0 * fraction, progress->done + 1, progress->all, progress->what, left_s);
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
}
