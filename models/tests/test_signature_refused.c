/* What must be refused, and why: signatures, keys, and signed transactions. */
#include "signature/signed.h"
#include "tests/signature_fixture.h"

static void refusals_of(enum signature_kind kind)
{
    struct signature_private *key = private_of(kind, 1), *other = private_of(kind, 2);
    struct signature_public *public = public_of(key), *wrong = public_of(other);
    uint8_t good[SIGNATURE_BYTES + 1] = {0}, bad[SIGNATURE_BYTES];
    const uint8_t *message = (const uint8_t *)"pay 800";
    signature_sign(engine, key, message, 7, good);
    assert_int_equal(verify(public, "pay 800", good), SIGNATURE_GOOD);
    assert_int_equal(verify(public, "pay 900", good), SIGNATURE_MISMATCH);
    assert_int_equal(verify(public, "pay 80", good), SIGNATURE_MISMATCH);
    assert_int_equal(verify(public, "", good), SIGNATURE_MISMATCH);
    assert_int_equal(verify(wrong, "pay 800", good), SIGNATURE_MISMATCH);
    for (size_t count = 0; count < SIGNATURE_BYTES; count++)
        assert_int_equal(signature_verify(engine, public, message, 7, good, count),
                         SIGNATURE_TRUNCATED);
    assert_int_equal(signature_verify(engine, public, message, 7, good, 65), SIGNATURE_OVERLONG);
    memset(bad, 0, sizeof bad);
    assert_int_equal(verify(public, "pay 800", bad), SIGNATURE_ZERO);
    memset(bad, 0xff, sizeof bad);
    assert_int_equal(verify(public, "pay 800", bad), SIGNATURE_RANGE);
    memcpy(bad, good, 64);
    memset(bad + 32, 0xff, 32);
    assert_int_equal(verify(public, "pay 800", bad), SIGNATURE_RANGE);
    memset(bad + 32, 0, 32);
    assert_int_equal(verify(public, "pay 800", bad),
                     kind == SIGNATURE_ED25519 ? SIGNATURE_MISMATCH : SIGNATURE_RANGE);
    memcpy(bad, good + 32, 32); /* s, r */
    memcpy(bad + 32, good, 32);
    assert_int_not_equal(verify(public, "pay 800", bad), SIGNATURE_GOOD);
    signature_public_free(public);
    signature_public_free(wrong);
    signature_private_free(key);
    signature_private_free(other);
}

static void each_kind_refuses(void **state)
{
    (void)state;
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++)
        refusals_of((enum signature_kind)kind);
    assert_string_equal(signature_reason_name(SIGNATURE_HIGH_S), "high-s");
    assert_string_equal(signature_kind_name(SIGNATURE_SM2), "sm2");
}

/* Any bit turned over, at the edges of the range too. */
static void no_neighbour_is_accepted(void **state)
{
    (void)state;
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++) {
        struct signature_private *key = private_of((enum signature_kind)kind, 3);
        uint8_t signature[SIGNATURE_BYTES];
        signature_sign(engine, key, (const uint8_t *)"x", 1, signature);
        for (size_t bit = 0; bit < 8 * SIGNATURE_BYTES; bit++) {
            signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_not_equal(verify(key->public, "x", signature), SIGNATURE_GOOD);
            signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        assert_int_equal(verify(key->public, "x", signature), SIGNATURE_GOOD);
        signature_private_free(key);
    }
}

/* r or s of 0, 1, n - 1, n and n + 1: in range or not, and never accepted. */
static void the_edges_of_the_range(void **state)
{
    (void)state;
    for (int kind = 0; kind < CURVE_KINDS; kind++) {
        struct signature_private *key = private_of((enum signature_kind)kind, 4);
        uint8_t edges[5][32] = {{0}}, signature[SIGNATURE_BYTES];
        edges[1][31] = 1;
        for (int i = 2; i < 5; i++)
            BN_bn2binpad(engine->curves[kind].order, edges[i], 32);
        edges[2][31]--, edges[4][31]++;
        for (int i = 0; i < 25; i++) {
            int r = i / 5, s = i % 5;
            bool inside = r >= 1 && r <= 2 && s >= 1 && s <= 2;
            memcpy(signature, edges[r], 32);
            memcpy(signature + 32, edges[s], 32);
            assert_int_equal(verify(key->public, "x", signature), inside   ? SIGNATURE_MISMATCH
                                                                  : i == 0 ? SIGNATURE_ZERO
                                                                           : SIGNATURE_RANGE);
        }
        signature_private_free(key);
    }
}

/* (r, n - s) of ECDSA is as good as (r, s), unless the rule says otherwise. */
static void twins(void **state)
{
    unsigned high = 0;
    (void)state;
    for (uint64_t owner = 0; owner < 20; owner++) {
        struct signature_private *key = private_of(SIGNATURE_ECDSA_P256, owner);
        uint8_t low[SIGNATURE_BYTES], plain[SIGNATURE_BYTES], twin[SIGNATURE_BYTES];
        signature_sign(strict, key, (const uint8_t *)"x", 1, low);
        signature_sign(engine, key, (const uint8_t *)"x", 1, plain);
        memcpy(twin, low, SIGNATURE_BYTES);
        BIGNUM *s = BN_bin2bn(low + 32, 32, NULL);
        BN_sub(s, engine->curves[0].order, s);
        BN_bn2binpad(s, twin + 32, 32);
        BN_free(s);
        assert_int_equal(verify(key->public, "x", low), SIGNATURE_GOOD);
        assert_int_equal(verify(key->public, "x", twin), SIGNATURE_GOOD);
        assert_int_equal(signature_verify(strict, key->public, (const uint8_t *)"x", 1, low, 64),
                         SIGNATURE_GOOD);
        assert_int_equal(signature_verify(strict, key->public, (const uint8_t *)"x", 1, twin, 64),
                         SIGNATURE_HIGH_S);
        high += memcmp(plain, low, 64) != 0;
        assert_memory_equal(plain, memcmp(plain, low, 64) != 0 ? twin : low, 64);
        signature_private_free(key);
    }
    assert_in_range(high, 1, 19); /* fails by chance once in 500,000 seeds; the seed is fixed */
    for (int kind = SIGNATURE_SM2; kind < SIGNATURE_KIND_COUNT; kind++) { /* the rule is ECDSA's */
        struct signature_private *key = private_of((enum signature_kind)kind, 5);
        uint8_t a[SIGNATURE_BYTES], b[SIGNATURE_BYTES];
        signature_sign(engine, key, (const uint8_t *)"x", 1, a);
        signature_sign(strict, key, (const uint8_t *)"x", 1, b);
        assert_memory_equal(a, b, 64);
        signature_private_free(key);
    }
}

/* s + L is another encoding of Ed25519's s (RFC 8032, 8.4). */
static void edwards_scalars_are_reduced(void **state)
{
    static const char order[] = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    struct signature_private *key = private_of(SIGNATURE_ED25519, 6);
    uint8_t signature[SIGNATURE_BYTES], l[32];
    unsigned carry = 0;
    (void)state;
    signature_sign(engine, key, (const uint8_t *)"x", 1, signature);
    from_hex(order, l);
    for (int i = 0; i < 32; i++) {
        carry += (unsigned)signature[32 + i] + l[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(verify(key->public, "x", signature), SIGNATURE_RANGE);
    memcpy(signature + 32, l, 32); /* L itself */
    assert_int_equal(verify(key->public, "x", signature), SIGNATURE_RANGE);
    signature[32]--;
    assert_int_equal(verify(key->public, "x", signature), SIGNATURE_MISMATCH);
    signature_private_free(key);
}

/* Random bytes as signature and as key, of any length: a reason, no crash, and never accepted. */
static void garbage_is_refused(void **state)
{
    uint64_t random = 32918;
    (void)state;
    for (int i = 0; i < 600; i++) {
        uint8_t bytes[80];
        for (size_t j = 0; j < sizeof bytes; j++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[j] = (uint8_t)(random >> 56);
        }
        enum signature_kind kind = (enum signature_kind)(i % SIGNATURE_KIND_COUNT);
        size_t count = i % 4 == 0 ? bytes[0] % 80 : SIGNATURE_BYTES;
        struct signature_private *key = private_of(kind, 8);
        enum signature_reason reason =
            signature_verify(engine, key->public, bytes, 10, bytes, count);
        assert_int_not_equal(reason, SIGNATURE_GOOD);
        assert_int_equal(reason == SIGNATURE_TRUNCATED, count < 64);
        assert_int_equal(reason == SIGNATURE_OVERLONG, count > 64);
        signature_private_free(key);
        bytes[0] = 4;
        struct signature_public *public = signature_public_new(engine, kind, bytes, 65, NULL);
        assert_null(public); /* on the curve by chance: once in 2^256 */
    }
}

/* ---- signed transactions ---- */

static const struct transaction expected = {.reservation = 77,
                                            .mobile = 13800138000,
                                            .card = 6222020000000001,
                                            .amount_minor = 80000,
                                            .expires = 600,
                                            .has_terminal = true,
                                            .has_nonce = true,
                                            .terminal = 12,
                                            .nonce = 99};

static struct signed_verdict check(const struct signature_private *key, const uint8_t *bytes,
                                   size_t count, int64_t now)
{
    return signed_check(engine, key->public, &expected, now, bytes, count);
}

static void other_transactions_are_named(void **state)
{
    struct transaction others[9];
    static const enum signed_reason reasons[] = {
        SIGNED_WRONG_RESERVATION, SIGNED_WRONG_MOBILE, SIGNED_WRONG_CARD,
        SIGNED_WRONG_AMOUNT,      SIGNED_WRONG_EXPIRY, SIGNED_WRONG_TERMINAL,
        SIGNED_WRONG_TERMINAL,    SIGNED_WRONG_NONCE,  SIGNED_WRONG_NONCE};
    (void)state;
    for (int i = 0; i < 9; i++)
        others[i] = expected;
    others[0].reservation++, others[1].mobile++, others[2].card++, others[3].amount_minor += 100;
    others[4].expires += 1000000, others[5].terminal++, others[7].nonce++;
    others[6].has_terminal = false, others[6].terminal = 0;
    others[8].has_nonce = false, others[8].nonce = 0;
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++) {
        struct signature_private *key = private_of((enum signature_kind)kind, 9);
        uint8_t bytes[SIGNED_BYTES];
        for (int i = 0; i < 9; i++) {
            signed_make(engine, key, &others[i], bytes);
            assert_int_equal(check(key, bytes, sizeof bytes, 0).reason, reasons[i]);
        }
        signature_private_free(key);
    }
}

static void forgeries_are_named(void **state)
{
    (void)state;
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++) {
        struct signature_private *key = private_of((enum signature_kind)kind, 9),
                                 *thief = private_of((enum signature_kind)kind, 10);
        uint8_t bytes[SIGNED_BYTES + 1] = {0};
        signed_make(engine, key, &expected, bytes);
        assert_int_equal(check(key, bytes, SIGNED_BYTES, 600).reason, SIGNED_GOOD);
        assert_int_equal(check(key, bytes, SIGNED_BYTES, 601).reason, SIGNED_EXPIRED);
        assert_int_equal(check(key, bytes, SIGNED_BYTES - 1, 0).reason, SIGNED_TRUNCATED);
        assert_int_equal(check(key, bytes, SIGNED_BYTES + 1, 0).reason, SIGNED_OVERLONG);
        bytes[32] ^= 1; /* a larger amount */
        assert_int_equal(check(key, bytes, SIGNED_BYTES, 0).reason, SIGNED_ALTERED);
        bytes[32] ^= 1, bytes[0] = 9;
        struct signed_verdict verdict = check(key, bytes, SIGNED_BYTES, 0);
        assert_int_equal(verdict.reason, SIGNED_MALFORMED);
        assert_int_equal(verdict.fault, TRANSACTION_VERSION);
        bytes[0] = 1;
        memset(bytes + TRANSACTION_BYTES, 0, SIGNATURE_BYTES);
        verdict = check(key, bytes, SIGNED_BYTES, 0);
        assert_int_equal(verdict.reason, SIGNED_BAD_SIGNATURE);
        assert_int_equal(verdict.signature, SIGNATURE_ZERO);
        signed_make(engine, thief, &expected, bytes);
        assert_int_equal(check(key, bytes, SIGNED_BYTES, 0).reason, SIGNED_WRONG_KEY);
        signature_private_free(key);
        signature_private_free(thief);
    }
    assert_string_equal(signed_reason_name(SIGNED_EXPIRED), "expired");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_refuses),
        cmocka_unit_test(no_neighbour_is_accepted),
        cmocka_unit_test(the_edges_of_the_range),
        cmocka_unit_test(twins),
        cmocka_unit_test(edwards_scalars_are_reduced),
        cmocka_unit_test(garbage_is_refused),
        cmocka_unit_test(other_transactions_are_named),
        cmocka_unit_test(forgeries_are_named),
    };
    return cmocka_run_group_tests_name("signature, refused", tests, open_engines, close_engines);
}
