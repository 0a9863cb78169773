/* cashpoint run: a scenario file in, a folder of records and a report out. */
#include "command.h"
#include "experiment/summary.h"
#include "manifest.h"
#include "output/records_write.h"
#include "output/report.h"
#include "progress.h"
#include "summary_table.h"
#include "world.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { OPTION_SET, OPTION_SEED, OPTION_REPLICATIONS, OPTION_JOBS, OPTION_OUT, OPTION_NO_REPORT };

struct run {
    struct scenario scenario;
    struct settings *settings;
    struct experiment experiment;
    struct summary summary;
    struct gallery gallery;
    struct progress progress;
    struct workers *workers;
    struct pipeline **pipelines; /* one a job */
    int64_t jobs;
    char directory[4096];
};

static volatile bool interrupted;

static void on_signal(int signal_number)
{
    (void)signal_number;
    interrupted = true;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

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

static enum exit_code read_scenario(struct run *run, const struct arguments *arguments)
{
    const char *set[COMMAND_MAX_SETTINGS + 2];
    char seed[64], replications[64];
    size_t count = arguments->setting_count;
    struct error error;
    memcpy(set, arguments->settings, count * sizeof *set);
    if (!add_short_settings(arguments, set, &count, seed, replications))
        return EXIT_USAGE;
    if (!scenario_read(&run->scenario, &settings_table, arguments->words[0], set, count, stderr))
        return EXIT_BAD_INPUT;
    run->settings = run->scenario.settings;
    if (!settings_check(run->settings, &error)) {
        fprintf(stderr, "%s: error: %s\n1 error; nothing was run\n", arguments->words[0],
                error.text);
        return EXIT_BAD_INPUT;
    }
    return EXIT_DONE;
}

static bool make_folders(const char *path, struct error *error)
{
    char part[4096];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return error_set(error, "%s: cannot make the folder: %s", part, strerror(errno));
        *at = '/';
    }
    return true;
}

/* results/SCENARIO/TIME, or --out; never one that exists with something in it. */
static bool make_directory(struct run *run, const char *out, struct error *error)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm local;
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H-%M-%S", localtime_r(&now, &local));
    for (int again = 0; again < 100; again++) {
        char suffix[8] = "";
        if (again > 0)
            snprintf(suffix, sizeof suffix, "-%d", again + 1);
        if (out != NULL)
            snprintf(run->directory, sizeof run->directory, "%s", out);
        else
            snprintf(run->directory, sizeof run->directory, "results/%s/%s%s", run->scenario.name,
                     stamp, suffix);
        if (!make_folders(run->directory, error))
            return false;
        if (mkdir(run->directory, 0777) == 0)
            return true;
        if (errno == EEXIST && out != NULL)
            return rmdir(run->directory) == 0 && mkdir(run->directory, 0777) == 0
                       ? true
                       : error_set(error, "%s: exists already; name a new or empty folder", out);
        if (errno != EEXIST)
            break;
    }
    return error_set(error, "%s: cannot make the folder: %s", run->directory, strerror(errno));
}

static void start_workers(struct run *run)
{
    unsigned width, height;
    world_frame_size(run->settings, &width, &height);
    run->pipelines = calloc((size_t)run->jobs, sizeof *run->pipelines);
    CHECK(run->pipelines != NULL);
    for (int64_t i = 0; i < run->jobs; i++)
        run->pipelines[i] = pipeline_new(width, height);
    run->workers =
        workers_new((int)run->jobs, (void *const *)run->pipelines, (size_t)run->jobs * 64);
}

static void stop_workers(struct run *run)
{
    workers_free(run->workers);
    for (int64_t i = 0; run->pipelines != NULL && i < run->jobs; i++)
        pipeline_free(run->pipelines[i]);
    free(run->pipelines);
}

static void on_progress(void *observer, double fraction)
{
    progress_draw(observer, fraction);
}

static enum unit_end run_unit(void *model, unsigned scheme, unsigned replication,
                              struct unit_result *result, struct error *error)
{
    struct run *run = model;
    struct world_watch watch = {on_progress, &run->progress, &interrupted, BANK_SOUND};
    run->progress.what = scheme_names[scheme];
    enum world_end end = world_run(run->settings, (enum scheme)scheme, replication, run->workers,
                                   replication == 0 ? &run->gallery : NULL, &watch, result, error);
    run->progress.done++;
    return end == WORLD_DONE ? UNIT_DONE : end == WORLD_STOPPED ? UNIT_STOPPED : UNIT_FAILED;
}

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static bool write_scenario(const struct run *run, const struct folder *folder, struct error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&bytes, &length);
    CHECK(file != NULL);
    scenario_write(&run->scenario, file, false);
    fclose(file);
    bool good = folder_write(folder, "scenario.yaml", bytes, length, error);
    free(bytes);
    return good;
}

static bool write_all(struct run *run, struct manifest *manifest, struct error *error)
{
    struct folder folder;
    if (!folder_open(&folder, run->directory, error))
        return false;
    bool good =
        records_write(&folder, &run->experiment, &run->summary, &manifest->fingerprint, error) &&
        write_scenario(run, &folder, error) && manifest_write(&folder, manifest, error) &&
        gallery_write(&run->gallery, run->directory, scheme_names, run->pipelines[0], error);
    folder_close(&folder);
    return good;
}

static enum exit_code make_report(const struct run *run)
{
    struct error error;
    switch (report_make(run->directory, &error)) {
    case REPORT_DONE:
        return EXIT_DONE;
    case REPORT_NO_GNUPLOT:
        warn("%s; the records are written", error.text);
        return EXIT_MISSING_PROGRAM;
    case REPORT_FAILED:
        break;
    }
    return complain(EXIT_FAILED, "%s", error.text);
}

static enum exit_code finish(struct run *run, const struct arguments *arguments)
{
    struct error error;
    struct manifest manifest = {.scenario = &run->scenario,
                                .seed = run->settings->seed,
                                .jobs = run->jobs,
                                .wall_s = progress_elapsed_s(&run->progress),
                                .cpu_s = cpu_s()};
    enum exit_code code = EXIT_DONE;
    summary_make(&run->summary, &run->experiment);
    if (!write_all(run, &manifest, &error))
        return complain(EXIT_FAILED, "%s", error.text);
    if (arguments->options[OPTION_NO_REPORT] == NULL)
        code = make_report(run);
    summary_table_print(stdout, &run->summary, &run->experiment);
    printf(
        "\nfingerprint %016llx   seed %lld   %u replications   %.1f s on %lld of %lld processors\n",
        (unsigned long long)manifest.fingerprint, (long long)run->settings->seed,
        run->experiment.replications, manifest.wall_s, (long long)run->jobs,
        (long long)processors_online());
    if (arguments->options[OPTION_NO_REPORT] != NULL)
        printf("records     %s/\n", run->directory);
    else
        printf("report      %s/report.html\n", run->directory);
    return code;
}

static enum exit_code execute(struct run *run, const struct arguments *arguments)
{
    struct error error;
    if (!make_directory(run, arguments->options[OPTION_OUT], &error))
        return complain(EXIT_FAILED, "%s", error.text);
    catch_signals();
    start_workers(run);
    experiment_init(&run->experiment, &model_tables, run->settings->schemes,
                    (unsigned)run->settings->replications);
    progress_start(&run->progress, run->experiment.count);
    enum unit_end end = experiment_run(&run->experiment, run_unit, run, &error);
    progress_end(&run->progress);
    if (end == UNIT_DONE)
        return finish(run, arguments);
    rmdir(run->directory);
    if (end == UNIT_STOPPED)
        return complain(EXIT_INTERRUPTED, "interrupted after %zu of %zu units; nothing was written",
                        run->experiment.done, run->experiment.count);
    return complain(EXIT_FAILED, "%s", error.text);
}

static enum exit_code run_scenario(const struct arguments *arguments)
{
    struct run *run = calloc(1, sizeof *run);
    CHECK(run != NULL);
    run->jobs = processors_online();
    const char *jobs = arguments->options[OPTION_JOBS];
    enum exit_code code = EXIT_USAGE;
    if (jobs == NULL || argument_number("jobs", jobs, 1, 256, &run->jobs)) {
        code = read_scenario(run, arguments);
        if (code == EXIT_DONE)
            code = execute(run, arguments);
        stop_workers(run);
        summary_free(&run->summary);
        experiment_fini(&run->experiment);
        if (run->settings != NULL)
            scenario_fini(&run->scenario);
    }
    free(run);
    return code;
}

const struct command command_run = {
    .name = "run",
    .takes = "SCENARIO [options]",
    .help = "Run a scenario file; write records, plots and a report",
    .more =
        "Example:\n  cashpoint run scenarios/quickstart.yaml --set bank.tries=5 --seed 7\n\n"
        "The same scenario, seed and build give the same records, byte for byte, for any --jobs;\n"
        "the fingerprint says so. 'cashpoint params' lists every KEY.",
    .run = run_scenario,
    .options = {{"set", "KEY=VALUE", "Override a key of the scenario (repeat as needed)"},
                {"seed", "N", "Short for --set seed=N"},
                {"replications", "N", "Short for --set replications=N"},
                {"jobs", "N", "Threads (default: as many as there are processors)"},
                {"out", "DIR", "Folder to write (default: results/SCENARIO/TIME)"},
                {"no-report", NULL, "Write the records only"}},
    .least_words = 1,
    .most_words = 1,
};
