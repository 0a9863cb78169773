/*
 * Signatures against RFC 6979 (A.2.5), RFC 8032 (7.1) and GB/T 32918.5 (annex A), and against
 * OpenSSL's own in both directions; and their keys.
 */
#include "signature/nonce.h"
#include "tests/signature_fixture.h"

#include <openssl/hmac.h>
#include <stdio.h>

static void assert_hex(const uint8_t *bytes, const char *expected)
{
    for (size_t i = 0; 2 * i < strlen(expected); i++) {
        char text[3];
        snprintf(text, sizeof text, "%02X", bytes[i]);
        if (strncasecmp(text, expected + 2 * i, 2) != 0)
            fail_msg("byte %zu is %s, not %.2s of %s", i, text, expected + 2 * i, expected);
    }
}

/* ---- the standards' examples ---- */

static void rfc_6979(void **state)
{
    static const struct {
        const char *message, *k, *r, *s;
    } rows[] = {
        {"sample", "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60",
         "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
         "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
        {"test", "D16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0",
         "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
         "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"},
    };
    uint8_t secret[32], signature[SIGNATURE_BYTES], digest[32], bytes[65], again[65];
    const struct curve *curve = &engine->curves[SIGNATURE_ECDSA_P256];
    (void)state;
    from_hex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721", secret);
    from_hex("0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
             "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
             bytes);
    struct signature_private *key =
        signature_private_new(engine, SIGNATURE_ECDSA_P256, secret, NULL);
    assert_int_equal(signature_public_bytes(key, again), 65);
    assert_memory_equal(bytes, again, 65);
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *message = (const uint8_t *)rows[i].message;
        struct nonce nonce;
        BIGNUM *k = BN_new();
        engine_digest(engine, curve->digest, NULL, 0, message, strlen(rows[i].message), digest);
        nonce_start(&nonce, curve, key->secret, digest);
        nonce_next(&nonce, k);
        BN_bn2binpad(k, digest, 32);
        BN_free(k);
        assert_hex(digest, rows[i].k);
        signature_sign(engine, key, message, strlen(rows[i].message), signature);
        assert_hex(signature, rows[i].r);
        assert_hex(signature + 32, rows[i].s);
        assert_int_equal(verify(key->public, rows[i].message, signature), SIGNATURE_GOOD);
    }
    signature_private_free(key);
}

static void rfc_8032(void **state)
{
    static const struct {
        const char *secret, *public, *message, *signature;
    } rows[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
         "84dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t secret[32], message[4], signature[SIGNATURE_BYTES], bytes[65];
        from_hex(rows[i].secret, secret);
        size_t count = from_hex(rows[i].message, message);
        struct signature_private *key =
            signature_private_new(engine, SIGNATURE_ED25519, secret, NULL);
        assert_int_equal(signature_public_bytes(key, bytes), 32);
        assert_hex(bytes, rows[i].public);
        signature_sign(engine, key, message, count, signature);
        assert_hex(signature, rows[i].signature);
        assert_int_equal(signature_verify(engine, key->public, message, count, signature, 64),
                         SIGNATURE_GOOD);
        signature_private_free(key);
    }
}

static void gb_t_32918(void **state)
{
    static const char message[] = "message digest";
    uint8_t secret[32], bytes[65], expected[65], signature[SIGNATURE_BYTES], digest[32];
    (void)state;
    from_hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8", secret);
    from_hex("0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
             "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
             expected);
    from_hex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
             "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
             signature);
    struct signature_private *key = signature_private_new(engine, SIGNATURE_SM2, secret, NULL);
    signature_public_bytes(key, bytes);
    assert_memory_equal(bytes, expected, 65);
    assert_hex(key->public->z, "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3");
    engine_digest(engine, engine->curves[SIGNATURE_SM2].digest, key->public->z, 32,
                  (const uint8_t *)message, strlen(message), digest);
    assert_hex(digest, "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640");
    assert_int_equal(verify(key->public, message, signature), SIGNATURE_GOOD);
    /* and made with the standard's nonce */
    BIGNUM *k = NULL;
    uint8_t made[SIGNATURE_BYTES];
    BN_hex2bn(&k, "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21");
    assert_true(sm2_sign_with(engine, key, digest, k, made));
    assert_memory_equal(made, signature, sizeof made);
    BN_free(k);
    /* another identifier, another signature */
    struct signature_public *other =
        signature_public_new(engine, SIGNATURE_SM2, bytes, 65, "ALICE123@YAHOO.COM");
    assert_int_equal(verify(other, message, signature), SIGNATURE_MISMATCH);
    signature_public_free(other);
    signature_private_free(key);
}

static void sm3(void **state)
{
    uint8_t digest[32];
    (void)state;
    engine_digest(engine, engine->curves[SIGNATURE_SM2].digest, NULL, 0, (const uint8_t *)"abc", 3,
                  digest);
    assert_hex(digest, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

/* ---- OpenSSL's own, in both directions ---- */

static EVP_PKEY *openssl_key(const struct signature_private *key)
{
    bool sm2 = key->public->kind == SIGNATURE_SM2;
    EC_KEY *ec = EC_KEY_new_by_curve_name(sm2 ? NID_sm2 : NID_X9_62_prime256v1);
    EC_POINT *point = EC_POINT_new(EC_KEY_get0_group(ec));
    EC_POINT_oct2point(EC_KEY_get0_group(ec), point, key->public->bytes, 65, NULL);
    assert_int_equal(EC_KEY_set_public_key(ec, point), 1);
    assert_int_equal(EC_KEY_set_private_key(ec, key->secret), 1);
    EC_POINT_free(point);
    EVP_PKEY *pkey = EVP_PKEY_new();
    assert_int_equal(EVP_PKEY_assign_EC_KEY(pkey, ec), 1);
    return pkey;
}

static EVP_MD_CTX *openssl_context(EVP_PKEY *pkey, bool sm2, EVP_PKEY_CTX **context)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    *context = EVP_PKEY_CTX_new(pkey, NULL);
    if (sm2)
        assert_int_equal(EVP_PKEY_CTX_set1_id(*context, SIGNATURE_SM2_ID, 16), 1);
    EVP_MD_CTX_set_pkey_ctx(digest, *context);
    return digest;
}

static void openssl_accepts(EVP_PKEY *pkey, bool sm2, const uint8_t *message, size_t count,
                            const uint8_t *signature)
{
    EVP_PKEY_CTX *context;
    EVP_MD_CTX *digest = openssl_context(pkey, sm2, &context);
    ECDSA_SIG *pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(signature, 32, NULL), BN_bin2bn(signature + 32, 32, NULL));
    uint8_t *der = NULL;
    int der_bytes = i2d_ECDSA_SIG(pair, &der);
    const EVP_MD *md = sm2 ? EVP_sm3() : EVP_sha256();
    assert_int_equal(EVP_DigestVerifyInit(digest, NULL, md, NULL, pkey), 1);
    assert_int_equal(EVP_DigestVerify(digest, der, (size_t)der_bytes, message, count), 1);
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(digest);
    EVP_PKEY_CTX_free(context);
}

static void openssl_signs(EVP_PKEY *pkey, bool sm2, const uint8_t *message, size_t count,
                          uint8_t *signature)
{
    EVP_PKEY_CTX *context;
    EVP_MD_CTX *digest = openssl_context(pkey, sm2, &context);
    uint8_t der[96];
    size_t der_bytes = sizeof der;
    const EVP_MD *md = sm2 ? EVP_sm3() : EVP_sha256();
    assert_int_equal(EVP_DigestSignInit(digest, NULL, md, NULL, pkey), 1);
    assert_int_equal(EVP_DigestSign(digest, der, &der_bytes, message, count), 1);
    const uint8_t *at = der;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)der_bytes);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32);
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(digest);
    EVP_PKEY_CTX_free(context);
}

static void openssl_agrees(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        enum signature_kind kind = i % 2 == 0 ? SIGNATURE_ECDSA_P256 : SIGNATURE_SM2;
        bool sm2 = kind == SIGNATURE_SM2;
        struct signature_private *key = private_of(kind, (uint64_t)i);
        struct signature_public *public = public_of(key);
        EVP_PKEY *pkey = openssl_key(key);
        uint8_t message[200] = {(uint8_t)i}, ours[SIGNATURE_BYTES], theirs[SIGNATURE_BYTES];
        size_t count = (size_t)i * 5;
        signature_sign(engine, key, message, count, ours);
        openssl_accepts(pkey, sm2, message, count, ours);
        openssl_signs(pkey, sm2, message, count, theirs);
        assert_int_equal(signature_verify(engine, public, message, count, theirs, 64),
                         SIGNATURE_GOOD);
        assert_int_equal(signature_verify(engine, public, message, count + 1, theirs, 64),
                         SIGNATURE_MISMATCH);
        EVP_PKEY_free(pkey);
        signature_public_free(public);
        signature_private_free(key);
    }
}

/* ---- keys ---- */

static void hmac_sha256(const void *key, int key_bytes, const void *data, size_t bytes,
                        uint8_t *out)
{
    assert_non_null(HMAC(EVP_sha256(), key, key_bytes, data, bytes, out, NULL));
}

/* HKDF by hand, and the values as they have been from the beginning: a customer's key must not
 * change with the program. */
static void keys_are_derived_as_written_down(void **state)
{
    uint8_t prk[32], data[80], okm[64], secret[32];
    static const char salt[] = "cashpoint signature key";
    static const char info[] = "ecdsa-p256\0\0\0\0\0\0\0\1\2"; /* owner 258 */
    size_t info_bytes = sizeof info - 1;
    (void)state;
    hmac_sha256(salt, sizeof salt - 1, seed, 32, prk);
    memcpy(data, info, info_bytes);
    data[info_bytes] = 1;
    hmac_sha256(prk, 32, data, info_bytes + 1, okm);
    memcpy(data, okm, 32);
    memcpy(data + 32, info, info_bytes);
    data[32 + info_bytes] = 2;
    hmac_sha256(prk, 32, data, 32 + info_bytes + 1, okm + 32);
    BIGNUM *wide = BN_bin2bn(okm, 48, NULL), *n = BN_dup(engine->curves[0].order);
    BN_CTX *numbers = BN_CTX_new();
    BN_sub_word(n, 2);
    BN_mod(wide, wide, n, numbers);
    BN_add_word(wide, 1);
    BN_bn2binpad(wide, okm, 32);
    signature_derive(engine, SIGNATURE_ECDSA_P256, seed, 258, secret);
    assert_memory_equal(secret, okm, 32);
    BN_free(wide);
    BN_free(n);
    BN_CTX_free(numbers);
    static const char *const first[SIGNATURE_KIND_COUNT] = {
        "8dd7629d54213b305e1995b7b3b210e8ae51d3a859b6b573e6f0f599511a60bc",
        "d4467d70bfbcc785dc31a114c2c805c43ac2eae577db5383b56b60ac5f4988df",
        "a2d2bae613f45e8564354408c64f31e0bc098caa508e2c18e6e0e36c7d7be253"};
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++) {
        signature_derive(engine, (enum signature_kind)kind, seed, 0, secret);
        assert_hex(secret, first[kind]);
    }
}

static void owners_have_keys_of_their_own(void **state)
{
    uint8_t a[32], b[32], other[32] = {'S'};
    (void)state;
    for (int kind = 0; kind < SIGNATURE_KIND_COUNT; kind++) {
        signature_derive(engine, (enum signature_kind)kind, seed, 1, a);
        signature_derive(strict, (enum signature_kind)kind, seed, 1, b);
        assert_memory_equal(a, b, 32);
        signature_derive(engine, (enum signature_kind)kind, seed, 2, b);
        assert_memory_not_equal(a, b, 32);
        signature_derive(engine, (enum signature_kind)kind, other, 1, b);
        assert_memory_not_equal(a, b, 32);
        signature_derive(engine, (enum signature_kind)((kind + 1) % 3), seed, 1, b);
        assert_memory_not_equal(a, b, 32);
    }
}

static void bad_keys_are_refused(void **state)
{
    uint8_t secret[32] = {0}, bytes[66];
    (void)state;
    for (int i = 0; i < 2; i++) {
        enum signature_kind kind = (enum signature_kind)i;
        memset(secret, 0, 32);
        assert_null(signature_private_new(engine, kind, secret, NULL));
        BN_bn2binpad(engine->curves[kind].order, secret, 32);
        assert_null(signature_private_new(engine, kind, secret, NULL));
        secret[31]--; /* n - 1: SM2 could not divide by 1 + d */
        struct signature_private *last = signature_private_new(engine, kind, secret, NULL);
        assert_int_equal(last != NULL, kind == SIGNATURE_ECDSA_P256);
        signature_private_free(last);
        struct signature_private *key = private_of(kind, 7);
        assert_int_equal(signature_public_bytes(key, bytes), 65);
        signature_private_free(key);
        assert_null(signature_public_new(engine, kind, bytes, 0, NULL));
        assert_null(signature_public_new(engine, kind, bytes, 32, NULL));
        assert_null(signature_public_new(engine, kind, bytes, 64, NULL));
        assert_null(signature_public_new(engine, kind, bytes, 66, NULL));
        /* the other curve's point */
        assert_null(signature_public_new(engine, (enum signature_kind)(1 - i), bytes, 65, NULL));
        bytes[64] ^= 1; /* no point of the curve */
        assert_null(signature_public_new(engine, kind, bytes, 65, NULL));
        bytes[64] ^= 1;
        bytes[0] = 2; /* compressed, and 65 bytes */
        assert_null(signature_public_new(engine, kind, bytes, 65, NULL));
        memset(bytes, 0, 65); /* the point at infinity */
        assert_null(signature_public_new(engine, kind, bytes, 1, NULL));
        assert_null(signature_public_new(engine, kind, bytes, 65, NULL));
    }
    assert_null(signature_public_new(engine, SIGNATURE_ED25519, bytes, 31, NULL));
    assert_null(signature_public_new(engine, SIGNATURE_ED25519, bytes, 65, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_6979),
        cmocka_unit_test(rfc_8032),
        cmocka_unit_test(gb_t_32918),
        cmocka_unit_test(sm3),
        cmocka_unit_test(openssl_agrees),
        cmocka_unit_test(keys_are_derived_as_written_down),
        cmocka_unit_test(owners_have_keys_of_their_own),
        cmocka_unit_test(bad_keys_are_refused),
    };
    return cmocka_run_group_tests_name("signature", tests, open_engines, close_engines);
}
