/* The sites: who gets a machine, and the line that reserved customers and those with a card share.
 */
#include "parts.h"

#include <stdlib.h>

/* Patience that outlasts the run needs no event. */
static bool may_end(const struct world *world, const struct distribution *patience)
{
    double shortest_s, longest_s;
    distribution_support(patience, &shortest_s, &longest_s);
    return shortest_s < world->settings->duration;
}

void crowd_build(struct world *world)
{
    const struct terminal_settings *terminals = &world->settings->terminals;
    struct crowd *crowd = &world->crowd;
    crowd->per_site = (uint32_t)terminals->per_site;
    crowd->atms = (uint32_t)terminals->atms;
    crowd->atm_sites = crowd->atms / crowd->per_site;
    crowd->terminals = crowd->atms + (uint32_t)terminals->pos.count;
    crowd->site_count = crowd->atm_sites + (uint32_t)terminals->pos.count;
    crowd->ranks = terminals->queue == QUEUE_RESERVED_FIRST || terminals->card_priority > 0.0;
    crowd->impatient = may_end(world, &world->settings->customers.patience);
    crowd->card_impatient = may_end(world, &terminals->card_patience);
    crowd->sites = calloc(crowd->site_count, sizeof *crowd->sites);
    CHECK(crowd->sites != NULL);
    for (uint32_t i = 0; i < crowd->site_count; i++)
        site_init(&crowd->sites[i], crowd_machines(world, i), (unsigned)terminals->clerks);
}

void crowd_destroy(struct world *world)
{
    struct crowd *crowd = &world->crowd;
    for (uint32_t i = 0; crowd->sites != NULL && i < crowd->site_count; i++)
        site_fini(&crowd->sites[i]);
    free(crowd->sites);
    free(crowd->waiters);
}

static struct site *site_of(struct world *world, uint16_t terminal)
{
    return &world->crowd.sites[crowd_site(world, terminal)];
}

static unsigned machine_of(const struct world *world, uint16_t terminal)
{
    return world_is_pos(world, terminal) ? 0 : terminal % world->crowd.per_site;
}

/* --- who waits --- */

static void grow_waiters(struct crowd *crowd)
{
    uint32_t old = crowd->waiter_capacity, capacity = old == 0 ? 64 : old * 2;
    crowd->waiters = realloc(crowd->waiters, capacity * sizeof *crowd->waiters);
    CHECK(crowd->waiters != NULL);
    for (uint32_t i = capacity; i > old; i--) {
        crowd->waiters[i - 1].next_free = crowd->free_waiter;
        crowd->free_waiter = i;
    }
    crowd->waiter_capacity = capacity;
}

static uint32_t take_waiter(struct crowd *crowd, struct guest guest)
{
    if (crowd->free_waiter == 0)
        grow_waiters(crowd);
    uint32_t number = crowd->free_waiter;
    struct waiter *waiter = &crowd->waiters[number - 1];
    crowd->free_waiter = waiter->next_free;
    *waiter = (struct waiter){.guest = guest};
    return number;
}

static struct guest drop_waiter(struct crowd *crowd, uint32_t number)
{
    struct waiter *waiter = &crowd->waiters[number - 1];
    waiter->next_free = crowd->free_waiter;
    crowd->free_waiter = number;
    return waiter->guest;
}

/* --- coming and going --- */

static void seat(struct world *world, uint32_t site, struct guest guest, simtime since)
{
    unsigned machine = site_take(&world->crowd.sites[site]);
    uint16_t terminal = (uint16_t)(crowd_first(world, site) + machine);
    if (guest.kind == GUEST_WITH_CARD)
        cards_granted(world, terminal, guest.who, world->kernel.now - since);
    else
        journey_granted(world, guest.who, terminal);
}

bool crowd_turns_away(struct world *world, uint32_t site)
{
    struct resource *machines = &world->crowd.sites[site].machines;
    if (machines->busy + machines->length < (size_t)world->settings->customers.balk_at)
        return false;
    resource_balk(machines);
    return true;
}

uint32_t crowd_join(struct world *world, uint32_t site, struct guest guest, bool first)
{
    struct crowd *crowd = &world->crowd;
    struct resource *machines = &crowd->sites[site].machines;
    uint32_t waiter = take_waiter(crowd, guest);
    if (resource_ask(machines, world->kernel.now, waiter, crowd->ranks && !first,
                     &crowd->waiters[waiter - 1].ticket) == RESOURCE_WAITS)
        return waiter;
    drop_waiter(crowd, waiter);
    seat(world, site, guest, world->kernel.now);
    return 0;
}

void crowd_set_patience(struct world *world, uint32_t number, simtime patience,
                        enum world_event kind, uint32_t subject)
{
    world->crowd.waiters[number - 1].alarm =
        kernel_schedule(&world->kernel, patience, (uint16_t)kind, subject, number);
}

struct guest crowd_give_up(struct world *world, uint32_t site, uint32_t number)
{
    struct crowd *crowd = &world->crowd;
    resource_ticket ticket = crowd->waiters[number - 1].ticket;
    CHECK(resource_leave(&crowd->sites[site].machines, world->kernel.now, ticket));
    return drop_waiter(crowd, number);
}

static void seat_first(struct world *world, uint32_t site, const struct resource_claim *next)
{
    event_id alarm = world->crowd.waiters[next->subject - 1].alarm;
    if (alarm != 0)
        CHECK(kernel_cancel(&world->kernel, alarm));
    seat(world, site, drop_waiter(&world->crowd, next->subject), next->since);
}

void crowd_release(struct world *world, uint16_t terminal)
{
    struct resource_claim next;
    simtime now = world->kernel.now;
    switch (site_leave(site_of(world, terminal), machine_of(world, terminal), now, &next)) {
    case SITE_IDLE:
        break;
    case SITE_NEXT:
        seat_first(world, crowd_site(world, terminal), &next);
        break;
    case SITE_DOWN:
        failures_down(world, terminal);
        break;
    }
}

bool crowd_fail(struct world *world, uint16_t terminal)
{
    return site_fail(site_of(world, terminal), machine_of(world, terminal), world->kernel.now);
}

void crowd_repair(struct world *world, uint16_t terminal)
{
    struct resource_claim next;
    if (site_repair(site_of(world, terminal), machine_of(world, terminal), world->kernel.now,
                    &next))
        seat_first(world, crowd_site(world, terminal), &next);
}

bool crowd_is_free(const struct world *world, uint16_t terminal)
{
    return site_is_free(&world->crowd.sites[crowd_site(world, terminal)],
                        machine_of(world, terminal));
}

void crowd_take(struct world *world, uint16_t terminal, uint32_t subject)
{
    site_take_machine(site_of(world, terminal), machine_of(world, terminal), world->kernel.now,
                      subject);
}

/* --- the books, of ATMs --- */

void crowd_close(struct world *world)
{
    struct unit_result *result = world->result;
    double duration = world->settings->duration, atms = (double)world->settings->terminals.atms;
    double busy_s = 0.0, queue_s = 0.0, up_s = 0.0, counter_s = 0.0;
    for (uint32_t i = 0; i < world->crowd.atm_sites; i++) {
        const struct resource *machines = &world->crowd.sites[i].machines;
        busy_s += duration * time_average_mean(&machines->servers_busy, world->kernel.now);
        queue_s += time_average_area(&machines->queue_length, world->kernel.now);
        up_s += time_average_area(&machines->servers_up, world->kernel.now);
        counter_s +=
            time_average_area(&world->crowd.sites[i].counter.queue_length, world->kernel.now);
    }
    unit_ratio(result, M_UTILISATION, busy_s, duration * atms);
    unit_ratio(result, M_THROUGHPUT, result->numerator[M_PAID],
               duration / 3600.0 * world->crowd.terminals);
    unit_ratio(result, M_AVAILABILITY, up_s, duration * atms);
    unit_ratio(result, M_QUEUE_LENGTH, queue_s, duration * world->crowd.atm_sites);
    if (world->settings->terminals.counter_share > 0.0)
        unit_ratio(result, M_COUNTER_LENGTH, counter_s, duration * world->crowd.atm_sites);
}
