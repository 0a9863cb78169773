#include "symbology/shrunk.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The level, of the way from dark to bright: nearer to the bright, so that a frame's line that
 * fills only half of each of two pixels still counts. And where there is hardly any way at all,
 * nothing is dark. */
enum { LEVEL_PART = 5, LEVEL_OF = 8, LEAST_RANGE = 20, LEAST_BELOW = 12, BELOW = 14 };

enum { AHEAD = 8 }; /* rows of its own */

void shrunk_fini(struct shrunk *shrunk)
{
    free(shrunk->pixels);
    free(shrunk->rows);
    *shrunk = (struct shrunk){0};
}

static void resize(struct shrunk *shrunk, unsigned frame_width, unsigned width, unsigned height)
{
    shrunk->tiles_wide = width / SHRUNK_TILE;
    shrunk->tiles_high = height / SHRUNK_TILE;
    shrunk->width = shrunk->tiles_wide * SHRUNK_TILE;
    shrunk->height = shrunk->tiles_high * SHRUNK_TILE;
    size_t pixels = (size_t)shrunk->width * shrunk->height;
    size_t tiles = (size_t)shrunk->tiles_wide * shrunk->tiles_high;
    size_t need = pixels + 3 * tiles + frame_width;
    if (need > shrunk->capacity) {
        shrunk_fini(shrunk);
        shrunk->pixels = malloc(need);
        shrunk->rows = malloc((size_t)3 * need);
        CHECK(shrunk->pixels != NULL && shrunk->rows != NULL);
        shrunk->capacity = need;
        resize(shrunk, frame_width, width, height);
        return;
    }
    shrunk->levels = shrunk->pixels + pixels;
    shrunk->low = shrunk->levels + tiles;
    shrunk->high = shrunk->low + tiles;
}

/* ---- means ---- */

/* Means are rounded up, at each halving: processors have an instruction for that. */
static void mean_of_rows(const uint8_t *restrict a, const uint8_t *restrict b, unsigned width,
                         uint8_t *restrict out)
{
    for (unsigned x = 0; x < width; x++)
        out[x] = (uint8_t)((a[x] + b[x] + 1) >> 1);
}

static void mean_of_pairs(const uint8_t *restrict in, unsigned pairs, uint8_t *restrict out)
{
    unsigned i = 0;
#ifdef __SSE2__
    const __m128i low = _mm_set1_epi16(0xff);
    for (; i + 16 <= pairs; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(in + 2 * i));
        __m128i b = _mm_loadu_si128((const __m128i *)(in + 2 * i + 16));
        a = _mm_avg_epu16(_mm_and_si128(a, low), _mm_srli_epi16(a, 8));
        b = _mm_avg_epu16(_mm_and_si128(b, low), _mm_srli_epi16(b, 8));
        _mm_storeu_si128((__m128i *)(out + i), _mm_packus_epi16(a, b));
    }
#endif
    for (; i < pairs; i++)
        out[i] = (uint8_t)((in[2 * i] + in[2 * i + 1] + 1) >> 1);
}

/* Rows that come next, while these are worked on: a frame that nobody has looked at yet is not in
 * the cache. */
static void fetch_rows(const uint8_t *rows, size_t stride, unsigned count, unsigned width)
{
    for (unsigned i = 0; i < count; i++)
        for (unsigned x = 0; x < width; x += 64)
            __builtin_prefetch(rows + i * stride + x);
}

/* The mean of `factor` rows, 2 or 4; `spare` has room for two rows. */
static void mean_rows(const uint8_t *rows, size_t stride, unsigned factor, unsigned width,
                      uint8_t *spare, uint8_t *out)
{
    if (factor == 2) {
        mean_of_rows(rows, rows + stride, width, out);
        return;
    }
    mean_of_rows(rows, rows + stride, width, spare);
    mean_of_rows(rows + 2 * stride, rows + 3 * stride, width, spare + width);
    mean_of_rows(spare, spare + width, width, out);
}

static void shrink_row(struct shrunk *shrunk, const struct frame *frame, unsigned factor,
                       unsigned row)
{
    unsigned width = shrunk->width * factor;
    uint8_t *mean = shrunk->rows + (size_t)2 * width;
    uint8_t *out = shrunk->pixels + (size_t)row * shrunk->width;
    const uint8_t *rows = frame->pixels + (size_t)row * factor * frame->stride;
    if (row + AHEAD < shrunk->height)
        fetch_rows(rows + (size_t)AHEAD * factor * frame->stride, frame->stride, factor, width);
    mean_rows(rows, frame->stride, factor, width, shrunk->rows, mean);
    if (factor == 2) {
        mean_of_pairs(mean, shrunk->width, out);
        return;
    }
    mean_of_pairs(mean, width / 2, shrunk->rows);
    mean_of_pairs(shrunk->rows, shrunk->width, out);
}

/* ---- levels ---- */

static inline uint8_t less_of(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

static inline uint8_t more_of(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

/* Range of each tile of a row. */
static void tile_ranges(const struct shrunk *shrunk, unsigned tile_row)
{
    unsigned width = shrunk->width;
    const uint8_t *rows = shrunk->pixels + (size_t)tile_row * SHRUNK_TILE * width;
    uint8_t *restrict least = shrunk->rows, *restrict most = shrunk->rows + width;
    memcpy(least, rows, width);
    memcpy(most, rows, width);
    for (unsigned y = 1; y < SHRUNK_TILE; y++)
        for (unsigned x = 0; x < width; x++) {
            least[x] = less_of(least[x], rows[y * width + x]);
            most[x] = more_of(most[x], rows[y * width + x]);
        }
    uint8_t *low = shrunk->low + (size_t)tile_row * shrunk->tiles_wide;
    uint8_t *high = shrunk->high + (size_t)tile_row * shrunk->tiles_wide;
    for (unsigned tile = 0; tile < shrunk->tiles_wide;
         tile++, least += SHRUNK_TILE, most += SHRUNK_TILE) {
        low[tile] = less_of(less_of(least[0], least[1]), less_of(least[2], least[3]));
        high[tile] = more_of(more_of(most[0], most[1]), more_of(most[2], most[3]));
    }
}

static uint8_t level_of(unsigned least, unsigned most, enum shrunk_level how)
{
    if (how == SHRUNK_BELOW)
        return most - least < LEAST_BELOW || most < BELOW ? 0 : (uint8_t)(most - BELOW);
    if (most - least < LEAST_RANGE)
        return 0;
    return (uint8_t)(least + ((most - least) * LEVEL_PART + LEVEL_OF / 2) / LEVEL_OF);
}

/* From the ranges of each tile and its eight neighbours, as far as they are there. */
static void set_levels(struct shrunk *shrunk, unsigned row, enum shrunk_level how)
{
    unsigned width = shrunk->tiles_wide;
    unsigned above = row > 0 ? row - 1 : 0, below = row + 1 < shrunk->tiles_high ? row + 1 : row;
    uint8_t *restrict least = shrunk->rows, *restrict most = shrunk->rows + width;
    memcpy(least, shrunk->low + (size_t)above * width, width);
    memcpy(most, shrunk->high + (size_t)above * width, width);
    for (unsigned y = row; y <= below; y++)
        for (unsigned x = 0; x < width; x++) {
            least[x] = less_of(least[x], shrunk->low[(size_t)y * width + x]);
            most[x] = more_of(most[x], shrunk->high[(size_t)y * width + x]);
        }
    for (unsigned x = 0; x < width; x++) {
        unsigned left = x > 0 ? x - 1 : 0, right = x + 1 < width ? x + 1 : x;
        shrunk->levels[(size_t)row * width + x] =
            level_of(less_of(less_of(least[left], least[x]), least[right]),
                     more_of(more_of(most[left], most[x]), most[right]), how);
    }
}

void shrunk_make(struct shrunk *shrunk, const struct frame *frame, unsigned factor,
                 enum shrunk_level level)
{
    CHECK(factor == 2 || factor == 4);
    resize(shrunk, frame->width, frame->width / factor, frame->height / factor);
    for (unsigned y = 0; y < shrunk->height; y++)
        shrink_row(shrunk, frame, factor, y);
    for (unsigned row = 0; row < shrunk->tiles_high; row++)
        tile_ranges(shrunk, row);
    for (unsigned row = 0; row < shrunk->tiles_high; row++)
        set_levels(shrunk, row, level);
}
