/*
 * The ten invariants of the protocol, looked at wherever one could break: at each permit, dispense,
 * reversal and acknowledgement, and when an exchange is over. protocol/withdrawal.pml states the
 * same ones; its numbers are these. They see what no party sees: what the bank and the terminal
 * have really done (exchange.h, facts) and, of each reservation, what was ever done with it.
 */
#include "parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = {
    [1] = "at most one dispense a reservation, at the terminal that was authorised",
    [2] = "balance + held + paid is constant",
    [3] = "every debit ends dispensed or reversed",
    [4] = "a retry gets the same answer",
    [5] = "the code is consumed durably before the permit leaves the bank",
    [6] = "a reversal leaves a tombstone",
    [7] = "a terminal that started a reversal never dispenses",
    [8] = "expired or locked codes are never accepted",
    [9] = "lock-out after the last wrong try releases the hold",
    [10] = "dispense and its journal mark are one fact",
};

enum dossier_fact { DOSSIER_PERMITTED = 1, DOSSIER_DISPENSED = 2, DOSSIER_RELEASED = 4 };

__attribute__((format(printf, 4, 5))) static void
broken(struct world *world, unsigned number, uint64_t reservation, const char *format, ...)
{
    struct invariants *invariants = &world->invariants;
    char what[256];
    va_list arguments;
    if (invariants->broken != 0)
        return;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    invariants->broken = number;
    invariants->reservation = reservation;
    error_set(&invariants->error,
              "oracle: invariant %u (%s) is broken at " TRACE_SECONDS " s, reservation %llu: %s",
              number, names[number], TRACE_PARTS(world->kernel.now),
              (unsigned long long)reservation, what);
    world->halt = true;
}

/* ... of a transaction. */
static void broken_by(struct world *world, unsigned number, const struct exchange *exchange,
                      const char *what)
{
    broken(world, number, exchange->reservation, "%s (terminal %u, trace %u)", what,
           exchange->terminal, exchange->trace);
}

/* --- dossiers --- */

void invariants_destroy(struct world *world)
{
    free(world->invariants.dossiers);
}

/* Reservations are numbered from 1, one after the other. A repeated request is answered with the
 * old one. */
void invariants_reserved(struct world *world, uint64_t reservation, simtime expires)
{
    struct invariants *invariants = &world->invariants;
    if (reservation <= invariants->count)
        return;
    if (reservation > invariants->capacity) {
        invariants->capacity = invariants->capacity == 0 ? 256 : invariants->capacity * 2;
        invariants->dossiers =
            realloc(invariants->dossiers, invariants->capacity * sizeof *invariants->dossiers);
    }
    CHECK(reservation == invariants->count + 1 && invariants->dossiers != NULL);
    invariants->dossiers[invariants->count++] =
        (struct dossier){.expires_us = (uint64_t)(expires / 1000 + 1)};
}

static struct dossier *dossier_of(struct world *world, uint64_t reservation)
{
    CHECK(reservation > 0 && reservation <= world->invariants.count);
    return &world->invariants.dossiers[reservation - 1];
}

void invariants_released(void *argument, uint64_t reservation, uint64_t mobile, enum reason why)
{
    struct world *world = argument;
    dossier_of(world, reservation)->facts |= DOSSIER_RELEASED;
    if (why == REASON_LOCKED)
        unit_count(world->result, M_LOCK_OUTS, 1.0);
    if (world->trace != NULL)
        story_released(world, reservation, mobile, why);
}

/* --- at the bank --- */

static void check_permit(struct world *world, struct exchange *exchange, struct dossier *dossier)
{
    bool first = (exchange->facts & FACT_PERMITTED) == 0;
    if ((exchange->facts & FACT_TOMBSTONE) != 0)
        broken_by(world, 6, exchange, "permitted after it was taken back");
    if ((exchange->facts & FACT_REFUSED) != 0)
        broken_by(world, 4, exchange, "permitted after it was refused");
    if (first && (dossier->facts & DOSSIER_PERMITTED) != 0)
        broken_by(world, 1, exchange, "permitted to a second transaction");
    if (first && world->kernel.now / 1000 > (simtime)dossier->expires_us)
        broken_by(world, 8, exchange, "permitted after its expiry");
    if (first && dossier->wrong >= world->settings->bank.tries)
        broken_by(world, 8, exchange, "permitted after the last wrong try");
    if (first && (dossier->facts & DOSSIER_RELEASED) != 0)
        broken_by(world, 8, exchange, "permitted after its hold was released");
    exchange->facts |= FACT_PERMITTED;
    dossier->facts |= DOSSIER_PERMITTED;
}

static void check_refusal(struct world *world, struct exchange *exchange, struct dossier *dossier,
                          struct verdict verdict)
{
    bool again = (exchange->facts & FACT_REFUSED) != 0;
    if ((exchange->facts & FACT_TOMBSTONE) != 0)
        return;
    if ((exchange->facts & FACT_PERMITTED) != 0)
        broken_by(world, 4, exchange, "refused after it was permitted");
    exchange->facts |= FACT_REFUSED;
    if (again || !reason_is_wrong_try(verdict.reason))
        return;
    dossier->wrong += dossier->wrong < UINT8_MAX;
    bool last = dossier->wrong >= world->settings->bank.tries;
    if (verdict.final && !last)
        broken_by(world, 4, exchange, "locked too early: a repetition was counted");
    if (last && !(verdict.final && (dossier->facts & DOSSIER_RELEASED) != 0))
        broken_by(world, 9, exchange, "still held after the last wrong try");
}

void invariants_verdict(struct world *world, struct exchange *exchange, struct verdict verdict)
{
    struct dossier *dossier = dossier_of(world, exchange->reservation);
    if (verdict.reason == REASON_NONE)
        check_permit(world, exchange, dossier);
    else if (verdict.reason != REASON_DATABASE)
        check_refusal(world, exchange, dossier, verdict);
}

void invariants_reversed(struct world *world, struct exchange *exchange, enum reason reason)
{
    if (reason == REASON_NONE)
        exchange->facts |= FACT_TOMBSTONE;
    else if (reason == REASON_NO_PERMIT)
        broken_by(world, 7, exchange, "taken back after it was paid");
    else if (reason != REASON_DATABASE)
        broken_by(world, 6, exchange, "the bank does not know what is taken back");
}

void invariants_booked(struct world *world, struct exchange *exchange, enum reason reason)
{
    if ((exchange->facts & FACT_OUT) == 0)
        broken_by(world, 10, exchange, "an advice of notes that never came out");
    if (reason == REASON_NONE)
        exchange->facts |= FACT_BOOKED;
    else if (reason != REASON_DATABASE)
        broken_by(world, 5, exchange, "paid out, but the bank does not know its permit");
}

/* The bank's own audit, after each call. */
void invariants_breach(struct world *world)
{
    struct bank_breach breach = bank_breach(world->bank);
    if (breach.mobile != 0)
        broken(world, 2, breach.reservation, "the account of mobile number %llu does not add up",
               (unsigned long long)breach.mobile);
}

void invariants_reconciled(struct world *world, const struct reconciliation *day)
{
    if (day->missing > 0 || day->strays > 0)
        broken(world, 10, 0,
               "the dispensers and the bank differ: %llu booked and not counted, %llu counted "
               "without a permit",
               (unsigned long long)day->missing, (unsigned long long)day->strays);
    if (day->paid > 0 || day->reversed > 0)
        broken(world, 3, 0,
               "permits of transactions that are over were left at the end of the day: %llu paid, "
               "%llu not",
               (unsigned long long)day->paid, (unsigned long long)day->reversed);
}

/* --- at the terminal --- */

void invariants_dispense(struct world *world, struct exchange *exchange)
{
    struct dossier *dossier = dossier_of(world, exchange->reservation);
    if ((exchange->facts & FACT_REVERSED) != 0)
        broken_by(world, 7, exchange, "paid after its reversal was sent");
    if ((exchange->facts & FACT_PERMITTED) == 0)
        broken_by(world, 1, exchange, "paid without a permit");
    if ((dossier->facts & DOSSIER_DISPENSED) != 0)
        broken_by(world, 1, exchange, "paid a second time");
    dossier->facts |= DOSSIER_DISPENSED;
}

void invariants_reversal(struct world *world, struct exchange *exchange, bool restarted)
{
    if ((exchange->facts & FACT_OUT) != 0)
        broken_by(world, restarted ? 10 : 7, exchange, "taken back though the notes are out");
    exchange->facts |= FACT_REVERSED;
}

void invariants_closed(struct world *world, const struct exchange *exchange)
{
    bool settled = (exchange->facts & (FACT_BOOKED | FACT_TOMBSTONE)) != 0;
    if ((exchange->facts & FACT_PERMITTED) != 0 && !settled)
        broken_by(world, 3, exchange, "over, but neither paid nor taken back");
}
