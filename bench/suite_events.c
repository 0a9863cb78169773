/*
 * The pending-event set under the HOLD model: take the earliest event, put it back an exponential
 * time later, for ever, so that the number pending stays what it is.
 *
 * The times come from a table, which costs the same small share of every row. A batch whose events
 * come out of order is a wrong answer.
 */
#include "bench/peers/bare_heap.h"
#include "bench/suite.h"
#include "engine/events.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { GAPS = 4096, HOLDS = 10000 };

static const struct answer in_order = {.text = "in order"};

struct hold_work {
    size_t pending, warm_up; /* the set has its shape after some holds */
    simtime gaps[GAPS];
};

struct hold {
    struct events events;
    struct bare_heap heap;
    uint64_t random;
};

/* Marsaglia's xorshift (2003): next to nothing, and good enough to choose from a table. */
static simtime next_gap(struct hold *hold, const struct hold_work *work)
{
    hold->random ^= hold->random << 13;
    hold->random ^= hold->random >> 7;
    hold->random ^= hold->random << 17;
    return work->gaps[hold->random % GAPS];
}

static struct hold *new_hold(void)
{
    struct hold *hold = calloc(1, sizeof *hold);
    CHECK(hold != NULL);
    hold->random = UINT64_C(88172645463325252);
    return hold;
}

static void close_hold(void *scratch)
{
    struct hold *hold = scratch;
    if (hold->heap.events == NULL)
        events_fini(&hold->events);
    free(hold->heap.events);
    free(hold);
}

static void report(bool disorder, struct answer *answer)
{
    if (disorder)
        snprintf(answer->text, sizeof answer->text, "disorder");
    else
        *answer = in_order;
}

static bool hold_events(struct hold *hold, const struct hold_work *work, size_t holds)
{
    struct event event = {0};
    simtime last = 0;
    bool disorder = false;
    for (size_t i = 0; i < holds; i++) {
        disorder |= !events_pop(&hold->events, &event) || event.at < last;
        last = event.at;
        event.at += next_gap(hold, work);
        (void)events_add(&hold->events, &event);
    }
    return disorder;
}

static void *open_events(const struct hold_work *work, enum events_form form)
{
    struct hold *hold = new_hold();
    events_init(&hold->events, work->pending, form);
    for (size_t i = 0; i < work->pending; i++)
        (void)events_add(&hold->events,
                         &(struct event){.at = next_gap(hold, work), .subject = (uint32_t)i});
    (void)hold_events(hold, work, work->warm_up);
    return hold;
}

static void *open_auto(const void *work)
{
    return open_events(work, EVENTS_AUTO);
}

static void *open_heap(const void *work)
{
    return open_events(work, EVENTS_HEAP);
}

static void run_events(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)item;
    report(hold_events(scratch, work, HOLDS), answer);
}

static inline bool hold_bare(struct hold *hold, const struct hold_work *work, size_t holds,
                             size_t arity)
{
    simtime last = 0;
    bool disorder = false;
    for (size_t i = 0; i < holds; i++) {
        struct bare_event event = bare_pop(&hold->heap, arity);
        disorder |= event.at < last;
        last = event.at;
        bare_push(&hold->heap, arity, event.at + next_gap(hold, work), event.subject, event.kind);
    }
    return disorder;
}

static void *open_bare(const struct hold_work *work, size_t arity)
{
    struct hold *hold = new_hold();
    hold->heap.events = calloc(work->pending + 1, sizeof *hold->heap.events);
    CHECK(hold->heap.events != NULL);
    for (size_t i = 0; i < work->pending; i++)
        bare_push(&hold->heap, arity, next_gap(hold, work), (uint32_t)i, 0);
    (void)hold_bare(hold, work, work->warm_up, arity);
    return hold;
}

static void *open_bare2(const void *work)
{
    return open_bare(work, 2);
}

static void *open_bare4(const void *work)
{
    return open_bare(work, 4);
}

static void run_bare2(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)item;
    report(hold_bare(scratch, work, HOLDS, 2), answer);
}

static void run_bare4(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)item;
    report(hold_bare(scratch, work, HOLDS, 4), answer);
}

static const struct subject bare2 = {.name = "bare binary heap",
                                     .open = open_bare2,
                                     .close = close_hold,
                                     .run = run_bare2,
                                     .answers = true,
                                     .peer = true,
                                     .operations = HOLDS};
static const struct subject bare4 = {.name = "bare 4-ary heap",
                                     .open = open_bare4,
                                     .close = close_hold,
                                     .run = run_bare4,
                                     .answers = true,
                                     .peer = true,
                                     .operations = HOLDS};
static const struct subject heap = {.name = "cashpoint, heap",
                                    .open = open_heap,
                                    .close = close_hold,
                                    .run = run_events,
                                    .answers = true,
                                    .operations = HOLDS};
static const struct subject chosen = {.name = "cashpoint",
                                      .open = open_auto,
                                      .close = close_hold,
                                      .run = run_events,
                                      .answers = true,
                                      .operations = HOLDS};

#define PUBLISHED "published, same kind of machine, their own random numbers in it: "

static const struct {
    size_t pending;
    const char *name, *note;
} sizes[] = {
    {100, "hold-1e2", PUBLISHED "Cimba 3.0 79 ns, ns-3.37 89 ns, SimGrid 3.32 724 ns"},
    {10000, "hold-1e4", PUBLISHED "Cimba 3.0 164 ns, ns-3.37 154 ns, SimGrid 3.32 3558 ns"},
    {1000000, "hold-1e6", PUBLISHED "Cimba 3.0 704 ns, ns-3.37 427 ns"},
};

/* The middles of equal shares of Exp(1 s), shuffled by the choice. */
static void fill_gaps(struct hold_work *work)
{
    for (int i = 0; i < GAPS; i++)
        work->gaps[i] = simtime_from_seconds(-log((i + 0.5) / GAPS));
}

static void run_size(struct bench *bench, struct hold_work *work, size_t which)
{
    const struct effort *effort = bench_effort(bench);
    const char *name = sizes[which].name;
    work->pending = sizes[which].pending;
    work->warm_up = 5 * work->pending;
    if (effort->quick && work->pending > 10000) {
        work->pending = 50000; /* or making the set would take longer than all the rest */
        work->warm_up = 0;
        name = "hold-5e4";
    }
    struct answer *truths = calloc(effort->items, sizeof *truths);
    CHECK(truths != NULL);
    for (size_t i = 0; i < effort->items; i++)
        truths[i] = in_order;
    struct subject noted = chosen;
    noted.note = work->pending == sizes[which].pending ? sizes[which].note : NULL;
    double bare_s = bench_measure(bench, name, &bare2, work, truths, 0)->median_s;
    bench_measure(bench, name, &bare4, work, truths, bare_s);
    bench_measure(bench, name, &heap, work, truths, bare_s);
    bench_measure(bench, name, &noted, work, truths, bare_s);
    free(truths);
}

static void run(struct bench *bench)
{
    struct hold_work work;
    fill_gaps(&work);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        run_size(bench, &work, i);
}

const struct suite suite_events = {
    "events",
    "The pending-event set, HOLD model at 1e2, 1e4 and 1e6 pending; peers: bare heaps",
    run,
    "bare_heap",
    "a hold (take one event, add one)",
    NULL,
    false};
