/*
 * Customers who are told, before the bank permits anything, that they cannot be paid here: the
 * cassettes have no notes for the amount, or the till is too low. Some go on to another ATM, with
 * the reservation that they have; what they type there is drawn anew.
 */
#include "parts.h"

enum { MOST_PLACES = 3 };

/* Goes on to another ATM with the same wish (and reservation, where there is one): false where the
 * customer has had enough, or there is no other. */
static bool go_on(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    struct stream stream = visit_stream(world, index, customer->moved, 0, PURPOSE_ELSEWHERE);
    bool willing = stream_chance(&stream, world->settings->customers.elsewhere);
    uint32_t sites = world->crowd.atm_sites, here = crowd_site(world, customer->terminal);
    uint32_t site = stream_below(&stream, sites);
    site = site == here ? (site + 1) % sites : site;
    willing = willing && site != here && customer->moved + 1 < MOST_PLACES;
    unit_ratio(world->result, M_ELSEWHERE, willing, 1.0);
    if (!willing)
        return false;
    simtime way = distribution_delay(&world->settings->customers.way_on, &stream);
    STORY(customer, world, index, "goes-on travel_s=" TRACE_SECONDS, TRACE_PARTS(way));
    journey_step_back(world, index);
    customer->moved++;
    customer->tries = (uint8_t)(customer->moved * MOBILE_TRIES);
    customer->step = STEP_TRAVEL;
    customer->terminal = crowd_first(world, site);
    kernel_schedule(&world->kernel, way, EVENT_ARRIVE, index, 0);
    return true;
}

bool elsewhere_is_sent(struct world *world, uint32_t index, int64_t amount_minor)
{
    struct customer *customer = &world->customers[index];
    bool till = pos_refuses(world, index, customer->terminal, amount_minor);
    if (!till && !cash_refuses(world, customer->terminal, amount_minor))
        return false;
    if (!go_on(world, index))
        journey_refuse(world, index, till ? REASON_TILL : REASON_NO_NOTES);
    return true;
}
