/* The kernel: order, the end, stopping, and a fingerprint of all that happened. */
#include "engine/kernel.h"

#include "tests/chance.h"

/* A world that writes down what happens to it. */
struct diary {
    struct kernel kernel;
    struct event entries[64];
    simtime clock[64];
    unsigned count;
    unsigned chain;      /* events that event kind 1 schedules after itself, at once */
    unsigned stop_after; /* entries, then `stop` */
    bool stop;
    event_id victim; /* kind 2 cancels it */
    bool cancelled;
};

static void note(struct diary *diary, const struct event *event)
{
    assert_true(diary->count < 64);
    diary->clock[diary->count] = diary->kernel.now;
    diary->entries[diary->count++] = *event;
    if (diary->count == diary->stop_after)
        diary->stop = true;
}

static void on_plain(void *world, const struct event *event)
{
    note(world, event);
}

static void on_chain(void *world, const struct event *event)
{
    struct diary *diary = world;
    note(diary, event);
    if (diary->chain > 0) {
        diary->chain--;
        (void)kernel_schedule(&diary->kernel, 0, 1, event->subject + 1, 0);
    }
}

static void on_cancel(void *world, const struct event *event)
{
    struct diary *diary = world;
    note(diary, event);
    diary->cancelled = kernel_cancel(&diary->kernel, diary->victim);
}

static void diary_init(struct diary *diary)
{
    *diary = (struct diary){0};
    kernel_init(&diary->kernel, diary, 8, EVENTS_AUTO);
    kernel_handle(&diary->kernel, 0, on_plain);
    kernel_handle(&diary->kernel, 1, on_chain);
    kernel_handle(&diary->kernel, 2, on_cancel);
}

static void assert_subjects(const struct diary *diary, const uint32_t *subjects, unsigned count)
{
    assert_int_equal(diary->count, count);
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(diary->entries[i].subject, subjects[i]);
}

static void test_handlers_see_the_event_at_its_time(void **state)
{
    (void)state;
    struct diary diary;
    diary_init(&diary);
    (void)kernel_schedule(&diary.kernel, 5, 0, 7, 70);
    (void)kernel_schedule(&diary.kernel, 3, 0, 8, 80);
    assert_true(kernel_run(&diary.kernel, 10, NULL));
    assert_subjects(&diary, (const uint32_t[]){8, 7}, 2);
    assert_true(diary.clock[0] == 3 && diary.entries[0].at == 3 && diary.entries[0].detail == 80);
    assert_true(diary.clock[1] == 5 && diary.entries[1].at == 5 && diary.entries[1].detail == 70);
    assert_true(diary.kernel.now == 10);
    assert_int_equal(diary.kernel.dispatched, 2);
    kernel_fini(&diary.kernel);
}

/* All that happens in the last nanosecond happens, also what is only then scheduled for it. */
static void test_everything_at_the_end_runs(void **state)
{
    (void)state;
    struct diary diary;
    diary_init(&diary);
    diary.chain = 3;
    (void)kernel_schedule(&diary.kernel, 11, 0, 50, 0);
    (void)kernel_schedule(&diary.kernel, 10, 0, 20, 0);
    (void)kernel_schedule(&diary.kernel, 10, 1, 30, 0);
    (void)kernel_schedule(&diary.kernel, 10, 0, 40, 0);
    assert_true(kernel_run(&diary.kernel, 10, NULL));
    assert_subjects(&diary, (const uint32_t[]){20, 30, 40, 31, 32, 33}, 6);
    assert_true(diary.kernel.now == 10);
    assert_true(kernel_run(&diary.kernel, 10, NULL));
    assert_int_equal(diary.count, 6);
    assert_true(kernel_run(&diary.kernel, 12, NULL)); /* what lay beyond has not been lost */
    assert_int_equal(diary.entries[6].subject, 50);
    assert_true(diary.clock[6] == 11 && diary.kernel.now == 12);
    kernel_fini(&diary.kernel);
}

static void test_ties(void **state)
{
    (void)state;
    struct diary diary;
    diary_init(&diary);
    (void)kernel_schedule_event(&diary.kernel, &(struct event){4, 3, 0, 0, 2});
    (void)kernel_schedule_event(&diary.kernel, &(struct event){4, 2, 0, 0, 1});
    (void)kernel_schedule(&diary.kernel, 4, 0, 0, 0);
    (void)kernel_schedule_event(&diary.kernel, &(struct event){4, 4, 0, 0, 2});
    (void)kernel_schedule(&diary.kernel, 4, 0, 1, 0);
    assert_true(kernel_run(&diary.kernel, 4, NULL));
    assert_subjects(&diary, (const uint32_t[]){0, 1, 2, 3, 4}, 5);
    kernel_fini(&diary.kernel);
}

static void test_cancelling(void **state)
{
    (void)state;
    struct diary diary;
    diary_init(&diary);
    diary.victim = kernel_schedule(&diary.kernel, 4, 0, 9, 0);
    (void)kernel_schedule(&diary.kernel, 3, 2, 1, 0);
    (void)kernel_schedule(&diary.kernel, 5, 2, 2, 0);
    assert_true(kernel_run(&diary.kernel, 4, NULL));
    assert_true(diary.cancelled);
    assert_true(kernel_run(&diary.kernel, 9, NULL));
    assert_false(diary.cancelled); /* the second time */
    assert_subjects(&diary, (const uint32_t[]){1, 2}, 2);
    assert_int_equal(diary.kernel.dispatched, 2);
    kernel_fini(&diary.kernel);
}

static void plan_ten(struct diary *diary)
{
    diary_init(diary);
    for (uint32_t i = 0; i < 10; i++)
        (void)kernel_schedule(&diary->kernel, 10 * (simtime)i, 0, i, i);
}

static void test_stopping_and_going_on(void **state)
{
    (void)state;
    struct diary whole, parts;
    plan_ten(&whole);
    plan_ten(&parts);
    assert_true(kernel_run(&whole.kernel, 1000, &whole.stop));
    parts.stop_after = 4;
    assert_false(kernel_run(&parts.kernel, 1000, &parts.stop));
    assert_int_equal(parts.count, 4);
    assert_true(parts.kernel.now == 30);
    assert_false(kernel_run(&parts.kernel, 1000, &parts.stop)); /* still stopped */
    assert_int_equal(parts.count, 4);
    parts.stop = false;
    assert_true(kernel_run(&parts.kernel, 1000, &parts.stop));
    assert_int_equal(parts.count, 10);
    assert_true(parts.kernel.now == 1000);
    assert_true(parts.kernel.fingerprint == whole.kernel.fingerprint);
    kernel_fini(&whole.kernel);
    kernel_fini(&parts.kernel);
}

/* The fingerprint of two events, as if nothing else were in the world. */
static uint64_t fingerprint_of(struct event first, struct event second)
{
    struct diary diary;
    diary_init(&diary);
    (void)kernel_schedule_event(&diary.kernel, &first);
    (void)kernel_schedule_event(&diary.kernel, &second);
    assert_true(kernel_run(&diary.kernel, SIMTIME_DAY, NULL));
    kernel_fini(&diary.kernel);
    return diary.kernel.fingerprint;
}

static void test_fingerprint(void **state)
{
    (void)state;
    const struct event one = {1, 2, 3, 0, 0}, two = {1, 5, 6, 0, 0};
    uint64_t seen[8] = {fingerprint_of(one, two)};
    assert_true(fingerprint_of(one, two) == seen[0]);
    seen[1] = fingerprint_of(two, one);
    seen[2] = fingerprint_of(one, (struct event){2, 5, 6, 0, 0});
    seen[3] = fingerprint_of(one, (struct event){1, 6, 6, 0, 0});
    seen[4] = fingerprint_of(one, (struct event){1, 5, 5, 0, 0});
    seen[5] = fingerprint_of(one, (struct event){1, 5, 6, 1, 0});
    seen[6] = fingerprint_of((struct event){1, 3, 2, 0, 0}, two);
    seen[7] = fingerprint_of(one, (struct event){1 + (INT64_C(1) << 40), 5, 6, 0, 0});
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
}

static struct event turned(struct event event, int bit)
{
    if (bit < 63)
        event.at ^= INT64_C(1) << bit;
    else if (bit < 95)
        event.subject ^= UINT32_C(1) << (bit - 63);
    else if (bit < 127)
        event.detail ^= UINT32_C(1) << (bit - 95);
    else
        event.kind = (uint16_t)(event.kind ^ 1u << (bit - 127));
    return event;
}

static void ignore(void *world, const struct event *event)
{
    (void)world, (void)event;
}

/* Of some events of which one is changed in one bit: 63 of time, 32 + 32, and 6 of the kind. */
static uint64_t fingerprint_but_for(int bit)
{
    enum { EVENTS = 8 };
    struct kernel kernel;
    kernel_init(&kernel, NULL, 0, EVENTS_AUTO);
    for (uint16_t kind = 0; kind < KERNEL_MAX_KINDS; kind++)
        kernel_handle(&kernel, kind, ignore);
    for (uint32_t i = 0; i < EVENTS; i++) {
        struct event event = {1000 * i, i, 7 * i, (uint16_t)i, 0};
        event = i == 2 && bit >= 0 ? turned(event, bit) : event;
        (void)kernel_schedule_event(&kernel, &event);
    }
    assert_true(kernel_run(&kernel, SIMTIME_NEVER, NULL));
    kernel_fini(&kernel);
    return kernel.fingerprint;
}

static void test_every_bit_reaches_the_fingerprint(void **state)
{
    (void)state;
    enum { BITS = 63 + 32 + 32 + 6 };
    uint64_t seen[BITS + 1];
    for (int bit = -1; bit < BITS; bit++)
        seen[bit + 1] = fingerprint_but_for(bit);
    for (int i = 0; i <= BITS; i++)
        for (int k = 0; k < i; k++)
            if (seen[i] == seen[k])
                fail_msg("bits %d and %d give the same fingerprint", i - 1, k - 1);
}

static void schedule_in_the_past(void)
{
    struct diary diary;
    diary_init(&diary);
    (void)kernel_run(&diary.kernel, 10, NULL);
    (void)kernel_schedule_event(&diary.kernel, &(struct event){9, 0, 0, 0, 0});
}

static void schedule_a_negative_delay(void)
{
    struct diary diary;
    diary_init(&diary);
    (void)kernel_schedule(&diary.kernel, -1, 0, 0, 0);
}

static void schedule_for_nobody(void)
{
    struct diary diary;
    diary_init(&diary);
    (void)kernel_schedule(&diary.kernel, 1, 3, 0, 0);
}

static void schedule_an_impossible_kind(void)
{
    struct diary diary;
    diary_init(&diary);
    (void)kernel_schedule(&diary.kernel, 1, KERNEL_MAX_KINDS, 0, 0);
}

static void handle_twice(void)
{
    struct diary diary;
    diary_init(&diary);
    kernel_handle(&diary.kernel, 0, on_chain);
}

static void run_backwards(void)
{
    struct diary diary;
    diary_init(&diary);
    (void)kernel_run(&diary.kernel, 10, NULL);
    (void)kernel_run(&diary.kernel, 9, NULL);
}

static void test_bugs_are_caught(void **state)
{
    (void)state;
    assert_aborts(schedule_in_the_past);
    assert_aborts(schedule_a_negative_delay);
    assert_aborts(schedule_for_nobody);
    assert_aborts(schedule_an_impossible_kind);
    assert_aborts(handle_twice);
    assert_aborts(run_backwards);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handlers_see_the_event_at_its_time),
        cmocka_unit_test(test_everything_at_the_end_runs),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_cancelling),
        cmocka_unit_test(test_stopping_and_going_on),
        cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_every_bit_reaches_the_fingerprint),
        cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
