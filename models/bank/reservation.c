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
        .tries = (unsigned)columns[7],
        .reservation_code = columns[8],
        .sms_code = columns[9],
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

static bool amount_is_payable(const struct bank *bank, int64_t amount_minor)
{
    return amount_minor > 0 && amount_minor <= bank->rules.daily_limit_minor &&
           amount_minor % bank->rules.note_minor == 0;
}

/* A request before its account. */
struct hearing {
    struct bank *bank;
    const struct reservation_request *request;
    simtime now;
    bool known;                /* there is such an account */
    bool due;                  /* its latest reservation is open still though its time has come */
    struct reservation latest; /* where `due` */
    enum reason reason;
};

static enum reason check_form(const struct bank *bank, const struct reservation_request *request)
{
    if (request->scheme >= SCHEME_COUNT)
        return REASON_WRONG_SCHEME;
    return amount_is_payable(bank, request->amount_minor) ? REASON_NONE : REASON_BAD_AMOUNT;
}

static enum reason check_account(const struct hearing *hearing, const int64_t *account)
{
    const struct reservation_request *request = hearing->request;
    int64_t balance_minor = account[1], day = account[2], drawn_minor = account[3];
    int64_t drawn = day == hearing->now / SIMTIME_DAY ? drawn_minor : 0;
    if ((uint64_t)account[0] != request->card)
        return REASON_CARD_MISMATCH;
    if (balance_minor < request->amount_minor)
        return REASON_FUNDS;
    return drawn + request->amount_minor > hearing->bank->rules.daily_limit_minor
               ? REASON_DAILY_LIMIT
               : REASON_NONE;
}

/* Is the latest reservation still open? */
static bool is_open(struct hearing *hearing, uint64_t latest)
{
    if (latest == 0 || !reservation_find(hearing->bank, latest, &hearing->latest))
        return false;
    hearing->due = hearing->latest.state == STATE_OPEN && hearing->now > hearing->latest.expires;
    return !hearing->due &&
           reservation_standing(hearing->bank, &hearing->latest, hearing->now) == REASON_NONE;
}

/* Of the account's card, balance, day, drawn and latest. */
static bool hear(void *argument, const int64_t *account)
{
    struct hearing *hearing = argument;
    hearing->known = true;
    if (is_open(hearing, (uint64_t)account[4]))
        hearing->reason = REASON_ALREADY_OPEN;
    else if ((hearing->reason = check_form(hearing->bank, hearing->request)) == REASON_NONE)
        hearing->reason = check_account(hearing, account);
    return hearing->reason == REASON_NONE && !hearing->due;
}

/* Holds the amount on the account for reservation `id`, where the rules allow it: then one row is
 * changed. */
static bool hold(struct hearing *hearing, uint64_t id, int *changed)
{
    const struct reservation_request *request = hearing->request;
    int64_t values[] = {(int64_t)request->mobile, request->amount_minor, hearing->now / SIMTIME_DAY,
                        (int64_t)id};
    return database_run_judged(&hearing->bank->database, SQL_HOLD, values, 4, hear, hearing,
                               changed);
}

/* Under the number after the last; the database refuses one that is taken. */
static bool insert(struct bank *bank, const struct reservation_request *request,
                   const struct reservation_reply *reply, simtime now)
{
    int64_t values[] = {(int64_t)reply->reservation,
                        (int64_t)request->mobile,
                        request->scheme,
                        request->amount_minor,
                        now / SIMTIME_DAY,
                        reply->expires,
                        code_number(request->reservation_code),
                        code_number(reply->sms_code)};
    return database_run(&bank->database, SQL_RESERVE, values, 8, NULL);
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

/* Hears and, where the rules allow it, reserves, in one transaction. */
static struct reservation_reply reserve(struct hearing *hearing)
{
    struct bank *bank = hearing->bank;
    const struct reservation_request *request = hearing->request;
    struct reservation_reply reply = {.expires = hearing->now + bank->rules.code_lifetime};
    uint64_t id = bank->reserved + 1;
    int changed = 0;
    bool good = bank_begin_transaction(bank) && hold(hearing, id, &changed);
    if (good && changed == 1) {
        reply.reservation = id;
        if (request->scheme == SCHEME_SMS_CODE)
            draw_sms_code(bank, request->mobile, hearing->now, reply.sms_code);
        good = insert(bank, request, &reply, hearing->now);
    }
    good = bank_end_transaction(bank, good);
    if (good && changed == 1)
        bank->reserved = id;
    reply.reason = !good                                      ? REASON_DATABASE
                   : hearing->known                           ? hearing->reason
                   : check_form(bank, request) != REASON_NONE ? check_form(bank, request)
                                                              : REASON_UNKNOWN_MOBILE;
    return reply;
}

/* An expiry that is due is booked first, and the hold that this releases counts. */
struct reservation_reply bank_reserve(struct bank *bank, const struct reservation_request *request,
                                      simtime now)
{
    struct hearing hearing = {.bank = bank, .request = request, .now = now};
    struct reservation_reply reply = reserve(&hearing);
    if (!hearing.due)
        return reply;
    if (!reservation_release(bank, &hearing.latest, STATE_EXPIRED))
        return (struct reservation_reply){.reason = REASON_DATABASE, .expires = reply.expires};
    hearing = (struct hearing){.bank = bank, .request = request, .now = now};
    return reserve(&hearing);
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
