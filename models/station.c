/*
 * The bank's server: so many workers, a queue of so many messages before them, and crashes. A
 * message that finds the queue full is told so (an answer of a phone is not: the bank asks again);
 * what waits or is worked on in a crash is lost.
 */
#include "letter.h"

enum { MOST_EXCHANGES = 1 << (32 - LETTER_BITS) };

/* Epochs are counted in the rest of an event's detail. */
static uint32_t with_epoch(const struct station *station, uint32_t detail)
{
    return detail | (uint32_t)station->epoch << LETTER_BITS;
}

static void serve(struct world *world, uint32_t number, uint32_t detail)
{
    kernel_schedule(&world->kernel, post_service(world, number, letter_unpack(detail)),
                    EVENT_SERVED, number, with_epoch(&world->station, detail));
}

static void take_up(struct world *world, const struct resource_claim *claim)
{
    uint32_t number = claim->subject >> LETTER_BITS;
    simtime waited = world->kernel.now - claim->since;
    double hour = fmod(simtime_to_seconds(world->kernel.now), 86400.0) / 3600.0;
    unit_time(world->result, M_BANK_WAIT, waited);
    unit_curve(world->result, C_BANK_WAIT, hour, 1.0, simtime_to_seconds(waited));
    serve(world, number, claim->subject & ((1u << LETTER_BITS) - 1));
}

static void queue(struct world *world, uint32_t number, uint32_t detail)
{
    CHECK(number < MOST_EXCHANGES);
    struct resource_claim claim = {.subject = number << LETTER_BITS | detail,
                                   .since = world->kernel.now};
    enum resource_answer answer =
        resource_ask(&world->station.workers, world->kernel.now, claim.subject, 0, NULL);
    unit_ratio(world->result, M_BANK_SHED, answer == RESOURCE_LOST, 1.0);
    if (answer == RESOURCE_GRANTED) {
        take_up(world, &claim);
    } else if (answer == RESOURCE_LOST) {
        STORY(exchange, world, number, "shed");
        if (exchange_at(world, number)->what != EXCHANGE_CODE) /* else the bank will ask again */
            post_reply(world, number, letter_unpack(detail), REASON_BUSY, false);
        exchange_drop_message(world, number);
    }
}

void on_to_bank(void *argument, const struct event *event)
{
    struct world *world = argument;
    if (world->station.down) {
        post_lose(world, event->subject, "bank");
        exchange_drop_message(world, event->subject);
    } else if (world->station.limited) {
        queue(world, event->subject, event->detail);
    } else {
        serve(world, event->subject, event->detail);
    }
}

void on_served(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct station *station = &world->station;
    struct resource_claim next;
    if (event->detail >> LETTER_BITS != station->epoch) {
        post_lose(world, event->subject, "crash");
    } else {
        post_hear(world, event->subject, letter_unpack(event->detail));
        if (station->limited && resource_release(&station->workers, event->at, &next))
            take_up(world, &next);
    }
    exchange_drop_message(world, event->subject);
}

/* Who is worked on learns it when the work would have been done. */
void station_crash(struct world *world)
{
    struct station *station = &world->station;
    struct resource_claim next;
    station->down = true;
    station->down_since = world->kernel.now;
    station->epoch++;
    while (station->limited && station->workers.busy > 0)
        if (resource_release(&station->workers, world->kernel.now, &next)) {
            post_lose(world, next.subject >> LETTER_BITS, "crash");
            exchange_drop_message(world, next.subject >> LETTER_BITS);
        }
}

void station_restart(struct world *world)
{
    world->station.down = false;
    world->station.down_total += world->kernel.now - world->station.down_since;
}

void station_build(struct world *world)
{
    const struct settings *settings = world->settings;
    struct station *station = &world->station;
    station->limited = settings->bank.workers > 0;
    station->direct = !station->limited && !(settings->faults.bank_crash > 0.0) &&
                      settings->faults.at[0][0] == '\0';
    if (station->limited) {
        resource_init(&station->workers, (unsigned)settings->bank.workers);
        resource_set_room(&station->workers, (size_t)settings->bank.queue);
    }
}

void station_destroy(struct world *world)
{
    if (world->station.limited)
        resource_fini(&world->station.workers);
}

void station_close(struct world *world)
{
    struct station *station = &world->station;
    struct unit_result *result = world->result;
    simtime now = world->kernel.now;
    double span_s = simtime_to_seconds(now);
    if (station->down)
        station_restart(world);
    if (!station->direct)
        unit_ratio(result, M_BANK_UP, span_s - simtime_to_seconds(station->down_total), span_s);
    if (station->limited) {
        double servers = station->workers.servers;
        const struct histogram *waits = result->times[M_BANK_WAIT];
        if (station->workers.granted > 0)
            unit_ratio(result, M_BANK_WAIT_99, histogram_quantile(waits, 0.99) * 1e-9, 1.0);
        unit_ratio(result, M_BANK_QUEUE,
                   span_s * time_average_mean(&station->workers.queue_length, now), span_s);
        unit_ratio(result, M_BANK_UTILISATION,
                   span_s * time_average_mean(&station->workers.servers_busy, now),
                   span_s * servers);
    }
    for (double start = 0.0; world->timed && start < world->settings->duration; start += 3600.0)
        unit_curve(result, C_REVERSALS, fmod(start, 86400.0) / 3600.0 + 0.5,
                   fmin(world->settings->duration - start, 3600.0) / 3600.0, 0.0);
}
