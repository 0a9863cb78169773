/*
 * The pending-event set: what is still to happen, earliest first.
 *
 * Ties break by (time, priority, sequence): of two events at the same nanosecond the one with the
 * lower priority number goes first, and of two equals the one that was scheduled first. The order
 * is total, so a run never depends on how the set is kept.
 *
 * It is kept in two parts. The front is a heap of what comes before a certain moment; the rest lies
 * unsorted on a ladder (events_ladder.h), and comes to the front a bucket at a time. A small set is
 * a heap alone; once it has outgrown that, the ladder makes adding and taking O(1) whatever its
 * size. Both hold keys of 16 bytes; what an event says lies in a slot that its key names.
 * Cancelling marks the slot; the key is dropped when it surfaces, or with all the others when the
 * dead outnumber the living. Memory grows with the set and is kept, so that a set which has reached
 * its size allocates no more.
 */
#ifndef CASHPOINT_EVENTS_H
#define CASHPOINT_EVENTS_H

#include "engine/events_heap.h"
#include "engine/events_ladder.h"
#include "engine/simtime.h"

#include <stdbool.h>
#include <stddef.h>

struct event {
    simtime at;        /* at least 0 */
    uint32_t subject;  /* whom it is about: an index of the handler's own */
    uint32_t detail;   /* the handler's own */
    uint16_t kind;     /* which handler */
    uint16_t priority; /* at most EVENTS_LAST_PRIORITY */
};

enum { EVENTS_LAST_PRIORITY = 255 };

/* Names a scheduled event until it is dispatched or cancelled; never reused within a run. 0: none.
 */
typedef uint64_t event_id;

/* The order of dispatch is the same in all. */
enum events_form {
    EVENTS_AUTO, /* a heap that takes to the ladder when it has grown to some hundreds */
    EVENTS_HEAP,
    EVENTS_LADDER,
};

struct event_slot {
    uint64_t tag;     /* number (40 bits), kind (16); 0: free or cancelled */
    uint32_t subject; /* of a free slot: the next free one */
    uint32_t detail;
};

struct events {
    struct event_heap front;
    struct event_ladder ladder;
    uint64_t front_end; /* what happens before it is in the front */
    size_t spill_at;    /* a front of so many goes to the ladder */
    enum events_form form;
    struct event_slot *slots;
    size_t capacity, used; /* slots there are, and were ever taken */
    uint32_t free_slot;
    uint32_t sequence; /* of the last key */
    uint64_t number;   /* events ever added */
    size_t count;      /* keys in both parts, the cancelled included */
    size_t live;       /* events that will be dispatched */
};

/* `expected`: about how many are pending at once; 0 where nobody knows. */
void events_init(struct events *events, size_t expected, enum events_form form);
void events_fini(struct events *events);

event_id events_add(struct events *events, const struct event *event);

/* False where the event has been dispatched or cancelled already. */
bool events_cancel(struct events *events, event_id id);

/* The time of the earliest event, SIMTIME_NEVER where there is none. */
simtime events_next(struct events *events);

/* Takes the earliest; false where there is none. */
bool events_pop(struct events *events, struct event *event);

/* Takes the earliest, if it happens no later than `end`. */
bool events_pop_until(struct events *events, simtime end, struct event *event);

#endif
