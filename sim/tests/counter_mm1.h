/* M/M/1 as the engine runs it: kernel, resource and streams, started empty; the waits go into a
 * series as they are observed. The mean service takes 1 s. */
#ifndef CASHPOINT_COUNTER_MM1_H
#define CASHPOINT_COUNTER_MM1_H

#include "engine/kernel.h"
#include "engine/random.h"
#include "engine/resource.h"
#include "engine/series.h"

enum { COUNTER_COME, COUNTER_GO };

struct counter_mm1 {
    struct kernel kernel;
    struct resource desk;
    struct stream arrivals, services;
    double rho;
    struct series *waits; /* borrowed */
    uint64_t left;        /* customers to observe */
    volatile bool over;
};

static inline void counter_wait(struct counter_mm1 *counter, simtime waited)
{
    series_add(counter->waits, simtime_to_seconds(waited));
    counter->over = --counter->left == 0;
}

static inline void counter_schedule(struct counter_mm1 *counter, double mean_s, uint16_t kind)
{
    struct stream *stream = kind == COUNTER_COME ? &counter->arrivals : &counter->services;
    simtime delay = simtime_from_seconds(stream_exponential(stream, mean_s));
    kernel_schedule(&counter->kernel, delay, kind, 0, 0);
}

static inline void counter_come(void *world, const struct event *event)
{
    struct counter_mm1 *counter = world;
    counter_schedule(counter, 1.0 / counter->rho, COUNTER_COME);
    if (!resource_request(&counter->desk, event->at, 0))
        return;
    counter_wait(counter, 0);
    counter_schedule(counter, 1.0, COUNTER_GO);
}

static inline void counter_go(void *world, const struct event *event)
{
    struct counter_mm1 *counter = world;
    struct resource_claim next;
    if (!resource_release(&counter->desk, event->at, &next))
        return;
    counter_wait(counter, event->at - next.since);
    counter_schedule(counter, 1.0, COUNTER_GO);
}

/* The waits of `customers`, which begin their service in the order in which they came. */
static inline void counter_run(struct series *waits, double rho, uint64_t seed,
                               uint32_t replication, uint64_t customers)
{
    struct counter_mm1 counter = {.rho = rho, .waits = waits, .left = customers};
    kernel_init(&counter.kernel, &counter, 4, EVENTS_AUTO);
    kernel_handle(&counter.kernel, COUNTER_COME, counter_come);
    kernel_handle(&counter.kernel, COUNTER_GO, counter_go);
    resource_init(&counter.desk, 1);
    stream_init(&counter.arrivals, (struct stream_key){seed, 0, replication, 0});
    stream_init(&counter.services, (struct stream_key){seed, 0, replication, 1});
    counter_schedule(&counter, 1.0 / rho, COUNTER_COME);
    (void)kernel_run(&counter.kernel, SIMTIME_NEVER - 1, &counter.over);
    resource_fini(&counter.desk);
    kernel_fini(&counter.kernel);
}

#endif
