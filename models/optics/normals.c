#include "optics/normals.h"

/* Half of each table; the other half mirrors it. */
#define LEVELS(a, b, c, d, e, f, g, h) \
    -(h), -(g), -(f), -(e), -(d), -(c), -(b), -(a), a, b, c, d, e, f, g, h
#define LOW_LEVELS LEVELS(4, 5, 13, 16, 17, 26, 35, 48)
#define HIGH_LEVELS LEVELS(1, 3, 5, 6, 9, 10, 11, 44)

static const int8_t low_levels[16] = {LOW_LEVELS}, high_levels[16] = {HIGH_LEVELS};

static inline int level(uint32_t byte)
{
    return low_levels[byte & 15] + high_levels[byte >> 4];
}

int normals_number(uint32_t bits)
{
    return NORMALS_FIRST * level(bits & 255) + NORMALS_SECOND * level(bits >> 8 & 255);
}

/* Two look-ups a number, in tables of whole bytes. */
static void fill_anywhere(const uint32_t *words, size_t count, int16_t *numbers)
{
    int16_t first[256], second[256];
    for (uint32_t byte = 0; byte < 256; byte++) {
        first[byte] = (int16_t)(NORMALS_FIRST * level(byte));
        second[byte] = (int16_t)(NORMALS_SECOND * level(byte));
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t word = words[i];
        numbers[2 * i] = (int16_t)(first[word & 255] + second[word >> 8 & 255]);
        numbers[2 * i + 1] = (int16_t)(first[word >> 16 & 255] + second[word >> 24]);
    }
}

#ifdef __x86_64__

#include <immintrin.h>

/* Per 16 bits: the two factors, each unsigned. */
#define FACTORS (NORMALS_SECOND << 8 | NORMALS_FIRST)

/* The same for each width of vector: `prefix` of its instructions, `suffix` of its loads. */
#define FILLER(name, set, type, prefix, suffix, in_all)                                     \
    __attribute__((target(set))) static void name(const uint32_t *words, size_t count,      \
                                                  int16_t *numbers)                         \
    {                                                                                       \
        const type low = in_all(_mm_setr_epi8(LOW_LEVELS));                                 \
        const type high = in_all(_mm_setr_epi8(HIGH_LEVELS));                               \
        const type nibble = prefix##_set1_epi8(15), factors = prefix##_set1_epi16(FACTORS); \
        for (size_t i = 0; i < count; i += sizeof(type) / sizeof *words) {                  \
            type bytes = prefix##_loadu_##suffix((const void *)(words + i));                \
            type lows = prefix##_and_##suffix(bytes, nibble);                               \
            type highs = prefix##_and_##suffix(prefix##_srli_epi16(bytes, 4), nibble);      \
            type sums = prefix##_add_epi8(prefix##_shuffle_epi8(low, lows),                 \
                                          prefix##_shuffle_epi8(high, highs));              \
            prefix##_storeu_##suffix((void *)(numbers + 2 * i),                             \
                                     prefix##_maddubs_epi16(factors, sums));                \
        }                                                                                   \
    }

FILLER(fill_narrow, "ssse3", __m128i, _mm, si128, )
FILLER(fill_wide, "avx2", __m256i, _mm256, si256, _mm256_broadcastsi128_si256)
FILLER(fill_widest, "avx512bw", __m512i, _mm512, si512, _mm512_broadcast_i32x4)

int normals_fillers(normals_filler *fillers[NORMALS_FILLERS_MAX])
{
    int count = 0;
    fillers[count++] = fill_anywhere;
    if (__builtin_cpu_supports("ssse3"))
        fillers[count++] = fill_narrow;
    if (__builtin_cpu_supports("avx2"))
        fillers[count++] = fill_wide;
    if (__builtin_cpu_supports("avx512bw"))
        fillers[count++] = fill_widest;
    return count;
}

#else

int normals_fillers(normals_filler *fillers[NORMALS_FILLERS_MAX])
{
    fillers[0] = fill_anywhere;
    return 1;
}

#endif

void normals_fill(const uint32_t *words, size_t count, int16_t *numbers)
{
    normals_filler *fillers[NORMALS_FILLERS_MAX];
    fillers[normals_fillers(fillers) - 1](words, count, numbers);
}
