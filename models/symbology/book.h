/*
 * The words of a barcode as modules, for readers that need to know no more than that.
 *
 * Both barcodes are a start pattern, words of equal width that begin with a bar and end with a
 * space, and a stop pattern. Modules are bits, the first one the highest, 1 = dark.
 *
 * Code 128 (ISO/IEC 15417): words of 11 modules, three bars and three spaces; 0 to 99 are two
 * digits in set C, 100 to 105 shift, choose sets or start, 106 stops with another bar of two. The
 * word before the stop is a checksum: start + 1 x first + 2 x second ... modulo 103.
 *
 * Interleaved 2 of 5 (ISO/IEC 16390): a word is two digits, the first as five bars, the second as
 * the spaces between them, two wide ones among five each; wide is here 3 modules (the standard: 2
 * to 3), so 18 modules a word.
 */
#ifndef CASHPOINT_BOOK_H
#define CASHPOINT_BOOK_H

#include "symbology/symbology.h"

enum { BOOK_MAX_WORDS = 107, BOOK_PAIRS = 100 };

enum { CODE128_START_A = 103, CODE128_START_B, CODE128_START_C, CODE128_STOP };

struct book {
    enum symbology symbology;
    unsigned elements;                    /* bars and spaces of a word */
    unsigned word_modules, words;         /* words that may stand between start and stop */
    unsigned start_modules, stop_modules; /* start without words; stop with its last bar */
    uint32_t start, stop;
    uint32_t word[BOOK_MAX_WORDS];
    unsigned check_words; /* words before the stop that carry no digits: 1 or 0 */
    /* Fewer are believed, read by edges or softly, only where their number is asked for: without a
     * check, chance makes a short symbol of anything striped. Of 3,600 pictures of other bars and
     * none, 40 were read softly as 2 to 6 digits of Interleaved 2 of 5, none as more. */
    unsigned least_words, least_soft_words;
};

extern const struct book book_code128, book_itf;

/* Modules from the first bar's left edge to the last bar's right edge. */
static inline unsigned book_modules(const struct book *book, unsigned words)
{
    return book->start_modules + words * book->word_modules + book->stop_modules;
}

/* Words, the check word with them, that `digits` digits take. */
static inline unsigned book_words(const struct book *book, unsigned digits)
{
    return digits / 2 + book->check_words;
}

/* The check word of set C over `count` words of data, from the start character on. */
unsigned book_check(const uint8_t *words, unsigned count);

#endif
