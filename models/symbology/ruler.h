/*
 * A ruler: where the modules of a barcode lie in a profile, and between which levels.
 *
 * The start and stop patterns are known, so they are looked for near the ends of what looks like
 * bars; they tell place, module, blur and levels on both sides. Perspective makes modules wider on
 * one side: module X of N begins at
 *     origin + module X + curve X (X - N) / N.
 * Once words are known (or most of them), the whole symbol is the pattern, and the ruler is laid
 * anew by least squares (Gauss and Newton).
 */
#ifndef CASHPOINT_RULER_H
#define CASHPOINT_RULER_H

#include "symbology/likelihood.h"

struct ruler {
    unsigned modules;            /* N */
    float origin, module, curve; /* samples of the profile */
    float bright[2], depth[2];   /* at module 0 and N: bright level; bright minus dark */
    float blur;                  /* standard deviation, modules */
    float misfit;                /* mean square of what the ruler does not explain, in depths */
};

/* A profile to be measured: values at 0, 1, 2 ... */
struct measured {
    const float *values;
    unsigned count;
};

/* Lays a ruler of `modules` modules where the symbol seems to lie from `first` to `last`, under
 * one of several blurs, the first a middling one. False where no start and stop are found there. */
enum { RULER_BLURS = 4 };
bool ruler_lay(const struct measured *profile, const struct book *book,
               const struct shapes *const shapes[RULER_BLURS], unsigned modules, float first,
               float last, struct ruler *ruler);

/* Samples for distances_add(): of the modules from LIKELIHOOD_QUIET before the symbol to as many
 * behind it, scaled to 0 for bright and 1 for dark. */
void ruler_sample(const struct ruler *ruler, const struct measured *profile, float *samples);

/* Lays it better, given what the symbol looks like there (shapes_draw() with about its blur). */
void ruler_fit(struct ruler *ruler, const struct measured *profile, const float *drawn);

#endif
