#include "engine/events.h"

#include "engine/error.h"

#include <stdlib.h>

enum {
    SLOT_BITS = 24,
    SEQUENCE_BITS = 32,
    KIND_BITS = 16,
    BUCKET_MOST = 64, /* keys that a bucket brings to the front at most */
    FRONT_MOST = 512, /* a front that has grown larger goes back to the ladder */
    HEAP_MOST = 512,  /* EVENTS_AUTO: a set that has grown larger takes to the ladder */
    FEW_DEAD = 64,
};

/* What happens seldom must not burden what happens all the time with its registers. */
#define SELDOM __attribute__((noinline, cold))

#define NO_SLOT UINT32_MAX
#define MOST_SLOTS ((size_t)1 << SLOT_BITS)
#define NUMBER_LIMIT (UINT64_C(1) << 40)

static uint32_t slot_of(event_key key)
{
    return (uint32_t)key & (MOST_SLOTS - 1);
}

static uint64_t time_of(event_key key)
{
    return (uint64_t)(key >> 64);
}

/* What a front may grow to where nothing is on the ladder. */
static size_t first_spill(enum events_form form)
{
    return form == EVENTS_HEAP ? SIZE_MAX : form == EVENTS_LADDER ? BUCKET_MOST : HEAP_MOST;
}

static SELDOM void grow(struct events *events, size_t capacity)
{
    CHECK(events->capacity < MOST_SLOTS);
    capacity = capacity < 16 ? 16 : capacity < MOST_SLOTS ? capacity : MOST_SLOTS;
    events->slots = realloc(events->slots, capacity * sizeof *events->slots);
    CHECK(events->slots != NULL);
    events->capacity = capacity;
}

void events_init(struct events *events, size_t expected, enum events_form form)
{
    *events = (struct events){
        .free_slot = NO_SLOT, .front_end = UINT64_MAX, .form = form, .spill_at = first_spill(form)};
    CHECK(expected <= MOST_SLOTS);
    grow(events, expected);
    event_heap_reserve(&events->front,
                       form == EVENTS_HEAP || expected < HEAP_MOST ? expected : HEAP_MOST);
    event_ladder_init(&events->ladder);
}

void events_fini(struct events *events)
{
    event_heap_fini(&events->front);
    event_ladder_fini(&events->ladder);
    free(events->slots);
    events->slots = NULL;
    events->capacity = events->used = events->count = events->live = 0;
    events->free_slot = NO_SLOT;
}

/* ---- slots ---- */

static uint32_t take_slot(struct events *events)
{
    uint32_t slot = events->free_slot;
    if (slot != NO_SLOT) {
        events->free_slot = events->slots[slot].subject;
        return slot;
    }
    if (events->used == events->capacity)
        grow(events, 2 * events->capacity);
    return (uint32_t)events->used++;
}

static void release_slot(struct events *events, uint32_t slot)
{
    events->slots[slot].tag = 0;
    events->slots[slot].subject = events->free_slot;
    events->free_slot = slot;
}

static bool is_dead(const struct events *events, event_key key)
{
    return events->slots[slot_of(key)].tag == 0;
}

/* ---- front and ladder ---- */

static void put(struct events *events, event_key key)
{
    if (time_of(key) < events->front_end)
        event_heap_push(&events->front, key);
    else
        event_ladder_add(&events->ladder, key);
}

/* Sends what is in the front to the ladder, from now on or from the ladder's base. The base may
 * move within the front's stretch of time without moving any key already there. */
static SELDOM void spill(struct events *events)
{
    struct event_heap *front = &events->front;
    uint64_t from = time_of(front->keys[0]);
    if (from < events->ladder.base && events->ladder.rungs != 0)
        from = events->ladder.base;
    events->ladder.base = from;
    events->front_end = from;
    size_t kept = 0;
    for (size_t i = 0; i < front->count; i++) {
        if (time_of(front->keys[i]) < from)
            front->keys[kept++] = front->keys[i];
        else
            event_ladder_add(&events->ladder, front->keys[i]);
    }
    front->count = kept;
    event_heap_order(front);
    events->spill_at = kept < FRONT_MOST / 2 ? FRONT_MOST : 2 * kept;
}

/* Brings the next bucket to the empty front; false where there is nothing. */
static __attribute__((noinline)) bool refill(struct events *events)
{
    struct event_heap *front = &events->front;
    uint64_t end = event_ladder_take(&events->ladder, BUCKET_MOST, front);
    if (end == 0) { /* all is done: a heap alone again */
        events->front_end = UINT64_MAX;
        events->spill_at = first_spill(events->form);
        return false;
    }
    for (size_t i = 0; i < front->count; i++)
        __builtin_prefetch(&events->slots[slot_of(front->keys[i])], 1);
    events->front_end = end;
    events->spill_at = front->count < FRONT_MOST / 2 ? FRONT_MOST : 2 * front->count;
    return true;
}

/* Takes all keys out; the caller frees them. */
static event_key *take_all(struct events *events)
{
    event_key *keys = malloc((events->count + 1) * sizeof *keys);
    CHECK(keys != NULL);
    for (size_t i = 0; i < events->front.count; i++)
        keys[i] = events->front.keys[i];
    (void)event_ladder_take_all(&events->ladder, keys + events->front.count);
    events->front.count = 0;
    return keys;
}

static int by_sequence(const void *a, const void *b)
{
    uint64_t left = (uint64_t) * (const event_key *)a << 8;
    uint64_t right = (uint64_t) * (const event_key *)b << 8; /* without the priority */
    return (left > right) - (left < right);
}

/* Sequences begin again at 1, in the same order: once in 2^32 events. */
static SELDOM void renumber(struct events *events)
{
    CHECK(events->number < NUMBER_LIMIT - UINT32_MAX); /* no id is ever used again */
    size_t count = events->count;
    event_key *keys = take_all(events);
    qsort(keys, count, sizeof *keys, by_sequence);
    const event_key others = ~((event_key)UINT32_MAX << SLOT_BITS);
    events->sequence = 0;
    for (size_t i = 0; i < count; i++)
        put(events, (keys[i] & others) | (event_key)++events->sequence << SLOT_BITS);
    free(keys);
}

event_id events_add(struct events *events, const struct event *event)
{
    CHECK(event->at >= 0 && event->priority <= EVENTS_LAST_PRIORITY);
    if (events->sequence == UINT32_MAX)
        renumber(events);
    uint32_t slot = take_slot(events);
    uint64_t number = ++events->number;
    events->slots[slot] =
        (struct event_slot){number << KIND_BITS | event->kind, event->subject, event->detail};
    uint64_t low = (uint64_t)event->priority << (SEQUENCE_BITS + SLOT_BITS) |
                   (uint64_t)++events->sequence << SLOT_BITS | slot;
    put(events, (event_key)(uint64_t)event->at << 64 | low);
    if (events->front.count > events->spill_at && events->front_end - events->ladder.base > 1)
        spill(events);
    events->count++;
    events->live++;
    return number << SLOT_BITS | slot;
}

static bool keep_living(void *argument, event_key key)
{
    struct events *events = argument;
    if (!is_dead(events, key))
        return true;
    release_slot(events, slot_of(key));
    return false;
}

/* Drops the dead, once they are the majority. */
static SELDOM void bury(struct events *events)
{
    struct event_heap *front = &events->front;
    size_t kept = 0;
    for (size_t i = 0; i < front->count; i++)
        if (keep_living(events, front->keys[i]))
            front->keys[kept++] = front->keys[i];
    front->count = kept;
    event_heap_order(front);
    event_ladder_filter(&events->ladder, keep_living, events);
    events->count = events->live;
}

bool events_cancel(struct events *events, event_id id)
{
    uint32_t slot = (uint32_t)(id & (MOST_SLOTS - 1));
    uint64_t number = id >> SLOT_BITS;
    if (number == 0 || slot >= events->used || events->slots[slot].tag >> KIND_BITS != number)
        return false;
    events->slots[slot].tag = 0;
    events->live--;
    if (events->count > FEW_DEAD && events->live < events->count / 2)
        bury(events);
    return true;
}

/* Brings the earliest living event to the top of the front; false where there is none. */
static inline bool surface(struct events *events)
{
    for (;;) {
        struct event_heap *front = &events->front;
        if (front->count == 0) {
            if (events->count == 0 && events->front_end == UINT64_MAX)
                return false;
            if (!refill(events))
                return false;
        }
        if (!is_dead(events, front->keys[0]))
            return true;
        release_slot(events, slot_of(front->keys[0]));
        event_heap_drop(front);
        events->count--;
    }
}

simtime events_next(struct events *events)
{
    return surface(events) ? (simtime)time_of(events->front.keys[0]) : SIMTIME_NEVER;
}

bool events_pop_until(struct events *events, simtime end, struct event *event)
{
    if (!surface(events))
        return false;
    event_key key = events->front.keys[0];
    if ((simtime)time_of(key) > end)
        return false;
    uint32_t index = slot_of(key);
    const struct event_slot *slot = &events->slots[index];
    *event = (struct event){(simtime)time_of(key), slot->subject, slot->detail, (uint16_t)slot->tag,
                            (uint16_t)((uint64_t)key >> (SEQUENCE_BITS + SLOT_BITS))};
    release_slot(events, index);
    event_heap_drop(&events->front);
    events->count--;
    events->live--;
    return true;
}

bool events_pop(struct events *events, struct event *event)
{
    return events_pop_until(events, INT64_MAX, event);
}
