/*
 * A ladder of buckets for event keys: the part of a large set that need not be in order yet.
 *
 * The ladder looks at a time digit by digit in base 64, from a base moment. A key goes to the rung
 * of the first digit in which its time differs from the base, and there to the bucket of that
 * digit. The next bucket is then the lowest one on the lowest rung that is not empty; a bucket too
 * large to sort is dealt out over the rungs below, with its beginning as the new base. So a key
 * moves at most once a rung, and there are eleven: O(1), whatever the times are like, and nothing
 * to tune. It is a ladder queue (Tang, Goh and Thng, ACM TOMACS 15(3), 2005) whose rungs lie where
 * a radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, JACM 37(2), 1990) has them.
 *
 * Buckets are lists of chunks from one pool, so that a key is written next to the one before it.
 */
#ifndef CASHPOINT_EVENTS_LADDER_H
#define CASHPOINT_EVENTS_LADDER_H

#include "engine/events_heap.h"

#include <stdbool.h>

enum {
    LADDER_DIGIT_BITS = 6,
    LADDER_BUCKETS = 1 << LADDER_DIGIT_BITS, /* a rung */
    LADDER_RUNGS = (64 + LADDER_DIGIT_BITS - 1) / LADDER_DIGIT_BITS,
    LADDER_CHUNK = 15, /* keys */
};

struct ladder_chunk {
    event_key keys[LADDER_CHUNK];
    uint32_t count;
    uint32_t next; /* a chunk that is full, or free; LADDER_NONE: none */
};

#define LADDER_NONE UINT32_MAX

struct ladder_bucket {
    uint32_t chunk; /* the newest; LADDER_NONE: empty */
    uint32_t count; /* keys */
};

struct event_ladder {
    struct ladder_bucket buckets[LADDER_RUNGS][LADDER_BUCKETS];
    uint64_t filled[LADDER_RUNGS]; /* a bit for each bucket that is not empty */
    uint32_t rungs;                /* a bit for each rung that is not empty */
    uint64_t base;                 /* no key is earlier */
    size_t count;                  /* keys */
    struct ladder_chunk *pool;
    uint32_t capacity, used, free; /* chunks there are, were ever taken, and the first free one */
};

void event_ladder_init(struct event_ladder *ladder);
void event_ladder_fini(struct event_ladder *ladder);

/* The key's time must not be before the base. */
void event_ladder_add(struct event_ladder *ladder, event_key key);

/* Takes the next bucket that holds at most `most` keys, or has one time only, into the heap, which
 * must have none of a later time; makes a heap of it. Returns the moment the bucket ends (excluded;
 * UINT64_MAX: never), 0 where the ladder is empty. */
uint64_t event_ladder_take(struct event_ladder *ladder, uint32_t most, struct event_heap *heap);

/* Keeps the keys for which `keep` is true. */
void event_ladder_filter(struct event_ladder *ladder, bool (*keep)(void *argument, event_key key),
                         void *argument);

/* Takes everything, in no order, to the end of `keys`; returns how many. */
size_t event_ladder_take_all(struct event_ladder *ladder, event_key *keys);

#endif
