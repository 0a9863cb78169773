#include "run.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile bool interrupted;

static void on_signal(int signal_number)
{
    (void)signal_number;
    interrupted = true;
}

/* The first signal ends the run in order; a second one ends it at once. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
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

void run_stop_workers(struct run *run)
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

/* The unit's exhibits travel with its numbers, so that they survive in the journal. */
static void keep_gallery(struct unit_result *result, const struct gallery *gallery)
{
    result->extra_bytes = gallery->count * sizeof gallery->exhibits[0];
    result->extra = malloc(result->extra_bytes + 1);
    CHECK(result->extra != NULL);
    memcpy(result->extra, gallery->exhibits, result->extra_bytes);
}

static enum unit_end run_unit(void *model, struct unit_result *result, struct error *error)
{
    struct run *run = model;
    struct world_watch watch = {on_progress, &run->progress, &interrupted, BANK_SOUND};
    struct gallery *gallery = calloc(1, sizeof *gallery);
    CHECK(gallery != NULL);
    run->progress.what = scheme_names[result->scheme];
    run->progress.done = run->experiment.done;
    enum world_end end =
        world_run(run->settings, (enum scheme)result->scheme, result->replication, run->workers,
                  result->replication == 0 ? gallery : NULL, &watch, result, error);
    keep_gallery(result, gallery);
    free(gallery);
    if (end != WORLD_DONE)
        return end == WORLD_STOPPED ? UNIT_STOPPED : UNIT_FAILED;
    return journal_append(&run->journal, result, error) ? UNIT_DONE : UNIT_FAILED;
}

enum exit_code run_units(struct run *run)
{
    struct error error;
    catch_signals();
    start_workers(run);
    progress_start(&run->progress, run->experiment.count);
    enum unit_end end = experiment_run(&run->experiment, run_unit, run, &error);
    progress_end(&run->progress);
    if (end == UNIT_DONE)
        return EXIT_DONE;
    if (end == UNIT_FAILED)
        return complain(EXIT_FAILED, "%s", error.text);
    return complain(EXIT_INTERRUPTED,
                    "interrupted after %zu of %zu units; to go on: cashpoint run --resume %s",
                    run->experiment.done, run->experiment.count, run->directory);
}
