/* The lines before the machines: sites of several, who goes first, who leaves, what fails. */
#include "tests/units.h"

#include "parts.h"

static const double *count_of(const struct outcome *outcome)
{
    return outcome->result->numerator;
}

static double share(const struct outcome *outcome, size_t measure)
{
    return unit_value(outcome->result, measure);
}

/* Nobody but customers with a card, at machines of sites of `per_site`. */
static struct settings cards_only(int64_t atms, int64_t per_site)
{
    struct settings settings = small_world();
    settings.customers.count = 1;
    settings.customers.reservations = 0.0;
    settings.customers.balk_at = 100000;
    settings.attacks.watchers = settings.attacks.photographers = 0;
    settings.terminals.atms = atms;
    settings.terminals.per_site = per_site;
    settings.terminals.card_customers = 0.8;
    settings.terminals.card_session = (struct distribution){DISTRIBUTION_EXPONENTIAL, {1.0}, NULL};
    return settings;
}

static struct outcome run_cards(const struct settings *settings)
{
    struct outcome outcome = run_unit(settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    if (outcome.end != WORLD_DONE)
        print_message("%s\n", outcome.error.text);
    assert_int_equal(outcome.end, WORLD_DONE);
    return outcome;
}

/* --- the machines of a site --- */

static void test_site_takes_in_turn(void **state)
{
    struct site site;
    struct resource_claim next;
    (void)state;
    site_init(&site, 3, 1);
    for (unsigned round = 0; round < 9; round++) {
        assert_true(resource_request(&site.machines, round, 0));
        unsigned machine = site_take(&site);
        assert_int_equal(machine, round % 3);
        assert_false(site_is_free(&site, machine));
        assert_int_equal(site_leave(&site, machine, round, &next), SITE_IDLE);
        assert_true(site_is_free(&site, machine));
    }
    site_fini(&site);
    site_init(&site, SITE_MACHINES, 1);
    for (unsigned i = 0; i < SITE_MACHINES; i++) {
        assert_true(resource_request(&site.machines, 0, 0));
        assert_int_equal(site_take(&site), i);
    }
    assert_false(resource_request(&site.machines, 0, 7));
    assert_int_equal(site_leave(&site, 5, 1, &next), SITE_NEXT);
    assert_int_equal(site_take(&site), 5);
    assert_int_equal(next.subject, 7);
    site_fini(&site);
}

/* A machine that fails while somebody stands at it goes when they leave, though others wait; an
 * idle one goes at once; the first in the line gets the one that is repaired. */
static void test_site_fails(void **state)
{
    struct site site;
    struct resource_claim next;
    (void)state;
    site_init(&site, 2, 1);
    assert_true(resource_request(&site.machines, 0, 10));
    assert_int_equal(site_take(&site), 0);
    assert_false(site_fail(&site, 0, 1));
    assert_true(resource_request(&site.machines, 1, 11)); /* the other works */
    assert_int_equal(site_take(&site), 1);
    assert_false(resource_request(&site.machines, 1, 12));
    assert_int_equal(site_leave(&site, 0, 2, &next), SITE_DOWN);
    assert_false(site_is_free(&site, 0));
    assert_int_equal(site_leave(&site, 1, 3, &next), SITE_NEXT);
    assert_int_equal(next.subject, 12);
    assert_int_equal(site_take(&site), 1);
    assert_int_equal(site_leave(&site, 1, 4, &next), SITE_IDLE);
    assert_true(site_fail(&site, 1, 4));
    assert_false(resource_request(&site.machines, 5, 13)); /* both are down */
    assert_true(site_repair(&site, 0, 6, &next));
    assert_int_equal(next.subject, 13);
    assert_int_equal(site_take(&site), 0);
    assert_false(site_repair(&site, 1, 7, &next));
    assert_true(site_is_free(&site, 1));
    site_fini(&site);
}

/* --- whole units --- */

/* The machine is known only when it is granted, and so is the camera whose noise the picture has:
 * whoever evaluates it. Both schemes share the wishes, as ever. */
static void test_shared_lines_change_nothing_for_jobs(void **state)
{
    struct settings settings = small_world();
    (void)state;
    settings.terminals.per_site = 3;
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome one = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        struct outcome three = run_unit(&settings, (enum scheme)scheme, 3, BANK_SOUND);
        assert_int_equal(one.end, WORLD_DONE);
        assert_int_equal(three.end, WORLD_DONE);
        assert_same_units(one.result, three.result);
        assert_true(count_of(&one)[M_PAID] > 20.0);
        assert_true(count_of(&one)[M_THEFTS] > 0.0);
        unit_result_free(one.result);
        unit_result_free(three.result);
    }
}

/* A shared line is shorter: at the same load a site of six lets fewer wait than six of one. */
static void test_shared_line_is_shorter(void **state)
{
    struct settings alone = cards_only(6, 1), together = cards_only(6, 6);
    (void)state;
    struct outcome apart = run_cards(&alone), shared = run_cards(&together);
    assert_true(share(&shared, M_CARD_WAITED) < 0.8 * share(&apart, M_CARD_WAITED));
    assert_true(share(&shared, M_CARD_WAIT) < 0.5 * share(&apart, M_CARD_WAIT));
    assert_true(fabs(share(&shared, M_UTILISATION) - share(&apart, M_UTILISATION)) < 0.01);
    unit_result_free(apart.result);
    unit_result_free(shared.result);
}

/* Half a dozen machines of two sites, with far more people than they can serve. */
static struct settings crowded(void)
{
    struct settings settings = small_world();
    settings.customers.reservations = 12.0 / 86400.0;
    settings.customers.balk_at = 1000;
    settings.terminals.per_site = 3;
    settings.terminals.card_customers = 1.0 / 62.0;
    return settings;
}

static struct distribution exponential(double mean)
{
    return (struct distribution){DISTRIBUTION_EXPONENTIAL, {mean}, NULL};
}

static double outcomes(const struct unit_result *result)
{
    double sum = 0.0;
    for (size_t i = M_OUTCOME_PAID; i < M_ATTACK; i++)
        sum += result->numerator[i];
    return sum;
}

/* Who loses patience leaves, the hold on the amount goes with the code's life, and the books
 * balance; whoever computes the pictures. */
static void test_patience(void **state)
{
    struct settings settings = crowded();
    (void)state;
    settings.customers.patience = exponential(200.0);
    settings.terminals.card_patience = exponential(300.0);
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome one = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        struct outcome two = run_unit(&settings, (enum scheme)scheme, 2, BANK_SOUND);
        assert_int_equal(one.end, WORLD_DONE);
        assert_same_units(one.result, two.result);
        assert_true(count_of(&one)[M_OUTCOME_RENEGED] > 0.0);
        assert_true(count_of(&one)[M_CARD_RENEGED] > 0.0);
        assert_true(outcomes(one.result) == count_of(&one)[M_RESERVATIONS]);
        unit_result_free(one.result);
        unit_result_free(two.result);
    }
}

/* Nobody waits longer than the longest patience; with none, everybody who had to wait has left. */
static void test_patience_bounds_the_wait(void **state)
{
    struct settings settings = cards_only(1, 1);
    (void)state;
    settings.terminals.card_customers = 1.1;
    settings.terminals.card_patience = distribution_constant(2.0);
    struct outcome two_s = run_cards(&settings);
    const struct histogram *waits = two_s.result->times[M_CARD_WAIT];
    assert_true(histogram_quantile(waits, 1.0) <= 2.0 * 1e9 * 1.01);
    assert_true(histogram_quantile(waits, 0.99) > 1.5 * 1e9);
    settings.terminals.card_patience = distribution_constant(0.0);
    struct outcome none = run_cards(&settings);
    assert_true(count_of(&none)[M_CARD_WAITED] > 0.0);
    assert_true(count_of(&none)[M_CARD_WAITED] == count_of(&none)[M_CARD_RENEGED]);
    assert_true(count_of(&none)[M_CARD_WAIT] == 0.0);
    unit_result_free(two_s.result);
    unit_result_free(none.result);
}

/* Going first helps customers with a reservation and costs the others; the wishes are the same. */
static void test_reserved_first(void **state)
{
    struct settings settings = crowded();
    (void)state;
    struct outcome fifo = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    settings.terminals.queue = QUEUE_RESERVED_FIRST;
    struct outcome first = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    assert_int_equal(first.end, WORLD_DONE);
    assert_true(share(&first, M_QUEUE_WAIT) < 0.5 * share(&fifo, M_QUEUE_WAIT));
    assert_true(share(&first, M_CARD_WAIT) > share(&fifo, M_CARD_WAIT));
    settings.terminals.card_priority = 1.0; /* all first: nobody is */
    struct outcome all = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    assert_true(all.result->fingerprint == fifo.result->fingerprint);
    assert_true(count_of(&all)[M_CARD_WAIT] == count_of(&all)[M_CARD_WAIT_FIRST]);
    unit_result_free(fifo.result);
    unit_result_free(first.result);
    unit_result_free(all.result);
}

/* --- failures --- */

/* Machines that are down half of the time, with thieves and pictures: still sound, still the same
 * for any jobs. Time up is 1 / (1 + rate x repair) but for what they serve after failing. */
static void test_failures(void **state)
{
    struct settings settings = small_world();
    (void)state;
    settings.terminals.per_site = 2;
    settings.terminals.failures = 1.0 / 600.0;
    settings.terminals.repair = exponential(600.0);
    for (int scheme = 0; scheme < SCHEME_COUNT; scheme++) {
        struct outcome one = run_unit(&settings, (enum scheme)scheme, 1, BANK_SOUND);
        struct outcome two = run_unit(&settings, (enum scheme)scheme, 2, BANK_SOUND);
        assert_int_equal(one.end, WORLD_DONE);
        assert_same_units(one.result, two.result);
        assert_true(count_of(&one)[M_PAID] > 10.0);
        assert_true(share(&one, M_AVAILABILITY) > 0.4 && share(&one, M_AVAILABILITY) < 0.65);
        assert_true(outcomes(one.result) == count_of(&one)[M_RESERVATIONS]);
        unit_result_free(one.result);
        unit_result_free(two.result);
    }
    settings.terminals.failures = 0.0;
    struct outcome never = run_unit(&settings, SCHEME_SMS_CODE, 1, BANK_SOUND);
    assert_true(share(&never, M_AVAILABILITY) == 1.0);
    unit_result_free(never.result);
}

/* --- closed populations, and the counter --- */

/* One who thinks 10 s and is served for 1 s comes every 11 s, the first time after 10 s. */
static void test_population_of_one(void **state)
{
    struct settings settings = cards_only(2, 1);
    (void)state;
    settings.terminals.card_customers = 0.0;
    settings.terminals.card_population = 1;
    settings.terminals.card_think = distribution_constant(10.0);
    settings.terminals.card_session = distribution_constant(1.0);
    struct outcome it = run_cards(&settings);
    double each = floor((settings.duration - 10.0) / 11.0) + 1.0;
    assert_true(it.result->denominator[M_CARD_LOST] == 2.0 * each);
    assert_true(count_of(&it)[M_CARD_WAITED] == 0.0);
    unit_result_free(it.result);
}

/* Nobody of a population gets lost, whichever way one leaves: turned away, out of patience, served,
 * from the counter. A round takes at most think + patience + session + the counter's line. */
static void test_population_returns(void **state)
{
    struct settings settings = cards_only(1, 1);
    const double people = 6.0;
    (void)state;
    settings.customers.balk_at = 3;
    settings.terminals.card_customers = 0.0;
    settings.terminals.card_population = 6;
    settings.terminals.card_think = (struct distribution){DISTRIBUTION_UNIFORM, {1.0, 3.0}, NULL};
    settings.terminals.card_session = distribution_constant(2.0);
    settings.terminals.card_patience = distribution_constant(1.5);
    settings.terminals.counter_share = 0.5;
    settings.terminals.counter_session = distribution_constant(3.0);
    struct outcome it = run_cards(&settings);
    double longest_s = 3.0 + 1.5 + 2.0 + people * 3.0;
    assert_true(count_of(&it)[M_CARD_LOST] > 0.0);
    assert_true(count_of(&it)[M_CARD_RENEGED] > 0.0);
    assert_true(it.result->denominator[M_COUNTER_WAIT] > 0.0);
    assert_true(share(&it, M_COUNTER_LENGTH) > 0.0);
    assert_true(it.result->denominator[M_CARD_LOST] >=
                people * (settings.duration / longest_s - 1));
    assert_true(share(&it, M_UTILISATION) > 0.8);
    unit_result_free(it.result);
}

/* As many clerks as people: nobody waits for one. About half go on: binomial, n > 10,000, so that 5
 * standard deviations are less than 0.025 (false alarm below 1e-6). */
static void test_counter_share(void **state)
{
    struct settings settings = cards_only(2, 2);
    (void)state;
    settings.terminals.counter_share = 0.5;
    settings.terminals.clerks = 1000;
    struct outcome it = run_cards(&settings);
    double served = it.result->denominator[M_CARD_WAIT];
    assert_true(served > 10000.0);
    assert_true(fabs(it.result->denominator[M_COUNTER_WAIT] / served - 0.5) < 0.025);
    assert_true(count_of(&it)[M_COUNTER_WAIT] == 0.0);
    assert_true(share(&it, M_COUNTER_LENGTH) == 0.0);
    unit_result_free(it.result);
}

/* --- settings that make no sense --- */

struct mistakes {
    int count;
    char key[64], message[256];
};

static void note(void *listener, const char *key, const char *other, const char *message)
{
    struct mistakes *mistakes = listener;
    (void)other;
    mistakes->count++;
    snprintf(mistakes->key, sizeof mistakes->key, "%s", key);
    snprintf(mistakes->message, sizeof mistakes->message, "%s", message);
}

static void assert_mistake(const struct settings *settings, const char *key, const char *text)
{
    struct mistakes mistakes = {0};
    settings_table.check(settings, note, &mistakes);
    assert_int_equal(mistakes.count, 1);
    assert_string_equal(mistakes.key, key);
    assert_non_null(strstr(mistakes.message, text));
}

static void test_mistakes(void **state)
{
    struct settings settings;
    struct mistakes none = {0};
    (void)state;
    parameter_defaults(&settings_table, &settings);
    settings_table.check(&settings, note, &none);
    assert_int_equal(none.count, 0);
    settings.terminals.per_site = 3;
    assert_mistake(&settings, "terminals.per_site", "set terminals.atms to 99");
    settings.terminals.per_site = 10;
    assert_mistake(&settings, "customers.balk_at", "set it to 10 (terminals.per_site) or more");
    settings.terminals.per_site = 1;
    settings.terminals.card_population = 5;
    assert_mistake(&settings, "terminals.card_population",
                   "set terminals.card_customers to 0 /day");
    settings.terminals.card_customers = 0.0;
    settings.terminals.card_think = distribution_constant(0.0);
    assert_mistake(&settings, "terminals.card_think", "at least 1 ms");
    settings.terminals.card_think = distribution_constant(60.0);
    settings.terminals.card_population = 100000;
    settings.terminals.atms = 200;
    assert_mistake(&settings, "terminals.card_population", "at most 16000000 people");
    settings.terminals.per_site = 2;
    settings_table.check(&settings, note, &none);
    assert_int_equal(none.count, 0);
    settings.customers.count = 7000000;
    assert_mistake(&settings, "terminals.card_population", "at most 16000000 people");
}

/* --- Little's law --- */

/* Two sites with some traffic by hand; then the books of the second are spoilt, one at a time. */
static void test_little_cries(void **state)
{
    struct settings settings = cards_only(4, 2);
    struct world world = {.settings = &settings};
    struct resource_claim next;
    struct error error;
    (void)state;
    crowd_build(&world);
    struct resource *machines = &world.crowd.sites[1].machines;
    struct resource *counter = &world.crowd.sites[1].counter;
    for (uint32_t i = 0; i < 5; i++) {
        resource_request(machines, i * SIMTIME_SECOND, i);
        resource_request(counter, i * SIMTIME_SECOND, i);
    }
    assert_true(resource_release(machines, 7 * SIMTIME_SECOND, &next));
    assert_true(resource_release(counter, 8 * SIMTIME_SECOND, &next));
    world.kernel.now = 10 * SIMTIME_SECOND;
    assert_true(oracle_check_sites(&world, &error));
    machines->waited_s += 0.001;
    assert_false(oracle_check_sites(&world, &error));
    assert_non_null(strstr(error.text, "site 2, machines: Little's law is broken for line:"));
    machines->waited_s -= 0.001;
    machines->served_ns += 1000000;
    assert_false(oracle_check_sites(&world, &error));
    assert_non_null(
        strstr(error.text, "site 2, machines: Little's law is broken for line and service:"));
    machines->served_ns -= 1000000;
    counter->arrived++;
    assert_false(oracle_check_sites(&world, &error));
    assert_non_null(strstr(error.text, "site 2, counter: 6 came, but 5 were served, wait or left"));
    counter->arrived--;
    counter->queue_length.steps -= SIMTIME_SECOND / 1000; /* of area: one customer, 1 ms */
    assert_false(oracle_check_sites(&world, &error));
    assert_non_null(strstr(error.text, "site 2, counter: Little's law is broken for line:"));
    crowd_destroy(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_site_takes_in_turn),
        cmocka_unit_test(test_site_fails),
        cmocka_unit_test(test_shared_lines_change_nothing_for_jobs),
        cmocka_unit_test(test_shared_line_is_shorter),
        cmocka_unit_test(test_patience),
        cmocka_unit_test(test_patience_bounds_the_wait),
        cmocka_unit_test(test_reserved_first),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_population_of_one),
        cmocka_unit_test(test_population_returns),
        cmocka_unit_test(test_counter_share),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_little_cries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
