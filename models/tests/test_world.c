/* Whole units: the books after a run, the same bytes for any jobs, and an oracle that cries. */
#include "people/people.h"
#include "tests/units.h"

#include <math.h>

static void test_jobs_change_nothing(void **state)
{
    struct settings settings = small_world();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome one = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        assert_int_equal(one.end, WORLD_DONE);
        for (int jobs = 1; jobs <= 4; jobs += jobs) {
            struct outcome more = run_unit(&settings, (enum scheme)scheme, jobs, BANK_SOUND);
            assert_int_equal(more.end, WORLD_DONE);
            assert_same_units(one.result, more.result);
            unit_result_free(more.result);
        }
        settings.seed++;
        struct outcome other = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        assert_int_not_equal(one.result->fingerprint, other.result->fingerprint);
        settings.seed--;
        unit_result_free(other.result);
        unit_result_free(one.result);
    }
}

/* However the pending events are kept, the same happens; 200 customers are more than a ladder keeps
 * in its front. */
static void test_pending_sets_change_nothing(void **state)
{
    struct settings settings = small_world();
    (void)state;
    settings.customers.count = 200;
    settings.pending_set = EVENTS_AUTO;
    struct outcome one = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    assert_int_equal(one.end, WORLD_DONE);
    for (int form = EVENTS_HEAP; form <= EVENTS_LADDER; form++) {
        settings.pending_set = form;
        struct outcome other = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
        assert_int_equal(other.end, WORLD_DONE);
        assert_true(one.result->fingerprint == other.result->fingerprint);
        assert_same_units(one.result, other.result);
        unit_result_free(other.result);
    }
    unit_result_free(one.result);
}

static double outcomes(const struct unit_result *result)
{
    double sum = 0.0;
    for (size_t i = M_OUTCOME_PAID; i < M_ATTACK; i++)
        sum += result->numerator[i];
    return sum;
}

/* Every reservation ends in exactly one outcome, every presentation was decoded, and this small
 * world has a bit of everything: or the test would not test much. */
static void test_everything_is_accounted_for(void **state)
{
    struct settings settings = small_world();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome it = run_unit(&settings, (enum scheme)scheme, 2, BANK_SOUND);
        const double *count = it.result->numerator;
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(count[M_RESERVATIONS] > 30.0);
        assert_true(count[M_PAID] > 20.0);
        assert_true(outcomes(it.result) == count[M_RESERVATIONS]);
        assert_true(count[M_OUTCOME_PAID] == count[M_PAID]);
        assert_true(count[M_THEFTS] == count[M_THEFTS_WATCHER] + count[M_THEFTS_PHOTOGRAPHER]);
        assert_true(count[M_ATTACKS] > 0.0);
        assert_true(count[M_THEFTS] > 0.0);
        /* Who was robbed is refused as already used: at least as many thefts as such refusals. */
        assert_true(count[measure_refused(REASON_USED)] <= count[M_THEFTS]);
        assert_true(count[measure_refused(REASON_USED)] > 0.0);
        if (scheme == SCHEME_IMAGE_CODE)
            assert_true(count[M_PRESENTATIONS] > 0.0 && count[M_PRESENTATIONS] == count[M_DECODED]);
        else
            assert_true(count[M_PRESENTATIONS] == 0.0 && count[M_DECODED] == 0.0);
        unit_result_free(it.result);
    }
}

/* However long the typed codes are, people who type without mistakes are paid. */
static void test_code_lengths(void **state)
{
    static const int64_t lengths[] = {4, 6, 9, 10, 12};
    struct settings settings = small_world();
    (void)state;
    settings.customers.typing_error = 0.0;
    settings.attacks.watchers = settings.attacks.photographers = 0;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        settings.bank.sms_digits = lengths[i];
        struct outcome it = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(it.result->numerator[M_PAID] > 20.0);
        assert_true(it.result->numerator[M_FALSE_REFUSAL] == 0.0);
        unit_result_free(it.result);
    }
}

/* Wishes come at their own time: as many in both schemes, and as many as the rate says, even where
 * most people find the queue too long or are still busy with the wish before. Poisson with mean
 * 60 x 20 x 6 / 24 = 300: 5 standard deviations are 87 (false alarm below 1e-6). */
static void test_wishes_do_not_fade(void **state)
{
    struct settings settings = small_world();
    (void)state;
    settings.customers.reservations = 20.0 / 86400.0;
    settings.customers.balk_at = 1;
    settings.terminals.atms = 2;
    struct outcome sms = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    struct outcome image = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
    double wishes = sms.result->numerator[M_RESERVATIONS];
    assert_true(sms.result->numerator[M_OUTCOME_BALKED] > 0.0);
    assert_in_range((long)wishes, 213, 387);
    /* What still waits for the end of a visit when the run ends is tried in neither. */
    assert_true(fabs(wishes - image.result->numerator[M_RESERVATIONS]) <= 10.0);
    unit_result_free(sms.result);
    unit_result_free(image.result);
}

/* Every accomplice sent comes to one end, and as many thieves as the table allows fit in. */
static void test_attacks_end(void **state)
{
    struct settings settings = small_world();
    (void)state;
    settings.attacks.watchers = settings.attacks.photographers = 65535;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome it = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        double ends = 0.0;
        assert_int_equal(it.end, WORLD_DONE);
        for (size_t i = M_ATTACK; i < M_COUNT; i++)
            ends += it.result->numerator[i];
        assert_true(ends > 0.0 && ends == it.result->denominator[M_ATTACK]);
        assert_true(it.result->numerator[M_ATTACK + REASON_NONE] == it.result->numerator[M_THEFTS]);
        unit_result_free(it.result);
    }
}

/* Common random numbers: both schemes see the same wishes, whatever happens at the machines. */
static void test_schemes_share_their_arrivals(void **state)
{
    struct settings settings = small_world();
    (void)state;
    settings.attacks.watchers = settings.attacks.photographers = 0;
    struct outcome sms = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    struct outcome image = run_unit(&settings, SCHEME_IMAGE_CODE, 1, BANK_SOUND);
    assert_true(sms.result->numerator[M_RESERVATIONS] == image.result->numerator[M_RESERVATIONS]);
    assert_true(sms.result->numerator[M_OUTCOME_NO_SHOW] ==
                image.result->numerator[M_OUTCOME_NO_SHOW]);
    unit_result_free(sms.result);
    unit_result_free(image.result);
}

static void test_oracle_cries(void **state)
{
    struct settings settings = small_world();
    (void)state;
    struct outcome twice = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_PAYS_TWICE);
    assert_int_equal(twice.end, WORLD_FAILED);
    assert_non_null(strstr(twice.error.text, "invariant 1 (at most one dispense"));
    struct outcome forgets = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_FORGETS_HOLD);
    assert_int_equal(forgets.end, WORLD_FAILED);
    assert_non_null(strstr(forgets.error.text, "oracle: "));
    unit_result_free(twice.result);
    unit_result_free(forgets.result);
}

static void test_extremes(void **state)
{
    struct settings settings = small_world();
    (void)state;
    settings.customers.reservations = 0.0;
    settings.terminals.card_customers = 0.0;
    struct outcome nobody = run_unit(&settings, SCHEME_IMAGE_CODE, 1, BANK_SOUND);
    assert_int_equal(nobody.end, WORLD_DONE);
    assert_true(nobody.result->numerator[M_RESERVATIONS] == 0.0);
    unit_result_free(nobody.result);
    /* One machine for all, nothing takes any time, every key is wrong. */
    settings = small_world();
    settings.terminals.atms = 1;
    settings.terminals.switch_time = 0.0;
    settings.customers.keystroke = settings.customers.time_to_show = settings.customers.take_cash =
        settings.customers.travel = distribution_constant(0.0);
    settings.customers.typing_error = 1.0;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome wrong = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        assert_int_equal(wrong.end, WORLD_DONE);
        assert_true(wrong.result->numerator[M_PAID] == 0.0);
        assert_true(outcomes(wrong.result) == wrong.result->numerator[M_RESERVATIONS]);
        unit_result_free(wrong.result);
    }
}

/* The lens goes evenly in dioptres: half way from 0.5 m (2 /m) to 0.12 m (8.33 /m) is 5.17 /m. */
static void test_the_lens_stops_when_switching_is_over(void **state)
{
    struct settings settings = small_world();
    struct terminal_settings *terminals = &settings.terminals;
    (void)state;
    terminals->surveillance_focus = 0.5;
    terminals->refocus_time = terminals->switch_time;
    assert_true(settings_capture_camera(terminals).focus_m == 0.12);
    terminals->refocus_time = 2.0 * terminals->switch_time;
    assert_true(fabs(settings_capture_camera(terminals).focus_m - 6.0 / 31.0) < 1e-9);
    terminals->switch_time = 0.0;
    assert_true(fabs(settings_capture_camera(terminals).focus_m - 0.5) < 1e-9);
    terminals->refocus_time = 0.0;
    assert_true(settings_capture_camera(terminals).focus_m == 0.12);
}

/* Too early a shot is out of focus: hardly a code is read, of those in focus most. */
static void test_too_early_a_shot_is_lost(void **state)
{
    struct settings settings = small_world();
    double read[2];
    (void)state;
    settings.terminals.camera.f_number = 1.0; /* which forgives little */
    for (int early = 0; early < 2; early++) {
        settings.terminals.refocus_time = early ? 10.0 : 0.5;
        struct outcome outcome = run_unit(&settings, SCHEME_IMAGE_CODE, 2, BANK_SOUND);
        assert_int_equal(outcome.end, WORLD_DONE);
        read[early] = outcome.result->numerator[M_DECODE_SUCCESS] /
                      outcome.result->denominator[M_DECODE_SUCCESS];
        unit_result_free(outcome.result);
    }
    assert_true(read[0] > 0.8 && read[1] < 0.2);
}

static void test_stop(void **state)
{
    struct settings settings = small_world();
    volatile bool stop = true;
    struct world_watch watch = {.stop = &stop};
    struct error error;
    (void)state;
    struct pipeline *pipeline = pipeline_new(1280, 720);
    void *context = pipeline;
    struct workers *workers = workers_new(1, &context, 4);
    struct unit_result *result = unit_result_new(&model_tables, SCHEME_IMAGE_CODE, 0);
    assert_int_equal(
        world_run(&settings, SCHEME_IMAGE_CODE, 0, workers, NULL, &watch, result, &error),
        WORLD_STOPPED);
    unit_result_free(result);
    workers_free(workers);
    pipeline_free(pipeline);
}

/* Share of trials; 5 standard deviations: a false alarm in 1.7 million (the seed is fixed). */
static void assert_share(unsigned hits, unsigned trials, double share)
{
    double expected = trials * share;
    assert_true(fabs(hits - expected) < 5.0 * sqrt(expected * (1.0 - share)));
}

/* Digits are wrong each for itself, the first like the last. */
static void test_typing_errors(void **state)
{
    enum { STRINGS = 20000, DIGITS = 11 };
    static const char wanted[] = "13800904567";
    static struct settings settings;
    unsigned first = 0, last = 0, both = 0, any = 0;
    struct stream stream;
    (void)state;
    settings.customers.typing_error = 0.1;
    stream_init(&stream, (struct stream_key){.seed = 7});
    for (int i = 0; i < STRINGS; i++) {
        char typed[MESSAGE_DIGITS_BYTES];
        bool said = people_type(&settings, wanted, &stream, typed);
        bool begins = typed[0] != wanted[0], ends = typed[DIGITS - 1] != wanted[DIGITS - 1];
        assert_int_equal(said, strcmp(wanted, typed) != 0);
        first += begins;
        last += ends;
        both += begins && ends;
        any += said;
    }
    assert_share(any, STRINGS, 1.0 - pow(0.9, DIGITS));
    assert_share(first, STRINGS, 0.1);
    assert_share(last, STRINGS, 0.1);
    assert_share(both, STRINGS, 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_typing_errors),
                                       cmocka_unit_test(test_jobs_change_nothing),
                                       cmocka_unit_test(test_pending_sets_change_nothing),
                                       cmocka_unit_test(test_everything_is_accounted_for),
                                       cmocka_unit_test(test_code_lengths),
                                       cmocka_unit_test(test_wishes_do_not_fade),
                                       cmocka_unit_test(test_attacks_end),
                                       cmocka_unit_test(test_schemes_share_their_arrivals),
                                       cmocka_unit_test(test_oracle_cries),
                                       cmocka_unit_test(test_extremes),
                                       cmocka_unit_test(test_the_lens_stops_when_switching_is_over),
                                       cmocka_unit_test(test_too_early_a_shot_is_lost),
                                       cmocka_unit_test(test_stop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
