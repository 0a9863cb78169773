/*
 * The oracle: what must be true of the books at the end, whatever happened. It reads the world;
 * nothing reads it. (invariants.c looks at every step on the way.)
 *
 *  - balance + held + paid is what it was at opening, in every account and in all
 *  - what is held is exactly what open reservations are for
 *  - what is paid is exactly what the journal of payments says, and what the dispensers counted but
 *    for the advices that are still outstanding
 *  - every exchange that is not over yet will go on by itself
 *  - no reservation was paid twice, and no dispenser paid without a permit
 *  - what the bank has of a reservation does not contradict itself (bank_totals_check)
 *  - every frame put before an ATM's camera went through the decoder
 *  - whoever came to a site was served, waits, or left
 *  - Little's law holds at every site, for its machines and its counter, and at the bank: length =
 * rate x wait (Little 1961). It is exact for the books of a queue at any moment; what differs
 * beyond rounding was counted wrongly.
 */
#include "parts.h"

#include <math.h>
#include <stdio.h>

/* Paid out, but the bank has not booked it yet: the advice is on its way, or kept to be sent. */
static void count_outstanding(const struct world *world, uint64_t *payments, int64_t *minor)
{
    for (uint32_t number = 1; number <= world->exchanges.capacity; number++) {
        const struct exchange *exchange = exchange_at(world, number);
        bool out = exchange->state != EXCHANGE_FREE && (exchange->facts & FACT_OUT) != 0;
        if (!out || (exchange->facts & FACT_BOOKED) != 0)
            continue;
        ++*payments;
        *minor += exchange->amount_minor;
    }
}

/* Something will bring it on: its timer, who stands at the machine, or the machine's restart. */
static bool goes_on(const struct world *world, uint32_t number)
{
    const struct exchange *exchange = exchange_at(world, number);
    if (exchange->timer != 0 || exchange->what == EXCHANGE_RESERVE)
        return exchange->timer != 0;
    const struct session *session = &world->sessions[exchange->terminal];
    return session->crashed || session->crash_due ||
           (exchange->state == EXCHANGE_SEEN && session->exchange == number);
}

/* Invariant 3 of those that are not over yet: none is forgotten. (Where nothing can be lost there
 * are no timers, and every message arrives.) */
static bool check_unfinished(const struct world *world, struct error *error)
{
    for (uint32_t number = 1; world->timed && number <= world->exchanges.capacity; number++) {
        const struct exchange *exchange = exchange_at(world, number);
        if (exchange->state == EXCHANGE_FREE || exchange->state == EXCHANGE_CLOSED ||
            goes_on(world, number))
            continue;
        return error_set(error,
                         "oracle: invariant 3 (every debit ends dispensed or reversed) is broken: "
                         "terminal %u has forgotten its transaction %u, reservation %llu",
                         exchange->terminal, exchange->trace,
                         (unsigned long long)exchange->reservation);
    }
    return true;
}

static bool check_dispensers(struct world *world, const struct bank_totals *totals,
                             struct error *error)
{
    uint64_t payments = 0, outstanding = 0;
    int64_t minor = 0, outstanding_minor = 0;
    count_outstanding(world, &outstanding, &outstanding_minor);
    for (int64_t i = 0; i < world->settings->terminals.atms; i++) {
        payments += world->atms[i].dispensed;
        minor += world->atms[i].dispensed_minor;
    }
    if (totals->strays > 0)
        return error_set(error, "oracle: %llu dispense reports fit no permit",
                         (unsigned long long)totals->strays);
    if (payments == totals->payments + outstanding &&
        minor == totals->payments_minor + outstanding_minor)
        return true;
    return error_set(error,
                     "oracle: dispensers paid %llu times %lld fen in all, the bank booked "
                     "%llu times %lld fen, and %llu advices of %lld fen are outstanding",
                     (unsigned long long)payments, (long long)minor,
                     (unsigned long long)totals->payments, (long long)totals->payments_minor,
                     (unsigned long long)outstanding, (long long)outstanding_minor);
}

/* One frame a presentation; of several, as many as it took. */
static bool check_frames(const struct world *world, struct error *error)
{
    double shown = world->result->numerator[M_PRESENTATIONS];
    double decoded = world->result->numerator[M_DECODED];
    double each = (double)world->settings->sequence.frames;
    return (shown <= decoded && decoded <= shown * each) ||
           error_set(error, "oracle: %.0f presentations, but %.0f frames decoded", shown, decoded);
}

/* Sums of some 10^7 terms: rounding stays well below one part in 10^9. */
static bool check_little(struct resource_little it, const char *where, const char *part,
                         struct error *error)
{
    double expected = it.rate * it.wait_s;
    return fabs(it.length - expected) <= 1e-9 * fmax(it.length, 1e-3) ||
           error_set(error,
                     "oracle: %s: Little's law is broken for %s: %.12g in the mean, but %.12g /s x "
                     "%.12g s = %.12g",
                     where, part, it.length, it.rate, it.wait_s, expected);
}

static bool check_line(const struct resource *line, simtime now, const char *where,
                       struct error *error)
{
    uint64_t known = line->granted + line->length + line->reneged + line->lost + line->balked;
    if (line->arrived != known)
        return error_set(error, "oracle: %s: %llu came, but %llu were served, wait or left", where,
                         (unsigned long long)line->arrived, (unsigned long long)known);
    return check_little(resource_little_queue(line, now), where, "line", error) &&
           check_little(resource_little_system(line, now), where, "line and service", error);
}

static bool check_site(const struct world *world, uint32_t index, struct error *error)
{
    const struct site *site = &world->crowd.sites[index];
    char where[64];
    snprintf(where, sizeof where, "site %u, machines", index + 1);
    if (!check_line(&site->machines, world->kernel.now, where, error))
        return false;
    snprintf(where, sizeof where, "site %u, counter", index + 1);
    return check_line(&site->counter, world->kernel.now, where, error);
}

bool oracle_check_sites(const struct world *world, struct error *error)
{
    for (uint32_t i = 0; i < world->crowd.site_count; i++)
        if (!check_site(world, i, error))
            return false;
    return !world->station.limited ||
           check_line(&world->station.workers, world->kernel.now, "the bank's workers", error);
}

bool oracle_check(struct world *world, struct error *error)
{
    struct bank_totals totals = bank_audit(world->bank);
    return bank_totals_check(&totals, error) && check_dispensers(world, &totals, error) &&
           check_unfinished(world, error) && check_frames(world, error) &&
           oracle_check_sites(world, error);
}
