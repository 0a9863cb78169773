/* Waits of M/M/1 customers by Lindley's recursion (1952), started empty: a series with a warm-up, a
 * heavy correlation and a known mean, rho / (mu - lambda). The mean service takes 1. */
#ifndef CASHPOINT_LINDLEY_H
#define CASHPOINT_LINDLEY_H

#include "engine/random.h"

#include <math.h>
#include <stddef.h>

struct lindley {
    double rho, wait;
    struct stream arrivals, services;
};

static inline void lindley_start(struct lindley *queue, double rho, uint64_t seed,
                                 uint32_t replication)
{
    *queue = (struct lindley){.rho = rho};
    stream_init(&queue->arrivals, (struct stream_key){seed, 0, replication, 0});
    stream_init(&queue->services, (struct stream_key){seed, 0, replication, 1});
}

static inline double lindley_next(struct lindley *queue)
{
    double wait = queue->wait, gap = stream_exponential(&queue->arrivals, 1.0 / queue->rho);
    queue->wait = fmax(wait + stream_exponential(&queue->services, 1.0) - gap, 0.0);
    return wait;
}

static inline double lindley_mean(double rho)
{
    return rho / (1.0 - rho);
}

static inline void lindley_fill(struct lindley *queue, double *waits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        waits[i] = lindley_next(queue);
}

/* The mean of `kept` waits after `deleted` ones. */
static inline double lindley_run(double rho, uint64_t seed, uint32_t replication, size_t deleted,
                                 size_t kept)
{
    struct lindley queue;
    double sum = 0.0;
    lindley_start(&queue, rho, seed, replication);
    for (size_t i = 0; i < deleted; i++)
        (void)lindley_next(&queue);
    for (size_t i = 0; i < kept; i++)
        sum += lindley_next(&queue);
    return sum / (double)kept;
}

#endif
