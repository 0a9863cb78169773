/* Notes that are out, and transactions that are taken back. */
#include "bank/core.h"

static bool note_mobile(void *argument, const int64_t *columns)
{
    *(int64_t *)argument = columns[0];
    return true;
}

/* The notes came from a till: they are the merchant's. (Of an ATM no row is changed.) */
static bool credit(struct bank *bank, const struct dispense_report *report)
{
    int64_t values[] = {report->terminal, report->amount_minor};
    return bank->merchants == 0 || bank->rules.defect == BANK_FORGETS_MERCHANT ||
           database_run(&bank->database, SQL_CREDIT, values, 2, NULL);
}

bool settlement_pay(struct bank *bank, const struct dispense_report *report, simtime now)
{
    int64_t id = (int64_t)report->reservation;
    int64_t transaction = message_transaction(report->terminal, report->trace);
    int64_t permitted[] = {id, transaction, report->amount_minor};
    int64_t pay[] = {0, report->amount_minor}; /* whose account: the reservation says it */
    int64_t journal[] = {id, transaction, report->amount_minor, now};
    bool forgets = bank->rules.defect == BANK_FORGETS_HOLD;
    int changed = 0;
    return database_run_judged(&bank->database, SQL_DISPENSED, permitted, 3, note_mobile, &pay[0],
                               &changed) &&
           changed == 1 && (forgets || database_run(&bank->database, SQL_PAY, pay, 2, NULL)) &&
           credit(bank, report) && database_run(&bank->database, SQL_JOURNAL, journal, 4, NULL);
}

void settlement_stray(struct bank *bank, const struct dispense_report *report, simtime now)
{
    int64_t row[] = {(int64_t)report->reservation,
                     message_transaction(report->terminal, report->trace), report->amount_minor,
                     now};
    database_run(&bank->database, SQL_STRAY, row, 4, NULL);
}

/* BANK_BOOKS_AGAIN: money moves once more. */
static void book_again(struct bank *bank, const struct reservation *reservation, simtime now)
{
    int64_t pay[] = {(int64_t)reservation->mobile, reservation->amount_minor};
    int64_t journal[] = {(int64_t)reservation->id, reservation->transaction,
                         reservation->amount_minor, now};
    database_run(&bank->database, SQL_PAY, pay, 2, NULL);
    database_run(&bank->database, SQL_JOURNAL, journal, 4, NULL);
}

/* What cannot be booked: the same report again, or an alarm. */
static enum reason look_again(struct bank *bank, const struct dispense_report *report, simtime now)
{
    struct reservation reservation;
    if (reservation_find(bank, report->reservation, &reservation) &&
        reservation.state == STATE_PAID && reservation.amount_minor == report->amount_minor &&
        reservation.transaction == message_transaction(report->terminal, report->trace)) {
        if (bank->rules.defect == BANK_BOOKS_AGAIN)
            book_again(bank, &reservation, now);
        return REASON_NONE;
    }
    settlement_stray(bank, report, now);
    return REASON_NO_PERMIT;
}

enum reason bank_dispensed(struct bank *bank, const struct dispense_report *report, simtime now)
{
    enum reason reason = REASON_NONE;
    if (!bank_begin_transaction(bank))
        return REASON_DATABASE;
    if (!settlement_pay(bank, report, now) && !bank->database.failed)
        reason = look_again(bank, report, now);
    return bank_end_transaction(bank, true) ? reason : REASON_DATABASE;
}

bool settlement_take_back(struct bank *bank, const struct reservation *reservation)
{
    if (bank->rules.defect != BANK_REOPENS)
        return reservation_release(bank, reservation, STATE_REVERSED);
    int64_t move[] = {(int64_t)reservation->id, STATE_PERMITTED, STATE_OPEN};
    return database_run(&bank->database, SQL_SET_STATE, move, 3, NULL);
}

/* Of an existing reservation. */
static enum reason reverse(struct bank *bank, const struct reservation *reservation,
                           const struct reversal_request *request)
{
    static const struct verdict reversed = {.reason = REASON_REVERSED, .final = true};
    int64_t transaction = message_transaction(request->terminal, request->trace);
    bool theirs = reservation->transaction == transaction;
    if (theirs && reservation->state == STATE_PAID)
        return REASON_NO_PERMIT;
    if (reservation->state == STATE_PERMITTED &&
        (theirs || bank->rules.defect == BANK_REVERSES_ANYBODY))
        settlement_take_back(bank, reservation);
    if (theirs || bank->rules.defect != BANK_NO_TOMBSTONE)
        answers_keep(bank, reservation, transaction, reversed);
    return REASON_NONE;
}

enum reason bank_reverse(struct bank *bank, const struct reversal_request *request, simtime now)
{
    struct reservation reservation;
    enum reason reason = REASON_NO_RESERVATION;
    struct dispense_report alarm = {request->reservation, request->terminal, request->trace, 0};
    if (!bank_begin_transaction(bank))
        return REASON_DATABASE;
    if (reservation_find(bank, request->reservation, &reservation))
        reason = reverse(bank, &reservation, request);
    if (reason != REASON_NONE)
        settlement_stray(bank, &alarm, now);
    return bank_end_transaction(bank, true) ? reason : REASON_DATABASE;
}
