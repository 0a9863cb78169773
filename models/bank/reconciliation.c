/*
 * The end of the day: what the dispensers counted, against what was booked.
 *
 * One pass over the payments since the last time, one over the reservations that are not settled;
 * each looks its transaction up in the terminals' journals, which are sorted for it.
 */
#include "bank/core.h"

#include <stdlib.h>

struct counted {
    int64_t transaction;
    const struct dispense_report *report;
    bool seen;
};

struct session {
    uint32_t terminal, through;
    int64_t before;  /* the newest transaction reconciled earlier, or just below the first */
    int64_t payment; /* up to here, there was none but of these */
    bool later;      /* a payment of a transaction after `through` has been seen */
};

struct day {
    struct bank *bank;
    simtime now;
    struct counted *counted;  /* by transaction */
    struct session *sessions; /* by terminal */
    size_t counts, session_count;
    struct reconciliation result;
};

static int compare_counted(const void *one, const void *other)
{
    const struct counted *a = one, *b = other;
    return (a->transaction > b->transaction) - (a->transaction < b->transaction);
}

static int compare_sessions(const void *one, const void *other)
{
    const struct session *a = one, *b = other;
    return (a->terminal > b->terminal) - (a->terminal < b->terminal);
}

/* Null where the transaction's terminal is not here. */
static struct session *session_at(const struct day *day, int64_t transaction)
{
    struct session key = {.terminal = (uint32_t)((uint64_t)transaction >> 32)};
    return bsearch(&key, day->sessions, day->session_count, sizeof *day->sessions,
                   compare_sessions);
}

static bool is_over(const struct session *session, int64_t transaction)
{
    return transaction <= message_transaction(session->terminal, session->through);
}

/* Is the transaction one of these days? */
static bool is_due(const struct day *day, int64_t transaction)
{
    const struct session *session = session_at(day, transaction);
    return session != NULL && transaction > session->before && is_over(session, transaction);
}

static struct counted *counted_of(const struct day *day, int64_t transaction)
{
    struct counted key = {.transaction = transaction};
    return day->counts == 0
               ? NULL
               : bsearch(&key, day->counted, day->counts, sizeof *day->counted, compare_counted);
}

static struct session open_session(struct bank *bank, const struct dispenser_journal *journal)
{
    int64_t key[] = {journal->terminal};
    struct session session = {.terminal = journal->terminal,
                              .through = journal->through,
                              .before = message_transaction(journal->terminal, 0) - 1};
    if (database_row(&bank->database, SQL_RECONCILED, key, 1)) {
        uint32_t through = (uint32_t)database_column(&bank->database, SQL_RECONCILED, 0);
        session.before = message_transaction(journal->terminal, through);
        session.payment = database_column(&bank->database, SQL_RECONCILED, 1);
    }
    sqlite3_reset(bank->database.statements[SQL_RECONCILED]);
    return session;
}

static void sort_journals(struct day *day, const struct dispenser_journal *journals, size_t count)
{
    size_t entries = 0;
    for (size_t i = 0; i < count; i++)
        entries += journals[i].count;
    day->sessions = calloc(count + 1, sizeof *day->sessions);
    day->counted = calloc(entries + 1, sizeof *day->counted);
    CHECK(day->sessions != NULL && day->counted != NULL);
    for (size_t i = 0; i < count; i++) {
        day->sessions[day->session_count++] = open_session(day->bank, &journals[i]);
        for (size_t j = 0; j < journals[i].count; j++) {
            const struct dispense_report *report = &journals[i].entries[j];
            int64_t transaction = message_transaction(report->terminal, report->trace);
            day->counted[day->counts++] = (struct counted){transaction, report, false};
        }
    }
    qsort(day->sessions, day->session_count, sizeof *day->sessions, compare_sessions);
    qsort(day->counted, day->counts, sizeof *day->counted, compare_counted);
}

static int64_t first_payment(const struct day *day)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < day->session_count; i++)
        first = day->sessions[i].payment < first ? day->sessions[i].payment : first;
    return first;
}

/* How far the next reconciliation need not look back. */
static void note_payment(struct day *day, int64_t payment, int64_t transaction)
{
    struct session *session = session_at(day, transaction);
    if (session != NULL && !session->later && !is_over(session, transaction)) {
        session->later = true;
        session->payment = payment - 1;
    }
}

static void match_payment(struct day *day, int64_t transaction, uint64_t reservation,
                          int64_t amount_minor)
{
    struct counted *counted = counted_of(day, transaction);
    if (!is_due(day, transaction))
        return;
    bool same = counted != NULL && !counted->seen && counted->report->reservation == reservation &&
                counted->report->amount_minor == amount_minor;
    day->result.matched += same;
    day->result.missing += !same;
    if (same)
        counted->seen = true;
}

static void match_payments(struct day *day)
{
    struct database *database = &day->bank->database;
    int64_t last = first_payment(day);
    sqlite3_stmt *row = database_use(database, SQL_PAYMENTS_SINCE, &last, 1);
    int status;
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t transaction = sqlite3_column_int64(row, 1);
        last = sqlite3_column_int64(row, 0);
        note_payment(day, last, transaction);
        match_payment(day, transaction, (uint64_t)sqlite3_column_int64(row, 2),
                      sqlite3_column_int64(row, 3));
    }
    database->failed |= status != SQLITE_DONE;
    sqlite3_reset(row);
    for (size_t i = 0; i < day->session_count; i++)
        if (!day->sessions[i].later && day->sessions[i].payment < last)
            day->sessions[i].payment = last;
}

/* The dispenser paid it out, or it did not. Paid out for another reservation or amount: it stays as
 * it is, and the entry is a stray. */
static void settle_permit(struct day *day, uint64_t id, int64_t transaction)
{
    struct counted *counted = counted_of(day, transaction);
    struct reservation reservation;
    if (counted == NULL) {
        day->result.reversed += reservation_find(day->bank, id, &reservation) &&
                                settlement_take_back(day->bank, &reservation);
    } else if (!counted->seen && counted->report->reservation == id &&
               settlement_pay(day->bank, counted->report, day->now)) {
        counted->seen = true;
        day->result.paid++;
    }
}

static void settle_permits(struct day *day)
{
    struct database *database = &day->bank->database;
    int64_t first = database_number(database, SQL_SETTLED, NULL, 0);
    for (int64_t from[] = {first}; database_row(database, SQL_PERMITTED, from, 1);) {
        uint64_t id = (uint64_t)database_column(database, SQL_PERMITTED, 0);
        int64_t transaction = database_column(database, SQL_PERMITTED, 1);
        sqlite3_reset(database->statements[SQL_PERMITTED]);
        if (is_due(day, transaction))
            settle_permit(day, id, transaction);
        from[0] = (int64_t)id + 1;
    }
    sqlite3_reset(database->statements[SQL_PERMITTED]);
    database_run(database, SQL_SETTLE, &first, 1, NULL);
}

static void close_day(struct day *day)
{
    for (size_t i = 0; i < day->counts; i++)
        if (!day->counted[i].seen && is_due(day, day->counted[i].transaction)) {
            settlement_stray(day->bank, day->counted[i].report, day->now);
            day->result.strays++;
        }
    for (size_t i = 0; i < day->session_count; i++) {
        const struct session *session = &day->sessions[i];
        int64_t mark[] = {session->terminal, session->through, session->payment};
        if (message_transaction(session->terminal, session->through) > session->before)
            database_run(&day->bank->database, SQL_RECONCILE, mark, 3, NULL);
    }
}

struct reconciliation bank_reconcile(struct bank *bank, const struct dispenser_journal *journals,
                                     size_t count, simtime now)
{
    struct day day = {.bank = bank, .now = now};
    if (!bank_begin_transaction(bank))
        return (struct reconciliation){.reason = REASON_DATABASE};
    sort_journals(&day, journals, count);
    match_payments(&day);
    settle_permits(&day);
    close_day(&day);
    free(day.counted);
    free(day.sessions);
    if (!bank_end_transaction(bank, true))
        return (struct reconciliation){.reason = REASON_DATABASE};
    return day.result;
}
