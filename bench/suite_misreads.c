/* How often a wrong string is accepted, over the hard cells of the grid, by which rules. */
#include "bench/suite.h"
#include "bench/survey.h"
#include "engine/statistics.h"

#include <math.h>
#include <string.h>

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
    fprintf(table, "  %-8s %-29s %9llu %9.2f %7llu", rules->name, rules->text,
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

static void run_symbol(struct bench *bench, enum symbol symbol)
{
    const struct effort *effort = bench_effort(bench);
    struct survey survey = {.symbol = symbol, .items = effort->survey, .jobs = effort->jobs};
    survey_run(&survey);
    if (survey.cells == 0)
        return;
    FILE *table = bench_table(bench);
    print_header(table, &survey);
    for (size_t i = 0; i < survey_rules_count; i++) {
        if (!survey_applies(&survey_rules[i], symbol))
            continue;
        print_line(table, &survey_rules[i], &survey.counts[i]);
        add_row(bench, &survey, i);
    }
    fflush(table);
}

static void run(struct bench *bench)
{
    for (int i = 0; i < SYMBOL_COUNT; i++)
        if (bench_wants(bench, symbol_names[i]))
            run_symbol(bench, (enum symbol)i);
}

static bool knows(const char *part)
{
    for (size_t i = 0; i < cell_count; i++)
        if (cells[i].hard && strcmp(part, symbol_names[cells[i].symbol]) == 0)
            return true;
    return false;
}

const struct suite suite_misreads = {
    .name = "misreads",
    .help = "Wrong strings accepted on hard frames, with each safety rule switched off; "
            "misreads/code128 and the like run one symbology",
    .run = run,
    .reference = "memcpy",
    .knows = knows,
    .own_table = true,
};
