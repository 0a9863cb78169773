#include "experiment/farm.h"
#include "output/report.h"
#include "run.h"
#include "summary_table.h"
#include "sweep_table.h"

/* The pictures and the page: what can be made again from the records. */
static enum exit_code make_report(const struct run *run)
{
    struct error error;
    if (!run->report)
        return EXIT_DONE;
    switch (report_make(run->directory, &error)) {
    case REPORT_DONE:
        printf("report      %s/report.html\n", run->directory);
        return EXIT_DONE;
    case REPORT_NO_GNUPLOT:
        warn("%s; the records are written", error.text);
        printf("report      %s/report.html\n", run->directory);
        return EXIT_MISSING_PROGRAM;
    case REPORT_FAILED:
        break;
    }
    return complain(EXIT_FAILED, "%s; the records are whole: cashpoint report %s makes it again",
                    error.text, run->directory);
}

static void print_tables(const struct run *run)
{
    if (run->design.point_count == 1)
        summary_table_print(stdout, &run->points[0].summary, &run->design.points[0]);
    else
        sweep_table_print(stdout, run->directory);
}

/* "3 replications", "6 design points x 3 replications"; the most of any point. */
static void print_size(const struct run *run)
{
    unsigned most = 0;
    for (size_t i = 0; i < run->design.point_count; i++)
        if (run->design.points[i].replications > most)
            most = run->design.points[i].replications;
    if (run->design.point_count > 1)
        printf("%zu design points x ", run->design.point_count);
    printf("%u replication%s", most, most == 1 ? "" : "s");
}

static void print_end(const struct run *run, const struct manifest *manifest)
{
    print_tables(run);
    printf("\nfingerprint %016llx   seed %lld   ", (unsigned long long)manifest->fingerprint,
           (long long)run->settings->seed);
    print_size(run);
    printf("   %.1f s on ", manifest->wall_s);
    if (manifest->ranks > 1)
        printf("%d ranks\n", manifest->ranks);
    else
        printf("%lld of %lld processors\n", (long long)run->jobs, (long long)processors_online());
    printf("records     %s/\n", run->directory);
}

enum exit_code run_finish(struct run *run)
{
    struct error error;
    struct manifest manifest = {.scenario = run->scenario.name,
                                .resolved = run->resolved,
                                .resolved_length = run->resolved_length,
                                .seed = run->settings->seed,
                                .jobs = run->jobs,
                                .wall_s = progress_elapsed_s(&run->progress),
                                .cpu_s = farm_cpu_s() + run->helpers_cpu_s,
                                .ranks = 1};
    if (run->ranks != NULL) {
        manifest.ranks = run->ranks->size;
        manifest.mpi_built = run->ranks->module->built;
        manifest.mpi_running = run->ranks->library;
    }
    for (size_t i = 0; i < run->design.point_count; i++)
        summary_make(&run->points[i].summary, &run->design.points[i]);
    if (!run_write_records(run, &manifest, &error))
        return complain(EXIT_FAILED, "%s; to write the records again: cashpoint run --resume %s",
                        error.text, run->directory);
    print_end(run, &manifest);
    run_print_steady(run);
    bool met = run_check(run);
    enum exit_code code = make_report(run);
    return code != EXIT_FAILED && !met ? EXIT_NOT_MET : code;
}
