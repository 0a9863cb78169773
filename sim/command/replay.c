/* cashpoint replay: one unit, or one capture, again from a run's own folder. */
#include "replay.h"
#include "engine/hash.h"
#include "experiment/unit_diff.h"
#include "manifest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_UNIT,
    OPTION_CAPTURE,
    OPTION_OUT,
    OPTION_TRACE,
    OPTION_TRACE_FROM,
    OPTION_TRACE_TO,
    OPTION_TRACE_ENTITY,
    OPTION_JOBS
};

enum { FILE_BYTES_MAX = 16 << 20, DIFFERENCES_SHOWN = 10 };

/* --- the folder --- */

static void warn_of_difference(const char *part, const char *then, const char *now)
{
    warn("%s: the run had %s, this is %s; the numbers may differ", part, then, now);
}

static void compare_build(struct replay *replay, const struct folder *folder)
{
    struct file_bytes manifest;
    struct error error;
    replay->finished = folder_has(folder, "manifest.json");
    if (!replay->finished) {
        warn("%s/manifest.json is missing, so the run is not finished", folder->path);
    } else if (folder_read(folder, "manifest.json", FILE_BYTES_MAX, &manifest, &error)) {
        manifest_compare((const char *)manifest.data, warn_of_difference);
        free(manifest.data);
    } else {
        warn("%s", error.text);
    }
}

/* The file must be the one that was written with the journal. */
static bool check_scenario(const struct folder *folder, uint64_t hash, struct error *error)
{
    struct file_bytes text;
    if (!folder_read(folder, "scenario.yaml", FILE_BYTES_MAX, &text, error))
        return false;
    bool same = hash_bytes(HASH_START, text.data, text.length) == hash;
    free(text.data);
    return same || error_set(error,
                             "%s/scenario.yaml: is not the file that the journal was written "
                             "with; was it changed?",
                             folder->path);
}

static bool read_folder(struct replay *replay, struct error *error)
{
    struct folder folder;
    char path[RUN_PATH_BYTES + 16];
    run_journal_path(replay->run, path);
    if (!folder_open(&folder, replay->run->directory, error))
        return false;
    bool good = journal_identify(path, &replay->written, error) &&
                check_scenario(&folder, replay->written.scenario_hash, error);
    if (good)
        compare_build(replay, &folder);
    folder_close(&folder);
    return good;
}

/* What this program makes of the scenario, against what that of the run did. */
static void compare_identity(struct replay *replay)
{
    struct journal_identity now = run_identify(replay->run);
    replay->other_build = strcmp(now.build, replay->written.build) != 0;
    if (replay->other_build)
        warn("the journal was written by build %s, this is %s: only the same build is sure to "
             "give the same bits",
             replay->written.build, now.build);
    if (now.scenario_hash != replay->written.scenario_hash)
        warn("this build makes something else of scenario.yaml: it has other keys");
}

static enum exit_code open_run(struct replay *replay, const char *directory)
{
    struct run *run = replay->run;
    struct error error;
    char scenario[RUN_PATH_BYTES + 16], journal[RUN_PATH_BYTES + 16];
    snprintf(run->directory, sizeof run->directory, "%s", directory);
    snprintf(scenario, sizeof scenario, "%s/scenario.yaml", run->directory);
    if (!read_folder(replay, &error))
        return complain(EXIT_BAD_INPUT, "%s", error.text);
    enum exit_code code = run_read_scenario(run, scenario, NULL, 0);
    if (code != EXIT_DONE)
        return code;
    snprintf(run->scenario.name, sizeof run->scenario.name, "%s", replay->written.scenario);
    compare_identity(replay);
    run_journal_path(run, journal);
    replay->damaged = !journal_check(journal, &error);
    if (replay->damaged)
        warn("%s; the units from there on were not read", error.text);
    return journal_load(journal, &replay->written, &run->design, &error)
               ? EXIT_DONE
               : complain(EXIT_BAD_INPUT, "%s", error.text);
}

/* --- running --- */

/* A trace that is not whole is said, and the rest goes on. */
static bool close_trace(struct trace *trace, enum unit_end end, const struct unit_result *unit,
                        const struct error *why)
{
    struct error error;
    if (trace->file == NULL || run_trace_close(trace, end, unit, why->text, &error))
        return true;
    complain(EXIT_FAILED, "%s", error.text);
    return false;
}

enum exit_code replay_run(struct replay *replay, struct unit_result *unit,
                          struct wanted_capture *wanted, enum unit_end *end)
{
    struct run *run = replay->run;
    struct trace_filter filter;
    struct trace trace = {.file = NULL};
    struct error error, why = {{0}};
    if (!run_trace_filter(run, &replay->wish, unit, &filter))
        return EXIT_USAGE;
    if (replay->wish.file != NULL &&
        !run_trace_open(run, &trace, replay->wish.file, &filter, unit, &error))
        return complain(EXIT_FAILED, "--trace: %s", error.text);
    run->trace = trace.file != NULL ? &trace : NULL;
    run->wanted = wanted;
    *end = run_unit_here(run, unit, &why);
    run->trace = NULL;
    bool whole = close_trace(&trace, *end, unit, &why);
    if (*end == UNIT_FAILED)
        return complain(EXIT_FAILED, "%s", why.text);
    if (*end == UNIT_STOPPED && (wanted == NULL || !wanted->found))
        return complain(EXIT_INTERRUPTED, "interrupted; a replay starts again from the beginning");
    return whole ? EXIT_DONE : EXIT_FAILED;
}

/* --- a unit, compared --- */

static void print_metrics(FILE *out, const struct unit_result *unit)
{
    for (size_t i = 0; i < unit->tables->measure_count; i++) {
        const struct measure *measure = &unit->tables->measures[i];
        double value = unit_value(unit, i);
        if (!isnan(value))
            fprintf(out, "%-36s%-16.10g%s\n", measure->name, value,
                    strcmp(measure->unit, "1") == 0 ? "" : measure->unit);
    }
}

/* The first few lines of a text, and how many more there are. */
static void print_some(const char *text, size_t lines)
{
    for (size_t i = 0; i < lines && i < DIFFERENCES_SHOWN; i++) {
        int length = (int)strcspn(text, "\n");
        fprintf(stderr, "    %.*s\n", length, text);
        text += length + 1;
    }
    if (lines > DIFFERENCES_SHOWN)
        fprintf(stderr, "    and %zu more\n", lines - DIFFERENCES_SHOWN);
}

/* The journal of a run that came to its end holds every unit, but where it could stop early. */
static enum exit_code say_missing(const struct replay *replay, const char *unit)
{
    const struct run *run = replay->run;
    if (replay->damaged)
        return complain(EXIT_FAILED, "%s is not in what is whole of %s/journal: not compared", unit,
                        run->directory);
    if (replay->other_build)
        return complain(EXIT_FAILED,
                        "%s is not in what this build can read of %s/journal, which another one "
                        "wrote: not compared",
                        unit, run->directory);
    if (replay->finished && run->settings->precision_metric[0] == '\0')
        return complain(EXIT_FAILED, "%s is missing in %s/journal, though the run is finished",
                        unit, run->directory);
    warn("%s/journal does not hold %s: nothing to compare with", run->directory, unit);
    return EXIT_DONE;
}

static enum exit_code compare(const struct replay *replay, const struct unit_result *now,
                              const struct unit_result *then)
{
    const char *directory = replay->run->directory;
    struct unit_name name = run_unit_name(replay->run, now);
    char *text = NULL;
    size_t length = 0;
    if (!then->done)
        return say_missing(replay, name.text);
    FILE *memory = open_memstream(&text, &length);
    CHECK(memory != NULL);
    size_t differences = unit_diff(now, then, memory);
    CHECK(fclose(memory) == 0);
    if (differences == 0)
        fprintf(replay->out, "\n%s is the same to the last bit as in %s/journal\n", name.text,
                directory);
    else {
        complain(EXIT_FAILED, "%s is not what %s/journal says%s:", name.text, directory,
                 replay->other_build ? " (which another build wrote)" : "");
        print_some(text, differences);
    }
    free(text);
    return differences == 0 ? EXIT_DONE : EXIT_FAILED;
}

static enum exit_code replay_unit(struct replay *replay, const char *text)
{
    const struct unit_result *then = run_find_unit(replay->run, "--unit", text);
    enum unit_end end;
    if (then == NULL)
        return EXIT_USAGE;
    struct unit_result *now = unit_result_new(then->tables, then->scheme, then->replication);
    now->point = then->point;
    enum exit_code code = replay_run(replay, now, NULL, &end);
    if (code == EXIT_DONE || (code == EXIT_FAILED && end == UNIT_DONE)) {
        print_metrics(replay->out, now);
        fprintf(replay->out, "%-36s%016llx\n", "fingerprint", (unsigned long long)now->fingerprint);
        enum exit_code compared = compare(replay, now, then);
        code = code == EXIT_DONE ? compared : code;
    }
    unit_result_free(now);
    return code;
}

/* --- the command --- */

static enum exit_code replay_all(struct replay *replay, const struct arguments *arguments)
{
    const char *const *options = arguments->options;
    if (options[OPTION_UNIT] != NULL && options[OPTION_CAPTURE] != NULL)
        return complain(EXIT_USAGE, "--capture names its unit itself: leave --unit out");
    if (options[OPTION_OUT] != NULL && options[OPTION_CAPTURE] == NULL)
        return complain(EXIT_USAGE, "--out is for the pictures of a --capture");
    if (options[OPTION_JOBS] != NULL &&
        !argument_number("jobs", options[OPTION_JOBS], 1, 256, &replay->run->jobs))
        return EXIT_USAGE;
    enum exit_code code = open_run(replay, arguments->words[0]);
    if (code != EXIT_DONE)
        return code;
    return options[OPTION_CAPTURE] != NULL
               ? replay_capture(replay, options[OPTION_CAPTURE], options[OPTION_OUT])
               : replay_unit(replay, options[OPTION_UNIT]);
}

static enum exit_code replay(const struct arguments *arguments)
{
    const char *const *options = arguments->options;
    const char *trace = options[OPTION_TRACE];
    struct replay it = {.run = run_new(false),
                        .wish = {trace, options[OPTION_TRACE_FROM], options[OPTION_TRACE_TO],
                                 options[OPTION_TRACE_ENTITY]},
                        .out = trace != NULL && strcmp(trace, "-") == 0 ? stderr : stdout};
    enum exit_code code = replay_all(&it, arguments);
    run_fini(it.run);
    return code;
}

const struct command command_replay = {
    .name = "replay",
    .takes = "DIR [--unit UNIT | --capture ID] [options]",
    .help = "Run one unit, or one capture, of a run again from its folder",
    .more =
        "A unit is SCHEME/REPLICATION, as in image-code/0; a capture's ID is that of its unit and "
        "its\nnumber, as in image-code/0/12 (gallery.csv has all three; a trace has the number). "
        "Where a\nscenario sweeps, POINT/ stands before both.\n\n"
        "Examples:\n"
        "  cashpoint replay results/town/1 --unit image-code/3\n"
        "      runs it again, prints its metrics, and compares them with the journal: the same to "
        "the\n      last bit, or exit 1 and what differs\n"
        "  cashpoint replay results/town/1 --unit image-code/3 --trace - --trace-entity "
        "customer:17\n      tells what happened to one customer\n"
        "  cashpoint replay results/town/1 --capture image-code/0/12\n"
        "      writes code, stages and frame as PNG, and says why it was read or refused",
    .run = replay,
    .options = {{"unit", "UNIT", "The unit to run again (default: the first)"},
                {"capture", "ID", "The capture to make again"},
                {"out", "DIR", "Folder of its pictures (default: DIR/replay/ID)"},
                {"trace", "FILE", "Write what happened, line by line (-: standard output)"},
                {"trace-from", "TIME", "... from this simulated time on, as in '9 h'"},
                {"trace-to", "TIME", "... up to this one"},
                {"trace-entity", "KIND:N", "... where it concerns this one, as in customer:17"},
                {"jobs", "N", "Processors to use (default: all)"}},
    .least_words = 1,
    .most_words = 1,
};
