/*
 * A bare heap: what a textbook gives (entries of 24 bytes with the event in them, no cancelling, no
 * priorities), for the pending-event set to be set against. The arity is a constant of the
 * caller's.
 */
#ifndef CASHPOINT_BARE_HEAP_H
#define CASHPOINT_BARE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bare_event {
    int64_t at;
    uint64_t sequence;
    uint32_t subject, kind;
};

struct bare_heap {
    struct bare_event *events; /* room for one more than there will ever be */
    size_t count;
    uint64_t sequence;
};

static inline bool bare_earlier(const struct bare_event *a, const struct bare_event *b)
{
    return a->at != b->at ? a->at < b->at : a->sequence < b->sequence;
}

static inline void bare_push(struct bare_heap *heap, size_t arity, int64_t at, uint32_t subject,
                             uint32_t kind)
{
    struct bare_event event = {at, heap->sequence++, subject, kind};
    size_t place = heap->count++;
    while (place > 0 && bare_earlier(&event, &heap->events[(place - 1) / arity])) {
        heap->events[place] = heap->events[(place - 1) / arity];
        place = (place - 1) / arity;
    }
    heap->events[place] = event;
}

/* There must be one. */
static inline struct bare_event bare_pop(struct bare_heap *heap, size_t arity)
{
    struct bare_event *events = heap->events, top = events[0], last = events[--heap->count];
    size_t place = 0;
    for (size_t first = 1; first < heap->count; first = arity * place + 1) {
        size_t least = first;
        for (size_t child = first + 1; child < first + arity && child < heap->count; child++)
            least = bare_earlier(&events[child], &events[least]) ? child : least;
        if (!bare_earlier(&events[least], &last))
            break;
        events[place] = events[least];
        place = least;
    }
    events[place] = last;
    return top;
}

#endif
