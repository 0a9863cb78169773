/*
 * The bank's database (module 301): SQLite, its schema, and every statement the bank makes. All
 * columns but the token's key (or certificate) are integers; a typed code is one too, see
 * code_number() in core.h.
 *
 *     account      a customer: card, money, token, and the number of the latest reservation
 *     reservation  numbered as they are made, which with one code_lifetime is the order in which
 *                  they expire: the sweep walks along the numbers
 *     heard        of a customer's requests to reserve what no reservation says, see hearing.c
 *     answer       refusals that must stand when their message comes again, see answers.c
 *     payment      the journal: what was booked as paid, apart from what accounts say
 *     stray        alarms: reports that fit no permit
 *     terminal     how far each has been reconciled: its last transaction, and up to which payment
 *     merchant     by the number of their POS: what they are credited with
 *     sweep        one row: no reservation with a smaller number than `first` is open and due, none
 *                  with a smaller one than `settled` is open or permitted
 *
 * A transaction is one number (message_transaction). Nothing is deleted, and every look-up is by a
 * table's own key: there is no index to be kept.
 *
 * In memory, or in a file with a write-ahead log: what a transaction wrote is there after a crash
 * of the program, and, synchronised in full, of the machine. One bank at a time may have the file.
 */
#ifndef CASHPOINT_DATABASE_H
#define CASHPOINT_DATABASE_H

#include "engine/error.h"

#include <sqlite3.h>
#include <stdint.h>

/* Numbers in files: do not renumber, nor the reasons in `answer`, but with a new DATABASE_VERSION.
 * SQLite keeps 0 and 1 in no byte and these in one: a row that does not change its size is written
 * where it is. */
enum reservation_state {
    STATE_OPEN = 2,
    STATE_PERMITTED,
    STATE_PAID,
    STATE_EXPIRED,
    STATE_LOCKED,
    STATE_REVERSED,
    STATE_REFUSED /* its certificate will not do */
};

enum { DATABASE_VERSION = 3 };

/* Of as many bytes as most that are. */
#define NO_TRANSACTION (-(INT64_C(1) << 46))

/* Name, SQL, prepared when it is first used. The parameters ?1 ?2 ... are bound in order. */
#define STATEMENTS(X)                                                                             \
    X(SQL_BEGIN, "BEGIN")                                                                         \
    X(SQL_COMMIT, "COMMIT")                                                                       \
    X(SQL_ROLLBACK, "ROLLBACK")                                                                   \
    X(SQL_REGISTER, "INSERT INTO account(mobile, card, opening, balance, key)"                    \
                    " VALUES (?1, ?2, ?3, ?3, ?4)")                                               \
    X(SQL_IS_REGISTERED, "SELECT 1 FROM account WHERE mobile = ?1")                               \
    X(SQL_CARD, "SELECT card FROM account WHERE mobile = ?1")                                     \
    X(SQL_FIND_LATEST,                                                                            \
      "SELECT id, account.mobile, scheme, amount, reservation.day, expires, state,"               \
      " reservation_code, sms_code, terminal"                                                     \
      " FROM account JOIN reservation ON id = latest WHERE account.mobile = ?1")                  \
    X(SQL_FIND_KEY, "SELECT counter, key, card FROM account WHERE mobile = ?1")                   \
    X(SQL_CERTIFICATE, "SELECT key, card FROM account WHERE mobile = ?1")                         \
    X(SQL_CERTIFICATES, "SELECT key FROM account WHERE length(key) > 0")                          \
    X(SQL_SET_KEY, "UPDATE account SET key = ?2 WHERE mobile = ?1")                               \
    X(SQL_USE_COUNTER, "UPDATE account SET counter = ?2 WHERE mobile = ?1 AND counter < ?2")      \
    X(SQL_NEWEST, "SELECT coalesce(max(id), 0) FROM reservation")                                 \
    X(SQL_RESERVE, "INSERT INTO reservation(id, mobile, scheme, amount, day, expires,"            \
                   " reservation_code, sms_code, request, requester, terminal, challenge)"        \
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")                 \
    X(SQL_HOLD, "UPDATE account SET balance = balance - ?2, held = held + ?2, day = ?3,"          \
                " drawn = ?2 + CASE WHEN day = ?3 THEN drawn ELSE 0 END, latest = ?4"             \
                " WHERE mobile = ?1 AND judged(card, balance, day, drawn, latest, heard)")        \
    X(SQL_UNHOLD, "UPDATE account SET balance = balance + ?2, held = held - ?2,"                  \
                  " drawn = CASE WHEN day = ?3 THEN drawn - ?2 ELSE drawn END WHERE mobile = ?1") \
    X(SQL_FIND, "SELECT id, mobile, scheme, amount, day, expires, state, answers,"                \
                " reservation_code, sms_code, tx, request, requester, terminal, challenge"        \
                " FROM reservation WHERE id = ?1")                                                \
    X(SQL_HEARD, "SELECT request, reason FROM heard WHERE mobile = ?1 AND requester = ?2")        \
    X(SQL_REMEMBER, "INSERT INTO heard VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE"             \
                    " SET request = ?3, reason = ?4 WHERE request < ?3")                          \
    X(SQL_REMEMBERS, "UPDATE account SET heard = 1 WHERE mobile = ?1 AND heard = 0")              \
    X(SQL_SET_STATE, "UPDATE reservation SET state = ?3 WHERE id = ?1 AND state = ?2")            \
    X(SQL_PERMIT, "UPDATE reservation SET state = 3, tx = ?2 WHERE id = ?1 AND state = 2")        \
    X(SQL_PERMIT_TYPED, "UPDATE reservation SET state = 3, tx = ?2 WHERE id = ?1 AND"             \
                        " judged(id, mobile, scheme, amount, day, expires, state, answers,"       \
                        " reservation_code, sms_code)")                                           \
    X(SQL_PERMIT_ANYWAY, "UPDATE reservation SET state = 3, tx = ?2 WHERE id = ?1")               \
    X(SQL_RECALL, "SELECT reason, final FROM answer WHERE reservation = ?1 AND tx = ?2")          \
    X(SQL_TRIES, "SELECT count(*) FROM answer WHERE reservation = ?1 AND tried")                  \
    X(SQL_ANSWER, "INSERT OR IGNORE INTO answer VALUES (?1, ?2, ?3, ?4, ?5)")                     \
    X(SQL_COUNT_ANSWER, "UPDATE reservation SET answers = answers + 1 WHERE id = ?1")             \
    X(SQL_DISPENSED, "UPDATE reservation SET state = 4"                                           \
                     " WHERE id = ?1 AND state = 3 AND tx = ?2 AND amount = ?3"                   \
                     " AND judged(mobile)")                                                       \
    X(SQL_PAY, "UPDATE account SET held = held - ?2, paid = paid + ?2 WHERE mobile = ?1")         \
    X(SQL_ADD_MERCHANT, "INSERT OR IGNORE INTO merchant(terminal) VALUES (?1)")                   \
    X(SQL_MERCHANTS, "SELECT count(*) FROM merchant")                                             \
    X(SQL_CREDIT, "UPDATE merchant SET credit = credit + ?2 WHERE terminal = ?1")                 \
    X(SQL_CREDITED, "SELECT credit FROM merchant WHERE terminal = ?1")                            \
    X(SQL_JOURNAL, "INSERT INTO payment(reservation, tx, amount, at) VALUES (?1, ?2, ?3, ?4)")    \
    X(SQL_STRAY, "INSERT INTO stray(reservation, tx, amount, at) VALUES (?1, ?2, ?3, ?4)")        \
    X(SQL_SWEPT, "SELECT first FROM sweep")                                                       \
    X(SQL_NOT_DUE, "SELECT coalesce((SELECT id FROM reservation WHERE id >= ?1 AND expires >= ?2" \
                   " ORDER BY id LIMIT 1), (SELECT max(id) + 1 FROM reservation), 1)")            \
    X(SQL_DUE, "SELECT id, mobile, scheme, amount, day, expires, state FROM reservation"          \
               " WHERE id >= ?1 AND id < ?2 AND state = 2 ORDER BY id LIMIT 1")                   \
    X(SQL_SWEEP, "UPDATE sweep SET first = ?1")                                                   \
    X(SQL_RECONCILED, "SELECT through, payment FROM terminal WHERE id = ?1")                      \
    X(SQL_RECONCILE, "INSERT OR REPLACE INTO terminal VALUES (?1, ?2, ?3)")                       \
    X(SQL_PAYMENTS_SINCE, "SELECT id, tx, reservation, amount FROM payment WHERE id > ?1")        \
    X(SQL_SETTLED, "SELECT settled FROM sweep")                                                   \
    X(SQL_PERMITTED, "SELECT id, tx FROM reservation WHERE id >= ?1 AND state = 3"                \
                     " ORDER BY id LIMIT 1")                                                      \
    X(SQL_SETTLE, "UPDATE sweep SET settled = coalesce((SELECT id FROM reservation"               \
                  " WHERE id >= ?1 AND state IN (2, 3) ORDER BY id LIMIT 1),"                     \
                  " (SELECT max(id) + 1 FROM reservation), 1)")                                   \
    X(SQL_AUDIT_ACCOUNTS, "SELECT opening, balance, held, paid FROM account")                     \
    X(SQL_AUDIT_RESERVATIONS, "SELECT id, state, tx, amount FROM reservation")                    \
    X(SQL_AUDIT_PAYMENTS, "SELECT reservation, tx, amount FROM payment")                          \
    X(SQL_AUDIT_MERCHANTS,                                                                        \
      "SELECT count(credit <> coalesce(paid, 0) OR NULL), sum(credit) FROM merchant LEFT JOIN"    \
      " (SELECT tx >> 32 AS pos, sum(amount) AS paid FROM payment GROUP BY pos) ON pos = "        \
      "terminal")                                                                                 \
    X(SQL_AUDIT_TWICE, "SELECT count(*) - count(DISTINCT reservation) FROM payment")              \
    X(SQL_AUDIT_ANSWERS, "SELECT sum(state IN (3, 4) AND reservation.tx = answer.tx),"            \
                         " sum(state = 2 AND final AND tried)"                                    \
                         " FROM answer JOIN reservation ON id = answer.reservation")              \
    X(SQL_AUDIT_STRAYS, "SELECT count(*) FROM stray")                                             \
    X(SQL_AUDIT_ACCOUNT,                                                                          \
      "SELECT balance + held + paid = opening AND balance >= 0 AND held >= 0 AND paid >= 0,"      \
      " held = (SELECT coalesce(sum(amount), 0) FROM reservation"                                 \
      " WHERE reservation.mobile = ?1 AND state IN (2, 3)),"                                      \
      " paid = (SELECT coalesce(sum(amount), 0) FROM reservation"                                 \
      " WHERE reservation.mobile = ?1 AND state = 4) FROM account WHERE mobile = ?1")

enum statement {
#define X(name, sql) name,
    STATEMENTS(X)
#undef X
        STATEMENT_COUNT
};

/* Where a statement says `judged(columns)`, its row is shown to a function of the bank's, which
 * decides whether it is changed: to look at a row and to change it is one statement, which nothing
 * can come between. The function may use other statements. */
enum { DATABASE_JUDGED = 10 };
typedef bool database_judge(void *argument, const int64_t *columns);

struct database {
    sqlite3 *handle;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    database_judge *judge; /* of the statement that runs */
    void *argument;
    bool failed;       /* a statement has, since somebody last cleared this */
    char trouble[128]; /* the first that was no rule of the bank's own: a full disk, say; or "" */
};

/* What is asked of a database beyond its rules. */
struct database_options {
    const char *path;    /* null: in memory */
    bool synchronised;   /* a file: what is committed outlives a power loss */
    bool by_mobile;      /* an index for audits of single accounts */
    unsigned patience_s; /* for another program that has the file */
};

/* A file that is not there, or empty, is set up. The database must stay where it is. */
bool database_open(struct database *database, const struct database_options *options,
                   struct error *error);
void database_close(struct database *database);

/* Resets the statement and binds `count` integers from ?1 on; texts and blobs are bound on the
 * result before the first step. */
sqlite3_stmt *database_use(struct database *database, enum statement statement,
                           const int64_t *values, int count);

/* Steps a statement that returns no row; true where it worked, and `*changed` (or null) receives
 * the number of rows it wrote. */
bool database_run(struct database *database, enum statement statement, const int64_t *values,
                  int count, int *changed);

/* The same of a statement with a judge. */
bool database_run_judged(struct database *database, enum statement statement, const int64_t *values,
                         int count, database_judge *judge, void *argument, int *changed);

/* Steps to the first row; false where there is none. The columns stand until the next use. */
bool database_row(struct database *database, enum statement statement, const int64_t *values,
                  int count);

/* The one number that a statement returns; 0 where there is no row. */
int64_t database_number(struct database *database, enum statement statement, const int64_t *values,
                        int count);

int64_t database_column(struct database *database, enum statement statement, int column);

#endif
