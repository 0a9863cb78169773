#include "engine/events_heap.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 64, LEAD = 3 }; /* keys before the root, so that keys[1] begins a line */

void event_heap_reserve(struct event_heap *heap, size_t capacity)
{
    capacity = capacity < 16 ? 16 : (capacity + 3) / 4 * 4;
    if (capacity <= heap->capacity)
        return;
    event_key *block = aligned_alloc(LINE_BYTES, (capacity + 4) * sizeof *block);
    CHECK(block != NULL);
    if (heap->keys != NULL) {
        memcpy(block + LEAD, heap->keys, heap->count * sizeof *block);
        free(heap->keys - LEAD);
    }
    heap->keys = block + LEAD;
    heap->capacity = capacity;
}

void event_heap_fini(struct event_heap *heap)
{
    if (heap->keys != NULL)
        free(heap->keys - LEAD);
    *heap = (struct event_heap){0};
}

static void fall(event_key *keys, size_t count, size_t at)
{
    event_key key = keys[at];
    for (size_t first = 4 * at + 1; first < count; first = 4 * at + 1) {
        size_t least = first;
        for (size_t child = first + 1; child < first + 4 && child < count; child++)
            least = keys[child] < keys[least] ? child : least;
        if (key < keys[least])
            break;
        keys[at] = keys[least];
        at = least;
    }
    keys[at] = key;
}

void event_heap_order(struct event_heap *heap)
{
    for (size_t i = (heap->count + 2) / 4; i > 0; i--) /* the last parent first (Floyd) */
        fall(heap->keys, heap->count, i - 1);
}
