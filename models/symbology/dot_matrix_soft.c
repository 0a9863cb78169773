#include "symbology/dot_matrix_soft.h"

#include <math.h>

static inline float larger(float a, float b) /* fmaxf() is a call */
{
    return a > b ? a : b;
}

/* Cells of a zone; more or fewer where that does not come out even. */
enum { ZONE_WIDTH = 15, ZONE_HEIGHT = 14 };

/* A zone's scatter is not believed below this part of the whole symbol's: a zone full of glare is
 * even, and says nothing. */
static const float least_scatter_part = 0.25f, least_half = 0.5f;

static unsigned zone_count(unsigned cells, unsigned size, unsigned most)
{
    unsigned count = (cells + size / 2) / size;
    return count < 1 ? 1 : count > most ? most : count;
}

/* Where zone `zone` of `zones` begins. */
static unsigned zone_start(unsigned zone, unsigned zones, unsigned cells)
{
    return zone * cells / zones;
}

/* ---- one zone ---- */

struct part {
    unsigned left, top, right, bottom;
};

static float mean_of(const struct dot_matrix_layout *layout, const float *greys,
                     const struct part *part)
{
    float sum = 0;
    for (unsigned y = part->top; y < part->bottom; y++)
        for (unsigned x = part->left; x < part->right; x++)
            sum += greys[y * layout->columns + x];
    return sum / (float)((part->right - part->left) * (part->bottom - part->top));
}

/* Sums of the brighter and of the darker cells, and of all squares. */
struct halves {
    float bright, dark, brights, darks, squares;
};

static struct halves split(const struct dot_matrix_layout *layout, const float *greys,
                           const struct part *part, float middle)
{
    struct halves halves = {0};
    for (unsigned y = part->top; y < part->bottom; y++)
        for (unsigned x = part->left; x < part->right; x++) {
            float off = greys[y * layout->columns + x] - middle, bright = off > 0 ? 1.0f : 0.0f;
            halves.brights += bright;
            halves.bright += bright * off;
            halves.dark += (1 - bright) * off;
            halves.squares += off * off;
        }
    halves.darks =
        (float)((part->right - part->left) * (part->bottom - part->top)) - halves.brights;
    return halves;
}

static struct soft_zone look_at(const struct dot_matrix_layout *layout, const float *greys,
                                const struct part *part)
{
    float mean = mean_of(layout, greys, part);
    struct halves halves = split(layout, greys, part, mean);
    float bright = halves.bright / larger(halves.brights, 1);
    float dark = halves.dark / larger(halves.darks, 1);
    float count = halves.brights + halves.darks;
    float within =
        (halves.squares - halves.brights * bright * bright - halves.darks * dark * dark) / count;
    float half = larger(0.5f * (bright - dark), least_half);
    return (struct soft_zone){mean + 0.5f * (bright + dark), half,
                              larger(within, 0) / (half * half)};
}

void dot_matrix_find_zones(const struct dot_matrix_layout *layout, const float *greys,
                           struct soft_zones *zones)
{
    zones->wide = zone_count(layout->columns, ZONE_WIDTH, SOFT_MAX_ZONES_WIDE);
    zones->high = zone_count(layout->rows, ZONE_HEIGHT, SOFT_MAX_ZONES_HIGH);
    for (unsigned y = 0; y < zones->high; y++)
        for (unsigned x = 0; x < zones->wide; x++) {
            struct part part = {zone_start(x, zones->wide, layout->columns),
                                zone_start(y, zones->high, layout->rows),
                                zone_start(x + 1, zones->wide, layout->columns),
                                zone_start(y + 1, zones->high, layout->rows)};
            zones->zones[y][x] = look_at(layout, greys, &part);
        }
}

/* ---- between zones ---- */

/* Half the difference, squared, over the scatter in grey levels: what is the same for all zones is
 * the camera's noise, so a zone that scatters less than others for lack of light is not sure. */
static float floor_scatter(const struct soft_zones *zones, float *mean_half)
{
    float sum = 0, halves = 0, count = (float)(zones->wide * zones->high);
    for (unsigned y = 0; y < zones->high; y++)
        for (unsigned x = 0; x < zones->wide; x++) {
            const struct soft_zone *zone = &zones->zones[y][x];
            sum += zone->scatter * zone->half * zone->half;
            halves += zone->half;
        }
    *mean_half = halves / count;
    return least_scatter_part * sum / count + 0.05f;
}

/* The two zones whose middles lie around a cell (or the nearest two), and the part of the second.
 */
static void between(unsigned cell, unsigned cells, unsigned zones, unsigned *first, float *part)
{
    *first = 0;
    *part = 0;
    if (zones < 2)
        return;
    float at = ((float)cell + 0.5f) * (float)zones / (float)cells - 0.5f;
    at = at < 0 ? 0 : at;
    *first = (unsigned)at;
    *first = *first > zones - 2 ? zones - 2 : *first;
    at = ((float)cell + 0.5f) * (float)zones / (float)cells - 0.5f;
    *part = at - (float)*first;
}

/* Interpolated along the columns, at one row. */
static struct soft_zone at_row(const struct soft_zones *zones, unsigned column, unsigned row,
                               float part)
{
    const struct soft_zone *a = &zones->zones[row][column];
    const struct soft_zone *b = zones->high < 2 ? a : &zones->zones[row + 1][column];
    return (struct soft_zone){a->middle + part * (b->middle - a->middle),
                              a->half + part * (b->half - a->half),
                              a->scatter + part * (b->scatter - a->scatter)};
}

/* Interpolated along a row, for each of its cells. */
struct soft_row {
    float middles[CODE_IMAGE_MAX_WIDTH], halves[CODE_IMAGE_MAX_WIDTH],
        scatters[CODE_IMAGE_MAX_WIDTH];
};

/* Between which zones the cells of a row lie: the same in all. */
struct soft_columns {
    unsigned first[CODE_IMAGE_MAX_WIDTH];
    float part[CODE_IMAGE_MAX_WIDTH];
};

static void along_row(const struct dot_matrix_layout *layout, const struct soft_zones *zones,
                      const struct soft_columns *places, unsigned y, struct soft_row *cells)
{
    struct soft_zone columns[SOFT_MAX_ZONES_WIDE + 1];
    unsigned row;
    float part;
    between(y, layout->rows, zones->high, &row, &part);
    for (unsigned x = 0; x < zones->wide; x++)
        columns[x] = at_row(zones, x, row, part);
    columns[zones->wide] = columns[zones->wide - 1];
    for (unsigned x = 0; x < layout->columns; x++) {
        const struct soft_zone *a = &columns[places->first[x]], *b = a + 1;
        part = places->part[x];
        cells->middles[x] = a->middle + part * (b->middle - a->middle);
        cells->halves[x] = a->half + part * (b->half - a->half);
        cells->scatters[x] = a->scatter + part * (b->scatter - a->scatter);
    }
}

void dot_matrix_even_out(const struct dot_matrix_layout *layout, const float *greys,
                         const struct soft_zones *zones, float *restrict values,
                         float *restrict weights)
{
    float mean_half, floor = floor_scatter(zones, &mean_half), least = 0.2f * mean_half;
    struct soft_columns places;
    for (unsigned x = 0; x < layout->columns; x++)
        between(x, layout->columns, zones->wide, &places.first[x], &places.part[x]);
    for (unsigned y = 0; y < layout->rows; y++) {
        struct soft_row row;
        along_row(layout, zones, &places, y, &row);
        for (unsigned x = 0; x < layout->columns; x++) {
            float half = row.halves[x] > least ? row.halves[x] : least;
            float noise = floor / (half * half);
            values[x] = (row.middles[x] - greys[x]) / half;
            weights[x] = 2 / (row.scatters[x] > noise ? row.scatters[x] : noise);
        }
        greys += layout->columns;
        values += layout->columns;
        weights += layout->columns;
    }
}
