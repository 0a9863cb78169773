/*
 * Notes in the ATMs, where the scenario has cassettes that run empty (terminals.cassettes): what
 * customers are paid from them, and the service that fills them up.
 *
 * Main control looks for a mix of notes before it asks the bank for a permit, so that whoever
 * cannot be paid is told in time and nothing has to be taken back. Whoever stands at a machine is
 * the only one to be paid there: what could be paid then can be paid later. The service comes to
 * each machine in turn, once in terminals.refill, and takes no time of it.
 */
#include "cassette_list.h"
#include "parts.h"

#include <stdlib.h>

void cash_build(struct world *world)
{
    world->plan = cassette_plan(&world->settings->terminals);
    if (world->plan.count == 0)
        return;
    world->cassettes = calloc(world->crowd.atms, sizeof *world->cassettes);
    CHECK(world->cassettes != NULL);
    for (uint32_t i = 0; i < world->crowd.atms; i++) {
        cassettes_refill(&world->plan, &world->cassettes[i]);
        world->cassettes[i].refills = 0; /* that was the beginning */
        world->cassettes[i].empty_since = SIMTIME_NEVER;
    }
}

void cash_start(struct world *world)
{
    double every_s = world->settings->terminals.refill;
    for (uint32_t i = 0; world->cassettes != NULL && i < world->crowd.atms; i++) {
        double first_s = every_s * (i + 1.0) / world->crowd.atms;
        kernel_schedule(&world->kernel, simtime_from_seconds(first_s), EVENT_REFILL, i, 0);
    }
}

static struct cassettes *cassettes_of(const struct world *world, uint16_t terminal)
{
    bool none = world->cassettes == NULL || world_is_pos(world, terminal);
    return none ? NULL : &world->cassettes[terminal];
}

static void note_empty(struct world *world, struct cassettes *cassettes)
{
    int64_t note_minor = llround(world->settings->bank.note * 100.0);
    bool empty = !cassettes_can_pay(&world->plan, cassettes, note_minor);
    if (empty == (cassettes->empty_since != SIMTIME_NEVER))
        return;
    if (!empty)
        cassettes->empty_total += world->kernel.now - cassettes->empty_since;
    cassettes->empty_since = empty ? world->kernel.now : SIMTIME_NEVER;
}

void on_refill(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct cassettes *cassettes = &world->cassettes[event->subject];
    cassettes_refill(&world->plan, cassettes);
    note_empty(world, cassettes);
    kernel_schedule(&world->kernel, simtime_from_seconds(world->settings->terminals.refill),
                    EVENT_REFILL, event->subject, 0);
}

static bool is_careless(const struct world *world)
{
    return world->watch != NULL && world->watch->terminal_defect == TERMINAL_NEVER_LOOKS;
}

bool cash_refuses(struct world *world, uint16_t terminal, int64_t amount_minor)
{
    const struct cassettes *cassettes = cassettes_of(world, terminal);
    if (cassettes == NULL || is_careless(world))
        return false;
    bool refuses = !cassettes_can_pay(&world->plan, cassettes, amount_minor);
    unit_ratio(world->result, M_NO_NOTES, refuses, 1.0);
    return refuses;
}

void cash_pay(struct world *world, uint16_t terminal, int64_t amount_minor)
{
    struct cassettes *cassettes = cassettes_of(world, terminal);
    if (cassettes == NULL)
        return;
    cassettes_pay(&world->plan, cassettes, amount_minor);
    note_empty(world, cassettes);
}

void cash_pay_card(struct world *world, uint16_t terminal, struct stream *stream)
{
    struct cassettes *cassettes = cassettes_of(world, terminal);
    if (cassettes == NULL)
        return;
    int64_t amount_minor =
        people_amount_minor(world->settings, &world->settings->terminals.card_amount, stream);
    bool paid = cassettes_can_pay(&world->plan, cassettes, amount_minor);
    unit_ratio(world->result, M_CARD_NO_NOTES, !paid, 1.0);
    if (!paid)
        return;
    cassettes->card_minor += amount_minor;
    cash_pay(world, terminal, amount_minor);
}

void cash_close(struct world *world)
{
    simtime now = world->kernel.now;
    double span_s = simtime_to_seconds(now);
    for (uint32_t i = 0; world->cassettes != NULL && i < world->crowd.atms; i++) {
        const struct cassettes *cassettes = &world->cassettes[i];
        simtime empty = cassettes->empty_total;
        if (cassettes->empty_since != SIMTIME_NEVER)
            empty += now - cassettes->empty_since;
        unit_ratio(world->result, M_OUT_OF_CASH, simtime_to_seconds(empty), span_s);
        unit_count(world->result, M_REFILLS, (double)cassettes->refills);
    }
}
