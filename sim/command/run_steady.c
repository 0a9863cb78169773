/* The metrics in the steady state: what was deleted, and what is doubtful. */
#include "run.h"

#include <math.h>

struct metric_name {
    char text[400];
};

/* "sms-code.card-wait", and where, of a sweep. */
static struct metric_name name_of(const struct run *run, size_t point,
                                  const struct summary_steady *of)
{
    struct metric_name name;
    const struct model_tables *tables = &model_tables;
    const char *scheme = tables->schemes[of->scheme], *metric = tables->measures[of->measure].name;
    if (run->design.point_count == 1)
        snprintf(name.text, sizeof name.text, "%s.%s", scheme, metric);
    else
        snprintf(name.text, sizeof name.text, "%s.%s where %s", scheme, metric,
                 sweep_label(&run->scenario.sweep, run->points[point].settings).text);
    return name;
}

static void print_one(const struct metric_name *name, const struct steady *steady)
{
    printf("steady      %s: ", name->text);
    if (steady->n == 0) {
        puts("no observations");
        return;
    }
    printf("%.5g", steady->mean);
    if (isfinite(steady->interval.low))
        printf(" [%.5g, %.5g]", fmax(steady->interval.low, 0.0), steady->interval.high);
    printf(" s, n = %zu\n            %llu observations, ", steady->n,
           (unsigned long long)steady->observations);
    if (steady->deleted > 0)
        printf("the first %llu of each replication deleted\n", (unsigned long long)steady->deleted);
    else
        puts("none deleted");
}

static void warn_of(const struct metric_name *name, unsigned doubts)
{
    for (unsigned doubt = 1; doubt < 1u << STEADY_DOUBTS; doubt <<= 1)
        if (doubts & doubt)
            warn("%s: %s", name->text, steady_text(doubt));
}

void run_print_steady(const struct run *run)
{
    for (size_t point = 0; point < run->design.point_count; point++) {
        const struct summary *summary = &run->points[point].summary;
        for (size_t i = 0; i < summary->steady_count; i++) {
            struct metric_name name = name_of(run, point, &summary->steady[i]);
            print_one(&name, &summary->steady[i].steady);
            fflush(stdout);
            warn_of(&name, summary->steady[i].steady.doubts);
        }
    }
}
