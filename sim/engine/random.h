/*
 * Random numbers as named streams.
 *
 * A stream is addressed, not seeded: (root seed, replication, entity, purpose) are laid side by
 * side in the key and counter of Philox4x32-10 (Salmon et al., SC 2011; the Random123 headers), so
 * two different addresses can never share a number and a stream costs nothing until it is drawn
 * from. Adding a draw to one purpose (a camera's noise) never moves another (an arrival), and two
 * variants of a scenario share their random numbers for free.
 *
 *     key      seed (64 bits)
 *     counter  block (32) | entity low (32) | replication (32) | purpose (16), entity high (16)
 *
 * A stream gives 2^34 numbers of 32 bits before it would repeat; running past that is a CHECK.
 */
#ifndef CASHPOINT_RANDOM_H
#define CASHPOINT_RANDOM_H

#include "engine/ziggurat.h"

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct stream_key {
    uint64_t seed;
    uint64_t entity; /* below 2^48 */
    uint32_t replication;
    uint16_t purpose;
};

struct stream {
    struct stream_key key;
    uint64_t block;    /* the next block to make */
    uint64_t pairs[8]; /* of words, the one drawn first in the high half */
    unsigned left;     /* words not yet handed out, the last of them */
};

void stream_init(struct stream *stream, struct stream_key key);

/* The 128 bits of block `block` of a stream, without a stream: for bulk noise, any order. */
void stream_block(struct stream_key key, uint32_t block, uint32_t words[4]);

/* The same of `count` blocks from `first` on (modulo 2^32), four words each: cheaper in bulk, as
 * four blocks are made side by side. */
void stream_blocks(struct stream_key key, uint32_t first, size_t count, uint32_t *words);

/* Makes the next words, of a stream that has none left. */
void stream_refill(struct stream *stream);

/* Draws are here, not behind a call: a run makes little else. */
static inline uint32_t stream_u32(struct stream *stream)
{
    if (stream->left == 0)
        stream_refill(stream);
    unsigned next = 16 - stream->left--;
    return (uint32_t)(stream->pairs[next / 2] >> (next % 2 == 0 ? 32 : 0));
}

uint64_t stream_u64_apart(struct stream *stream);

/* Two words, the first in the high half. */
static inline uint64_t stream_u64(struct stream *stream)
{
    if (stream->left == 0)
        stream_refill(stream);
    if (stream->left % 2 != 0)
        return stream_u64_apart(stream); /* they lie in two pairs */
    stream->left -= 2;
    return stream->pairs[7 - stream->left / 2];
}

/* The middle of one of 2^52 equal parts of (0, 1), by the high bits of `word`. (With 53 bits the
 * last middle would round to 1.) Converted as signed: one instruction, where unsigned takes
 * several. */
static inline double stream_middle(uint64_t word)
{
    return ((double)(int64_t)(word >> 12) + 0.5) * 0x1p-52;
}

/* Uniform on the open interval (0, 1). */
static inline double stream_uniform(struct stream *stream)
{
    return stream_middle(stream_u64(stream));
}

/* Uniform on 0 .. limit-1, without bias; limit > 0. */
uint32_t stream_below(struct stream *stream, uint32_t limit);

static inline bool stream_chance(struct stream *stream, double probability)
{
    return stream_uniform(stream) < probability;
}

/* Exponential and normal numbers by the ziggurat (ziggurat.h). How many words a draw takes depends
 * on the words, never on mean or sd: variants that share a stream stay together. */
double stream_exponential_apart(struct stream *stream, unsigned layer, double x);
double stream_normal_apart(struct stream *stream, unsigned layer, double x);

/* Above 0. */
static inline double stream_exponential(struct stream *stream, double mean)
{
    uint64_t word = stream_u64(stream);
    unsigned layer = word % ZIGGURAT_LAYERS;
    double x = stream_middle(word) * ziggurat_exponential.x[layer];
    if (__builtin_expect(x >= ziggurat_exponential.x[layer + 1], 0))
        x = stream_exponential_apart(stream, layer, x);
    return mean * x;
}

/* The sign is a bit of its own; a branch on it would be wrong every other time. */
static inline double stream_signed(double x, uint64_t word)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits |= (word & ZIGGURAT_LAYERS) << (63 - 8);
    memcpy(&x, &bits, sizeof bits);
    return x;
}

static inline double stream_normal(struct stream *stream, double mean, double sd)
{
    uint64_t word = stream_u64(stream);
    unsigned layer = word % ZIGGURAT_LAYERS;
    double x = stream_middle(word) * ziggurat_normal.x[layer];
    if (__builtin_expect(x >= ziggurat_normal.x[layer + 1], 0))
        x = stream_normal_apart(stream, layer, x);
    return mean + sd * stream_signed(x, word);
}

/* Lets GSL's distributions draw from the stream: fills and returns `holder`, which points at
 * `stream` and lives as long. */
gsl_rng *stream_gsl(struct stream *stream, gsl_rng *holder);

#endif
