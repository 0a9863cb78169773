/*
 * The other customers of the machines: those who come with a card; and, at a POS, those who buy
 * something for cash.
 *
 * An open crowd: arrivals by the hour, at a rate. Or a closed one: so many belong to each site,
 * each of whom thinks, comes, is served (or not), and thinks again. Of person p of a population of
 * N, arrivals p, p + N, p + 2N ... of that site: so nothing has to be remembered of anybody.
 */
#include "parts.h"

static struct stream card_stream(const struct world *world, uint32_t site, uint32_t arrival,
                                 enum stream_purpose purpose)
{
    return world_stream(world, (uint64_t)site << 32 | arrival, purpose);
}

/* Each machine of a site brings its share. */
static void schedule_arrival(struct world *world, uint32_t site, uint32_t arrival)
{
    const struct terminal_settings *terminals = &world->settings->terminals;
    double rate = crowd_is_shop(world, site) ? terminals->pos.shoppers
                                             : terminals->card_customers * world->crowd.per_site;
    if (!(rate > 0.0))
        return;
    struct stream stream = card_stream(world, site, arrival, PURPOSE_CARD_ARRIVAL);
    simtime at =
        profile_after(&world->profile, world->kernel.now, stream_exponential(&stream, 1.0 / rate));
    kernel_schedule(&world->kernel, at - world->kernel.now, EVENT_CARD_ARRIVE, site, arrival);
}

/* Shoppers come at a rate. */
static uint32_t population(const struct world *world, uint32_t site)
{
    return crowd_is_shop(world, site) ? 0 : (uint32_t)world->settings->terminals.card_population;
}

static void think(struct world *world, uint32_t site, uint32_t arrival)
{
    struct stream stream = card_stream(world, site, arrival, PURPOSE_CARD_THINK);
    kernel_schedule(&world->kernel,
                    distribution_delay(&world->settings->terminals.card_think, &stream),
                    EVENT_CARD_ARRIVE, site, arrival);
}

void cards_start(struct world *world)
{
    for (uint32_t i = 0; i < world->crowd.site_count; i++) {
        for (uint32_t person = 0; person < population(world, i); person++)
            think(world, i, person);
        if (population(world, i) == 0)
            schedule_arrival(world, i, 0);
    }
}

/* One is through with the site, served or not. */
static void go_home(struct world *world, uint32_t site, uint32_t arrival)
{
    if (population(world, site) == 0)
        return;
    CHECK(arrival < UINT32_MAX - population(world, site));
    think(world, site, arrival + population(world, site));
}

/* Of customers with a card; shoppers are no business of the bank's. */
static void count(struct world *world, uint32_t site, size_t measure, double numerator,
                  double denominator)
{
    if (!crowd_is_shop(world, site))
        unit_ratio(world->result, measure, numerator, denominator);
}

static bool goes_first(const struct world *world, uint32_t site, uint32_t arrival)
{
    double share = world->settings->terminals.card_priority;
    if (!(share > 0.0) || crowd_is_shop(world, site))
        return false;
    struct stream stream = card_stream(world, site, arrival, PURPOSE_CARD_RANK);
    return stream_chance(&stream, share);
}

static void set_patience(struct world *world, uint32_t site, uint32_t arrival, uint32_t waiter)
{
    struct stream stream = card_stream(world, site, arrival, PURPOSE_CARD_PATIENCE);
    simtime patience = distribution_delay(&world->settings->terminals.card_patience, &stream);
    crowd_set_patience(world, waiter, patience, EVENT_CARD_RENEGE, site);
}

void on_card_arrive(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint32_t site = event->subject, arrival = event->detail;
    CHECK(arrival < UINT32_MAX);
    if (population(world, site) == 0)
        schedule_arrival(world, site, arrival + 1);
    bool full = crowd_turns_away(world, site);
    count(world, site, M_CARD_LOST, full, 1.0);
    if (full) {
        STORY(site, world, site, "card-lost arrival=%u", arrival);
        go_home(world, site, arrival);
        return;
    }
    bool first = goes_first(world, site, arrival);
    uint32_t waiter = crowd_join(world, site, (struct guest){GUEST_WITH_CARD, arrival}, first);
    count(world, site, M_CARD_WAITED, waiter != 0, 1.0);
    if (waiter != 0)
        STORY(site, world, site, "card-queue arrival=%u queue_length=%zu", arrival,
              world->crowd.sites[site].machines.length);
    count(world, site, M_CARD_RENEGED, 0.0, 1.0);
    if (waiter != 0 && world->crowd.card_impatient)
        set_patience(world, site, arrival, waiter);
}

void on_card_renege(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct guest guest = crowd_give_up(world, event->subject, event->detail);
    count(world, event->subject, M_CARD_RENEGED, 1.0, 0.0);
    go_home(world, event->subject, guest.who);
}

void cards_granted(struct world *world, uint16_t terminal, uint32_t arrival, simtime waited)
{
    uint32_t site = crowd_site(world, terminal);
    struct stream stream = card_stream(world, site, arrival, PURPOSE_CARD_SESSION);
    const struct terminal_settings *terminals = &world->settings->terminals;
    bool shop = crowd_is_shop(world, site);
    simtime takes =
        distribution_delay(shop ? &terminals->pos.serve : &terminals->card_session, &stream);
    if (!shop)
        unit_time(world->result, M_CARD_WAIT, waited);
    if (goes_first(world, site, arrival))
        unit_time(world->result, M_CARD_WAIT_FIRST, waited);
    kernel_schedule(&world->kernel, takes, EVENT_CARD_LEAVE, terminal, arrival);
    STORY(atm, world, terminal, "card-granted arrival=%u waited_s=" TRACE_SECONDS, arrival,
          TRACE_PARTS(waited));
}

/* --- the counter --- */

static void start_at_counter(struct world *world, uint32_t site, uint32_t arrival, simtime waited)
{
    struct stream stream = card_stream(world, site, arrival, PURPOSE_COUNTER_SESSION);
    simtime takes = distribution_delay(&world->settings->terminals.counter_session, &stream);
    unit_time(world->result, M_COUNTER_WAIT, waited);
    kernel_schedule(&world->kernel, takes, EVENT_COUNTER_LEAVE, site, arrival);
    STORY(site, world, site, "counter-granted arrival=%u waited_s=" TRACE_SECONDS, arrival,
          TRACE_PARTS(waited));
}

static bool goes_on(const struct world *world, uint32_t site, uint32_t arrival)
{
    double share = world->settings->terminals.counter_share;
    if (!(share > 0.0) || crowd_is_shop(world, site))
        return false;
    struct stream stream = card_stream(world, site, arrival, PURPOSE_COUNTER);
    return stream_chance(&stream, share);
}

static void join_counter(struct world *world, uint32_t site, uint32_t arrival)
{
    if (resource_request(&world->crowd.sites[site].counter, world->kernel.now, arrival))
        start_at_counter(world, site, arrival, 0);
    else
        STORY(site, world, site, "counter-queue arrival=%u queue_length=%zu", arrival,
              world->crowd.sites[site].counter.length);
}

void on_card_leave(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint16_t terminal = (uint16_t)event->subject;
    uint32_t site = crowd_site(world, terminal);
    if (crowd_is_shop(world, site)) {
        struct stream stream = card_stream(world, site, event->detail, PURPOSE_PURCHASE);
        pos_purchase(world, terminal, &stream);
    } else if (world->cassettes != NULL) {
        struct stream stream = card_stream(world, site, event->detail, PURPOSE_CARD_AMOUNT);
        cash_pay_card(world, terminal, &stream);
    }
    crowd_release(world, terminal);
    if (goes_on(world, site, event->detail))
        join_counter(world, site, event->detail);
    else
        go_home(world, site, event->detail);
}

void on_counter_leave(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct resource_claim next;
    if (resource_release(&world->crowd.sites[event->subject].counter, event->at, &next))
        start_at_counter(world, event->subject, next.subject, event->at - next.since);
    go_home(world, event->subject, event->detail);
}
