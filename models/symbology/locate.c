#include "symbology/locate.h"

#include "engine/error.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TILE = 16, ROW_STEP = 4, TILE_ROWS = TILE / ROW_STEP, TILE_SAMPLES = TILE * TILE_ROWS };

/* Below this no tile is bars: noise of the mixed tensor reaches 0.25 about once in 6,000 tiles. */
static const float MIN_COHERENCE = 0.25f;
/* Mean of gx^2 + gy^2: less than bars of 6 grey levels have. */
static const float MIN_ENERGY = 3;
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

static const double COST_TILE_NS = 45, COST_OPEN_NS = 15;

enum tile_kind { TILE_CLOSED, TILE_EDGE, TILE_BARS };

struct tensor {
    float energy, a, b; /* xx + yy; xx - yy; 2 xy */
};

struct locator {
    unsigned columns, rows;
    struct tensor *raw, *mixed; /* one a tile */
    uint32_t *stack;            /* tiles to be visited */
    uint8_t *open;              /* tile_kind of those that are in no region yet */
    size_t capacity;
};

struct locator *locator_new(void)
{
    struct locator *locator = calloc(1, sizeof *locator);
    CHECK(locator != NULL);
    return locator;
}

static void free_tiles(struct locator *locator)
{
    free(locator->raw);
    free(locator->mixed);
    free(locator->stack);
    free(locator->open);
}

void locator_free(struct locator *locator)
{
    if (locator == NULL)
        return;
    free_tiles(locator);
    free(locator);
}

static void resize(struct locator *locator, unsigned columns, unsigned rows)
{
    size_t tiles = (size_t)columns * rows;
    locator->columns = columns;
    locator->rows = rows;
    if (tiles <= locator->capacity)
        return;
    free_tiles(locator);
    locator->raw = malloc(tiles * sizeof *locator->raw);
    locator->mixed = malloc(tiles * sizeof *locator->mixed);
    locator->stack = malloc(tiles * sizeof *locator->stack);
    locator->open = malloc(tiles);
    locator->capacity = tiles;
    CHECK(locator->raw != NULL && locator->mixed != NULL && locator->stack != NULL &&
          locator->open != NULL);
}

/* ---- tensors ---- */

/* `pixel` and its neighbours on all sides lie in the frame. */
static void tile_gradients(const uint8_t *pixel, size_t stride, int16_t *restrict gx,
                           int16_t *restrict gy)
{
    for (int row = 0; row < TILE_ROWS; row++, pixel += ROW_STEP * stride) {
        const uint8_t *above = pixel - stride, *below = pixel + stride;
        for (int i = 0; i < TILE; i++) {
            gx[row * TILE + i] = (int16_t)(pixel[i + 1] - pixel[i - 1]);
            gy[row * TILE + i] = (int16_t)(below[i] - above[i]);
        }
    }
}

static struct tensor tile_tensor(const uint8_t *pixel, size_t stride)
{
    int16_t gx[TILE_SAMPLES], gy[TILE_SAMPLES];
    tile_gradients(pixel, stride, gx, gy);
    int32_t xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < TILE_SAMPLES; i++)
        xx += gx[i] * gx[i];
    for (int i = 0; i < TILE_SAMPLES; i++)
        xy += gx[i] * gy[i];
    for (int i = 0; i < TILE_SAMPLES; i++)
        yy += gy[i] * gy[i];
    const float mean = 1.0f / TILE_SAMPLES;
    return (struct tensor){(float)(xx + yy) * mean, (float)(xx - yy) * mean, 2 * (float)xy * mean};
}

/* Tiles begin one pixel from the frame's edge; what is left over on the far side is not looked at.
 */
static void fill_tensors(struct locator *locator, const struct frame *frame)
{
    for (unsigned row = 0; row < locator->rows; row++) {
        const uint8_t *pixel = frame->pixels + (size_t)(row * TILE + 1) * frame->stride + 1;
        for (unsigned column = 0; column < locator->columns; column++)
            locator->raw[(size_t)row * locator->columns + column] =
                tile_tensor(pixel + (size_t)column * TILE, frame->stride);
    }
}

static void add_tensor(struct tensor *sum, const struct tensor *tensor, float weight)
{
    sum->energy += weight * tensor->energy;
    sum->a += weight * tensor->a;
    sum->b += weight * tensor->b;
}

/* [1 2 1] / 4 both ways; beyond the frame there is nothing. */
static struct tensor mix(const struct locator *locator, unsigned column, unsigned row)
{
    struct tensor sum = {0, 0, 0};
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            unsigned x = column + (unsigned)dx, y = row + (unsigned)dy;
            if (x < locator->columns && y < locator->rows)
                add_tensor(&sum, &locator->raw[(size_t)y * locator->columns + x],
                           (dx == 0 ? 0.5f : 0.25f) * (dy == 0 ? 0.5f : 0.25f));
        }
    return sum;
}

static float anisotropy(const struct tensor *tensor)
{
    return sqrtf(tensor->a * tensor->a + tensor->b * tensor->b);
}

static bool coherent(const struct tensor *tensor)
{
    return tensor->energy >= MIN_ENERGY && anisotropy(tensor) >= MIN_COHERENCE * tensor->energy;
}

/* A tile is bars where its neighbourhood is, and where it is not itself empty. A tile that is so
 * only for itself may belong to a region (the ends of low bars), but begins none. */
static enum tile_kind kind_of(const struct tensor *raw, const struct tensor *mixed)
{
    float same = raw->a * mixed->a + raw->b * mixed->b;
    float whole = mixed->a * mixed->a + mixed->b * mixed->b;
    if (coherent(mixed) && same > 0.25f * whole)
        return TILE_BARS;
    return coherent(raw) ? TILE_EDGE : TILE_CLOSED;
}

static void mark_tiles(struct locator *locator)
{
    for (unsigned row = 0, i = 0; row < locator->rows; row++)
        for (unsigned column = 0; column < locator->columns; column++, i++)
            locator->mixed[i] = mix(locator, column, row);
}

/* What has less energy than `least` is no bars. */
static void open_tiles(struct locator *locator, float least)
{
    for (unsigned i = 0; i < locator->columns * locator->rows; i++)
        locator->open[i] = locator->raw[i].energy < least
                               ? TILE_CLOSED
                               : (uint8_t)kind_of(&locator->raw[i], &locator->mixed[i]);
}

/* Of all coherent tiles, the strong ones counting more. */
static float usual_energy(const struct locator *locator)
{
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < locator->columns * locator->rows; i++) {
        double energy = coherent(&locator->raw[i]) ? (double)locator->raw[i].energy : 0;
        sum += energy;
        squares += energy * energy;
    }
    return sum > 0 ? (float)(squares / sum) : 0;
}

/* ---- regions ---- */

static bool agree(const struct tensor *a, const struct tensor *b)
{
    float dot = a->a * b->a + a->b * b->b;
    return dot > 0 && dot * dot > MIN_AGREEMENT * MIN_AGREEMENT * (a->a * a->a + a->b * a->b) *
                                      (b->a * b->a + b->b * b->b);
}

static const struct tensor *direction_of(const struct locator *locator, unsigned tile)
{
    return coherent(&locator->mixed[tile]) ? &locator->mixed[tile] : &locator->raw[tile];
}

/* Takes the tiles connected with `seed` into the first places of the stack; tells how many. */
static unsigned grow(struct locator *locator, unsigned seed, struct tensor *sum)
{
    unsigned count = 1;
    *sum = (struct tensor){0, 0, 0};
    locator->stack[0] = seed;
    locator->open[seed] = TILE_CLOSED;
    for (unsigned done = 0; done < count; done++) {
        unsigned tile = locator->stack[done];
        unsigned column = tile % locator->columns, row = tile / locator->columns;
        const struct tensor *here = direction_of(locator, tile);
        add_tensor(sum, &locator->raw[tile], 1);
        for (int side = 0; side < 8; side++) {
            static const int dx[] = {1, -1, 0, 0, 1, 1, -1, -1}, dy[] = {0, 0, 1, -1, 1, -1, 1, -1};
            unsigned x = column + (unsigned)dx[side], y = row + (unsigned)dy[side];
            unsigned next = y * locator->columns + x;
            if (x >= locator->columns || y >= locator->rows || locator->open[next] == TILE_CLOSED ||
                !agree(here, direction_of(locator, next)))
                continue;
            locator->open[next] = TILE_CLOSED;
            locator->stack[count++] = next;
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

static float tile_x(const struct locator *locator, unsigned tile)
{
    return (float)(tile % locator->columns * TILE) + 1 + TILE / 2;
}

static float tile_y(const struct locator *locator, unsigned tile)
{
    return (float)(tile / locator->columns * TILE) + 1 + TILE / 2;
}

/* The slope of the line through the tiles (least squares); 0 where tiles could not tell. */
static float skew_of(const struct locator *locator, unsigned count, const struct region *region)
{
    float s = 0, v = 0, ss = 0, sv = 0, n = (float)count;
    for (unsigned i = 0; i < count; i++) {
        float x = tile_x(locator, locator->stack[i]), y = tile_y(locator, locator->stack[i]);
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

static void enclose(const struct locator *locator, unsigned count, struct region *region)
{
    struct extent extent = no_extent;
    region->skew = skew_of(locator, count, region);
    for (unsigned i = 0; i < count; i++)
        extend_to(&extent, region, tile_x(locator, locator->stack[i]),
                  tile_y(locator, locator->stack[i]));
    set_box(region, &extent, 0.5f * TILE * fmaxf(fabsf(region->ux), fabsf(region->uy)));
}

/* Pointing right, or straight down. */
static void set_direction(const struct tensor *sum, struct region *region)
{
    float r = anisotropy(sum);
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
    add_tensor(&sum, &other, 1);
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

static unsigned find_pieces(struct locator *locator, struct region pieces[MAX_PIECES])
{
    unsigned count = 0;
    for (unsigned tile = 0; tile < locator->columns * locator->rows; tile++) {
        if (locator->open[tile] != TILE_BARS)
            continue;
        struct tensor sum;
        struct region region;
        unsigned tiles = grow(locator, tile, &sum);
        set_direction(&sum, &region);
        enclose(locator, tiles, &region);
        count = insert(pieces, count, MAX_PIECES, &region);
    }
    return join(pieces, count);
}

static unsigned find_regions(struct locator *locator, struct region regions[LOCATE_MAX_REGIONS])
{
    struct region pieces[MAX_PIECES];
    unsigned piece_count = find_pieces(locator, pieces), count = 0;
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
    locator->columns = locator->rows = 0;
    if (frame->width < TILE + 2 || frame->height < TILE + 2)
        return 0;
    unsigned columns = (frame->width - 2) / TILE, rows = (frame->height - 2) / TILE;
    if (!budget_spend(budget, COST_TILE_NS * columns * rows))
        return 0;
    resize(locator, columns, rows);
    fill_tensors(locator, frame);
    mark_tiles(locator);
    open_tiles(locator, 0);
    return find_regions(locator, regions);
}

unsigned locate_strong(struct locator *locator, struct budget *budget,
                       struct region regions[LOCATE_MAX_REGIONS])
{
    if (!budget_spend(budget, COST_OPEN_NS * locator->columns * locator->rows))
        return 0;
    open_tiles(locator, STRONG * usual_energy(locator));
    return find_regions(locator, regions);
}
