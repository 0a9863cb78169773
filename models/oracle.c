/*
 * The oracle: what must be true of the books, whatever happened. It reads the world; nothing reads
 * it.
 *
 *  - balance + held + paid is what it was at opening, in every account and in all
 *  - what is held is exactly what open reservations are for
 *  - what is paid is exactly what the journal of payments says, and what the dispensers counted
 *  - no reservation was paid twice, and no dispenser paid without a permit
 *  - every frame put before an ATM's camera went through the decoder
 */
#include "parts.h"

static bool check_money(const struct bank_totals *totals, struct error *error)
{
    int64_t sum = totals->balance_minor + totals->held_minor + totals->paid_minor;
    if (totals->paid_twice > 0)
        return error_set(error, "oracle: %llu reservations were paid more than once",
                         (unsigned long long)totals->paid_twice);
    if (sum != totals->opening_minor)
        return error_set(error, "oracle: money is not conserved: opening %lld, now %lld fen",
                         (long long)totals->opening_minor, (long long)sum);
    if (totals->unbalanced > 0)
        return error_set(error, "oracle: %llu accounts do not balance",
                         (unsigned long long)totals->unbalanced);
    if (totals->held_minor != totals->open_minor)
        return error_set(error, "oracle: %lld fen are held, but open reservations are for %lld",
                         (long long)totals->held_minor, (long long)totals->open_minor);
    if (totals->paid_minor != totals->payments_minor)
        return error_set(error, "oracle: accounts paid %lld fen, the journal says %lld",
                         (long long)totals->paid_minor, (long long)totals->payments_minor);
    return true;
}

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

static bool check_frames(const struct world *world, struct error *error)
{
    double shown = world->result->numerator[M_PRESENTATIONS];
    double decoded = world->result->numerator[M_DECODED];
    return shown == decoded ||
           error_set(error, "oracle: %.0f presentations, but %.0f frames decoded", shown, decoded);
}

bool oracle_check(struct world *world, struct error *error)
{
    struct bank_totals totals = bank_audit(world->bank);
    return check_money(&totals, error) && check_dispensers(world, &totals, error) &&
           check_frames(world, error);
}
