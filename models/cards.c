/* The other customers of the machines: those who come with a card. */
#include "parts.h"

static struct stream card_stream(const struct world *world, uint32_t site, uint32_t arrival,
                                 enum stream_purpose purpose)
{
    return world_stream(world, (uint64_t)site << 32 | arrival, purpose);
}

/* Each machine of a site brings its share. */
static void schedule_arrival(struct world *world, uint32_t site, uint32_t arrival)
{
    double rate = world->settings->terminals.card_customers * world->crowd.per_site;
    if (!(rate > 0.0))
        return;
    struct stream stream = card_stream(world, site, arrival, PURPOSE_CARD_ARRIVAL);
    simtime at =
        profile_after(&world->profile, world->kernel.now, stream_exponential(&stream, 1.0 / rate));
    kernel_schedule(&world->kernel, at - world->kernel.now, EVENT_CARD_ARRIVE, site, arrival);
}

void cards_start(struct world *world)
{
    for (uint32_t i = 0; i < world->crowd.site_count; i++)
        schedule_arrival(world, i, 0);
}

void on_card_arrive(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint32_t site = event->subject, arrival = event->detail;
    CHECK(arrival < UINT32_MAX);
    schedule_arrival(world, site, arrival + 1);
    bool full = crowd_turns_away(world, site);
    unit_ratio(world->result, M_CARD_LOST, full, 1.0);
    if (full)
        return;
    bool waits = crowd_join(world, site, (struct guest){GUEST_WITH_CARD, arrival});
    unit_ratio(world->result, M_CARD_WAITED, waits, 1.0);
}

void cards_granted(struct world *world, uint16_t terminal, uint32_t arrival, simtime waited)
{
    uint32_t site = crowd_site(world, terminal);
    struct stream stream = card_stream(world, site, arrival, PURPOSE_CARD_SESSION);
    simtime takes = distribution_delay(&world->settings->terminals.card_session, &stream);
    unit_time(world->result, M_CARD_WAIT, waited);
    kernel_schedule(&world->kernel, takes, EVENT_CARD_LEAVE, terminal, arrival);
}

void on_card_leave(void *argument, const struct event *event)
{
    crowd_release(argument, (uint16_t)event->subject);
}
