/*
 * Soft reading: a region's symbol by its likelihood, where edges say too little.
 *
 * A fine profile is made of all the pixels of the region; a ruler is laid on it for either
 * direction; the words that make the profile most likely are looked for under that blur, the ruler
 * is laid anew on what they look like, and so on until nothing changes.
 *
 * What a frame tells of each word is kept: log likelihoods of the frames of one presentation add
 * up, as their noise is independent, and so words are read that no frame shows alone.
 */
#ifndef CASHPOINT_SOFT_H
#define CASHPOINT_SOFT_H

#include "symbology/likelihood.h"
#include "symbology/locate.h"

/* Scratch of one reader, and the shapes it has made. */
struct soft;
struct soft *soft_new(void);
void soft_free(struct soft *soft);

/* Another presentation; another frame of it. */
void soft_forget(struct soft *soft);
void soft_next_frame(struct soft *soft);

struct soft_read {
    unsigned count; /* words, the check word among them */
    uint8_t words[LIKELIHOOD_MAX_WORDS];
    unsigned frames; /* that told these words together */
    unsigned strips; /* of the region, that show the symbol */
    float lead;      /* log likelihood over that of the next string whose check holds */
    float misfit;    /* mean square of what words and blur do not explain, of the contrast */
    float blur;      /* standard deviation, modules */
    float module_px, bright, depth; /* grey levels */
    struct place corners[4];
    struct grade grade; /* comes empty; of the profile, its decodability being 0, for edges did not
                         * tell the words */
};

/* Looks for `words` words (0: any number). False where nothing like this book's symbol is found or
 * the budget is over. */
bool soft_read(struct soft *soft, const struct frame *frame, const struct region *region,
               const struct book *book, unsigned words, struct budget *budget,
               struct soft_read *read);

#endif
