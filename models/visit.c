/* A customer who comes to a machine, waits in its line, is let to it, and leaves again. What
 * happens at the machine is the journey. */
#include "parts.h"

#include <math.h>

/* Leaves without having stood at a machine; the bank holds the amount until the code expires. */
static void walk_off(struct world *world, uint32_t index, size_t outcome)
{
    unit_ratio(world->result, M_COMPLETION, 0.0, 1.0);
    world_count_outcome(world, outcome);
    STORY(customer, world, index, "leave outcome=%s",
          outcome == M_OUTCOME_BALKED ? "balked" : "reneged");
    shot_drop(world, &world->customers[index].shot);
    wishes_visit_over(world, index);
}

void on_arrive(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct customer *customer = &world->customers[event->subject];
    uint32_t site = crowd_site(world, customer->terminal);
    if (crowd_turns_away(world, site)) {
        walk_off(world, event->subject, M_OUTCOME_BALKED);
        return;
    }
    customer->step = STEP_QUEUE;
    customer->since = event->at;
    bool first = world->settings->terminals.queue == QUEUE_RESERVED_FIRST;
    uint32_t waiter =
        crowd_join(world, site, (struct guest){GUEST_WITH_RESERVATION, event->subject}, first);
    if (waiter != 0)
        STORY(customer, world, event->subject, "queue queue_length=%zu",
              world->crowd.sites[site].machines.length);
    if (waiter == 0 || !world->crowd.impatient)
        return;
    struct stream stream =
        visit_stream(world, event->subject, customer->moved, 0, PURPOSE_PATIENCE);
    crowd_set_patience(world, waiter,
                       distribution_delay(&world->settings->customers.patience, &stream),
                       EVENT_RENEGE, event->subject);
}

void on_renege(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint32_t index = event->subject;
    CHECK(world->customers[index].step == STEP_QUEUE);
    crowd_give_up(world, crowd_site(world, world->customers[index].terminal), event->detail);
    walk_off(world, index, M_OUTCOME_RENEGED);
}

void journey_granted(struct world *world, uint32_t index, uint16_t terminal)
{
    struct customer *customer = &world->customers[index];
    simtime waited = world->kernel.now - customer->since;
    double waited_s = simtime_to_seconds(waited);
    double hour = fmod(simtime_to_seconds(customer->since), 86400.0) / 3600.0; /* of arrival */
    unit_time(world->result, M_QUEUE_WAIT, waited);
    unit_curve(world->result, C_QUEUE_WAIT, hour, 1.0, waited_s);
    unit_curve(world->result, C_WAITS, waited_s, 1.0, 1.0);
    customer->since = world->kernel.now;
    customer->terminal = terminal;
    customer->step = STEP_TYPE_MOBILE; /* no more in the line */
    world->sessions[terminal].of = SESSION_OWNER;
    world->sessions[terminal].who = index;
    STORY(customer, world, index, "granted waited_s=" TRACE_SECONDS, TRACE_PARTS(waited));
    if (world_shows_images(world) && customer->shot == 0 && customer->tries == 0 &&
        !codes_of_the_moment(world) && world_shots_taken(world) < SHOTS_AHEAD)
        journey_prepare_shot(world, index);
    journey_enter(world, index, STEP_TYPE_MOBILE);
}

/* Money that is not there refuses nobody's code: no-notes and pos-till-short count it. */
static bool is_systems_fault(enum reason reason)
{
    return reason != REASON_EXPIRED && reason != REASON_USED && reason != REASON_NOT_CONFIRMED &&
           reason != REASON_CERTIFICATE_EXPIRED && reason != REASON_CERTIFICATE_REVOKED &&
           reason != REASON_TILL && reason != REASON_NO_NOTES;
}

void journey_step_back(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    shot_drop(world, &customer->shot);
    world->sessions[customer->terminal].of = SESSION_NONE;
    world->sessions[customer->terminal].exchange = 0;
    simtime back = simtime_from_seconds(world->settings->terminals.switch_time);
    atm_switch_to_surveillance(&world->atms[customer->terminal], world->kernel.now + back);
    crowd_release(world, customer->terminal);
}

void journey_leave(struct world *world, uint32_t index, size_t outcome)
{
    struct customer *customer = &world->customers[index];
    enum reason reason = (enum reason)customer->reason;
    bool paid = outcome == M_OUTCOME_PAID;
    world_count_outcome(world, outcome);
    STORY(customer, world, index, "leave outcome=%s", paid ? "paid" : story_reason(reason));
    unit_ratio(world->result, M_COMPLETION, paid, 1.0);
    if (customer->entitled)
        unit_ratio(world->result, M_FALSE_REFUSAL, !paid && is_systems_fault(reason), 1.0);
    journey_step_back(world, index);
    wishes_visit_over(world, index);
}

void journey_leave_refused(struct world *world, uint32_t index)
{
    journey_leave(world, index, measure_refused((enum reason)world->customers[index].reason));
}

void journey_refuse(struct world *world, uint32_t index, enum reason reason)
{
    world->customers[index].reason = (uint8_t)reason;
    journey_leave_refused(world, index);
}

void journey_expel(struct world *world, uint32_t index)
{
    journey_refuse(world, index, REASON_TERMINAL);
}
