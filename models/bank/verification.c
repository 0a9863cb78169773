/* The verification module (304): is this the code, and is it the first time? */
#include "bank/core.h"
#include "engine/stopwatch.h"

/* Does `code` belong to one of the counters first .. last - 1? `*matched` receives which. */
static bool find_counter(struct bank *bank, sqlite3_stmt *row, const char *code, uint64_t first,
                         uint64_t last, uint64_t *matched)
{
    const uint8_t *secret = sqlite3_column_blob(row, 1);
    size_t secret_bytes = (size_t)sqlite3_column_bytes(row, 1);
    char expected[HOTP_TEXT_BYTES];
    if (secret_bytes == 0) /* no token: nothing to calculate a code from */
        return false;
    for (*matched = first; *matched < last; ++*matched) {
        hotp_code(bank->hotp, secret, secret_bytes, *matched, expected);
        if (hotp_equal(expected, code))
            return true;
    }
    return false;
}

/* Looks at the counters that may come next, then, to name the reason, at those that have been. */
static enum reason check_token_code(struct bank *bank, const struct reservation *reservation,
                                    const char *code, uint64_t *matched)
{
    struct database *database = &bank->database;
    int64_t key[] = {(int64_t)reservation->mobile};
    sqlite3_stmt *row = database->statements[SQL_FIND_KEY];
    if (!database_row(database, SQL_FIND_KEY, key, 1))
        return REASON_DATABASE;
    uint64_t next = (uint64_t)sqlite3_column_int64(row, 0), look = bank->rules.look_ahead, old;
    enum reason reason = REASON_WRONG_CODE;
    if (find_counter(bank, row, code, next, next + look + 1, matched))
        reason = REASON_NONE;
    else if (find_counter(bank, row, code, next > look ? next - look : 0, next, &old))
        reason = REASON_STALE_CODE;
    sqlite3_reset(row);
    return reason;
}

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
                              const struct presentation *presentation, uint64_t *matched)
{
    if (reservation->scheme == SCHEME_SMS_CODE)
        return check_typed_codes(reservation, presentation);
    switch (presentation->recognition) {
    case RECOGNITION_READ:
        return check_token_code(bank, reservation, presentation->code, matched);
    case RECOGNITION_NOTHING:
        return REASON_NO_SYMBOL;
    case RECOGNITION_FOREIGN:
        return REASON_BAD_SYMBOL;
    case RECOGNITION_AMBIGUOUS:
        return REASON_AMBIGUOUS;
    }
    return REASON_BAD_SYMBOL;
}

/* A permit for a typed code is one statement, which is a transaction by itself; with a token's code
 * its counter is used up in the same one. */
static bool permit(struct bank *bank, const struct reservation *reservation, uint32_t terminal,
                   uint64_t matched, int *changed)
{
    bool pays_twice = bank->rules.defect == BANK_PAYS_TWICE;
    int64_t values[] = {(int64_t)reservation->id, terminal};
    int64_t counter[] = {(int64_t)reservation->mobile, (int64_t)matched + 1};
    enum statement sql = pays_twice ? SQL_PERMIT_ANYWAY : SQL_PERMIT;
    struct database *database = &bank->database;
    if (reservation->scheme != SCHEME_IMAGE_CODE || pays_twice)
        return database_run(database, sql, values, 2, changed);
    bool good = bank_begin_transaction(bank) && database_run(database, sql, values, 2, changed) &&
                (*changed == 0 || database_run(database, SQL_USE_COUNTER, counter, 2, NULL));
    return bank_end_transaction(bank, good);
}

/* Uses the code up and permits, or finds that someone was quicker. */
static enum reason redeem(struct bank *bank, const struct reservation *reservation,
                          uint32_t terminal, uint64_t matched)
{
    int changed = 0;
    if (!permit(bank, reservation, terminal, matched, &changed))
        return REASON_DATABASE;
    return changed == 1 ? REASON_NONE : REASON_USED;
}

/* Counts a wrong code; the last one allowed locks the reservation and releases the hold. */
static bool count_try(struct bank *bank, const struct reservation *reservation)
{
    int64_t key[] = {(int64_t)reservation->id};
    bool locks = reservation->tries + 1 >= bank->rules.tries;
    bool good = bank_begin_transaction(bank);
    good = good && database_run(&bank->database, SQL_TRY, key, 1, NULL);
    if (good && locks)
        good = reservation_release(bank, reservation, STATE_LOCKED);
    bank_end_transaction(bank, good);
    return locks;
}

static bool is_wrong_try(enum reason reason)
{
    return reason == REASON_WRONG_CODE || reason == REASON_STALE_CODE ||
           reason == REASON_WRONG_RESERVATION_CODE || reason == REASON_WRONG_SMS_CODE;
}

/* A stopwatch that most presentations leave alone. */
struct laps {
    bool running;
    int64_t since_ns;
};

static struct laps start_laps(struct bank *bank)
{
    bool running = bank->verify != NULL && bank->presented++ % BANK_MEASURED == 0;
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

/* The verdict on an open reservation and on what was shown for it. */
static struct verdict conclude(struct bank *bank, const struct reservation *reservation,
                               enum reason reason)
{
    if (reason == REASON_NONE)
        return (struct verdict){.amount_minor = reservation->amount_minor};
    bool locked = is_wrong_try(reason) && count_try(bank, reservation);
    return (struct verdict){.reason = reason, .final = locked};
}

/* Looks first and permits then. */
static struct verdict present(struct bank *bank, const struct reservation *reservation,
                              const struct presentation *presentation, simtime now,
                              struct laps *laps)
{
    uint64_t matched = 0;
    enum reason reason = reservation_standing(bank, reservation, now);
    if (reason != REASON_NONE)
        return (struct verdict){.reason = reason, .final = true};
    reason = check_code(bank, reservation, presentation, &matched);
    if (reason != REASON_NO_SYMBOL)
        lap(laps, bank->verify);
    if (reason != REASON_NONE)
        return conclude(bank, reservation, reason);
    reason = redeem(bank, reservation, presentation->terminal, matched);
    lap(laps, bank->redeem);
    return (struct verdict){reason, reason != REASON_NONE, reservation->amount_minor};
}

/* Typed codes before their reservation. */
struct typed {
    struct bank *bank;
    const struct presentation *presentation;
    simtime now;
    struct laps laps;
    bool found, open;
    struct reservation reservation;
    enum reason reason; /* where `open` */
};

/* The ordinary case; whatever else there is has to be looked at apart. */
static bool compare(void *argument, const int64_t *columns)
{
    struct typed *typed = argument;
    const struct reservation *reservation = &typed->reservation;
    typed->found = true;
    typed->reservation = reservation_of(columns);
    typed->open = reservation->state == STATE_OPEN && typed->now <= reservation->expires &&
                  reservation->scheme == SCHEME_SMS_CODE;
    if (!typed->open)
        return false;
    typed->reason = check_typed_codes(reservation, typed->presentation);
    lap(&typed->laps, typed->bank->verify);
    return typed->reason == REASON_NONE;
}

/* Compares the codes and permits in one statement. */
static struct verdict present_typed(struct bank *bank, const struct presentation *presentation,
                                    simtime now)
{
    struct typed typed = {bank, presentation, now, start_laps(bank), .found = false};
    int64_t values[] = {(int64_t)presentation->reservation, presentation->terminal};
    int changed = 0;
    if (!database_run_judged(&bank->database, SQL_PERMIT_TYPED, values, 2, compare, &typed,
                             &changed))
        return (struct verdict){.reason = REASON_DATABASE, .final = true};
    if (!typed.found)
        return (struct verdict){.reason = REASON_NO_RESERVATION, .final = true};
    if (!typed.open)
        return present(bank, &typed.reservation, presentation, now, &typed.laps);
    if (typed.reason == REASON_NONE)
        lap(&typed.laps, bank->redeem);
    return conclude(bank, &typed.reservation, typed.reason);
}

struct verdict bank_present(struct bank *bank, const struct presentation *presentation, simtime now)
{
    if (presentation->reservation_code[0] != '\0')
        return present_typed(bank, presentation, now);
    struct laps laps = start_laps(bank);
    struct reservation reservation;
    if (!reservation_find(bank, presentation->reservation, &reservation))
        return (struct verdict){.reason = REASON_NO_RESERVATION, .final = true};
    return present(bank, &reservation, presentation, now, &laps);
}

static bool note_mobile(void *argument, const int64_t *columns)
{
    *(int64_t *)argument = columns[0];
    return true;
}

/* False where no permit is for this amount at this terminal. */
static bool book_dispense(struct bank *bank, const struct dispense_report *report, simtime now)
{
    int64_t id = (int64_t)report->reservation;
    int64_t permitted[] = {id, report->terminal, report->amount_minor};
    int64_t pay[] = {0, report->amount_minor}; /* whose account: the reservation says it */
    int64_t journal[] = {id, report->terminal, report->amount_minor, now};
    bool forgets = bank->rules.defect == BANK_FORGETS_HOLD;
    int changed = 0;
    return database_run_judged(&bank->database, SQL_DISPENSED, permitted, 3, note_mobile, &pay[0],
                               &changed) &&
           changed == 1 && (forgets || database_run(&bank->database, SQL_PAY, pay, 2, NULL)) &&
           database_run(&bank->database, SQL_JOURNAL, journal, 4, NULL);
}

bool bank_dispensed(struct bank *bank, const struct dispense_report *report, simtime now)
{
    if (bank_begin_transaction(bank) &&
        bank_end_transaction(bank, book_dispense(bank, report, now)))
        return true;
    bank->strays++;
    return false;
}
