/*
 * A resource: c servers and one queue, first come first served.
 *
 * Who asks is a number of the caller's (a customer's index). The resource keeps the queue and the
 * statistics; what a grant leads to is the caller's business, so nothing here schedules an event.
 */
#ifndef CASHPOINT_RESOURCE_H
#define CASHPOINT_RESOURCE_H

#include "engine/statistics.h"

#include <stdbool.h>

struct resource_claim {
    uint32_t subject;
    simtime since;
};

struct resource {
    unsigned servers, busy;
    struct resource_claim *queue; /* a ring */
    size_t head, length, capacity;
    struct time_average queue_length, servers_busy;
    uint64_t granted;
    double waited_s; /* summed over the granted */
};

void resource_init(struct resource *resource, unsigned servers);
void resource_fini(struct resource *resource);

/* True: a server is the subject's from now on. False: it waits at the end of the queue. */
bool resource_request(struct resource *resource, simtime now, uint32_t subject);

/* Gives a server back. True where the first in the queue gets it: `*next` says who, and since when
 * it has waited. */
bool resource_release(struct resource *resource, simtime now, struct resource_claim *next);

#endif
