/*
 * The bank's database (module 301): SQLite, its schema, and every statement the bank makes,
 * prepared once. All columns but the token's key and the two typed codes are integers.
 */
#ifndef CASHPOINT_DATABASE_H
#define CASHPOINT_DATABASE_H

#include "engine/error.h"

#include <sqlite3.h>
#include <stdint.h>

enum reservation_state { STATE_OPEN, STATE_PERMITTED, STATE_PAID, STATE_EXPIRED, STATE_LOCKED };

/* Name, SQL. The parameters ?1 ?2 ... are bound in order. */
#define STATEMENTS(X)                                                                             \
    X(SQL_BEGIN, "BEGIN IMMEDIATE")                                                               \
    X(SQL_COMMIT, "COMMIT")                                                                       \
    X(SQL_ROLLBACK, "ROLLBACK")                                                                   \
    X(SQL_OPEN_ACCOUNT, "INSERT INTO account(id, opening, balance) VALUES (?1, ?2, ?2)")          \
    X(SQL_REGISTER,                                                                               \
      "INSERT INTO registration(mobile, account, card, key) VALUES (?1, ?2, ?3, ?4)")             \
    X(SQL_FIND_REGISTRATION,                                                                      \
      "SELECT card, balance, day, drawn FROM registration"                                        \
      " JOIN account ON account.id = registration.account WHERE mobile = ?1")                     \
    X(SQL_FIND_KEY, "SELECT counter, key FROM registration WHERE mobile = ?1")                    \
    X(SQL_USE_COUNTER, "UPDATE registration SET counter = ?2 WHERE mobile = ?1 AND counter < ?2") \
    X(SQL_RESERVE, "INSERT INTO reservation(mobile, scheme, amount, day, expires,"                \
                   " reservation_code, sms_code) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")            \
    X(SQL_HOLD, "UPDATE account SET balance = balance - ?2, held = held + ?2, day = ?3,"          \
                " drawn = ?4 WHERE id = ?1 AND balance >= ?2")                                    \
    X(SQL_UNHOLD, "UPDATE account SET balance = balance + ?2, held = held - ?2,"                  \
                  " drawn = CASE WHEN day = ?3 THEN drawn - ?2 ELSE drawn END WHERE id = ?1")     \
    X(SQL_PAY, "UPDATE account SET held = held - ?2, paid = paid + ?2 WHERE id = ?1")             \
    X(SQL_LATEST, "SELECT id FROM reservation WHERE mobile = ?1 ORDER BY id DESC LIMIT 1")        \
    X(SQL_FIND, "SELECT mobile, scheme, amount, day, expires, state, tries, terminal,"            \
                " reservation_code, sms_code FROM reservation WHERE id = ?1")                     \
    X(SQL_SET_STATE, "UPDATE reservation SET state = ?3 WHERE id = ?1 AND state = ?2")            \
    X(SQL_PERMIT, "UPDATE reservation SET state = 1, terminal = ?2 WHERE id = ?1 AND state = 0")  \
    X(SQL_PERMIT_ANYWAY, "UPDATE reservation SET state = 1, terminal = ?2 WHERE id = ?1")         \
    X(SQL_TRY, "UPDATE reservation SET tries = tries + 1 WHERE id = ?1")                          \
    X(SQL_JOURNAL, "INSERT INTO payment(reservation, terminal, amount, at)"                       \
                   " VALUES (?1, ?2, ?3, ?4)")                                                    \
    X(SQL_DUE, "SELECT id FROM reservation WHERE state = 0 AND expires < ?1 ORDER BY id LIMIT 1") \
    X(SQL_AUDIT_ACCOUNTS, "SELECT sum(opening), sum(balance), sum(held), sum(paid),"              \
                          " sum(balance + held + paid <> opening OR balance < 0 OR held < 0"      \
                          " OR paid < 0) FROM account")                                           \
    X(SQL_AUDIT_OPEN, "SELECT sum(amount) FROM reservation WHERE state IN (0, 1)")                \
    X(SQL_AUDIT_PAYMENTS, "SELECT sum(amount), count(*), count(*) - count(DISTINCT reservation)"  \
                          " FROM payment")

enum statement {
#define X(name, sql) name,
    STATEMENTS(X)
#undef X
        STATEMENT_COUNT
};

struct database {
    sqlite3 *handle;
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

bool database_open(struct database *database, struct error *error);
void database_close(struct database *database);

/* Resets the statement and binds `count` integers from ?1 on; texts and blobs are bound on the
 * result before the first step. */
sqlite3_stmt *database_use(struct database *database, enum statement statement,
                           const int64_t *values, int count);

/* Steps a statement that returns no row; true where it worked, and `*changed` (or null) receives
 * the number of rows it wrote. */
bool database_run(struct database *database, enum statement statement, const int64_t *values,
                  int count, int *changed);

/* Steps to the first row; false where there is none. The columns stand until the next use. */
bool database_row(struct database *database, enum statement statement, const int64_t *values,
                  int count);

int64_t database_column(struct database *database, enum statement statement, int column);

#endif
