#include "bank/certificates.h"

#include "bank/core.h"
#include "certificate/authority.h"
#include "certificate/trust.h"

#include <stdlib.h>
#include <string.h>

/* The issuing authority outlives every simulation. */
#define ISSUING_LIFETIME (15 * 365 * SIMTIME_DAY)

/* A list stays in date for so long after the next one is due: dates are whole seconds. */
#define LIST_GRACE SIMTIME_HOUR

/* What stands in an account in place of a secret: two numbers, then the certificate. */
enum { HEAD_BYTES = 16, MOST_BYTES = 2048, ISSUES = 1 << 16 };

struct record {
    uint64_t serial;
    simtime revoked; /* SIMTIME_NEVER: it is not */
    const uint8_t *bytes;
    size_t count; /* 0: the customer has no certificate */
};

static uint64_t get_number(const uint8_t *bytes)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | bytes[i];
    return number;
}

static void put_number(uint8_t *bytes, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
}

static struct record record_of(const uint8_t *blob, size_t count)
{
    if (count <= HEAD_BYTES || blob == NULL)
        return (struct record){.revoked = SIMTIME_NEVER};
    return (struct record){get_number(blob), (simtime)get_number(blob + 8), blob + HEAD_BYTES,
                           count - HEAD_BYTES};
}

/* ---- revocations and lists ---- */

static void note_revocation(struct certificates *certificates, uint64_t serial, simtime when)
{
    if (certificates->count == certificates->capacity) {
        certificates->capacity = certificates->capacity == 0 ? 64 : 2 * certificates->capacity;
        certificates->revocations = realloc(
            certificates->revocations, certificates->capacity * sizeof *certificates->revocations);
        CHECK(certificates->revocations != NULL);
    }
    certificates->revocations[certificates->count++] = (struct revocation){serial, when};
}

/* The list of the last multiple of the interval, with what had been revoked by then. */
static bool publish(struct bank *bank, simtime now, struct error *error)
{
    struct certificates *it = &bank->codes.certificates;
    simtime interval = bank->rules.list_interval;
    simtime at = now / interval * interval;
    it->next_list = at + interval;
    for (; it->listed < it->count && it->revocations[it->listed].when <= at; it->listed++)
        authority_revoke(it->authority, AUTHORITY_ISSUING, it->revocations[it->listed].serial,
                         it->revocations[it->listed].when);
    struct der root = authority_list(it->authority, AUTHORITY_ROOT, at, it->next_list + LIST_GRACE);
    struct der issuing =
        authority_list(it->authority, AUTHORITY_ISSUING, at, it->next_list + LIST_GRACE);
    bool good = trust_replace_lists(it->trust, &root, &issuing, error);
    der_fini(&root);
    der_fini(&issuing);
    return good;
}

static int by_time(const void *a, const void *b)
{
    const struct revocation *one = a, *other = b;
    if (one->when != other->when)
        return one->when < other->when ? -1 : 1;
    return one->serial < other->serial ? -1 : one->serial > other->serial;
}

/* What the accounts of a file say of earlier revocations. */
static void recall_revocations(struct bank *bank)
{
    struct database *database = &bank->database;
    struct certificates *it = &bank->codes.certificates;
    if (!database_row(database, SQL_CERTIFICATES, NULL, 0))
        return;
    sqlite3_stmt *row = database->statements[SQL_CERTIFICATES];
    do {
        struct record record =
            record_of(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0));
        if (record.revoked != SIMTIME_NEVER)
            note_revocation(it, record.serial, record.revoked);
    } while (sqlite3_step(row) == SQLITE_ROW);
    sqlite3_reset(row);
    if (it->count > 0)
        qsort(it->revocations, it->count, sizeof *it->revocations, by_time);
}

bool certificates_open(struct bank *bank, struct error *error)
{
    struct certificates *it = &bank->codes.certificates;
    _Static_assert(CERTIFICATE_EPOCH_S == MESSAGE_EPOCH_S, "certificates and clocks agree");
    CHECK(bank->rules.list_interval > 0);
    it->engine = signature_engine_new(false);
    it->authority = authority_new(bank->rules.authority_seed, ISSUING_LIFETIME);
    it->trust = trust_new(authority_certificate(it->authority, AUTHORITY_ROOT),
                          authority_certificate(it->authority, AUTHORITY_ISSUING),
                          CERTIFICATES_KEPT, error);
    if (it->trust == NULL)
        return false;
    recall_revocations(bank);
    return publish(bank, 0, error);
}

void certificates_close(struct certificates *it)
{
    if (it->engine == NULL)
        return;
    trust_free(it->trust);
    authority_free(it->authority);
    signature_engine_free(it->engine);
    free(it->revocations);
}

/* ---- the books ---- */

static enum reason reason_of(enum certificate_reason reason)
{
    switch (reason) {
    case CERTIFICATE_GOOD:
        return REASON_NONE;
    case CERTIFICATE_EXPIRED:
        return REASON_CERTIFICATE_EXPIRED;
    case CERTIFICATE_NOT_YET_VALID:
        return REASON_CERTIFICATE_EARLY;
    case CERTIFICATE_REVOKED:
        return REASON_CERTIFICATE_REVOKED;
    case CERTIFICATE_WRONG_SUBJECT:
        return REASON_CERTIFICATE_SUBJECT;
    case CERTIFICATE_NO_LIST:
        return REASON_NO_LIST;
    default:
        return REASON_CERTIFICATE_INVALID;
    }
}

enum reason certificates_check(struct bank *bank, uint64_t mobile, uint64_t card, simtime now,
                               const struct signature_public **key)
{
    struct certificates *it = &bank->codes.certificates;
    const struct signature_public *found = NULL;
    int64_t account[] = {(int64_t)mobile};
    struct error error;
    if (now >= it->next_list && !publish(bank, now, &error))
        return REASON_NO_LIST;
    if (!database_row(&bank->database, SQL_CERTIFICATE, account, 1))
        return REASON_DATABASE;
    sqlite3_stmt *row = bank->database.statements[SQL_CERTIFICATE];
    struct record record =
        record_of(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0));
    enum reason reason = record.count == 0
                             ? REASON_CERTIFICATE_INVALID
                             : reason_of(trust_check(it->trust, record.serial, record.bytes,
                                                     record.count, mobile, card, now, &found));
    sqlite3_reset(row);
    if (key != NULL)
        *key = found;
    return reason;
}

static bool keep(struct bank *bank, uint64_t mobile, uint64_t serial, simtime revoked,
                 const uint8_t *bytes, size_t count)
{
    uint8_t blob[MOST_BYTES];
    int64_t account[] = {(int64_t)mobile};
    CHECK(count <= MOST_BYTES - HEAD_BYTES);
    put_number(blob, serial);
    put_number(blob + 8, (uint64_t)revoked);
    memcpy(blob + HEAD_BYTES, bytes, count);
    sqlite3_stmt *statement = database_use(&bank->database, SQL_SET_KEY, account, 1);
    sqlite3_bind_blob(statement, 2, blob, (int)(HEAD_BYTES + count), SQLITE_STATIC);
    bool good = sqlite3_step(statement) == SQLITE_DONE;
    return sqlite3_reset(statement) == SQLITE_OK && good;
}

/* Copies what an account has; false where there is no such account. */
static bool look_up(struct bank *bank, uint64_t mobile, uint8_t blob[MOST_BYTES],
                    struct record *record, uint64_t *card)
{
    int64_t account[] = {(int64_t)mobile};
    if (!database_row(&bank->database, SQL_CERTIFICATE, account, 1))
        return false;
    sqlite3_stmt *row = bank->database.statements[SQL_CERTIFICATE];
    size_t count = (size_t)sqlite3_column_bytes(row, 0);
    CHECK(count <= MOST_BYTES);
    if (count > 0)
        memcpy(blob, sqlite3_column_blob(row, 0), count);
    *record = record_of(blob, count);
    *card = (uint64_t)sqlite3_column_int64(row, 1);
    sqlite3_reset(row);
    return true;
}

static enum signature_kind signature_of(enum code_kind kind)
{
    return kind == CODE_ECDSA ? SIGNATURE_ECDSA_P256
           : kind == CODE_SM2 ? SIGNATURE_SM2
                              : SIGNATURE_ED25519;
}

/* Numbers are the mobile number and which certificate of it this is: so none is given twice. */
bool bank_certify(struct bank *bank, const struct certification *wanted)
{
    uint8_t blob[MOST_BYTES];
    struct record old;
    uint64_t card;
    CHECK(code_is_signature(bank->rules.code));
    if (!look_up(bank, wanted->mobile, blob, &old, &card))
        return false;
    uint64_t serial = old.count > 0 ? old.serial + 1 : wanted->mobile * ISSUES;
    struct certificate_request request = {.serial = serial,
                                          .mobile = wanted->mobile,
                                          .card = card,
                                          .kind = signature_of(bank->rules.code),
                                          .public = wanted->public_key,
                                          .public_bytes = wanted->public_bytes,
                                          .usage = CERTIFICATE_FOR_SIGNATURES,
                                          .not_before = wanted->not_before,
                                          .not_after = wanted->not_after};
    struct der der = authority_issue(bank->codes.certificates.authority, &request);
    bool good = keep(bank, wanted->mobile, serial, SIMTIME_NEVER, der.bytes, der.count);
    der_fini(&der);
    return good;
}

bool bank_revoke(struct bank *bank, uint64_t mobile, simtime now)
{
    uint8_t blob[MOST_BYTES];
    struct record record;
    uint64_t card;
    if (!look_up(bank, mobile, blob, &record, &card) || record.count == 0 ||
        record.revoked != SIMTIME_NEVER ||
        !keep(bank, mobile, record.serial, now, record.bytes, record.count))
        return false;
    note_revocation(&bank->codes.certificates, record.serial, now);
    return true;
}
