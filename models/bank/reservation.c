/* The reservation transaction module (303): may this customer reserve, and what is held for it. */
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
    };
}

bool reservation_find(struct bank *bank, uint64_t id, struct reservation *reservation)
{
    int64_t key[] = {(int64_t)id};
    sqlite3_stmt *row = bank->database.statements[SQL_FIND];
    bool found = database_row(&bank->database, SQL_FIND, key, 1);
    if (found) {
        *reservation = read_row(row);
        reservation->tries = (unsigned)sqlite3_column_int64(row, 7);
        reservation->reservation_code = sqlite3_column_int64(row, 8);
        reservation->sms_code = sqlite3_column_int64(row, 9);
    }
    sqlite3_reset(row);
    return found;
}

/* An account with the latest reservation; its number is 0 where there was none. */
struct account {
    struct reservation latest;
    uint64_t card;
    int64_t balance_minor, day, drawn_minor;
};

static bool find_account(struct bank *bank, uint64_t mobile, struct account *account)
{
    int64_t key[] = {(int64_t)mobile};
    sqlite3_stmt *row = bank->database.statements[SQL_FIND_ACCOUNT];
    bool found = database_row(&bank->database, SQL_FIND_ACCOUNT, key, 1);
    if (found)
        *account = (struct account){read_row(row), (uint64_t)sqlite3_column_int64(row, 7),
                                    sqlite3_column_int64(row, 8), sqlite3_column_int64(row, 9),
                                    sqlite3_column_int64(row, 10)};
    sqlite3_reset(row);
    return found;
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

/* The one number that the statement returns. */
static uint64_t ask(struct bank *bank, enum statement statement, const int64_t *values, int count)
{
    bool found = database_row(&bank->database, statement, values, count);
    uint64_t number = found ? (uint64_t)database_column(&bank->database, statement, 0) : 0;
    sqlite3_reset(bank->database.statements[statement]);
    return number;
}

/* The first open one in first .. end - 1; false where there is none. */
static bool find_due(struct bank *bank, uint64_t first, uint64_t end,
                     struct reservation *reservation)
{
    int64_t range[] = {(int64_t)first, (int64_t)end};
    sqlite3_stmt *row = bank->database.statements[SQL_DUE];
    bool found = database_row(&bank->database, SQL_DUE, range, 2);
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
    uint64_t first = ask(bank, SQL_SWEPT, NULL, 0);
    int64_t from[] = {(int64_t)first, now};
    uint64_t end = ask(bank, SQL_NOT_DUE, from, 2);
    struct reservation due;
    for (; find_due(bank, first, end, &due); first = due.id + 1, released++)
        if (!reservation_release(bank, &due, STATE_EXPIRED))
            return released;
    int64_t mark[] = {(int64_t)end};
    database_run(&bank->database, SQL_SWEEP, mark, 1, NULL);
    return released;
}

/* What the account says of the amount; `drawn` receives the day's total with it. */
static enum reason check_account(const struct bank *bank, const struct account *account,
                                 const struct reservation_request *request, int64_t day,
                                 int64_t *drawn)
{
    *drawn = request->amount_minor + (account->day == day ? account->drawn_minor : 0);
    if (account->card != request->card)
        return REASON_CARD_MISMATCH;
    if (account->balance_minor < request->amount_minor)
        return REASON_FUNDS;
    return *drawn > bank->rules.daily_limit_minor ? REASON_DAILY_LIMIT : REASON_NONE;
}

static bool amount_is_payable(const struct bank *bank, int64_t amount_minor)
{
    return amount_minor > 0 && amount_minor <= bank->rules.daily_limit_minor &&
           amount_minor % bank->rules.note_minor == 0;
}

/* Is another one still open? Looking at an expired one books its expiry, and the hold that this
 * releases counts: the account is read again. */
static bool is_open(struct bank *bank, struct account *account, simtime now)
{
    const struct reservation *latest = &account->latest;
    if (latest->id == 0)
        return false;
    if (reservation_standing(bank, latest, now) == REASON_NONE)
        return true;
    if (latest->state == STATE_OPEN)
        find_account(bank, latest->mobile, account);
    return false;
}

/* `latest` receives the number of the reservation before this one, `drawn` the day's total. */
static enum reason check_request(struct bank *bank, const struct reservation_request *request,
                                 simtime now, uint64_t *latest, int64_t *drawn)
{
    struct account account;
    bool known = find_account(bank, request->mobile, &account);
    if (known && is_open(bank, &account, now))
        return REASON_ALREADY_OPEN;
    if (request->scheme >= SCHEME_COUNT)
        return REASON_WRONG_SCHEME;
    if (!amount_is_payable(bank, request->amount_minor))
        return REASON_BAD_AMOUNT;
    if (!known)
        return REASON_UNKNOWN_MOBILE;
    *latest = account.latest.id;
    return check_account(bank, &account, request, now / SIMTIME_DAY, drawn);
}

/* `*id` receives the new reservation's number. */
static bool insert(struct bank *bank, const struct reservation_request *request,
                   const struct reservation_reply *reply, simtime now, uint64_t *id)
{
    int64_t values[] = {
        (int64_t)request->mobile,    request->scheme, request->amount_minor,
        now / SIMTIME_DAY,           reply->expires,  code_number(request->reservation_code),
        code_number(reply->sms_code)};
    bool good = database_run(&bank->database, SQL_RESERVE, values, 7, NULL);
    *id = (uint64_t)sqlite3_last_insert_rowid(bank->database.handle);
    return good;
}

/* Only where the account is still as it was looked at: enough money, the same latest one. */
static bool hold(struct bank *bank, const struct reservation_request *request, int64_t day,
                 int64_t drawn, uint64_t id, uint64_t latest)
{
    int64_t values[] = {(int64_t)request->mobile, request->amount_minor, day, drawn, (int64_t)id,
                        (int64_t)latest};
    int changed = 0;
    return database_run(&bank->database, SQL_HOLD, values, 6, &changed) && changed == 1;
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
    uint64_t latest = 0;
    struct reservation_reply reply = {.expires = now + bank->rules.code_lifetime};
    reply.reason = check_request(bank, request, now, &latest, &drawn);
    if (reply.reason != REASON_NONE)
        return reply;
    if (request->scheme == SCHEME_SMS_CODE)
        draw_sms_code(bank, request->mobile, now, reply.sms_code);
    bool good = bank_begin_transaction(bank);
    good = good && insert(bank, request, &reply, now, &reply.reservation) &&
           hold(bank, request, now / SIMTIME_DAY, drawn, reply.reservation, latest);
    if (!bank_end_transaction(bank, good))
        reply.reason = REASON_DATABASE;
    return reply;
}

/* The terminal interaction module (302). */
struct capture_order bank_begin(struct bank *bank, const struct withdrawal_request *request,
                                simtime now)
{
    int64_t key[] = {(int64_t)request->mobile};
    sqlite3_stmt *row = bank->database.statements[SQL_FIND_LATEST];
    if (!database_row(&bank->database, SQL_FIND_LATEST, key, 1))
        return (struct capture_order){.reason = REASON_NO_RESERVATION};
    struct reservation latest = read_row(row);
    sqlite3_reset(row);
    enum reason reason = reservation_standing(bank, &latest, now);
    if (reason == REASON_NONE && latest.scheme != request->scheme)
        reason = REASON_WRONG_SCHEME;
    return (struct capture_order){reason, latest.id};
}
