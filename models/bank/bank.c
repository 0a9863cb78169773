#include "bank/core.h"

#include <stdlib.h>

struct bank *bank_new(const struct bank_rules *rules, struct stream_key sms_key,
                      struct error *error)
{
    struct bank *bank = calloc(1, sizeof *bank);
    CHECK(bank != NULL);
    bank->rules = *rules;
    bank->sms_key = sms_key;
    bank->hotp = hotp_new(rules->code_digits);
    if (database_open(&bank->database, error))
        return bank;
    bank_free(bank);
    return NULL;
}

void bank_free(struct bank *bank)
{
    if (bank == NULL)
        return;
    database_close(&bank->database);
    hotp_free(bank->hotp);
    free(bank);
}

void bank_measure(struct bank *bank, struct histogram *verify, struct histogram *redeem)
{
    bank->verify = verify;
    bank->redeem = redeem;
}

void bank_observe(struct bank *bank, bank_observer *released, void *observer)
{
    bank->released = released;
    bank->observer = observer;
}

bool bank_begin_transaction(struct bank *bank)
{
    return database_run(&bank->database, SQL_BEGIN, NULL, 0, NULL);
}

bool bank_end_transaction(struct bank *bank, bool good)
{
    if (good && database_run(&bank->database, SQL_COMMIT, NULL, 0, NULL))
        return true;
    database_run(&bank->database, SQL_ROLLBACK, NULL, 0, NULL);
    return false;
}

/* One account a mobile number; the database refuses a second. */
bool bank_register(struct bank *bank, const struct registration *registration)
{
    int64_t values[] = {(int64_t)registration->mobile, (int64_t)registration->card,
                        registration->opening_minor};
    sqlite3_stmt *statement = database_use(&bank->database, SQL_REGISTER, values, 3);
    int key_bytes = registration->without_token ? 0 : (int)sizeof registration->token_key;
    sqlite3_bind_blob(statement, 4, registration->token_key, key_bytes, SQLITE_STATIC);
    bool good = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    return good;
}

bool bank_is_registered(struct bank *bank, uint64_t mobile)
{
    int64_t key[] = {(int64_t)mobile};
    bool found = database_row(&bank->database, SQL_IS_REGISTERED, key, 1);
    sqlite3_reset(bank->database.statements[SQL_IS_REGISTERED]);
    return found;
}

struct bank_totals bank_audit(struct bank *bank)
{
    struct database *database = &bank->database;
    struct bank_totals totals = {.strays = bank->strays};
    if (database_row(database, SQL_AUDIT_ACCOUNTS, NULL, 0)) {
        totals.opening_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 0);
        totals.balance_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 1);
        totals.held_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 2);
        totals.paid_minor = database_column(database, SQL_AUDIT_ACCOUNTS, 3);
        totals.unbalanced = (uint64_t)database_column(database, SQL_AUDIT_ACCOUNTS, 4);
    }
    if (database_row(database, SQL_AUDIT_OPEN, NULL, 0))
        totals.open_minor = database_column(database, SQL_AUDIT_OPEN, 0);
    if (database_row(database, SQL_AUDIT_PAYMENTS, NULL, 0)) {
        totals.payments_minor = database_column(database, SQL_AUDIT_PAYMENTS, 0);
        totals.payments = (uint64_t)database_column(database, SQL_AUDIT_PAYMENTS, 1);
        totals.paid_twice = (uint64_t)database_column(database, SQL_AUDIT_PAYMENTS, 2);
    }
    for (int i = SQL_AUDIT_ACCOUNTS; i <= SQL_AUDIT_PAYMENTS; i++)
        sqlite3_reset(database->statements[i]);
    return totals;
}
