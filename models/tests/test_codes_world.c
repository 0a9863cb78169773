/* Every kind of code in the world: its owners are paid, its thieves must come first, certificates
 * wear out, and the records do not depend on who calculated them. */
#include "tests/units.h"

static struct settings world_of(enum code_kind kind)
{
    struct settings settings = small_world();
    settings.customers.count = 30;
    settings.symbology = SYMBOLOGY_QR;
    settings.code = kind;
    return settings;
}

static double refused(const struct unit_result *result, enum reason reason)
{
    return result->numerator[measure_refused(reason)];
}

/* Nothing that a bank asks of a code has anything against an owner's own; what a thief has is the
 * code itself, so that there is nothing wrong with that either but who comes first. */
static void assert_no_code_is_wrong(const struct unit_result *result)
{
    static const enum reason reasons[] = {
        REASON_WRONG_CODE,      REASON_STALE_CODE,          REASON_MALFORMED_CODE,
        REASON_ALTERED,         REASON_WRONG_KEY,           REASON_WRONG_MOBILE,
        REASON_CARD_MISMATCH,   REASON_WRONG_AMOUNT,        REASON_WRONG_EXPIRY,
        REASON_WRONG_TERMINAL,  REASON_CERTIFICATE_INVALID, REASON_CERTIFICATE_SUBJECT,
        REASON_WRONG_CHALLENGE, REASON_CERTIFICATE_EARLY,   REASON_NO_LIST};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        assert_true(refused(result, reasons[i]) == 0.0);
}

static void test_every_kind_pays_its_owners(void **state)
{
    (void)state;
    for (int kind = 0; kind < CODE_KIND_COUNT; kind++) {
        struct settings settings = world_of((enum code_kind)kind);
        settings.attacks.watchers = settings.attacks.photographers = 0;
        settings.customers.typing_error = 0.0;
        struct outcome it = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(it.result->numerator[M_PAID] > 15.0);
        assert_true(it.result->numerator[M_MISREADS] == 0.0);
        assert_no_code_is_wrong(it.result);
        unit_result_free(it.result);
    }
}

static void test_jobs_change_nothing(void **state)
{
    (void)state;
    for (int kind = 0; kind < CODE_KIND_COUNT; kind++) {
        struct settings settings = world_of((enum code_kind)kind);
        settings.bank.revocations = 5.0 / 86400.0;
        struct outcome one = run_unit(&settings, SCHEME_IMAGE_CODE, 1, BANK_SOUND);
        struct outcome more = run_unit(&settings, SCHEME_IMAGE_CODE, 3, BANK_SOUND);
        assert_int_equal(one.end, WORLD_DONE);
        assert_same_units(one.result, more.result);
        unit_result_free(one.result);
        unit_result_free(more.result);
    }
}

/* A photograph is the code, whatever made it: who shows it first is paid, and the other is told
 * that it was used. A code of the time is no good any more when the accomplice takes ten minutes.
 */
static void test_a_copy_must_come_first(void **state)
{
    (void)state;
    for (int kind = 0; kind < CODE_KIND_COUNT; kind++) {
        struct settings settings = world_of((enum code_kind)kind);
        settings.attacks.photographers = 12;
        settings.attacks.photograph.distance = distribution_constant(1.2);
        struct outcome it = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
        const double *count = it.result->numerator;
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(count[M_THEFTS] > 0.0);
        assert_true(refused(it.result, REASON_USED) > 0.0);
        assert_true(refused(it.result, REASON_USED) <= count[M_THEFTS]);
        unit_result_free(it.result);

        settings.attacks.relay = distribution_constant(600.0);
        settings.attacks.distraction = distribution_constant(900.0);
        it = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
        count = it.result->numerator;
        assert_int_equal(it.end, WORLD_DONE);
        if (kind == CODE_TOTP)
            assert_true(count[M_THEFTS] == 0.0 && count[M_ATTACK + REASON_STALE_CODE] > 0.0);
        else
            assert_true(count[M_THEFTS] > 0.0);
        unit_result_free(it.result);
    }
}

/* The longer a clock is off, the fewer codes are accepted: all within the window, none beyond it.
 */
static void test_clocks(void **state)
{
    struct settings settings = world_of(CODE_TOTP);
    (void)state;
    settings.attacks.watchers = settings.attacks.photographers = 0;
    for (int off = 0; off < 2; off++) {
        settings.clock_error = distribution_constant(off == 0 ? -20.0 : 120.0);
        struct outcome it = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(off == 0 ? it.result->numerator[M_PAID] > 15.0
                             : it.result->numerator[M_PAID] == 0.0);
        assert_true((refused(it.result, REASON_WRONG_CODE) > 0.0) == (off == 1));
        unit_result_free(it.result);
    }
}

/* Certificates of half a day, in a run of a quarter: a good part expires. Bound to the certificate,
 * a customer is told when reserving, and not at the machine. */
static void test_certificates_wear_out(void **state)
{
    struct settings settings = world_of(CODE_ED25519);
    double completed[2];
    (void)state;
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.customers.typing_error = 0.0;
    settings.bank.certificate_lifetime = 43200.0;
    settings.bank.revocations = 4.0 / 86400.0;
    settings.bank.list_interval = 600.0;
    for (int binding = 0; binding < 2; binding++) {
        settings.bank.binding = binding;
        struct outcome it = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
        assert_int_equal(it.end, WORLD_DONE);
        completed[binding] =
            it.result->numerator[M_COMPLETION] / it.result->denominator[M_COMPLETION];
        assert_true(refused(it.result, REASON_CERTIFICATE_EXPIRED) > 0.0);
        assert_true(refused(it.result, REASON_CERTIFICATE_REVOKED) > 0.0);
        assert_no_code_is_wrong(it.result);
        assert_true(it.result->numerator[M_PAID] > 5.0);
        unit_result_free(it.result);
    }
    assert_true(completed[1] > completed[0]); /* fewer come for nothing */
}

/* Who was refused has another token at the next wish: with a wish an hour and certificates of two
 * hours more are paid than refused, and without another token hardly anybody would be. */
static void test_another_token(void **state)
{
    struct settings settings = world_of(CODE_ED25519);
    (void)state;
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.customers.reservations = 24.0 / 86400.0;
    settings.customers.amount = distribution_constant(100.0);
    settings.bank.certificate_lifetime = 7200.0;
    settings.bank.binding = BINDING_CERTIFICATE;
    struct outcome it = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
    assert_int_equal(it.end, WORLD_DONE);
    assert_true(refused(it.result, REASON_CERTIFICATE_EXPIRED) > 10.0);
    assert_true(it.result->numerator[M_PAID] > refused(it.result, REASON_CERTIFICATE_EXPIRED));
    unit_result_free(it.result);
}

/* Reserved at the terminal, whatever makes the code: owners are paid, and who copies it and comes
 * first comes to the wrong machine. The same records for any jobs, and with messages lost. */
static void test_at_the_terminal(void **state)
{
    (void)state;
    for (int kind = 0; kind < CODE_KIND_COUNT; kind++) {
        struct settings settings = world_of((enum code_kind)kind);
        settings.order = ORDER_AT_TERMINAL;
        settings.attacks.photographers = 12;
        settings.attacks.photograph.distance = distribution_constant(1.2);
        settings.customers.typing_error = 0.0;
        if (kind == CODE_OCRA)
            settings.phone_channel.loss = settings.terminal_channel.loss = 0.1;
        struct outcome one = run_unit(&settings, SCHEME_IMAGE_CODE, 1, BANK_SOUND);
        struct outcome more = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
        assert_int_equal(one.end, WORLD_DONE);
        assert_same_units(one.result, more.result);
        assert_true(one.result->numerator[M_PAID] > 15.0);
        assert_true(one.result->numerator[M_THEFTS] == 0.0);
        assert_true(one.result->numerator[M_ATTACK + REASON_WRONG_TERMINAL] > 0.0);
        assert_no_code_is_wrong(one.result);
        unit_result_free(one.result);
        unit_result_free(more.result);
    }
}

/* The oracle sees a code that is paid twice, whatever made it. */
static void test_oracle_cries(void **state)
{
    struct settings settings = world_of(CODE_ECDSA);
    (void)state;
    settings.attacks.photographers = 12;
    settings.attacks.photograph.distance = distribution_constant(1.2);
    struct outcome twice = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_PAYS_TWICE);
    assert_int_equal(twice.end, WORLD_FAILED);
    unit_result_free(twice.result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_kind_pays_its_owners),
                                       cmocka_unit_test(test_jobs_change_nothing),
                                       cmocka_unit_test(test_a_copy_must_come_first),
                                       cmocka_unit_test(test_clocks),
                                       cmocka_unit_test(test_certificates_wear_out),
                                       cmocka_unit_test(test_another_token),
                                       cmocka_unit_test(test_at_the_terminal),
                                       cmocka_unit_test(test_oracle_cries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
