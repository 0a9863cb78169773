/*
 * Challenge-response codes: every vector of RFC 6287, appendix C; suites that must be refused; our
 * own long codes and byte questions against an independent calculation; questions that no suite
 * takes.
 */
#include "otp/ocra.h"
#include "otp/transaction.h"

#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t rfc_key[] = "1234567890123456789012345678901234567890123456789012345678901234";

/* SHA-1 of "1234". */
static const uint8_t pin_hash[] = {0x71, 0x10, 0xed, 0xa4, 0xd0, 0x9e, 0x06, 0x2a, 0xa5, 0xe4,
                                   0xa3, 0x90, 0xb0, 0xa5, 0x72, 0xac, 0x0d, 0x2c, 0x02, 0x20};

static struct ocra *open_suite(const char *text, struct ocra_suite *suite)
{
    struct error error = {""};
    if (!ocra_parse(text, suite, &error))
        fail_msg("%s", error.text);
    return ocra_new(suite);
}

struct vectors {
    const char *suite, *question_format; /* one digit goes into it */
    bool counts;                         /* the counter is the row's number */
    unsigned rows;
    const char *codes[10];
};

static const struct vectors rfc_6287[] = {
    {"OCRA-1:HOTP-SHA1-6:QN08",
     "%1$u%1$u%1$u%1$u%1$u%1$u%1$u%1$u",
     false,
     10,
     {"237653", "243178", "653583", "740991", "608993", "388898", "816933", "224598", "750600",
      "294470"}},
    {"OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1",
     "12345678",
     true,
     10,
     {"65347737", "86775851", "78192410", "71565254", "10104329", "65983500", "70069104",
      "91771096", "75011558", "08522129"}},
    {"OCRA-1:HOTP-SHA256-8:QN08-PSHA1",
     "%1$u%1$u%1$u%1$u%1$u%1$u%1$u%1$u",
     false,
     5,
     {"83238735", "01501458", "17957585", "86776967", "86807031"}},
    {"OCRA-1:HOTP-SHA512-8:C-QN08",
     "%1$u%1$u%1$u%1$u%1$u%1$u%1$u%1$u",
     true,
     10,
     {"07016083", "63947962", "70123924", "25341727", "33203315", "34205738", "44343969",
      "51946085", "20403879", "31409299"}},
    {"OCRA-1:HOTP-SHA512-8:QN08-T1M",
     "%1$u%1$u%1$u%1$u%1$u%1$u%1$u%1$u",
     false,
     5,
     {"95209754", "55907591", "22048402", "24218844", "36209546"}},
    {"OCRA-1:HOTP-SHA256-8:QA08",
     "SIG1%u000",
     false,
     5,
     {"53095496", "04110475", "31331128", "76028668", "46554205"}},
    {"OCRA-1:HOTP-SHA512-8:QA10-T1M",
     "SIG1%u00000",
     false,
     5,
     {"77537423", "31970405", "10235557", "95213541", "65360607"}},
};

/* The minute 0x132d0b6: 25 March 2008, 12:06 GMT. */
static const int64_t rfc_time_s = INT64_C(0x132d0b6) * 60 + 30;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void check_vectors(const struct vectors *vectors)
{
    struct ocra_suite suite;
    struct ocra *ocra = open_suite(vectors->suite, &suite);
    for (unsigned i = 0; i < vectors->rows; i++) {
        char question[32], code[PASSCODE_TEXT_BYTES];
        int length = snprintf(question, sizeof question, vectors->question_format, i);
        const struct ocra_input input = {.counter = vectors->counts ? i : 999,
                                         .question = question,
                                         .question_bytes = (size_t)length,
                                         .pin_hash = pin_hash,
                                         .time_s = rfc_time_s};
        assert_true(ocra_code(ocra, rfc_key, mac_bytes(suite.digest), &input, code));
        assert_string_equal(code, vectors->codes[i]);
    }
    ocra_free(ocra);
}
#pragma GCC diagnostic pop

static void rfc_6287_one_way_and_signatures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rfc_6287 / sizeof *rfc_6287; i++)
        check_vectors(&rfc_6287[i]);
}

/* Client and server ask each other: who answers puts the other's question first. */
static void rfc_6287_mutual(void **state)
{
    static const struct {
        const char *suite;
        bool server;
        const char *codes[5];
    } rows[] = {
        {"OCRA-1:HOTP-SHA256-8:QA08",
         true,
         {"28247970", "01984843", "65387857", "03351211", "83412541"}},
        {"OCRA-1:HOTP-SHA256-8:QA08",
         false,
         {"15510767", "90175646", "33777207", "95285278", "28934924"}},
        {"OCRA-1:HOTP-SHA512-8:QA08",
         true,
         {"79496648", "76831980", "12250499", "90856481", "12761449"}},
        {"OCRA-1:HOTP-SHA512-8:QA08-PSHA1",
         false,
         {"18806276", "70020315", "01600026", "18951020", "32528969"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ocra_suite suite;
        struct ocra *ocra = open_suite(rows[i].suite, &suite);
        for (unsigned j = 0; j < 5; j++) {
            char client[16], server[16], code[PASSCODE_TEXT_BYTES];
            snprintf(client, sizeof client, "CLI2222%u", j);
            snprintf(server, sizeof server, "SRV1111%u", j);
            const struct ocra_input input = {.question = rows[i].server ? client : server,
                                             .question_bytes = 8,
                                             .second_question = rows[i].server ? server : client,
                                             .second_question_bytes = 8,
                                             .pin_hash = pin_hash};
            assert_true(ocra_code(ocra, rfc_key, mac_bytes(suite.digest), &input, code));
            assert_string_equal(code, rows[i].codes[j]);
        }
        ocra_free(ocra);
    }
}

/* ---- suites ---- */

static void suites_are_read(void **state)
{
    struct ocra_suite suite;
    struct error error;
    (void)state;
    assert_true(ocra_parse("OCRA-1:HOTP-SHA512-A20:C-QH40-PSHA256-S512-T48H", &suite, &error));
    assert_int_equal(suite.digest, MAC_SHA512);
    assert_int_equal(suite.form.kind, PASSCODE_CHARACTERS);
    assert_int_equal(suite.form.length, 20);
    assert_true(suite.has_counter && suite.has_pin);
    assert_int_equal(suite.question, OCRA_HEXADECIMAL);
    assert_int_equal(suite.question_length, 40);
    assert_int_equal(suite.pin_digest, MAC_SHA256);
    assert_int_equal(suite.session_bytes, 512);
    assert_int_equal(suite.step_s, 48 * 3600);
    assert_true(ocra_parse("OCRA-1:HOTP-SHA1-4:QA04-T59S", &suite, &error));
    assert_false(suite.has_counter || suite.has_pin || suite.session_bytes > 0);
    assert_int_equal(suite.step_s, 59);
}

static void bad_suites_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "OCRA-2:HOTP-SHA1-6:QN08",
        "OCRA-1:TOTP-SHA1-6:QN08",
        "OCRA-1:HOTP-MD5-6:QN08",
        "OCRA-1:HOTP-SHA1:QN08",
        "OCRA-1:HOTP-SHA1-:QN08",
        "OCRA-1:HOTP-SHA1-0:QN08",
        "OCRA-1:HOTP-SHA1-3:QN08",
        "OCRA-1:HOTP-SHA1-06:QN08",
        "OCRA-1:HOTP-SHA1-10:QN08",   /* no 63 bits in it */
        "OCRA-1:HOTP-SHA256-21:QN08", /* too long */
        "OCRA-1:HOTP-SHA256-A9:QN08",
        "OCRA-1:HOTP-SHA1-A10:QN08",
        "OCRA-1:HOTP-SHA1-6",
        "OCRA-1:HOTP-SHA1-6:",
        "OCRA-1:HOTP-SHA1-6:C",
        "OCRA-1:HOTP-SHA1-6:C-",
        "OCRA-1:HOTP-SHA1-6:QX08",
        "OCRA-1:HOTP-SHA1-6:QN03",
        "OCRA-1:HOTP-SHA1-6:QN8",
        "OCRA-1:HOTP-SHA1-6:QN65",
        "OCRA-1:HOTP-SHA1-6:QN080",
        "OCRA-1:HOTP-SHA1-6:QN08-",
        "OCRA-1:HOTP-SHA1-6:QN08-P",
        "OCRA-1:HOTP-SHA1-6:QN08-PSHA3",
        "OCRA-1:HOTP-SHA1-6:QN08-S64",
        "OCRA-1:HOTP-SHA1-6:QN08-S000",
        "OCRA-1:HOTP-SHA1-6:QN08-S513",
        "OCRA-1:HOTP-SHA1-6:QN08-T",
        "OCRA-1:HOTP-SHA1-6:QN08-T0M",
        "OCRA-1:HOTP-SHA1-6:QN08-T60S",
        "OCRA-1:HOTP-SHA1-6:QN08-T49H",
        "OCRA-1:HOTP-SHA1-6:QN08-T1D",
        "OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1", /* out of order */
        "OCRA-1:HOTP-SHA1-6:PSHA1",
        "OCRA-1:HOTP-SHA1-6:QN08 ",
        "OCRA-1:HOTP-SHA1-6:QN08-T1M000000000000000000000000000000000000000000000000",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ocra_suite suite;
        struct error error = {""};
        if (ocra_parse(texts[i], &suite, &error))
            fail_msg("'%s' was accepted", texts[i]);
        assert_non_null(strstr(error.text, "OCRA suite '"));
    }
}

/* One character of a good suite is changed, left out or doubled: what is still accepted is written
 * out again by what was read. */
static void suites_are_read_strictly(void **state)
{
    static const char good[] = "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1-S064-T1M";
    static const char *const kinds = "NAHB";
    uint64_t random = 6287;
    unsigned accepted = 0;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[64], again[128];
        strcpy(text, good);
        for (int changes = 0; changes < 2; changes++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            size_t at = (random >> 33) % strlen(text);
            if ((random >> 60) < 4)
                memmove(text + at, text + at + 1, strlen(text + at));
            else
                text[at] = "0123456789ACHMNOPQSTB-:"[(random >> 50) % 23];
        }
        struct ocra_suite suite;
        if (!ocra_parse(text, &suite, NULL))
            continue;
        accepted++;
        assert_string_equal(suite.text, text);
        assert_true(passcode_possible(suite.form, mac_bytes(suite.digest)));
        snprintf(again, sizeof again, "Q%c%02u", kinds[suite.question], suite.question_length);
        assert_non_null(strstr(text, again));
        assert_true(suite.question_length >= 4 && suite.question_length <= 99);
        assert_true(suite.session_bytes <= OCRA_SESSION_MAX_BYTES);
        ocra_free(ocra_new(&suite));
    }
    assert_true(accepted > 100);
}

/* ---- questions ---- */

static bool takes(const char *suite_text, const char *question, const char *second)
{
    struct ocra_suite suite;
    struct ocra *ocra = open_suite(suite_text, &suite);
    char code[PASSCODE_TEXT_BYTES];
    const struct ocra_input input = {.question = question,
                                     .question_bytes = strlen(question),
                                     .second_question = second,
                                     .second_question_bytes = second != NULL ? strlen(second) : 0};
    bool taken = ocra_code(ocra, rfc_key, 20, &input, code);
    assert_int_equal(taken, code[0] != '\0');
    ocra_free(ocra);
    return taken;
}

static void questions_of_the_suite_only(void **state)
{
    (void)state;
    assert_true(takes("OCRA-1:HOTP-SHA1-6:QN08", "1", NULL));
    assert_true(takes("OCRA-1:HOTP-SHA1-6:QN08", "12345678", "12345678"));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QN08", "", NULL));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QN08", "123456789", NULL));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QN08", "1234567a", NULL));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QN08", "1", "123456789"));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QN08", "1", ""));
    assert_true(takes("OCRA-1:HOTP-SHA1-6:QH08", "09afAF", NULL));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QH08", "09g", NULL));
    assert_true(takes("OCRA-1:HOTP-SHA1-6:QA08", "09azAZ", NULL));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QA08", "a b", NULL));
    assert_true(takes("OCRA-1:HOTP-SHA1-6:QB04", "\x01\xff\n ", NULL));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QB04", "abc", NULL)); /* bytes: exactly so many */
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QB04", "abcde", NULL));
    char most[65];
    memset(most, '9', 64);
    most[64] = '\0';
    assert_true(takes("OCRA-1:HOTP-SHA1-6:QN64", most, most)); /* 128 in all, and no more */
    char bytes[100];
    memset(bytes, 'x', 99);
    bytes[99] = '\0';
    assert_true(takes("OCRA-1:HOTP-SHA1-6:QB99", bytes, NULL));
    assert_false(takes("OCRA-1:HOTP-SHA1-6:QB99", bytes, bytes));
}

static void a_session_is_held_to_its_length(void **state)
{
    struct ocra_suite suite;
    struct ocra *ocra = open_suite("OCRA-1:HOTP-SHA1-6:QN08-S004", &suite);
    char full[PASSCODE_TEXT_BYTES], shorter[PASSCODE_TEXT_BYTES];
    struct ocra_input input = {
        .question = "1", .question_bytes = 1, .session = "\0abc", .session_bytes = 4};
    (void)state;
    assert_true(ocra_code(ocra, rfc_key, 20, &input, full));
    input.session = "abc", input.session_bytes = 3; /* zeros before it */
    assert_true(ocra_code(ocra, rfc_key, 20, &input, shorter));
    assert_string_equal(full, shorter);
    input.session = "abcd", input.session_bytes = 4;
    assert_true(ocra_code(ocra, rfc_key, 20, &input, shorter));
    assert_string_not_equal(full, shorter);
    input.session = "abcde", input.session_bytes = 5;
    assert_false(ocra_code(ocra, rfc_key, 20, &input, shorter));
    ocra_free(ocra);
}

/* ---- transactions ---- */

/* The data as the headers describe them, by one-shot HMAC(). */
static void expect_code(const char *suite, uint64_t counter, const uint8_t *bytes, char *code)
{
    uint8_t data[256] = {0}, mac[64];
    size_t head = strlen(suite) + 1;
    unsigned mac_length = 0;
    memcpy(data, suite, head);
    for (int i = 0; i < 8; i++)
        data[head + (size_t)i] = (uint8_t)(counter >> (56 - 8 * i));
    memcpy(data + head + 8, bytes, TRANSACTION_BYTES);
    HMAC(EVP_sha256(), rfc_key, 32, data, head + 8 + 128, mac, &mac_length);
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | mac[(mac[31] & 15) + i];
    snprintf(code, PASSCODE_TEXT_BYTES, "%012llu",
             (unsigned long long)((value & INT64_MAX) % 1000000000000));
}

static const struct transaction paid = {.reservation = 77,
                                        .mobile = 13800138000,
                                        .card = 6222020000000001,
                                        .amount_minor = 80000,
                                        .expires = 600000000000,
                                        .has_terminal = true,
                                        .has_nonce = true,
                                        .terminal = 12,
                                        .nonce = 0x0123456789abcdef};

/* A code is bound to every bit of the transaction. One in 10^12 / 432 runs fails by chance. */
static void a_code_is_of_one_transaction(void **state)
{
    static const char text[] = "OCRA-1:HOTP-SHA256-12:C-" OCRA_TRANSACTION_QUESTION;
    struct ocra_suite suite;
    struct ocra *ocra = open_suite(text, &suite);
    uint8_t bytes[TRANSACTION_BYTES];
    char code[PASSCODE_TEXT_BYTES], expected[PASSCODE_TEXT_BYTES];
    struct ocra_input input = {.counter = 5, .question = bytes, .question_bytes = sizeof bytes};
    (void)state;
    assert_int_equal(suite.question_length, TRANSACTION_BYTES);
    transaction_encode(&paid, bytes);
    expect_code(text, 5, bytes, expected);
    assert_true(ocra_code(ocra, rfc_key, 32, &input, code));
    assert_string_equal(code, expected);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(ocra_code(ocra, rfc_key, 32, &input, code));
        assert_string_not_equal(code, expected);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    input.counter = 6;
    assert_true(ocra_code(ocra, rfc_key, 32, &input, code));
    assert_string_not_equal(code, expected);
    ocra_free(ocra);
}

static void the_bytes_are_as_written_down(void **state)
{
    static const uint8_t expected[TRANSACTION_BYTES] = {
        1,    3,                                         /* version, flags */
        0,    0,    0,    0,    0,    0,    0,    77,    /* reservation */
        0,    0,    0,    3,    0x36, 0x8d, 0x65, 0x10,  /* mobile */
        0,    0x16, 0x1a, 0xe4, 0xeb, 0xe2, 0xa8, 0x01,  /* card */
        0,    0,    0,    0,    0,    1,    0x38, 0x80,  /* amount */
        0,    0,    0,    0x8b, 0xb2, 0xc9, 0x70, 0,     /* expires */
        0,    0,    0,    12,                            /* terminal */
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}; /* nonce */
    uint8_t bytes[TRANSACTION_BYTES];
    struct transaction again;
    (void)state;
    transaction_encode(&paid, bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        if (bytes[i] != expected[i])
            fail_msg("byte %zu is %02x, not %02x", i, bytes[i], expected[i]);
    assert_int_equal(transaction_decode(bytes, sizeof bytes, &again), TRANSACTION_SOUND);
    assert_true(again.reservation == paid.reservation && again.mobile == paid.mobile &&
                again.card == paid.card && again.amount_minor == paid.amount_minor &&
                again.expires == paid.expires && again.has_terminal && again.has_nonce &&
                again.terminal == paid.terminal && again.nonce == paid.nonce);
}

static enum transaction_fault fault_of(size_t at, uint8_t value, size_t count)
{
    uint8_t bytes[TRANSACTION_BYTES + 1] = {0};
    struct transaction transaction;
    transaction_encode(&paid, bytes);
    if (at < sizeof bytes)
        bytes[at] = value;
    return transaction_decode(bytes, count, &transaction);
}

static void each_fault_has_its_name(void **state)
{
    struct transaction none = paid;
    uint8_t bytes[TRANSACTION_BYTES];
    (void)state;
    assert_int_equal(fault_of(99, 0, 54), TRANSACTION_SOUND);
    assert_int_equal(fault_of(99, 0, 53), TRANSACTION_LENGTH);
    assert_int_equal(fault_of(99, 0, 55), TRANSACTION_LENGTH);
    assert_int_equal(fault_of(99, 0, 0), TRANSACTION_LENGTH);
    assert_int_equal(fault_of(0, 2, 54), TRANSACTION_VERSION);
    assert_int_equal(fault_of(1, 7, 54), TRANSACTION_FLAGS);
    assert_int_equal(fault_of(9, 0, 54), TRANSACTION_RESERVATION);
    assert_int_equal(fault_of(13, 0, 54), TRANSACTION_MOBILE);   /* too small */
    assert_int_equal(fault_of(12, 1, 54), TRANSACTION_MOBILE);   /* too large */
    assert_int_equal(fault_of(18, 1, 54), TRANSACTION_CARD);     /* over 16 digits */
    assert_int_equal(fault_of(26, 128, 54), TRANSACTION_AMOUNT); /* over 2^63 - 1 */
    assert_int_equal(fault_of(34, 128, 54), TRANSACTION_EXPIRES);
    assert_int_equal(fault_of(1, 2, 54), TRANSACTION_TERMINAL); /* there, but not said to be */
    assert_int_equal(fault_of(1, 1, 54), TRANSACTION_NONCE);
    none.amount_minor = 0;
    assert_int_equal(transaction_check(&none), TRANSACTION_AMOUNT);
    none = paid, none.expires = -1;
    assert_int_equal(transaction_check(&none), TRANSACTION_EXPIRES);
    none = paid, none.has_terminal = none.has_nonce = false, none.terminal = 0, none.nonce = 0;
    assert_int_equal(transaction_check(&none), TRANSACTION_SOUND);
    transaction_encode(&none, bytes);
    assert_int_equal(bytes[1], 0);
    assert_string_equal(transaction_fault_name(TRANSACTION_NONCE), "nonce");
}

/* What is accepted is written again in the same bytes. */
static void decoding_is_strict(void **state)
{
    uint64_t random = 132;
    unsigned accepted = 0;
    (void)state;
    for (int i = 0; i < 50000; i++) {
        uint8_t bytes[TRANSACTION_BYTES], again[TRANSACTION_BYTES];
        struct transaction transaction;
        transaction_encode(&paid, bytes);
        for (int changes = 0; changes < 3; changes++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[(random >> 33) % sizeof bytes] ^= (uint8_t)(random >> 56 & 0x83);
        }
        if (transaction_decode(bytes, sizeof bytes, &transaction) != TRANSACTION_SOUND)
            continue;
        accepted++;
        transaction_encode(&transaction, again);
        assert_memory_equal(bytes, again, sizeof bytes);
    }
    assert_true(accepted > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_6287_one_way_and_signatures),
        cmocka_unit_test(rfc_6287_mutual),
        cmocka_unit_test(suites_are_read),
        cmocka_unit_test(bad_suites_are_refused),
        cmocka_unit_test(suites_are_read_strictly),
        cmocka_unit_test(questions_of_the_suite_only),
        cmocka_unit_test(a_session_is_held_to_its_length),
        cmocka_unit_test(a_code_is_of_one_transaction),
        cmocka_unit_test(the_bytes_are_as_written_down),
        cmocka_unit_test(each_fault_has_its_name),
        cmocka_unit_test(decoding_is_strict),
    };
    return cmocka_run_group_tests_name("ocra", tests, NULL, NULL);
}
