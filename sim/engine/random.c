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

void stream_init(struct stream *stream, struct stream_key key)
{
    CHECK(key.entity < UINT64_C(1) << 48);
    *stream = (struct stream){.key = key};
}

uint32_t stream_u32(struct stream *stream)
{
    if (stream->left == 0) {
        CHECK(stream->block <= UINT32_MAX);
        stream_block(stream->key, (uint32_t)stream->block++, stream->words);
        stream->left = 4;
    }
    return stream->words[4 - stream->left--];
}

uint64_t stream_u64(struct stream *stream)
{
    uint64_t high = stream_u32(stream);
    return high << 32 | stream_u32(stream);
}

double stream_uniform(struct stream *stream)
{
    return ((double)(stream_u64(stream) >> 12) + 0.5) * 0x1p-52;
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
    return stream_uniform(stream) < probability;
}

double stream_exponential(struct stream *stream, double mean)
{
    return -mean * log(stream_uniform(stream));
}

double stream_normal(struct stream *stream, double mean, double sd)
{
    double radius = sqrt(-2.0 * log(stream_uniform(stream)));
    return mean + sd * radius * cos(2.0 * M_PI * stream_uniform(stream));
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
