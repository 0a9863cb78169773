/* A reservation as the database has it, the ways it ends, and the terminal interaction module (302)
 * that asks for it. */
#include "bank/core.h"

int64_t code_number(const char *code)
{
    int64_t number = 1;
    for (int i = 0; i < MESSAGE_DIGITS_BYTES && code[i] != '\0'; i++) {
        if (code[i] < '0' || code[i] > '9' || i == MESSAGE_DIGITS_BYTES - 1)
            return 0;
        number = 10 * number + (code[i] - '0');
    }
    return number;
}

void code_text(int64_t number, char text[MESSAGE_DIGITS_BYTES])
{
    int digits = 0;
    for (int64_t rest = number; rest >= 10; rest /= 10)
        digits++;
    CHECK(digits < MESSAGE_DIGITS_BYTES);
    text[digits] = '\0';
    for (; digits > 0; number /= 10)
        text[--digits] = (char)('0' + number % 10);
}

/* The columns that every statement on a reservation begins with. */
static struct reservation read_row(sqlite3_stmt *row)
{
    return (struct reservation){
        .id = (uint64_t)sqlite3_column_int64(row, 0),
        .mobile = (uint64_t)sqlite3_column_int64(row, 1),
        .scheme = (enum scheme)sqlite3_column_int64(row, 2),
        .amount_minor = sqlite3_column_int64(row, 3),
        .day = sqlite3_column_int64(row, 4),
        .expires = sqlite3_column_int64(row, 5),
        .state = (enum reservation_state)sqlite3_column_int64(row, 6),
        .terminal = -1,
    };
}

struct reservation reservation_of(const int64_t *columns)
{
    return (struct reservation){
        .id = (uint64_t)columns[0],
        .mobile = (uint64_t)columns[1],
        .scheme = (enum scheme)columns[2],
        .amount_minor = columns[3],
        .day = columns[4],
        .expires = columns[5],
        .state = (enum reservation_state)columns[6],
        .answers = (unsigned)columns[7],
        .reservation_code = columns[8],
        .sms_code = columns[9],
        .terminal = -1,
    };
}

bool reservation_find(struct bank *bank, uint64_t id, struct reservation *reservation)
{
    int64_t key[] = {(int64_t)id};
    bool found = database_row(&bank->database, SQL_FIND, key, 1);
    sqlite3_stmt *row = bank->database.statements[SQL_FIND];
    if (found) {
        *reservation = read_row(row);
        reservation->answers = (unsigned)sqlite3_column_int64(row, 7);
        reservation->reservation_code = sqlite3_column_int64(row, 8);
        reservation->sms_code = sqlite3_column_int64(row, 9);
        reservation->transaction = sqlite3_column_int64(row, 10);
        reservation->request = (uint64_t)sqlite3_column_int64(row, 11);
        reservation->requester = (enum requester)sqlite3_column_int64(row, 12);
        reservation->terminal = sqlite3_column_int64(row, 13);
        reservation->challenge = (uint64_t)sqlite3_column_int64(row, 14);
    }
    sqlite3_reset(row);
    return found;
}

static bool keeps_hold(const struct bank *bank, enum reservation_state state)
{
    return state == STATE_LOCKED && bank->rules.defect == BANK_LOCK_HOLDS;
}

static enum reason why(enum reservation_state state)
{
    return state == STATE_LOCKED     ? REASON_LOCKED
           : state == STATE_REVERSED ? REASON_REVERSED
           : state == STATE_REFUSED  ? REASON_CERTIFICATE_INVALID
                                     : REASON_EXPIRED;
}

static bool release_in_transaction(struct bank *bank, const struct reservation *reservation,
                                   enum reservation_state state)
{
    enum reservation_state from = state == STATE_REVERSED ? STATE_PERMITTED : STATE_OPEN;
    int64_t move[] = {(int64_t)reservation->id, from, state};
    int64_t back[] = {(int64_t)reservation->mobile, reservation->amount_minor, reservation->day};
    int changed = 0;
    if (!database_run(&bank->database, SQL_SET_STATE, move, 3, &changed) || changed != 1)
        return false;
    bank->release.reservation = reservation->id;
    bank->release.mobile = reservation->mobile;
    bank->release.why = why(state);
    return keeps_hold(bank, state) || database_run(&bank->database, SQL_UNHOLD, back, 3, NULL);
}

bool reservation_release(struct bank *bank, const struct reservation *reservation,
                         enum reservation_state state)
{
    if (!sqlite3_get_autocommit(bank->database.handle))
        return release_in_transaction(bank, reservation, state);
    return bank_begin_transaction(bank) &&
           bank_end_transaction(bank, release_in_transaction(bank, reservation, state));
}

enum reason reservation_standing(struct bank *bank, const struct reservation *reservation,
                                 simtime now)
{
    switch (reservation->state) {
    case STATE_OPEN:
        if (now <= reservation->expires || bank->rules.defect == BANK_PAYS_OVERDUE)
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
    case STATE_REVERSED:
        return REASON_REVERSED;
    case STATE_REFUSED:
        return REASON_CERTIFICATE_INVALID;
    }
    return REASON_DATABASE;
}

/* The first open one in first .. end - 1; false where there is none. */
static bool find_due(struct bank *bank, uint64_t first, uint64_t end,
                     struct reservation *reservation)
{
    int64_t range[] = {(int64_t)first, (int64_t)end};
    bool found = database_row(&bank->database, SQL_DUE, range, 2);
    sqlite3_stmt *row = bank->database.statements[SQL_DUE];
    if (found)
        *reservation = read_row(row);
    sqlite3_reset(row);
    return found;
}

/* Looks at no reservation twice, up to the first that is not due. (Were the lifetime of codes made
 * shorter one day, what is due behind an older one that is not waits for it, or until somebody asks
 * for it: reservation_standing().) */
unsigned bank_expire(struct bank *bank, simtime now)
{
    unsigned released = 0;
    uint64_t first = (uint64_t)database_number(&bank->database, SQL_SWEPT, NULL, 0);
    int64_t from[] = {(int64_t)first, now};
    uint64_t end = (uint64_t)database_number(&bank->database, SQL_NOT_DUE, from, 2);
    struct reservation due;
    for (; find_due(bank, first, end, &due); first = due.id + 1, released++)
        if (!reservation_release(bank, &due, STATE_EXPIRED))
            return released;
    int64_t mark[] = {(int64_t)end};
    database_run(&bank->database, SQL_SWEEP, mark, 1, NULL);
    return released;
}

/* The customer's latest; false where there is none, or the database failed. */
static bool find_latest(struct bank *bank, uint64_t mobile, struct reservation *latest)
{
    int64_t key[] = {(int64_t)mobile};
    bank->database.failed = false;
    if (!database_row(&bank->database, SQL_FIND_LATEST, key, 1))
        return false;
    sqlite3_stmt *row = bank->database.statements[SQL_FIND_LATEST];
    *latest = read_row(row);
    latest->reservation_code = sqlite3_column_int64(row, 7);
    latest->sms_code = sqlite3_column_int64(row, 8);
    latest->terminal = sqlite3_column_int64(row, 9);
    sqlite3_reset(row);
    return true;
}

/* Reserves at the terminal; the card is the one that is bound to the number. The challenge numbers
 * the request: a copy that comes late makes no second reservation. */
static struct capture_order begin_here(struct bank *bank, const struct withdrawal_request *request,
                                       simtime now)
{
    int64_t key[] = {(int64_t)request->mobile};
    struct reservation_request reserve = {.scheme = request->scheme,
                                          .mobile = request->mobile,
                                          .amount_minor = request->amount_minor,
                                          .request = request->challenge,
                                          .requester = REQUESTER_TERMINAL};
    if (request->scheme != SCHEME_IMAGE_CODE || request->challenge == 0 ||
        request->challenge > INT64_MAX)
        return (struct capture_order){.reason = REASON_WRONG_SCHEME};
    reserve.card = (uint64_t)database_number(&bank->database, SQL_CARD, key, 1);
    struct reservation_reply reply = hearing_reserve(bank, &reserve, request, now);
    return (struct capture_order){reply.reason, reply.reservation, reply.expires,
                                  request->amount_minor};
}

struct capture_order bank_begin(struct bank *bank, const struct withdrawal_request *request,
                                simtime now)
{
    struct reservation latest;
    if (request->amount_minor != 0)
        return begin_here(bank, request, now);
    if (!find_latest(bank, request->mobile, &latest))
        return (struct capture_order){.reason = bank->database.failed ? REASON_DATABASE
                                                                      : REASON_NO_RESERVATION};
    enum reason reason = reservation_standing(bank, &latest, now);
    if (reason == REASON_NONE && latest.scheme != request->scheme)
        reason = REASON_WRONG_SCHEME;
    if (reason == REASON_NONE && reservation_is_elsewhere(&latest, request->terminal))
        reason = REASON_WRONG_TERMINAL;
    return (struct capture_order){reason, latest.id, latest.expires, latest.amount_minor};
}
