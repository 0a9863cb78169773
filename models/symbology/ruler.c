#include "symbology/ruler.h"

#include <math.h>
#include <string.h>

/* Pilots reach less far into the quiet zones than what is compared at last. */
enum { S = LIKELIHOOD_SAMPLES, QUIET = LIKELIHOOD_QUIET, PILOT_QUIET = 3 };
enum { PILOT_SAMPLES = S * (13 + PILOT_QUIET) };

static float value_at(const struct measured *profile, float at)
{
    if (!(at > 0))
        return profile->values[0];
    unsigned i = (unsigned)at;
    if (i + 1 >= profile->count)
        return profile->values[profile->count - 1];
    return profile->values[i] + (at - (float)i) * (profile->values[i + 1] - profile->values[i]);
}

static float place(const struct ruler *ruler, float x)
{
    float n = (float)ruler->modules;
    return ruler->origin + ruler->module * x + ruler->curve * x * (x - n) / n;
}

/* ---- pilots ---- */

/* A pattern at an end of the symbol: samples of how dark it is, the first at module `first` from
 * where it begins. */
struct pilot {
    unsigned count;
    float first;
    float dark[PILOT_SAMPLES];
};

/* The start, with the quiet zone before it and the bar that any word behind it begins with. */
static void draw_start(const struct book *book, const struct shapes *shapes, struct pilot *pilot)
{
    pilot->first = -PILOT_QUIET;
    pilot->count = S * (book->start_modules + PILOT_QUIET) - 1;
    shapes_pattern(shapes, book->start << 1 | 1, book->start_modules + 1, -S * PILOT_QUIET,
                   pilot->count, pilot->dark);
}

static void draw_stop(const struct book *book, const struct shapes *shapes, struct pilot *pilot)
{
    pilot->first = 0;
    pilot->count = S * (book->stop_modules + PILOT_QUIET);
    shapes_pattern(shapes, book->stop, book->stop_modules, 0, pilot->count, pilot->dark);
}

struct match {
    float begin, module; /* samples of the profile */
    float likeness;      /* correlation with the pilot, 1 = perfect */
    float bright, depth;
};

/* Least squares of value = bright - depth dark. */
static void match_at(const struct measured *profile, const struct pilot *pilot, float begin,
                     float module, struct match *match)
{
    float n = (float)pilot->count, y = 0, yy = 0, t = 0, tt = 0, ty = 0;
    float at = begin + (pilot->first + 0.5f / S) * module - 0.5f, step = module / S;
    for (unsigned i = 0; i < pilot->count; i++, at += step) {
        float value = value_at(profile, at), dark = pilot->dark[i];
        y += value;
        yy += value * value;
        t += dark;
        tt += dark * dark;
        ty += dark * value;
    }
    float cov = ty - t * y / n, var_t = tt - t * t / n, var_y = yy - y * y / n;
    float likeness = var_y > 1e-3f ? -cov / sqrtf(var_t * var_y) : 0;
    if (likeness <= match->likeness)
        return;
    match->begin = begin;
    match->module = module;
    match->likeness = likeness;
    match->depth = -cov / var_t;
    match->bright = (y + match->depth * t) / n;
}

/* Tries places and widths round `from`, a grid of them; keeps what is more alike than `match`.
 * `anchor` is the pilot's outer end, in its modules. */
static void match_round(const struct measured *profile, const struct pilot *pilot, float anchor,
                        const struct match *from, float reach, float stretch, int places,
                        int widths, struct match *match)
{
    float end = from->begin + anchor * from->module;
    for (int p = -places; p <= places; p++)
        for (int w = -widths; w <= widths; w++) {
            float module = from->module * (1 + stretch * (float)w / (float)widths);
            float here = end + from->module * reach * (float)p / (float)places;
            match_at(profile, pilot, here - anchor * module, module, match);
        }
}

/* A start or stop that looks less alike is none. */
static const float MIN_LIKENESS = 0.7f;

/* One end of the symbol, under all blurs. */
static void find_pilot(const struct measured *profile, const struct book *book,
                       const struct shapes *const shapes[RULER_BLURS], bool stop, float outer,
                       float module, struct match matches[RULER_BLURS])
{
    float anchor = stop ? (float)book->stop_modules : 0;
    struct match coarse = {.begin = outer - anchor * module, .module = module};
    for (int i = 0; i < RULER_BLURS; i++) {
        struct pilot pilot;
        (stop ? draw_stop : draw_start)(book, shapes[i], &pilot);
        if (i == 0) {
            struct match from = coarse;
            match_round(profile, &pilot, anchor, &from, 1.8f, 0.24f, 6, 6, &coarse);
        }
        matches[i] = (struct match){0};
        match_round(profile, &pilot, anchor, &coarse, 0.4f, 0.04f, 3, 3, &matches[i]);
    }
}

static void take_pilots(const struct match *start, const struct match *stop, unsigned start_modules,
                        unsigned stop_modules, struct ruler *ruler)
{
    float n = (float)ruler->modules, end = stop->begin + (float)stop_modules * stop->module;
    ruler->origin = start->begin;
    ruler->module = (end - start->begin) / n;
    /* The slope of the ruler at the pilots' middles differs by 2 curve (1 - their widths / N). */
    float apart = 1 - 0.5f * (float)(start_modules + stop_modules) / n;
    ruler->curve = 0.5f * (stop->module - start->module) / (apart > 0.2f ? apart : 0.2f);
    float most = 0.3f * ruler->module;
    ruler->curve = fminf(fmaxf(ruler->curve, -most), most);
    ruler->bright[0] = start->bright;
    ruler->bright[1] = stop->bright;
    ruler->depth[0] = start->depth;
    ruler->depth[1] = stop->depth;
}

bool ruler_lay(const struct measured *profile, const struct book *book,
               const struct shapes *const shapes[RULER_BLURS], unsigned modules, float first,
               float last, struct ruler *ruler)
{
    float module = (last - first) / (float)modules, best = 0;
    struct match start[RULER_BLURS], stop[RULER_BLURS];
    find_pilot(profile, book, shapes, false, first, module, start);
    find_pilot(profile, book, shapes, true, last, module, stop);
    ruler->modules = modules;
    for (int i = 0; i < RULER_BLURS; i++) {
        float likeness = fminf(start[i].likeness, stop[i].likeness);
        if (likeness <= best)
            continue;
        best = likeness;
        ruler->blur = shapes_blur(shapes[i]);
        take_pilots(&start[i], &stop[i], book->start_modules, book->stop_modules, ruler);
    }
    ruler->misfit = 1 - best * best;
    return best >= MIN_LIKENESS && ruler->depth[0] > 0 && ruler->depth[1] > 0;
}

/* ---- sampling ---- */

static unsigned sample_count(const struct ruler *ruler)
{
    return S * (ruler->modules + 2 * QUIET);
}

static float sample_x(unsigned i)
{
    return ((float)i + 0.5f) / S - QUIET;
}

void ruler_sample(const struct ruler *ruler, const struct measured *profile, float *samples)
{
    float n = (float)ruler->modules;
    for (unsigned i = 0; i < sample_count(ruler); i++) {
        float x = sample_x(i), part = fminf(fmaxf(x / n, 0), 1);
        float bright = ruler->bright[0] + part * (ruler->bright[1] - ruler->bright[0]);
        float depth = ruler->depth[0] + part * (ruler->depth[1] - ruler->depth[0]);
        samples[i] = (bright - value_at(profile, place(ruler, x) - 0.5f)) / depth;
    }
}

/* ---- fitting ---- */

enum { UNKNOWNS = 7 };

/* Solves a symmetric positive system in place (Cholesky); false where it is none. */
static bool solve(double a[UNKNOWNS][UNKNOWNS], double b[UNKNOWNS])
{
    for (int i = 0; i < UNKNOWNS; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = a[i][j];
            for (int k = 0; k < j; k++)
                sum -= a[i][k] * a[j][k];
            if (i == j && !(sum > 1e-12))
                return false;
            a[i][j] = i == j ? sqrt(sum) : sum / a[j][j];
        }
    }
    for (int i = 0; i < UNKNOWNS; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (int i = UNKNOWNS; i-- > 0;) {
        for (int k = i + 1; k < UNKNOWNS; k++)
            b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return true;
}

/* One step: levels are linear, shifts of the ruler nearly. The shift of a sample changes its value
 * by the slope of what is drawn. */
static bool fit_step(struct ruler *ruler, const struct measured *profile, const float *drawn)
{
    double a[UNKNOWNS][UNKNOWNS] = {{0}}, b[UNKNOWNS] = {0};
    float n = (float)ruler->modules;
    unsigned count = sample_count(ruler);
    for (unsigned i = 1; i + 1 < count; i++) {
        float x = sample_x(i), part = fminf(fmaxf(x / n, 0), 1), dark = drawn[i];
        float value = value_at(profile, place(ruler, x) - 0.5f);
        float depth = ruler->depth[0] + part * (ruler->depth[1] - ruler->depth[0]);
        float slope = -depth * 0.5f * S * (drawn[i + 1] - drawn[i - 1]);
        /* value = bright - depth dark + slope (shift in modules) */
        const float row[UNKNOWNS] = {1 - part,
                                     part,
                                     -(1 - part) * dark,
                                     -part * dark,
                                     slope,
                                     slope * (x / n - 0.5f),
                                     slope * 4 * x * (x - n) / (n * n)};
        for (int j = 0; j < UNKNOWNS; j++) {
            b[j] += (double)(row[j] * value);
            for (int k = 0; k <= j; k++)
                a[j][k] += (double)(row[j] * row[k]);
        }
    }
    for (int j = 4; j < UNKNOWNS; j++)
        a[j][j] *= 1.001; /* steps a little shorter where the pattern says little */
    if (!solve(a, b))
        return false;
    ruler->bright[0] = (float)b[0];
    ruler->bright[1] = (float)b[1];
    ruler->depth[0] = (float)b[2];
    ruler->depth[1] = (float)b[3];
    /* The profile is late by the shift found: the ruler follows. */
    float m = ruler->module, shift = (float)b[4], stretch = (float)b[5], bend = (float)b[6];
    ruler->origin -= m * (shift - 0.5f * stretch);
    ruler->module -= m * stretch / n;
    ruler->curve -= m * bend * 4 / n;
    return ruler->depth[0] > 0 && ruler->depth[1] > 0 && ruler->module > 0;
}

void ruler_fit(struct ruler *ruler, const struct measured *profile, const float *drawn)
{
    struct ruler before = *ruler;
    for (int round = 0; round < 2; round++)
        if (!fit_step(ruler, profile, drawn)) {
            *ruler = before;
            return;
        }
    float samples[LIKELIHOOD_MAX_SAMPLES];
    double misfit = 0;
    unsigned count = sample_count(ruler);
    ruler_sample(ruler, profile, samples);
    for (unsigned i = 0; i < count; i++)
        misfit += (double)((samples[i] - drawn[i]) * (samples[i] - drawn[i]));
    ruler->misfit = (float)(misfit / count);
}
