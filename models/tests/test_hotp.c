/* One-time codes against RFC 4226, appendix D, and an independent computation for the long ones. */
#include "otp/hotp.h"

#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t rfc_key[] = "12345678901234567890";

static void test_rfc_4226(void **state)
{
    static const char *const codes[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
    struct hotp *hotp = hotp_new(6);
    char code[HOTP_TEXT_BYTES];
    (void)state;
    for (uint64_t counter = 0; counter < 10; counter++) {
        hotp_code(hotp, rfc_key, 20, counter, code);
        assert_string_equal(code, codes[counter]);
    }
    hotp_free(hotp);
}

/* RFC 6238's SHA-1 values are HOTP of 8 digits at time / 30. */
static void test_rfc_6238(void **state)
{
    static const struct {
        uint64_t time;
        const char *code;
    } rows[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    struct hotp *hotp = hotp_new(8);
    char code[HOTP_TEXT_BYTES];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hotp_code(hotp, rfc_key, 20, rows[i].time / 30, code);
        assert_string_equal(code, rows[i].code);
    }
    hotp_free(hotp);
}

/* The one-shot HMAC(), and the definition in the header, digit by digit. */
static void expect_long_code(const uint8_t *key, int key_bytes, uint64_t counter, unsigned digits,
                             char *code)
{
    uint8_t message[8], mac[32];
    unsigned bytes = 0;
    uint64_t value = 0, limit = 1;
    for (int i = 7; i >= 0; i--, counter >>= 8)
        message[i] = (uint8_t)counter;
    HMAC(EVP_sha256(), key, key_bytes, message, 8, mac, &bytes);
    assert_int_equal(bytes, 32);
    for (unsigned i = 0; i < 8; i++)
        value = value * 256 + mac[(mac[31] % 16) + i];
    value &= ~(UINT64_C(1) << 63);
    for (unsigned i = 0; i < digits && i < 19; i++) /* 63 bits are below 10^19 */
        limit *= 10;
    char text[24];
    snprintf(text, sizeof text, "%0*llu", (int)digits, (unsigned long long)(value % limit));
    memcpy(code, text, digits + 1);
}

static void test_long_codes(void **state)
{
    (void)state;
    for (unsigned digits = HOTP_LONG_DIGITS; digits <= HOTP_MAX_DIGITS; digits++) {
        struct hotp *hotp = hotp_new(digits);
        for (uint64_t counter = 0; counter < 200; counter++) {
            char code[HOTP_TEXT_BYTES], expected[HOTP_TEXT_BYTES];
            uint64_t spread = counter * UINT64_C(0x9e3779b97f4a7c15);
            hotp_code(hotp, rfc_key, 20, spread, code);
            expect_long_code(rfc_key, 20, spread, digits, expected);
            assert_string_equal(code, expected);
        }
        hotp_free(hotp);
    }
}

/* A context is re-keyed for every code: nothing of one key may colour the next. */
static void test_keys_do_not_mix(void **state)
{
    struct hotp *hotp = hotp_new(12), *fresh = hotp_new(12);
    uint8_t one[32], two[32];
    char again[HOTP_TEXT_BYTES], first[HOTP_TEXT_BYTES], other[HOTP_TEXT_BYTES];
    (void)state;
    memset(one, 1, sizeof one);
    memset(two, 2, sizeof two);
    hotp_code(hotp, one, sizeof one, 7, first);
    hotp_code(hotp, two, sizeof two, 7, other);
    hotp_code(hotp, one, sizeof one, 7, again);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    hotp_code(fresh, two, sizeof two, 7, again);
    assert_string_equal(other, again);
    hotp_free(hotp);
    hotp_free(fresh);
}

static void test_equal(void **state)
{
    (void)state;
    assert_true(hotp_equal("123456", "123456"));
    assert_false(hotp_equal("123456", "123457"));
    assert_false(hotp_equal("123456", "12345"));
    assert_false(hotp_equal("", "1"));
    assert_true(hotp_equal("", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc_4226), cmocka_unit_test(test_rfc_6238),
        cmocka_unit_test(test_long_codes), cmocka_unit_test(test_keys_do_not_mix),
        cmocka_unit_test(test_equal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
