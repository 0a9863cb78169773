#include "engine/events.h"

#include <stdlib.h>

enum {
    BUCKET_MOST = 64, /* keys that a bucket brings to the front at most */
    FRONT_MOST = 512, /* a front that has grown larger goes back to the ladder */
    HEAP_MOST = 512,  /* EVENTS_AUTO: a set that has grown larger takes to the ladder */
    FEW_DEAD = 64,
    SLOTS_AT_ONCE = 64,
};

/* What happens seldom must not burden what happens all the time with its registers. */
#define SELDOM __attribute__((cold))

#define MOST_SLOTS ((size_t)1 << EVENTS_SLOT_BITS)
#define NUMBER_LIMIT (UINT64_C(1) << 40)

/* What a front may grow to where nothing is on the ladder. */
static size_t first_spill(enum events_form form)
{
    return form == EVENTS_HEAP ? SIZE_MAX : form == EVENTS_LADDER ? BUCKET_MOST : HEAP_MOST;
}

/* Room for as many slots; none of them is touched yet. */
static void reserve_slots(struct events *events, size_t capacity)
{
    CHECK(events->capacity < MOST_SLOTS);
    capacity = capacity < 16 ? 16 : capacity < MOST_SLOTS ? capacity : MOST_SLOTS;
    events->slots = realloc(events->slots, capacity * sizeof *events->slots);
    CHECK(events->slots != NULL);
    events->capacity = capacity;
}

/* Some more slots to the list of free ones, which is empty; the lowest first. */
static void free_some_slots(struct events *events)
{
    if (events->used == events->capacity)
        reserve_slots(events, 2 * events->capacity);
    size_t first = events->used, room = events->capacity - first;
    events->used += room < SLOTS_AT_ONCE ? room : SLOTS_AT_ONCE;
    for (size_t slot = events->used; slot > first; slot--)
        events_release_slot(events, (uint32_t)(slot - 1));
}

static void set_front_room(struct events *events)
{
    size_t capacity = events->front.capacity;
    events->front_room = capacity < events->spill_at ? capacity : events->spill_at;
}

static void set_spill(struct events *events, size_t spill_at)
{
    events->spill_at = spill_at;
    set_front_room(events);
}

void events_init(struct events *events, size_t expected, enum events_form form)
{
    *events = (struct events){.free_slot = EVENTS_NO_SLOT, .front_end = UINT64_MAX, .form = form};
    CHECK(expected <= MOST_SLOTS);
    reserve_slots(events, expected);
    event_heap_reserve(&events->front,
                       form == EVENTS_HEAP || expected < HEAP_MOST ? expected : HEAP_MOST);
    event_ladder_init(&events->ladder);
    set_spill(events, first_spill(form));
}

void events_fini(struct events *events)
{
    event_heap_fini(&events->front);
    event_ladder_fini(&events->ladder);
    free(events->slots);
    *events = (struct events){.free_slot = EVENTS_NO_SLOT};
}

static bool is_dead(const struct events *events, event_key key)
{
    return events->slots[events_slot_of(key)].tag == 0;
}

static size_t count_keys(const struct events *events)
{
    return events->front.count + events->ladder.count;
}

/* ---- front and ladder ---- */

static void put(struct events *events, event_key key)
{
    if (events_time_of(key) < events->front_end)
        event_heap_push(&events->front, key);
    else
        event_ladder_add(&events->ladder, key);
}

/* Sends what is in the front to the ladder, from now on or from the ladder's base. The base may
 * move within the front's stretch of time without moving any key already there. */
static void spill(struct events *events)
{
    struct event_heap *front = &events->front;
    uint64_t from = events_time_of(front->keys[0]);
    if (from < events->ladder.base && events->ladder.rungs != 0)
        from = events->ladder.base;
    events->ladder.base = from;
    events->front_end = from;
    size_t kept = 0;
    for (size_t i = 0; i < front->count; i++) {
        if (events_time_of(front->keys[i]) < from)
            front->keys[kept++] = front->keys[i];
        else
            event_ladder_add(&events->ladder, front->keys[i]);
    }
    front->count = kept;
    event_heap_order(front);
    set_spill(events, kept < FRONT_MOST / 2 ? FRONT_MOST : 2 * kept);
}

/* Brings the next bucket to the empty front; false where there is nothing. */
static __attribute__((noinline)) bool refill(struct events *events)
{
    struct event_heap *front = &events->front;
    uint64_t end = event_ladder_take(&events->ladder, BUCKET_MOST, front);
    if (end == 0) { /* all is done: a heap alone again */
        events->front_end = UINT64_MAX;
        set_spill(events, first_spill(events->form));
        return false;
    }
    for (size_t i = 0; i < front->count; i++)
        __builtin_prefetch(&events->slots[events_slot_of(front->keys[i])], 1);
    events->front_end = end;
    set_spill(events, front->count < FRONT_MOST / 2 ? FRONT_MOST : 2 * front->count);
    return true;
}

/* Takes all keys out; the caller frees them. */
static event_key *take_all(struct events *events)
{
    event_key *keys = malloc((count_keys(events) + 1) * sizeof *keys);
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

/* Sequences begin again at 1, in the same order, once in 2^32 events. */
static void renumber(struct events *events)
{
    CHECK(events->number < NUMBER_LIMIT - UINT32_MAX); /* no id is ever used again */
    size_t count = count_keys(events);
    event_key *keys = take_all(events);
    qsort(keys, count, sizeof *keys, by_sequence);
    const event_key others = ~((event_key)UINT32_MAX << EVENTS_SLOT_BITS);
    uint64_t sequence = 0;
    for (size_t i = 0; i < count; i++)
        put(events, (keys[i] & others) | (event_key)++sequence << EVENTS_SLOT_BITS);
    events->origin = events->number - sequence;
    free(keys);
}

/* A front that cannot be split any more, as all of it happens at one moment, just grows. */
SELDOM void events_make_room(struct events *events)
{
    if (events->number - events->origin >= UINT32_MAX)
        renumber(events);
    if (events->free_slot == EVENTS_NO_SLOT)
        free_some_slots(events);
    if (events->front.count >= events->spill_at && events->front_end - events->ladder.base > 1)
        spill(events);
    if (events->front.count >= events->front.capacity)
        event_heap_reserve(&events->front, 2 * events->front.capacity);
    if (events->front.count >= events->spill_at)
        events->spill_at = 2 * events->front.count;
    set_front_room(events);
}

event_id events_add_apart(struct events *events, simtime at, uint32_t subject, uint32_t detail,
                          uint16_t kind, uint16_t priority)
{
    if (!events_has_room(events))
        events_make_room(events);
    event_key key = events_key(events, at, subject, detail, kind, priority);
    put(events, key);
    return events_id(events, key);
}

static bool keep_living(void *argument, event_key key)
{
    struct events *events = argument;
    if (!is_dead(events, key))
        return true;
    events_release_slot(events, events_slot_of(key));
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
    events->dead = 0;
}

bool events_cancel(struct events *events, event_id id)
{
    uint32_t slot = (uint32_t)(id & (MOST_SLOTS - 1));
    uint64_t number = id >> EVENTS_SLOT_BITS;
    if (number == 0 || slot >= events->used ||
        events->slots[slot].tag >> EVENTS_KIND_BITS != number)
        return false;
    events->slots[slot].tag = 0;
    events->dead++;
    if (count_keys(events) > FEW_DEAD && events_live(events) < count_keys(events) / 2)
        bury(events);
    return true;
}

bool events_surface(struct events *events)
{
    struct event_heap *front = &events->front;
    for (;;) {
        if (front->count == 0) {
            if (events->front_end == UINT64_MAX && events->ladder.count == 0)
                return false;
            if (!refill(events))
                return false;
        }
        if (!is_dead(events, front->keys[0]))
            return true;
        events_release_slot(events, events_slot_of(front->keys[0]));
        event_heap_drop(front);
        events->dead--;
    }
}

simtime events_next(struct events *events)
{
    return events_surface(events) ? (simtime)events_time_of(events->front.keys[0]) : SIMTIME_NEVER;
}
