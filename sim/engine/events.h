/*
 * The pending-event set: what is still to happen, earliest first.
 *
 * Ties break by (time, priority, sequence): of two events at the same nanosecond the one with the
 * lower priority number goes first, and of two equals the one that was scheduled first. The order
 * is total, so a run never depends on the shape of the heap.
 *
 * An implicit 4-ary heap of 24-byte entries: a parent's four children share a cache line and a
 * half, and the tree is half as deep as a binary one. Cancelling marks the event; it is dropped
 * when it surfaces, or all at once when the dead outnumber the living.
 */
#ifndef CASHPOINT_EVENTS_H
#define CASHPOINT_EVENTS_H

#include "engine/simtime.h"

#include <stdbool.h>
#include <stddef.h>

struct event {
    simtime at;
    uint32_t subject; /* whom it is about: an index of the handler's own */
    uint32_t detail;  /* the handler's own */
    uint16_t kind;    /* which handler */
    uint16_t priority;
};

/* Names a scheduled event until it is dispatched or cancelled; never reused within a run. 0: none.
 */
typedef uint64_t event_id;

struct event_entry {
    simtime at;
    uint64_t order; /* priority (16 bits), sequence (48 bits) */
    uint32_t slot;
};

struct event_slot {
    uint64_t sequence; /* 0: free or cancelled */
    uint32_t subject;
    uint32_t detail; /* of a free slot: the next free one */
    uint16_t kind;
};

struct events {
    struct event_entry *heap;
    struct event_slot *slots;
    size_t count, capacity; /* entries in the heap, the cancelled included */
    size_t live;            /* entries that will be dispatched */
    uint32_t free_slot;
    uint64_t sequence;
};

void events_init(struct events *events, size_t expected);
void events_fini(struct events *events);

event_id events_add(struct events *events, const struct event *event);

/* False where the event has been dispatched or cancelled already. */
bool events_cancel(struct events *events, event_id id);

/* The time of the earliest event, SIMTIME_NEVER where there is none. */
simtime events_next(struct events *events);

/* Takes the earliest; false where there is none. */
bool events_pop(struct events *events, struct event *event);

#endif
