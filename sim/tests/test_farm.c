/* The farm: the same numbers from any number of processes, and every kind of trouble is told. */
#include "asserts.h"
#include "experiment/farm.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAID, WAIT, MEASURES, REPLICATIONS = 10, UNITS = 2 * REPLICATIONS };

static const struct measure measures[MEASURES] = {
    [PAID] = {"paid", "1", "", MEASURE_COUNT, 1, false},
    [WAIT] = {"wait", "s", "", MEASURE_TIME, 1, false},
};
static const char *const schemes[] = {"one", "two", NULL};
static const struct model_tables tables = {measures, NULL, schemes, NULL, MEASURES, 0, 2, 0, NULL};

/* Which unit gets into which trouble. */
struct model {
    unsigned replication;
    enum { FINE, STOPS, FAILS, DIES, IS_KILLED } trouble;
    unsigned kept; /* in the parent */
    bool keeper_fails;
    bool (*enough)(void *model);
};

static bool five_are_enough(void *pointer)
{
    return ((struct model *)pointer)->kept >= 5;
}

static enum unit_end run(void *pointer, struct unit_result *unit, struct error *error)
{
    const struct model *model = pointer;
    bool here = model->trouble != FINE && unit->replication == model->replication;
    unit_count(unit, PAID, 1.0 / (3.0 + unit->replication));
    for (unsigned i = 0; i < 2000; i++)
        unit_time(unit, WAIT, (simtime)i * (1 + unit->scheme) * 1000003);
    unit->fingerprint = 7 * unit->replication + unit->scheme;
    if (here && model->trouble == DIES)
        _exit(3);
    if (here && model->trouble == IS_KILLED)
        raise(SIGKILL);
    if (here && model->trouble == FAILS)
        (void)error_set(error, "no paper in %u", unit->replication);
    return !here || model->trouble > FAILS ? UNIT_DONE
           : model->trouble == STOPS       ? UNIT_STOPPED
                                           : UNIT_FAILED;
}

static bool keep(void *pointer, const struct unit_result *unit, struct error *error)
{
    struct model *model = pointer;
    assert_true(unit->done);
    model->kept++;
    return !model->keeper_fails || error_set(error, "no room");
}

static volatile bool never = false;

static enum unit_end farm_it(struct experiment *experiment, struct model *model, unsigned processes,
                             struct error *error)
{
    struct farm farm = {processes, run, keep, model, &never, model->enough, NULL};
    return farm_run(&farm, experiment, error);
}

static void assert_units(const struct experiment *experiment)
{
    assert_int_equal(experiment->done, UNITS);
    for (size_t i = 0; i < UNITS; i++) {
        const struct unit_result *unit = experiment->units[i];
        assert_true(unit->done && unit->numerator[PAID] == 1.0 / (3.0 + unit->replication));
        assert_int_equal(unit->times[WAIT]->n, 2000);
        assert_int_equal(unit->fingerprint, 7 * unit->replication + unit->scheme);
    }
}

static void test_any_number_of_processes(void **state)
{
    static const unsigned numbers[] = {1, 2, 3, 7, 50};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct experiment experiment;
        struct model model = {0};
        struct error error;
        experiment_init(&experiment, &tables, 3, REPLICATIONS);
        assert_int_equal(farm_it(&experiment, &model, numbers[i], &error), UNIT_DONE);
        assert_units(&experiment);
        assert_int_equal(model.kept, UNITS);
        assert_int_equal(farm_it(&experiment, &model, numbers[i], &error), UNIT_DONE);
        assert_int_equal(model.kept, UNITS); /* nothing is run twice */
        experiment_fini(&experiment);
    }
}

/* Trouble ends the run; what was done is kept, and a second run without trouble does the rest. */
static void test_trouble(void **state)
{
    static const struct {
        int trouble;
        enum unit_end end;
        const char *why;
    } rows[] = {{STOPS, UNIT_STOPPED, ""},
                {FAILS, UNIT_FAILED, "no paper in 4"},
                {DIES, UNIT_FAILED, "replication 4 of one died"},
                {IS_KILLED, UNIT_FAILED, "replication 4 of one died"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (unsigned processes = rows[i].trouble >= DIES ? 2 : 1; processes <= 3; processes++) {
            struct experiment experiment;
            struct error error = {{0}};
            struct model model = {.replication = 4};
            memcpy(&model.trouble, &rows[i].trouble, sizeof model.trouble);
            experiment_init(&experiment, &tables, 1, REPLICATIONS);
            assert_int_equal(farm_it(&experiment, &model, processes, &error), rows[i].end);
            if (strstr(error.text, rows[i].why) == NULL)
                fail_msg("said: %s", error.text);
            assert_int_equal(model.kept, experiment.done);
            assert_true(experiment.done >= 1 && experiment.done < REPLICATIONS);
            model.trouble = FINE;
            assert_int_equal(farm_it(&experiment, &model, processes, &error), UNIT_DONE);
            assert_int_equal(experiment.done, REPLICATIONS);
            for (size_t u = 0; u < REPLICATIONS; u++)
                assert_int_equal(experiment.units[u]->times[WAIT]->n, 2000);
            experiment_fini(&experiment);
        }
}

/* Enough is enough: the run ends well, early, and nothing is lost of what was done. */
static void test_enough(void **state)
{
    (void)state;
    for (unsigned processes = 1; processes <= 4; processes++) {
        struct experiment experiment;
        struct error error = {{0}};
        struct model model = {.enough = five_are_enough};
        experiment_init(&experiment, &tables, 3, REPLICATIONS);
        assert_int_equal(farm_it(&experiment, &model, processes, &error), UNIT_DONE);
        assert_true(model.kept >= 5 && model.kept < 5 + processes);
        assert_int_equal(experiment.done, model.kept);
        assert_int_equal(farm_it(&experiment, &model, processes, &error), UNIT_DONE);
        assert_true(model.kept < 5 + processes); /* still enough: nothing is run */
        unsigned whole = experiment_whole(&experiment);
        assert_true(whole >= 1 && 2 * whole <= model.kept);
        experiment_keep(&experiment, whole);
        assert_int_equal(experiment.count, 2 * whole);
        assert_int_equal(experiment.done, 2 * whole);
        assert_int_equal(experiment_whole(&experiment), whole);
        experiment_fini(&experiment);
    }
}

static void test_full_disk(void **state)
{
    (void)state;
    for (unsigned processes = 1; processes <= 3; processes++) {
        struct experiment experiment;
        struct error error = {{0}};
        struct model model = {.keeper_fails = true};
        experiment_init(&experiment, &tables, 3, REPLICATIONS);
        assert_int_equal(farm_it(&experiment, &model, processes, &error), UNIT_FAILED);
        assert_string_equal(error.text, "no room");
        experiment_fini(&experiment);
    }
}

static void test_stop_flag(void **state)
{
    struct experiment experiment;
    struct error error;
    struct model model = {0};
    volatile bool stop = true;
    struct farm farm = {2, run, keep, &model, &stop, NULL, NULL};
    (void)state;
    experiment_init(&experiment, &tables, 3, REPLICATIONS);
    assert_int_equal(farm_run(&farm, &experiment, &error), UNIT_STOPPED);
    assert_true(experiment.done < UNITS);
    experiment_fini(&experiment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_processes), cmocka_unit_test(test_trouble),
        cmocka_unit_test(test_enough), cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_stop_flag)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
