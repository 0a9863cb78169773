/* The pending-event set against a model too simple to be wrong, and at its edges. */
#include "engine/events.h"

#include "engine/random.h"
#include "tests/chance.h"

#include <string.h>

/* The model: an array in order of dispatch, the next one last. */
struct planned {
    struct event event;
    uint64_t order; /* of scheduling */
    event_id id;
};

enum { MODEL_ROOM = 4096, STALE_ROOM = 256, OPERATIONS = 1000000, PHASE = 4000 };

struct pair {
    struct events events;
    struct planned plan[MODEL_ROOM];
    size_t count;
    event_id stale[STALE_ROOM]; /* ids whose event is gone */
    size_t stales;
    uint64_t added;
    event_id *given; /* every id ever handed out */
    struct stream stream;
};

static bool goes_first(const struct planned *a, const struct planned *b)
{
    if (a->event.at != b->event.at)
        return a->event.at < b->event.at;
    if (a->event.priority != b->event.priority)
        return a->event.priority < b->event.priority;
    return a->order < b->order;
}

static void plan_add(struct pair *pair, const struct planned *planned)
{
    size_t low = 0, high = pair->count; /* below `low` all go after the new one */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (goes_first(planned, &pair->plan[middle]))
            low = middle + 1;
        else
            high = middle;
    }
    memmove(&pair->plan[low + 1], &pair->plan[low], (pair->count - low) * sizeof *pair->plan);
    pair->plan[low] = *planned;
    pair->count++;
}

static void retire(struct pair *pair, event_id id)
{
    pair->stale[pair->stales++ % STALE_ROOM] = id;
}

/* Times of four kinds: one of ten moments, all the same, spread out, and far. */
static simtime some_time(struct stream *stream)
{
    switch (stream_below(stream, 4)) {
    case 0:
        return stream_below(stream, 10);
    case 1:
        return 5;
    case 2:
        return stream_below(stream, 1000000);
    default:
        return SIMTIME_NEVER - 1 - stream_below(stream, 3);
    }
}

static void add(struct pair *pair)
{
    struct stream *stream = &pair->stream;
    struct planned planned = {.order = ++pair->added};
    static const uint16_t priorities[] = {0, 0, 0, 1, 2, EVENTS_LAST_PRIORITY};
    planned.event =
        (struct event){some_time(stream), stream_u32(stream), stream_u32(stream),
                       (uint16_t)stream_u32(stream), priorities[stream_below(stream, 6)]};
    planned.id = events_add(&pair->events, &planned.event);
    assert_true(planned.id != 0);
    pair->given[pair->added - 1] = planned.id;
    plan_add(pair, &planned);
}

static void pop(struct pair *pair)
{
    struct event event = {0};
    if (pair->count == 0) {
        assert_true(events_next(&pair->events) == SIMTIME_NEVER);
        assert_false(events_pop(&pair->events, &event));
        return;
    }
    const struct planned *next = &pair->plan[--pair->count];
    if (stream_below(&pair->stream, 2))
        assert_true(events_next(&pair->events) == next->event.at);
    assert_true(events_pop(&pair->events, &event));
    assert_true(event.at == next->event.at && event.subject == next->event.subject);
    assert_true(event.detail == next->event.detail && event.kind == next->event.kind);
    assert_true(event.priority == next->event.priority);
    retire(pair, next->id);
}

static void cancel(struct pair *pair)
{
    if (pair->count == 0)
        return;
    size_t which = stream_below(&pair->stream, (uint32_t)pair->count);
    event_id id = pair->plan[which].id;
    assert_true(events_cancel(&pair->events, id));
    assert_false(events_cancel(&pair->events, id));
    pair->count--;
    memmove(&pair->plan[which], &pair->plan[which + 1], (pair->count - which) * sizeof *pair->plan);
    retire(pair, id);
}

static void cancel_stale(struct pair *pair)
{
    size_t kept = pair->stales < STALE_ROOM ? pair->stales : STALE_ROOM;
    if (kept > 0)
        assert_false(
            events_cancel(&pair->events, pair->stale[stream_below(&pair->stream, (uint32_t)kept)]));
}

/* In a phase one operation is more frequent than the rest, so that the set swells, runs dry, and
 * fills with the dead by turns. */
static void operate(struct pair *pair, unsigned phase)
{
    uint32_t choice = stream_below(&pair->stream, 10);
    unsigned favoured = phase % 4;
    unsigned what = choice < 4 ? favoured : choice % 4;
    if (what == 0 && pair->count < MODEL_ROOM)
        add(pair);
    else if (what == 1)
        pop(pair);
    else if (what == 2)
        cancel(pair);
    else
        cancel_stale(pair);
    assert_true(events_live(&pair->events) == pair->count);
}

static int order_ids(const void *a, const void *b)
{
    event_id left = *(const event_id *)a, right = *(const event_id *)b;
    return (left > right) - (left < right);
}

static void check_against_the_model(enum events_form form)
{
    struct pair *pair = chance_room(1, sizeof *pair);
    pair->given = chance_room(OPERATIONS, sizeof *pair->given);
    stream_init(&pair->stream, (struct stream_key){.seed = 51});
    events_init(&pair->events, 0, form);
    for (unsigned i = 0; i < OPERATIONS; i++)
        operate(pair, i / PHASE);
    while (pair->count > 0)
        pop(pair);
    pop(pair);
    assert_true(pair->added > OPERATIONS / 5);
    qsort(pair->given, pair->added, sizeof *pair->given, order_ids);
    for (uint64_t i = 1; i < pair->added; i++)
        assert_true(pair->given[i] != pair->given[i - 1]); /* ids are never reused */
    events_fini(&pair->events);
    free(pair->given);
    free(pair);
}

static void test_a_heap_against_the_model(void **state)
{
    (void)state;
    check_against_the_model(EVENTS_HEAP);
}

static void test_a_ladder_against_the_model(void **state)
{
    (void)state;
    check_against_the_model(EVENTS_LADDER);
}

static void test_both_against_the_model(void **state)
{
    (void)state;
    check_against_the_model(EVENTS_AUTO);
}

static event_id add_at(struct events *events, simtime at, uint16_t priority, uint32_t subject)
{
    struct event event = {at, subject, 0, 0, priority};
    return events_add(events, &event);
}

static uint32_t pop_subject(struct events *events)
{
    struct event event = {0};
    assert_true(events_pop(events, &event));
    return event.subject;
}

static void test_ties(void **state)
{
    (void)state;
    struct events events;
    events_init(&events, 4, EVENTS_AUTO);
    (void)add_at(&events, 7, EVENTS_LAST_PRIORITY, 5);
    (void)add_at(&events, 7, 1, 3);
    (void)add_at(&events, 7, 0, 1);
    (void)add_at(&events, 7, 1, 4);
    (void)add_at(&events, 7, 0, 2);
    (void)add_at(&events, 6, EVENTS_LAST_PRIORITY, 0);
    (void)add_at(&events, 8, 0, 6);
    for (uint32_t i = 0; i <= 6; i++)
        assert_int_equal(pop_subject(&events), i);
    events_fini(&events);
}

static void test_ids_that_name_nothing(void **state)
{
    (void)state;
    struct events events;
    events_init(&events, 0, EVENTS_AUTO);
    assert_false(events_cancel(&events, 0));
    assert_false(events_cancel(&events, UINT64_MAX));
    event_id first = add_at(&events, 1, 0, 1);
    assert_false(events_cancel(&events, first + 1)); /* its neighbour's slot */
    assert_false(events_cancel(&events, first + (UINT64_C(1) << 24)));
    assert_int_equal(pop_subject(&events), 1);
    assert_false(events_cancel(&events, first));
    event_id second = add_at(&events, 1, 0, 2); /* in the same slot */
    assert_true(second != first);
    assert_false(events_cancel(&events, first));
    assert_true(events_cancel(&events, second));
    assert_true(events_next(&events) == SIMTIME_NEVER);
    events_fini(&events);
}

static void test_empty(void **state)
{
    (void)state;
    struct events events;
    struct event event = {0};
    events_init(&events, 0, EVENTS_AUTO);
    assert_true(events_next(&events) == SIMTIME_NEVER);
    assert_false(events_pop(&events, &event));
    assert_true(events_cancel(&events, add_at(&events, 3, 0, 0)));
    assert_true(events_next(&events) == SIMTIME_NEVER);
    assert_false(events_pop(&events, &event));
    events_fini(&events);
    events_fini(&events); /* leaves an empty set, freed twice without harm */
}

static void test_growth(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    struct events events;
    events_init(&events, 0, EVENTS_AUTO);
    for (uint32_t i = 0; i < MANY; i++)
        (void)add_at(&events, (i * UINT32_C(2654435761)) % MANY, 0, i);
    assert_int_equal(events_live(&events), MANY);
    struct event event = {0}, last = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        assert_true(events_pop(&events, &event));
        assert_true(last.at < event.at || (last.at == event.at && last.subject <= event.subject));
        last = event;
    }
    assert_false(events_pop(&events, &event));
    events_fini(&events);
}

/* Timers set and cancelled for ever must not fill the memory, though none of them surfaces. */
static void test_the_dead_are_buried(void **state)
{
    (void)state;
    struct events events;
    events_init(&events, 0, EVENTS_AUTO);
    (void)add_at(&events, 1, 0, 99);
    for (uint32_t i = 0; i < 100000; i++) {
        assert_true(events_cancel(&events, add_at(&events, 1000 + i, 0, i)));
        assert_true(events.front.count + events.ladder.count <= 65);
    }
    assert_true(events.capacity <= 128);
    assert_int_equal(pop_subject(&events), 99);
    events_fini(&events);
}

/* What survives a burial is still in order, whichever died. */
static void test_order_after_a_burial(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    static event_id ids[MANY];
    for (uint32_t keep = 2; keep <= 7; keep++) {
        struct events events;
        events_init(&events, MANY, EVENTS_AUTO);
        for (uint32_t i = 0; i < MANY; i++)
            ids[i] = add_at(&events, MANY - i, 0, i);
        for (uint32_t i = 0; i < MANY; i++)
            assert_true(i % keep == 0 || events_cancel(&events, ids[i]));
        assert_true(events_live(&events) == (MANY + keep - 1) / keep);
        for (uint32_t i = MANY; i > 0; i--)
            assert_true((i - 1) % keep != 0 || pop_subject(&events) == i - 1);
        assert_true(events_next(&events) == SIMTIME_NEVER);
        events_fini(&events);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_heap_against_the_model),
        cmocka_unit_test(test_a_ladder_against_the_model),
        cmocka_unit_test(test_both_against_the_model),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_ids_that_name_nothing),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_the_dead_are_buried),
        cmocka_unit_test(test_order_after_a_burial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
