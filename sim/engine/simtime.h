/*
 * Simulated time: signed 64-bit nanoseconds since the start of the run (292 years of room).
 *
 * Integers make "at the same moment" mean what it says on every machine; a draw in seconds is
 * rounded to the nearest nanosecond once, when it becomes a delay.
 */
#ifndef CASHPOINT_SIMTIME_H
#define CASHPOINT_SIMTIME_H

#include <math.h>
#include <stdint.h>

typedef int64_t simtime;

#define SIMTIME_SECOND INT64_C(1000000000)
#define SIMTIME_HOUR (INT64_C(3600) * SIMTIME_SECOND)
#define SIMTIME_DAY (24 * SIMTIME_HOUR)
#define SIMTIME_NEVER INT64_MAX

/* Seconds to nanoseconds, rounded to nearest (halves to even: one instruction); clamped to [0, 100
 * years]. */
static inline simtime simtime_from_seconds(double seconds)
{
    const double limit_s = 100.0 * 365.25 * 86400.0;
    if (!(seconds > 0.0))
        return 0;
    return (simtime)llrint((seconds < limit_s ? seconds : limit_s) * 1e9);
}

static inline double simtime_to_seconds(simtime time_ns)
{
    return (double)time_ns * 1e-9;
}

#endif
