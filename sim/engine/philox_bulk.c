#include "engine/philox_bulk.h"

#include "engine/philox.h"

#include <Random123/philox.h>

/* Words 0 and 1 to the front half of a sheaf, 2 and 3 to its back half. */
static void bind_anywhere(struct stream_key key, uint32_t first, size_t count, uint32_t *words)
{
    enum { HALF = SHEAF_WORDS / 2 };
    for (; count > 0; count--, first++, words += SHEAF_WORDS)
        for (uint32_t block = 0; block < SHEAF_BLOCKS; block += 4) {
            uint32_t four[16];
            philox_four_anywhere(key, SHEAF_BLOCKS * first + block, PHILOX_WORDS, four);
            for (uint32_t i = 0; i < 4; i++) {
                memcpy(words + 2 * (block + i), four + 4 * i, 2 * sizeof *four);
                memcpy(words + HALF + 2 * (block + i), four + 4 * i + 2, 2 * sizeof *four);
            }
        }
}

#ifdef __x86_64__

#include <immintrin.h>

#define WIDE __attribute__((target("avx2")))
#define WIDEST __attribute__((target("avx512f")))

enum { ROUNDS = 10 };

struct round_keys {
    uint32_t low[ROUNDS], high[ROUNDS];
};

static struct round_keys keys_of(struct stream_key key)
{
    struct round_keys keys;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        keys.low[i] = (uint32_t)key.seed + i * PHILOX_W32_0;
        keys.high[i] = (uint32_t)(key.seed >> 32) + i * PHILOX_W32_1;
    }
    return keys;
}

static uint32_t fixed_word(struct stream_key key)
{
    return (uint32_t)key.purpose << 16 | (uint32_t)(key.entity >> 32);
}

/* A block a lane of 64 bits, a word of it in the low half of each vector; the multiplication
 * ignores the high halves. */
struct wide {
    __m256i a, b, c, d;
};

static inline WIDE __m256i in_all(uint32_t word)
{
    return _mm256_set1_epi64x(word);
}

static inline WIDE void turn(struct wide *w, uint32_t low, uint32_t high)
{
    __m256i p = _mm256_mul_epu32(w->a, in_all(PHILOX_M4x32_0));
    __m256i q = _mm256_mul_epu32(w->c, in_all(PHILOX_M4x32_1));
    w->a = _mm256_xor_si256(_mm256_srli_epi64(q, 32), _mm256_xor_si256(w->b, in_all(low)));
    w->c = _mm256_xor_si256(_mm256_srli_epi64(p, 32), _mm256_xor_si256(w->d, in_all(high)));
    w->b = q;
    w->d = p;
}

static inline WIDE void lay_pair(__m256i low, __m256i high, uint32_t *place)
{
    __m256i pair = _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0xaa);
    _mm256_storeu_si256((__m256i *)(void *)place, pair);
}

static WIDE void bind_wide(struct stream_key key, uint32_t first, size_t count, uint32_t *words)
{
    const struct round_keys keys = keys_of(key);
    for (; count > 0; count--, first++, words += SHEAF_WORDS) {
        uint32_t block = SHEAF_BLOCKS * first;
        struct wide w[2];
        w[0].a = _mm256_add_epi64(in_all(block), _mm256_set_epi64x(3, 2, 1, 0));
        w[1].a = _mm256_add_epi64(in_all(block), _mm256_set_epi64x(7, 6, 5, 4));
        w[0].b = w[1].b = in_all((uint32_t)key.entity);
        w[0].c = w[1].c = in_all(key.replication);
        w[0].d = w[1].d = in_all(fixed_word(key));
        for (int i = 0; i < ROUNDS; i++) {
            turn(&w[0], keys.low[i], keys.high[i]);
            turn(&w[1], keys.low[i], keys.high[i]);
        }
        for (int i = 0; i < 2; i++) {
            lay_pair(w[i].a, w[i].b, words + 8 * i);
            lay_pair(w[i].c, w[i].d, words + 16 + 8 * i);
        }
    }
}

struct widest {
    __m512i a, b, c, d;
};

/* 0x96: the exclusive or of three. */
static inline WIDEST void turn_widest(struct widest *w, __m512i low, __m512i high)
{
    __m512i p = _mm512_mul_epu32(w->a, _mm512_set1_epi64(PHILOX_M4x32_0));
    __m512i q = _mm512_mul_epu32(w->c, _mm512_set1_epi64(PHILOX_M4x32_1));
    w->a = _mm512_ternarylogic_epi64(_mm512_srli_epi64(q, 32), w->b, low, 0x96);
    w->c = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p, 32), w->d, high, 0x96);
    w->b = q;
    w->d = p;
}

static inline WIDEST void lay_widest(const struct widest *w, uint32_t *words)
{
    __m512i front = _mm512_mask_blend_epi32(0xaaaa, w->a, _mm512_slli_epi64(w->b, 32));
    __m512i back = _mm512_mask_blend_epi32(0xaaaa, w->c, _mm512_slli_epi64(w->d, 32));
    _mm512_storeu_si512(words, front);
    _mm512_storeu_si512(words + SHEAF_WORDS / 2, back);
}

/* `count`, a constant where this is called, sheaves side by side: one alone mostly waits. */
static inline __attribute__((always_inline)) WIDEST void bind_some(struct stream_key key,
                                                                   const struct round_keys *keys,
                                                                   uint32_t first, uint32_t count,
                                                                   uint32_t *words)
{
    const __m512i steps = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    struct widest w[5];
#pragma GCC unroll 5
    for (uint32_t j = 0; j < count; j++) {
        w[j].a = _mm512_add_epi64(_mm512_set1_epi64(SHEAF_BLOCKS * (first + j)), steps);
        w[j].b = _mm512_set1_epi64((uint32_t)key.entity);
        w[j].c = _mm512_set1_epi64(key.replication);
        w[j].d = _mm512_set1_epi64(fixed_word(key));
    }
#pragma GCC unroll 10
    for (int i = 0; i < ROUNDS; i++) {
        __m512i low = _mm512_set1_epi64(keys->low[i]), high = _mm512_set1_epi64(keys->high[i]);
#pragma GCC unroll 5
        for (uint32_t j = 0; j < count; j++)
            turn_widest(&w[j], low, high);
    }
#pragma GCC unroll 5
    for (uint32_t j = 0; j < count; j++)
        lay_widest(&w[j], words + j * SHEAF_WORDS);
}

static WIDEST void bind_widest(struct stream_key key, uint32_t first, size_t count, uint32_t *words)
{
    const struct round_keys keys = keys_of(key);
    for (; count >= 5; count -= 5, first += 5, words += 5 * SHEAF_WORDS)
        bind_some(key, &keys, first, 5, words);
    for (; count > 0; count--, first++, words += SHEAF_WORDS)
        bind_some(key, &keys, first, 1, words);
}

int philox_binders(philox_binder *binders[PHILOX_BINDERS_MAX])
{
    int count = 0;
    binders[count++] = bind_anywhere;
    if (__builtin_cpu_supports("avx2"))
        binders[count++] = bind_wide;
    if (__builtin_cpu_supports("avx512f"))
        binders[count++] = bind_widest;
    return count;
}

#else

int philox_binders(philox_binder *binders[PHILOX_BINDERS_MAX])
{
    binders[0] = bind_anywhere;
    return 1;
}

#endif

void philox_sheaves(struct stream_key key, uint32_t first, size_t count, uint32_t *words)
{
    philox_binder *binders[PHILOX_BINDERS_MAX];
    binders[philox_binders(binders) - 1](key, first, count, words);
}
