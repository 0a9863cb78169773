#include "symbology/line128.h"

#include "symbology/book.h"

#include <math.h>

enum { ELEMENTS = 6, INNER = ELEMENTS - 1, MODULES = 11, PADDED = 108, STOP_ELEMENTS = 7 };

/* Where a symbol may end: another bar nearer than this belongs to something else. */
static const float QUIET_MODULES = 4;
/* Words beside each other are about as wide. */
static const float MOST_STRETCH = 1.25f;

/* The inner edges of all words, modules from the word's left, edge by edge. */
struct inner_edges {
    float at[INNER][PADDED];
};

/* Made for every reader of lines once, from the book. */
static const struct inner_edges *inner_edges(void)
{
    static _Thread_local struct inner_edges edges;
    static _Thread_local bool made;
    if (made)
        return &edges;
    for (unsigned word = 0; word < PADDED; word++) {
        uint32_t bits = book_code128.word[word < BOOK_MAX_WORDS ? word : 0];
        unsigned count = 0;
        for (unsigned i = 1; i < MODULES; i++)
            if ((bits >> (MODULES - 1 - i) & 1) != (bits >> (MODULES - i) & 1))
                edges.at[count++][word] = word < BOOK_MAX_WORDS ? (float)i : 1000;
    }
    made = true;
    return &edges;
}

/* The word whose edges lie nearest to those of at[0] to at[6]; `off` tells how far the worst of
 * them lies off, in modules. */
static unsigned nearest_word(const float *at, float *off)
{
    const struct inner_edges *table = inner_edges();
    float seen[INNER], distance[PADDED], scale = MODULES / (at[ELEMENTS] - at[0]);
    for (int k = 0; k < INNER; k++)
        seen[k] = (at[k + 1] - at[0]) * scale;
    for (int word = 0; word < PADDED; word++) {
        float sum = 0;
        for (int k = 0; k < INNER; k++) {
            float difference = table->at[k][word] - seen[k];
            sum += difference * difference;
        }
        distance[word] = sum;
    }
    unsigned best = 0;
    for (unsigned word = 1; word < BOOK_MAX_WORDS; word++)
        best = distance[word] < distance[best] ? word : best;
    *off = 0;
    for (int k = 0; k < INNER; k++)
        *off = fmaxf(*off, fabsf(table->at[k][best] - seen[k]));
    return best;
}

/* Whether the seventh element of the stop, its last bar of two modules, ends at `at[7]`, and what
 * comes after is quiet. */
static bool stop_ends(const float *at, unsigned left)
{
    float module = (at[ELEMENTS] - at[0]) / MODULES;
    return fabsf(at[STOP_ELEMENTS] - at[ELEMENTS] - 2 * module) < module &&
           (left == STOP_ELEMENTS + 1 ||
            at[STOP_ELEMENTS + 1] - at[STOP_ELEMENTS] > QUIET_MODULES * module);
}

static bool check_holds(const struct line_read *line)
{
    unsigned sum = line->start;
    for (unsigned i = 0; i + 1 < line->count; i++)
        sum += (i + 1) * line->words[i];
    return line->count >= 2 && sum % 103 == line->words[line->count - 1];
}

/* The words from the start word at at[0]; `left` edges are there. */
static bool read_words(const float *at, unsigned left, struct line_read *line)
{
    line->count = 0;
    float width = at[ELEMENTS] - at[0];
    for (unsigned i = ELEMENTS; i + STOP_ELEMENTS < left; i += ELEMENTS) {
        float here = at[i + ELEMENTS] - at[i], off;
        if (here > width * MOST_STRETCH || width > here * MOST_STRETCH)
            return false;
        unsigned word = nearest_word(at + i, &off);
        line->off = fmaxf(line->off, off);
        if (word == CODE128_STOP) {
            line->first = at[0];
            line->last = at[i + STOP_ELEMENTS];
            return stop_ends(at + i, left - i) && check_holds(line);
        }
        if (word >= CODE128_START_A || line->count == LINE_MAX_WORDS)
            return false;
        line->words[line->count++] = (uint8_t)word;
        width = here;
    }
    return false;
}

/* All start words differ from all other words in four modules at least. */
static bool starts_here(const struct edges *edges, unsigned i, struct line_read *line)
{
    const float *at = edges->at + i;
    float module = (at[ELEMENTS] - at[0]) / MODULES;
    if (i > 0 && at[0] - at[-1] < QUIET_MODULES * module)
        return false;
    unsigned word = nearest_word(at, &line->off);
    line->start = (uint8_t)word;
    return word >= CODE128_START_A && word <= CODE128_START_C;
}

static bool read_forward(const struct edges *edges, struct line_read *line)
{
    for (unsigned i = edges->dark_first ? 0 : 1; i + 3 * ELEMENTS + 1 < edges->count; i += 2)
        if (starts_here(edges, i, line) && read_words(edges->at + i, edges->count - i, line))
            return true;
    return false;
}

bool line128_read(const struct edges *edges, struct line_read *line)
{
    line->backward = false;
    if (read_forward(edges, line))
        return true;
    struct edges mirrored;
    edges_mirror(edges, &mirrored);
    line->backward = true;
    if (!read_forward(&mirrored, line))
        return false;
    line->first = -line->first;
    line->last = -line->last;
    return true;
}
