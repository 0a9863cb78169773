/* cashpoint run: a scenario file in, a folder of records and a report out. */
#include "run.h"
#include "engine/hash.h"
#include "question.h"
#include "run_trace.h"
#include "version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_SET,
    OPTION_SEED,
    OPTION_REPLICATIONS,
    OPTION_JOBS,
    OPTION_OUT,
    OPTION_RESUME,
    OPTION_SHARD,
    OPTION_NO_REPORT,
    OPTION_TRACE,
    OPTION_TRACE_FROM,
    OPTION_TRACE_TO,
    OPTION_TRACE_ENTITY,
    OPTION_TRACE_UNIT
};

/* Short forms of --set; `*count` grows. */
static bool add_short_settings(const struct arguments *arguments, const char **set, size_t *count,
                               char seed[64], char replications[64])
{
    int64_t number;
    const char *text = arguments->options[OPTION_SEED];
    if (text != NULL) {
        if (!argument_number("seed", text, 0, INT64_C(1) << 53, &number))
            return false;
        snprintf(seed, 64, "seed=%lld", (long long)number);
        set[(*count)++] = seed;
    }
    text = arguments->options[OPTION_REPLICATIONS];
    if (text != NULL) {
        if (!argument_number("replications", text, 1, 1000, &number))
            return false;
        snprintf(replications, 64, "replications=%lld", (long long)number);
        set[(*count)++] = replications;
    }
    return true;
}

static void make_points(struct run *run)
{
    size_t count = sweep_points(&run->scenario.sweep);
    const struct model_tables **tables = calloc(count, sizeof *tables);
    run->points = calloc(count, sizeof *run->points);
    CHECK(tables != NULL && run->points != NULL);
    for (size_t i = 0; i < count; i++) {
        run->points[i].settings = scenario_point(&run->scenario, i);
        model_init(&run->points[i].model, run->points[i].settings);
        tables[i] = &run->points[i].model.tables;
    }
    design_init(&run->design, tables, count, run->settings->schemes,
                (unsigned)run->settings->replications);
    free(tables);
}

static void free_points(struct run *run, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        summary_free(&run->points[i].summary);
        free(run->points[i].settings);
    }
    free(run->points);
}

enum exit_code run_read_scenario(struct run *run, const char *path, const char *const *set,
                                 size_t count)
{
    if (!scenario_read(&run->scenario, &settings_table, path, set, count, stderr))
        return EXIT_BAD_INPUT;
    run->settings = run->scenario.settings;
    if (!question_fits(&run->scenario))
        return EXIT_BAD_INPUT;
    CHECK(run_resolve(run));
    make_points(run);
    return EXIT_DONE;
}

struct journal_identity run_identify(const struct run *run)
{
    struct journal_identity identity = {
        .build = CASHPOINT_VERSION "-" CASHPOINT_COMMIT,
        .scenario_hash = hash_bytes(HASH_START, run->resolved, run->resolved_length)};
    snprintf(identity.scenario, sizeof identity.scenario, "%s", run->scenario.name);
    return identity;
}

void run_journal_path(const struct run *run, char path[RUN_PATH_BYTES + 16])
{
    snprintf(path, RUN_PATH_BYTES + 16, "%s/journal", run->directory);
}

/* "2/3": the second of three. */
static bool take_shard(struct run *run, const char *text)
{
    unsigned shard, shards;
    char rest;
    if (text == NULL)
        return true;
    if (sscanf(text, "%5u/%5u%c", &shard, &shards, &rest) != 2 || shard < 1 || shard > shards) {
        complain(EXIT_USAGE, "--shard takes I/N, the I-th of N parts as in 2/3, not '%s'", text);
        return false;
    }
    if (shards > 1 && run->settings->precision_metric[0] != '\0') {
        complain(EXIT_USAGE, "--shard cannot know when the precision asked for is reached: leave "
                             "precision.metric out");
        return false;
    }
    run->design.shard = shard - 1;
    run->design.shards = shards;
    return true;
}

static bool plan_trace(const struct run *run, const struct arguments *arguments,
                       struct trace_plan *plan)
{
    const char *const *options = arguments->options;
    struct trace_wish wish = {options[OPTION_TRACE], options[OPTION_TRACE_FROM],
                              options[OPTION_TRACE_TO], options[OPTION_TRACE_ENTITY]};
    return run_trace_plan(run, &wish, options[OPTION_TRACE_UNIT], plan);
}

static enum exit_code start_new(struct run *run, const struct arguments *arguments,
                                struct trace_plan *plan)
{
    const char *set[COMMAND_MAX_SETTINGS + 2];
    char seed[64], replications[64], path[RUN_PATH_BYTES + 16];
    size_t count = arguments->setting_count;
    struct error error;
    memcpy(set, arguments->settings, count * sizeof *set);
    if (!add_short_settings(arguments, set, &count, seed, replications))
        return EXIT_USAGE;
    enum exit_code code = run_read_scenario(run, arguments->words[0], set, count);
    if (code != EXIT_DONE)
        return code;
    if (!take_shard(run, arguments->options[OPTION_SHARD]) || !plan_trace(run, arguments, plan))
        return EXIT_USAGE;
    if (!run_make_folder(run, arguments->options[OPTION_OUT], &error))
        return complain(EXIT_FAILED, "%s", error.text);
    struct journal_identity identity = run_identify(run);
    run_journal_path(run, path);
    if (!run_write_scenario(run, &error) || !journal_create(&run->journal, path, &identity, &error))
        return complain(EXIT_FAILED, "%s", error.text);
    return EXIT_DONE;
}

/* Everything but --jobs, --shard, --no-report and what to trace comes from the folder. */
static enum exit_code start_again(struct run *run, const struct arguments *arguments,
                                  struct trace_plan *plan)
{
    const char *directory = arguments->options[OPTION_RESUME];
    char path[RUN_PATH_BYTES + 16], scenario[RUN_PATH_BYTES + 16];
    struct journal_identity found;
    struct error error;
    snprintf(run->directory, sizeof run->directory, "%s", directory);
    run_journal_path(run, path);
    snprintf(scenario, sizeof scenario, "%s/scenario.yaml", run->directory);
    if (!journal_identify(path, &found, &error))
        return complain(EXIT_BAD_INPUT, "%s", error.text);
    enum exit_code code = run_read_scenario(run, scenario, NULL, 0);
    if (code != EXIT_DONE)
        return code;
    snprintf(run->scenario.name, sizeof run->scenario.name, "%s", found.scenario);
    struct journal_identity identity = run_identify(run);
    if (!journal_resume(&run->journal, path, &identity, &run->design, &error))
        return complain(EXIT_BAD_INPUT, "%s", error.text);
    fprintf(stderr, "%s: %zu of %zu units are done\n", path, run->design.done, run->design.count);
    if (!take_shard(run, arguments->options[OPTION_SHARD]))
        return EXIT_USAGE;
    return plan_trace(run, arguments, plan) ? EXIT_DONE : EXIT_USAGE;
}

static bool check_words(const struct arguments *arguments)
{
    bool resume = arguments->options[OPTION_RESUME] != NULL;
    bool settled = arguments->setting_count > 0 || arguments->options[OPTION_SEED] != NULL ||
                   arguments->options[OPTION_REPLICATIONS] != NULL ||
                   arguments->options[OPTION_OUT] != NULL;
    if (resume && (settled || arguments->word_count > 0))
        complain(EXIT_USAGE, "--resume goes on with what DIR says: name no scenario, and nothing "
                             "but --jobs, --shard, --no-report and --trace beside it");
    else if (!resume && arguments->word_count != 1)
        complain(EXIT_USAGE, "usage: cashpoint run SCENARIO ('cashpoint run --help' explains)");
    else
        return true;
    return false;
}

static enum exit_code run_all(struct run *run, const struct arguments *arguments)
{
    struct trace_plan plan = {.file = NULL};
    enum exit_code code = arguments->options[OPTION_RESUME] != NULL
                              ? start_again(run, arguments, &plan)
                              : start_new(run, arguments, &plan);
    if (code == EXIT_DONE && plan.file != NULL)
        code = run_traced_unit(run, &plan);
    if (code == EXIT_DONE)
        code = run_units(run);
    if (code == EXIT_DONE && run->design.shards > 1)
        printf(
            "shard       %u/%u: %zu of %zu units are in %s/journal; 'cashpoint merge' puts shards "
            "together\n",
            run->design.shard + 1, run->design.shards, run->design.done, run->design.count,
            run->directory);
    else if (code == EXIT_DONE)
        code = run_finish(run);
    return code == EXIT_DONE && plan.failed ? EXIT_FAILED : code;
}

void run_fini(struct run *run)
{
    run_stop_workers(run);
    journal_close(&run->journal);
    size_t points = run->design.point_count;
    design_fini(&run->design); /* its units look at the points' tables */
    free_points(run, points);
    free(run->resolved);
    ranks_leave(run->ranks);
    if (run->settings != NULL)
        scenario_fini(&run->scenario);
    free(run);
}

struct run *run_new(bool report)
{
    struct run *run = calloc(1, sizeof *run);
    CHECK(run != NULL);
    run->jobs = processors_online();
    run->report = report;
    return run;
}

static enum exit_code run_scenario(const struct arguments *arguments)
{
    if (!check_words(arguments))
        return EXIT_USAGE;
    const char *jobs = arguments->options[OPTION_JOBS];
    struct run *run = run_new(arguments->options[OPTION_NO_REPORT] == NULL);
    enum exit_code code = EXIT_USAGE;
    bool fine = jobs == NULL || argument_number("jobs", jobs, 1, 256, &run->jobs);
    if (fine && run_join(run, jobs != NULL, &code)) {
        code = run_all(run, arguments);
        run_tell_ranks(run, code);
    }
    run_fini(run);
    return code;
}

const struct command command_run = {
    .name = "run",
    .takes = "SCENARIO [options], or: cashpoint run --resume DIR",
    .help = "Run a scenario file; write records, plots and a report",
    .more =
        "Examples:\n  cashpoint run scenarios/quickstart.yaml --set bank.tries=5 --seed 7\n"
        "  cashpoint run scenarios/quickstart.yaml --set 'sweep.bank.tries=[3, 5, 7]'\n"
        "  cashpoint run scenarios/quickstart.yaml --set "
        "'sweep.terminals.atms=50 to 200 step 50'\n\n"
        "The same scenario, seed and build give the same records, byte for byte, for any "
        "--jobs;\nthe fingerprint says so. A run that was interrupted or killed goes on with "
        "--resume, to the\nsame bytes. 'cashpoint params' lists every KEY.\n\n"
        "On several machines, or as several ranks on one, by Open MPI (rank 0 hands out units "
        "and\nkeeps the journal; a lost rank ends the job, and --resume goes on with or "
        "without MPI, to the\nsame bytes):\n  mpirun -n 2 cashpoint run scenarios/quickstart.yaml",
    .run = run_scenario,
    .options = {{"set", "KEY=VALUE", "Override a key of the scenario (repeat as needed)"},
                {"seed", "N", "Short for --set seed=N"},
                {"replications", "N", "Short for --set replications=N"},
                {"jobs", "N", "Processors to use (default: all; of each rank under mpirun: 1)"},
                {"out", "DIR", "Folder to write (default: results/SCENARIO/TIME)"},
                {"resume", "DIR",
                 "Go on with a run that broke off; of a shard, name --shard again, or all is run"},
                {"shard", "I/N",
                 "Run the I-th of N parts only; 'cashpoint merge' puts them together"},
                {"no-report", NULL, "Write the records only"},
                {"trace", "FILE", "Write what happened in one unit, line by line"},
                {"trace-from", "TIME", "... from this simulated time on, as in '9 h'"},
                {"trace-to", "TIME", "... up to this one"},
                {"trace-entity", "KIND:N", "... where it concerns this one, as in customer:17"},
                {"trace-unit", "UNIT", "The unit, SCHEME/REPLICATION (default: the first)"}},
    .least_words = 0,
    .most_words = 1,
};
