/*
 * The event loop allocates nothing once it is warm.
 *
 * The linker leads every call of malloc, calloc, realloc, aligned_alloc and free from the engine
 * through here (--wrap), where those of the loop are counted. CASHPOINT_LONG=1 in the environment
 * goes on ten times as long.
 */
#include "engine/kernel.h"
#include "engine/random.h"
#include "engine/resource.h"
#include "tests/chance.h"

#include <string.h>

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *block, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
void __real_free(void *block);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *block, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
void __wrap_free(void *block);

static uint64_t calls;

void *__wrap_malloc(size_t bytes)
{
    calls++;
    return __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    calls++;
    return __real_calloc(count, bytes);
}

void *__wrap_realloc(void *block, size_t bytes)
{
    calls++;
    return __real_realloc(block, bytes);
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes)
{
    calls++;
    return __real_aligned_alloc(alignment, bytes);
}

void __wrap_free(void *block)
{
    calls++;
    __real_free(block);
}

static uint64_t times_as_long(void)
{
    const char *wish = getenv("CASHPOINT_LONG");
    return wish != NULL && strcmp(wish, "1") == 0 ? 10 : 1;
}

/* M/M/1 at rho 0.9, in three priorities; who waits over 60 s leaves. The first hour is a rush of
 * ten times as many: a line that has been long once stays in its place, and a record set years
 * later would be no failure of the loop. */
enum { ARRIVAL, DEPARTURE, PATIENCE, CROWD = 4096 };

struct desk {
    struct kernel kernel;
    struct resource server;
    struct stream gaps, services;
    struct tally waits;
    uint32_t arrived;
    uint64_t reneged;
    event_id patience[CROWD]; /* by customer modulo CROWD, as the tickets */
    resource_ticket tickets[CROWD];
};

static void schedule(struct desk *desk, struct stream *stream, double mean_s, uint16_t kind,
                     uint32_t customer)
{
    (void)kernel_schedule(&desk->kernel, simtime_from_seconds(stream_exponential(stream, mean_s)),
                          kind, customer, 0);
}

static void on_arrival(void *world, const struct event *event)
{
    struct desk *desk = world;
    double mean_gap_s = event->at < SIMTIME_HOUR ? 0.1 / 0.9 : 1.0 / 0.9;
    schedule(desk, &desk->gaps, mean_gap_s, ARRIVAL, ++desk->arrived);
    uint32_t place = event->subject % CROWD;
    if (resource_ask(&desk->server, event->at, event->subject, event->subject % 3,
                     &desk->tickets[place]) == RESOURCE_GRANTED)
        schedule(desk, &desk->services, 1.0, DEPARTURE, event->subject);
    else
        desk->patience[place] =
            kernel_schedule(&desk->kernel, 60 * SIMTIME_SECOND, PATIENCE, event->subject, 0);
}

static void on_departure(void *world, const struct event *event)
{
    struct desk *desk = world;
    struct resource_claim next;
    if (!resource_release(&desk->server, event->at, &next))
        return;
    assert_true(kernel_cancel(&desk->kernel, desk->patience[next.subject % CROWD]));
    tally_add(&desk->waits, simtime_to_seconds(event->at - next.since));
    schedule(desk, &desk->services, 1.0, DEPARTURE, next.subject);
}

static void on_patience(void *world, const struct event *event)
{
    struct desk *desk = world;
    assert_true(resource_leave(&desk->server, event->at, desk->tickets[event->subject % CROWD]));
    desk->reneged++;
}

static void open_desk(struct desk *desk)
{
    stream_init(&desk->gaps, (struct stream_key){.seed = 61});
    stream_init(&desk->services, (struct stream_key){.seed = 61, .purpose = 1});
    kernel_init(&desk->kernel, desk, 0, EVENTS_AUTO);
    kernel_handle(&desk->kernel, ARRIVAL, on_arrival);
    kernel_handle(&desk->kernel, DEPARTURE, on_departure);
    kernel_handle(&desk->kernel, PATIENCE, on_patience);
    resource_init(&desk->server, 1);
    (void)kernel_schedule(&desk->kernel, 0, ARRIVAL, 0, 0);
}

static void test_a_desk_allocates_nothing(void **state)
{
    (void)state;
    struct desk *desk = chance_room(1, sizeof *desk);
    uint64_t at_first = calls;
    open_desk(desk);
    assert_true(kernel_run(&desk->kernel, 2 * SIMTIME_DAY, NULL));
    assert_true(calls > at_first); /* they are counted */
    uint64_t warm = calls, dispatched = desk->kernel.dispatched;
    assert_true(kernel_run(&desk->kernel, (2 + 10 * (simtime)times_as_long()) * SIMTIME_DAY, NULL));
    assert_true(desk->kernel.dispatched - dispatched > 1500000 && desk->reneged > 100);
    assert_int_equal(calls, warm);
    resource_fini(&desk->server);
    kernel_fini(&desk->kernel);
    free(desk);
}

/* HOLD, where each event that happens also plans another and calls off a third: so the set keeps
 * its size, most of what is added never happens, and the dead are buried again and again. */
enum { PENDING = 20000, HOLDS = 1000000 };

struct hold {
    struct events events;
    struct stream stream;
    event_id ids[PENDING]; /* of events planned; many have happened */
    uint64_t cancelled;
};

static void plan(struct hold *hold, simtime now)
{
    simtime delay = simtime_from_seconds(stream_exponential(&hold->stream, 1.0));
    struct event event = {.at = now + delay};
    hold->ids[stream_below(&hold->stream, PENDING)] = events_add(&hold->events, &event);
}

static void call_one_off(struct hold *hold)
{
    for (;;)
        if (events_cancel(&hold->events, hold->ids[stream_below(&hold->stream, PENDING)]))
            break;
    hold->cancelled++;
}

static void go_on(struct hold *hold, uint64_t holds)
{
    struct event event = {0};
    for (uint64_t i = 0; i < holds; i++) {
        assert_true(events_pop(&hold->events, &event));
        for (int k = 0; k < 3; k++)
            plan(hold, event.at);
        call_one_off(hold);
        call_one_off(hold);
    }
}

static void check_hold(enum events_form form)
{
    struct hold *hold = chance_room(1, sizeof *hold);
    stream_init(&hold->stream, (struct stream_key){.seed = 62});
    events_init(&hold->events, 0, form);
    for (int i = 0; i < PENDING; i++)
        plan(hold, 0);
    go_on(hold, HOLDS / 2);
    uint64_t warm = calls;
    go_on(hold, times_as_long() * HOLDS);
    assert_int_equal(calls, warm);
    assert_true(hold->cancelled > 2 * HOLDS && events_live(&hold->events) == PENDING);
    events_fini(&hold->events);
    free(hold);
}

static void test_holds_allocate_nothing(void **state)
{
    (void)state;
    check_hold(EVENTS_AUTO);
    check_hold(EVENTS_HEAP);
    check_hold(EVENTS_LADDER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_desk_allocates_nothing),
        cmocka_unit_test(test_holds_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
