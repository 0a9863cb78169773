/*
 * Likelihood: which words make the values of a blurred barcode most likely?
 *
 * Bars narrower than the blur leave no edges, but every string still leaves a profile of its own.
 * So the profile, sampled LIKELIHOOD_SAMPLES times a module and scaled to 0 (bright) and 1 (dark),
 * is compared with what each word of the book would look like under the blur. A word's blur
 * reaches into its neighbours, so pairs of neighbours are compared: the window from the middle of
 * one word to the middle of the next holds nothing but those two (the squared distance splits into
 * a part of each and one of both, which does not depend on the profile). The best string of words
 * is a shortest path (A. J. Viterbi, IEEE Trans. Inf. Theory 13, 1967); strings in order of their
 * distance come from a best-first search with what the Viterbi algorithm knows of the way left.
 *
 * Distances of several frames add up: then what no frame shows all of them may.
 */
#ifndef CASHPOINT_LIKELIHOOD_H
#define CASHPOINT_LIKELIHOOD_H

#include "symbology/book.h"
#include "symbology/budget.h"

enum {
    LIKELIHOOD_SAMPLES = 3,
    LIKELIHOOD_QUIET = 5, /* modules sampled before the symbol and behind it */
    LIKELIHOOD_MAX_WORDS = 34,
    LIKELIHOOD_WORDS = 104, /* of a book, a multiple of 4 */
    LIKELIHOOD_MAX_SAMPLES =
        LIKELIHOOD_SAMPLES * (18 * LIKELIHOOD_MAX_WORDS + 24 + 2 * LIKELIHOOD_QUIET)
};

/* What the words of a book look like under a blur with a standard deviation of `blur` modules. */
struct shapes;
struct shapes *shapes_new(const struct book *book, float blur);
void shapes_free(struct shapes *shapes);
float shapes_blur(const struct shapes *shapes);

/* A pattern whose first module begins at 0: `count` samples from sample `first` on. */
void shapes_pattern(const struct shapes *shapes, uint32_t bits, unsigned modules, int first,
                    unsigned count, float *samples);

/* Value of sample `i` of a string of words, i counted from LIKELIHOOD_QUIET modules before it. */
void shapes_draw(const struct shapes *shapes, const uint8_t *words, unsigned count, float *samples);

/* How far each word lies from the profile, window by window. */
struct distances {
    const struct book *book;
    unsigned words;
    float first[LIKELIHOOD_MAX_WORDS + 1][LIKELIHOOD_WORDS]; /* of window k: left word (0: start) */
    float second[LIKELIHOOD_MAX_WORDS + 1][LIKELIHOOD_WORDS]; /* right word (last: the stop) */
    float both[LIKELIHOOD_WORDS][LIKELIHOOD_WORDS];
    float after_start[LIKELIHOOD_WORDS], before_stop[LIKELIHOOD_WORDS];
    float constant;
};

/* Zero; then adds those of a profile of `words` words, each times `weight` (1 / (2 variance) makes
 * them negative log likelihoods). */
void distances_clear(struct distances *distances, const struct book *book, unsigned words);
void distances_add(struct distances *distances, const struct shapes *shapes, const float *samples,
                   float weight);

struct likely {
    uint8_t words[LIKELIHOOD_MAX_WORDS];
    float distance; /* of these words */
    float lead;     /* how much farther the next string is, or at least */
};

/* Scratch of distances_nearest(). */
struct search;
struct search *search_new(void);
void search_free(struct search *search);

/* The nearest string whose check holds, data words being pairs of digits. False where none is found
 * within reason or within the budget. */
bool distances_nearest(const struct distances *distances, struct search *search,
                       struct budget *budget, struct likely *likely);

#endif
