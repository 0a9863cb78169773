/* The reservation transaction module (303): may this customer reserve, and what is held for it. */
#include "bank/core.h"

#include <stdio.h>
#include <string.h>

static void copy_text(char *to, const unsigned char *from)
{
    snprintf(to, MESSAGE_DIGITS_BYTES, "%s", from != NULL ? (const char *)from : "");
}

bool reservation_find(struct bank *bank, uint64_t id, struct reservation *reservation)
{
    struct database *database = &bank->database;
    int64_t key[] = {(int64_t)id};
    sqlite3_stmt *statement = database->statements[SQL_FIND];
    bool found = database_row(database, SQL_FIND, key, 1);
    if (found) {
        *reservation = (struct reservation){
            .id = id,
            .mobile = (uint64_t)sqlite3_column_int64(statement, 0),
            .scheme = (enum scheme)sqlite3_column_int(statement, 1),
            .amount_minor = sqlite3_column_int64(statement, 2),
            .day = sqlite3_column_int64(statement, 3),
            .expires = sqlite3_column_int64(statement, 4),
            .state = (enum reservation_state)sqlite3_column_int(statement, 5),
            .tries = (unsigned)sqlite3_column_int(statement, 6),
            .terminal = sqlite3_column_int64(statement, 7),
        };
        copy_text(reservation->reservation_code, sqlite3_column_text(statement, 8));
        copy_text(reservation->sms_code, sqlite3_column_text(statement, 9));
    }
    sqlite3_reset(statement);
    return found;
}

static bool find_latest(struct bank *bank, uint64_t mobile, struct reservation *reservation)
{
    int64_t key[] = {(int64_t)mobile};
    if (!database_row(&bank->database, SQL_LATEST, key, 1))
        return false;
    uint64_t id = (uint64_t)database_column(&bank->database, SQL_LATEST, 0);
    sqlite3_reset(bank->database.statements[SQL_LATEST]);
    return reservation_find(bank, id, reservation);
}

static bool release_in_transaction(struct bank *bank, const struct reservation *reservation,
                                   enum reservation_state state)
{
    int64_t move[] = {(int64_t)reservation->id, STATE_OPEN, state};
    int64_t back[] = {(int64_t)reservation->mobile, reservation->amount_minor, reservation->day};
    int changed = 0;
    return database_run(&bank->database, SQL_SET_STATE, move, 3, &changed) && changed == 1 &&
           database_run(&bank->database, SQL_UNHOLD, back, 3, NULL);
}

bool reservation_release(struct bank *bank, const struct reservation *reservation,
                         enum reservation_state state)
{
    bool within = !sqlite3_get_autocommit(bank->database.handle);
    bool good =
        within ? release_in_transaction(bank, reservation, state)
               : bank_begin_transaction(bank) &&
                     bank_end_transaction(bank, release_in_transaction(bank, reservation, state));
    if (good && bank->released != NULL)
        bank->released(bank->observer, reservation->id, reservation->mobile,
                       state == STATE_LOCKED ? REASON_LOCKED : REASON_EXPIRED);
    return good;
}

enum reason reservation_standing(struct bank *bank, const struct reservation *reservation,
                                 simtime now)
{
    switch (reservation->state) {
    case STATE_OPEN:
        if (now <= reservation->expires)
            return REASON_NONE;
        reservation_release(bank, reservation, STATE_EXPIRED);
        return REASON_EXPIRED;
    case STATE_PERMITTED:
    case STATE_PAID:
        return bank->rules.defect == BANK_PAYS_TWICE ? REASON_NONE : REASON_USED;
    case STATE_EXPIRED:
        return REASON_EXPIRED;
    case STATE_LOCKED:
        return REASON_LOCKED;
    }
    return REASON_DATABASE;
}

unsigned bank_expire(struct bank *bank, simtime now)
{
    unsigned released = 0;
    int64_t key[] = {now};
    struct reservation reservation;
    while (database_row(&bank->database, SQL_DUE, key, 1)) {
        uint64_t id = (uint64_t)database_column(&bank->database, SQL_DUE, 0);
        sqlite3_reset(bank->database.statements[SQL_DUE]);
        if (!reservation_find(bank, id, &reservation) ||
            !reservation_release(bank, &reservation, STATE_EXPIRED))
            break;
        released++;
    }
    sqlite3_reset(bank->database.statements[SQL_DUE]);
    return released;
}

/* What the account says of the amount; `drawn` receives the day's total with it. */
static enum reason check_account(struct bank *bank, const struct reservation_request *request,
                                 int64_t day, int64_t *drawn)
{
    struct database *database = &bank->database;
    int64_t key[] = {(int64_t)request->mobile};
    if (!database_row(database, SQL_FIND_REGISTRATION, key, 1))
        return REASON_UNKNOWN_MOBILE;
    uint64_t card = (uint64_t)database_column(database, SQL_FIND_REGISTRATION, 0);
    int64_t balance = database_column(database, SQL_FIND_REGISTRATION, 1);
    bool same_day = database_column(database, SQL_FIND_REGISTRATION, 2) == day;
    *drawn = request->amount_minor +
             (same_day ? database_column(database, SQL_FIND_REGISTRATION, 3) : 0);
    sqlite3_reset(database->statements[SQL_FIND_REGISTRATION]);
    if (card != request->card)
        return REASON_CARD_MISMATCH;
    if (balance < request->amount_minor)
        return REASON_FUNDS;
    return *drawn > bank->rules.daily_limit_minor ? REASON_DAILY_LIMIT : REASON_NONE;
}

static bool amount_is_payable(const struct bank *bank, int64_t amount_minor)
{
    return amount_minor > 0 && amount_minor <= bank->rules.daily_limit_minor &&
           amount_minor % bank->rules.note_minor == 0;
}

static enum reason check_request(struct bank *bank, const struct reservation_request *request,
                                 simtime now, int64_t *drawn)
{
    struct reservation latest;
    bool any = find_latest(bank, request->mobile, &latest);
    /* Looking at an expired one books its expiry, and the hold it releases counts below. */
    if (any && reservation_standing(bank, &latest, now) == REASON_NONE)
        return REASON_ALREADY_OPEN;
    if (request->scheme >= SCHEME_COUNT)
        return REASON_WRONG_SCHEME;
    if (!amount_is_payable(bank, request->amount_minor))
        return REASON_BAD_AMOUNT;
    return check_account(bank, request, now / SIMTIME_DAY, drawn);
}

/* `*id` receives the new reservation's number. */
static bool insert(struct bank *bank, const struct reservation_request *request,
                   const struct reservation_reply *reply, simtime now, uint64_t *id)
{
    int64_t values[] = {(int64_t)request->mobile, request->scheme, request->amount_minor,
                        now / SIMTIME_DAY, reply->expires};
    sqlite3_stmt *statement = database_use(&bank->database, SQL_RESERVE, values, 5);
    sqlite3_bind_text(statement, 6, request->reservation_code, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 7, reply->sms_code, -1, SQLITE_TRANSIENT);
    bool good = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    *id = (uint64_t)sqlite3_last_insert_rowid(bank->database.handle);
    return good;
}

static bool hold(struct bank *bank, const struct reservation_request *request, int64_t day,
                 int64_t drawn)
{
    int64_t values[] = {(int64_t)request->mobile, request->amount_minor, day, drawn};
    int changed = 0;
    return database_run(&bank->database, SQL_HOLD, values, 4, &changed) && changed == 1;
}

/* A random code of sms_digits digits; the stream's entity is (mobile, time) so that the two schemes
 * and any order of requests draw the same. */
static void draw_sms_code(struct bank *bank, uint64_t mobile, simtime now, char *code)
{
    struct stream_key key = bank->sms_key;
    key.entity = (mobile * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)now) & 0xffffffffffff;
    struct stream stream;
    stream_init(&stream, key);
    for (unsigned i = 0; i < bank->rules.sms_digits; i++)
        code[i] = (char)('0' + stream_below(&stream, 10));
    code[bank->rules.sms_digits] = '\0';
}

struct reservation_reply bank_reserve(struct bank *bank, const struct reservation_request *request,
                                      simtime now)
{
    int64_t drawn = 0;
    struct reservation_reply reply = {.expires = now + bank->rules.code_lifetime};
    reply.reason = check_request(bank, request, now, &drawn);
    if (reply.reason != REASON_NONE)
        return reply;
    if (request->scheme == SCHEME_SMS_CODE)
        draw_sms_code(bank, request->mobile, now, reply.sms_code);
    bool good = bank_begin_transaction(bank);
    good = good && hold(bank, request, now / SIMTIME_DAY, drawn) &&
           insert(bank, request, &reply, now, &reply.reservation);
    if (!bank_end_transaction(bank, good))
        reply.reason = REASON_DATABASE;
    return reply;
}

/* The terminal interaction module (302). */
struct capture_order bank_begin(struct bank *bank, const struct withdrawal_request *request,
                                simtime now)
{
    struct reservation latest;
    if (!find_latest(bank, request->mobile, &latest))
        return (struct capture_order){.reason = REASON_NO_RESERVATION};
    enum reason reason = reservation_standing(bank, &latest, now);
    if (reason == REASON_NONE && latest.scheme != request->scheme)
        reason = REASON_WRONG_SCHEME;
    return (struct capture_order){reason, latest.id};
}
