/*
 * Faults: crashes of the bank's server and of machines, power cuts of sites. (What a crash does to
 * an exchange is in exchange.c; what the channels lose, in post.c.)
 *
 * A machine that crashes tells whoever stands there, if it can, and is no more to be had until it
 * has restarted; a customer with a card, whose business is none of ours, finishes first. What comes
 * for it meanwhile is lost. A machine that is down already does not crash.
 */
#include "listed_fault.h"
#include "parts.h"

#include <stdlib.h>

/* Detail of EVENT_CRASH: one more, apart from those at a rate. */
enum { FOR_ONCE = -1 };

static simtime next_of(struct stream *stream, double rate)
{
    return simtime_from_seconds(stream_exponential(stream, 1.0 / rate));
}

/* --- the bank --- */

static struct stream bank_stream(const struct world *world, uint32_t number)
{
    return world_stream(world, number, PURPOSE_BANK_CRASH);
}

/* ... from `after` on. */
static void schedule_bank_crash(struct world *world, uint32_t number, simtime after)
{
    double rate = world->settings->faults.bank_crash;
    if (!(rate > 0.0))
        return;
    struct stream stream = bank_stream(world, number);
    kernel_schedule(&world->kernel, after + next_of(&stream, rate), EVENT_BANK_CRASH, 0, number);
}

static void crash_bank(struct world *world, simtime takes)
{
    if (world->station.down)
        return;
    unit_count(world->result, M_CRASHES, 1.0);
    station_crash(world);
    kernel_schedule(&world->kernel, takes, EVENT_BANK_RESTART, 0, 0);
}

void on_bank_crash(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct stream stream = bank_stream(world, event->detail);
    stream_uniform(&stream); /* was the time until now */
    simtime takes = distribution_delay(&world->settings->faults.bank_restart, &stream);
    crash_bank(world, takes);
    schedule_bank_crash(world, event->detail + 1, takes);
}

void on_bank_restart(void *argument, const struct event *event)
{
    (void)event;
    station_restart(argument);
}

/* --- machines --- */

static uint64_t at_terminal(uint16_t terminal, uint32_t number)
{
    return (uint64_t)terminal << 32 | number;
}

static void schedule_crash(struct world *world, uint16_t terminal)
{
    double rate = world->settings->faults.terminal_crash;
    uint32_t crashes = world->sessions[terminal].crashes;
    if (!(rate > 0.0))
        return;
    struct stream stream =
        world_stream(world, at_terminal(terminal, crashes), PURPOSE_TERMINAL_CRASH);
    kernel_schedule(&world->kernel, next_of(&stream, rate), EVENT_CRASH, terminal, crashes);
}

static void expel(struct world *world, const struct session *session)
{
    if (session->of == SESSION_OWNER)
        journey_expel(world, session->who);
    else if (session->of == SESSION_ACCOMPLICE)
        accomplice_expel(world, session->who);
}

void faults_crash(struct world *world, uint16_t terminal, simtime down_for)
{
    struct session *session = &world->sessions[terminal];
    if (session->out || session->crashed)
        return;
    session->down = session->crashed = true;
    session->down_for = down_for;
    unit_count(world->result, M_CRASHES, 1.0);
    STORY(atm, world, terminal, "crashed");
    exchange_crash(world, terminal);
    if (crowd_fail(world, terminal))
        failures_down(world, terminal);
    else
        expel(world, session);
}

/* The machine has failed meanwhile and is out of service: it loses what was in its memory, and
 * looks at its journal when it is repaired. */
static void crash_while_out(struct world *world, uint16_t terminal)
{
    struct session *session = &world->sessions[terminal];
    session->down = session->crashed = true;
    unit_count(world->result, M_CRASHES, 1.0);
    STORY(atm, world, terminal, "crashed");
    exchange_crash(world, terminal);
}

void faults_crash_next(struct world *world, uint16_t terminal)
{
    world->sessions[terminal].crash_due = true;
    kernel_schedule(&world->kernel, 0, EVENT_CRASH, terminal, (uint32_t)FOR_ONCE);
}

void on_crash(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint16_t terminal = (uint16_t)event->subject;
    struct session *session = &world->sessions[terminal];
    bool for_once = event->detail == (uint32_t)FOR_ONCE;
    if (!for_once) {
        session->crashes++;
        schedule_crash(world, terminal);
    }
    session->crash_due &= !for_once;
    if (for_once && session->out && !session->crashed)
        crash_while_out(world, terminal);
    else
        faults_crash(world, terminal, SIMTIME_NEVER);
}

void faults_restart_later(struct world *world, uint16_t terminal)
{
    struct session *session = &world->sessions[terminal];
    struct stream stream =
        world_stream(world, at_terminal(terminal, session->restarts++), PURPOSE_RESTART);
    simtime takes = session->down_for;
    if (takes == SIMTIME_NEVER)
        takes = distribution_delay(&world->settings->faults.terminal_restart, &stream);
    kernel_schedule(&world->kernel, takes, EVENT_RESTART, terminal, 0);
    STORY(atm, world, terminal, "down repair_s=" TRACE_SECONDS, TRACE_PARTS(takes));
}

void on_restart(void *argument, const struct event *event)
{
    struct world *world = argument;
    uint16_t terminal = (uint16_t)event->subject;
    struct session *session = &world->sessions[terminal];
    session->down = session->crashed = session->out = false;
    exchange_restart(world, terminal);
    crowd_repair(world, terminal);
}

/* --- power --- */

static void schedule_power(struct world *world, uint32_t site, uint32_t number)
{
    double rate = world->settings->faults.power;
    if (!(rate > 0.0))
        return;
    struct stream stream = world_stream(world, (uint64_t)site << 32 | number, PURPOSE_POWER);
    kernel_schedule(&world->kernel, next_of(&stream, rate), EVENT_POWER, site, number);
}

/* The camera sees nothing meanwhile. */
static void go_dark(struct world *world, uint16_t terminal, simtime takes)
{
    simtime left = simtime_from_seconds(world->settings->duration) - world->kernel.now;
    bool was_down = world->sessions[terminal].out || world->sessions[terminal].crashed;
    faults_crash(world, terminal, takes);
    if (!was_down)
        world->atms[terminal].away_total += takes < left ? takes : left;
}

static void cut_power(struct world *world, uint32_t site, simtime takes)
{
    uint16_t first = crowd_first(world, site);
    for (uint32_t i = 0; i < crowd_machines(world, site); i++)
        go_dark(world, (uint16_t)(first + i), takes);
}

void on_power(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct stream stream =
        world_stream(world, (uint64_t)event->subject << 32 | event->detail, PURPOSE_POWER);
    stream_uniform(&stream); /* was the time until now */
    cut_power(world, event->subject,
              distribution_delay(&world->settings->faults.power_out, &stream));
    schedule_power(world, event->subject, event->detail + 1);
}

/* --- at given times --- */

static struct listed_fault listed(const struct world *world, uint32_t index)
{
    struct listed_fault fault;
    CHECK(listed_fault_parse(world->settings->faults.at[index], &fault, NULL));
    return fault;
}

static void schedule_listed(struct world *world)
{
    for (uint32_t i = 0; i < LISTED_FAULTS && world->settings->faults.at[i][0] != '\0'; i++)
        kernel_schedule(&world->kernel, listed(world, i).at, EVENT_LISTED, 0, i);
}

void on_listed(void *argument, const struct event *event)
{
    struct world *world = argument;
    struct listed_fault fault = listed(world, event->detail);
    switch (fault.kind) {
    case LISTED_BANK_CRASH:
        crash_bank(world, fault.takes);
        break;
    case LISTED_TERMINAL_CRASH:
        faults_crash(world, (uint16_t)fault.where, fault.takes);
        break;
    case LISTED_POWER:
        cut_power(world, fault.where, fault.takes);
        break;
    }
}

/* --- the end of the day --- */

static int by_transaction(const void *one, const void *other)
{
    const struct dispense_report *a = one, *b = other;
    int64_t x = message_transaction(a->terminal, a->trace);
    int64_t y = message_transaction(b->terminal, b->trace);
    return (x > y) - (x < y);
}

/* Up to where each terminal is through with its transactions. */
static void find_through(const struct world *world, struct dispenser_journal *journals)
{
    for (uint32_t i = 0; i < world->crowd.terminals; i++)
        journals[i] = (struct dispenser_journal){.terminal = i, .through = world->atms[i].trace};
    for (uint32_t number = 1; number <= world->exchanges.capacity; number++) {
        const struct exchange *exchange = exchange_at(world, number);
        if (exchange->state == EXCHANGE_FREE || exchange->state == EXCHANGE_CLOSED ||
            exchange->what != EXCHANGE_WITHDRAW)
            continue;
        uint32_t *through = &journals[exchange->terminal].through;
        if (exchange->trace <= *through)
            *through = exchange->trace - 1;
    }
}

/* Lays each terminal's entries side by side; those that are not over yet come to the next day. */
static size_t fill_in(struct world *world, struct dispenser_journal *journals,
                      struct dispense_report *entries)
{
    struct dispensed *dispensed = &world->dispensed;
    size_t kept = 0, count = 0;
    qsort(dispensed->entries, dispensed->count, sizeof *entries, by_transaction);
    for (size_t i = 0; i < dispensed->count; i++) {
        struct dispense_report entry = dispensed->entries[i];
        struct dispenser_journal *journal = &journals[entry.terminal];
        if (entry.trace > journal->through) {
            dispensed->entries[kept++] = entry;
            continue;
        }
        if (journal->count++ == 0)
            journal->entries = &entries[count];
        entries[count++] = entry;
    }
    dispensed->count = kept;
    return count;
}

static void reconcile(struct world *world)
{
    size_t terminals = world->crowd.terminals;
    struct dispenser_journal *journals = calloc(terminals, sizeof *journals);
    struct dispense_report *entries = calloc(world->dispensed.count + 1, sizeof *entries);
    CHECK(journals != NULL && entries != NULL);
    find_through(world, journals);
    fill_in(world, journals, entries);
    struct reconciliation day = bank_reconcile(world->bank, journals, terminals, world->kernel.now);
    CHECK(day.reason == REASON_NONE);
    STORY(bank, world, 0, "reconciled matched=%llu", (unsigned long long)day.matched);
    invariants_reconciled(world, &day);
    free(entries);
    free(journals);
}

void on_day_end(void *argument, const struct event *event)
{
    struct world *world = argument;
    if (world->station.down) {
        kernel_schedule(&world->kernel, SIMTIME_HOUR / 6, EVENT_DAY_END, 0, event->detail);
        return;
    }
    reconcile(world);
    simtime next = (simtime)(event->detail + 1) * SIMTIME_DAY;
    kernel_schedule(&world->kernel, next - event->at, EVENT_DAY_END, 0, event->detail + 1);
}

void faults_start(struct world *world)
{
    schedule_bank_crash(world, 0, 0);
    schedule_listed(world);
    for (uint32_t i = 0; i < world->crowd.terminals; i++)
        schedule_crash(world, (uint16_t)i);
    for (uint32_t i = 0; i < world->crowd.site_count; i++)
        schedule_power(world, i, 0);
    if (world->timed)
        kernel_schedule(&world->kernel, SIMTIME_DAY, EVENT_DAY_END, 0, 1);
}
