#include "symbology/tiles.h"

#include "engine/error.h"

#include <math.h>
#include <stdlib.h>

enum { ROW_STEP = 4, TILE_ROWS = TILE / ROW_STEP, TILE_SAMPLES = TILE * TILE_ROWS };

/* Below this no tile is bars: noise of the mixed tensor reaches 0.25 about once in 6,000 tiles. */
static const float MIN_COHERENCE = 0.25f;
/* Mean of gx^2 + gy^2: less than bars of 6 grey levels have. */
static const float MIN_ENERGY = 3;

void tiles_fini(struct tiles *tiles)
{
    free(tiles->raw);
    free(tiles->mixed);
    free(tiles->stack);
    free(tiles->open);
}

static void resize(struct tiles *tiles, unsigned columns, unsigned rows)
{
    size_t count = (size_t)columns * rows;
    tiles->columns = columns;
    tiles->rows = rows;
    if (count <= tiles->capacity)
        return;
    tiles_fini(tiles);
    tiles->raw = malloc(count * sizeof *tiles->raw);
    tiles->mixed = malloc(count * sizeof *tiles->mixed);
    tiles->stack = malloc(count * sizeof *tiles->stack);
    tiles->open = malloc(count);
    tiles->capacity = count;
    CHECK(tiles->raw != NULL && tiles->mixed != NULL && tiles->stack != NULL &&
          tiles->open != NULL);
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
static void fill_tensors(struct tiles *tiles, const struct frame *frame)
{
    for (unsigned row = 0; row < tiles->rows; row++) {
        const uint8_t *pixel = frame->pixels + (size_t)(row * TILE + 1) * frame->stride + 1;
        for (unsigned column = 0; column < tiles->columns; column++)
            tiles->raw[(size_t)row * tiles->columns + column] =
                tile_tensor(pixel + (size_t)column * TILE, frame->stride);
    }
}

void tensor_add(struct tensor *sum, const struct tensor *tensor, float weight)
{
    sum->energy += weight * tensor->energy;
    sum->a += weight * tensor->a;
    sum->b += weight * tensor->b;
}

/* [1 2 1] / 4 both ways; beyond the frame there is nothing. */
static struct tensor mix(const struct tiles *tiles, unsigned column, unsigned row)
{
    struct tensor sum = {0, 0, 0};
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++) {
            unsigned x = column + (unsigned)dx, y = row + (unsigned)dy;
            if (x < tiles->columns && y < tiles->rows)
                tensor_add(&sum, &tiles->raw[(size_t)y * tiles->columns + x],
                           (dx == 0 ? 0.5f : 0.25f) * (dy == 0 ? 0.5f : 0.25f));
        }
    return sum;
}

float tensor_anisotropy(const struct tensor *tensor)
{
    return sqrtf(tensor->a * tensor->a + tensor->b * tensor->b);
}

bool tensor_coherent(const struct tensor *tensor)
{
    return tensor->energy >= MIN_ENERGY &&
           tensor_anisotropy(tensor) >= MIN_COHERENCE * tensor->energy;
}

/* A tile is bars where its neighbourhood is, and where it is not itself empty. A tile that is so
 * only for itself may belong to a region (the ends of low bars), but begins none. */
static enum tile_kind kind_of(const struct tensor *raw, const struct tensor *mixed)
{
    float same = raw->a * mixed->a + raw->b * mixed->b;
    float whole = mixed->a * mixed->a + mixed->b * mixed->b;
    if (tensor_coherent(mixed) && same > 0.25f * whole)
        return TILE_BARS;
    return tensor_coherent(raw) ? TILE_EDGE : TILE_CLOSED;
}

static void mix_tensors(struct tiles *tiles)
{
    for (unsigned row = 0, i = 0; row < tiles->rows; row++)
        for (unsigned column = 0; column < tiles->columns; column++, i++)
            tiles->mixed[i] = mix(tiles, column, row);
}

void tiles_open(struct tiles *tiles, float least)
{
    for (unsigned i = 0; i < tiles->columns * tiles->rows; i++)
        tiles->open[i] = tiles->raw[i].energy < least
                             ? TILE_CLOSED
                             : (uint8_t)kind_of(&tiles->raw[i], &tiles->mixed[i]);
}

float tiles_usual_energy(const struct tiles *tiles)
{
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < tiles->columns * tiles->rows; i++) {
        double energy = tensor_coherent(&tiles->raw[i]) ? (double)tiles->raw[i].energy : 0;
        sum += energy;
        squares += energy * energy;
    }
    return sum > 0 ? (float)(squares / sum) : 0;
}

void tiles_measure(struct tiles *tiles, const struct frame *frame)
{
    resize(tiles, (frame->width - 2) / TILE, (frame->height - 2) / TILE);
    fill_tensors(tiles, frame);
    mix_tensors(tiles);
}
