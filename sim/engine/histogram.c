#include "engine/histogram.h"

#include <math.h>

enum { SUB = 1 << HISTOGRAM_SUB_BITS };

/* Values below 128 have a bucket each; above, the leading bit picks the octave and the next seven
 * bits the bucket in it. */
static unsigned bucket_of(uint64_t value)
{
    if (value < SUB)
        return (unsigned)value;
    unsigned shift = 63 - (unsigned)__builtin_clzll(value) - HISTOGRAM_SUB_BITS;
    return (shift + 1) * SUB + (unsigned)(value >> shift) - SUB;
}

static double middle_of(unsigned bucket)
{
    if (bucket < SUB)
        return bucket;
    unsigned shift = bucket / SUB - 1;
    double low = ldexp(bucket % SUB + SUB, (int)shift);
    return low + 0.5 * (ldexp(1.0, (int)shift) - 1.0);
}

void histogram_add(struct histogram *histogram, int64_t value_ns)
{
    uint64_t value = value_ns < 0 ? 0 : (uint64_t)value_ns;
    histogram->bucket[bucket_of(value)]++;
    histogram->n++;
    histogram->sum += (double)value;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->bucket[i] += from->bucket[i];
    into->n += from->n;
    into->sum += from->sum;
}

double histogram_quantile(const struct histogram *histogram, double fraction)
{
    if (histogram->n == 0)
        return 0.0;
    uint64_t rank = (uint64_t)ceil(fraction * (double)histogram->n), seen = 0;
    rank = rank < 1 ? 1 : rank > histogram->n ? histogram->n : rank;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->bucket[i];
        if (seen >= rank)
            return middle_of(i);
    }
    return 0.0;
}
