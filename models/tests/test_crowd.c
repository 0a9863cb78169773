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
    settings.terminals.card_session = (struct distribution){DISTRIBUTION_EXPONENTIAL, {1.0}};
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
    counter->queue_length.area += 0.001;
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
        cmocka_unit_test(test_little_cries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
