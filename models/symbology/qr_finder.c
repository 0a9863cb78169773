#include "symbology/qr_finder.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void qr_field_fini(struct qr_field *field)
{
    grey_fini(&field->grey);
    grey_fini(&field->lows);
    grey_fini(&field->highs);
    grey_fini(&field->thresholds);
}

/* ---- thresholds ---- */

enum { NEAR_TILES = 2, LEAST_CONTRAST = 20 };

/* Of each column, with one more row of pixels. */
static void take_row(const uint8_t *restrict row, unsigned width, uint8_t *restrict lows,
                     uint8_t *restrict highs)
{
    for (unsigned x = 0; x < width; x++) {
        lows[x] = row[x] < lows[x] ? row[x] : lows[x];
        highs[x] = row[x] > highs[x] ? row[x] : highs[x];
    }
}

static void measure_tile(const uint8_t *lows, const uint8_t *highs, unsigned width, uint8_t *low,
                         uint8_t *high)
{
    uint8_t lowest = 255, highest = 0;
    for (unsigned x = 0; x < width; x++) {
        lowest = lows[x] < lowest ? lows[x] : lowest;
        highest = highs[x] > highest ? highs[x] : highest;
    }
    *low = lowest;
    *high = highest;
}

/* The least and the greatest grey of the tiles of one row; `columns` is scratch, two a column. */
static void measure_tiles(struct qr_field *field, unsigned row, uint8_t *columns)
{
    const struct grey *grey = &field->grey;
    unsigned width = grey->width, bottom = (row + 1) * QR_TILE;
    uint8_t *lows = columns, *highs = columns + width;
    memset(lows, 255, width);
    memset(highs, 0, width);
    for (unsigned y = row * QR_TILE; y < bottom && y < grey->height; y++)
        take_row(grey->pixels + (size_t)y * width, width, lows, highs);
    for (unsigned tile = 0; tile < field->lows.width; tile++) {
        unsigned left = tile * QR_TILE, rest = width - left;
        size_t at = (size_t)row * field->lows.width + tile;
        measure_tile(lows + left, highs + left, rest < QR_TILE ? rest : QR_TILE,
                     &field->lows.pixels[at], &field->highs.pixels[at]);
    }
}

/* What the tiles around one say, those counting most that have dark and light. */
struct vote {
    uint32_t weights, sum;
};

static void add_vote(const struct qr_field *field, unsigned column, unsigned row, struct vote *vote)
{
    size_t at = (size_t)row * field->lows.width + column;
    uint32_t low = field->lows.pixels[at], high = field->highs.pixels[at];
    uint32_t weight = high - low < LEAST_CONTRAST ? 0 : high - low;
    vote->weights += weight;
    vote->sum += weight * (low + high);
}

/* The middle between dark and light around the tiles of a row; `votes` is scratch, one a column. */
static void threshold_row(struct qr_field *field, unsigned row, struct vote *votes)
{
    unsigned width = field->lows.width, height = field->lows.height;
    unsigned top = row > NEAR_TILES ? row - NEAR_TILES : 0;
    memset(votes, 0, width * sizeof *votes);
    for (unsigned y = top; y < height && y <= row + NEAR_TILES; y++)
        for (unsigned x = 0; x < width; x++)
            add_vote(field, x, y, &votes[x]);
    for (unsigned column = 0; column < width; column++) {
        struct vote all = {0, 0};
        unsigned left = column > NEAR_TILES ? column - NEAR_TILES : 0;
        for (unsigned x = left; x < width && x <= column + NEAR_TILES; x++) {
            all.weights += votes[x].weights;
            all.sum += votes[x].sum;
        }
        uint32_t threshold = all.weights == 0 ? 0 : (all.sum / all.weights + 1) / 2;
        field->thresholds.pixels[(size_t)row * width + column] = (uint8_t)threshold;
        field->contrast |= threshold > 0;
    }
}

void qr_field_threshold(struct qr_field *field)
{
    const struct grey *grey = &field->grey;
    unsigned width = (grey->width + QR_TILE - 1) / QR_TILE;
    unsigned height = (grey->height + QR_TILE - 1) / QR_TILE;
    grey_resize(&field->lows, width, height);
    grey_resize(&field->highs, width, height);
    grey_resize(&field->thresholds, width, height);
    uint8_t *columns = malloc(2 * (size_t)grey->width + 1);
    struct vote *votes = malloc((width + 1) * sizeof *votes);
    CHECK(columns != NULL && votes != NULL);
    for (unsigned y = 0; y < height; y++)
        measure_tiles(field, y, columns);
    field->contrast = false;
    for (unsigned y = 0; y < height; y++)
        threshold_row(field, y, votes);
    free(votes);
    free(columns);
}

/* ---- the pattern ---- */

enum { RUNS = 5 };

/* Whether five runs stand 1:1:3:1:1, dark first, as pixels and blur leave them. */
static inline bool fits(const unsigned runs[RUNS])
{
    unsigned total = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
    /* Within half a module and half a pixel of one module, and 1.5 modules of three; without
     * branches, for in noise none is foreseen. */
    unsigned least = total - 7, range = 2 * total + 14;
    return (total >= 7) & (14 * runs[0] - least <= range) & (14 * runs[1] - least <= range) &
           (14 * runs[3] - least <= range) & (14 * runs[4] - least <= range) &
           (14 * runs[2] - 3 * total <= 6 * total);
}

struct walk {
    const struct qr_field *field;
    int dx, dy;
};

/* Counts pixels of one colour from (*x, *y) on, one more than `most` at most, and moves there. */
static unsigned count_run(const struct walk *walk, int sign, int *x, int *y, bool dark,
                          unsigned most)
{
    const struct qr_field *field = walk->field;
    unsigned at = (unsigned)(walk->dx ? *x : *y), count = 0;
    unsigned side = walk->dx ? field->grey.width : field->grey.height;
    unsigned left = sign > 0 ? side - at : at + 1, tile_width = field->thresholds.width;
    if (*x < 0 || *y < 0 || at >= side)
        return 0;
    unsigned end = left < most + 1 ? left : most + 1;
    ptrdiff_t step = sign * (walk->dx ? 1 : (ptrdiff_t)field->grey.width);
    ptrdiff_t tile_step = walk->dx ? 1 : (ptrdiff_t)tile_width;
    const uint8_t *pixel = field->grey.pixels + (size_t)*y * field->grey.width + *x;
    const uint8_t *tiles = walk->dx ? field->thresholds.pixels + (size_t)(*y / QR_TILE) * tile_width
                                    : field->thresholds.pixels + *x / QR_TILE;
    for (; count < end; count++, pixel += step, at += (unsigned)sign)
        if ((*pixel < tiles[at / QR_TILE * tile_step]) != dark)
            break;
    *x += sign * walk->dx * (int)count;
    *y += sign * walk->dy * (int)count;
    return count;
}

/* Holds the line through (x, y) against the pattern. Gives the place of its middle on the line,
 * pixels from (x, y)'s, and its length. */
static bool cross(const struct walk *walk, int x, int y, unsigned most, float *middle,
                  unsigned *total)
{
    unsigned runs[RUNS];
    int back_x = x, back_y = y, on_x = x + walk->dx, on_y = y + walk->dy;
    unsigned back = count_run(walk, -1, &back_x, &back_y, true, most);
    unsigned on = count_run(walk, 1, &on_x, &on_y, true, most);
    if (back == 0 || back + on > most)
        return false;
    runs[2] = back + on;
    most = runs[2]; /* where it fits, none of the others is longer */
    if ((runs[1] = count_run(walk, -1, &back_x, &back_y, false, most)) > most ||
        (runs[3] = count_run(walk, 1, &on_x, &on_y, false, most)) > most)
        return false;
    runs[0] = count_run(walk, -1, &back_x, &back_y, true, most);
    runs[4] = count_run(walk, 1, &on_x, &on_y, true, most);
    *middle = ((float)on - (float)back + 1) / 2;
    *total = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
    return fits(runs);
}

/* ---- collecting ---- */

struct search {
    const struct qr_field *field;
    struct budget *budget;
    struct qr_finder *finders;
    unsigned count;
};

/* The same as one of those before, most likely of the last, or another. */
static void add_finder(struct search *search, float x, float y, float module, float clear)
{
    for (unsigned i = search->count; i-- > 0;) {
        struct qr_finder *old = &search->finders[i];
        if (fabsf(old->x - x) > 2 * old->module || fabsf(old->y - y) > 2 * old->module ||
            module > 1.6f * old->module || old->module > 1.6f * module)
            continue;
        float share = 1 / (float)++old->hits;
        old->x += (x - old->x) * share;
        old->y += (y - old->y) * share;
        old->module += (module - old->module) * share;
        old->clear += (clear - old->clear) * share;
        return;
    }
    search->finders[search->count++] = (struct qr_finder){x, y, module, 1, clear};
}

static float grey_at(const struct qr_field *field, float x, float y)
{
    unsigned width = field->grey.width, height = field->grey.height;
    unsigned column = x < 0 ? 0 : (unsigned)x, row = y < 0 ? 0 : (unsigned)y;
    column = column < width ? column : width - 1;
    row = row < height ? row : height - 1;
    return field->grey.pixels[(size_t)row * width + column];
}

/* Noise makes runs that fit now and then, but no light ring between a dark middle and a dark frame.
 * Along the axes those lie at 0 and 1, at 2 and at 3 modules, however the pattern is turned, for
 * its modules were measured along the axes. */
static float clearness(const struct qr_field *field, float x, float y, float module)
{
    float ring = 0, dark = grey_at(field, x, y);
    for (int i = 0; i < 4; i++) {
        float dx = (float)((i == 0) - (i == 1)) * module,
              dy = (float)((i == 2) - (i == 3)) * module;
        dark += grey_at(field, x + dx, y + dy) + grey_at(field, x + 3 * dx, y + 3 * dy);
        ring += grey_at(field, x + 2 * dx, y + 2 * dy);
    }
    unsigned tile = (unsigned)y / QR_TILE * field->lows.width + (unsigned)x / QR_TILE;
    int range = field->highs.pixels[tile] - field->lows.pixels[tile];
    return (ring / 4 - dark / 9) / (float)(range > 0 ? range : 1);
}

static const float LEAST_CLEAR = 0.25f;

/* A row has seen the pattern with its middle at `x`: what do the column and the row again say? */
static bool check_place(struct search *search, float x, unsigned y, unsigned length)
{
    static const double STEP_NS = 2;
    struct walk down = {search->field, 0, 1}, across = {search->field, 1, 0};
    float off_y, off_x;
    unsigned height, width;
    if (!budget_spend(search->budget, 6 * STEP_NS * length))
        return false;
    if (!cross(&down, (int)x, (int)y, length, &off_y, &height) || height > 2 * length ||
        length > 2 * height)
        return true;
    float middle_y = (float)y + 0.5f + off_y;
    if (!cross(&across, (int)x, (int)middle_y, length, &off_x, &width))
        return true;
    float middle_x = floorf(x) + 0.5f + off_x, module = (float)(width + height) / 14;
    float clear = clearness(search->field, middle_x, middle_y, module);
    if (clear > LEAST_CLEAR)
        add_finder(search, middle_x, middle_y, module, clear);
    return search->count < QR_FINDERS; /* a tiling: where so many are, none stands out */
}

/* The runs between six edges of a row, the first one dark. */
static bool on_runs(struct search *search, const unsigned edges[RUNS + 1], unsigned y)
{
    unsigned runs[RUNS];
    for (int i = 0; i < RUNS; i++)
        runs[i] = edges[i + 1] - edges[i];
    if (!fits(runs))
        return true;
    float middle = (float)edges[3] - (float)runs[2] / 2;
    return check_place(search, middle, y, edges[RUNS] - edges[0]);
}

/* Dark pixels of a row as bytes of 0 and 1. */
static void judge_row(const struct qr_field *field, unsigned y, uint8_t *dark)
{
    unsigned width = field->grey.width;
    const uint8_t *row = field->grey.pixels + (size_t)y * width;
    const uint8_t *tiles =
        field->thresholds.pixels + (size_t)(y / QR_TILE) * field->thresholds.width;
    for (unsigned left = 0, tile = 0; left < width; left += QR_TILE, tile++) {
        uint8_t threshold = tiles[tile];
        unsigned right = left + QR_TILE < width ? left + QR_TILE : width;
        for (unsigned x = left; x < right; x++)
            dark[x] = row[x] < threshold;
    }
}

/* Where the colour changes: runs begin at edges, the first one is dark at edge 0. Ends with the
 * row's own end where that is dark. Eight pixels at a time. */
static unsigned find_edges(const uint8_t *dark, unsigned width, unsigned *edges)
{
    unsigned count = 0;
    uint64_t before = 0; /* the last pixel's colour */
    for (unsigned x = 0; x < width; x += 8) {
        uint64_t eight = 0;
        memcpy(&eight, dark + x, width - x < 8 ? width - x : 8);
        uint64_t changes = eight ^ (eight << 8 | before);
        for (; changes != 0; changes &= changes - 1)
            edges[count++] = x + (unsigned)__builtin_ctzll(changes) / 8;
        before = eight >> 56;
    }
    if (count % 2 == 1)
        edges[count++] = width;
    return count;
}

static bool search_row(struct search *search, unsigned y, uint8_t *dark, unsigned *edges)
{
    judge_row(search->field, y, dark);
    unsigned count = find_edges(dark, search->field->grey.width, edges);
    for (unsigned i = RUNS; i < count; i += 2)
        if (!on_runs(search, edges + i - RUNS, y))
            return false;
    return true;
}

/* Rows that saw it, of those that should have, count as much as its contrast. */
static float worth(const struct qr_finder *finder)
{
    float should = fmaxf(finder->module * 1.5f, 1); /* the middle is 3 modules high; every other */
    return finder->clear * fminf((float)finder->hits / should, 1);
}

static int by_worth(const void *a, const void *b)
{
    const struct qr_finder *one = a, *other = b;
    float difference = worth(other) - worth(one);
    if (difference != 0)
        return difference > 0 ? 1 : -1;
    if (one->y != other->y)
        return one->y < other->y ? -1 : 1;
    return one->x < other->x ? -1 : one->x > other->x;
}

unsigned qr_find(const struct qr_field *field, unsigned every, struct budget *budget,
                 struct qr_finder finders[QR_FINDERS])
{
    static const double ROW_PX_NS = 1.5;
    struct search search = {field, budget, finders, 0};
    unsigned width = field->grey.width;
    uint8_t *dark = malloc((size_t)width + 1);
    unsigned *edges = malloc(((size_t)width + 2) * sizeof *edges);
    CHECK(dark != NULL && edges != NULL && every > 0);
    for (unsigned y = every / 2; y < field->grey.height; y += every)
        if (!budget_spend(budget, ROW_PX_NS * width) || !search_row(&search, y, dark, edges))
            break;
    free(edges);
    free(dark);
    qsort(finders, search.count, sizeof *finders, by_worth);
    return search.count;
}
