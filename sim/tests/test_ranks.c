/* The farm over several ranks: the same units from any number, and every kind of trouble is told.
 */
#include "asserts.h"
#include "experiment/farm.h"
#include "open_design.h"
#include "socket_ranks.h"

#include <signal.h>
#include <time.h>

enum { PAID, MEASURES, REPLICATIONS = 6, UNITS = 2 * POINTS * REPLICATIONS };

static const struct measure measures[MEASURES] = {
    [PAID] = {"paid", "1", "", MEASURE_COUNT, 1, false}};
static const char *const schemes[] = {"one", "two", NULL};
static const struct model_tables tables = {measures, NULL, schemes, NULL, MEASURES, 0, 2, 0, NULL};
static const char task[] = "the task";
static volatile bool stop;

struct model {
    unsigned replication; /* that gets into trouble, on this rank alone or (-1) on any */
    int rank, here;
    enum { FINE, STOPS, FAILS, IS_KILLED, IS_SLOW } trouble;
    unsigned processes, kept, most; /* of the others; in rank 0; wanted */
    const char *cannot_help;
    bool keeper_fails;
};

static void on_term(int number)
{
    (void)number;
    stop = true;
}

static void nap_ms(long ms)
{
    struct timespec nap = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&nap, NULL);
}

static enum unit_end run(void *pointer, struct unit_result *unit, struct error *error)
{
    const struct model *model = pointer;
    bool here =
        unit->replication == model->replication && (model->rank < 0 || model->rank == model->here);
    unit_count(unit, PAID, 1.0 / (3.0 + unit->replication));
    unit->fingerprint = 99 * unit->point + 7 * unit->replication + unit->scheme;
    nap_ms(1);
    if (here && model->trouble == IS_KILLED)
        raise(SIGKILL);
    if (here && model->trouble == FAILS)
        (void)error_set(error, "no paper in %u", unit->replication);
    for (int ms = 0; model->trouble == IS_SLOW && here && ms < 20000 && !stop; ms++)
        nap_ms(1);
    if (here && model->trouble == IS_SLOW && stop)
        return UNIT_STOPPED;
    return !here                     ? UNIT_DONE
           : model->trouble == STOPS ? UNIT_STOPPED
           : model->trouble == FAILS ? UNIT_FAILED
                                     : UNIT_DONE;
}

static bool keep(void *pointer, const struct unit_result *unit, struct error *error)
{
    struct model *model = pointer;
    assert_true(unit->done);
    model->kept++;
    return !model->keeper_fails || error_set(error, "no room");
}

static bool is_wanted(void *pointer, size_t unit)
{
    (void)unit;
    return ((struct model *)pointer)->kept < ((struct model *)pointer)->most;
}

static enum exit_code help(struct ranks *ranks, void *pointer)
{
    struct model *model = pointer;
    struct letter letter;
    struct design design;
    struct farm farm = {
        .processes = model->processes, .run = run, .model = model, .stop = &stop, .ranks = ranks};
    model->here = ranks->rank;
    ranks_wait(ranks, &letter);
    CHECK(letter.kind == LETTER_TASK && strcmp(letter.text, task) == 0);
    free(letter.text);
    open_design(&design, &tables, 3, REPLICATIONS);
    enum exit_code code = farm_help(&farm, &design, model->cannot_help);
    design_fini(&design);
    free(ranks);
    return code;
}

/* Runs with so many ranks, and ends with a verdict that tells whether every rank hears it. */
static enum unit_end farm_it(struct design *design, struct model *model, int size,
                             struct error *error)
{
    double cpu_s = 0;
    struct ranks *ranks = socket_ranks_start(size, help, model);
    struct farm farm = {.processes = 1,
                        .run = run,
                        .keep = keep,
                        .model = model,
                        .stop = &stop,
                        .wanted = model->most > 0 ? is_wanted : NULL,
                        .ranks = ranks,
                        .task = task,
                        .task_bytes = strlen(task),
                        .helpers_cpu_s = &cpu_s};
    enum unit_end end = farm_run(&farm, design, error);
    assert_true(cpu_s > 0 || size == 1);
    socket_ranks_end(ranks, EXIT_NOT_MET);
    return end;
}

static void assert_units(const struct design *design)
{
    assert_int_equal(design->done, UNITS);
    for (size_t i = 0; i < UNITS; i++) {
        const struct unit_result *unit = design->units[i];
        assert_true(unit->done && unit->numerator[PAID] == 1.0 / (3.0 + unit->replication));
        assert_int_equal(unit->fingerprint,
                         99 * unit->point + 7 * unit->replication + unit->scheme);
    }
}

static void test_any_number_of_ranks(void **state)
{
    (void)state;
    for (int size = 1; size <= 5; size++)
        for (unsigned processes = 1; processes <= 3; processes += 2) {
            struct design design;
            struct model model = {.processes = processes};
            struct error error;
            open_design(&design, &tables, 3, REPLICATIONS);
            assert_int_equal(farm_it(&design, &model, size, &error), UNIT_DONE);
            assert_units(&design);
            assert_int_equal(model.kept, UNITS);
            assert_int_equal(farm_it(&design, &model, size, &error), UNIT_DONE);
            assert_int_equal(model.kept, UNITS); /* nothing is run twice */
            design_fini(&design);
        }
}

/* Four units last long: one process of five does all the rest meanwhile, and what is not wanted any
 * more in the end is dropped, wherever it runs. */
static void test_nobody_has_a_share(void **state)
{
    enum { SLOW = 4 };
    struct design design;
    struct error error;
    struct model model = {.processes = 1, .rank = -1, .trouble = IS_SLOW, .most = UNITS - SLOW};
    (void)state;
    open_design(&design, &tables, 3, REPLICATIONS);
    if (farm_it(&design, &model, 1 + SLOW, &error) != UNIT_DONE)
        fail_msg("said: %s", error.text);
    assert_int_equal(design.done, UNITS - SLOW);
    for (size_t i = 0; i < UNITS; i++)
        assert_true(design.units[i]->done == (design.units[i]->replication > 0));
    design_fini(&design);
}

/* Trouble on any rank ends the run; what was done is kept, and a second run does the rest. */
static void test_trouble(void **state)
{
    static const struct {
        int trouble;
        enum unit_end end;
        const char *why;
    } rows[] = {{STOPS, UNIT_STOPPED, ""},
                {FAILS, UNIT_FAILED, "no paper in 4"},
                {IS_KILLED, UNIT_FAILED, "replication 4 of"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int size = 2; size <= 4; size++) {
            struct design design;
            struct error error = {{0}};
            struct model model = {.replication = 4, .rank = -1, .processes = 1};
            memcpy(&model.trouble, &rows[i].trouble, sizeof model.trouble);
            open_design(&design, &tables, 3, REPLICATIONS);
            assert_int_equal(farm_it(&design, &model, size, &error), rows[i].end);
            if (strstr(error.text, rows[i].why) == NULL)
                fail_msg("said: %s", error.text);
            assert_int_equal(model.kept, design.done);
            assert_true(design.done >= 1 && design.done < UNITS);
            model.trouble = FINE;
            assert_int_equal(farm_it(&design, &model, size, &error), UNIT_DONE);
            assert_units(&design);
            design_fini(&design);
        }
}

/* The words of a rank that helps arrive, with its number. */
static void test_trouble_on_a_helper(void **state)
{
    struct design design;
    struct error error = {{0}};
    struct model model = {.processes = 2, .trouble = FAILS, .rank = 1};
    (void)state;
    open_design(&design, &tables, 3, REPLICATIONS);
    for (model.replication = 0; model.replication < REPLICATIONS; model.replication++)
        if (farm_it(&design, &model, 2, &error) == UNIT_FAILED)
            break; /* whichever units fell to rank 1 */
    assert_true(model.replication < REPLICATIONS);
    assert_non_null(strstr(error.text, "no paper in"));
    assert_non_null(strstr(error.text, "(on rank 1)"));
    design_fini(&design);
}

static void test_rank_that_cannot_help(void **state)
{
    struct design design;
    struct error error = {{0}};
    struct model model = {.processes = 1, .cannot_help = "is of another build"};
    (void)state;
    open_design(&design, &tables, 3, REPLICATIONS);
    assert_int_equal(farm_it(&design, &model, 3, &error), UNIT_FAILED);
    assert_non_null(strstr(error.text, ": is of another build"));
    design_fini(&design);
}

static void test_full_disk(void **state)
{
    struct design design;
    struct error error = {{0}};
    struct model model = {.processes = 1, .keeper_fails = true};
    (void)state;
    open_design(&design, &tables, 3, REPLICATIONS);
    assert_int_equal(farm_it(&design, &model, 3, &error), UNIT_FAILED);
    assert_string_equal(error.text, "no room");
    design_fini(&design);
}

static void test_stop_flag(void **state)
{
    struct design design;
    struct error error;
    struct model model = {.processes = 1};
    (void)state;
    stop = true;
    open_design(&design, &tables, 3, REPLICATIONS);
    assert_int_equal(farm_it(&design, &model, 3, &error), UNIT_STOPPED);
    assert_true(design.done < UNITS);
    stop = false;
    design_fini(&design);
}

/* --- who was started with whom --- */

static void say(const char *name, const char *value)
{
    assert_int_equal(value != NULL ? setenv(name, value, 1) : unsetenv(name), 0);
}

static void assert_started(int rank, int size)
{
    int found_rank = -1, found_size = -1;
    ranks_started(&found_rank, &found_size);
    assert_int_equal(found_rank, rank);
    assert_int_equal(found_size, size);
}

static void test_environment(void **state)
{
    static const char *const names[] = {
        "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE", "PMIX_RANK",
        "SLURM_STEP_NUM_TASKS", "CASHPOINT_MPI"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        say(names[i], NULL);
    assert_started(0, 1);
    say("PMIX_RANK", "2");
    assert_started(0, 1); /* of how many? */
    say("SLURM_STEP_NUM_TASKS", "3");
    assert_started(2, 3);
    say("OMPI_COMM_WORLD_RANK", "1");
    say("OMPI_COMM_WORLD_SIZE", "many");
    assert_started(2, 3);
    say("OMPI_COMM_WORLD_SIZE", "2");
    assert_started(1, 2);
    say("CASHPOINT_MPI", "OFF");
    assert_started(0, 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        say(names[i], NULL);
}

/* There is no module beside this test: told, with the ways out. */
static void test_no_module(void **state)
{
    struct ranks *ranks;
    struct error error = {{0}};
    (void)state;
    assert_true(ranks_join(&ranks, &error));
    assert_null(ranks);
    say("PMI_RANK", "0");
    say("PMI_SIZE", "3");
    assert_false(ranks_join(&ranks, &error));
    assert_null(ranks);
    assert_non_null(strstr(error.text, "-DCASHPOINT_MPI=ON"));
    say("PMI_RANK", NULL);
    say("PMI_SIZE", NULL);
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_term};
    sigaction(SIGTERM, &action, NULL);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_number_of_ranks),
                                       cmocka_unit_test(test_nobody_has_a_share),
                                       cmocka_unit_test(test_trouble),
                                       cmocka_unit_test(test_trouble_on_a_helper),
                                       cmocka_unit_test(test_rank_that_cannot_help),
                                       cmocka_unit_test(test_full_disk),
                                       cmocka_unit_test(test_stop_flag),
                                       cmocka_unit_test(test_environment),
                                       cmocka_unit_test(test_no_module)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
