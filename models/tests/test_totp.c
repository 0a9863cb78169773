/*
 * Codes of the time against RFC 6238, appendix B, the window and its replays; and the forms of a
 * code: what each is cut from, whether its entropy is what its header says. MACs against OpenSSL's
 * one-shot HMAC().
 */
#include "otp/totp.h"

#include <math.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t rfc_key[] = "1234567890123456789012345678901234567890123456789012345678901234";

static void rfc_6238(void **state)
{
    static const struct {
        int64_t time_s;
        const char *sha1, *sha256, *sha512;
    } rows[] = {
        {59, "94287082", "46119246", "90693936"},
        {1111111109, "07081804", "68084774", "25091201"},
        {1111111111, "14050471", "67062674", "99943326"},
        {1234567890, "89005924", "91819424", "93441116"},
        {2000000000, "69279037", "90698825", "38618901"},
        {20000000000, "65353130", "77737706", "47863826"},
    };
    (void)state;
    for (int digest = MAC_SHA1; digest <= MAC_SHA512; digest++) {
        const struct totp_rules rules = {
            .form = {PASSCODE_DIGITS, 8}, .digest = (enum mac_digest)digest, .step_s = 30};
        struct totp *totp = totp_new(&rules);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            char code[HOTP_TEXT_BYTES];
            totp_code(totp, rfc_key, mac_bytes(rules.digest), rows[i].time_s, code);
            assert_string_equal(code, digest == MAC_SHA1     ? rows[i].sha1
                                      : digest == MAC_SHA256 ? rows[i].sha256
                                                             : rows[i].sha512);
        }
        totp_free(totp);
    }
}

static struct totp *new_totp(unsigned back, unsigned ahead)
{
    const struct totp_rules rules = {
        {PASSCODE_DIGITS, 12}, MAC_SHA256, .step_s = 30, .back_steps = back, .ahead_steps = ahead};
    return totp_new(&rules);
}

/* A code is accepted from `ahead` steps before its own to `back` steps after it, and no further. By
 * chance (another step's code is the same) fails once in 10^10 runs. */
static void the_window_is_as_wide_as_it_says(void **state)
{
    const int64_t at_s = 1700000010;
    struct totp *totp = new_totp(2, 1);
    char code[HOTP_TEXT_BYTES];
    (void)state;
    totp_code(totp, rfc_key, 32, at_s, code);
    for (int steps = -5; steps <= 5; steps++) {
        struct totp_state bank = {.used = false};
        enum totp_verdict verdict = totp_verify(totp, rfc_key, 32, at_s + 30 * steps, code, &bank);
        bool inside = steps >= -1 && steps <= 2;
        assert_int_equal(verdict, inside ? TOTP_ACCEPTED : TOTP_WRONG);
        assert_int_equal(bank.used, inside);
        assert_true(!inside || bank.last_step == totp_step(totp, at_s));
    }
    totp_free(totp);
}

static void a_code_is_accepted_once(void **state)
{
    struct totp *totp = new_totp(2, 2);
    struct totp_state bank = {.used = false};
    char early[HOTP_TEXT_BYTES], late[HOTP_TEXT_BYTES];
    (void)state;
    totp_code(totp, rfc_key, 32, 0, early); /* step 0 is a step like any other */
    assert_int_equal(totp_verify(totp, rfc_key, 32, 10, early, &bank), TOTP_ACCEPTED);
    assert_int_equal(totp_verify(totp, rfc_key, 32, 10, early, &bank), TOTP_REPLAYED);
    totp_code(totp, rfc_key, 32, 31, early);
    totp_code(totp, rfc_key, 32, 61, late);
    assert_int_equal(totp_verify(totp, rfc_key, 32, 61, late, &bank), TOTP_ACCEPTED);
    assert_int_equal(totp_verify(totp, rfc_key, 32, 61, early, &bank), TOTP_REPLAYED);
    assert_int_equal(bank.last_step, 2);
    totp_free(totp);
}

static void bad_codes_are_wrong(void **state)
{
    struct totp *totp = new_totp(1, 1);
    struct totp_state bank = {.used = false};
    char code[HOTP_TEXT_BYTES + 1];
    (void)state;
    totp_code(totp, rfc_key, 32, 1000, code);
    uint8_t other[32] = {1};
    assert_int_equal(totp_verify(totp, other, 32, 1000, code, &bank), TOTP_WRONG);
    static const char *const texts[] = {"", "1", "abcdefghijkl", "            ", "00000000000\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(totp_verify(totp, rfc_key, 32, 1000, texts[i], &bank), TOTP_WRONG);
    strcat(code, "0"); /* the right code and more */
    assert_int_equal(totp_verify(totp, rfc_key, 32, 1000, code, &bank), TOTP_WRONG);
    assert_false(bank.used);
    totp_free(totp);
}

/* ---- MACs ---- */

/* Keys and messages about every length at which something changes. */
static void macs_are_openssl_s(void **state)
{
    static uint8_t bytes[400];
    const EVP_MD *const theirs[] = {EVP_sha1(), EVP_sha256(), EVP_sha512(), EVP_sm3()};
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i + 7 * i);
    for (int digest = 0; digest < MAC_DIGEST_COUNT; digest++) {
        struct mac *mac = mac_new((enum mac_digest)digest);
        for (size_t key = 1; key < 140; key++)
            for (size_t count = 0; count < 200; count += 1 + key % 7) {
                uint8_t ours[MAC_MAX_BYTES], expected[EVP_MAX_MD_SIZE];
                unsigned length = 0;
                HMAC(theirs[digest], bytes + 200, (int)key, bytes, count, expected, &length);
                assert_int_equal(mac_compute(mac, bytes + 200, key, bytes, count, ours), length);
                assert_int_equal(mac_bytes((enum mac_digest)digest), length);
                assert_memory_equal(ours, expected, length);
            }
        mac_free(mac);
    }
}

/* ---- forms ---- */

static struct passcode_form digits(unsigned length)
{
    return (struct passcode_form){PASSCODE_DIGITS, length};
}

static struct passcode_form characters(unsigned length)
{
    return (struct passcode_form){PASSCODE_CHARACTERS, length};
}

static void forms_that_there_are(void **state)
{
    (void)state;
    for (unsigned length = 0; length <= 25; length++) {
        bool is_short = length >= 4 && length <= 9, is_long = length >= 10 && length <= 20;
        assert_int_equal(passcode_possible(digits(length), 20), is_short);
        assert_int_equal(passcode_possible(digits(length), 32), is_short || is_long);
        assert_int_equal(passcode_possible(characters(length), 32), is_long);
        /* SHA-1: fifteen and as many bytes as five hold at most */
        assert_int_equal(passcode_possible(characters(length), 20), false);
    }
}

/* MACs of known bits. */
static void codes_of_known_macs(void **state)
{
    uint8_t mac[32] = {0};
    char text[PASSCODE_TEXT_BYTES];
    (void)state;
    memset(mac, 0xff, 12);
    mac[31] = 0; /* the offset */
    passcode_write(digits(9), mac, 32, text);
    assert_string_equal(text, "147483647");
    passcode_write(digits(10), mac, 32, text);
    assert_string_equal(text, "6854775807");
    passcode_write(digits(18), mac, 32, text);
    assert_string_equal(text, "223372036854775807");
    passcode_write(digits(19), mac, 32, text);
    assert_string_equal(text, "9223372036854775807");
    passcode_write(digits(20), mac, 32, text);
    assert_string_equal(text, "09223372036854775807");
    passcode_write(characters(20), mac, 32, text); /* 96 ones and 4 zeros */
    assert_string_equal(text, "ZZZZZZZZZZZZZZZZZZZG");
    static const uint8_t counting[] = {0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54,
                                       0xb6, 0x35, 0xcf, 0x84, 0x65, 0x3a};
    memcpy(mac + 15, counting, sizeof counting);
    mac[31] = 0x2f;
    passcode_write(characters(20), mac, 32, text);
    assert_string_equal(text, "0123456789ABCDEFGHJK");
}

static void texts_of_a_form(void **state)
{
    (void)state;
    assert_true(passcode_valid(digits(4), "0123"));
    assert_false(passcode_valid(digits(4), "012"));
    assert_false(passcode_valid(digits(4), "01234"));
    assert_false(passcode_valid(digits(4), "01a3"));
    assert_false(passcode_valid(digits(4), ""));
    assert_true(passcode_valid(characters(10), "0123456ZYX"));
    assert_false(passcode_valid(characters(10), "0123456zyx"));
    assert_false(passcode_valid(characters(10), "O123456ZYX"));
    assert_false(passcode_valid(characters(10), "0123456ZY"));
    assert_true(passcode_equal("12", "12") && passcode_equal("", ""));
    assert_false(passcode_equal("12", "13") || passcode_equal("12", "1") ||
                 passcode_equal("", "1"));
}

static void assert_close(double a, double b)
{
    if (!(fabs(a - b) <= 1e-9 * b))
        fail_msg("%.17g is not %.17g", a, b);
}

static void best_guesses(void **state)
{
    (void)state;
    assert_close(passcode_best_guess(digits(6)), 2148 / 2147483648.0);
    assert_close(passcode_best_guess(digits(9)), 3 / 2147483648.0);
    assert_close(passcode_best_guess(digits(10)), 922337204 / 0x1p63);
    assert_close(passcode_best_guess(digits(18)), 10 / 0x1p63);
    assert_close(passcode_best_guess(digits(19)), 0x1p-63);
    assert_close(passcode_best_guess(digits(20)), 0x1p-63);
    assert_close(passcode_best_guess(characters(10)), 0x1p-50);
    assert_close(passcode_best_guess(characters(20)), 0x1p-100);
}

/* Each symbol of each place is as frequent as any other: chi-squared with 31 degrees of freedom, 10
 * places; 83 is exceeded once in 10^6, so a false alarm is once in 10^5 seeds, and the seed is
 * fixed. */
static void characters_are_uniform(void **state)
{
    enum { CODES = 6400 };
    struct hotp *hotp = hotp_new_form(characters(10), MAC_SHA256);
    unsigned counts[10][128] = {{0}};
    char code[HOTP_TEXT_BYTES];
    (void)state;
    for (uint64_t counter = 0; counter < CODES; counter++) {
        hotp_code(hotp, rfc_key, 32, counter, code);
        assert_true(passcode_valid(characters(10), code));
        for (int i = 0; i < 10; i++)
            counts[i][(unsigned char)code[i]]++;
    }
    for (int i = 0; i < 10; i++) {
        double chi2 = 0, expected = CODES / 32.0;
        for (const char *c = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; *c != '\0'; c++)
            chi2 += pow(counts[i][(unsigned char)*c] - expected, 2) / expected;
        assert_true(chi2 < 83);
    }
    hotp_free(hotp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_6238),
        cmocka_unit_test(the_window_is_as_wide_as_it_says),
        cmocka_unit_test(a_code_is_accepted_once),
        cmocka_unit_test(bad_codes_are_wrong),
        cmocka_unit_test(macs_are_openssl_s),
        cmocka_unit_test(forms_that_there_are),
        cmocka_unit_test(codes_of_known_macs),
        cmocka_unit_test(texts_of_a_form),
        cmocka_unit_test(best_guesses),
        cmocka_unit_test(characters_are_uniform),
    };
    return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
