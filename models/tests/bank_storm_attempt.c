#include "bank_storm_attempt.h"

struct storm_fact *storm_fact_of(struct storm *storm, uint64_t reservation)
{
    struct storm_fact *fact = &storm->facts[reservation % STORM_FACTS];
    if (fact->reservation != reservation)
        *fact = (struct storm_fact){.reservation = reservation, .permitted = -1};
    return fact;
}

static int64_t transaction_of(const struct storm_attempt *attempt)
{
    return message_transaction(attempt->presentation.terminal, attempt->presentation.trace);
}

bool attempt_breach(const struct storm_attempt *attempt, struct error *error, const char *what)
{
    return error_set(error, "reservation %llu, terminal %u, trace %u: %s",
                     (unsigned long long)attempt->presentation.reservation,
                     attempt->presentation.terminal, attempt->presentation.trace, what);
}

/* What the bank has said, whether or not the terminal hears it. */
static bool judge_permit(struct storm *storm, struct storm_attempt *attempt,
                         const struct verdict *verdict, struct error *error)
{
    struct storm_fact *fact = storm_fact_of(storm, attempt->presentation.reservation);
    if (!attempt->right)
        return attempt_breach(attempt, error, "a wrong code is permitted");
    if (attempt->reversed)
        return attempt_breach(attempt, error, "permitted after its reversal");
    if (!attempt->in_time)
        return attempt_breach(attempt, error, "permitted after the code's time");
    if (fact->wrong_told >= STORM_TRIES)
        return attempt_breach(attempt, error, "permitted after the last wrong try");
    if (fact->permitted != -1 && fact->permitted != transaction_of(attempt))
        return attempt_breach(attempt, error, "permitted, and another transaction before it");
    if (attempt->heard && attempt->first != REASON_NONE)
        return attempt_breach(attempt, error, "refused before, and now permitted");
    if (verdict->amount_minor != attempt->amount_minor)
        return attempt_breach(attempt, error, "permitted for another amount");
    fact->permitted = transaction_of(attempt);
    return true;
}

static bool is_wrong(enum reason reason)
{
    return reason == REASON_WRONG_CODE || reason == REASON_STALE_CODE ||
           reason == REASON_WRONG_RESERVATION_CODE || reason == REASON_WRONG_SMS_CODE;
}

static bool judge_refusal(struct storm *storm, struct storm_attempt *attempt,
                          const struct verdict *verdict, struct error *error)
{
    struct storm_fact *fact = storm_fact_of(storm, attempt->presentation.reservation);
    bool wrong = is_wrong(verdict->reason);
    if (verdict->reason == REASON_DATABASE)
        return storm->disk_may_fail || attempt_breach(attempt, error, "the database fails");
    if (verdict->reason == REASON_NO_RESERVATION)
        return attempt_breach(attempt, error, "the reservation is lost");
    if (attempt->heard && attempt->first == REASON_NONE && !attempt->reversing)
        return attempt_breach(attempt, error, "permitted before, and now refused");
    if (attempt->heard && is_wrong(attempt->first) && verdict->reason != attempt->first)
        return attempt_breach(attempt, error, "a wrong try has another answer than before");
    if (wrong && attempt->right)
        return attempt_breach(attempt, error, "the right code is called wrong");
    if (((wrong && verdict->final) || verdict->reason == REASON_LOCKED) &&
        fact->wrong_sent < STORM_TRIES)
        return attempt_breach(attempt, error, "locked before the last wrong try");
    fact->wrong_told += wrong && !attempt->heard;
    fact->lock_told |= wrong && verdict->final;
    return fact->wrong_told < STORM_TRIES || fact->lock_told ||
           attempt_breach(attempt, error, "not locked by the last wrong try");
}

static bool judge(struct storm *storm, struct storm_attempt *attempt, const struct verdict *verdict,
                  struct error *error)
{
    bool permit = verdict->reason == REASON_NONE;
    if (!(permit ? judge_permit : judge_refusal)(storm, attempt, verdict, error))
        return false;
    if (!attempt->heard && verdict->reason != REASON_DATABASE) {
        attempt->heard = true;
        attempt->first = verdict->reason;
    }
    return true;
}

bool attempt_present(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                     bool reply_lost, struct error *error)
{
    struct storm_fact *fact = storm_fact_of(storm, attempt->presentation.reservation);
    attempt->in_time |= storm->now <= fact->expires;
    fact->wrong_sent += !attempt->right && !attempt->sent;
    attempt->sent = true;
    struct verdict verdict = bank_present(bank, &attempt->presentation, storm->now);
    if (!judge(storm, attempt, &verdict, error))
        return false;
    if (!reply_lost && attempt->phase == PHASE_ASKED && verdict.reason != REASON_DATABASE)
        attempt->phase = verdict.reason == REASON_NONE ? PHASE_SEEN : PHASE_CLOSED;
    return true;
}

bool attempt_reverse(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                     bool reply_lost, struct error *error)
{
    struct reversal_request request = {attempt->presentation.reservation,
                                       attempt->presentation.terminal, attempt->presentation.trace};
    enum reason reason = bank_reverse(bank, &request, storm->now);
    if (reason == REASON_DATABASE && storm->disk_may_fail)
        return true;
    if (reason != REASON_NONE)
        return attempt_breach(attempt, error, "cannot be taken back");
    attempt->reversed = true;
    if (!reply_lost && attempt->phase == PHASE_REVERSING)
        attempt->phase = PHASE_CLOSED;
    return true;
}

bool attempt_advise(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                    bool reply_lost, struct error *error)
{
    struct dispense_report report = {attempt->presentation.reservation,
                                     attempt->presentation.terminal, attempt->presentation.trace,
                                     attempt->amount_minor};
    enum reason reason = bank_dispensed(bank, &report, storm->now);
    if (reason == REASON_DATABASE && storm->disk_may_fail)
        return true;
    if (reason != REASON_NONE)
        return attempt_breach(attempt, error, "was paid out, and the bank does not book it");
    storm->booked += !attempt->booked;
    attempt->booked = true;
    if (!reply_lost && attempt->phase == PHASE_TOLD)
        attempt->phase = PHASE_CLOSED;
    return true;
}

/* The notes come out, and the counter goes up with them. */
bool attempt_pay_out(struct storm *storm, struct storm_attempt *attempt, struct error *error)
{
    struct storm_terminal *terminal = &storm->terminals[attempt->presentation.terminal];
    if (terminal->paid == STORM_JOURNAL)
        return true; /* the end of the day first */
    terminal->journal[terminal->paid++] =
        (struct dispense_report){attempt->presentation.reservation, attempt->presentation.terminal,
                                 attempt->presentation.trace, attempt->amount_minor};
    attempt->out = true;
    attempt->phase = PHASE_TOLD;
    storm->outs++;
    storm->out_minor += attempt->amount_minor;
    return ++storm_fact_of(storm, attempt->presentation.reservation)->outs == 1 ||
           attempt_breach(attempt, error, "is paid out a second time");
}

bool attempt_end(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                 struct error *error)
{
    if (attempt->phase == PHASE_ASKED || attempt->phase == PHASE_SEEN) {
        attempt->phase = PHASE_REVERSING;
        attempt->reversing = true;
    }
    if (attempt->phase == PHASE_REVERSING)
        return attempt_reverse(storm, bank, attempt, false, error);
    return attempt->phase != PHASE_TOLD || attempt_advise(storm, bank, attempt, false, error);
}
