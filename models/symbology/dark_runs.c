#include "symbology/dark_runs.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { WORD = 64 };

void dark_runs_fini(struct dark_runs *runs)
{
    free(runs->runs);
    free(runs->pieces);
    free(runs->piece_of);
    *runs = (struct dark_runs){0};
}

static void reserve(struct dark_runs *runs, size_t most)
{
    if (most <= runs->capacity)
        return;
    dark_runs_fini(runs);
    runs->runs = malloc(most * sizeof *runs->runs);
    runs->pieces = malloc(most * sizeof *runs->pieces);
    runs->piece_of = malloc(most * sizeof *runs->piece_of);
    CHECK(runs->runs != NULL && runs->pieces != NULL && runs->piece_of != NULL);
    runs->capacity = most;
}

/* ---- runs ---- */

#ifdef __SSE2__
/* Sixteen pixels; their four levels are each spread over four bytes. */
static inline unsigned dark_sixteen(const uint8_t *pixels, const uint8_t *levels)
{
    int32_t four;
    memcpy(&four, levels, sizeof four);
    __m128i level = _mm_cvtsi32_si128(four);
    level = _mm_unpacklo_epi8(level, level);
    level = _mm_unpacklo_epi8(level, level);
    __m128i over = _mm_subs_epu8(level, _mm_loadu_si128((const __m128i *)pixels));
    return ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(over, _mm_setzero_si128())) & 0xffff;
}

static uint64_t dark_word(const uint8_t *pixels, const uint8_t *levels)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < WORD / 16; i++)
        bits |= (uint64_t)dark_sixteen(pixels + (size_t)16 * i, levels + (size_t)4 * i) << 16 * i;
    return bits;
}
#endif

/* Bit i says whether pixel i is dark, of up to 64. */
static uint64_t dark_bits(const uint8_t *pixels, const uint8_t *levels, unsigned count)
{
#ifdef __SSE2__
    if (count == WORD)
        return dark_word(pixels, levels);
#endif
    uint8_t dark[WORD] = {0};
    uint64_t bits = 0;
    for (unsigned i = 0; i < count; i++)
        dark[i] = pixels[i] < levels[i / SHRUNK_TILE];
    for (unsigned i = 0; i < WORD / 8; i++) {
        uint64_t eight;
        memcpy(&eight, dark + (size_t)8 * i, sizeof eight);
        /* Gathers the lowest bits of eight bytes. */
        bits |= (eight * UINT64_C(0x0102040810204080) >> 56) << 8 * i;
    }
    return bits;
}

/* Appends the runs of one row. A change between pixel x - 1 and x begins or ends one. */
static void find_in_row(struct dark_runs *runs, const struct shrunk *shrunk, unsigned row)
{
    const uint8_t *pixels = shrunk->pixels + (size_t)row * shrunk->width;
    const uint8_t *levels = shrunk->levels + (size_t)(row / SHRUNK_TILE) * shrunk->tiles_wide;
    bool dark = false;
    for (unsigned x = 0; x < shrunk->width; x += WORD) {
        unsigned count = shrunk->width - x < WORD ? shrunk->width - x : WORD;
        uint64_t bits = dark_bits(pixels + x, levels + x / SHRUNK_TILE, count);
        for (uint64_t changes = bits ^ (bits << 1 | dark); changes != 0; changes &= changes - 1) {
            unsigned at = x + (unsigned)__builtin_ctzll(changes);
            struct dark_run *run = &runs->runs[runs->count];
            if (!dark)
                *run = (struct dark_run){.row = (uint16_t)row, .start = (uint16_t)at};
            else
                runs->runs[runs->count++].end = (uint16_t)at;
            dark = !dark;
        }
    }
    if (dark)
        runs->runs[runs->count++].end = (uint16_t)shrunk->width;
}

unsigned dark_runs_find(struct dark_runs *runs, const struct shrunk *shrunk)
{
    reserve(runs, (size_t)(shrunk->width / 2 + 1) * shrunk->height + 1);
    runs->count = 0;
    for (unsigned row = 0; row < shrunk->height; row++)
        find_in_row(runs, shrunk, row);
    return runs->count;
}

/* ---- pieces ---- */

static uint32_t root_of(struct dark_run *runs, uint32_t run)
{
    while (runs[run].parent != run) {
        runs[run].parent = runs[runs[run].parent].parent;
        run = runs[run].parent;
    }
    return run;
}

static void link_runs(struct dark_run *runs, uint32_t a, uint32_t b)
{
    a = root_of(runs, a);
    b = root_of(runs, b);
    runs[a > b ? a : b].parent = a > b ? b : a;
}

/* Links runs of this row with those of the row above that touch them. */
static void link_rows(struct dark_run *runs, unsigned above, unsigned first, unsigned end)
{
    unsigned up = above;
    for (unsigned i = first; i < end; i++) {
        while (up < first && runs[up].end < runs[i].start)
            up++;
        for (unsigned k = up; k < first && runs[k].start <= runs[i].end; k++)
            link_runs(runs, i, k);
    }
}

static void add_to_piece(struct dark_runs *runs, uint32_t at)
{
    struct dark_run *run = &runs->runs[at];
    uint32_t root = root_of(runs->runs, at);
    if (root == at) {
        runs->piece_of[at] = runs->piece_count;
        runs->pieces[runs->piece_count++] =
            (struct dark_piece){run->start, run->row, run->end, run->row + 1u, at, at};
        return;
    }
    struct dark_piece *piece = &runs->pieces[runs->piece_of[root]];
    piece->left = run->start < piece->left ? run->start : piece->left;
    piece->right = run->end > piece->right ? run->end : piece->right;
    piece->bottom = run->row + 1u;
    runs->runs[piece->last].next = at;
    piece->last = at;
}

void dark_runs_join(struct dark_runs *runs)
{
    unsigned above = 0, first = 0, end;
    for (unsigned i = 0; i < runs->count; i++) {
        runs->runs[i].parent = i;
        runs->runs[i].next = DARK_RUNS_END;
    }
    for (; first < runs->count; above = first, first = end) {
        end = first;
        while (end < runs->count && runs->runs[end].row == runs->runs[first].row)
            end++;
        if (first > 0 && runs->runs[above].row + 1 == runs->runs[first].row)
            link_rows(runs->runs, above, first, end);
    }
    runs->piece_count = 0;
    for (unsigned i = 0; i < runs->count; i++)
        add_to_piece(runs, i);
}
