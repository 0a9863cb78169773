#include "engine/philox.h"

#include <Random123/philox.h>

static uint32_t top_word(struct stream_key key)
{
    return (uint32_t)key.purpose << 16 | (uint32_t)(key.entity >> 32);
}

void philox_one(struct stream_key key, uint32_t block, uint32_t words[4])
{
    philox4x32_key_t philox_key = {{(uint32_t)key.seed, (uint32_t)(key.seed >> 32)}};
    philox4x32_ctr_t counter = {{block, (uint32_t)key.entity, key.replication, top_word(key)}};
    philox4x32_ctr_t out = philox4x32_R(10, counter, philox_key);
    for (int i = 0; i < 4; i++)
        words[i] = out.v[i];
}

/* One of the ten rounds, on a block in four variables: they stay in registers. */
#define ROUND(a, b, c, d)                            \
    do {                                             \
        uint64_t p = (uint64_t)PHILOX_M4x32_0 * (a); \
        uint64_t q = (uint64_t)PHILOX_M4x32_1 * (c); \
        (a) = (uint32_t)(q >> 32) ^ (b) ^ low;       \
        (c) = (uint32_t)(p >> 32) ^ (d) ^ high;      \
        (b) = (uint32_t)q;                           \
        (d) = (uint32_t)p;                           \
    } while (0)

static inline void make_two(struct stream_key key, uint32_t block, uint32_t words[8])
{
    uint32_t low = (uint32_t)key.seed, high = (uint32_t)(key.seed >> 32);
    uint32_t a0 = block, b0 = (uint32_t)key.entity, c0 = key.replication, d0 = top_word(key);
    uint32_t a1 = block + 1, b1 = b0, c1 = c0, d1 = d0;
    for (int round = 0; round < 10; round++) {
        ROUND(a0, b0, c0, d0);
        ROUND(a1, b1, c1, d1);
        low += PHILOX_W32_0;
        high += PHILOX_W32_1;
    }
    words[0] = a0, words[1] = b0, words[2] = c0, words[3] = d0;
    words[4] = a1, words[5] = b1, words[6] = c1, words[7] = d1;
}

void philox_four_anywhere(struct stream_key key, uint32_t block, enum philox_order order,
                          void *place)
{
    uint32_t words[16];
    uint64_t pairs[8];
    make_two(key, block, words);
    make_two(key, block + 2, words + 8);
    for (int i = 0; i < 8; i++)
        pairs[i] = (uint64_t)words[2 * i] << 32 | words[2 * i + 1];
    memcpy(place, order == PHILOX_PAIRS ? (void *)pairs : words, sizeof words);
}

#ifdef __x86_64__

#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))

static inline WIDE __m256i in_all(uint32_t word)
{
    return _mm256_set1_epi64x(word);
}

/* The lanes' words, of which the upper halves may be anything, as `low` and `high` of 64 bits. */
static inline WIDE __m256i join(__m256i low, __m256i high)
{
    return _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0xaa);
}

static inline WIDE void lay_down(__m256i first, __m256i second, void *place)
{
    __m256i even = _mm256_unpacklo_epi64(first, second); /* blocks 0 and 2 */
    __m256i odd = _mm256_unpackhi_epi64(first, second);
    _mm256_storeu_si256((__m256i *)place, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256((__m256i *)place + 1, _mm256_permute2x128_si256(even, odd, 0x31));
}

/* A block a lane of 64 bits, a word of it in the low half of each vector; the multiplication
 * ignores the high halves. */
static WIDE void four_wide(struct stream_key key, uint32_t block, enum philox_order order,
                           void *place)
{
    __m256i low = in_all((uint32_t)key.seed), high = in_all((uint32_t)(key.seed >> 32));
    __m256i a = _mm256_set_epi64x(block + 3, block + 2, block + 1, block);
    __m256i b = in_all((uint32_t)key.entity), c = in_all(key.replication);
    __m256i d = in_all(top_word(key));
    for (int round = 0; round < 10; round++) {
        __m256i p = _mm256_mul_epu32(a, in_all(PHILOX_M4x32_0));
        __m256i q = _mm256_mul_epu32(c, in_all(PHILOX_M4x32_1));
        a = _mm256_xor_si256(_mm256_srli_epi64(q, 32), _mm256_xor_si256(b, low));
        c = _mm256_xor_si256(_mm256_srli_epi64(p, 32), _mm256_xor_si256(d, high));
        b = q;
        d = p;
        low = _mm256_add_epi32(low, in_all(PHILOX_W32_0));
        high = _mm256_add_epi32(high, in_all(PHILOX_W32_1));
    }
    if (order == PHILOX_PAIRS)
        lay_down(join(b, a), join(d, c), place);
    else
        lay_down(join(a, b), join(c, d), place);
}

philox_maker *philox_four_here(void)
{
    return __builtin_cpu_supports("avx2") ? four_wide : philox_four_anywhere;
}

#else

philox_maker *philox_four_here(void)
{
    return philox_four_anywhere;
}

#endif

void philox_four(struct stream_key key, uint32_t block, enum philox_order order, void *place)
{
    philox_four_here()(key, block, order, place);
}
