#include "engine/random.h"

#include "engine/error.h"
#include "engine/philox.h"

void stream_block(struct stream_key key, uint32_t block, uint32_t words[4])
{
    philox_one(key, block, words);
}

void stream_blocks(struct stream_key key, uint32_t first, size_t count, uint32_t *words)
{
    for (; count >= 4; count -= 4, first += 4, words += 16)
        philox_four(key, first, PHILOX_WORDS, words);
    for (; count > 0; count--, first++, words += 4)
        philox_one(key, first, words);
}

void stream_init(struct stream *stream, struct stream_key key)
{
    CHECK(key.entity < UINT64_C(1) << 48);
    stream->key = key;
    stream->block = 0;
    stream->left = 0;
}

static uint64_t join(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 32 | second;
}

/* Most streams are short: the first block is made alone, the others by four. */
void stream_refill(struct stream *stream)
{
    CHECK(stream->block <= UINT32_MAX);
    uint32_t block = (uint32_t)stream->block;
    if (block == 0 || block > UINT32_MAX - 3) {
        uint32_t words[4];
        philox_one(stream->key, block, words);
        stream->pairs[6] = join(words[0], words[1]);
        stream->pairs[7] = join(words[2], words[3]);
        stream->left = 4;
    } else {
        philox_four(stream->key, block, PHILOX_PAIRS, stream->pairs);
        stream->left = 16;
    }
    stream->block += stream->left / 4;
}

uint64_t stream_u64_apart(struct stream *stream)
{
    uint32_t first = stream_u32(stream);
    return join(first, stream_u32(stream));
}

uint32_t stream_below(struct stream *stream, uint32_t limit)
{
    CHECK(limit > 0);
    uint32_t threshold = -limit % limit; /* 2^32 mod limit: what would bias the low values */
    for (;;) {
        uint64_t product = (uint64_t)stream_u32(stream) * limit;
        if ((uint32_t)product >= threshold)
            return (uint32_t)(product >> 32);
    }
}

/* exp(-x) by its series, to the last bits for x from 0 to 1. */
static double decay(double x)
{
    double sum = 1.0;
    for (int n = 18; n > 0; n--)
        sum = 1.0 - sum * x / n;
    return sum;
}

/* Whether a place in a layer is under the density, which falls by exp(-x) from the layer's upper
 * inner corner to there. The first sums of the series lie by turns below and above. */
static bool is_under(double height, double corner, double x)
{
    double below = corner * (1.0 - x);
    return height < below ||
           (height < below + corner * (0.5 * x * x) && height < corner * decay(x));
}

/* What an exponential is beyond the edge, where `x` lies not under the next layer for sure. */
double stream_exponential_apart(struct stream *stream, unsigned layer, double x)
{
    const struct ziggurat *zig = &ziggurat_exponential;
    if (layer == 0)
        return zig->x[1] + stream_exponential(stream, 1.0);
    double height = zig->f[layer] + stream_uniform(stream) * (zig->f[layer + 1] - zig->f[layer]);
    if (is_under(height, zig->f[layer + 1], x - zig->x[layer + 1]))
        return x;
    return stream_exponential(stream, 1.0);
}

/* Beyond the edge r: r + a with the density exp(-r a) exp(-a^2 / 2) (Marsaglia 1964). */
static double normal_tail(struct stream *stream, double edge)
{
    for (;;) {
        double beyond = stream_exponential(stream, 1.0 / edge);
        if (2.0 * stream_exponential(stream, 1.0) > beyond * beyond)
            return edge + beyond;
    }
}

/* The size of a normal; its sign is the caller's already. */
double stream_normal_apart(struct stream *stream, unsigned layer, double x)
{
    const struct ziggurat *zig = &ziggurat_normal;
    while (x >= zig->x[layer + 1]) {
        if (layer == 0)
            return normal_tail(stream, zig->x[1]);
        double low = zig->f[layer], high = zig->f[layer + 1], inner = zig->x[layer + 1];
        double height = low + stream_uniform(stream) * (high - low);
        if (is_under(height, high, 0.5 * (x - inner) * (x + inner)))
            return x;
        uint64_t word = stream_u64(stream);
        layer = word % ZIGGURAT_LAYERS;
        x = stream_middle(word) * zig->x[layer];
    }
    return x;
}

static void gsl_set(void *state, unsigned long seed)
{
    (void)state; /* a stream is addressed, never seeded */
    (void)seed;
}

static unsigned long gsl_get(void *state)
{
    return stream_u32(state);
}

static double gsl_get_double(void *state)
{
    return stream_uniform(state);
}

static const gsl_rng_type gsl_type = {
    .name = "philox4x32-10 stream",
    .max = UINT32_MAX,
    .min = 0,
    .size = sizeof(struct stream),
    .set = gsl_set,
    .get = gsl_get,
    .get_double = gsl_get_double,
};

gsl_rng *stream_gsl(struct stream *stream, gsl_rng *holder)
{
    *holder = (gsl_rng){.type = &gsl_type, .state = stream};
    return holder;
}
