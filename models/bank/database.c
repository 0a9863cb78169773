#include "bank/database.h"

#include "bank/memory.h"
#include "bank/page_cache.h"

#include <stddef.h>
#include <stdio.h>

/* Small pages: a transaction copies every page that it is about to change. In memory nothing is
 * spilled, and nobody reads what was freed (Debian's SQLite overwrites it unless told otherwise).
 */
static const char in_memory[] = "PRAGMA page_size = 1024;"
                                "PRAGMA journal_mode = MEMORY;"
                                "PRAGMA locking_mode = EXCLUSIVE;"
                                "PRAGMA cache_spill = OFF;"
                                "PRAGMA secure_delete = OFF;";

/* Exclusive: nobody else changes what the bank knows by heart, and the log's index needs no shared
 * memory. */
static const char in_file[] = "PRAGMA page_size = 4096;"
                              "PRAGMA locking_mode = EXCLUSIVE;"
                              "PRAGMA journal_mode = WAL;"
                              "PRAGMA secure_delete = OFF;";

static const char schema[] =
    "BEGIN;"
    "CREATE TABLE account(mobile INTEGER PRIMARY KEY, card INTEGER NOT NULL,"
    " opening INTEGER NOT NULL, balance INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0,"
    " paid INTEGER NOT NULL DEFAULT 0, day INTEGER NOT NULL DEFAULT -1,"
    " drawn INTEGER NOT NULL DEFAULT 0, latest INTEGER NOT NULL DEFAULT 0,"
    " heard INTEGER NOT NULL DEFAULT 0,"
    " counter INTEGER NOT NULL DEFAULT 0, key BLOB NOT NULL) STRICT;"
    "CREATE TABLE reservation(id INTEGER PRIMARY KEY, mobile INTEGER NOT NULL,"
    " scheme INTEGER NOT NULL, amount INTEGER NOT NULL, day INTEGER NOT NULL,"
    " expires INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 2,"
    " answers INTEGER NOT NULL DEFAULT 0, tx INTEGER NOT NULL DEFAULT -70368744177664,"
    " reservation_code INTEGER NOT NULL, sms_code INTEGER NOT NULL,"
    " request INTEGER NOT NULL, requester INTEGER NOT NULL, terminal INTEGER NOT NULL,"
    " challenge INTEGER NOT NULL) STRICT;"
    "CREATE TABLE heard(mobile INTEGER NOT NULL, requester INTEGER NOT NULL,"
    " request INTEGER NOT NULL, reason INTEGER NOT NULL, PRIMARY KEY(mobile, requester))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE answer(reservation INTEGER NOT NULL, tx INTEGER NOT NULL,"
    " reason INTEGER NOT NULL, final INTEGER NOT NULL, tried INTEGER NOT NULL,"
    " PRIMARY KEY(reservation, tx))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE payment(id INTEGER PRIMARY KEY, reservation INTEGER NOT NULL,"
    " tx INTEGER NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE stray(id INTEGER PRIMARY KEY, reservation INTEGER NOT NULL,"
    " tx INTEGER NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE terminal(id INTEGER PRIMARY KEY, through INTEGER NOT NULL,"
    " payment INTEGER NOT NULL) STRICT;"
    "CREATE TABLE merchant(terminal INTEGER PRIMARY KEY, credit INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE TABLE sweep(first INTEGER NOT NULL, settled INTEGER NOT NULL) STRICT;"
    "INSERT INTO sweep VALUES (1, 1);"
    "PRAGMA application_id = 0x43506e74;" /* "CPnt" */
    "PRAGMA user_version = 3;"
    "COMMIT;";
_Static_assert(DATABASE_VERSION == 3 && STATE_OPEN == 2 && NO_TRANSACTION == -70368744177664,
               "also in the schema");

static const char *const sql[STATEMENT_COUNT] = {
#define X(name, text) text,
    STATEMENTS(X)
#undef X
};

static bool fail(struct database *database, const char *what, struct error *error)
{
    int code = sqlite3_errcode(database->handle);
    error_set(error, "the bank's database: %s: %s%s", what, sqlite3_errmsg(database->handle),
              code == SQLITE_BUSY   ? ": another program has it; end that one first"
              : code == SQLITE_FULL ? ": make room on the disk, and start again"
                                    : "");
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

static bool execute(struct database *database, const char *text, const char *what,
                    struct error *error)
{
    return sqlite3_exec(database->handle, text, NULL, NULL, NULL) == SQLITE_OK ||
           fail(database, what, error);
}

static bool read_number(struct database *database, const char *pragma, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(database->handle, pragma, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    *number = good ? sqlite3_column_int64(statement, 0) : 0;
    return sqlite3_finalize(statement) == SQLITE_OK && good;
}

/* An empty file is set up; another program's is left alone. */
static bool adopt(struct database *database, const char *path, struct error *error)
{
    int64_t application = 0, version = 0, tables = 0;
    if (!read_number(database, "PRAGMA application_id", &application) ||
        !read_number(database, "PRAGMA user_version", &version) ||
        !read_number(database, "SELECT count(*) FROM sqlite_schema", &tables))
        return fail(database, "cannot be read", error);
    if (tables == 0)
        return execute(database, schema, "cannot be set up", error);
    if (application == 0x43506e74 && version == DATABASE_VERSION)
        return true;
    if (application != 0x43506e74)
        error_set(error, "%s: is no bank's database: name another file, or one that is not there",
                  path);
    else
        error_set(error,
                  "%s: a bank's database of version %lld, but this program knows version %d: open "
                  "it with the program that made it, or begin a new file",
                  path, (long long)version, DATABASE_VERSION);
    database_close(database);
    return false;
}

static bool set_up(struct database *database, const struct database_options *options,
                   struct error *error)
{
    bool file = options->path != NULL;
    sqlite3_busy_timeout(database->handle, (int)(1000 * options->patience_s));
    return execute(database, file ? in_file : in_memory, "cannot be set up", error) &&
           execute(database,
                   options->synchronised ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF",
                   "cannot be set up", error) &&
           adopt(database, file ? options->path : "memory", error) &&
           execute(database,
                   options->by_mobile
                       ? "CREATE INDEX IF NOT EXISTS by_mobile ON reservation(mobile)"
                       : "DROP INDEX IF EXISTS by_mobile",
                   "cannot be set up", error);
}

bool database_open(struct database *database, const struct database_options *options,
                   struct error *error)
{
    *database = (struct database){0};
    /* No statistics of memory: they cost a lock an allocation. Refused, without harm, once SQLite
     * has started. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    memory_install();
    page_cache_install();
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    const char *name = options->path != NULL ? options->path : ":memory:";
    if (sqlite3_open_v2(name, &database->handle, flags, NULL) != SQLITE_OK)
        return fail(database, name, error);
    if (!set_up(database, options, error))
        return false;
    if (sqlite3_create_function(database->handle, "judged", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                database, judged, NULL, NULL) != SQLITE_OK)
        return fail(database, "takes no function", error);
    return true;
}

void database_close(struct database *database)
{
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(database->statements[i]);
    sqlite3_close(database->handle);
    *database = (struct database){0};
}

/* Null where the database cannot be read; SQLite then says so at every use. */
static sqlite3_stmt *prepare(struct database *database, enum statement statement)
{
    if (database->statements[statement] == NULL)
        sqlite3_prepare_v3(database->handle, sql[statement], -1, SQLITE_PREPARE_PERSISTENT,
                           &database->statements[statement], NULL);
    return database->statements[statement];
}

sqlite3_stmt *database_use(struct database *database, enum statement statement,
                           const int64_t *values, int count)
{
    sqlite3_stmt *use = prepare(database, statement);
    sqlite3_reset(use);
    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(use, i + 1, values[i]);
    return use;
}

/* That a row is there already is an answer; that the disk is full is not. */
static void note_trouble(struct database *database)
{
    int code = sqlite3_errcode(database->handle);
    if (database->trouble[0] == '\0' && code != SQLITE_OK && code != SQLITE_CONSTRAINT &&
        code != SQLITE_DONE && code != SQLITE_ROW)
        snprintf(database->trouble, sizeof database->trouble, "%s",
                 sqlite3_errmsg(database->handle));
}

bool database_run(struct database *database, enum statement statement, const int64_t *values,
                  int count, int *changed)
{
    sqlite3_stmt *use = database_use(database, statement, values, count);
    bool done = sqlite3_step(use) == SQLITE_DONE;
    if (changed != NULL)
        *changed = done ? sqlite3_changes(database->handle) : 0;
    done = sqlite3_reset(use) == SQLITE_OK && done;
    database->failed |= !done;
    if (!done)
        note_trouble(database);
    return done;
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
    int status = sqlite3_step(database_use(database, statement, values, count));
    bool good = status == SQLITE_ROW || status == SQLITE_DONE;
    database->failed |= !good;
    if (!good)
        note_trouble(database);
    return status == SQLITE_ROW;
}

int64_t database_number(struct database *database, enum statement statement, const int64_t *values,
                        int count)
{
    bool found = database_row(database, statement, values, count);
    int64_t number = found ? database_column(database, statement, 0) : 0;
    sqlite3_reset(database->statements[statement]);
    return number;
}

int64_t database_column(struct database *database, enum statement statement, int column)
{
    return sqlite3_column_int64(database->statements[statement], column);
}
