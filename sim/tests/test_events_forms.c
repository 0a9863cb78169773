/* The forms of the pending-event set side by side: whatever is scheduled, they dispatch the same
 * events in the same order, and sets of some thousands in that of a plain sorted array. (Schedules
 * that go back in time, and ids, are in test_events.c.) */
#include "engine/events.h"

#include "engine/random.h"
#include "tests/chance.h"

#include <string.h>

enum { FORMS = 3, OPERATIONS = 1000000, RECENT = 4096, SORTED = 4096 };

/* Too simple to be wrong: an array in order of dispatch, the next event last. */
struct sorted {
    struct event events[SORTED];
    size_t count;
};

struct trio {
    struct events sets[FORMS]; /* by enum events_form */
    struct stream stream;
    simtime now;
    size_t most; /* it swells to so many, runs down to a quarter of them, and so on */
    bool swelling;
    event_id recent[RECENT][FORMS]; /* each its own; some are gone */
    uint32_t added;
    struct sorted *sorted; /* may be null */
};

typedef simtime delay_of(struct trio *trio);

/* Spread out as in a run: one event a customer. */
static simtime exponential_delay(struct trio *trio)
{
    return simtime_from_seconds(stream_exponential(&trio->stream, 1.0));
}

/* Few moments, so that most are at the same nanosecond as many others. */
static simtime tied_delay(struct trio *trio)
{
    return 1000000 * (simtime)stream_below(&trio->stream, 4);
}

/* Everything of the next second is planned within a microsecond of it; much happens at once. */
static simtime bursty_delay(struct trio *trio)
{
    simtime second = (trio->now / SIMTIME_SECOND + 1) * SIMTIME_SECOND;
    if (stream_below(&trio->stream, 4) == 0)
        return stream_below(&trio->stream, 2);
    return second - trio->now + stream_below(&trio->stream, 1000);
}

/* From nanoseconds to centuries: every rung is used. */
static simtime wide_delay(struct trio *trio)
{
    simtime room = SIMTIME_NEVER - 1 - trio->now;
    simtime delay = (simtime)(stream_u64(&trio->stream) >> (2 + stream_below(&trio->stream, 62)));
    return delay < room ? delay : room;
}

/* In the hole before a far group and a near one: buckets of one key, and of very many. */
static simtime uneven_delay(struct trio *trio)
{
    return stream_below(&trio->stream, 100) == 0 ? SIMTIME_DAY
                                                 : (simtime)stream_below(&trio->stream, 5000);
}

/* Behind all that are not later: its sequence is the last. */
static void sorted_add(struct sorted *sorted, const struct event *event)
{
    size_t place = sorted->count++;
    assert_true(place < SORTED);
    for (; place > 0; place--) {
        const struct event *other = &sorted->events[place - 1];
        if (other->at > event->at || (other->at == event->at && other->priority > event->priority))
            break;
        sorted->events[place] = *other;
    }
    sorted->events[place] = *event;
}

/* False where it is not there. */
static bool sorted_remove(struct sorted *sorted, uint32_t subject)
{
    size_t place = 0;
    while (place < sorted->count && sorted->events[place].subject != subject)
        place++;
    if (place == sorted->count)
        return false;
    sorted->count--;
    memmove(&sorted->events[place], &sorted->events[place + 1],
            (sorted->count - place) * sizeof *sorted->events);
    return true;
}

static void add(struct trio *trio, delay_of *delay)
{
    static const uint16_t priorities[] = {0, 0, 0, 1, EVENTS_LAST_PRIORITY};
    struct event event = {trio->now + delay(trio), trio->added, ~trio->added, (uint16_t)trio->added,
                          priorities[stream_below(&trio->stream, 5)]};
    for (int i = 0; i < FORMS; i++)
        trio->recent[trio->added % RECENT][i] = events_add(&trio->sets[i], &event);
    if (trio->sorted != NULL)
        sorted_add(trio->sorted, &event);
    trio->added++;
}

static bool same_event(const struct event *a, const struct event *b)
{
    return a->at == b->at && a->subject == b->subject && a->detail == b->detail &&
           a->kind == b->kind && a->priority == b->priority;
}

static void pop(struct trio *trio)
{
    struct event event = {0}, other = {0};
    bool any = events_pop(&trio->sets[0], &event);
    for (int i = 1; i < FORMS; i++) {
        assert_true(events_pop(&trio->sets[i], &other) == any);
        assert_true(!any || same_event(&event, &other));
    }
    if (trio->sorted != NULL) {
        assert_true(any == (trio->sorted->count > 0));
        assert_true(!any || same_event(&event, &trio->sorted->events[--trio->sorted->count]));
    }
    if (any) {
        assert_true(event.at >= trio->now);
        trio->now = event.at;
    }
}

static void cancel(struct trio *trio)
{
    uint32_t place = stream_below(&trio->stream, RECENT);
    const event_id *ids = trio->recent[place];
    bool cancelled = events_cancel(&trio->sets[0], ids[0]);
    if (trio->sorted != NULL && trio->added > place) {
        uint32_t subject = (trio->added - 1 - place) / RECENT * RECENT + place;
        assert_true(sorted_remove(trio->sorted, subject) == cancelled);
    }
    for (int i = 1; i < FORMS; i++)
        assert_true(events_cancel(&trio->sets[i], ids[i]) == cancelled);
}

/* Of a hundred operations `cancels` cancel; the others add or take. */
static void operate(struct trio *trio, delay_of *delay, unsigned cancels)
{
    size_t live = events_live(&trio->sets[0]);
    if (live >= trio->most)
        trio->swelling = false;
    else if (live <= trio->most / 4)
        trio->swelling = true;
    unsigned choice = stream_below(&trio->stream, 100);
    if (choice < cancels)
        cancel(trio);
    else if (choice - cancels < (100 - cancels) * (trio->swelling ? 7 : 3) / 10)
        add(trio, delay);
    else
        pop(trio);
    assert_true(events_live(&trio->sets[1]) == events_live(&trio->sets[0]));
    assert_true(events_live(&trio->sets[2]) == events_live(&trio->sets[0]));
}

static void run(delay_of *delay, unsigned cancels, size_t most, uint64_t entity,
                struct sorted *sorted)
{
    struct trio *trio = chance_room(1, sizeof *trio);
    trio->sorted = sorted;
    stream_init(&trio->stream, (struct stream_key){.seed = 52, .entity = entity});
    trio->most = most;
    for (int i = 0; i < FORMS; i++)
        events_init(&trio->sets[i], 0, (enum events_form)i);
    for (unsigned i = 0; i < OPERATIONS; i++)
        operate(trio, delay, cancels);
    while (events_live(&trio->sets[0]) > 0)
        pop(trio);
    pop(trio);
    for (int i = 0; i < FORMS; i++) {
        assert_true(events_next(&trio->sets[i]) == SIMTIME_NEVER);
        events_fini(&trio->sets[i]);
    }
    free(trio);
}

static void run_trio(delay_of *delay, unsigned cancels, size_t most, uint64_t entity)
{
    run(delay, cancels, most, entity, NULL);
    struct sorted *sorted = chance_room(1, sizeof *sorted);
    run(delay, cancels, 2000, entity + 100, sorted);
    free(sorted);
}

static void test_spread_out(void **state)
{
    (void)state;
    run_trio(exponential_delay, 0, 100000, 1);
    run_trio(exponential_delay, 30, 1200, 2); /* around the size at which a heap goes over */
}

static void test_tied(void **state)
{
    (void)state;
    run_trio(tied_delay, 10, 20000, 3);
}

static void test_bursty(void **state)
{
    (void)state;
    run_trio(bursty_delay, 10, 50000, 4);
}

static void test_wide(void **state)
{
    (void)state;
    run_trio(wide_delay, 10, 50000, 5);
}

static void test_uneven_and_cancelled(void **state)
{
    (void)state;
    run_trio(uneven_delay, 45, 3000, 6);
}

/* Sequences of 32 bits begin again without a change of order, in all forms. */
static void test_sequences_begin_again(void **state)
{
    (void)state;
    struct trio *trio = chance_room(1, sizeof *trio);
    stream_init(&trio->stream, (struct stream_key){.seed = 53});
    for (int i = 0; i < FORMS; i++)
        events_init(&trio->sets[i], 0, (enum events_form)i);
    trio->sets[EVENTS_LADDER].origin = -(uint64_t)(UINT32_MAX - 1000);
    trio->sets[EVENTS_HEAP].origin = -(uint64_t)(UINT32_MAX - 2500);
    for (int i = 0; i < 5000; i++)
        add(trio, tied_delay);
    for (int i = 0; i < FORMS; i++)
        assert_true(trio->sets[i].number - trio->sets[i].origin < 6000);
    while (events_live(&trio->sets[0]) > 0)
        pop(trio);
    for (int i = 0; i < FORMS; i++)
        events_fini(&trio->sets[i]);
    free(trio);
}

/* A set that has reached its size allocates nothing more. */
static void test_no_memory_after_warm_up(void **state)
{
    (void)state;
    enum { PENDING = 20000, WARM_UP = 20 * PENDING };
    struct trio *trio = chance_room(1, sizeof *trio);
    stream_init(&trio->stream, (struct stream_key){.seed = 54});
    for (int i = 0; i < FORMS; i++)
        events_init(&trio->sets[i], 0, (enum events_form)i);
    for (int i = 0; i < PENDING; i++)
        add(trio, exponential_delay);
    struct trio before = {0};
    for (int i = 0; i < 2 * WARM_UP; i++) {
        if (i == WARM_UP)
            before = *trio;
        pop(trio);
        add(trio, exponential_delay);
    }
    for (int i = 0; i < FORMS; i++) {
        const struct events *was = &before.sets[i], *is = &trio->sets[i];
        assert_true(was->capacity == is->capacity && was->slots == is->slots);
        assert_true(was->front.keys == is->front.keys);
        assert_true(was->ladder.pool == is->ladder.pool);
        events_fini(&trio->sets[i]);
    }
    free(trio);
}

static void an_impossible_priority(void)
{
    struct events events;
    events_init(&events, 0, EVENTS_AUTO);
    (void)events_add(&events, &(struct event){.priority = EVENTS_LAST_PRIORITY + 1});
}

static void before_the_start(void)
{
    struct events events;
    events_init(&events, 0, EVENTS_AUTO);
    (void)events_add(&events, &(struct event){.at = -1});
}

static void test_bugs_are_caught(void **state)
{
    (void)state;
    assert_aborts(an_impossible_priority);
    assert_aborts(before_the_start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spread_out),
        cmocka_unit_test(test_tied),
        cmocka_unit_test(test_bursty),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_uneven_and_cancelled),
        cmocka_unit_test(test_sequences_begin_again),
        cmocka_unit_test(test_no_memory_after_warm_up),
        cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
