/*
 * Verification: one-time codes, signatures and certificates, each beside the bare OpenSSL call that
 * it cannot do without, prepared as far as it can be.
 *
 * hotp, ocra: a code of 12 digits is calculated under a customer's key and compared; OCRA's is
 * bound to a transaction, which is encoded first. Set against a loop that re-keys an EVP_MAC
 * context for each message of the same length, and does nothing with the MAC but add it up.
 *
 * ecdsa-p256, sm2, ed25519: 64 bytes of signature on a transaction under a parsed key, digest
 * included. Set against ECDSA_verify, EVP_PKEY_verify and EVP_DigestVerify, digest taken and DER
 * made before. One of ten is of another transaction and must be refused.
 *
 * certificate: chain, validity, both lists and usage, by X509_verify_cert and what is added to it;
 * then the bank's question, whose answer is remembered; then reading one.
 */
#include "bench/suite.h"
#include "bench/verify_work.h"
#include "certificate/authority.h"
#include "certificate/trust.h"
#include "otp/hotp.h"
#include "otp/ocra.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OCRA_SUITE "OCRA-1:HOTP-SHA256-12:" OCRA_TRANSACTION_QUESTION

enum { QUESTIONS = 100 /* of one certificate, an item */ };

/* ---- codes ---- */

static void *open_bare_mac(const void *work)
{
    (void)work;
    return bare_mac_new();
}

static void close_bare_mac(void *scratch)
{
    bare_mac_free(scratch);
}

static void run_bare_mac(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct code_work *codes = work;
    uint8_t message[sizeof codes->message];
    uint64_t sum = 0;
    memcpy(message, codes->message, codes->message_bytes);
    for (size_t i = 0; i < VERIFY_CODES; i++) {
        put_number(message + codes->number_at, code_number_of(item, i));
        sum += bare_mac_first(scratch, codes->keys[i % VERIFY_KEYS], 32, message,
                              codes->message_bytes);
    }
    snprintf(answer->text, sizeof answer->text, "%016llx", (unsigned long long)sum);
}

static void *open_hotp(const void *work)
{
    (void)work;
    return hotp_new(12);
}

static void close_hotp(void *scratch)
{
    hotp_free(scratch);
}

static void run_hotp(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct code_work *codes = work;
    unsigned good = 0;
    for (size_t i = 0; i < VERIFY_CODES; i++) {
        char expected[HOTP_TEXT_BYTES];
        hotp_code(scratch, codes->keys[i % VERIFY_KEYS], 32, code_number_of(item, i), expected);
        good += hotp_equal(expected, codes->presented[item * VERIFY_CODES + i]);
    }
    count_verdicts(good, VERIFY_CODES - good, answer);
}

static void *open_ocra(const void *work)
{
    struct ocra_suite suite;
    (void)work;
    CHECK(ocra_parse(OCRA_SUITE, &suite, NULL));
    return ocra_new(&suite);
}

static void close_ocra(void *scratch)
{
    ocra_free(scratch);
}

static void run_ocra(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct code_work *codes = work;
    struct transaction transaction = code_transaction;
    uint8_t bytes[TRANSACTION_BYTES];
    const struct ocra_input input = {.question = bytes, .question_bytes = sizeof bytes};
    unsigned good = 0;
    for (size_t i = 0; i < VERIFY_CODES; i++) {
        char expected[PASSCODE_TEXT_BYTES];
        transaction.reservation = code_number_of(item, i);
        transaction_encode(&transaction, bytes);
        good += ocra_code(scratch, codes->keys[i % VERIFY_KEYS], 32, &input, expected) &&
                passcode_equal(expected, codes->presented[item * VERIFY_CODES + i]);
    }
    count_verdicts(good, VERIFY_CODES - good, answer);
}

static void measure_codes(struct bench *bench, const char *name, const char *suite,
                          const struct subject *subject)
{
    static const struct subject bare = {.name = "EVP_MAC, re-keyed",
                                        .open = open_bare_mac,
                                        .close = close_bare_mac,
                                        .run = run_bare_mac,
                                        .answers = true,
                                        .peer = true,
                                        .operations = VERIFY_CODES};
    struct code_work work;
    code_work_init(&work, suite, bench_effort(bench)->items);
    double bare_s = bench_measure(bench, name, &bare, &work, work.sums, 0)->median_s;
    bench_measure(bench, name, subject, &work, work.verdicts, bare_s);
    code_work_fini(&work);
}

/* ---- signatures ---- */

struct bare_keys {
    struct bare_key *keys[VERIFY_KEYS];
};

static void *open_bare_keys(const void *work)
{
    const struct signature_work *signatures = work;
    struct bare_keys *bare = calloc(1, sizeof *bare);
    CHECK(bare != NULL);
    for (unsigned i = 0; i < VERIFY_KEYS; i++)
        bare->keys[i] = bare_key_new(signatures->keys[i]);
    return bare;
}

static void close_bare_keys(void *scratch)
{
    struct bare_keys *bare = scratch;
    for (unsigned i = 0; i < VERIFY_KEYS; i++)
        bare_key_free(bare->keys[i]);
    free(bare);
}

static void run_bare_keys(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct signature_work *signatures = work;
    struct bare_keys *bare = scratch;
    unsigned good = 0;
    for (size_t i = 0; i < VERIFY_SIGNATURES; i++) {
        const struct signed_item *one = &signatures->signatures[item * VERIFY_SIGNATURES + i];
        good += bare_verify(bare->keys[one->key], &one->bare);
    }
    count_verdicts(good, VERIFY_SIGNATURES - good, answer);
}

struct desk {
    struct signature_engine *engine;
    struct signature_public *keys[VERIFY_KEYS];
};

static void *open_desk(const void *work)
{
    const struct signature_work *signatures = work;
    struct desk *desk = calloc(1, sizeof *desk);
    CHECK(desk != NULL);
    desk->engine = signature_engine_new(false);
    for (unsigned i = 0; i < VERIFY_KEYS; i++) {
        desk->keys[i] = signature_public_new(desk->engine, signatures->kind, signatures->public[i],
                                             signatures -> public_bytes, NULL);
        CHECK(desk->keys[i] != NULL);
    }
    return desk;
}

static void close_desk(void *scratch)
{
    struct desk *desk = scratch;
    for (unsigned i = 0; i < VERIFY_KEYS; i++)
        signature_public_free(desk->keys[i]);
    signature_engine_free(desk->engine);
    free(desk);
}

static void run_desk(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct signature_work *signatures = work;
    struct desk *desk = scratch;
    unsigned good = 0;
    for (size_t i = 0; i < VERIFY_SIGNATURES; i++) {
        const struct signed_item *one = &signatures->signatures[item * VERIFY_SIGNATURES + i];
        good +=
            signature_verify(desk->engine, desk->keys[one->key], one->message, sizeof one->message,
                             one->signature, SIGNATURE_BYTES) == SIGNATURE_GOOD;
    }
    count_verdicts(good, VERIFY_SIGNATURES - good, answer);
}

static void measure_signatures(struct bench *bench, enum signature_kind kind)
{
    static const char *const calls[SIGNATURE_KIND_COUNT] = {"ECDSA_verify", "EVP_PKEY_verify",
                                                            "EVP_DigestVerify"};
    const struct subject bare = {.name = calls[kind],
                                 .open = open_bare_keys,
                                 .close = close_bare_keys,
                                 .run = run_bare_keys,
                                 .answers = true,
                                 .peer = true,
                                 .operations = VERIFY_SIGNATURES};
    static const struct subject ours = {.name = "cashpoint",
                                        .open = open_desk,
                                        .close = close_desk,
                                        .run = run_desk,
                                        .answers = true,
                                        .operations = VERIFY_SIGNATURES};
    struct signature_work work;
    signature_work_init(&work, kind, bench_effort(bench)->items);
    const char *name = signature_kind_name(kind);
    double bare_s = bench_measure(bench, name, &bare, &work, work.truths, 0)->median_s;
    bench_measure(bench, name, &ours, &work, work.truths, bare_s);
    signature_work_fini(&work);
}

/* ---- certificates ---- */

struct bare_server {
    struct bare_chain *chain;
    size_t items;
    void **certificates;
};

static void *open_bare_server(const void *work)
{
    const struct certificate_work *certificates = work;
    struct bare_server *bare = calloc(1, sizeof *bare);
    CHECK(bare != NULL);
    bare->chain = bare_chain_new(certificates->authorities, certificates->lists);
    bare->items = certificates->items;
    bare->certificates = calloc(bare->items, sizeof *bare->certificates);
    CHECK(bare->certificates != NULL);
    for (size_t i = 0; i < bare->items; i++)
        bare->certificates[i] = bare_x509_new(&certificates->certificates[i]);
    return bare;
}

static void close_bare_server(void *scratch)
{
    struct bare_server *bare = scratch;
    for (size_t i = 0; i < bare->items; i++)
        bare_x509_free(bare->certificates[i]);
    free(bare->certificates);
    bare_chain_free(bare->chain);
    free(bare);
}

static void run_bare_server(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct bare_server *bare = scratch;
    (void)work;
    bool good = bare_verify_certificate(bare->chain, bare->certificates[item],
                                        CERTIFICATE_EPOCH_S + CERTIFICATE_NOW / SIMTIME_SECOND);
    strcpy(answer->text, good ? "good" : "refused");
}

/* The bank's side: what it trusts, and the certificates of all items, read. */
struct server {
    struct signature_engine *engine;
    struct trust *trust;
    size_t items;
    struct certificate **certificates;
};

static void *open_server(const void *work)
{
    const struct certificate_work *certificates = work;
    struct server *server = calloc(1, sizeof *server);
    CHECK(server != NULL);
    server->engine = signature_engine_new(false);
    server->trust = trust_new(&certificates->authorities[0], &certificates->authorities[1],
                              8 * (unsigned)certificates->items, NULL);
    CHECK(server->trust != NULL && trust_replace_lists(server->trust, &certificates->lists[0],
                                                       &certificates->lists[1], NULL));
    server->items = certificates->items;
    server->certificates = calloc(server->items, sizeof *server->certificates);
    CHECK(server->certificates != NULL);
    for (size_t i = 0; i < server->items; i++) {
        const struct der *der = &certificates->certificates[i];
        server->certificates[i] = certificate_parse(server->engine, der->bytes, der->count);
        CHECK(server->certificates[i] != NULL);
    }
    return server;
}

static void close_server(void *scratch)
{
    struct server *server = scratch;
    for (size_t i = 0; i < server->items; i++)
        certificate_free(server->certificates[i]);
    free(server->certificates);
    trust_free(server->trust);
    signature_engine_free(server->engine);
    free(server);
}

static void run_verify(void *scratch, const void *work, size_t item, struct answer *answer)
{
    struct server *server = scratch;
    (void)work;
    bool good = trust_verify(server->trust, server->certificates[item], CERTIFICATE_NOW) ==
                CERTIFICATE_GOOD;
    strcpy(answer->text, good ? "good" : "refused");
}

/* The altered ones are not remembered: their neighbours are asked for in their place. */
static void run_check(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct certificate_work *certificates = work;
    struct server *server = scratch;
    size_t i = item - certificate_is_altered(item);
    const struct der *der = &certificates->certificates[i];
    const struct signature_public *key;
    unsigned good = 0;
    for (int question = 0; question < QUESTIONS; question++)
        good +=
            trust_check(server->trust, AUTHORITY_FIRST_SERIAL + i, der->bytes, der->count,
                        certificate_work_mobile(i), i, CERTIFICATE_NOW, &key) == CERTIFICATE_GOOD;
    strcpy(answer->text, good == QUESTIONS ? "good" : "refused");
}

static void run_parse(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct certificate_work *certificates = work;
    const struct der *der = &certificates->certificates[item];
    struct server *server = scratch;
    struct certificate *certificate = certificate_parse(server->engine, der->bytes, der->count);
    bool good =
        certificate != NULL && certificate_mobile(certificate) == certificate_work_mobile(item);
    strcpy(answer->text, good ? "good" : "refused");
    certificate_free(certificate);
}

static void measure_certificates(struct bench *bench)
{
    static const struct subject bare = {.name = "X509_verify_cert",
                                        .open = open_bare_server,
                                        .close = close_bare_server,
                                        .run = run_bare_server,
                                        .answers = true,
                                        .peer = true,
                                        .operations = 1};
    struct subject ours = {.name = "cashpoint",
                           .open = open_server,
                           .close = close_server,
                           .run = run_verify,
                           .answers = true,
                           .operations = 1};
    struct certificate_work work;
    certificate_work_init(&work, bench_effort(bench)->items);
    double bare_s = bench_measure(bench, "certificate", &bare, &work, work.truths, 0)->median_s;
    bench_measure(bench, "certificate", &ours, &work, work.truths, bare_s);
    ours.name = "remembered", ours.run = run_check, ours.operations = QUESTIONS;
    ours.note = "as long as no date is passed and no list is new";
    bench_measure(bench, "certificate", &ours, &work, work.good, bare_s);
    ours.name = "reading", ours.run = run_parse, ours.operations = 1;
    ours.note = "DER to parsed certificate and key, not verified";
    bench_measure(bench, "certificate", &ours, &work, work.good, bare_s);
    certificate_work_fini(&work);
}

static void run(struct bench *bench)
{
    static const struct subject hotp = {.name = "cashpoint",
                                        .open = open_hotp,
                                        .close = close_hotp,
                                        .run = run_hotp,
                                        .answers = true,
                                        .operations = VERIFY_CODES};
    static const struct subject ocra = {.name = "cashpoint",
                                        .open = open_ocra,
                                        .close = close_ocra,
                                        .run = run_ocra,
                                        .answers = true,
                                        .operations = VERIFY_CODES};
    measure_codes(bench, "hotp", NULL, &hotp);
    measure_codes(bench, "ocra", OCRA_SUITE, &ocra);
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++)
        measure_signatures(bench, (enum signature_kind)kind);
    measure_certificates(bench);
}

const struct suite suite_verify = {
    .name = "verify",
    .help = "one-time codes, signatures and certificates; peer: the bare OpenSSL calls",
    .run = run,
    .reference = "bare_openssl",
    .operation = "a verification"};
