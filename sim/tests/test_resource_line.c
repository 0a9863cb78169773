/* The resource's line: priorities, leaving, room and failing servers, by hand and against a model
 * that is too simple to be wrong. */
#include "engine/resource.h"

#include "engine/random.h"
#include "tests/chance.h"

#include <string.h>

static const simtime second = SIMTIME_SECOND;

static void assert_next(struct resource *desk, simtime now, uint32_t subject)
{
    struct resource_claim next;
    assert_true(resource_release(desk, now, &next));
    assert_int_equal(next.subject, subject);
}

static void test_priorities_by_hand(void **state)
{
    (void)state;
    struct resource desk;
    resource_init(&desk, 1);
    assert_true(resource_ask(&desk, 0, 1, 5, NULL) == RESOURCE_GRANTED);
    assert_true(resource_ask(&desk, 1, 2, 5, NULL) == RESOURCE_WAITS);
    assert_true(resource_ask(&desk, 2, 3, 63, NULL) == RESOURCE_WAITS);
    assert_true(resource_ask(&desk, 3, 4, 1, NULL) == RESOURCE_WAITS);
    assert_true(resource_ask(&desk, 4, 5, 5, NULL) == RESOURCE_WAITS);
    assert_false(resource_request(&desk, 5, 6)); /* priority 0 */
    assert_true(resource_ask(&desk, 6, 7, 1, NULL) == RESOURCE_WAITS);
    static const uint32_t order[] = {6, 4, 7, 2, 5, 3};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        assert_next(&desk, 10 + (simtime)i, order[i]);
    struct resource_claim next;
    assert_false(resource_release(&desk, 20, &next));
    resource_fini(&desk);
}

static void test_leaving_by_hand(void **state)
{
    (void)state;
    struct resource desk;
    resource_ticket ticket[5];
    resource_init(&desk, 1);
    assert_true(resource_ask(&desk, 0, 0, 0, &ticket[0]) == RESOURCE_GRANTED);
    assert_true(ticket[0] == 0);
    for (uint32_t i = 1; i < 5; i++)
        assert_true(resource_ask(&desk, i * second, i, 0, &ticket[i]) == RESOURCE_WAITS);
    assert_false(resource_leave(&desk, 5 * second, 0));
    assert_true(resource_leave(&desk, 5 * second, ticket[2])); /* from the middle */
    assert_false(resource_leave(&desk, 5 * second, ticket[2]));
    assert_true(resource_leave(&desk, 6 * second, ticket[1])); /* the first: 3 moves up */
    assert_int_equal(desk.length, 2);
    assert_next(&desk, 7 * second, 3);
    assert_false(resource_leave(&desk, 8 * second, ticket[3])); /* too late */
    assert_true(resource_leave(&desk, 8 * second, ticket[4]));  /* the last */
    assert_int_equal(desk.length, 0);
    assert_true(desk.reneged == 3 && desk.granted == 2 && desk.arrived == 5);
    assert_close(desk.reneged_s, 3.0 + 5.0 + 4.0, 1e-15);
    assert_close(desk.waited_s, 4.0, 1e-15);
    assert_close(time_average_area(&desk.queue_length, 8 * second), 16.0, 1e-15);
    resource_fini(&desk);
}

static void test_room_by_hand(void **state)
{
    (void)state;
    struct resource desk;
    struct resource_claim next;
    resource_init(&desk, 1);
    resource_set_room(&desk, 1);
    assert_true(resource_ask(&desk, 0, 1, 0, NULL) == RESOURCE_GRANTED);
    assert_true(resource_ask(&desk, 1, 2, 9, NULL) == RESOURCE_WAITS);
    assert_true(resource_ask(&desk, 2, 3, 0, NULL) == RESOURCE_LOST); /* priority makes no room */
    resource_balk(&desk);
    resource_set_room(&desk, 0);
    assert_int_equal(desk.length, 1); /* who waits may stay */
    assert_next(&desk, 4, 2);
    assert_true(resource_ask(&desk, 5, 5, 0, NULL) == RESOURCE_LOST);
    assert_false(resource_release(&desk, 6, &next));
    assert_true(resource_ask(&desk, 7, 6, 0, NULL) == RESOURCE_GRANTED);
    assert_true(desk.arrived == 6 && desk.granted == 3 && desk.lost == 2 && desk.balked == 1);
    resource_fini(&desk);
}

static void test_failures_by_hand(void **state)
{
    (void)state;
    struct resource desk;
    struct resource_claim next;
    resource_init(&desk, 2);
    assert_true(resource_fail(&desk, 1 * second)); /* an idle one goes at once */
    assert_true(resource_request(&desk, 2 * second, 1));
    assert_false(resource_request(&desk, 2 * second, 2));
    assert_false(resource_fail(&desk, 3 * second)); /* the busy one finishes */
    assert_int_equal(desk.busy, 1);
    assert_false(resource_release(&desk, 4 * second, &next)); /* and grants nobody */
    assert_true(desk.busy == 0 && desk.length == 1);
    assert_false(resource_request(&desk, 5 * second, 3));
    assert_true(resource_repair(&desk, 6 * second, &next));
    assert_true(next.subject == 2 && next.since == 2 * second);
    assert_true(resource_repair(&desk, 7 * second, &next));
    assert_int_equal(next.subject, 3);
    assert_false(resource_fail(&desk, 8 * second));
    assert_false(resource_repair(&desk, 8 * second, &next)); /* before it had finished */
    assert_false(resource_release(&desk, 9 * second, &next));
    assert_false(resource_release(&desk, 9 * second, &next));
    assert_close(time_average_mean(&desk.servers_up, 10 * second), 1.1, 1e-15);
    assert_close(time_average_mean(&desk.servers_busy, 10 * second), 0.7, 1e-15);
    resource_fini(&desk);
}

/* What a bank clerk would do with a list on paper. */
enum { PAPER = 4096 };

struct paper {
    struct {
        uint32_t subject;
        unsigned priority;
        resource_ticket ticket;
        simtime since;
    } list[PAPER];
    size_t length;
    unsigned up, busy;
    uint64_t arrived, granted, lost, reneged;
    double waited_s, reneged_s, length_area, busy_area;
    simtime last;
};

static void pass_time(struct paper *paper, simtime now)
{
    paper->length_area += (double)paper->length * simtime_to_seconds(now - paper->last);
    paper->busy_area += paper->busy * simtime_to_seconds(now - paper->last);
    paper->last = now;
}

static void strike(struct paper *paper, size_t i)
{
    memmove(&paper->list[i], &paper->list[i + 1], (--paper->length - i) * sizeof paper->list[0]);
}

/* The longest waiting of the lowest priority: the list is in order of arrival. */
static size_t first_of(const struct paper *paper)
{
    size_t first = 0;
    for (size_t i = 1; i < paper->length; i++)
        if (paper->list[i].priority < paper->list[first].priority)
            first = i;
    return first;
}

struct trial {
    struct resource desk;
    struct paper paper;
    struct stream stream;
    simtime now;
    unsigned priorities;
    uint32_t subject;
    resource_ticket old; /* of somebody who waits no more */
};

static void try_ask(struct trial *trial)
{
    struct paper *paper = &trial->paper;
    unsigned priority = stream_below(&trial->stream, trial->priorities);
    resource_ticket ticket;
    enum resource_answer answer =
        resource_ask(&trial->desk, trial->now, trial->subject, priority, &ticket);
    paper->arrived++;
    if (paper->busy < paper->up) {
        assert_true(answer == RESOURCE_GRANTED && ticket == 0);
        paper->busy++;
        paper->granted++;
    } else if (paper->length >= trial->desk.room) {
        assert_true(answer == RESOURCE_LOST && ticket == 0);
        paper->lost++;
    } else {
        assert_true(answer == RESOURCE_WAITS && ticket != 0 && paper->length < PAPER);
        paper->list[paper->length].subject = trial->subject;
        paper->list[paper->length].priority = priority;
        paper->list[paper->length].ticket = ticket;
        paper->list[paper->length++].since = trial->now;
    }
    trial->subject++;
}

static void expect_first(struct trial *trial, const struct resource_claim *next)
{
    struct paper *paper = &trial->paper;
    size_t first = first_of(paper);
    assert_int_equal(next->subject, paper->list[first].subject);
    assert_int_equal(next->priority, paper->list[first].priority);
    assert_true(next->since == paper->list[first].since);
    trial->old = paper->list[first].ticket;
    paper->waited_s += simtime_to_seconds(trial->now - next->since);
    paper->granted++;
    strike(paper, first);
}

static void try_release(struct trial *trial)
{
    struct paper *paper = &trial->paper;
    struct resource_claim next;
    if (paper->busy == 0)
        return;
    bool expected = paper->length > 0 && paper->busy <= paper->up;
    assert_true(resource_release(&trial->desk, trial->now, &next) == expected);
    if (expected)
        expect_first(trial, &next);
    else
        paper->busy--;
}

static void try_leave(struct trial *trial)
{
    struct paper *paper = &trial->paper;
    assert_false(resource_leave(&trial->desk, trial->now, trial->old));
    if (paper->length == 0)
        return;
    size_t i = stream_below(&trial->stream, (uint32_t)paper->length);
    trial->old = paper->list[i].ticket;
    assert_true(resource_leave(&trial->desk, trial->now, trial->old));
    paper->reneged++;
    paper->reneged_s += simtime_to_seconds(trial->now - paper->list[i].since);
    strike(paper, i);
}

static void try_fail(struct trial *trial)
{
    if (trial->paper.up == 0)
        return;
    trial->paper.up--;
    bool idle = trial->paper.busy <= trial->paper.up;
    assert_true(resource_fail(&trial->desk, trial->now) == idle);
}

static void try_repair(struct trial *trial)
{
    struct paper *paper = &trial->paper;
    struct resource_claim next;
    if (paper->up == trial->desk.servers)
        return;
    paper->up++;
    bool expected = paper->length > 0 && paper->busy < paper->up;
    assert_true(resource_repair(&trial->desk, trial->now, &next) == expected);
    if (!expected)
        return;
    paper->busy++;
    expect_first(trial, &next);
}

static void compare(const struct trial *trial)
{
    const struct resource *desk = &trial->desk;
    const struct paper *paper = &trial->paper;
    assert_true(desk->length == paper->length && desk->busy == paper->busy);
    assert_true(desk->up == paper->up && desk->arrived == paper->arrived);
    assert_true(desk->granted == paper->granted && desk->lost == paper->lost);
    assert_true(desk->reneged == paper->reneged);
    assert_true(desk->arrived == desk->granted + desk->length + desk->reneged + desk->lost);
}

static void assert_little(const struct resource *desk, simtime now)
{
    struct resource_little queue = resource_little_queue(desk, now);
    struct resource_little system = resource_little_system(desk, now);
    assert_close(queue.length, queue.rate * queue.wait_s, 1e-10);
    assert_close(system.length, system.rate * system.wait_s, 1e-10);
}

static void compare_sums(const struct trial *trial)
{
    const struct resource *desk = &trial->desk;
    const struct paper *paper = &trial->paper;
    assert_close(desk->waited_s, paper->waited_s, 1e-12);
    assert_close(desk->reneged_s, paper->reneged_s, 1e-12);
    assert_close(time_average_area(&desk->queue_length, trial->now), paper->length_area, 1e-10);
    assert_close(time_average_area(&desk->servers_busy, trial->now), paper->busy_area, 1e-10);
    assert_little(desk, trial->now);
}

static void run_trial(uint32_t seed, unsigned servers, unsigned priorities, size_t room)
{
    struct trial *trial = chance_room(1, sizeof *trial);
    stream_init(&trial->stream, (struct stream_key){.seed = seed});
    resource_init(&trial->desk, servers);
    resource_set_room(&trial->desk, room);
    trial->paper.up = servers;
    trial->priorities = priorities;
    for (int i = 0; i < 40000; i++) {
        bool swells = i % 4000 < 2000;
        uint32_t choice = stream_below(&trial->stream, 100);
        trial->now += stream_below(&trial->stream, 3) * INT64_C(1234567891);
        pass_time(&trial->paper, trial->now);
        if (choice < (swells ? 50u : 20u))
            try_ask(trial);
        else if (choice < 85)
            try_release(trial);
        else if (choice < 95)
            try_leave(trial);
        else if (choice < 97)
            try_fail(trial);
        else
            try_repair(trial);
        compare(trial);
        if (i % 1000 == 0)
            compare_sums(trial);
    }
    compare_sums(trial);
    resource_fini(&trial->desk);
    free(trial);
}

static void test_against_paper(void **state)
{
    (void)state;
    run_trial(81, 1, 1, RESOURCE_ANY_ROOM);
    run_trial(82, 3, 1, RESOURCE_ANY_ROOM);
    run_trial(83, 2, 3, RESOURCE_ANY_ROOM);
    run_trial(84, 5, RESOURCE_PRIORITIES, RESOURCE_ANY_ROOM);
    run_trial(85, 2, 4, 7);
    run_trial(86, 4, 2, 0);
}

/* Everybody leaves, over and over: the ring takes no more room than the first wave did. */
static void test_gaps_are_used_again(void **state)
{
    (void)state;
    struct resource desk;
    resource_ticket tickets[1000];
    resource_init(&desk, 1);
    assert_true(resource_request(&desk, 0, 0));
    for (simtime wave = 0; wave < 50; wave++) {
        for (uint32_t i = 0; i < 1000; i++)
            assert_true(resource_ask(&desk, wave, i, 0, &tickets[i]) == RESOURCE_WAITS);
        for (uint32_t i = 0; i < 1000; i++)
            assert_true(resource_leave(&desk, wave, tickets[(i * 7 + 3) % 1000]));
        assert_true(desk.length == 0 && desk.line.gaps == 0);
    }
    assert_int_equal(desk.line.capacity, 1024);
    resource_fini(&desk);
}

static void test_little_of_nobody(void **state)
{
    (void)state;
    struct resource desk;
    resource_init(&desk, 1);
    resource_balk(&desk);
    struct resource_little queue = resource_little_queue(&desk, second);
    assert_true(queue.length == 0.0 && queue.rate == 0.0 && queue.wait_s == 0.0);
    struct resource_little start = resource_little_system(&desk, 0);
    assert_true(start.length == 0.0 && start.rate == 0.0 && start.wait_s == 0.0);
    resource_fini(&desk);
}

static void priority_64(void)
{
    struct resource desk;
    resource_init(&desk, 1);
    (void)resource_ask(&desk, 0, 0, RESOURCE_PRIORITIES, NULL);
}

static void no_room_for_a_request(void)
{
    struct resource desk;
    resource_init(&desk, 1);
    resource_set_room(&desk, 0);
    (void)resource_request(&desk, 0, 0);
    (void)resource_request(&desk, 0, 1);
}

static void one_too_many_fails(void)
{
    struct resource desk;
    resource_init(&desk, 1);
    (void)resource_fail(&desk, 0);
    (void)resource_fail(&desk, 0);
}

static void what_is_up_is_repaired(void)
{
    struct resource desk;
    struct resource_claim next;
    resource_init(&desk, 1);
    (void)resource_repair(&desk, 0, &next);
}

static void test_bugs_are_caught(void **state)
{
    (void)state;
    assert_aborts(priority_64);
    assert_aborts(no_room_for_a_request);
    assert_aborts(one_too_many_fails);
    assert_aborts(what_is_up_is_repaired);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_priorities_by_hand), cmocka_unit_test(test_leaving_by_hand),
        cmocka_unit_test(test_room_by_hand),       cmocka_unit_test(test_failures_by_hand),
        cmocka_unit_test(test_against_paper),      cmocka_unit_test(test_gaps_are_used_again),
        cmocka_unit_test(test_little_of_nobody),   cmocka_unit_test(test_bugs_are_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
