/*
 * CPU time of the calling thread: what a stage costs, whoever else is on the machine. Measured time
 * is written to timings.csv and never feeds simulated time.
 */
#ifndef CASHPOINT_STOPWATCH_H
#define CASHPOINT_STOPWATCH_H

#include <stdint.h>
#include <time.h>

static inline int64_t stopwatch_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#endif
