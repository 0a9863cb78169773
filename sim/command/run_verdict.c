/* Did the run keep what its scenario expects, and does it know well enough what it was asked? */
#include "experiment/colour.h"
#include "experiment/expectation.h"
#include "run.h"

static const char *const words[] = {"NOT MET", "met"};

static void print_verdict(const char *what, bool good, const char *word)
{
    printf("%-12s%s%s%s", what, colour_on(stdout, good ? COLOUR_MARK : COLOUR_ERROR), word,
           colour_off(stdout));
}

/* Of the design point, where there are several. */
static void print_point(const struct run *run, size_t point)
{
    if (run->design.point_count > 1)
        printf(" where %s", sweep_label(&run->scenario.sweep, run->points[point].settings).text);
}

/* In the unit that the expectation is written in. */
static void print_found(const struct summary_row *row, enum measure_kind kind)
{
    double scale = kind == MEASURE_RATIO ? 100.0 : 1.0;
    if (row == NULL || row->n == 0) {
        puts("   (there was nothing to measure it by)");
        return;
    }
    printf("   (%.6g [%.6g, %.6g]%s, n = %u)\n", scale * row->mean, scale * row->interval.low,
           scale * row->interval.high,
           kind == MEASURE_RATIO  ? " %"
           : kind == MEASURE_TIME ? " s"
                                  : "",
           row->n);
}

static bool check_expectation(const struct run *run, const char *text, size_t point)
{
    struct expectation expectation;
    struct error error;
    const struct summary *summary = &run->points[point].summary;
    CHECK(expectation_parse(&expectation, &model_tables, text, &error));
    bool met = expectation_is_met(&expectation, summary);
    const struct summary_row *row = expectation_row(&expectation, summary);
    print_verdict("expected", met, words[met]);
    print_point(run, point);
    printf(": %s", text);
    print_found(row, model_tables.measures[expectation.measure].kind);
    return met;
}

/* Every expectation must be met at every point. */
static bool check_expectations(const struct run *run)
{
    bool good = true;
    for (int i = 0; i < EXPECTATIONS && run->settings->expect[i][0] != '\0'; i++)
        for (size_t point = 0; point < run->design.point_count; point++)
            good = check_expectation(run, run->settings->expect[i], point) && good;
    return good;
}

static void print_goal(const struct run *run)
{
    struct precision goal = run_precision_goal(run);
    if (goal.relative > 0.0)
        printf("%g %%%s", goal.relative * 100.0, goal.absolute > 0.0 ? " or " : "");
    if (goal.absolute > 0.0)
        printf("%s", run->settings->precision_absolute);
    putchar('\n');
}

static bool check_point_precision(const struct run *run, size_t point)
{
    const struct precision_result *precision = &run->points[point].precision;
    bool reached = precision->verdict == PRECISION_REACHED;
    print_verdict("precision", reached, reached ? "reached" : "NOT REACHED");
    print_point(run, point);
    printf(" after %zu of %lld replications: %s within ", precision->used,
           (long long)run->settings->replications, run->settings->precision_metric);
    print_goal(run);
    return reached;
}

static bool check_precision(const struct run *run)
{
    bool good = true;
    if (run->settings->precision_metric[0] == '\0')
        return true;
    for (size_t point = 0; point < run->design.point_count; point++)
        good = check_point_precision(run, point) && good;
    puts("            (a run that stops when its interval is narrow covers a little less than 95 "
         "%)");
    return good;
}

bool run_check(const struct run *run)
{
    bool precise = check_precision(run);
    return check_expectations(run) && precise;
}
