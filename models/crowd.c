/* The machines: one queue each, shared with the customers who come with a card. */
#include "parts.h"

/* Subjects of a machine's queue: a customer's index, or this flag for somebody with a card. */
#define CARD_HOLDER UINT32_C(0x80000000)

static void schedule_card_arrival(struct world *world, uint32_t atm, uint32_t arrival)
{
    double rate = world->settings->terminals.card_customers;
    if (!(rate > 0.0))
        return;
    uint64_t entity = (uint64_t)atm << 32 | arrival;
    struct stream stream = world_stream(world, entity, PURPOSE_CARD_ARRIVAL);
    simtime at =
        profile_after(&world->profile, world->kernel.now, stream_exponential(&stream, 1.0 / rate));
    kernel_schedule(&world->kernel, at - world->kernel.now, EVENT_CARD_ARRIVE, atm, arrival);
}

void crowd_start(struct world *world)
{
    for (uint32_t i = 0; i < (uint32_t)world->settings->terminals.atms; i++)
        schedule_card_arrival(world, i, 0);
}

bool crowd_is_full(const struct world *world, uint16_t terminal)
{
    const struct resource *machine = &world->atms[terminal].machine;
    return machine->busy + machine->length >= (size_t)world->settings->customers.balk_at;
}

static void start_card_session(struct world *world, uint16_t terminal, uint32_t arrival)
{
    uint64_t entity = (uint64_t)terminal << 32 | arrival;
    struct stream stream = world_stream(world, entity, PURPOSE_CARD_SESSION);
    simtime takes = distribution_delay(&world->settings->terminals.card_session, &stream);
    kernel_schedule(&world->kernel, takes, EVENT_CARD_LEAVE, terminal, arrival);
}

void on_card_arrive(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint16_t terminal = (uint16_t)event->subject;
    CHECK(event->detail < CARD_HOLDER);
    schedule_card_arrival(world, terminal, event->detail + 1);
    bool full = crowd_is_full(world, terminal);
    unit_ratio(world->result, M_CARD_LOST, full, 1.0);
    if (!full &&
        resource_request(&world->atms[terminal].machine, event->at, CARD_HOLDER | event->detail)) {
        unit_time(world->result, M_CARD_WAIT, 0);
        start_card_session(world, terminal, event->detail);
    }
}

void on_card_leave(void *argument, const struct event *event)
{
    crowd_release(argument, (uint16_t)event->subject);
}

void crowd_release(struct world *world, uint16_t terminal)
{
    struct resource_claim next;
    if (!resource_release(&world->atms[terminal].machine, world->kernel.now, &next))
        return;
    if (next.subject & CARD_HOLDER) {
        unit_time(world->result, M_CARD_WAIT, world->kernel.now - next.since);
        start_card_session(world, terminal, next.subject & ~CARD_HOLDER);
    } else {
        journey_granted(world, next.subject);
    }
}
