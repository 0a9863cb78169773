#include "engine/events.h"

#include "engine/error.h"

#include <stdlib.h>

enum { ARITY = 4, SLOT_BITS = 24 };

#define NO_SLOT UINT32_MAX
#define MOST_SLOTS ((size_t)1 << SLOT_BITS)
#define SEQUENCE_BITS 40
#define SEQUENCE_LIMIT (UINT64_C(1) << SEQUENCE_BITS)

/* An id is (sequence, slot); sequences start at 1, so that no id is 0. */
static event_id make_id(uint64_t sequence, uint32_t slot)
{
    return sequence << SLOT_BITS | slot;
}

static bool earlier(const struct event_entry *a, const struct event_entry *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void free_slots(struct events *events, size_t from, size_t to)
{
    for (size_t i = to; i > from; i--) {
        events->slots[i - 1] = (struct event_slot){.detail = events->free_slot};
        events->free_slot = (uint32_t)(i - 1);
    }
}

static void grow(struct events *events, size_t capacity)
{
    CHECK(capacity <= MOST_SLOTS);
    events->heap = realloc(events->heap, capacity * sizeof *events->heap);
    events->slots = realloc(events->slots, capacity * sizeof *events->slots);
    CHECK(events->heap != NULL && events->slots != NULL);
    free_slots(events, events->capacity, capacity);
    events->capacity = capacity;
}

static void grow_more(struct events *events)
{
    CHECK(events->capacity < MOST_SLOTS);
    grow(events, events->capacity * 2 < MOST_SLOTS ? events->capacity * 2 : MOST_SLOTS);
}

void events_init(struct events *events, size_t expected)
{
    *events = (struct events){.free_slot = NO_SLOT};
    grow(events, expected < 16 ? 16 : expected);
}

void events_fini(struct events *events)
{
    free(events->heap);
    free(events->slots);
    *events = (struct events){.free_slot = NO_SLOT};
}

static void sift_up(struct event_entry *heap, size_t at, struct event_entry entry)
{
    while (at > 0) {
        size_t parent = (at - 1) / ARITY;
        if (!earlier(&entry, &heap[parent]))
            break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = entry;
}

static size_t earliest_child(const struct event_entry *heap, size_t first, size_t count)
{
    size_t last = first + ARITY < count ? first + ARITY : count;
    size_t best = first;
    for (size_t child = first + 1; child < last; child++)
        best = earlier(&heap[child], &heap[best]) ? child : best;
    return best;
}

static void sift_down(struct event_entry *heap, size_t count, size_t at, struct event_entry entry)
{
    for (;;) {
        size_t first = at * ARITY + 1;
        if (first >= count)
            break;
        size_t best = earliest_child(heap, first, count);
        if (!earlier(&heap[best], &entry))
            break;
        heap[at] = heap[best];
        at = best;
    }
    heap[at] = entry;
}

static void remove_top(struct events *events)
{
    events->count--;
    if (events->count > 0)
        sift_down(events->heap, events->count, 0, events->heap[events->count]);
}

static void release_slot(struct events *events, uint32_t slot)
{
    events->slots[slot] = (struct event_slot){.detail = events->free_slot};
    events->free_slot = slot;
}

event_id events_add(struct events *events, const struct event *event)
{
    if (events->free_slot == NO_SLOT)
        grow_more(events);
    uint32_t slot = events->free_slot;
    uint64_t sequence = ++events->sequence;
    CHECK(sequence < SEQUENCE_LIMIT);
    events->free_slot = events->slots[slot].detail;
    events->slots[slot] = (struct event_slot){sequence, event->subject, event->detail, event->kind};
    struct event_entry entry = {event->at, (uint64_t)event->priority << 48 | sequence, slot};
    sift_up(events->heap, events->count++, entry);
    events->live++;
    return make_id(sequence, slot);
}

static bool is_dead(const struct events *events, const struct event_entry *entry)
{
    return events->slots[entry->slot].sequence == 0;
}

/* Rebuilds the heap from the living (Floyd), once the dead are the majority. */
static void bury(struct events *events)
{
    size_t kept = 0;
    for (size_t i = 0; i < events->count; i++) {
        if (is_dead(events, &events->heap[i]))
            release_slot(events, events->heap[i].slot);
        else
            events->heap[kept++] = events->heap[i];
    }
    events->count = kept;
    for (size_t i = kept; i > 0; i--)
        sift_down(events->heap, kept, i - 1, events->heap[i - 1]);
}

bool events_cancel(struct events *events, event_id id)
{
    uint32_t slot = (uint32_t)(id & ((UINT64_C(1) << SLOT_BITS) - 1));
    uint64_t sequence = id >> SLOT_BITS;
    if (sequence == 0 || slot >= events->capacity || events->slots[slot].sequence != sequence)
        return false;
    events->slots[slot].sequence = 0;
    events->live--;
    if (events->count > 64 && events->live < events->count / 2)
        bury(events);
    return true;
}

static void drop_dead_top(struct events *events)
{
    while (events->count > 0 && is_dead(events, &events->heap[0])) {
        release_slot(events, events->heap[0].slot);
        remove_top(events);
    }
}

simtime events_next(struct events *events)
{
    drop_dead_top(events);
    return events->count > 0 ? events->heap[0].at : SIMTIME_NEVER;
}

bool events_pop(struct events *events, struct event *event)
{
    drop_dead_top(events);
    if (events->count == 0)
        return false;
    struct event_entry top = events->heap[0];
    const struct event_slot *slot = &events->slots[top.slot];
    *event = (struct event){top.at, slot->subject, slot->detail, slot->kind,
                            (uint16_t)(top.order >> 48)};
    release_slot(events, top.slot);
    remove_top(events);
    events->live--;
    return true;
}
