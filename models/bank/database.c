#include "bank/database.h"

#include "bank/memory.h"
#include "bank/page_cache.h"

#include <stddef.h>

/* Small pages: a transaction copies every page that it is about to change. In memory nothing is
 * spilled, and nobody reads what was freed (Debian's SQLite overwrites it unless told otherwise).
 */
static const char schema[] =
    "PRAGMA page_size = 1024;"
    "PRAGMA journal_mode = MEMORY;"
    "PRAGMA locking_mode = EXCLUSIVE;"
    "PRAGMA cache_spill = OFF;"
    "PRAGMA secure_delete = OFF;"
    "CREATE TABLE account(mobile INTEGER PRIMARY KEY, card INTEGER NOT NULL,"
    " opening INTEGER NOT NULL, balance INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0,"
    " paid INTEGER NOT NULL DEFAULT 0, day INTEGER NOT NULL DEFAULT -1,"
    " drawn INTEGER NOT NULL DEFAULT 0, latest INTEGER NOT NULL DEFAULT 0,"
    " counter INTEGER NOT NULL DEFAULT 0, key BLOB NOT NULL) STRICT;"
    "CREATE TABLE reservation(id INTEGER PRIMARY KEY, mobile INTEGER NOT NULL,"
    " scheme INTEGER NOT NULL, amount INTEGER NOT NULL, day INTEGER NOT NULL,"
    " expires INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,"
    " tries INTEGER NOT NULL DEFAULT 0, terminal INTEGER NOT NULL DEFAULT -1,"
    " reservation_code INTEGER NOT NULL, sms_code INTEGER NOT NULL) STRICT;"
    "CREATE TABLE payment(id INTEGER PRIMARY KEY, reservation INTEGER NOT NULL,"
    " terminal INTEGER NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE sweep(first INTEGER NOT NULL) STRICT;"
    "INSERT INTO sweep VALUES (1);";

static const char *const sql[STATEMENT_COUNT] = {
#define X(name, text) text,
    STATEMENTS(X)
#undef X
};

static bool fail(struct database *database, const char *what, struct error *error)
{
    error_set(error, "the bank's database: %s: %s", what, sqlite3_errmsg(database->handle));
    database_close(database);
    return false;
}

static void judged(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct database *database = sqlite3_user_data(context);
    int64_t columns[DATABASE_JUDGED];
    CHECK(database->judge != NULL && count <= DATABASE_JUDGED);
    for (int i = 0; i < count; i++)
        columns[i] = sqlite3_value_int64(values[i]);
    sqlite3_result_int(context, database->judge(database->argument, columns));
}

bool database_open(struct database *database, struct error *error)
{
    *database = (struct database){0};
    /* No statistics of memory: they cost a lock an allocation. Refused, without harm, once SQLite
     * has started. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    memory_install();
    page_cache_install();
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(":memory:", &database->handle, flags, NULL) != SQLITE_OK)
        return fail(database, "cannot be opened", error);
    if (sqlite3_exec(database->handle, schema, NULL, NULL, NULL) != SQLITE_OK)
        return fail(database, "cannot be set up", error);
    if (sqlite3_create_function(database->handle, "judged", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                database, judged, NULL, NULL) != SQLITE_OK)
        return fail(database, "takes no function", error);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(database->handle, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &database->statements[i], NULL) != SQLITE_OK)
            return fail(database, sql[i], error);
    return true;
}

void database_close(struct database *database)
{
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(database->statements[i]);
    sqlite3_close(database->handle);
    *database = (struct database){0};
}

sqlite3_stmt *database_use(struct database *database, enum statement statement,
                           const int64_t *values, int count)
{
    sqlite3_stmt *use = database->statements[statement];
    sqlite3_reset(use);
    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(use, i + 1, values[i]);
    return use;
}

bool database_run(struct database *database, enum statement statement, const int64_t *values,
                  int count, int *changed)
{
    sqlite3_stmt *use = database_use(database, statement, values, count);
    bool done = sqlite3_step(use) == SQLITE_DONE;
    if (changed != NULL)
        *changed = done ? sqlite3_changes(database->handle) : 0;
    return sqlite3_reset(use) == SQLITE_OK && done;
}

bool database_run_judged(struct database *database, enum statement statement, const int64_t *values,
                         int count, database_judge *judge, void *argument, int *changed)
{
    database->judge = judge;
    database->argument = argument;
    bool done = database_run(database, statement, values, count, changed);
    database->judge = NULL;
    return done;
}

bool database_row(struct database *database, enum statement statement, const int64_t *values,
                  int count)
{
    return sqlite3_step(database_use(database, statement, values, count)) == SQLITE_ROW;
}

int64_t database_column(struct database *database, enum statement statement, int column)
{
    return sqlite3_column_int64(database->statements[statement], column);
}
