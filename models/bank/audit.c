/* The books, added up: what must be true of them whatever happened. */
#include "bank/core.h"

static void read_accounts(struct database *database, struct bank_totals *totals)
{
    if (!database_row(database, SQL_AUDIT_ACCOUNTS, NULL, 0))
        return;
    totals->opening_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 0);
    totals->balance_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 1);
    totals->held_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 2);
    totals->paid_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 3);
    totals->unbalanced = (uint64_t)database_column(database, SQL_AUDIT_ACCOUNTS, 4);
}

static void read_reservations(struct database *database, struct bank_totals *totals)
{
    if (!database_row(database, SQL_AUDIT_RESERVATIONS, NULL, 0))
        return;
    totals->open_minor = database_column(database, SQL_AUDIT_RESERVATIONS, 0);
    totals->paid_state_minor = database_column(database, SQL_AUDIT_RESERVATIONS, 2);
    totals->confused = (uint64_t)database_column(database, SQL_AUDIT_RESERVATIONS, 3);
}

static void read_payments(struct database *database, struct bank_totals *totals)
{
    if (!database_row(database, SQL_AUDIT_PAYMENTS, NULL, 0))
        return;
    totals->payments_minor = database_column(database, SQL_AUDIT_PAYMENTS, 0);
    totals->payments = (uint64_t)database_column(database, SQL_AUDIT_PAYMENTS, 1);
    totals->paid_twice = (uint64_t)database_column(database, SQL_AUDIT_PAYMENTS, 2);
    totals->unfounded = (uint64_t)database_column(database, SQL_AUDIT_PAYMENTS, 3);
}

static void read_answers(struct database *database, struct bank_totals *totals)
{
    int64_t reversed[] = {REASON_REVERSED};
    if (!database_row(database, SQL_AUDIT_ANSWERS, reversed, 1))
        return;
    totals->undead = (uint64_t)database_column(database, SQL_AUDIT_ANSWERS, 0);
    totals->unlocked = (uint64_t)database_column(database, SQL_AUDIT_ANSWERS, 1);
}

struct bank_totals bank_audit(struct bank *bank)
{
    struct database *database = &bank->database;
    struct bank_totals totals = {0};
    database->failed = false;
    read_accounts(database, &totals);
    read_reservations(database, &totals);
    read_payments(database, &totals);
    read_answers(database, &totals);
    totals.strays = (uint64_t)database_number(database, SQL_AUDIT_STRAYS, NULL, 0);
    for (int i = SQL_AUDIT_ACCOUNTS; i <= SQL_AUDIT_STRAYS; i++)
        sqlite3_reset(database->statements[i]);
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
    if (totals->paid_minor != totals->payments_minor)
        return error_set(error, "oracle: accounts paid %lld fen, the journal says %lld",
                         (long long)totals->paid_minor, (long long)totals->payments_minor);
    return totals->paid_minor == totals->paid_state_minor ||
           error_set(error, "oracle: accounts paid %lld fen, paid reservations are for %lld",
                     (long long)totals->paid_minor, (long long)totals->paid_state_minor);
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
        {totals->unfounded, "payments are not those of a permit"},
        {totals->confused, "reservations are in a state that their transaction contradicts"},
        {totals->undead, "transactions were refused or taken back, and permitted all the same"},
        {totals->unlocked, "reservations are open though the last try was wrong"},
    };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (none[i].count > 0)
            return error_set(error, "oracle: %llu %s", (unsigned long long)none[i].count,
                             none[i].what);
    return check_sums(totals, error);
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
