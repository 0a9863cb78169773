#include "experiment/unit_diff.h"

#include "engine/error.h"

#include <stdarg.h>
#include <string.h>

struct diff {
    FILE *out;
    size_t count;
};

__attribute__((format(printf, 2, 3))) static void note(struct diff *diff, const char *format, ...)
{
    va_list arguments;
    diff->count++;
    if (diff->out == NULL)
        return;
    va_start(arguments, format);
    vfprintf(diff->out, format, arguments);
    va_end(arguments);
    fputc('\n', diff->out);
}

/* Bit by bit: -0 is not 0, and NaN is itself. */
static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void diff_number(struct diff *diff, const char *what, const char *part, double a, double b)
{
    if (!same(a, b))
        note(diff, "%s, %s: %.17g, not %.17g", what, part, a, b);
}

static void diff_histogram(struct diff *diff, const char *what, const struct histogram *a,
                           const struct histogram *b)
{
    if (!same(a->sum, b->sum) || a->n != b->n ||
        memcmp(a->bucket, b->bucket, sizeof a->bucket) != 0)
        note(diff,
             "%s, histogram: %llu observations, sum %.17g ns, not %llu, %.17g, or in other "
             "places",
             what, (unsigned long long)a->n, a->sum, (unsigned long long)b->n, b->sum);
}

static void diff_series(struct diff *diff, const char *what, const struct series *a,
                        const struct series *b)
{
    bool alike = a->log_width == b->log_width && a->cells == b->cells && a->begun == b->begun &&
                 same(a->begun_sum, b->begun_sum) &&
                 memcmp(a->sum, b->sum, a->cells * sizeof a->sum[0]) == 0;
    if (!alike)
        note(diff, "%s, series: %llu observations, not %llu, or others", what,
             (unsigned long long)series_count(a), (unsigned long long)series_count(b));
}

static void diff_measure(struct diff *diff, const struct unit_result *a,
                         const struct unit_result *b, size_t i)
{
    const char *name = a->tables->measures[i].name;
    diff_number(diff, name, "numerator", a->numerator[i], b->numerator[i]);
    diff_number(diff, name, "denominator", a->denominator[i], b->denominator[i]);
    if (a->times[i] != NULL)
        diff_histogram(diff, name, a->times[i], b->times[i]);
    if (a->series[i] != NULL && b->series[i] != NULL)
        diff_series(diff, name, a->series[i], b->series[i]);
}

static void diff_curve(struct diff *diff, const struct unit_result *a, const struct unit_result *b,
                       size_t i)
{
    const struct curve *curve = &a->tables->curves[i];
    char part[32];
    for (unsigned bin = 0; bin < curve->bins; bin++) {
        snprintf(part, sizeof part, "bin %u, n", bin);
        diff_number(diff, curve->name, part, a->cells[i][bin].n, b->cells[i][bin].n);
        snprintf(part, sizeof part, "bin %u, sum", bin);
        diff_number(diff, curve->name, part, a->cells[i][bin].sum, b->cells[i][bin].sum);
    }
}

size_t unit_diff(const struct unit_result *a, const struct unit_result *b, FILE *out)
{
    struct diff diff = {out, 0};
    CHECK(a->tables == b->tables);
    if (a->fingerprint != b->fingerprint)
        note(&diff, "fingerprint: %016llx, not %016llx", (unsigned long long)a->fingerprint,
             (unsigned long long)b->fingerprint);
    for (size_t i = 0; i < a->tables->measure_count; i++)
        diff_measure(&diff, a, b, i);
    for (size_t i = 0; i < a->tables->curve_count; i++)
        diff_curve(&diff, a, b, i);
    return diff.count;
}
