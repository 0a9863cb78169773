#include "symbology/viterbi.h"

#include "engine/error.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { STATES = 256, HALF = STATES / 2, LANES = 16, GROUPS = HALF / LANES };

static const unsigned polynomials[VITERBI_RATE] = {0x1ed, 0x19b, 0x127};

/* Metrics of states that cannot be: further below than any two ways can differ (8 steps of
 * 2 x 3 x 127.5). The metrics are brought back to around 0 so often that 16 bits hold them:
 * 6120 + 32 x 383 < 32768. */
enum { UNREACHED = -8000, STEPS_TO_LEVEL = 32 };

static void encode_bit(unsigned reg, uint8_t *coded)
{
    for (int i = 0; i < VITERBI_RATE; i++)
        coded[i] = (uint8_t)__builtin_parity(reg & polynomials[i]);
}

void viterbi_encode(const uint8_t *message, unsigned bits, uint8_t *coded)
{
    unsigned reg = 0;
    for (unsigned i = 0; i < bits + VITERBI_TAIL; i++, coded += VITERBI_RATE) {
        unsigned bit = i < bits ? message[i / 8] >> (7 - i % 8) & 1u : 0u;
        reg = (reg << 1 | bit) & 0x1ff;
        encode_bit(reg, coded);
    }
}

/*
 * From states i and i + 128 a step leads to states 2 i (a zero) and 2 i + 1 (a one). All three
 * polynomials have both ends of the register, so the coded bits of one way are the opposite of the
 * other's, and one number tells all four: how well a zero from state i fits. Numbers stand for
 * themselves plus one half, so that ~x is exactly -x.
 */
struct signs {
    int16_t of[VITERBI_RATE][HALF]; /* -1: the coded bit of a zero from state i is a zero */
};

static void make_signs(struct signs *signs)
{
    for (unsigned i = 0; i < HALF; i++)
        for (int k = 0; k < VITERBI_RATE; k++)
            signs->of[k][i] = __builtin_parity(i << 1 & polynomials[k]) ? 0 : -1;
}

static void step_plain(const struct signs *signs, const int8_t *soft, const int16_t *before,
                       int16_t *after, uint16_t chosen[2][8])
{
    memset(chosen, 0, 2 * sizeof chosen[0]);
    for (unsigned i = 0; i < HALF; i++) {
        int fits = 0;
        for (int k = 0; k < VITERBI_RATE; k++)
            fits += soft[k] ^ signs->of[k][i];
        int opposite = -VITERBI_RATE - fits;
        int zero_low = before[i] + fits, zero_high = before[i + HALF] + opposite;
        int one_low = before[i] + opposite, one_high = before[i + HALF] + fits;
        after[2 * i] = (int16_t)(zero_high > zero_low ? zero_high : zero_low);
        after[2 * i + 1] = (int16_t)(one_high > one_low ? one_high : one_low);
        chosen[0][i / LANES] |= (uint16_t)((zero_high > zero_low) << i % LANES);
        chosen[1][i / LANES] |= (uint16_t)((one_high > one_low) << i % LANES);
    }
}

#ifdef __x86_64__
/* Eight states; returns which ways were chosen, a lane each. */
static inline void eight(const struct signs *signs, const __m128i soft[VITERBI_RATE],
                         const int16_t *before, int16_t *after, unsigned i, __m128i picked[2])
{
    __m128i fits = _mm_setzero_si128();
    for (int k = 0; k < VITERBI_RATE; k++)
        fits = _mm_add_epi16(
            fits, _mm_xor_si128(soft[k], _mm_load_si128((const __m128i *)&signs->of[k][i])));
    __m128i opposite = _mm_sub_epi16(_mm_set1_epi16(-VITERBI_RATE), fits);
    __m128i low = _mm_load_si128((const __m128i *)&before[i]);
    __m128i high = _mm_load_si128((const __m128i *)&before[i + HALF]);
    __m128i zero_low = _mm_add_epi16(low, fits), zero_high = _mm_add_epi16(high, opposite);
    __m128i one_low = _mm_add_epi16(low, opposite), one_high = _mm_add_epi16(high, fits);
    __m128i zero = _mm_max_epi16(zero_low, zero_high), one = _mm_max_epi16(one_low, one_high);
    picked[0] = _mm_cmpgt_epi16(zero_high, zero_low);
    picked[1] = _mm_cmpgt_epi16(one_high, one_low);
    _mm_store_si128((__m128i *)&after[2 * i], _mm_unpacklo_epi16(zero, one));
    _mm_store_si128((__m128i *)&after[2 * i + 8], _mm_unpackhi_epi16(zero, one));
}

static void step_sse2(const struct signs *signs, const int8_t *soft, const int16_t *before,
                      int16_t *after, uint16_t chosen[2][8])
{
    __m128i wide[VITERBI_RATE], first[2], second[2];
    for (int k = 0; k < VITERBI_RATE; k++)
        wide[k] = _mm_set1_epi16(soft[k]);
    for (unsigned group = 0; group < GROUPS; group++) {
        eight(signs, wide, before, after, group * LANES, first);
        eight(signs, wide, before, after, group * LANES + 8, second);
        for (int bit = 0; bit < 2; bit++)
            chosen[bit][group] =
                (uint16_t)_mm_movemask_epi8(_mm_packs_epi16(first[bit], second[bit]));
    }
}

/* The same with vectors of sixteen. */
__attribute__((target("avx2"))) static void step_avx2(const struct signs *signs, const int8_t *soft,
                                                      const int16_t *before, int16_t *after,
                                                      uint16_t chosen[2][8])
{
    __m256i wide[VITERBI_RATE];
    for (int k = 0; k < VITERBI_RATE; k++)
        wide[k] = _mm256_set1_epi16(soft[k]);
    for (unsigned group = 0, i = 0; group < GROUPS; group++, i += LANES) {
        __m256i fits = _mm256_setzero_si256();
        for (int k = 0; k < VITERBI_RATE; k++)
            fits = _mm256_add_epi16(
                fits,
                _mm256_xor_si256(wide[k], _mm256_load_si256((const __m256i *)&signs->of[k][i])));
        __m256i opposite = _mm256_sub_epi16(_mm256_set1_epi16(-VITERBI_RATE), fits);
        __m256i low = _mm256_load_si256((const __m256i *)&before[i]);
        __m256i high = _mm256_load_si256((const __m256i *)&before[i + HALF]);
        __m256i zero_low = _mm256_add_epi16(low, fits);
        __m256i zero_high = _mm256_add_epi16(high, opposite);
        __m256i one_low = _mm256_add_epi16(low, opposite);
        __m256i one_high = _mm256_add_epi16(high, fits);
        __m256i zero = _mm256_max_epi16(zero_low, zero_high);
        __m256i one = _mm256_max_epi16(one_low, one_high);
        /* Packing and unpacking keep to halves of a vector. */
        __m256i picked = _mm256_packs_epi16(_mm256_cmpgt_epi16(zero_high, zero_low),
                                            _mm256_cmpgt_epi16(one_high, one_low));
        unsigned bits = (unsigned)_mm256_movemask_epi8(picked);
        chosen[0][group] = (uint16_t)((bits & 0xff) | (bits >> 8 & 0xff00));
        chosen[1][group] = (uint16_t)((bits >> 8 & 0xff) | (bits >> 16 & 0xff00));
        __m256i even = _mm256_unpacklo_epi16(zero, one), odd = _mm256_unpackhi_epi16(zero, one);
        _mm256_store_si256((__m256i *)&after[2 * i], _mm256_permute2x128_si256(even, odd, 0x20));
        _mm256_store_si256((__m256i *)&after[2 * i + LANES],
                           _mm256_permute2x128_si256(even, odd, 0x31));
    }
}
#endif

static void level(int16_t *metrics)
{
    int16_t base = metrics[0];
    for (int i = 0; i < STATES; i++)
        metrics[i] = (int16_t)(metrics[i] - base);
}

/* Back from state zero: the bit that led to a state is its lowest. */
static void trace(const struct viterbi *viterbi, unsigned bits, uint8_t *message)
{
    unsigned state = 0;
    memset(message, 0, (bits + 7) / 8);
    for (unsigned at = bits + VITERBI_TAIL; at-- > 0;) {
        if (at < bits)
            message[at / 8] |= (uint8_t)((state & 1) << (7 - at % 8));
        unsigned from = state >> 1;
        state = from + HALF * (viterbi->chosen[at][state & 1][from / LANES] >> from % LANES & 1u);
    }
}

typedef void stepper(const struct signs *, const int8_t *, const int16_t *, int16_t *,
                     uint16_t[2][8]);

static void decode(struct viterbi *viterbi, const int8_t *soft, unsigned bits, uint8_t *message,
                   stepper *make_step)
{
    CHECK(bits <= VITERBI_MAX_BITS);
    _Alignas(32) struct signs signs;
    _Alignas(32) int16_t metrics[2][STATES];
    make_signs(&signs);
    for (int i = 0; i < STATES; i++)
        metrics[0][i] = i == 0 ? 0 : UNREACHED;
    for (unsigned at = 0; at < bits + VITERBI_TAIL; at++) {
        make_step(&signs, soft + (size_t)VITERBI_RATE * at, metrics[at % 2], metrics[1 - at % 2],
                  viterbi->chosen[at]);
        if (at % STEPS_TO_LEVEL == STEPS_TO_LEVEL - 1)
            level(metrics[1 - at % 2]);
    }
    trace(viterbi, bits, message);
}

/* The steppers of this processor, the plainest first; all give the same bits. */
static stepper *steppers(unsigned which)
{
#ifdef __x86_64__
    if (which == 1)
        return step_sse2;
    if (which == 2 && __builtin_cpu_supports("avx2"))
        return step_avx2;
#endif
    return which == 0 ? step_plain : NULL;
}

bool viterbi_decode_by(unsigned which, struct viterbi *viterbi, const int8_t *soft, unsigned bits,
                       uint8_t *message)
{
    stepper *make_step = steppers(which);
    if (make_step != NULL)
        decode(viterbi, soft, bits, message, make_step);
    return make_step != NULL;
}

void viterbi_decode(struct viterbi *viterbi, const int8_t *soft, unsigned bits, uint8_t *message)
{
    unsigned best = VITERBI_WAYS - 1;
    while (!viterbi_decode_by(best, viterbi, soft, bits, message))
        best--;
}
