/* Cassettes: a mix of notes wherever there is one, notes in = notes out + left whatever crashes,
 * and who cannot be paid is told before the bank permits. */
#include "cassette_list.h"
#include "tests/sound_units.h"

#include "parts.h"

/* Every way to take notes, tried out: amounts that can be made. */
static void brute_force(const struct cassette_plan *plan, const uint32_t *left, bool *possible,
                        int64_t most)
{
    uint32_t take[4] = {0};
    for (;;) {
        int64_t sum = 0;
        for (unsigned i = 0; i < plan->count; i++)
            sum += take[i] * plan->each[i].note_minor;
        if (sum <= most)
            possible[sum] = true;
        unsigned i = 0;
        while (i < plan->count && take[i] == left[i])
            take[i++] = 0;
        if (i == plan->count)
            return;
        take[i]++;
    }
}

/* Some thousand amounts of some hundred sets of cassettes, against all combinations. */
static void test_mix_is_found(void **state)
{
    static const int64_t notes[] = {1, 2, 3, 5, 7, 10, 20, 50};
    enum { MOST = 200, SETS = 300 };
    struct stream stream;
    unsigned found = 0, none = 0;
    (void)state;
    stream_init(&stream, (struct stream_key){.seed = 11});
    for (int set = 0; set < SETS; set++) {
        struct cassette_plan plan = {.count = 1 + stream_below(&stream, 4)};
        uint32_t left[CASSETTES] = {0}, mix[CASSETTES];
        bool possible[MOST + 1] = {false};
        for (unsigned i = 0; i < plan.count; i++) {
            plan.each[i].note_minor = notes[stream_below(&stream, 8)];
            left[i] = stream_below(&stream, 7);
        }
        brute_force(&plan, left, possible, MOST);
        for (int64_t amount = 0; amount <= MOST; amount++) {
            bool is = cassettes_mix(&plan, left, amount, mix);
            int64_t sum = 0;
            assert_int_equal(is, possible[amount]);
            found += is;
            none += !is;
            for (unsigned i = 0; is && i < plan.count; i++) {
                assert_true(mix[i] <= left[i]);
                sum += mix[i] * plan.each[i].note_minor;
            }
            assert_true(!is || sum == amount);
        }
    }
    assert_true(found > 5000 && none > 5000);
}

/* Where the largest note first leads nowhere; and no small note where a large one will do. */
static void test_mix_is_not_greedy(void **state)
{
    struct cassette_plan plan = {3, {{5000, 9}, {2000, 9}, {1000, 9}}};
    uint32_t left[CASSETTES] = {1, 3, 0}, mix[CASSETTES];
    (void)state;
    assert_true(cassettes_mix(&plan, left, 6000, mix));
    assert_true(mix[0] == 0 && mix[1] == 3 && mix[2] == 0);
    left[2] = 9;
    assert_true(cassettes_mix(&plan, left, 6000, mix));
    assert_true(mix[0] == 0 && mix[1] == 3 && mix[2] == 0); /* not 50 + 10 */
    assert_false(cassettes_mix(&plan, left, 6500, mix));
    assert_false(cassettes_mix(&plan, left, -1000, mix));
    assert_false(cassettes_mix(&plan, left, INT64_MAX / 1000 * 1000, mix));
}

static void test_books_of_a_machine(void **state)
{
    struct cassette_plan plan = {2, {{10000, 3}, {5000, 2}}};
    struct cassettes cassettes = {.refills = 0};
    (void)state;
    cassettes_refill(&plan, &cassettes);
    assert_true(cassettes_pay(&plan, &cassettes, 25000));
    assert_true(cassettes.left[0] == 1 && cassettes.left[1] == 1);
    assert_false(cassettes_can_pay(&plan, &cassettes, 20000));
    assert_true(cassettes_add_up(&plan, &cassettes));
    cassettes_refill(&plan, &cassettes);
    assert_true(cassettes.left[0] == 3 && cassettes.in[0] == 5 && cassettes.in[1] == 3);
    assert_true(cassettes_add_up(&plan, &cassettes));
    assert_false(cassettes_pay(&plan, &cassettes, 7500));
    assert_int_equal(cassettes.overdrawn, 1);
    cassettes.left[0]--; /* a note that nobody has seen */
    assert_false(cassettes_add_up(&plan, &cassettes));
}

static void test_lines(void **state)
{
    static const char *const wrong[] = {
        "100 CNY",    "100 x 3",   "100 CNY x",        "100 CNY x 0",
        "x 3",        "0 CNY x 3", "100 CNY x 3 x",    "0.005 CNY x 1",
        "-5 CNY x 1", "1 s x 1",   "100 CNY x 200000", ""};
    struct terminal_settings terminals = {.atms = 1};
    struct error error;
    int64_t note;
    uint32_t notes;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(cassette_parse(wrong[i], &note, &notes, &error));
    strcpy(terminals.cassettes[0], "50 CNY x 100");
    strcpy(terminals.cassettes[1], "100 CNY x 2000");
    strcpy(terminals.cassettes[2], "0.5 CNY x 7");
    struct cassette_plan plan = cassette_plan(&terminals);
    assert_true(plan.count == 3 && plan.each[0].note_minor == 10000 && plan.each[0].notes == 2000);
    assert_true(plan.each[1].note_minor == 5000 && plan.each[2].note_minor == 50);
    assert_int_equal(cassettes_unit_minor(&plan), 50);
}

/* --- in a town --- */

static struct settings few_notes(void)
{
    struct settings settings = small_world();
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.customers.count = 300;
    settings.customers.typing_error = 0.0;
    settings.customers.opening_balance = distribution_constant(1e6);
    settings.customers.amount = distribution_constant(500.0);
    settings.customers.elsewhere = 0.0;
    settings.terminals.card_customers = 0.0;
    settings.terminals.refill = 366.0 * 86400.0;
    strcpy(settings.terminals.cassettes[0], "100 CNY x 21");
    return settings;
}

/* 21 notes pay four times five and no fifth; six machines, 24 payments. The others are told before
 * a permit: nothing is taken back. In both schemes and orders. One note is left: not out of cash.
 */
static void test_runs_empty(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        struct settings settings = few_notes();
        settings.order = way == 2 ? ORDER_AT_TERMINAL : ORDER_RESERVE_AHEAD;
        struct outcome it = run_watched(&settings, way == 0 ? SCHEME_SMS_CODE : SCHEME_IMAGE_CODE,
                                        2, (struct world_watch){.timed = true});
        const double *n = it.result->numerator;
        assert_int_equal(it.end, WORLD_DONE);
        assert_true(n[M_PAID] == 24.0);
        assert_true(n[M_NO_NOTES] > 50.0 && n[M_REVERSALS] == 0.0);
        assert_true(n[M_NO_NOTES] == n[measure_refused(REASON_NO_NOTES)]);
        assert_true(n[M_FALSE_REFUSAL] < 0.1 * n[M_NO_NOTES]); /* nobody's code was refused */
        assert_true(n[M_OUT_OF_CASH] == 0.0 && n[M_REFILLS] == 0.0);
        unit_result_free(it.result);
    }
}

/* The service fills them; and where it comes often, nobody is sent away. */
static void test_refill(void **state)
{
    struct settings settings = few_notes();
    (void)state;
    strcpy(settings.terminals.cassettes[0], "100 CNY x 20");
    struct outcome never = run_sound(&settings, SCHEME_SMS_CODE, 1);
    settings.terminals.refill = 900.0;
    struct outcome quarterly = run_sound(&settings, SCHEME_SMS_CODE, 1);
    settings.terminals.refill = 60.0;
    struct outcome often = run_sound(&settings, SCHEME_SMS_CODE, 1);
    assert_true(never.result->numerator[M_OUT_OF_CASH] >
                4.0 * quarterly.result->numerator[M_OUT_OF_CASH]);
    assert_true(quarterly.result->numerator[M_REFILLS] == 144.0);
    assert_true(quarterly.result->numerator[M_PAID] > 3.0 * never.result->numerator[M_PAID]);
    assert_true(often.result->numerator[M_NO_NOTES] == 0.0);
    unit_result_free(never.result);
    unit_result_free(quarterly.result);
    unit_result_free(often.result);
}

/* Who goes on finds what is left elsewhere, with the same reservation; customers with a card empty
 * the machines too. */
static void test_elsewhere_and_cards(void **state)
{
    struct settings settings = few_notes();
    (void)state;
    settings.customers.way_on = distribution_constant(300.0);
    settings.customers.elsewhere = 1.0;
    settings.bank.code_lifetime = 4.0 * 3600.0;
    strcpy(settings.terminals.cassettes[0], "100 CNY x 200");
    struct outcome staying = run_sound(&settings, SCHEME_IMAGE_CODE, 2);
    double paid = staying.result->numerator[M_PAID];
    assert_true(staying.result->numerator[M_ELSEWHERE] > 0.0);
    assert_true(paid > 0.95 * 240.0); /* what six machines hold */
    settings.terminals.card_customers = 300.0 / 86400.0;
    struct outcome shared = run_sound(&settings, SCHEME_IMAGE_CODE, 2);
    assert_true(shared.result->numerator[M_CARD_NO_NOTES] > 0.0);
    assert_true(shared.result->numerator[M_PAID] < paid);
    unit_result_free(staying.result);
    unit_result_free(shared.result);
}

static struct settings bad_machines(void)
{
    struct settings settings = few_notes();
    struct channel_settings *channel = &settings.terminal_channel;
    settings.customers.typing_error = 0.03;
    settings.customers.elsewhere = 0.7;
    settings.duration = 30.0 * 3600.0;
    settings.customers.amount =
        (struct distribution){.kind = DISTRIBUTION_EXPONENTIAL, .parameter = {600.0}};
    settings.bank.note = 10.0;
    settings.terminals.card_customers = 100.0 / 86400.0;
    settings.terminals.refill = 4.0 * 3600.0;
    strcpy(settings.terminals.cassettes[0], "100 CNY x 150");
    strcpy(settings.terminals.cassettes[1], "20 CNY x 40");
    strcpy(settings.terminals.cassettes[2], "50 CNY x 20");
    strcpy(settings.terminals.cassettes[3], "10 CNY x 30");
    settings.attacks.watchers = settings.attacks.photographers = 4;
    channel->delay =
        (struct distribution){.kind = DISTRIBUTION_HYPEREXPONENTIAL, .parameter = {5.0, 3.0}};
    channel->loss = channel->duplicate = 0.1;
    channel->timeout = 10.0;
    channel->retries = 1;
    settings.faults.bank_crash = 20.0 / 86400.0;
    settings.faults.terminal_crash = 10.0 / 86400.0;
    settings.faults.dispense_crash = 0.1;
    settings.faults.power = 2.0 / 86400.0;
    settings.terminals.failures = 5.0 / 86400.0;
    return settings;
}

/* Crashes before the notes and after them lose no note; the same for any jobs. */
static void test_heavy_faults(void **state)
{
    struct settings settings = bad_machines();
    (void)state;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome one = run_sound(&settings, (enum scheme)scheme, 1);
        struct outcome more = run_sound(&settings, (enum scheme)scheme, 3);
        const double *n = one.result->numerator;
        assert_true(n[M_PAID] > 100.0 && n[M_NO_NOTES] > 20.0 && n[M_CRASHES] > 50.0);
        assert_true(n[M_REVERSALS] > 10.0 && n[M_ELSEWHERE] > 10.0);
        assert_same_units(one.result, more.result);
        unit_result_free(one.result);
        unit_result_free(more.result);
    }
}

/* Main control that does not look asks for permits which it cannot pay; one that pays late, or each
 * permit, is caught as without cassettes. */
static void test_mutants(void **state)
{
    static const struct {
        enum terminal_defect terminal;
        const char *caught;
    } mutants[] = {{TERMINAL_NEVER_LOOKS, "without notes for the amount"},
                   {TERMINAL_PAYS_LATE, "invariant 7"},
                   {TERMINAL_NO_COUNTER, "invariant 10"}};
    struct settings settings = bad_machines();
    (void)state;
    for (size_t i = 0; i < sizeof mutants / sizeof mutants[0]; i++) {
        struct outcome it =
            run_watched(&settings, SCHEME_SMS_CODE, 1,
                        (struct world_watch){.terminal_defect = mutants[i].terminal});
        if (it.end != WORLD_FAILED || strstr(it.error.text, mutants[i].caught) == NULL)
            print_error("mutant %zu: %d, %s\n", i, it.end,
                        it.end == WORLD_FAILED ? it.error.text : "");
        assert_int_equal(it.end, WORLD_FAILED);
        assert_non_null(strstr(it.error.text, mutants[i].caught));
        unit_result_free(it.result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mix_is_found),
                                       cmocka_unit_test(test_mix_is_not_greedy),
                                       cmocka_unit_test(test_books_of_a_machine),
                                       cmocka_unit_test(test_lines),
                                       cmocka_unit_test(test_runs_empty),
                                       cmocka_unit_test(test_refill),
                                       cmocka_unit_test(test_elsewhere_and_cards),
                                       cmocka_unit_test(test_heavy_faults),
                                       cmocka_unit_test(test_mutants)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
