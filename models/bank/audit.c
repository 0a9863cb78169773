/* The books, added up: what must be true of them whatever happened. */
#include "bank/core.h"

/* A sum of such numbers is the same of two lists if and, but for one chance in 2^64, only if they
 * are the same in any order. (The mixing is that of SplitMix64, Steele, Lea and Flood 2014.) */
static uint64_t print_of(int64_t reservation, int64_t transaction, int64_t amount_minor)
{
    uint64_t sum = (uint64_t)reservation * UINT64_C(0x9e3779b97f4a7c15);
    sum = (sum ^ (uint64_t)transaction) * UINT64_C(0xbf58476d1ce4e5b9);
    sum = (sum ^ sum >> 29 ^ (uint64_t)amount_minor) * UINT64_C(0x94d049bb133111eb);
    return sum ^ sum >> 31;
}

/* Steps along all rows of a statement: false at the end. */
static bool next_row(struct database *database, sqlite3_stmt *row)
{
    int status = sqlite3_step(row);
    database->failed |= status != SQLITE_ROW && status != SQLITE_DONE;
    if (status != SQLITE_ROW)
        sqlite3_reset(row);
    return status == SQLITE_ROW;
}

static void read_accounts(struct database *database, struct bank_totals *totals)
{
    sqlite3_stmt *row = database_use(database, SQL_AUDIT_ACCOUNTS, NULL, 0);
    while (next_row(database, row)) {
        int64_t opening = sqlite3_column_int64(row, 0), balance = sqlite3_column_int64(row, 1);
        int64_t held = sqlite3_column_int64(row, 2), paid = sqlite3_column_int64(row, 3);
        totals->opening_minor += opening;
        totals->balance_minor += balance;
        totals->held_minor += held;
        totals->paid_minor += paid;
        totals->unbalanced +=
            balance + held + paid != opening || balance < 0 || held < 0 || paid < 0;
    }
}

static uint64_t read_reservations(struct database *database, struct bank_totals *totals)
{
    uint64_t prints = 0;
    sqlite3_stmt *row = database_use(database, SQL_AUDIT_RESERVATIONS, NULL, 0);
    while (next_row(database, row)) {
        int64_t state = sqlite3_column_int64(row, 1), transaction = sqlite3_column_int64(row, 2);
        int64_t amount = sqlite3_column_int64(row, 3);
        bool given = state == STATE_PERMITTED || state == STATE_PAID || state == STATE_REVERSED;
        totals->confused += given != (transaction != NO_TRANSACTION) || amount <= 0;
        if (state == STATE_OPEN || state == STATE_PERMITTED)
            totals->open_minor += amount;
        if (state == STATE_PAID)
            prints += print_of(sqlite3_column_int64(row, 0), transaction, amount);
    }
    return prints;
}

static uint64_t read_payments(struct database *database, struct bank_totals *totals)
{
    uint64_t prints = 0;
    sqlite3_stmt *row = database_use(database, SQL_AUDIT_PAYMENTS, NULL, 0);
    while (next_row(database, row)) {
        int64_t amount = sqlite3_column_int64(row, 2);
        totals->payments++;
        totals->payments_minor += amount;
        prints += print_of(sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), amount);
    }
    return prints;
}

static void read_answers(struct database *database, struct bank_totals *totals)
{
    if (!database_row(database, SQL_AUDIT_ANSWERS, NULL, 0))
        return;
    totals->undead = (uint64_t)database_column(database, SQL_AUDIT_ANSWERS, 0);
    totals->unlocked = (uint64_t)database_column(database, SQL_AUDIT_ANSWERS, 1);
    sqlite3_reset(database->statements[SQL_AUDIT_ANSWERS]);
}

static void read_merchants(struct database *database, struct bank_totals *totals)
{
    if (!database_row(database, SQL_AUDIT_MERCHANTS, NULL, 0))
        return;
    totals->miscredited = (uint64_t)database_column(database, SQL_AUDIT_MERCHANTS, 0);
    totals->credited_minor = database_column(database, SQL_AUDIT_MERCHANTS, 1);
    sqlite3_reset(database->statements[SQL_AUDIT_MERCHANTS]);
}

struct bank_totals bank_audit(struct bank *bank)
{
    struct database *database = &bank->database;
    struct bank_totals totals = {0};
    database->failed = false;
    read_accounts(database, &totals);
    totals.misbooked = read_reservations(database, &totals) != read_payments(database, &totals);
    if (totals.misbooked)
        totals.paid_twice = (uint64_t)database_number(database, SQL_AUDIT_TWICE, NULL, 0);
    read_answers(database, &totals);
    if (bank->merchants > 0)
        read_merchants(database, &totals);
    totals.strays = (uint64_t)database_number(database, SQL_AUDIT_STRAYS, NULL, 0);
    totals.read = !database->failed;
    return totals;
}

static bool check_sums(const struct bank_totals *totals, struct error *error)
{
    int64_t sum = totals->balance_minor + totals->held_minor + totals->paid_minor;
    if (sum != totals->opening_minor)
        return error_set(error, "oracle: money is not conserved: opening %lld, now %lld fen",
                         (long long)totals->opening_minor, (long long)sum);
    if (totals->held_minor != totals->open_minor)
        return error_set(error, "oracle: %lld fen are held, but open reservations are for %lld",
                         (long long)totals->held_minor, (long long)totals->open_minor);
    return totals->paid_minor == totals->payments_minor ||
           error_set(error, "oracle: accounts paid %lld fen, the journal says %lld",
                     (long long)totals->paid_minor, (long long)totals->payments_minor);
}

bool bank_totals_check(const struct bank_totals *totals, struct error *error)
{
    const struct {
        uint64_t count;
        const char *what;
    } none[] = {
        {!totals->read, "the bank's database cannot be read"},
        {totals->paid_twice, "reservations were paid more than once"},
        {totals->unbalanced, "accounts do not balance"},
        {totals->miscredited, "merchants are not credited with what was paid at their POS"},
        {totals->confused, "reservations are in a state that their transaction contradicts"},
        {totals->undead, "transactions were refused or taken back, and permitted all the same"},
        {totals->unlocked, "reservations are open though the last try was wrong"},
    };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (none[i].count > 0)
            return error_set(error, "oracle: %llu %s", (unsigned long long)none[i].count,
                             none[i].what);
    if (!check_sums(totals, error))
        return false;
    return !totals->misbooked ||
           error_set(error, "oracle: the journal of payments is not that of the reservations paid");
}

void audit_account(struct bank *bank, uint64_t mobile, uint64_t reservation)
{
    struct database *database = &bank->database;
    int64_t key[] = {(int64_t)mobile};
    if (bank->breach.mobile != 0 || !database_row(database, SQL_AUDIT_ACCOUNT, key, 1))
        return;
    bool good = true;
    for (int i = 0; i < 3; i++)
        good = good && database_column(database, SQL_AUDIT_ACCOUNT, i) != 0;
    sqlite3_reset(database->statements[SQL_AUDIT_ACCOUNT]);
    if (!good)
        bank->breach = (struct bank_breach){mobile, reservation};
}

void audit_reservation(struct bank *bank, uint64_t id)
{
    struct reservation reservation;
    if (reservation_find(bank, id, &reservation))
        audit_account(bank, reservation.mobile, id);
}

struct bank_breach bank_breach(const struct bank *bank)
{
    return bank->breach;
}
