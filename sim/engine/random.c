#include "engine/random.h"

#include "engine/error.h"

#include <Random123/philox.h>
#include <math.h>

void stream_block(struct stream_key key, uint32_t block, uint32_t words[4])
{
    philox4x32_key_t philox_key = {{(uint32_t)key.seed, (uint32_t)(key.seed >> 32)}};
    philox4x32_ctr_t counter = {{block, (uint32_t)key.entity, key.replication,
                                 (uint32_t)key.purpose << 16 | (uint32_t)(key.entity >> 32)}};
    philox4x32_ctr_t out = philox4x32_R(10, counter, philox_key);
    for (int i = 0; i < 4; i++)
        words[i] = out.v[i];
}

/* One of the ten rounds, on a block in four variables: they stay in registers. */
#define ROUND(a, b, c, d)                        \
    do {                                         \
        uint64_t p = UINT64_C(0xD2511F53) * (a); \
        uint64_t q = UINT64_C(0xCD9E8D57) * (c); \
        (a) = (uint32_t)(q >> 32) ^ (b) ^ low;   \
        (c) = (uint32_t)(p >> 32) ^ (d) ^ high;  \
        (b) = (uint32_t)q;                       \
        (d) = (uint32_t)p;                       \
    } while (0)

/* A block is a chain of multiplications in which the processor mostly waits; two fill its time. */
static inline __attribute__((always_inline)) void make_two(struct stream_key key, uint32_t block,
                                                           uint32_t words[8])
{
    uint32_t low = (uint32_t)key.seed, high = (uint32_t)(key.seed >> 32);
    uint32_t top = (uint32_t)key.purpose << 16 | (uint32_t)(key.entity >> 32);
    uint32_t a0 = block, b0 = (uint32_t)key.entity, c0 = key.replication, d0 = top;
    uint32_t a1 = block + 1, b1 = b0, c1 = c0, d1 = top;
    for (int round = 0; round < 10; round++) {
        ROUND(a0, b0, c0, d0);
        ROUND(a1, b1, c1, d1);
        low += PHILOX_W32_0;
        high += PHILOX_W32_1;
    }
    words[0] = a0, words[1] = b0, words[2] = c0, words[3] = d0;
    words[4] = a1, words[5] = b1, words[6] = c1, words[7] = d1;
}

void stream_blocks(struct stream_key key, uint32_t first, size_t count, uint32_t *words)
{
    for (; count >= 2; count -= 2, first += 2, words += 8)
        make_two(key, first, words);
    if (count > 0)
        stream_block(key, first, words);
}

void stream_init(struct stream *stream, struct stream_key key)
{
    CHECK(key.entity < UINT64_C(1) << 48);
    *stream = (struct stream){.key = key};
}

static uint64_t join(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 32 | second;
}

/* Most streams are short: the first block is made alone, the others by two. */
static __attribute__((noinline)) void refill(struct stream *stream)
{
    CHECK(stream->block <= UINT32_MAX);
    uint32_t block = (uint32_t)stream->block, words[8];
    if (block == 0 || block == UINT32_MAX) {
        stream_block(stream->key, block, words);
        stream->left = 4;
    } else {
        make_two(stream->key, block, words);
        stream->pairs[0] = join(words[0], words[1]);
        stream->pairs[1] = join(words[2], words[3]);
        words[0] = words[4], words[1] = words[5], words[2] = words[6], words[3] = words[7];
        stream->left = 8;
    }
    stream->pairs[2] = join(words[0], words[1]);
    stream->pairs[3] = join(words[2], words[3]);
    stream->block += stream->left / 4;
}

static inline uint32_t next_word(struct stream *stream)
{
    if (stream->left == 0)
        refill(stream);
    unsigned next = 8 - stream->left--;
    return (uint32_t)(stream->pairs[next / 2] >> (next % 2 == 0 ? 32 : 0));
}

uint32_t stream_u32(struct stream *stream)
{
    return next_word(stream);
}

static inline uint64_t next_two(struct stream *stream)
{
    if (stream->left == 0)
        refill(stream);
    if (stream->left % 2 != 0) {
        uint32_t first = next_word(stream);
        return join(first, next_word(stream));
    }
    stream->left -= 2;
    return stream->pairs[3 - stream->left / 2];
}

uint64_t stream_u64(struct stream *stream)
{
    return next_two(stream);
}

/* Converted as signed: one instruction, where unsigned takes several. */
static inline double next_uniform(struct stream *stream)
{
    return ((double)(int64_t)(next_two(stream) >> 12) + 0.5) * 0x1p-52;
}

double stream_uniform(struct stream *stream)
{
    return next_uniform(stream);
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

bool stream_chance(struct stream *stream, double probability)
{
    return next_uniform(stream) < probability;
}

double stream_exponential(struct stream *stream, double mean)
{
    return -mean * log(next_uniform(stream));
}

double stream_normal(struct stream *stream, double mean, double sd)
{
    double radius = sqrt(-2.0 * log(next_uniform(stream)));
    return mean + sd * radius * cos(2.0 * M_PI * next_uniform(stream));
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
