/* How often a wrong string is accepted, over the hard cells of the grid, by which rules. */
#include "bench/select.h"
#include "bench/suite.h"
#include "bench/survey.h"

#include <math.h>

static void print_header(FILE *table, const struct survey *survey)
{
    fprintf(
        table,
        "%s: %zu frames of each of %zu hard cells. read: of all frames; wrong: of those "
        "accepted,\nwith the upper limit of Clopper and Pearson at 95 %% (one-sided)\n%-40s %9s "
        "%9s %7s %9s %9s\n",
        symbol_names[survey->symbol], survey->items, survey->cells, "", "frames", "read %", "wrong",
        "rate", "below");
}

static void print_line(FILE *table, const struct survey_rules *rules,
                       const struct survey_count *count)
{
    uint64_t accepted = count->right + count->wrong;
    fprintf(table, "  %-9s %-28s %9llu %9.2f %7llu", rules->name, rules->text,
            (unsigned long long)count->frames, 100 * (double)count->right / (double)count->frames,
            (unsigned long long)count->wrong);
    if (accepted == 0)
        fprintf(table, " %9s %9s\n", "-", "-");
    else
        fprintf(table, " %9.2g %9.2g\n", (double)count->wrong / (double)accepted,
                survey_limit(count));
}

static void add_row(struct bench *bench, const struct survey *survey, size_t i)
{
    const struct survey_count *count = &survey->counts[i];
    struct row row = {.answers = true,
                      .peer = true, /* to err is what is counted here */
                      .items = count->frames,
                      .right = count->right,
                      .wrong = count->wrong,
                      .median_s = NAN,
                      .mad_s = NAN,
                      .p99_s = NAN,
                      .rate_core = NAN,
                      .rate_all = NAN,
                      .instructions = NAN,
                      .ratio = NAN,
                      .jobs = survey->jobs};
    snprintf(row.note, sizeof row.note, "%s", survey_rules[i].text);
    bench_add(bench, symbol_names[survey->symbol], survey_rules[i].name, &row);
}

static void name_path(enum symbol symbol, size_t rules, char path[CELL_PATH_BYTES])
{
    (void)snprintf(path, CELL_PATH_BYTES, "%s/%s", symbol_names[symbol], survey_rules[rules].name);
}

static unsigned wanted_rules(const struct bench *bench, enum symbol symbol)
{
    unsigned wanted = 0;
    for (size_t i = 0; i < survey_rules_count; i++) {
        char path[CELL_PATH_BYTES];
        name_path(symbol, i, path);
        if (survey_applies(&survey_rules[i], symbol) && bench_wants(bench, path))
            wanted |= 1u << i;
    }
    return wanted;
}

static void run_symbol(struct bench *bench, enum symbol symbol)
{
    const struct effort *effort = bench_effort(bench);
    struct survey survey = {.symbol = symbol,
                            .items = effort->survey,
                            .jobs = effort->jobs,
                            .wanted = wanted_rules(bench, symbol)};
    if (survey.wanted == 0)
        return;
    survey_run(&survey);
    FILE *table = bench_table(bench);
    print_header(table, &survey);
    for (size_t i = 0; i < survey_rules_count; i++) {
        if ((survey.wanted >> i & 1) == 0)
            continue;
        print_line(table, &survey_rules[i], &survey.counts[i]);
        add_row(bench, &survey, i);
    }
    fflush(table);
}

static void run(struct bench *bench)
{
    for (int i = 0; i < SYMBOL_COUNT; i++)
        run_symbol(bench, (enum symbol)i);
}

static bool knows(const char *part)
{
    for (int i = 0; i < SYMBOL_COUNT; i++)
        for (size_t j = 0; j < survey_rules_count; j++) {
            char path[CELL_PATH_BYTES];
            name_path((enum symbol)i, j, path);
            if (survey_applies(&survey_rules[j], (enum symbol)i) && select_matches(part, path))
                return true;
        }
    return false;
}

const struct suite suite_misreads = {
    .name = "misreads",
    .help = "Wrong strings accepted on hard frames, with each safety rule switched off; "
            "misreads/code128, misreads/dotmatrix/strict and the like run a part",
    .run = run,
    .reference = "memcpy",
    .knows = knows,
    .own_table = true,
};
