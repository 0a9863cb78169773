/* The verification module (304): is this the code, and is it the first time? */
#include "bank/core.h"
#include "engine/stopwatch.h"

static enum reason check_typed_codes(const struct reservation *reservation,
                                     const struct presentation *presentation)
{
    if (!code_equal(reservation->reservation_code, code_number(presentation->reservation_code)))
        return REASON_WRONG_RESERVATION_CODE;
    return code_equal(reservation->sms_code, code_number(presentation->sms_code))
               ? REASON_NONE
               : REASON_WRONG_SMS_CODE;
}

static enum reason check_code(struct bank *bank, const struct reservation *reservation,
                              const struct presentation *presentation, simtime now,
                              uint64_t *matched)
{
    if (reservation->scheme == SCHEME_SMS_CODE)
        return check_typed_codes(reservation, presentation);
    switch (presentation->recognition) {
    case RECOGNITION_READ:
        return codes_check(bank, reservation, presentation, now, matched);
    case RECOGNITION_NOTHING:
        return REASON_NO_SYMBOL;
    case RECOGNITION_FOREIGN:
        return REASON_BAD_SYMBOL;
    case RECOGNITION_AMBIGUOUS:
        return REASON_AMBIGUOUS;
    }
    return REASON_BAD_SYMBOL;
}

/* BANK_REPLIES_FIRST: the verdict leaves, and the bank will write it down when it comes to it. */
static bool permit_later(struct bank *bank, const struct reservation *reservation,
                         int64_t transaction, int *changed)
{
    bank->unwritten = (struct unwritten){reservation->id, transaction};
    *changed = 1;
    return true;
}

/* Uses the code up, and a token's counter with it. */
static bool permit(struct bank *bank, const struct reservation *reservation, int64_t transaction,
                   uint64_t matched, int *changed)
{
    bool pays_twice = bank->rules.defect == BANK_PAYS_TWICE;
    int64_t values[] = {(int64_t)reservation->id, transaction};
    int64_t counter[] = {(int64_t)reservation->mobile, (int64_t)matched + 1};
    struct database *database = &bank->database;
    if (bank->rules.defect == BANK_REPLIES_FIRST)
        return permit_later(bank, reservation, transaction, changed);
    return database_run(database, pays_twice ? SQL_PERMIT_ANYWAY : SQL_PERMIT, values, 2,
                        changed) &&
           (*changed == 0 || reservation->scheme != SCHEME_IMAGE_CODE || pays_twice ||
            !codes_count(bank->rules.code) ||
            database_run(database, SQL_USE_COUNTER, counter, 2, NULL));
}

/* Permits, or finds that someone was quicker. */
static enum reason redeem(struct bank *bank, const struct reservation *reservation,
                          int64_t transaction, uint64_t matched)
{
    int changed = 0;
    if (!permit(bank, reservation, transaction, matched, &changed))
        return REASON_DATABASE;
    return changed == 1 ? REASON_NONE : REASON_USED;
}

static unsigned tries_so_far(struct bank *bank, const struct reservation *reservation)
{
    if (bank->rules.defect == BANK_FORGETS_TRIES)
        return bank->forgotten[reservation->id % DEFECT_TRIES]++;
    return answers_wrong(bank, reservation);
}

/* A certificate that will not do ends the reservation: its hold is released, and the customer may
 * reserve with another. Where the bank lacks a list of what is revoked, that is no fault of the
 * customer's. */
static struct verdict refuse_certificate(struct bank *bank, const struct reservation *reservation,
                                         int64_t transaction, enum reason reason)
{
    struct verdict verdict = {.reason = reason, .final = true};
    answers_keep(bank, reservation, transaction, verdict);
    if (reason != REASON_NO_LIST)
        reservation_release(bank, reservation, STATE_REFUSED);
    return verdict;
}

/* A wrong code counts once, however often its message comes; the last one allowed locks the
 * reservation and releases the hold. */
static struct verdict refuse(struct bank *bank, const struct reservation *reservation,
                             int64_t transaction, enum reason reason)
{
    struct verdict verdict = {.reason = reason};
    if (certificates_are_why(reason))
        return refuse_certificate(bank, reservation, transaction, reason);
    if (!reason_is_wrong_try(reason))
        return verdict;
    verdict.final = tries_so_far(bank, reservation) + 1 >= bank->rules.tries;
    int64_t unnumbered = -(int64_t)bank->presented - 2; /* BANK_COUNTS_RETRIES: never found again */
    bool remembers = bank->rules.defect != BANK_COUNTS_RETRIES;
    answers_keep(bank, reservation, remembers ? transaction : unnumbered, verdict);
    if (verdict.final)
        reservation_release(bank, reservation, STATE_LOCKED);
    return verdict;
}

/* A stopwatch that most presentations leave alone. */
struct laps {
    bool running;
    int64_t since_ns;
};

static struct laps start_laps(struct bank *bank)
{
    bool running = bank->presented++ % BANK_MEASURED == 0 && bank->verify != NULL;
    return (struct laps){running, running ? stopwatch_ns() : 0};
}

static void lap(struct laps *laps, struct histogram *stage)
{
    if (!laps->running)
        return;
    int64_t now_ns = stopwatch_ns();
    histogram_add(stage, now_ns - laps->since_ns);
    laps->since_ns = now_ns;
}

/* What the terminal names of it, if it does. */
static enum reason check_named(struct bank *bank, const struct reservation *reservation,
                               const struct presentation *presentation)
{
    int64_t key[] = {(int64_t)reservation->mobile};
    if (presentation->amount_minor != 0 && presentation->amount_minor != reservation->amount_minor)
        return REASON_WRONG_AMOUNT;
    if (presentation->card != 0 &&
        (uint64_t)database_number(&bank->database, SQL_CARD, key, 1) != presentation->card)
        return REASON_CARD_MISMATCH;
    if (reservation_is_elsewhere(reservation, presentation->terminal))
        return REASON_WRONG_TERMINAL;
    return REASON_NONE;
}

/* Has this transaction its permit already? */
static bool is_permitted(const struct bank *bank, const struct reservation *reservation,
                         int64_t transaction)
{
    bool given = reservation->state == STATE_PERMITTED || reservation->state == STATE_PAID;
    return given &&
           (reservation->transaction == transaction || bank->rules.defect == BANK_PERMITS_ANYBODY);
}

/* Of a transaction that has had no answer yet. */
static struct verdict decide(struct bank *bank, const struct reservation *reservation,
                             const struct presentation *presentation, simtime now,
                             struct laps *laps)
{
    int64_t transaction = message_transaction(presentation->terminal, presentation->trace);
    uint64_t matched = 0;
    enum reason reason = reservation_standing(bank, reservation, now);
    if (reason != REASON_NONE)
        return (struct verdict){.reason = reason, .final = true};
    reason = check_named(bank, reservation, presentation);
    if (reason == REASON_NONE)
        reason = check_code(bank, reservation, presentation, now, &matched);
    if (reason != REASON_NO_SYMBOL)
        lap(laps, bank->verify);
    if (reason != REASON_NONE)
        return refuse(bank, reservation, transaction, reason);
    reason = redeem(bank, reservation, transaction, matched);
    lap(laps, bank->redeem);
    return (struct verdict){reason, reason != REASON_NONE, reservation->amount_minor};
}

static struct verdict consider(struct bank *bank, const struct presentation *presentation,
                               simtime now, struct laps *laps)
{
    int64_t transaction = message_transaction(presentation->terminal, presentation->trace);
    struct reservation reservation;
    struct verdict verdict = {.reason = REASON_NO_RESERVATION, .final = true};
    if (!reservation_find(bank, presentation->reservation, &reservation) ||
        answers_recall(bank, &reservation, transaction, &verdict))
        return verdict;
    if (is_permitted(bank, &reservation, transaction))
        return (struct verdict){.amount_minor = reservation.amount_minor};
    return decide(bank, &reservation, presentation, now, laps);
}

/* All of it in one transaction. */
static struct verdict present(struct bank *bank, const struct presentation *presentation,
                              simtime now, struct laps *laps)
{
    static const struct verdict failed = {.reason = REASON_DATABASE};
    if (!bank_begin_transaction(bank))
        return failed;
    struct verdict verdict = consider(bank, presentation, now, laps);
    return bank_end_transaction(bank, true) ? verdict : failed;
}

/* Typed codes before their reservation. */
struct typed {
    struct bank *bank;
    const struct presentation *presentation;
    simtime now;
    struct laps laps;
    int64_t amount_minor;
};

/* True in the ordinary case alone: nothing of this reservation was ever answered, and all is right.
 */
static bool compare(void *argument, const int64_t *columns)
{
    struct typed *typed = argument;
    const struct presentation *presentation = typed->presentation;
    struct reservation reservation = reservation_of(columns);
    int64_t named = presentation->amount_minor;
    typed->amount_minor = reservation.amount_minor;
    if (reservation.state != STATE_OPEN || typed->now > reservation.expires ||
        reservation.scheme != SCHEME_SMS_CODE || reservation.answers > 0 ||
        (named != 0 && named != reservation.amount_minor) ||
        check_typed_codes(&reservation, presentation) != REASON_NONE)
        return false;
    lap(&typed->laps, typed->bank->verify);
    return true;
}

/* Compares the codes and permits in one statement, which is a transaction by itself; whatever is
 * not as usual is looked at apart. */
static struct verdict present_typed(struct bank *bank, const struct presentation *presentation,
                                    simtime now)
{
    struct typed typed = {bank, presentation, now, start_laps(bank), 0};
    int64_t values[] = {(int64_t)presentation->reservation,
                        message_transaction(presentation->terminal, presentation->trace)};
    int changed = 0;
    if (!database_run_judged(&bank->database, SQL_PERMIT_TYPED, values, 2, compare, &typed,
                             &changed))
        return (struct verdict){.reason = REASON_DATABASE};
    if (changed == 0)
        return present(bank, presentation, now, &typed.laps);
    lap(&typed.laps, bank->redeem);
    return (struct verdict){.amount_minor = typed.amount_minor};
}

struct verdict bank_present(struct bank *bank, const struct presentation *presentation, simtime now)
{
    bool usual = presentation->reservation_code[0] != '\0' && presentation->card == 0 &&
                 bank->rules.defect != BANK_REPLIES_FIRST;
    struct verdict verdict;
    if (usual) {
        verdict = present_typed(bank, presentation, now);
    } else {
        struct laps laps = start_laps(bank);
        verdict = present(bank, presentation, now, &laps);
    }
    if (bank->rules.audit_each)
        audit_reservation(bank, presentation->reservation);
    return verdict;
}
