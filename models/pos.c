/*
 * The POS: terminals of merchants. A POS has the camera of an ATM and its journal, but no
 * dispenser: the merchant counts the notes out of the till and confirms it on the terminal, which
 * is what a dispenser's counter is to an ATM. The bank credits the merchant.
 *
 * A merchant who looks into the till in time refuses before the bank is asked; one who finds it too
 * low only after the permit says so, and the terminal takes the transaction back. Shoppers fill the
 * till (cards.c), and wait in the same line.
 */
#include "parts.h"

#include <stdlib.h>

void pos_build(struct world *world)
{
    const struct pos_settings *pos = &world->settings->terminals.pos;
    world->tills = calloc((size_t)pos->count + 1, sizeof *world->tills);
    CHECK(world->tills != NULL);
    for (uint32_t i = 0; i < (uint32_t)pos->count; i++) {
        struct stream stream = world_stream(world, i, PURPOSE_TILL);
        double opening = distribution_draw(&pos->till, &stream);
        world->tills[i].opening_minor = llround(fmax(opening, 0.0) * 100.0);
        books_expect(world, bank_add_merchant(world->bank, world->crowd.atms + i));
    }
}

uint32_t pos_choose(const struct world *world, uint32_t customer, uint32_t site)
{
    uint32_t count = (uint32_t)world->settings->terminals.pos.count;
    if (count == 0)
        return site;
    struct stream stream = visit_stream(world, customer, 0, 0, PURPOSE_POS);
    if (!stream_chance(&stream, world->settings->customers.pos_share))
        return site;
    return world->crowd.atm_sites + stream_below(&stream, count);
}

bool pos_refuses(struct world *world, uint32_t customer, uint16_t terminal, int64_t amount_minor)
{
    if (!world_is_pos(world, terminal))
        return false;
    struct stream stream = visit_stream(world, customer, 0, 0, PURPOSE_MERCHANT);
    bool looks = stream_chance(&stream, world->settings->terminals.pos.looks);
    bool refuses = looks && !till_can_pay(world_till(world, terminal), amount_minor);
    unit_ratio(world->result, M_POS_SHORT, refuses, 1.0);
    return refuses;
}

bool pos_cannot_pay(struct world *world, uint16_t terminal, int64_t amount_minor)
{
    if (!world_is_pos(world, terminal))
        return false;
    bool short_of = !till_can_pay(world_till(world, terminal), amount_minor);
    unit_ratio(world->result, M_POS_SHORT, short_of, 0.0);
    unit_ratio(world->result, M_POS_RETURNED, short_of, 1.0);
    return short_of;
}

void pos_purchase(struct world *world, uint16_t terminal, struct stream *stream)
{
    double amount = distribution_draw(&world->settings->terminals.pos.purchase, stream);
    world_till(world, terminal)->takings_minor += llround(fmax(amount, 0.0) * 100.0);
}
