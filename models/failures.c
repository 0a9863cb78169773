/*
 * Machines that fail and are repaired.
 *
 * A machine's time to failure runs from the start of the run or from its last repair, whether it is
 * used or not, and is exponential. Who stands at it when it fails is served to the end. (Crashes,
 * which are not so kind, are in faults.c.)
 */
#include "parts.h"

static struct stream failure_stream(const struct world *world, uint16_t terminal,
                                    enum stream_purpose purpose)
{
    return world_stream(world, (uint64_t)terminal << 32 | world->atms[terminal].repairs, purpose);
}

static void schedule_failure(struct world *world, uint16_t terminal)
{
    double rate = world->settings->terminals.failures;
    struct stream stream = failure_stream(world, terminal, PURPOSE_FAILURE);
    kernel_schedule(&world->kernel, simtime_from_seconds(stream_exponential(&stream, 1.0 / rate)),
                    EVENT_FAIL, terminal, world->atms[terminal].repairs);
}

/* The times of failures and repairs are numbered alike: each draws from a stream of its own. */
static void schedule_next_failure(struct world *world, uint16_t terminal)
{
    world->atms[terminal].repairs++;
    schedule_failure(world, terminal);
}

void failures_start(struct world *world)
{
    for (uint32_t i = 0; i < world->crowd.terminals; i++)
        if (world->settings->terminals.failures > 0.0)
            schedule_failure(world, (uint16_t)i);
}

void failures_down(struct world *world, uint16_t terminal)
{
    struct session *session = &world->sessions[terminal];
    session->out = true;
    if (session->crashed) {
        if (session->failing) /* that is mended with the rest */
            schedule_next_failure(world, terminal);
        session->failing = false;
        faults_restart_later(world, terminal);
        return;
    }
    session->failing = false;
    struct stream stream = failure_stream(world, terminal, PURPOSE_REPAIR);
    simtime takes = distribution_delay(&world->settings->terminals.repair, &stream);
    kernel_schedule(&world->kernel, takes, EVENT_REPAIR, terminal, world->atms[terminal].repairs);
    STORY(atm, world, terminal, "down repair_s=" TRACE_SECONDS, TRACE_PARTS(takes));
}

void on_fail(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint16_t terminal = (uint16_t)event->subject;
    struct session *session = &world->sessions[terminal];
    if (session->out || session->crashed)
        schedule_next_failure(world, terminal);
    else if (crowd_fail(world, terminal))
        failures_down(world, terminal);
    else
        session->failing = true;
}

void on_repair(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint16_t terminal = (uint16_t)event->subject;
    struct session *session = &world->sessions[terminal];
    bool crashed = session->crashed;
    session->out = session->crashed = session->down = false;
    if (crashed)
        exchange_restart(world, terminal);
    schedule_next_failure(world, terminal);
    crowd_repair(world, terminal);
}
