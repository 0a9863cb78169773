/*
 * The bank's certificates: what they hold, that they repeat byte for byte, and each way in which
 * one must be refused; that what is remembered is what OpenSSL says at every moment; bytes of
 * others' making.
 */
#include "certificate/authority.h"
#include "certificate/trust.h"

#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t seed[32] = {'b', 'a', 'n', 'k'};
static const uint64_t MOBILE = 13800138000, CARD = 6222020000000001;

enum { SERIAL = 1000, DAYS = 365 };

/* A bank, a customer's key and a list of each level for the first ten days. */
struct fixture {
    struct signature_engine *engine;
    struct authority *authority;
    struct trust *trust;
    struct signature_private *key;
    uint8_t public[SIGNATURE_PUBLIC_MAX_BYTES];
    size_t public_bytes;
};

static void new_lists(struct fixture *fixture, simtime now, simtime next)
{
    struct error error = {""};
    struct der root = authority_list(fixture->authority, AUTHORITY_ROOT, now, next),
               issuing = authority_list(fixture->authority, AUTHORITY_ISSUING, now, next);
    if (!trust_replace_lists(fixture->trust, &root, &issuing, &error))
        fail_msg("%s", error.text);
    der_fini(&root);
    der_fini(&issuing);
}

static void open_fixture(struct fixture *fixture, enum signature_kind kind, simtime lifetime)
{
    uint8_t secret[SIGNATURE_SECRET_BYTES];
    struct error error = {""};
    fixture->engine = signature_engine_new(false);
    fixture->authority = authority_new(seed, lifetime);
    fixture->trust =
        trust_new(authority_certificate(fixture->authority, AUTHORITY_ROOT),
                  authority_certificate(fixture->authority, AUTHORITY_ISSUING), 16, &error);
    if (fixture->trust == NULL)
        fail_msg("%s", error.text);
    signature_derive(fixture->engine, kind, seed, 1, secret);
    fixture->key = signature_private_new(fixture->engine, kind, secret, NULL);
    fixture->public_bytes = signature_public_bytes(fixture->key, fixture->public);
    new_lists(fixture, 0, 10 * SIMTIME_DAY);
}

static void close_fixture(struct fixture *fixture)
{
    signature_private_free(fixture->key);
    trust_free(fixture->trust);
    authority_free(fixture->authority);
    signature_engine_free(fixture->engine);
}

static struct certificate_request request_of(const struct fixture *fixture,
                                             enum signature_kind kind)
{
    return (struct certificate_request){.serial = SERIAL,
                                        .mobile = MOBILE,
                                        .card = CARD,
                                        .kind = kind,
                                        .public = fixture->public,
                                        .public_bytes = fixture->public_bytes,
                                        .not_before = SIMTIME_DAY,
                                        .not_after = DAYS * SIMTIME_DAY};
}

static struct der issue(struct fixture *fixture)
{
    struct certificate_request request = request_of(fixture, SIGNATURE_ECDSA_P256);
    return authority_issue(fixture->authority, &request);
}

static enum certificate_reason check_at(struct fixture *fixture, const struct der *der, simtime now)
{
    const struct signature_public *key = NULL;
    enum certificate_reason reason =
        trust_check(fixture->trust, SERIAL, der->bytes, der->count, MOBILE, CARD, now, &key);
    assert_int_equal(key != NULL, reason == CERTIFICATE_GOOD);
    return reason;
}

/* ---- good ones ---- */

/* The key of a certificate verifies what the customer signs, for every kind of key. */
static void certificates_carry_keys(void **state)
{
    (void)state;
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++) {
        struct fixture fixture;
        uint8_t signature[SIGNATURE_BYTES];
        const struct signature_public *key = NULL;
        open_fixture(&fixture, (enum signature_kind)kind, 10 * DAYS * SIMTIME_DAY);
        struct certificate_request request = request_of(&fixture, (enum signature_kind)kind);
        struct der der = authority_issue(fixture.authority, &request);
        assert_int_equal(trust_check(fixture.trust, SERIAL, der.bytes, der.count, MOBILE, CARD,
                                     2 * SIMTIME_DAY, &key),
                         CERTIFICATE_GOOD);
        assert_int_equal(signature_public_kind(key), kind);
        signature_sign(fixture.engine, fixture.key, (const uint8_t *)"x", 1, signature);
        assert_int_equal(
            signature_verify(fixture.engine, key, (const uint8_t *)"x", 1, signature, 64),
            SIGNATURE_GOOD);
        struct certificate *read = certificate_parse(fixture.engine, der.bytes, der.count);
        assert_int_equal(certificate_serial(read), SERIAL);
        assert_int_equal(certificate_mobile(read), MOBILE);
        assert_true(certificate_is_of(read, MOBILE, CARD));
        assert_false(certificate_is_of(read, MOBILE, CARD + 1));
        assert_int_equal(signature_public_kind(certificate_key(read)), kind);
        assert_int_equal(trust_verify(fixture.trust, read, 2 * SIMTIME_DAY), CERTIFICATE_GOOD);
        certificate_free(read);
        der_fini(&der);
        close_fixture(&fixture);
    }
}

/* By OpenSSL's own reading, not ours. */
static void a_certificate_is_version_3(void **state)
{
    struct fixture fixture;
    char text[256];
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    struct der der = issue(&fixture);
    const unsigned char *at = der.bytes;
    X509 *x509 = d2i_X509(NULL, &at, (long)der.count);
    assert_non_null(x509);
    assert_int_equal(X509_get_version(x509), X509_VERSION_3);
    X509_NAME_oneline(X509_get_subject_name(x509), text, sizeof text);
    assert_string_equal(text, "/C=CN/O=cashpoint bank/CN=customer/serialNumber=6222020000000001/"
                              "telephoneNumber=13800138000");
    X509_NAME_oneline(X509_get_issuer_name(x509), text, sizeof text);
    assert_string_equal(text, "/C=CN/O=cashpoint bank/CN=issuing");
    assert_int_equal(X509_get_key_usage(x509), KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
    assert_int_equal(X509_check_ca(x509), 0);
    assert_non_null(X509_get0_subject_key_id(x509));
    const ASN1_TIME *time = X509_get0_notBefore(x509);
    assert_memory_equal(ASN1_STRING_get0_data(time), "260102000000Z", 13);
    time = X509_get0_notAfter(x509);
    assert_memory_equal(ASN1_STRING_get0_data(time), "270101000000Z", 13);
    at = authority_certificate(fixture.authority, AUTHORITY_ISSUING)->bytes;
    X509 *issuing = d2i_X509(
        NULL, &at, (long)authority_certificate(fixture.authority, AUTHORITY_ISSUING)->count);
    assert_int_equal(X509_verify(x509, X509_get0_pubkey(issuing)), 1);
    assert_int_equal(X509_check_issued(issuing, x509), X509_V_OK);
    X509_free(issuing);
    X509_free(x509);
    der_fini(&der);
    close_fixture(&fixture);
}

static void assert_same(struct der a, struct der b, bool same)
{
    assert_int_equal(a.count == b.count && memcmp(a.bytes, b.bytes, a.count) == 0, same);
    der_fini(&a);
    der_fini(&b);
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    struct fixture a, b;
    (void)state;
    open_fixture(&a, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    open_fixture(&b, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    assert_same(issue(&a), issue(&b), true);
    assert_same(issue(&a), issue(&a), true); /* and again */
    authority_revoke(a.authority, AUTHORITY_ISSUING, 5, 7 * SIMTIME_SECOND);
    authority_revoke(b.authority, AUTHORITY_ISSUING, 5, 7 * SIMTIME_SECOND);
    assert_same(authority_list(a.authority, AUTHORITY_ISSUING, 0, SIMTIME_DAY),
                authority_list(b.authority, AUTHORITY_ISSUING, 0, SIMTIME_DAY), true);
    struct certificate_request request = request_of(&a, SIGNATURE_ECDSA_P256);
    request.serial++;
    assert_same(issue(&a), authority_issue(a.authority, &request), false);
    authority_free(b.authority);
    uint8_t other[32] = {'B'};
    b.authority = authority_new(other, 10 * DAYS * SIMTIME_DAY);
    assert_same(issue(&a), issue(&b), false);
    close_fixture(&a);
    close_fixture(&b);
}

/* ---- refusals ---- */

static void each_refusal_has_its_reason(void **state)
{
    struct fixture fixture, impostor;
    const struct signature_public *key;
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    struct der der = issue(&fixture);
    assert_int_equal(check_at(&fixture, &der, SIMTIME_DAY - 1), CERTIFICATE_NOT_YET_VALID);
    assert_int_equal(check_at(&fixture, &der, SIMTIME_DAY), CERTIFICATE_GOOD);
    assert_int_equal(check_at(&fixture, &der, 10 * SIMTIME_DAY - 1), CERTIFICATE_GOOD);
    assert_int_equal(check_at(&fixture, &der, 10 * SIMTIME_DAY), CERTIFICATE_NO_LIST);
    new_lists(&fixture, 364 * SIMTIME_DAY, 366 * SIMTIME_DAY);
    assert_int_equal(check_at(&fixture, &der, 2 * SIMTIME_DAY), CERTIFICATE_NO_LIST);
    assert_int_equal(check_at(&fixture, &der, DAYS * SIMTIME_DAY - 1), CERTIFICATE_GOOD);
    assert_int_equal(check_at(&fixture, &der, DAYS * SIMTIME_DAY), CERTIFICATE_EXPIRED);
    new_lists(&fixture, 0, 10 * SIMTIME_DAY);
    /* subjects */
    const simtime now = 2 * SIMTIME_DAY;
    assert_int_equal(
        trust_check(fixture.trust, SERIAL, der.bytes, der.count, MOBILE + 1, CARD, now, &key),
        CERTIFICATE_WRONG_SUBJECT);
    assert_int_equal(
        trust_check(fixture.trust, SERIAL, der.bytes, der.count, MOBILE, CARD + 1, now, &key),
        CERTIFICATE_WRONG_SUBJECT);
    assert_int_equal(
        trust_check(fixture.trust, SERIAL + 1, der.bytes, der.count, MOBILE, CARD, now, &key),
        CERTIFICATE_WRONG_SUBJECT);
    /* usage */
    struct certificate_request request = request_of(&fixture, SIGNATURE_ECDSA_P256);
    request.usage = CERTIFICATE_FOR_KEY_AGREEMENT;
    struct der agreement = authority_issue(fixture.authority, &request);
    assert_int_equal(check_at(&fixture, &agreement, now), CERTIFICATE_WRONG_USAGE);
    der_fini(&agreement);
    for (int level = 0; level < AUTHORITY_LEVELS; level++)
        assert_int_equal(
            check_at(&fixture,
                     authority_certificate(fixture.authority, (enum authority_level)level), now),
            CERTIFICATE_WRONG_USAGE);
    /* another bank of the same name */
    open_fixture(&impostor, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    authority_free(impostor.authority);
    uint8_t other[32] = {'B'};
    impostor.authority = authority_new(other, 10 * DAYS * SIMTIME_DAY);
    struct der forged = issue(&impostor);
    assert_int_equal(check_at(&fixture, &forged, now), CERTIFICATE_UNKNOWN_ISSUER);
    der_fini(&forged);
    /* lists of theirs */
    struct der root = authority_list(impostor.authority, AUTHORITY_ROOT, 0, now + 1),
               issuing = authority_list(impostor.authority, AUTHORITY_ISSUING, 0, now + 1);
    assert_true(trust_replace_lists(fixture.trust, &root, &issuing, NULL));
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_NO_LIST);
    der_fini(&root);
    der_fini(&issuing);
    close_fixture(&impostor);
    der_fini(&der);
    close_fixture(&fixture);
}

static void what_is_revoked_is_refused(void **state)
{
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    struct der der = issue(&fixture);
    const simtime now = 2 * SIMTIME_DAY;
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_GOOD);
    authority_revoke(fixture.authority, AUTHORITY_ISSUING, SERIAL + 1, now);
    new_lists(&fixture, now, now + SIMTIME_DAY);
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_GOOD);
    authority_revoke(fixture.authority, AUTHORITY_ISSUING, SERIAL, now);
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_GOOD); /* no list says it yet */
    new_lists(&fixture, now, now + SIMTIME_DAY);
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_REVOKED);
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_REVOKED);
    der_fini(&der);
    close_fixture(&fixture);
    /* the issuing authority, by the root */
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    der = issue(&fixture);
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_GOOD);
    authority_revoke(fixture.authority, AUTHORITY_ROOT, AUTHORITY_ISSUING_SERIAL, now);
    new_lists(&fixture, now, now + SIMTIME_DAY);
    assert_int_equal(check_at(&fixture, &der, now), CERTIFICATE_REVOKED);
    der_fini(&der);
    close_fixture(&fixture);
}

static void without_lists_nothing_is_good(void **state)
{
    struct fixture fixture;
    struct error error = {""};
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    struct der der = issue(&fixture), junk = {NULL, 0};
    trust_free(fixture.trust);
    const struct der *root = authority_certificate(fixture.authority, AUTHORITY_ROOT);
    fixture.trust =
        trust_new(root, authority_certificate(fixture.authority, AUTHORITY_ISSUING), 1, &error);
    assert_int_equal(check_at(&fixture, &der, 2 * SIMTIME_DAY), CERTIFICATE_NO_LIST);
    assert_false(trust_replace_lists(fixture.trust, &der, &der, &error));
    assert_non_null(strstr(error.text, "root authority"));
    assert_null(trust_new(&der, &junk, 1, &error));
    assert_non_null(strstr(error.text, "issuing authority"));
    assert_null(trust_new(&junk, root, 1, &error));
    assert_int_equal(check_at(&fixture, &der, 2 * SIMTIME_DAY), CERTIFICATE_NO_LIST);
    der_fini(&der);
    close_fixture(&fixture);
}

/* An issuing authority that ends before its customers' certificates do. */
static void a_chain_ends_with_its_issuer(void **state)
{
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 6 * SIMTIME_DAY); /* from day -1: until day 5 */
    struct der der = issue(&fixture);
    assert_int_equal(check_at(&fixture, &der, 5 * SIMTIME_DAY - 1), CERTIFICATE_GOOD);
    assert_int_equal(check_at(&fixture, &der, 5 * SIMTIME_DAY), CERTIFICATE_EXPIRED);
    der_fini(&der);
    close_fixture(&fixture);
}

/* ---- what is remembered ---- */

/* At times drawn about every date there is, in any order, with changes of the lists: the answer of
 * trust_check(), which remembers, is that of trust_verify(), which does not. */
static void memory_agrees_with_openssl(void **state)
{
    struct fixture fixture;
    static const simtime dates[] = {0, SIMTIME_DAY, 5 * SIMTIME_DAY, 8 * SIMTIME_DAY,
                                    10 * SIMTIME_DAY};
    uint64_t random = 5280;
    unsigned good = 0;
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 9 * SIMTIME_DAY);
    struct certificate_request request = request_of(&fixture, SIGNATURE_ECDSA_P256);
    request.not_after = 5 * SIMTIME_DAY;
    struct der der = authority_issue(fixture.authority, &request);
    struct certificate *read = certificate_parse(fixture.engine, der.bytes, der.count);
    for (int i = 0; i < 400; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        simtime now =
            dates[(random >> 33) % 5] + ((simtime)(random >> 60) - 8) * SIMTIME_SECOND / 4;
        if (i % 100 == 99)
            new_lists(&fixture, i * SIMTIME_SECOND / 100, 10 * SIMTIME_DAY);
        enum certificate_reason expected = trust_verify(fixture.trust, read, now);
        assert_int_equal(check_at(&fixture, &der, now), expected);
        good += expected == CERTIFICATE_GOOD;
    }
    assert_in_range(good, 50, 350);
    certificate_free(read);
    der_fini(&der);
    close_fixture(&fixture);
}

/* More certificates than slots: each is still itself. */
static void slots_are_shared(void **state)
{
    struct fixture fixture;
    (void)state;
    enum { MANY = 40 };
    struct der ders[MANY];
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    struct certificate_request request = request_of(&fixture, SIGNATURE_ECDSA_P256);
    for (int i = 0; i < MANY; i++) {
        request.serial = SERIAL + (uint64_t)i;
        request.mobile = MOBILE + (uint64_t)i;
        ders[i] = authority_issue(fixture.authority, &request);
    }
    for (int i = 0; i < 3 * MANY; i++) {
        int at = i * 7 % MANY;
        const struct signature_public *key = NULL;
        assert_int_equal(trust_check(fixture.trust, SERIAL + (uint64_t)at, ders[at].bytes,
                                     ders[at].count, MOBILE + (uint64_t)at, CARD, 2 * SIMTIME_DAY,
                                     &key),
                         CERTIFICATE_GOOD);
        assert_non_null(key);
    }
    for (int i = 0; i < MANY; i++)
        der_fini(&ders[i]);
    close_fixture(&fixture);
}

/* ---- bytes of others' making ---- */

/* Every byte of a certificate changed once, and every length: never good, though the good one is
 * remembered. */
static void altered_certificates_are_refused(void **state)
{
    struct fixture fixture;
    unsigned counts[CERTIFICATE_REASON_COUNT] = {0};
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    struct der der = issue(&fixture);
    assert_int_equal(check_at(&fixture, &der, 2 * SIMTIME_DAY), CERTIFICATE_GOOD);
    for (size_t i = 0; i < der.count; i++) {
        der.bytes[i] ^= (uint8_t)(1 << i % 8);
        enum certificate_reason reason = check_at(&fixture, &der, 2 * SIMTIME_DAY);
        assert_int_not_equal(reason, CERTIFICATE_GOOD);
        counts[reason]++;
        der.bytes[i] ^= (uint8_t)(1 << i % 8);
    }
    assert_true(counts[CERTIFICATE_MALFORMED] > 50); /* the structure, and points off the curve */
    assert_true(counts[CERTIFICATE_BAD_SIGNATURE] > 50);
    for (size_t count = 0; count < der.count; count++) {
        struct der cut = {der.bytes, count};
        assert_int_equal(check_at(&fixture, &cut, 2 * SIMTIME_DAY), CERTIFICATE_MALFORMED);
    }
    der.bytes = realloc(der.bytes, der.count + 1);
    der.bytes[der.count++] = 0;
    assert_int_equal(check_at(&fixture, &der, 2 * SIMTIME_DAY), CERTIFICATE_MALFORMED);
    der.count--;
    assert_int_equal(check_at(&fixture, &der, 2 * SIMTIME_DAY), CERTIFICATE_GOOD);
    assert_string_equal(certificate_reason_name(CERTIFICATE_NO_LIST), "no-list");
    der_fini(&der);
    close_fixture(&fixture);
}

/* Every byte of a list changed once: it is no list, or not the bank's; what it revokes stays
 * revoked, and no good certificate passes either. */
static void altered_lists_are_refused(void **state)
{
    struct fixture fixture;
    unsigned taken = 0;
    (void)state;
    open_fixture(&fixture, SIGNATURE_ECDSA_P256, 10 * DAYS * SIMTIME_DAY);
    struct der der = issue(&fixture);
    authority_revoke(fixture.authority, AUTHORITY_ISSUING, SERIAL + 1, 0);
    struct der root = authority_list(fixture.authority, AUTHORITY_ROOT, 0, 10 * SIMTIME_DAY),
               issuing = authority_list(fixture.authority, AUTHORITY_ISSUING, 0, 10 * SIMTIME_DAY);
    for (size_t i = 0; i < issuing.count; i++) {
        issuing.bytes[i] ^= (uint8_t)(1 << i % 8);
        if (trust_replace_lists(fixture.trust, &root, &issuing, NULL)) {
            enum certificate_reason reason = check_at(&fixture, &der, 2 * SIMTIME_DAY);
            if (reason != CERTIFICATE_NO_LIST && reason != CERTIFICATE_REVOKED)
                fail_msg("byte %zu: %s", i, certificate_reason_name(reason));
            taken++;
        }
        issuing.bytes[i] ^= (uint8_t)(1 << i % 8);
    }
    assert_true(taken > 50);
    assert_true(trust_replace_lists(fixture.trust, &root, &issuing, NULL));
    assert_int_equal(check_at(&fixture, &der, 2 * SIMTIME_DAY), CERTIFICATE_GOOD);
    der_fini(&root);
    der_fini(&issuing);
    der_fini(&der);
    close_fixture(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_carry_keys),
        cmocka_unit_test(a_certificate_is_version_3),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(each_refusal_has_its_reason),
        cmocka_unit_test(what_is_revoked_is_refused),
        cmocka_unit_test(without_lists_nothing_is_good),
        cmocka_unit_test(a_chain_ends_with_its_issuer),
        cmocka_unit_test(memory_agrees_with_openssl),
        cmocka_unit_test(slots_are_shared),
        cmocka_unit_test(altered_certificates_are_refused),
        cmocka_unit_test(altered_lists_are_refused),
    };
    return cmocka_run_group_tests_name("certificate", tests, NULL, NULL);
}
