#include "run.h"

#include "experiment/expectation.h"
#include "experiment/farm.h"
#include "matrix.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4 }; /* of one process, at most */

#define DEFAULT_PRECISION 0.05 /* as precision.within says of itself */

static volatile bool interrupted;

static void on_signal(int signal_number)
{
    (void)signal_number;
    interrupted = true;
}

/* The first signal ends the run in order; a second one ends it at once. Whoever reads what is
 * printed may leave: the records and the report are made all the same. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

void run_start_workers(struct run *run)
{
    unsigned width = 0, height = 0;
    int64_t jobs = run->jobs < THREADS ? run->jobs : THREADS;
    if (run->workers != NULL)
        return;
    for (size_t i = 0; i < run->design.point_count; i++) {
        unsigned columns, lines;
        world_frame_size(run->points[i].settings, &columns, &lines);
        width = columns > width ? columns : width;
        height = lines > height ? lines : height;
    }
    run->threads = jobs;
    run->pipelines = calloc((size_t)jobs, sizeof *run->pipelines);
    CHECK(run->pipelines != NULL);
    for (int64_t i = 0; i < jobs; i++)
        run->pipelines[i] = pipeline_new(width, height);
    run->workers = workers_new((int)jobs, (void *const *)run->pipelines, (size_t)jobs * 64);
}

void run_stop_workers(struct run *run)
{
    workers_free(run->workers);
    for (int64_t i = 0; i < run->threads; i++)
        pipeline_free(run->pipelines[i]);
    free(run->pipelines);
    run->workers = NULL;
    run->pipelines = NULL;
    run->threads = 0;
}

static void on_progress(void *observer, double fraction)
{
    struct run *run = observer;
    if (run->processes == 1 && run->ranks == NULL)
        progress_draw(&run->progress, fraction);
}

/* Ends the unit when it has come to the picture that is wanted. */
static void on_capture(void *observer, const struct exhibit *exhibit)
{
    struct wanted_capture *wanted = ((struct run *)observer)->wanted;
    wanted->last = exhibit->number;
    if (exhibit->number != wanted->number)
        return;
    wanted->found = true;
    wanted->exhibit = *exhibit;
    interrupted = true;
}

static void on_idle(void *model)
{
    struct run *run = model;
    run->progress.done = run->design.done;
    progress_draw(&run->progress, 0.0);
}

/* The unit's exhibits travel with its numbers, so that they survive in the journal. */
static void keep_gallery(struct unit_result *result, const struct gallery *gallery)
{
    result->extra_bytes = gallery->count * sizeof gallery->exhibits[0];
    result->extra = malloc(result->extra_bytes + 1);
    CHECK(result->extra != NULL);
    memcpy(result->extra, gallery->exhibits, result->extra_bytes);
}

static enum world_end run_world(const struct run *run, struct gallery *gallery,
                                const struct world_watch *watch, struct unit_result *result,
                                struct error *error)
{
    const struct settings *settings = run->points[result->point].settings;
    if (settings->world == WORLD_MATRIX)
        return matrix_run(settings, result->replication, run->workers, watch, result);
    return world_run(settings, (enum scheme)result->scheme, result->replication, run->workers,
                     result->replication == 0 ? gallery : NULL, watch, result, error);
}

static enum unit_end run_unit(void *model, struct unit_result *result, struct error *error)
{
    struct run *run = model;
    struct world_watch watch = {.progress = on_progress,
                                .observer = run,
                                .stop = &interrupted,
                                .trace = run->trace,
                                .capture = run->wanted != NULL ? on_capture : NULL};
    struct gallery *gallery = calloc(1, sizeof *gallery);
    CHECK(gallery != NULL);
    run_start_workers(run); /* of a fresh process of the farm */
    run->progress.what = scheme_names[result->scheme];
    run->progress.done = run->design.done;
    enum world_end end = run_world(run, gallery, &watch, result, error);
    keep_gallery(result, gallery);
    free(gallery);
    return end == WORLD_DONE ? UNIT_DONE : end == WORLD_STOPPED ? UNIT_STOPPED : UNIT_FAILED;
}

enum unit_end run_unit_here(struct run *run, struct unit_result *unit, struct error *error)
{
    catch_signals();
    run->processes = 1;
    progress_start(&run->progress, run->design.count);
    enum unit_end end = run_unit(run, unit, error);
    progress_end(&run->progress);
    run_stop_workers(run); /* the farm's processes have their own */
    return end;
}

static bool keep_unit(void *model, const struct unit_result *unit, struct error *error)
{
    struct run *run = model;
    return journal_append(&run->journal, unit, error);
}

struct precision run_precision_goal(const struct run *run)
{
    const struct settings *settings = run->settings;
    struct precision precision = {.relative = settings->precision,
                                  .confidence = 0.95,
                                  .least = (size_t)settings->precision_least,
                                  .most = (size_t)settings->replications};
    int scheme;
    size_t measure;
    struct error error;
    CHECK(expectation_find(&model_tables, settings->precision_metric, &scheme, &measure, &error));
    if (settings->precision_absolute[0] != '\0')
        CHECK(expectation_value(&model_tables.measures[measure], settings->precision_absolute,
                                &precision.absolute, &error));
    else if (precision.relative == 0.0)
        precision.relative = DEFAULT_PRECISION;
    return precision;
}

struct precision_result run_precision(const struct run *run, size_t point)
{
    const struct settings *settings = run->settings;
    const struct experiment *experiment = &run->design.points[point];
    struct precision precision = run_precision_goal(run);
    unsigned whole = experiment_whole(experiment), n = 0;
    double *values = calloc(whole + 1, sizeof *values);
    int scheme;
    size_t measure;
    struct error error;
    CHECK(values != NULL);
    CHECK(expectation_find(&model_tables, settings->precision_metric, &scheme, &measure, &error));
    for (; n < whole; n++) { /* a value that is missing ends what can be said */
        values[n] = unit_value(experiment_unit(experiment, (unsigned)scheme, n), measure);
        if (isnan(values[n]))
            break;
    }
    struct precision_result result = precision_check(&precision, values, n);
    free(values);
    return result;
}

/* A unit is wanted until its point is known well enough. */
static bool is_wanted(void *model, size_t unit)
{
    const struct run *run = model;
    return run_precision(run, run->design.units[unit]->point).verdict != PRECISION_REACHED;
}

/* Drops what was run ahead: the same replications are left whoever ran how many. */
static void keep_precise(struct run *run)
{
    for (size_t i = 0; i < run->design.point_count; i++) {
        struct precision_result *precision = &run->points[i].precision;
        *precision = run_precision(run, i);
        if (precision->verdict == PRECISION_REACHED)
            design_keep(&run->design, i, (unsigned)precision->used);
    }
}

/* Units fill the processors by processes. Each may use a few threads of its own besides: they
 * matter when fewer units are left than there are processors, and the last heavy ones would run
 * alone. */
static unsigned choose_processes(const struct run *run)
{
    size_t left = run->design.count - run->design.done;
    return left < 1 ? 1 : (int64_t)left < run->jobs ? (unsigned)left : (unsigned)run->jobs;
}

static enum exit_code complain_interrupted(const struct run *run)
{
    char shard[32] = "";
    if (run->design.shards > 1)
        snprintf(shard, sizeof shard, " --shard %u/%u", run->design.shard + 1, run->design.shards);
    return complain(EXIT_INTERRUPTED,
                    "interrupted after %zu of %zu units; to go on: cashpoint run --resume %s%s",
                    run->design.done, run->design.count, run->directory, shard);
}

enum exit_code run_keep_unit(struct run *run, enum unit_end end, struct unit_result *unit,
                             const struct error *why)
{
    struct error error;
    if (end == UNIT_STOPPED)
        return complain_interrupted(run);
    if (end == UNIT_FAILED)
        return complain(EXIT_FAILED, "%s", why->text);
    unit_result_finish(unit);
    run->design.done++;
    return keep_unit(run, unit, &error) ? EXIT_DONE : complain(EXIT_FAILED, "%s", error.text);
}

enum exit_code run_help(struct run *run, const char *trouble)
{
    struct farm farm = {.processes = (unsigned)run->jobs,
                        .run = run_unit,
                        .model = run,
                        .stop = &interrupted,
                        .ranks = run->ranks};
    catch_signals();
    return farm_help(&farm, &run->design, trouble);
}

enum exit_code run_units(struct run *run)
{
    struct error error;
    size_t task_bytes = 0;
    char *task = run->ranks != NULL ? run_task(run, &task_bytes) : NULL;
    catch_signals();
    run->processes = choose_processes(run);
    bool sequential = run->settings->precision_metric[0] != '\0';
    struct farm farm = {.processes = run->processes,
                        .run = run_unit,
                        .keep = keep_unit,
                        .model = run,
                        .stop = &interrupted,
                        .wanted = sequential ? is_wanted : NULL,
                        .idle = on_idle,
                        .ranks = run->ranks,
                        .task = task,
                        .task_bytes = task_bytes,
                        .helpers_cpu_s = &run->helpers_cpu_s};
    if (run->progress.all == 0)
        progress_start(&run->progress, run->design.count);
    run->progress.what = "units";
    enum unit_end end = farm_run(&farm, &run->design, &error);
    progress_end(&run->progress);
    free(task);
    if (end == UNIT_DONE && sequential)
        keep_precise(run);
    if (end == UNIT_DONE)
        return EXIT_DONE;
    if (end == UNIT_FAILED)
        return complain(EXIT_FAILED, "%s", error.text);
    return complain_interrupted(run);
}
