#include "symbology/shrunk.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

/* The level, of the way from dark to bright: nearer to the bright, so that a frame's line that
 * fills only half of each of two pixels still counts. And where there is hardly any way at all,
 * nothing is dark. */
enum { LEVEL_PART = 5, LEVEL_OF = 8, LEAST_RANGE = 12, BELOW = 14 };

void shrunk_fini(struct shrunk *shrunk)
{
    free(shrunk->pixels);
    free(shrunk->sums);
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
        shrunk->sums = malloc((need + 8) * sizeof *shrunk->sums);
        CHECK(shrunk->pixels != NULL && shrunk->sums != NULL);
        shrunk->capacity = need;
        resize(shrunk, frame_width, width, height);
        return;
    }
    shrunk->levels = shrunk->pixels + pixels;
    shrunk->low = shrunk->levels + tiles;
    shrunk->high = shrunk->low + tiles;
}

/* ---- means ---- */

static void add_rows(const struct frame *frame, unsigned top, unsigned factor, unsigned width,
                     uint16_t *restrict sums)
{
    const uint8_t *restrict row = frame->pixels + (size_t)top * frame->stride;
    for (unsigned x = 0; x < width; x++)
        sums[x] = row[x];
    for (unsigned y = 1; y < factor; y++) {
        row += frame->stride;
        for (unsigned x = 0; x < width; x++)
            sums[x] = (uint16_t)(sums[x] + row[x]);
    }
}

/* Adds neighbours, in place. */
static void add_pairs(uint16_t *sums, unsigned pairs)
{
    for (unsigned i = 0; i < pairs; i++)
        sums[i] = (uint16_t)(sums[2 * i] + sums[2 * i + 1]);
}

static void write_means(uint16_t *sums, unsigned width, unsigned factor, uint8_t *restrict out)
{
    unsigned area = factor * factor, shift = factor == 2 ? 2 : factor == 4 ? 4 : 6;
    if (factor != 2 && factor != 4 && factor != 8) {
        for (unsigned x = 0; x < width; x++) {
            unsigned sum = area / 2;
            for (unsigned i = 0; i < factor; i++)
                sum += sums[x * factor + i];
            out[x] = (uint8_t)(sum / area);
        }
        return;
    }
    for (unsigned step = factor; step > 1; step /= 2)
        add_pairs(sums, width * step / 2);
    for (unsigned x = 0; x < width; x++)
        out[x] = (uint8_t)((sums[x] + area / 2) >> shift);
}

/* ---- levels ---- */

static void tile_range(const struct shrunk *shrunk, unsigned tile_row)
{
    const uint8_t *rows = shrunk->pixels + (size_t)tile_row * SHRUNK_TILE * shrunk->width;
    uint8_t *low = shrunk->low + (size_t)tile_row * shrunk->tiles_wide;
    uint8_t *high = shrunk->high + (size_t)tile_row * shrunk->tiles_wide;
    for (unsigned tile = 0; tile < shrunk->tiles_wide; tile++) {
        uint8_t least = 255, most = 0;
        for (unsigned y = 0; y < SHRUNK_TILE; y++)
            for (unsigned x = 0; x < SHRUNK_TILE; x++) {
                uint8_t value = rows[y * shrunk->width + tile * SHRUNK_TILE + x];
                least = value < least ? value : least;
                most = value > most ? value : most;
            }
        low[tile] = least;
        high[tile] = most;
    }
}

/* Range of a tile and its eight neighbours, as far as they are there. */
static void set_level(struct shrunk *shrunk, unsigned column, unsigned row, enum shrunk_level how)
{
    unsigned left = column > 0 ? column - 1 : 0, top = row > 0 ? row - 1 : 0;
    unsigned right = column + 1 < shrunk->tiles_wide ? column + 1 : column;
    unsigned bottom = row + 1 < shrunk->tiles_high ? row + 1 : row;
    unsigned least = 255, most = 0;
    for (unsigned y = top; y <= bottom; y++)
        for (unsigned x = left; x <= right; x++) {
            size_t tile = (size_t)y * shrunk->tiles_wide + x;
            least = shrunk->low[tile] < least ? shrunk->low[tile] : least;
            most = shrunk->high[tile] > most ? shrunk->high[tile] : most;
        }
    unsigned level = how == SHRUNK_BELOW
                         ? (most > BELOW ? most - BELOW : 0)
                         : least + ((most - least) * LEVEL_PART + LEVEL_OF / 2) / LEVEL_OF;
    shrunk->levels[(size_t)row * shrunk->tiles_wide + column] =
        most - least < LEAST_RANGE ? 0 : (uint8_t)level;
}

void shrunk_make(struct shrunk *shrunk, const struct frame *frame, unsigned factor,
                 enum shrunk_level level)
{
    CHECK(factor > 0 && factor <= 8);
    resize(shrunk, frame->width, frame->width / factor, frame->height / factor);
    for (unsigned y = 0; y < shrunk->height; y++) {
        add_rows(frame, y * factor, factor, shrunk->width * factor, shrunk->sums);
        write_means(shrunk->sums, shrunk->width, factor,
                    shrunk->pixels + (size_t)y * shrunk->width);
    }
    for (unsigned row = 0; row < shrunk->tiles_high; row++)
        tile_range(shrunk, row);
    for (unsigned row = 0; row < shrunk->tiles_high; row++)
        for (unsigned column = 0; column < shrunk->tiles_wide; column++)
            set_level(shrunk, column, row, level);
}
