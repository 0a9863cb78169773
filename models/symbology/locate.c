#include "symbology/locate.h"

#include "symbology/tiles.h"

#include "engine/error.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Cosine of twice the angle between neighbours. */
static const float MIN_AGREEMENT = 0.7f;
/* A shorter one is no barcode but an edge; the shortest, 2 digits of 1.25 pixels, has 57. */
static const float MIN_LENGTH = 50, MIN_HEIGHT = 5;

/* Tiles that may lie between two pieces of one symbol. */
static const float MAX_GAP_TILES = 2;
enum { MAX_PIECES = 24 };
/* A tangent: more than perspective gives. */
static const float MOST_SKEW = 0.6f;

/* Part of the usual energy that a tile of bars has at least, where there is much else. */
static const float STRONG = 0.25f;

static const double COST_PIXEL_NS = 45.0 / (TILE * TILE), COST_OPEN_NS = 15;

struct locator {
    struct tiles tiles;
};

struct locator *locator_new(void)
{
    struct locator *locator = calloc(1, sizeof *locator);
    CHECK(locator != NULL);
    return locator;
}

void locator_free(struct locator *locator)
{
    if (locator == NULL)
        return;
    tiles_fini(&locator->tiles);
    free(locator);
}

/* ---- regions ---- */

static bool agree(const struct tensor *a, const struct tensor *b)
{
    float dot = a->a * b->a + a->b * b->b;
    return dot > 0 && dot * dot > MIN_AGREEMENT * MIN_AGREEMENT * (a->a * a->a + a->b * a->b) *
                                      (b->a * b->a + b->b * b->b);
}

static const struct tensor *direction_of(const struct tiles *tiles, unsigned tile)
{
    return tensor_coherent(&tiles->mixed[tile]) ? &tiles->mixed[tile] : &tiles->raw[tile];
}

/* Takes the tiles connected with `seed` into the first places of the stack; tells how many. */
static unsigned grow(struct tiles *tiles, unsigned seed, struct tensor *sum)
{
    unsigned count = 1;
    *sum = (struct tensor){0, 0, 0};
    tiles->stack[0] = seed;
    tiles->open[seed] = TILE_CLOSED;
    for (unsigned done = 0; done < count; done++) {
        unsigned tile = tiles->stack[done];
        unsigned column = tile % tiles->columns, row = tile / tiles->columns;
        const struct tensor *here = direction_of(tiles, tile);
        tensor_add(sum, &tiles->raw[tile], 1);
        for (int side = 0; side < 8; side++) {
            static const int dx[] = {1, -1, 0, 0, 1, 1, -1, -1}, dy[] = {0, 0, 1, -1, 1, -1, 1, -1};
            unsigned x = column + (unsigned)dx[side], y = row + (unsigned)dy[side];
            unsigned next = y * tiles->columns + x;
            if (x >= tiles->columns || y >= tiles->rows || tiles->open[next] == TILE_CLOSED ||
                !agree(here, direction_of(tiles, next)))
                continue;
            tiles->open[next] = TILE_CLOSED;
            tiles->stack[count++] = next;
        }
    }
    return count;
}

/* The extent of points across the bars and, less the skew, along them. */
struct extent {
    float least_s, most_s, least_v, most_v;
};

static const struct extent no_extent = {INFINITY, -INFINITY, INFINITY, -INFINITY};

static void extend_to(struct extent *extent, const struct region *region, float x, float y)
{
    float s = x * region->ux + y * region->uy;
    float v = y * region->ux - x * region->uy - region->skew * s;
    extent->least_s = fminf(extent->least_s, s);
    extent->most_s = fmaxf(extent->most_s, s);
    extent->least_v = fminf(extent->least_v, v);
    extent->most_v = fmaxf(extent->most_v, v);
}

static void set_box(struct region *region, const struct extent *extent, float border)
{
    float s = 0.5f * (extent->least_s + extent->most_s);
    float v = 0.5f * (extent->least_v + extent->most_v) + region->skew * s;
    region->x = s * region->ux - v * region->uy;
    region->y = s * region->uy + v * region->ux;
    region->length = extent->most_s - extent->least_s + 2 * border;
    region->height = extent->most_v - extent->least_v + 2 * border;
}

static float tile_x(const struct tiles *tiles, unsigned tile)
{
    return (float)(tile % tiles->columns * TILE) + 1 + TILE / 2;
}

static float tile_y(const struct tiles *tiles, unsigned tile)
{
    return (float)(tile / tiles->columns * TILE) + 1 + TILE / 2;
}

/* The slope of the line through the tiles (least squares); 0 where tiles could not tell. */
static float skew_of(const struct tiles *tiles, unsigned count, const struct region *region)
{
    float s = 0, v = 0, ss = 0, sv = 0, n = (float)count;
    for (unsigned i = 0; i < count; i++) {
        float x = tile_x(tiles, tiles->stack[i]), y = tile_y(tiles, tiles->stack[i]);
        float here_s = x * region->ux + y * region->uy, here_v = y * region->ux - x * region->uy;
        s += here_s;
        v += here_v;
        ss += here_s * here_s;
        sv += here_s * here_v;
    }
    float variance = ss - s * s / n;
    float skew = variance > n ? (sv - s * v / n) / variance : 0;
    float length = sqrtf(12 * variance / n);
    return fabsf(skew) <= MOST_SKEW && fabsf(skew) * length > TILE ? skew : 0;
}

static void enclose(const struct tiles *tiles, unsigned count, struct region *region)
{
    struct extent extent = no_extent;
    region->skew = skew_of(tiles, count, region);
    for (unsigned i = 0; i < count; i++)
        extend_to(&extent, region, tile_x(tiles, tiles->stack[i]), tile_y(tiles, tiles->stack[i]));
    set_box(region, &extent, 0.5f * TILE * fmaxf(fabsf(region->ux), fabsf(region->uy)));
}

/* Pointing right, or straight down. */
static void set_direction(const struct tensor *sum, struct region *region)
{
    float r = tensor_anisotropy(sum);
    region->ux = sqrtf(0.5f * (1 + sum->a / r));
    region->uy = copysignf(sqrtf(fmaxf(0, 0.5f * (1 - sum->a / r))), sum->b);
    region->strength = r;
}

/* ---- joining ---- */

/* Pieces of one symbol lie in line with each other; low bars come in pieces easily. */
static bool in_line(const struct region *a, const struct region *b)
{
    float cosine = a->ux * b->ux + a->uy * b->uy, dx = b->x - a->x, dy = b->y - a->y;
    if (2 * cosine * cosine - 1 < MIN_AGREEMENT)
        return false;
    float s = fabsf(dx * a->ux + dy * a->uy), v = fabsf(dy * a->ux - dx * a->uy);
    return s - 0.5f * (a->length + b->length) < MAX_GAP_TILES * TILE &&
           v < 0.35f * (a->height + b->height) && v < 0.25f * s + TILE;
}

static void extend_to_region(struct extent *extent, const struct region *region,
                             const struct region *other)
{
    for (int corner = 0; corner < 4; corner++) {
        float s = (corner % 2 ? 0.5f : -0.5f) * other->length;
        float v = (corner / 2 ? 0.5f : -0.5f) * other->height + other->skew * s;
        extend_to(extent, region, other->x + s * other->ux - v * other->uy,
                  other->y + s * other->uy + v * other->ux);
    }
}

static struct tensor tensor_of(const struct region *region)
{
    return (struct tensor){region->strength,
                           region->strength * (region->ux * region->ux - region->uy * region->uy),
                           region->strength * 2 * region->ux * region->uy};
}

static struct region joined(const struct region *a, const struct region *b)
{
    struct tensor sum = tensor_of(a), other = tensor_of(b);
    struct extent extent = no_extent;
    struct region region;
    tensor_add(&sum, &other, 1);
    set_direction(&sum, &region);
    float dx = b->x - a->x, dy = b->y - a->y;
    float s = dx * region.ux + dy * region.uy, v = dy * region.ux - dx * region.uy;
    region.skew = fabsf(v) <= MOST_SKEW * fabsf(s) && fabsf(s) > TILE ? v / s : 0;
    extend_to_region(&extent, &region, a);
    extend_to_region(&extent, &region, b);
    set_box(&region, &extent, 0);
    return region;
}

/* Joins what is in line until nothing is. */
static unsigned join(struct region *regions, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = i + 1; j < count; j++) {
            if (!in_line(&regions[i], &regions[j]))
                continue;
            regions[i] = joined(&regions[i], &regions[j]);
            regions[j] = regions[--count];
            j = i;
        }
    return count;
}

/* Tiles at the ends of low bars show other things, too, and may be missed; readers need the quiet
 * zones besides. */
static void widen(struct region *region)
{
    region->length += 2 * (TILE + 0.1f * region->length);
}

/* Keeps the strongest, in order. */
static unsigned insert(struct region *regions, unsigned count, unsigned most,
                       const struct region *region)
{
    unsigned at = count;
    while (at > 0 && regions[at - 1].strength < region->strength)
        at--;
    if (at == most)
        return count;
    unsigned last = count < most ? count : most - 1;
    memmove(&regions[at + 1], &regions[at], (last - at) * sizeof *regions);
    regions[at] = *region;
    return last + 1;
}

static unsigned find_pieces(struct tiles *tiles, struct region pieces[MAX_PIECES])
{
    unsigned count = 0;
    for (unsigned tile = 0; tile < tiles->columns * tiles->rows; tile++) {
        if (tiles->open[tile] != TILE_BARS)
            continue;
        struct tensor sum;
        struct region region;
        unsigned taken = grow(tiles, tile, &sum);
        set_direction(&sum, &region);
        enclose(tiles, taken, &region);
        count = insert(pieces, count, MAX_PIECES, &region);
    }
    return join(pieces, count);
}

static unsigned find_regions(struct tiles *tiles, struct region regions[LOCATE_MAX_REGIONS])
{
    struct region pieces[MAX_PIECES];
    unsigned piece_count = find_pieces(tiles, pieces), count = 0;
    for (unsigned i = 0; i < piece_count; i++) {
        if (pieces[i].length < MIN_LENGTH || pieces[i].height < MIN_HEIGHT)
            continue;
        widen(&pieces[i]);
        count = insert(regions, count, LOCATE_MAX_REGIONS, &pieces[i]);
    }
    return count;
}

unsigned locate(struct locator *locator, const struct frame *frame, struct budget *budget,
                struct region regions[LOCATE_MAX_REGIONS])
{
    struct tiles *tiles = &locator->tiles;
    tiles->columns = tiles->rows = 0;
    if (frame->width < TILE + 2 || frame->height < TILE + 2 ||
        !budget_spend(budget, COST_PIXEL_NS * frame->width * frame->height))
        return 0;
    tiles_measure(tiles, frame);
    tiles_open(tiles, 0);
    return find_regions(tiles, regions);
}

unsigned locate_strong(struct locator *locator, struct budget *budget,
                       struct region regions[LOCATE_MAX_REGIONS])
{
    struct tiles *tiles = &locator->tiles;
    if (!budget_spend(budget, COST_OPEN_NS * tiles->columns * tiles->rows))
        return 0;
    tiles_open(tiles, STRONG * tiles_usual_energy(tiles));
    return find_regions(tiles, regions);
}
