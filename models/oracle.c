/*
 * The oracle: what must be true of the books, whatever happened. It reads the world; nothing reads
 * it.
 *
 *  - balance + held + paid is what it was at opening, in every account and in all
 *  - what is held is exactly what open reservations are for
 *  - what is paid is exactly what the journal of payments says, and what the dispensers counted
 *  - no reservation was paid twice, and no dispenser paid without a permit
 *  - what the bank has of a reservation does not contradict itself (bank_totals_check)
 *  - every frame put before an ATM's camera went through the decoder
 *  - whoever came to a site was served, waits, or left
 *  - Little's law holds at every site, for its machines and its counter: length = rate x wait
 *    (Little 1961). It is exact for the books of a queue at any moment; what differs beyond
 *    rounding was counted wrongly.
 */
#include "parts.h"

#include <math.h>

static bool check_dispensers(struct world *world, const struct bank_totals *totals,
                             struct error *error)
{
    uint64_t payments = 0;
    int64_t minor = 0;
    for (int64_t i = 0; i < world->settings->terminals.atms; i++) {
        payments += world->atms[i].dispensed;
        minor += world->atms[i].dispensed_minor;
    }
    if (totals->strays > 0)
        return error_set(error, "oracle: %llu dispense reports fit no permit",
                         (unsigned long long)totals->strays);
    if (payments == totals->payments && minor == totals->payments_minor)
        return true;
    return error_set(error,
                     "oracle: dispensers paid %llu times %lld fen in all, the bank booked "
                     "%llu times %lld fen",
                     (unsigned long long)payments, (long long)minor,
                     (unsigned long long)totals->payments, (long long)totals->payments_minor);
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
static bool check_little(struct resource_little it, uint32_t site, const char *what,
                         const char *part, struct error *error)
{
    double expected = it.rate * it.wait_s;
    return fabs(it.length - expected) <= 1e-9 * fmax(it.length, 1e-3) ||
           error_set(
               error,
               "oracle: site %u, %s: Little's law is broken for %s: %.12g people in the mean, but "
               "%.12g /s x %.12g s = %.12g",
               site + 1, what, part, it.length, it.rate, it.wait_s, expected);
}

static bool check_line(const struct resource *line, simtime now, uint32_t site, const char *what,
                       struct error *error)
{
    uint64_t known = line->granted + line->length + line->reneged + line->lost + line->balked;
    if (line->arrived != known)
        return error_set(
            error, "oracle: site %u, %s: %llu came, but %llu were served, wait or left", site + 1,
            what, (unsigned long long)line->arrived, (unsigned long long)known);
    return check_little(resource_little_queue(line, now), site, what, "line", error) &&
           check_little(resource_little_system(line, now), site, what, "line and service", error);
}

bool oracle_check_sites(const struct world *world, struct error *error)
{
    for (uint32_t i = 0; i < world->crowd.site_count; i++) {
        const struct site *site = &world->crowd.sites[i];
        if (!check_line(&site->machines, world->kernel.now, i, "machines", error) ||
            !check_line(&site->counter, world->kernel.now, i, "counter", error))
            return false;
    }
    return true;
}

bool oracle_check(struct world *world, struct error *error)
{
    struct bank_totals totals = bank_audit(world->bank);
    return bank_totals_check(&totals, error) && check_dispensers(world, &totals, error) &&
           check_frames(world, error) && oracle_check_sites(world, error);
}
