/*
 * A resource: c servers and the line before them.
 *
 * Who asks is a number of the caller's (a customer's index). The resource keeps the line and the
 * statistics; what a grant leads to is the caller's business, so nothing here schedules an event.
 *
 * Order: by priority, 0 (first) to 63, and first come first served within one. Who never names a
 * priority gets plain first come, first served. Asking, leaving and the next grant all take
 * constant time: a line is a ring a priority, and who leaves from its middle stays as a gap until
 * the front gets there. So a ring spans from its longest waiting to its last come (16 bytes each).
 *
 * Losses: who comes when `room` others wait is lost; who waits may leave (patience is an event of
 * the caller's that calls resource_leave()); who sees the line and does not join balks, which the
 * caller decides and resource_balk() counts.
 *
 * Servers that fail: an idle one goes at once; where all are busy, one finishes whom it serves and
 * goes then. Preempting would need the departure's event, which is the caller's: he cancels it,
 * gives the server back, and asks again for the subject, at a priority before that of the others
 * if it is to be the next.
 *
 * Closed populations need nothing here: a customer that has been served thinks, and asks again.
 *
 * Little's law, length = rate x wait (Little 1961), holds on every path and at any moment when the
 * waits count up to that moment, so it is a test of the bookkeeping, not of chance: see
 * resource_little_queue(). The served time behind resource_little_system() has room for 584 years
 * of service in all.
 */
#ifndef CASHPOINT_RESOURCE_H
#define CASHPOINT_RESOURCE_H

#include "engine/statistics.h"

#include <stdbool.h>

enum { RESOURCE_PRIORITIES = 64 };

#define RESOURCE_ANY_ROOM SIZE_MAX

struct resource_claim {
    uint32_t subject;
    uint32_t priority;
    simtime since;
};

/* Places are numbered from the first that was ever taken; `first` .. `next` - 1 lie in the ring. */
struct resource_line {
    struct resource_claim *places;
    uint64_t first, next;
    size_t gaps;     /* places between them that were left */
    size_t capacity; /* a power of two, or 0 */
};

/* Names one wait in one resource; never used again. 0: none. */
typedef uint64_t resource_ticket;

enum resource_answer { RESOURCE_GRANTED, RESOURCE_WAITS, RESOURCE_LOST };

struct resource {
    unsigned servers, up, busy;
    size_t length, room; /* who wait, and how many may */
    struct time_average queue_length, servers_busy, servers_up;
    /* arrived = granted + length + reneged + lost + balked */
    uint64_t arrived, granted, reneged, lost, balked;
    double waited_s, reneged_s;         /* summed over the granted, and over those who left */
    uint64_t served_ns;                 /* ends of service less their starts, modulo 2^64 */
    uint64_t behind;                    /* bit p: somebody of priority p > 0 waits */
    struct resource_line line;          /* of priority 0 */
    struct resource_line *lines_behind; /* of the others, once one was named */
};

void resource_init(struct resource *resource, unsigned servers);
void resource_fini(struct resource *resource);

/* How many may wait; RESOURCE_ANY_ROOM (the default) without end. Whoever waits already may stay.
 */
void resource_set_room(struct resource *resource, size_t room);

/* True: a server is the subject's from now on. False: it waits, at priority 0. For a resource of
 * any room. */
bool resource_request(struct resource *resource, simtime now, uint32_t subject);

/* The same with everything: `*ticket` (may be null) names the wait, 0 where there is none. */
enum resource_answer resource_ask(struct resource *resource, simtime now, uint32_t subject,
                                  unsigned priority, resource_ticket *ticket);

/* Counts somebody who came, saw the line, and did not ask. */
void resource_balk(struct resource *resource);

/* Takes who waits out of the line. False, and nothing done, where he has been granted a server or
 * has left already: an event of patience that comes too late does no harm. */
bool resource_leave(struct resource *resource, simtime now, resource_ticket ticket);

/* Gives a server back. True where the first in the line gets it: `*next` says who, and since when
 * it has waited. */
bool resource_release(struct resource *resource, simtime now, struct resource_claim *next);

/* One server less; one at least must be up. False where it is busy still and goes when it has
 * finished: a release then grants nobody. */
bool resource_fail(struct resource *resource, simtime now);

/* One server more; one at least must be down. True where the first in the line gets it. */
bool resource_repair(struct resource *resource, simtime now, struct resource_claim *next);

/* Little's law from the start of the run to `now`: `length` is the time average, `rate` counts who
 * joined (neither lost nor balked), `wait_s` is the mean time they have spent so far; length =
 * rate x wait_s to rounding. The queue alone, and the queue with the servers. */
struct resource_little {
    double length, rate, wait_s;
};
struct resource_little resource_little_queue(const struct resource *resource, simtime now);
struct resource_little resource_little_system(const struct resource *resource, simtime now);

#endif
