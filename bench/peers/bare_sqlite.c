#include "bench/peers/bare_sqlite.h"

#include "engine/error.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { BEGIN, COMMIT, OPEN, HOLD, RESERVE, FIND, PERMIT, SET_PAID, PAY, JOURNAL, COUNT };

static const char schema[] =
    "PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE;"
    "CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER, held INTEGER, paid INTEGER);"
    "CREATE TABLE reservation(id INTEGER PRIMARY KEY, account INTEGER, amount INTEGER,"
    " code INTEGER, state INTEGER);"
    "CREATE TABLE payment(id INTEGER PRIMARY KEY, reservation INTEGER, amount INTEGER);";

static const char *const sql[COUNT] = {
    [BEGIN] = "BEGIN",
    [COMMIT] = "COMMIT",
    [OPEN] = "INSERT INTO account VALUES (?1, 100000000, 0, 0)",
    [HOLD] = "UPDATE account SET balance = balance - ?2, held = held + ?2"
             " WHERE id = ?1 AND balance >= ?2",
    [RESERVE] = "INSERT INTO reservation(account, amount, code, state) VALUES (?1, ?2, ?3, 0)",
    [FIND] = "SELECT amount, code FROM reservation WHERE id = ?1",
    [PERMIT] = "UPDATE reservation SET state = 1 WHERE id = ?1 AND state = 0",
    [SET_PAID] = "UPDATE reservation SET state = 2 WHERE id = ?1 AND state = 1",
    [PAY] = "UPDATE account SET held = held - ?2, paid = paid + ?2 WHERE id = ?1",
    [JOURNAL] = "INSERT INTO payment(reservation, amount) VALUES (?1, ?2)",
};

struct bare_sqlite {
    sqlite3 *handle;
    sqlite3_stmt *statements[COUNT];
};

static void run(struct bare_sqlite *bare, int which, int64_t a, int64_t b, int64_t c)
{
    sqlite3_stmt *statement = bare->statements[which];
    const int64_t values[] = {a, b, c};
    int count = sqlite3_bind_parameter_count(statement);
    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(statement, i + 1, values[i]);
    CHECK(sqlite3_step(statement) == SQLITE_DONE);
    sqlite3_reset(statement);
}

struct bare_sqlite *bare_sqlite_new(unsigned accounts)
{
    struct bare_sqlite *bare = calloc(1, sizeof *bare);
    CHECK(bare != NULL);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    CHECK(sqlite3_open_v2(":memory:", &bare->handle, flags, NULL) == SQLITE_OK);
    CHECK(sqlite3_exec(bare->handle, schema, NULL, NULL, NULL) == SQLITE_OK);
    for (int i = 0; i < COUNT; i++)
        CHECK(sqlite3_prepare_v3(bare->handle, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                 &bare->statements[i], NULL) == SQLITE_OK);
    run(bare, BEGIN, 0, 0, 0);
    for (unsigned i = 0; i < accounts; i++)
        run(bare, OPEN, i, 0, 0);
    run(bare, COMMIT, 0, 0, 0);
    return bare;
}

void bare_sqlite_free(struct bare_sqlite *bare)
{
    for (int i = 0; i < COUNT; i++)
        sqlite3_finalize(bare->statements[i]);
    sqlite3_close(bare->handle);
    free(bare);
}

/* The amount where the code is right, else 0. */
static int64_t find(struct bare_sqlite *bare, int64_t reservation, int64_t code)
{
    sqlite3_stmt *statement = bare->statements[FIND];
    sqlite3_bind_int64(statement, 1, reservation);
    CHECK(sqlite3_step(statement) == SQLITE_ROW);
    bool right = sqlite3_column_int64(statement, 1) == code;
    int64_t amount = right ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return amount;
}

int64_t bare_sqlite_withdraw(struct bare_sqlite *bare, unsigned account, int64_t amount,
                             int64_t code)
{
    run(bare, BEGIN, 0, 0, 0);
    run(bare, HOLD, account, amount, 0);
    run(bare, RESERVE, account, amount, code);
    run(bare, COMMIT, 0, 0, 0);
    int64_t id = sqlite3_last_insert_rowid(bare->handle);
    int64_t permitted = find(bare, id, code);
    if (permitted == 0)
        return 0;
    run(bare, PERMIT, id, 0, 0);
    run(bare, BEGIN, 0, 0, 0);
    run(bare, SET_PAID, id, 0, 0);
    run(bare, PAY, account, permitted, 0);
    run(bare, JOURNAL, id, permitted, 0);
    run(bare, COMMIT, 0, 0, 0);
    return permitted;
}
