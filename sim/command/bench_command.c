/* cashpoint bench: what the core costs on this machine. */
#include "bench/bench.h"
#include "command.h"

#include <stdio.h>

enum {
    OPTION_JSON,
    OPTION_JOBS,
    OPTION_QUICK,
    OPTION_ITEMS,
    OPTION_PLOTS,
    OPTION_SERVICE,
    OPTION_LIST
};

static enum exit_code bench(const struct arguments *arguments)
{
    int64_t jobs = processors_online(), items = 0;
    struct error error;
    if (arguments->options[OPTION_LIST] != NULL) {
        bench_list(stdout);
        return EXIT_DONE;
    }
    if (arguments->options[OPTION_JOBS] != NULL &&
        !argument_number("jobs", arguments->options[OPTION_JOBS], 1, 256, &jobs))
        return EXIT_USAGE;
    if (arguments->options[OPTION_ITEMS] != NULL &&
        !argument_number("items", arguments->options[OPTION_ITEMS], 1, 100000000, &items))
        return EXIT_USAGE;
    struct bench_options options = {.suites = (const char *const *)arguments->words,
                                    .suite_count = arguments->word_count,
                                    .json_path = arguments->options[OPTION_JSON],
                                    .plots = arguments->options[OPTION_PLOTS],
                                    .service = arguments->options[OPTION_SERVICE],
                                    .items = (size_t)items,
                                    .jobs = (int)jobs,
                                    .quick = arguments->options[OPTION_QUICK] != NULL};
    enum exit_code code = bench_run(&options, stdout, stderr, &error);
    return code == EXIT_DONE ? code : complain(code, "%s", error.text);
}

const struct command command_bench = {
    .name = "bench",
    .takes = "[SUITE...] [options]",
    .help = "Measure the decoder and the capture pipeline on this machine",
    .more =
        "Without a suite all run. Times are CPU time; every row checks its answers before it "
        "quotes a speed. Of 'decode' a part can run alone: decode/noise, decode/code128/blur/2.",
    .run = bench,
    .options = {{"json", "FILE", "Write context and rows as JSON too"},
                {"jobs", "N", "Threads of the all-cores rows (default: all processors)"},
                {"quick", NULL, "Few samples: a check that it works, not a measurement"},
                {"items", "N", "Frames a cell of decode and misreads (default: 200 and 100)"},
                {"plots", "DIR", "Draw what decode and misreads found, into this folder"},
                {"service", "ROW=FILE",
                 "Write a row's times, for bank.service: empirical(file FILE)"},
                {"list", NULL, "List the suites"}},
    .least_words = 0,
    .most_words = 64,
};
