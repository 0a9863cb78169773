/*
 * The oracle: what must be true of the books at the end, whatever happened. It reads the world;
 * nothing reads it. (invariants.c looks at every step on the way.)
 *
 *  - balance + held + paid is what it was at opening, in every account and in all
 *  - what is held is exactly what open reservations are for
 *  - what is paid is exactly what the journal of payments says, and what the dispensers counted but
 *    for the advices that are still outstanding
 *  - no till paid more than was in it, and every merchant is credited with what was paid from the
 *    till, but for the same advices
 *  - in every cassette notes in = notes out + left, and they are worth what the counter says
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
#include <stdlib.h>

/* Paid out, but the bank has not booked it yet: the advice is on its way, or kept to be sent. */
static bool is_outstanding(const struct exchange *exchange)
{
    return exchange->state != EXCHANGE_FREE && (exchange->facts & FACT_OUT) != 0 &&
           (exchange->facts & FACT_BOOKED) == 0;
}

static void count_outstanding(const struct world *world, uint64_t *payments, int64_t *minor)
{
    for (uint32_t number = 1; number <= world->exchanges.capacity; number++) {
        const struct exchange *exchange = exchange_at(world, number);
        if (!is_outstanding(exchange))
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
    for (uint32_t i = 0; i < world->crowd.terminals; i++) {
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

/* What the bank owes each merchant still: advices that are outstanding. */
static int64_t *owed_minor(const struct world *world)
{
    int64_t *owed = calloc(world->crowd.terminals - world->crowd.atms + 1, sizeof *owed);
    CHECK(owed != NULL);
    for (uint32_t number = 1; number <= world->exchanges.capacity; number++) {
        const struct exchange *exchange = exchange_at(world, number);
        if (is_outstanding(exchange) && world_is_pos(world, exchange->terminal))
            owed[exchange->terminal - world->crowd.atms] += exchange->amount_minor;
    }
    return owed;
}

/* Till, credit and what is owed are together what was there at opening and what shoppers left. */
static bool check_merchant(const struct world *world, uint32_t terminal, int64_t owed,
                           struct error *error)
{
    const struct till *till = world_till(world, (uint16_t)terminal);
    int64_t credit = bank_credit_minor(world->bank, terminal);
    if (till_holds_minor(till) < 0 || till->paid_minor != world->atms[terminal].dispensed_minor)
        return error_set(error,
                         "oracle: POS %u paid %lld fen of the %lld that its till held, and its "
                         "journal says %lld",
                         terminal - world->crowd.atms, (long long)till->paid_minor,
                         (long long)(till->opening_minor + till->takings_minor),
                         (long long)world->atms[terminal].dispensed_minor);
    return credit + owed == till->paid_minor ||
           error_set(
               error,
               "oracle: the merchant of POS %u paid %lld fen, is credited with %lld, and %lld "
               "are outstanding",
               terminal - world->crowd.atms, (long long)till->paid_minor, (long long)credit,
               (long long)owed);
}

static bool check_merchants(const struct world *world, struct error *error)
{
    int64_t *owed = owed_minor(world);
    bool good = true;
    for (uint32_t i = world->crowd.atms; good && i < world->crowd.terminals; i++)
        good = check_merchant(world, i, owed[i - world->crowd.atms], error);
    free(owed);
    return good;
}

static bool check_cassettes(const struct world *world, struct error *error)
{
    for (uint32_t i = 0; world->cassettes != NULL && i < world->crowd.atms; i++) {
        const struct cassettes *cassettes = &world->cassettes[i];
        int64_t counted = world->atms[i].dispensed_minor + cassettes->card_minor;
        if (cassettes->overdrawn > 0)
            return error_set(error, "oracle: ATM %u paid %llu times without notes for the amount",
                             i, (unsigned long long)cassettes->overdrawn);
        if (!cassettes_add_up(&world->plan, cassettes) || cassettes->paid_minor != counted)
            return error_set(error,
                             "oracle: the cassettes of ATM %u do not add up: notes out are worth "
                             "%lld fen, its counter says %lld",
                             i, (long long)cassettes->paid_minor, (long long)counted);
    }
    return true;
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
           check_merchants(world, error) && check_cassettes(world, error) &&
           check_unfinished(world, error) && check_frames(world, error) &&
           oracle_check_sites(world, error);
}
