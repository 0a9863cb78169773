#include "bank/core.h"

#include <stdlib.h>

struct bank *bank_open(const struct bank_rules *rules, struct stream_key sms_key,
                       const struct bank_place *place, struct error *error)
{
    struct bank *bank = calloc(1, sizeof *bank);
    CHECK(bank != NULL);
    bank->rules = *rules;
    bank->sms_key = sms_key;
    struct database_options options = {place->path, place->synchronised, rules->audit_each,
                                       place->patience_s};
    if (database_open(&bank->database, &options, error) && codes_open(bank, error)) {
        bank->reserved = (uint64_t)database_number(&bank->database, SQL_NEWEST, NULL, 0);
        bank->merchants = database_number(&bank->database, SQL_MERCHANTS, NULL, 0);
        return bank;
    }
    bank_free(bank);
    return NULL;
}

struct bank *bank_new(const struct bank_rules *rules, struct stream_key sms_key,
                      struct error *error)
{
    return bank_open(rules, sms_key, &(struct bank_place){NULL, false, 0}, error);
}

void bank_free(struct bank *bank)
{
    if (bank == NULL)
        return;
    database_close(&bank->database);
    codes_close(&bank->codes);
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

const char *bank_trouble(const struct bank *bank)
{
    return bank->database.trouble[0] != '\0' ? bank->database.trouble : NULL;
}

/* BANK_REPLIES_FIRST: what was said is written at last. */
static void write_late(struct bank *bank)
{
    int64_t values[] = {(int64_t)bank->unwritten.reservation, bank->unwritten.transaction};
    bank->unwritten.reservation = 0;
    database_run(&bank->database, SQL_PERMIT, values, 2, NULL);
}

bool bank_begin_transaction(struct bank *bank)
{
    if (bank->unwritten.reservation != 0)
        write_late(bank);
    bank->database.failed = false;
    bank->release.reservation = 0;
    return database_run(&bank->database, SQL_BEGIN, NULL, 0, NULL);
}

bool bank_end_transaction(struct bank *bank, bool good)
{
    if (!good || bank->database.failed ||
        !database_run(&bank->database, SQL_COMMIT, NULL, 0, NULL)) {
        database_run(&bank->database, SQL_ROLLBACK, NULL, 0, NULL);
        return false;
    }
    if (bank->release.reservation != 0 && bank->released != NULL)
        bank->released(bank->observer, bank->release.reservation, bank->release.mobile,
                       bank->release.why);
    return true;
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

bool bank_add_merchant(struct bank *bank, uint32_t terminal)
{
    int64_t key[] = {terminal};
    int added = 0;
    bool good = database_run(&bank->database, SQL_ADD_MERCHANT, key, 1, &added);
    bank->merchants += good ? added : 0;
    return good;
}

int64_t bank_credit_minor(struct bank *bank, uint32_t terminal)
{
    int64_t key[] = {terminal};
    return database_number(&bank->database, SQL_CREDITED, key, 1);
}
