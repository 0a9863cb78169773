/*
 * A 4-ary heap of event keys.
 *
 * A key is one number of 128 bits: time (64), priority (8), sequence (32), slot (24), so that one
 * comparison decides. The four children of a node share a cache line. Taking the top moves the
 * smallest children up to the bottom first and then puts the last key into the gap (Wegener 1993):
 * it nearly always belongs near there, and the way down has no branch to mispredict.
 */
#ifndef CASHPOINT_EVENTS_HEAP_H
#define CASHPOINT_EVENTS_HEAP_H

#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 event_key;

struct event_heap {
    event_key *keys; /* keys[1] begins a cache line */
    size_t count, capacity;
};

void event_heap_reserve(struct event_heap *heap, size_t capacity);
void event_heap_fini(struct event_heap *heap);

/* Makes a heap of keys in any order. */
void event_heap_order(struct event_heap *heap);

static inline void event_heap_rise(event_key *keys, size_t at, event_key key)
{
    while (at > 0) {
        size_t parent = (at - 1) / 4;
        if (keys[parent] < key)
            break;
        keys[at] = keys[parent];
        at = parent;
    }
    keys[at] = key;
}

static inline void event_heap_push(struct event_heap *heap, event_key key)
{
    if (heap->count == heap->capacity)
        event_heap_reserve(heap, 2 * heap->capacity);
    event_heap_rise(heap->keys, heap->count++, key);
}

/* The smallest of four neighbours, by conditional moves. */
static inline size_t event_heap_least(const event_key *keys, size_t first)
{
    size_t left = first + (keys[first + 1] < keys[first]);
    size_t right = first + 2 + (keys[first + 3] < keys[first + 2]);
    return keys[right] < keys[left] ? right : left;
}

/* Moves smallest children up into the gap until it has no four below; returns where it is. */
static inline size_t event_heap_sink(event_key *keys, size_t count, size_t gap)
{
    size_t first = 4 * gap + 1;
    for (; first + 4 <= count; first = 4 * gap + 1) {
        __builtin_prefetch(&keys[4 * first + 1]);
        __builtin_prefetch(&keys[4 * first + 5]);
        __builtin_prefetch(&keys[4 * first + 9]);
        __builtin_prefetch(&keys[4 * first + 13]);
        size_t least = event_heap_least(keys, first);
        keys[gap] = keys[least];
        gap = least;
    }
    if (first >= count)
        return gap;
    size_t least = first;
    for (size_t child = first + 1; child < count; child++)
        least = keys[child] < keys[least] ? child : least;
    keys[gap] = keys[least];
    return least;
}

/* Drops the top; there must be one. */
static inline void event_heap_drop(struct event_heap *heap)
{
    size_t last = --heap->count;
    if (last > 0)
        event_heap_rise(heap->keys, event_heap_sink(heap->keys, last, 0), heap->keys[last]);
}

#endif
