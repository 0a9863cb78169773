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

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream_key {
    uint64_t seed;
    uint64_t entity; /* below 2^48 */
    uint32_t replication;
    uint16_t purpose;
};

struct stream {
    struct stream_key key;
    uint64_t block;    /* the next block to make */
    uint64_t pairs[4]; /* of words, the one drawn first in the high half */
    unsigned left;     /* words not yet handed out, the last of them */
};

void stream_init(struct stream *stream, struct stream_key key);

/* The 128 bits of block `block` of a stream, without a stream: for bulk noise, any order. */
void stream_block(struct stream_key key, uint32_t block, uint32_t words[4]);

/* The same of `count` blocks from `first` on (modulo 2^32), four words each: in bulk a quarter
 * cheaper, as two blocks are made side by side. */
void stream_blocks(struct stream_key key, uint32_t first, size_t count, uint32_t *words);

uint32_t stream_u32(struct stream *stream);
uint64_t stream_u64(struct stream *stream);

/* Uniform on the open interval (0, 1): the middles of 2^52 equal parts, all of them exact. (With 53
 * bits the last middle would round to 1.) */
double stream_uniform(struct stream *stream);

/* Uniform on 0 .. limit-1, without bias; limit > 0. */
uint32_t stream_below(struct stream *stream, uint32_t limit);

bool stream_chance(struct stream *stream, double probability);
double stream_exponential(struct stream *stream, double mean);

/* Normal by Box-Muller, two uniforms a draw, so that a draw always costs the same numbers. */
double stream_normal(struct stream *stream, double mean, double sd);

/* Lets GSL's distributions draw from the stream: fills and returns `holder`, which points at
 * `stream` and lives as long. */
gsl_rng *stream_gsl(struct stream *stream, gsl_rng *holder);

#endif
