#include "experiment/colour.h"
#include "experiment/expectation.h"
#include "manifest.h"
#include "output/records_write.h"
#include "output/report.h"
#include "run.h"
#include "summary_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool make_folders(const char *path, struct error *error)
{
    char part[4096];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return error_set(error, "%s: cannot make the folder: %s", part, strerror(errno));
        *at = '/';
    }
    return true;
}

bool run_make_folder(struct run *run, const char *out, struct error *error)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm local;
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H-%M-%S", localtime_r(&now, &local));
    for (int again = 0; again < 100; again++) {
        char suffix[8] = "";
        if (again > 0)
            snprintf(suffix, sizeof suffix, "-%d", again + 1);
        if (out != NULL)
            snprintf(run->directory, sizeof run->directory, "%s", out);
        else
            snprintf(run->directory, sizeof run->directory, "results/%s/%s%s", run->scenario.name,
                     stamp, suffix);
        if (!make_folders(run->directory, error))
            return false;
        if (mkdir(run->directory, 0777) == 0)
            return true;
        if (errno == EEXIST && out != NULL)
            return rmdir(run->directory) == 0 && mkdir(run->directory, 0777) == 0
                       ? true
                       : error_set(error, "%s: exists already; name a new or empty folder", out);
        if (errno != EEXIST)
            break;
    }
    return error_set(error, "%s: cannot make the folder: %s", run->directory, strerror(errno));
}

bool run_resolve(struct run *run)
{
    FILE *file = open_memstream(&run->resolved, &run->resolved_length);
    if (file == NULL)
        return false;
    scenario_write(&run->scenario, file, false);
    return fclose(file) == 0;
}

bool run_write_scenario(const struct run *run, struct error *error)
{
    struct folder folder;
    if (!folder_open(&folder, run->directory, error))
        return false;
    bool good = folder_write(&folder, "scenario.yaml", run->resolved, run->resolved_length, error);
    folder_close(&folder);
    return good;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* Of this process and its children. */
static double cpu_s(void)
{
    struct rusage self, children;
    getrusage(RUSAGE_SELF, &self);
    getrusage(RUSAGE_CHILDREN, &children);
    return seconds(self.ru_utime) + seconds(self.ru_stime) + seconds(children.ru_utime) +
           seconds(children.ru_stime);
}

static void gather_gallery(const struct run *run, struct gallery *gallery)
{
    for (size_t i = 0; i < run->design.count; i++) {
        const struct unit_result *unit = run->design.units[i];
        const struct exhibit *exhibits = unit->extra;
        for (size_t j = 0; j < unit->extra_bytes / sizeof *exhibits; j++)
            gallery_offer(gallery, &exhibits[j]);
    }
}

static bool write_gallery(const struct run *run, struct error *error)
{
    struct gallery *gallery = calloc(1, sizeof *gallery);
    CHECK(gallery != NULL);
    unsigned width, height;
    world_frame_size(run->settings, &width, &height);
    struct pipeline *pipeline = pipeline_new(width, height);
    gather_gallery(run, gallery);
    bool good = gallery_write(gallery, run->directory, scheme_names, pipeline, error);
    pipeline_free(pipeline);
    free(gallery);
    return good;
}

static bool write_records(struct run *run, const struct summary *summary, struct manifest *manifest,
                          struct error *error)
{
    struct folder folder;
    if (!folder_open(&folder, run->directory, error))
        return false;
    bool good =
        records_write(&folder, &run->design.points[0], summary, &manifest->fingerprint, error) &&
        manifest_write(&folder, manifest, error);
    folder_close(&folder);
    return good;
}

/* The pictures and the page: what can be made again from the records. */
static enum exit_code make_report(const struct run *run)
{
    struct error error;
    if (!write_gallery(run, &error))
        return complain(EXIT_FAILED,
                        "%s; the records are whole: cashpoint run --resume %s makes "
                        "the rest",
                        error.text, run->directory);
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

/* Prints each expectation and what came of it; true where all are met. */
static bool check_expectations(const struct run *run, const struct summary *summary)
{
    bool good = true;
    for (int i = 0; i < EXPECTATIONS && run->settings->expect[i][0] != '\0'; i++) {
        struct expectation expectation;
        struct error error;
        CHECK(expectation_parse(&expectation, &model_tables, run->settings->expect[i], &error));
        bool met = expectation_is_met(&expectation, summary);
        const struct summary_row *row = expectation_row(&expectation, summary);
        enum colour colour = met ? COLOUR_MARK : COLOUR_ERROR;
        printf("expected    %s%s%s: %s", colour_on(stdout, colour), met ? "met" : "NOT MET",
               colour_off(stdout), run->settings->expect[i]);
        if (row != NULL && row->n > 0)
            printf("   (%.6g [%.6g, %.6g], n = %u)", row->mean, row->interval.low,
                   row->interval.high, row->n);
        putchar('\n');
        good = good && met;
    }
    return good;
}

/* True where nothing was asked for, or it was reached. */
static bool check_precision(const struct run *run)
{
    const struct precision_result *precision = &run->precision;
    bool reached = precision->verdict == PRECISION_REACHED;
    if (run->settings->precision_metric[0] == '\0')
        return true;
    printf("precision   %s%s%s after %zu of %lld replications: %s within %g %%\n",
           colour_on(stdout, reached ? COLOUR_MARK : COLOUR_ERROR),
           reached ? "reached" : "NOT REACHED", colour_off(stdout), precision->used,
           (long long)run->settings->replications, run->settings->precision_metric,
           run->settings->precision * 100.0);
    puts("            (a run that stops when its interval is narrow covers a little less than 95 "
         "%)");
    return reached;
}

static void print_end(const struct run *run, const struct summary *summary,
                      const struct manifest *manifest)
{
    summary_table_print(stdout, summary, &run->design.points[0]);
    printf(
        "\nfingerprint %016llx   seed %lld   %u replications   %.1f s on %lld of %lld processors\n",
        (unsigned long long)manifest->fingerprint, (long long)run->settings->seed,
        run->design.points[0].replications, manifest->wall_s, (long long)run->jobs,
        (long long)processors_online());
    printf("records     %s/\n", run->directory);
}

enum exit_code run_finish(struct run *run)
{
    struct error error;
    struct summary summary;
    struct manifest manifest = {.scenario = run->scenario.name,
                                .resolved = run->resolved,
                                .resolved_length = run->resolved_length,
                                .seed = run->settings->seed,
                                .jobs = run->jobs,
                                .wall_s = progress_elapsed_s(&run->progress),
                                .cpu_s = cpu_s()};
    enum exit_code code = EXIT_DONE;
    summary_make(&summary, &run->design.points[0]);
    if (write_records(run, &summary, &manifest, &error)) {
        print_end(run, &summary, &manifest);
        bool met = check_precision(run);
        met = check_expectations(run, &summary) && met;
        code = make_report(run);
        if (code != EXIT_FAILED && !met)
            code = EXIT_NOT_MET;
    } else {
        code = complain(EXIT_FAILED, "%s; to write the records again: cashpoint run --resume %s",
                        error.text, run->directory);
    }
    summary_free(&summary);
    return code;
}
