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

#include "engine/error.h"
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
    size_t front_room;  /* keys it may hold before something is to be done about it */
    uint64_t front_end; /* what happens before it is in the front */
    struct event_slot *slots;
    uint32_t free_slot;
    enum events_form form;
    uint64_t number; /* events ever added */
    uint64_t origin; /* the number that sequences are counted from */
    size_t dead;     /* keys of the cancelled, in both parts */
    size_t spill_at; /* a front of so many goes to the ladder */
    size_t capacity; /* slots there is memory for */
    size_t used;     /* slots in use or in the list of free ones; what lies beyond is untouched */
    struct event_ladder ladder;
};

/* `expected`: about how many are pending at once; 0 where nobody knows. */
void events_init(struct events *events, size_t expected, enum events_form form);
void events_fini(struct events *events);

static inline event_id events_add(struct events *events, const struct event *event);

/* How many will be dispatched. */
static inline size_t events_live(const struct events *events)
{
    return events->front.count + events->ladder.count - events->dead;
}

/* False where the event has been dispatched or cancelled already. */
bool events_cancel(struct events *events, event_id id);

/* The time of the earliest event, SIMTIME_NEVER where there is none. */
simtime events_next(struct events *events);

/* Takes the earliest, if it happens no later than `end`; false where there is none. */
static inline bool events_pop_until(struct events *events, simtime end, struct event *event);

/* Takes the earliest; false where there is none. */
static inline bool events_pop(struct events *events, struct event *event)
{
    return events_pop_until(events, INT64_MAX, event);
}

/* What will probably be the earliest (`place` 0) or the second (1) of all, as far as it is at hand:
 * a hint, for those who want to have something ready. False where nothing is. */
static inline bool events_peek(const struct events *events, unsigned place, struct event *event);

/* ---- Adding and taking are here, not behind a call: a run does little else. What happens seldom
 * is behind one, in events.c. ---- */

enum { EVENTS_SLOT_BITS = 24, EVENTS_SEQUENCE_BITS = 32, EVENTS_KIND_BITS = 16 };

#define EVENTS_NO_SLOT UINT32_MAX
#define EVENTS_SELDOM(condition) __builtin_expect(condition, 0)

static inline uint32_t events_slot_of(event_key key)
{
    return (uint32_t)key & ((1u << EVENTS_SLOT_BITS) - 1);
}

static inline uint64_t events_time_of(event_key key)
{
    return (uint64_t)(key >> 64);
}

/* Makes room for one more event in slots and front, and for its sequence. */
void events_make_room(struct events *events);

/* Adds where there is no room, or to the ladder. */
event_id events_add_apart(struct events *events, simtime at, uint32_t subject, uint32_t detail,
                          uint16_t kind, uint16_t priority);

/* Brings the earliest living event to the top of the front; false where there is none. */
bool events_surface(struct events *events);

static inline bool events_has_room(const struct events *events)
{
    return events->front.count < events->front_room && events->free_slot != EVENTS_NO_SLOT &&
           events->number - events->origin < UINT32_MAX;
}

/* Takes a slot and fills it; there must be room. */
static inline event_key events_key(struct events *events, simtime at, uint32_t subject,
                                   uint32_t detail, uint16_t kind, uint16_t priority)
{
    uint64_t number = ++events->number;
    uint32_t index = events->free_slot;
    struct event_slot *slot = &events->slots[index];
    events->free_slot = slot->subject;
    *slot = (struct event_slot){number << EVENTS_KIND_BITS | kind, subject, detail};
    uint64_t low = (uint64_t)priority << (EVENTS_SEQUENCE_BITS + EVENTS_SLOT_BITS) |
                   (number - events->origin) << EVENTS_SLOT_BITS | index;
    return (event_key)(uint64_t)at << 64 | low;
}

static inline event_id events_id(const struct events *events, event_key key)
{
    return events->number << EVENTS_SLOT_BITS | events_slot_of(key);
}

static inline event_id events_put(struct events *events, simtime at, uint32_t subject,
                                  uint32_t detail, uint16_t kind, uint16_t priority)
{
    CHECK(at >= 0 && priority <= EVENTS_LAST_PRIORITY);
    if (EVENTS_SELDOM(!events_has_room(events)) || (uint64_t)at >= events->front_end)
        return events_add_apart(events, at, subject, detail, kind, priority);
    event_key key = events_key(events, at, subject, detail, kind, priority);
    event_heap_rise(events->front.keys, events->front.count++, key);
    return events_id(events, key);
}

static inline event_id events_add(struct events *events, const struct event *event)
{
    return events_put(events, event->at, event->subject, event->detail, event->kind,
                      event->priority);
}

static inline void events_release_slot(struct events *events, uint32_t slot)
{
    events->slots[slot].tag = 0;
    events->slots[slot].subject = events->free_slot;
    events->free_slot = slot;
}

static inline bool events_pop_until(struct events *events, simtime end, struct event *event)
{
    const struct event_slot *slots = events->slots;
    if (EVENTS_SELDOM(events->front.count == 0) ||
        EVENTS_SELDOM(slots[events_slot_of(events->front.keys[0])].tag == 0))
        if (!events_surface(events))
            return false;
    event_key key = events->front.keys[0];
    if ((simtime)events_time_of(key) > end)
        return false;
    uint32_t index = events_slot_of(key);
    const struct event_slot *slot = &slots[index];
    event->at = (simtime)events_time_of(key);
    event->subject = slot->subject;
    event->detail = slot->detail;
    event->kind = (uint16_t)slot->tag;
    event->priority = (uint16_t)((uint64_t)key >> (EVENTS_SEQUENCE_BITS + EVENTS_SLOT_BITS));
    events_release_slot(events, index);
    event_heap_drop(&events->front);
    return true;
}

static inline bool events_peek(const struct events *events, unsigned place, struct event *event)
{
    const struct event_heap *front = &events->front;
    if (front->count < 5)
        return false;
    event_key key = front->keys[place == 0 ? 0 : event_heap_least(front->keys, 1)];
    const struct event_slot *slot = &events->slots[events_slot_of(key)];
    if (slot->tag == 0)
        return false;
    *event = (struct event){(simtime)events_time_of(key), slot->subject, slot->detail,
                            (uint16_t)slot->tag, 0};
    return true;
}

/* Has the processor bring what events_peek() may want to see soon. */
static inline void events_look_ahead(const struct events *events)
{
    const struct event_heap *front = &events->front;
    for (size_t i = 1; i < 5 && i < front->count; i++)
        __builtin_prefetch(&events->slots[events_slot_of(front->keys[i])]);
}

#endif
