#include "engine/events_ladder.h"

#include "engine/error.h"

#include <stdlib.h>

void event_ladder_init(struct event_ladder *ladder)
{
    *ladder = (struct event_ladder){.free = LADDER_NONE};
    for (int rung = 0; rung < LADDER_RUNGS; rung++)
        for (int i = 0; i < LADDER_BUCKETS; i++)
            ladder->buckets[rung][i].chunk = LADDER_NONE;
}

void event_ladder_fini(struct event_ladder *ladder)
{
    free(ladder->pool);
    event_ladder_init(ladder);
}

static void grow(struct event_ladder *ladder)
{
    CHECK(ladder->capacity < LADDER_NONE / 2);
    ladder->capacity = ladder->capacity == 0 ? 256 : 2 * ladder->capacity;
    ladder->pool = realloc(ladder->pool, ladder->capacity * sizeof *ladder->pool);
    CHECK(ladder->pool != NULL);
}

/* An empty chunk in front of `next`. */
static uint32_t new_chunk(struct event_ladder *ladder, uint32_t next)
{
    uint32_t chunk = ladder->free;
    if (chunk != LADDER_NONE) {
        ladder->free = ladder->pool[chunk].next;
    } else {
        if (ladder->used == ladder->capacity)
            grow(ladder);
        chunk = ladder->used++;
    }
    ladder->pool[chunk].count = 0;
    ladder->pool[chunk].next = next;
    return chunk;
}

static void free_chunk(struct event_ladder *ladder, uint32_t chunk)
{
    ladder->pool[chunk].next = ladder->free;
    ladder->free = chunk;
}

void event_ladder_add(struct event_ladder *ladder, event_key key)
{
    uint64_t at = (uint64_t)(key >> 64);
    unsigned rung = (unsigned)(63 - __builtin_clzll((at ^ ladder->base) | 1)) / LADDER_DIGIT_BITS;
    unsigned digit = at >> rung * LADDER_DIGIT_BITS & (LADDER_BUCKETS - 1);
    struct ladder_bucket *bucket = &ladder->buckets[rung][digit];
    if (bucket->chunk == LADDER_NONE || ladder->pool[bucket->chunk].count == LADDER_CHUNK) {
        bucket->chunk = new_chunk(ladder, bucket->chunk);
        ladder->filled[rung] |= UINT64_C(1) << digit;
        ladder->rungs |= UINT32_C(1) << rung;
    }
    struct ladder_chunk *chunk = &ladder->pool[bucket->chunk];
    chunk->keys[chunk->count++] = key;
    bucket->count++;
    ladder->count++;
}

/* Empties the bucket; its chunks are the caller's to free. */
static struct ladder_bucket detach(struct event_ladder *ladder, unsigned rung, unsigned digit)
{
    struct ladder_bucket bucket = ladder->buckets[rung][digit];
    ladder->buckets[rung][digit] = (struct ladder_bucket){.chunk = LADDER_NONE};
    ladder->count -= bucket.count;
    ladder->filled[rung] &= ~(UINT64_C(1) << digit);
    if (ladder->filled[rung] == 0)
        ladder->rungs &= ~(UINT32_C(1) << rung);
    return bucket;
}

/* Copies out the chunk's keys, frees it and goes on to the next. */
static uint32_t take_chunk(struct event_ladder *ladder, uint32_t *chunk, event_key *keys)
{
    const struct ladder_chunk *from = &ladder->pool[*chunk];
    uint32_t count = from->count, next = from->next;
    if (next != LADDER_NONE)
        for (size_t line = 0; line < sizeof *from; line += 64)
            __builtin_prefetch((const char *)&ladder->pool[next] + line);
    for (uint32_t i = 0; i < count; i++)
        keys[i] = from->keys[i];
    free_chunk(ladder, *chunk);
    *chunk = next;
    return count;
}

static void deal_out(struct event_ladder *ladder, uint32_t chunk)
{
    while (chunk != LADDER_NONE) {
        event_key keys[LADDER_CHUNK];
        uint32_t count = take_chunk(ladder, &chunk, keys);
        for (uint32_t i = 0; i < count; i++)
            event_ladder_add(ladder, keys[i]);
    }
}

uint64_t event_ladder_take(struct event_ladder *ladder, uint32_t most, struct event_heap *heap)
{
    while (ladder->rungs != 0) {
        unsigned rung = (unsigned)__builtin_ctz(ladder->rungs);
        unsigned digit = (unsigned)__builtin_ctzll(ladder->filled[rung]);
        unsigned shift = rung * LADDER_DIGIT_BITS;
        uint64_t width = UINT64_C(1) << shift;
        uint64_t above =
            shift + LADDER_DIGIT_BITS < 64 ? ~UINT64_C(0) << (shift + LADDER_DIGIT_BITS) : 0;
        ladder->base = (ladder->base & above) | (uint64_t)digit << shift;
        struct ladder_bucket bucket = detach(ladder, rung, digit);
        if (bucket.count > most && rung > 0) {
            deal_out(ladder, bucket.chunk);
            continue;
        }
        event_heap_reserve(heap, heap->count + bucket.count + LADDER_CHUNK);
        while (bucket.chunk != LADDER_NONE)
            heap->count += take_chunk(ladder, &bucket.chunk, heap->keys + heap->count);
        event_heap_order(heap);
        uint64_t end = ladder->base + width;
        return end == 0 ? UINT64_MAX : end;
    }
    return 0;
}

static void filter_bucket(struct event_ladder *ladder, unsigned rung, unsigned digit,
                          bool (*keep)(void *argument, event_key key), void *argument)
{
    uint32_t chunk = detach(ladder, rung, digit).chunk;
    while (chunk != LADDER_NONE) {
        event_key keys[LADDER_CHUNK];
        uint32_t count = take_chunk(ladder, &chunk, keys);
        for (uint32_t i = 0; i < count; i++)
            if (keep(argument, keys[i]))
                event_ladder_add(ladder, keys[i]);
    }
}

void event_ladder_filter(struct event_ladder *ladder, bool (*keep)(void *argument, event_key key),
                         void *argument)
{
    for (unsigned rung = 0; rung < LADDER_RUNGS; rung++)
        for (uint64_t left = ladder->filled[rung]; left != 0; left &= left - 1)
            filter_bucket(ladder, rung, (unsigned)__builtin_ctzll(left), keep, argument);
}

size_t event_ladder_take_all(struct event_ladder *ladder, event_key *keys)
{
    size_t count = 0;
    while (ladder->rungs != 0) {
        unsigned rung = (unsigned)__builtin_ctz(ladder->rungs);
        unsigned digit = (unsigned)__builtin_ctzll(ladder->filled[rung]);
        struct ladder_bucket bucket = detach(ladder, rung, digit);
        while (bucket.chunk != LADDER_NONE)
            count += take_chunk(ladder, &bucket.chunk, keys + count);
    }
    return count;
}
