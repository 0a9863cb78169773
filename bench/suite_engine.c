/*
 * The engine as a model uses it: M/M/1 at rho 0.9 with the public kernel, resource, streams and
 * statistics, all of them on; a customer is two events. An item is a replication from an empty
 * queue, its first customers not counted in the mean.
 *
 * The answer of an item is the fingerprint of its events. Before any speed is taken, the mean waits
 * of all items must agree with the theory, or every answer is wrong: lambda 0.9 and mu 1 give a
 * mean wait of 9 s. (At 99.9%, so that one seed in 1,000 would fail; the seed is fixed.)
 */
#include "bench/peers/bare_heap.h"
#include "bench/suite.h"
#include "engine/kernel.h"
#include "engine/random.h"
#include "engine/resource.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARRIVAL, DEPARTURE, CUSTOMERS = 40000, WARM_UP = 10000 };

static const double mean_gap_s = 1 / 0.9, mean_service_s = 1, mean_wait_s = 9;

struct desk {
    struct kernel kernel;
    struct resource server;
    struct stream gaps, services;
    struct tally waits;
    uint32_t arrived;
};

static simtime draw(struct stream *stream, double mean_s)
{
    return simtime_from_seconds(stream_exponential(stream, mean_s));
}

static void serve(struct desk *desk, uint32_t customer, simtime wait)
{
    if (customer >= WARM_UP)
        tally_add(&desk->waits, simtime_to_seconds(wait));
    (void)kernel_schedule(&desk->kernel, draw(&desk->services, mean_service_s), DEPARTURE, customer,
                          0);
}

static void on_arrival(void *world, const struct event *event)
{
    struct desk *desk = world;
    if (++desk->arrived < CUSTOMERS)
        (void)kernel_schedule(&desk->kernel, draw(&desk->gaps, mean_gap_s), ARRIVAL, desk->arrived,
                              0);
    if (resource_request(&desk->server, event->at, event->subject))
        serve(desk, event->subject, 0);
}

static void on_departure(void *world, const struct event *event)
{
    struct desk *desk = world;
    struct resource_claim next;
    if (resource_release(&desk->server, event->at, &next))
        serve(desk, next.subject, event->at - next.since);
}

static void run_desk(struct desk *desk, size_t replication)
{
    *desk = (struct desk){.arrived = 0};
    stream_init(&desk->gaps, (struct stream_key){.seed = 1, .replication = (uint32_t)replication});
    stream_init(&desk->services,
                (struct stream_key){.seed = 1, .replication = (uint32_t)replication, .purpose = 1});
    kernel_init(&desk->kernel, desk, 0, EVENTS_AUTO);
    kernel_handle(&desk->kernel, ARRIVAL, on_arrival);
    kernel_handle(&desk->kernel, DEPARTURE, on_departure);
    resource_init(&desk->server, 1);
    (void)kernel_schedule(&desk->kernel, 0, ARRIVAL, 0, 0);
    CHECK(kernel_run(&desk->kernel, 10 * SIMTIME_DAY, NULL));
    CHECK(desk->kernel.dispatched == 2 * CUSTOMERS);
    resource_fini(&desk->server);
    kernel_fini(&desk->kernel);
}

static void *open_desk(const void *work)
{
    (void)work;
    struct desk *desk = malloc(sizeof *desk);
    CHECK(desk != NULL);
    return desk;
}

static void print_fingerprint(uint64_t fingerprint, struct answer *answer)
{
    snprintf(answer->text, sizeof answer->text, "%016llx", (unsigned long long)fingerprint);
}

static void run_replication(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct desk *desk = scratch;
    (void)work;
    run_desk(desk, item);
    print_fingerprint(desk->kernel.fingerprint, answer);
}

/* The same queue written by hand: a loop over two times, no queue but the times of arrival (Lindley
 * 1952), no statistics but a sum. Nothing that schedules events could be faster. */
static void run_by_hand(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)scratch, (void)work, (void)answer;
    struct stream gaps, services;
    stream_init(&gaps, (struct stream_key){.seed = 1, .replication = (uint32_t)item});
    stream_init(&services,
                (struct stream_key){.seed = 1, .replication = (uint32_t)item, .purpose = 1});
    simtime wait = 0;
    double sum_s = 0;
    for (int i = 0; i < CUSTOMERS; i++) {
        sum_s += simtime_to_seconds(wait);
        wait += draw(&services, mean_service_s) - draw(&gaps, mean_gap_s);
        wait = wait > 0 ? wait : 0;
    }
    __asm__ volatile("" : : "m"(sum_s)); /* or the work would be left out */
}

/* Fills truths; returns the interval of the mean wait. */
static struct interval check_theory(size_t items, struct answer *truths)
{
    double *waits = calloc(items, sizeof *waits);
    struct desk *desk = open_desk(NULL);
    CHECK(waits != NULL);
    for (size_t i = 0; i < items; i++) {
        run_desk(desk, i);
        waits[i] = desk->waits.mean;
        print_fingerprint(desk->kernel.fingerprint, &truths[i]);
    }
    struct interval interval = interval_student(waits, items, 0.999);
    if (!(interval.low <= mean_wait_s && mean_wait_s <= interval.high))
        for (size_t i = 0; i < items; i++)
            snprintf(truths[i].text, sizeof truths[i].text, "not as the theory says");
    free(waits);
    free(desk);
    return interval;
}

#define SIZE(title, running, count)                                                          \
    {                                                                                        \
        .name = title, .open = open_desk, .close = free, .run = running, .operations = count \
    }

static void run(struct bench *bench)
{
    size_t items = bench_effort(bench)->items;
    struct answer *truths = calloc(items, sizeof *truths);
    CHECK(truths != NULL);
    struct interval interval = check_theory(items, truths);
    static const struct subject by_hand = SIZE("loop by hand", run_by_hand, CUSTOMERS);
    struct subject customers = SIZE("customers", run_replication, CUSTOMERS);
    struct subject events = SIZE("dispatched events", run_replication, 2 * CUSTOMERS);
    customers.answers = events.answers = true;
    customers.note = "published, same kind of machine, M customers/s: Cimba 3.0 7.9 (9.7 with "
                     "PGO), SimPy 3.0.11 0.24";
    char note[160];
    snprintf(
        note, sizeof note,
        "two events a customer, all counted; mean wait %.3f s to %.3f s at 99.9 %%, theory 9 s",
        interval.low, interval.high);
    double by_hand_s = bench_measure(bench, "mm1", &by_hand, NULL, NULL, 0)->median_s;
    bench_measure(bench, "mm1", &customers, NULL, truths, by_hand_s);
    events.note = note;
    bench_measure(bench, "mm1", &events, NULL, truths, by_hand_s / 2);
    free(truths);
}

const struct suite suite_engine = {
    "engine",
    "M/M/1 at rho 0.9 through kernel, resource and statistics; peer: a loop by hand",
    run,
    "loop_by_hand",
    "a customer, or a dispatched event",
    NULL,
    false};
