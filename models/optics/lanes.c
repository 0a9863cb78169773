#include "optics/lanes.h"

#include <math.h>
#include <string.h>

/* From 0 to `most`, which is not negative. Floats that are not negative are in the order of their
 * bits, and of whole numbers gcc makes minimum and maximum, not branches. */
static inline float positive(float value)
{
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = bits > 0 ? bits : 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float clamp(float value, float most)
{
    int32_t bits, limit;
    memcpy(&bits, &value, sizeof bits);
    memcpy(&limit, &most, sizeof limit);
    bits = bits > 0 ? bits : 0;
    bits = bits < limit ? bits : limit;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Loads a vector once: gcc would rather load it again for each use, which is what such loops wait
 * for. */
#ifdef __x86_64__
#define STAY(vector) __asm__("" : "+v"(vector))
#else
#define STAY(vector) (void)(vector)
#endif

#define LANES_NAME "plain"
#define LANES_BYTES 16
#define LANES(name) name##_plain
#include "optics/lanes_loops.h"

#ifdef __x86_64__

#pragma GCC push_options
#pragma GCC target("avx2")
#define LANES_NAME "avx2"
#define LANES_BYTES 32
#define LANES(name) name##_avx2
#include "optics/lanes_loops.h"
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")
#define LANES_NAME "avx512"
#define LANES_BYTES 64
#define LANES(name) name##_avx512
#include "optics/lanes_loops.h"
#pragma GCC pop_options

int lanes_all(const struct lanes *lanes[LANES_MAX])
{
    int count = 0;
    lanes[count++] = &lanes_plain;
    if (__builtin_cpu_supports("avx2"))
        lanes[count++] = &lanes_avx2;
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        lanes[count++] = &lanes_avx512;
    return count;
}

#else

int lanes_all(const struct lanes *lanes[LANES_MAX])
{
    lanes[0] = &lanes_plain;
    return 1;
}

#endif

const struct lanes *lanes_here(void)
{
    const struct lanes *lanes[LANES_MAX];
    return lanes[lanes_all(lanes) - 1];
}
