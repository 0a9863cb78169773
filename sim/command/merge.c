/* cashpoint merge: the units of several journals, as one run. */
#include "run.h"

#include <stdio.h>

enum { MERGE_OUT, MERGE_NO_REPORT };

/* Takes the units of one more part; all parts must be of the same scenario and build. */
static bool take_part(struct run *run, const char *directory, struct error *error)
{
    struct journal_identity identity = run_identify(run);
    char path[RUN_PATH_BYTES + 16];
    snprintf(path, sizeof path, "%s/journal", directory);
    return journal_load(path, &identity, &run->design, error);
}

static bool keep_all(struct run *run, struct error *error)
{
    struct journal_identity identity = run_identify(run);
    char path[RUN_PATH_BYTES + 16];
    run_journal_path(run, path);
    bool good =
        run_write_scenario(run, error) && journal_create(&run->journal, path, &identity, error);
    for (size_t i = 0; i < run->design.count && good; i++)
        if (run->design.units[i]->done)
            good = journal_append(&run->journal, run->design.units[i], error);
    return good;
}

static enum exit_code merge_all(struct run *run, const struct arguments *arguments)
{
    char scenario[RUN_PATH_BYTES + 16], journal[RUN_PATH_BYTES + 16];
    struct journal_identity found;
    struct error error;
    snprintf(scenario, sizeof scenario, "%s/scenario.yaml", arguments->words[0]);
    snprintf(journal, sizeof journal, "%s/journal", arguments->words[0]);
    if (!journal_identify(journal, &found, &error))
        return complain(EXIT_BAD_INPUT, "%s", error.text);
    enum exit_code code = run_read_scenario(run, scenario, NULL, 0);
    if (code != EXIT_DONE)
        return code;
    snprintf(run->scenario.name, sizeof run->scenario.name, "%s", found.scenario);
    for (size_t i = 0; i < arguments->word_count; i++)
        if (!take_part(run, arguments->words[i], &error))
            return complain(EXIT_BAD_INPUT, "%s", error.text);
    if (!run_make_folder(run, arguments->options[MERGE_OUT], &error) || !keep_all(run, &error))
        return complain(EXIT_FAILED, "%s", error.text);
    if (run->design.done < run->design.count)
        return complain(EXIT_BAD_INPUT,
                        "%zu of %zu units are missing; to run them: cashpoint run --resume %s",
                        run->design.count - run->design.done, run->design.count, run->directory);
    progress_start(&run->progress, 1);
    return run_finish(run);
}

static enum exit_code merge(const struct arguments *arguments)
{
    struct run *run = run_new(arguments->options[MERGE_NO_REPORT] == NULL);
    enum exit_code code = merge_all(run, arguments);
    run_fini(run);
    return code;
}

const struct command command_merge = {
    .name = "merge",
    .takes = "DIR... [options]",
    .help = "Put the shards of a run together, to the bytes of a whole one",
    .more = "Example:\n  cashpoint run town.yaml --shard 1/2 --out a   (on one machine)\n"
            "  cashpoint run town.yaml --shard 2/2 --out b   (on another, the same build)\n"
            "  cashpoint merge a b --out whole",
    .run = merge,
    .options = {{"out", "DIR", "Folder to write (default: results/SCENARIO/TIME)"},
                {"no-report", NULL, "Write the records only"}},
    .least_words = 1,
    .most_words = 4096,
};
