#include "bench/bench.h"
#include "bench/curves.h"
#include "bench/rows.h"
#include "bench/select.h"
#include "bench/suite.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct suite *const suites[] = {
    &suite_decode, &suite_pipeline, &suite_events,   &suite_random, &suite_engine,
    &suite_bank,   &suite_camera,   &suite_misreads, &suite_verify, &suite_hostile};

enum { SUITE_COUNT = sizeof suites / sizeof suites[0] };

struct bench {
    const struct suite *suite; /* that runs */
    const struct bench_options *options;
    struct effort effort;
    struct row *rows;
    size_t count, capacity;
    FILE *table, *progress;
};

void bench_list(FILE *table)
{
    for (size_t i = 0; i < SUITE_COUNT; i++)
        fprintf(table, "%-10s %s\n", suites[i]->name, suites[i]->help);
}

const struct effort *bench_effort(const struct bench *bench)
{
    return &bench->effort;
}

static struct row *new_row(struct bench *bench)
{
    if (bench->count == bench->capacity) {
        bench->capacity = bench->capacity == 0 ? 32 : 2 * bench->capacity;
        bench->rows = realloc(bench->rows, bench->capacity * sizeof *bench->rows);
        CHECK(bench->rows != NULL);
    }
    struct row *row = &bench->rows[bench->count++];
    memset(row, 0, sizeof *row);
    return row;
}

const struct row *bench_measure(struct bench *bench, const char *work_name,
                                const struct subject *subject, const void *work,
                                const struct answer *truths, double reference_s)
{
    struct row *row = new_row(bench);
    snprintf(row->name, sizeof row->name, "%s/%s/%s", bench->suite->name, work_name, subject->name);
    if (bench->progress != NULL)
        fprintf(bench->progress, "\r%s\033[K", row->name);
    measure(subject, work, truths, &bench->effort, row);
    row->ratio = reference_s > 0 ? row->median_s / reference_s : NAN;
    row->reference = bench->suite->reference;
    if (bench->progress != NULL)
        fputs("\r\033[K", bench->progress);
    rows_print(bench->table, row);
    fflush(bench->table);
    return row;
}

const struct row *bench_read(struct bench *bench, const char *work_name,
                             const struct subject *subject, const void *work,
                             const struct answer *truths, size_t items)
{
    struct row *row = new_row(bench);
    snprintf(row->name, sizeof row->name, "%s/%s/%s", bench->suite->name, work_name, subject->name);
    if (bench->progress != NULL)
        fprintf(bench->progress, "\r%s\033[K", row->name);
    measure_once(subject, work, truths, items, row);
    row->ratio = NAN;
    row->reference = bench->suite->reference;
    if (bench->progress != NULL)
        fputs("\r\033[K", bench->progress);
    return row;
}

void bench_add(struct bench *bench, const char *work_name, const char *subject,
               const struct row *filled)
{
    struct row *row = new_row(bench);
    *row = *filled;
    row->reference = bench->suite->reference;
    snprintf(row->name, sizeof row->name, "%s/%s/%s", bench->suite->name, work_name, subject);
}

FILE *bench_table(const struct bench *bench)
{
    return bench->table;
}

static const struct suite *find_suite(const char *word)
{
    for (size_t i = 0; i < SUITE_COUNT; i++)
        if (select_part(word, suites[i]->name) != NULL)
            return suites[i];
    return NULL;
}

bool bench_wants(const struct bench *bench, const char *path)
{
    for (size_t i = 0; i < bench->options->suite_count; i++) {
        const char *part = select_part(bench->options->suites[i], bench->suite->name);
        if (part != NULL && select_matches(part, path))
            return true;
    }
    return bench->options->suite_count == 0;
}

/* "decode/noise" is known where the suite has such a part. */
static bool check_part(const char *word, const struct suite *suite, struct error *error)
{
    const char *part = select_part(word, suite->name);
    if (*part == '\0' || (suite->knows != NULL && suite->knows(part)))
        return true;
    if (suite->knows == NULL)
        return error_set(error, "the bench suite '%s' has no parts: leave out '/%s'", suite->name,
                         part);
    return error_set(error, "the bench suite '%s' has nothing called '%s': %s", suite->name, part,
                     suite->help);
}

/* Names in the message what could have been meant. */
static bool check_suites(const struct bench_options *options, struct error *error)
{
    for (size_t i = 0; i < options->suite_count; i++) {
        const struct suite *suite = find_suite(options->suites[i]);
        if (suite != NULL && !check_part(options->suites[i], suite, error))
            return false;
        if (suite != NULL)
            continue;
        char known[256] = "";
        for (size_t j = 0; j < SUITE_COUNT; j++) {
            size_t used = strlen(known);
            snprintf(known + used, sizeof known - used, "%s%s", j > 0 ? ", " : "", suites[j]->name);
        }
        return error_set(error, "there is no bench suite '%s'; there are: %s", options->suites[i],
                         known);
    }
    return true;
}

static bool wanted(const struct bench_options *options, const struct suite *suite)
{
    for (size_t i = 0; i < options->suite_count; i++)
        if (select_part(options->suites[i], suite->name) != NULL)
            return true;
    return options->suite_count == 0;
}

static struct effort choose_effort(const struct bench_options *options)
{
    size_t items = options->items;
    if (options->quick)
        return (struct effort){.items = items > 0 ? items : 4,
                               .survey = items > 0 ? items : 2,
                               .rounds = 3,
                               .cpu_s = 0.05,
                               .parallel_s = 0.005,
                               .jobs = options->jobs,
                               .quick = true};
    return (struct effort){.items = items > 0 ? items : 200,
                           .survey = items > 0 ? items : 100,
                           .rounds = 20,
                           .cpu_s = 3,
                           .parallel_s = 1,
                           .jobs = options->jobs};
}

/* A fast wrong answer is no answer: one of ours fails the bench, whatever the speed. */
static bool check_answers(const struct bench *bench, struct error *error)
{
    for (size_t i = 0; i < bench->count; i++) {
        const struct row *row = &bench->rows[i];
        if (!row->peer && (row->wrong > 0 || row->unstable > 0))
            return error_set(error, "%s: %llu wrong reads, %llu answers that changed", row->name,
                             (unsigned long long)row->wrong, (unsigned long long)row->unstable);
    }
    return true;
}

static bool write_plots(const struct bench *bench, struct error *error)
{
    bool drawn;
    const char *folder = bench->options->plots;
    if (!curves_write(folder, bench->rows, bench->count, &drawn, error))
        return false;
    fprintf(bench->table, "\nplots in %s%s\n", folder,
            drawn ? "" : " (data and scripts only: gnuplot is not installed)");
    return true;
}

/* Suites that are read alike share a header. */
static void run_suite(struct bench *bench, const struct suite *suite)
{
    const struct suite *before = bench->suite;
    if (!suite->own_table &&
        (before == NULL || before->own_table || before->operation != suite->operation))
        rows_header(bench->table, bench->effort.jobs, suite->operation, suite->reference);
    bench->suite = suite;
    suite->run(bench);
}

/* As experiment/value_file.h reads it. */
static bool write_times(const struct row *row, const char *path, struct error *error)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    fprintf(file, "# %s, %llu times: bank.service: empirical(file %s)\nvalue us\n", row->name,
            (unsigned long long)row->samples, strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
    for (int i = 0; i < ROW_STRETCHES; i++)
        fprintf(file, "%.6g\n", 1e6 * row->stretch_s[i]);
    bool good = !ferror(file);
    return (fclose(file) == 0 && good) ||
           error_set(error, "%s: cannot be written: %s", path, strerror(errno));
}

/* Of ROW=FILE. A row's name may hold blanks and commas, but no '='. */
static bool write_service(const struct bench *bench, const char *service, struct error *error)
{
    const char *path = strchr(service, '=');
    size_t length = path != NULL ? (size_t)(path - service) : 0;
    if (length == 0 || path[1] == '\0')
        return error_set(error,
                         "--service takes ROW=FILE, as in 'bank/redemption/in "
                         "memory=service.csv', not '%s'",
                         service);
    for (size_t i = 0; i < bench->count; i++)
        if (strlen(bench->rows[i].name) == length &&
            strncmp(bench->rows[i].name, service, length) == 0)
            return write_times(&bench->rows[i], path + 1, error);
    return error_set(error, "--service: no row '%.*s' was measured: the table above names them",
                     (int)length, service);
}

enum exit_code bench_run(const struct bench_options *options, FILE *table, FILE *progress,
                         struct error *error)
{
    CHECK(options->jobs > 0);
    if (!check_suites(options, error))
        return EXIT_USAGE;
    if (options->json_path != NULL && !rows_try_json(options->json_path, error))
        return EXIT_FAILED;
    struct bench bench = {
        .options = options, .effort = choose_effort(options), .table = table, .progress = progress};
    if (progress != NULL && !isatty(fileno(progress)))
        bench.progress = NULL;
    rows_context(table);
    for (size_t i = 0; i < SUITE_COUNT; i++)
        if (wanted(options, suites[i]))
            run_suite(&bench, suites[i]);
    enum exit_code code = check_answers(&bench, error) ? EXIT_DONE : EXIT_FAILED;
    if (options->json_path != NULL &&
        !rows_write_json(options->json_path, bench.rows, bench.count, options->quick, error))
        code = EXIT_FAILED;
    if (options->plots != NULL && !write_plots(&bench, error))
        code = EXIT_FAILED;
    if (options->service != NULL && !write_service(&bench, options->service, error))
        code = EXIT_FAILED;
    free(bench.rows);
    return code;
}
