#include "bench/verify_work.h"

#include "certificate/authority.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t seed[32] = {'b', 'e', 'n', 'c', 'h'};

static struct answer *new_answers(size_t count)
{
    struct answer *answers = calloc(count, sizeof *answers);
    CHECK(answers != NULL);
    return answers;
}

/* ---- codes ---- */

const struct transaction code_transaction = {.reservation = 1,
                                             .mobile = 13800138000,
                                             .card = 6222020000000001,
                                             .amount_minor = 80000,
                                             .expires = 600 * SIMTIME_SECOND,
                                             .has_terminal = true,
                                             .has_nonce = true,
                                             .terminal = 12,
                                             .nonce = 99};

void put_number(uint8_t *at, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(number >> (56 - 8 * i));
}

void count_verdicts(unsigned good, unsigned refused, struct answer *answer)
{
    snprintf(answer->text, sizeof answer->text, "%u good, %u refused", good, refused);
}

/* Suite, zero byte, 128 bytes of question; the reservation stands two bytes into it. */
static void lay_message(struct code_work *work, const char *ocra_suite)
{
    work->message_bytes = 8;
    if (ocra_suite == NULL)
        return;
    size_t head = strlen(ocra_suite) + 1;
    memcpy(work->message, ocra_suite, head);
    transaction_encode(&code_transaction, work->message + head);
    work->number_at = head + 2;
    work->message_bytes = head + 128;
}

static void write_code(const uint8_t mac[32], char *code)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | mac[(mac[31] & 15) + i];
    snprintf(code, PASSCODE_TEXT_BYTES, "%012llu",
             (unsigned long long)((value & INT64_MAX) % UINT64_C(1000000000000)));
}

static void fill_codes(struct code_work *work, size_t item)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < VERIFY_CODES; i++) {
        uint8_t mac[32];
        uint64_t first;
        char *code = work->presented[item * VERIFY_CODES + i];
        put_number(work->message + work->number_at, code_number_of(item, i));
        bare_hmac(work->keys[i % VERIFY_KEYS], 32, work->message, work->message_bytes, mac);
        write_code(mac, code);
        if (i % VERIFY_WRONG == 0)
            code[11] = code[11] == '0' ? '1' : '0';
        memcpy(&first, mac, sizeof first);
        sum += first;
    }
    count_verdicts(VERIFY_CODES - VERIFY_CODES / VERIFY_WRONG, VERIFY_CODES / VERIFY_WRONG,
                   &work->verdicts[item]);
    snprintf(work->sums[item].text, sizeof work->sums[item].text, "%016llx",
             (unsigned long long)sum);
}

void code_work_init(struct code_work *work, const char *ocra_suite, size_t items)
{
    *work = (struct code_work){.verdicts = new_answers(items), .sums = new_answers(items)};
    work->presented = calloc(items * VERIFY_CODES, sizeof *work->presented);
    CHECK(work->presented != NULL);
    lay_message(work, ocra_suite);
    for (uint8_t i = 0; i < VERIFY_KEYS; i++)
        bare_hmac(seed, sizeof seed, &i, 1, work->keys[i]);
    for (size_t item = 0; item < items; item++)
        fill_codes(work, item);
}

void code_work_fini(struct code_work *work)
{
    free(work->presented);
    free(work->verdicts);
    free(work->sums);
}

/* ---- signatures ---- */

static void fill_signature(struct signature_work *work, struct signature_private *const *keys,
                           size_t number)
{
    struct signed_item *item = &work->signatures[number];
    struct transaction transaction = code_transaction;
    item->key = (unsigned)(number % VERIFY_KEYS);
    transaction.reservation = number + 1;
    transaction_encode(&transaction, item->message);
    signature_sign(work->engine, keys[item->key], item->message, sizeof item->message,
                   item->signature);
    if (number % VERIFY_SIGNATURES == VERIFY_SIGNATURES - 1) {
        transaction.amount_minor *= 2;
        transaction_encode(&transaction, item->message);
    }
    item->bare = bare_prepare(work->engine, work->keys[item->key], item->message,
                              sizeof item->message, item->signature);
}

void signature_work_init(struct signature_work *work, enum signature_kind kind, size_t items)
{
    struct signature_private *keys[VERIFY_KEYS];
    *work = (struct signature_work){.kind = kind, .items = items, .truths = new_answers(items)};
    work->engine = signature_engine_new(false);
    for (unsigned i = 0; i < VERIFY_KEYS; i++) {
        uint8_t secret[SIGNATURE_SECRET_BYTES];
        signature_derive(work->engine, kind, seed, i, secret);
        keys[i] = signature_private_new(work->engine, kind, secret, NULL);
        CHECK(keys[i] != NULL);
        work->public_bytes = signature_public_bytes(keys[i], work->public[i]);
        work->keys[i] =
            signature_public_new(work->engine, kind, work->public[i], work -> public_bytes, NULL);
        CHECK(work->keys[i] != NULL);
    }
    work->signatures = calloc(items * VERIFY_SIGNATURES, sizeof *work->signatures);
    CHECK(work->signatures != NULL);
    for (size_t i = 0; i < items * VERIFY_SIGNATURES; i++)
        fill_signature(work, keys, i);
    for (size_t i = 0; i < items; i++)
        count_verdicts(VERIFY_SIGNATURES - 1, 1, &work->truths[i]);
    for (unsigned i = 0; i < VERIFY_KEYS; i++)
        signature_private_free(keys[i]);
}

void signature_work_fini(struct signature_work *work)
{
    for (unsigned i = 0; i < VERIFY_KEYS; i++)
        signature_public_free(work->keys[i]);
    signature_engine_free(work->engine);
    free(work->signatures);
    free(work->truths);
}

/* ---- certificates ---- */

uint64_t certificate_work_mobile(size_t item)
{
    return UINT64_C(13800000000) + item;
}

static struct der copy_of(const struct der *der)
{
    struct der copy = {malloc(der->count), der->count};
    CHECK(copy.bytes != NULL);
    memcpy(copy.bytes, der->bytes, der->count);
    return copy;
}

static void issue_all(struct certificate_work *work, struct authority *authority)
{
    struct signature_work keys;
    signature_work_init(&keys, SIGNATURE_ECDSA_P256, 1);
    for (size_t i = 0; i < work->items; i++) {
        uint8_t secret[SIGNATURE_SECRET_BYTES], public[SIGNATURE_PUBLIC_MAX_BYTES];
        signature_derive(keys.engine, SIGNATURE_ECDSA_P256, seed, i, secret);
        struct signature_private *key =
            signature_private_new(keys.engine, SIGNATURE_ECDSA_P256, secret, NULL);
        CHECK(key != NULL);
        const struct certificate_request request = {.serial = AUTHORITY_FIRST_SERIAL + i,
                                                    .mobile = certificate_work_mobile(i),
                                                    .card = i,
                                                    .kind = SIGNATURE_ECDSA_P256,
                                                    .public = public,
                                                    .public_bytes =
                                                        signature_public_bytes(key, public),
                                                    .not_after = 365 * SIMTIME_DAY};
        work->certificates[i] = authority_issue(authority, &request);
        if (certificate_is_altered(i)) /* the signature's last byte */
            work->certificates[i].bytes[work->certificates[i].count - 1] ^= 1;
        strcpy(work->truths[i].text, certificate_is_altered(i) ? "refused" : "good");
        strcpy(work->good[i].text, "good");
        signature_private_free(key);
    }
    signature_work_fini(&keys);
}

void certificate_work_init(struct certificate_work *work, size_t items)
{
    struct authority *authority = authority_new(seed, 3650 * SIMTIME_DAY);
    *work = (struct certificate_work){
        .items = items, .truths = new_answers(items), .good = new_answers(items)};
    work->certificates = calloc(items, sizeof *work->certificates);
    CHECK(work->certificates != NULL);
    for (int level = 0; level < AUTHORITY_LEVELS; level++) {
        work->authorities[level] =
            copy_of(authority_certificate(authority, (enum authority_level)level));
        work->lists[level] =
            authority_list(authority, (enum authority_level)level, 0, 10 * SIMTIME_DAY);
    }
    issue_all(work, authority);
    authority_free(authority);
}

void certificate_work_fini(struct certificate_work *work)
{
    for (size_t i = 0; i < work->items; i++)
        der_fini(&work->certificates[i]);
    for (int level = 0; level < AUTHORITY_LEVELS; level++) {
        der_fini(&work->authorities[level]);
        der_fini(&work->lists[level]);
    }
    free(work->certificates);
    free(work->truths);
    free(work->good);
}
