/* The records of every design point, and those of the sweep over them. */
#include "output/records_write.h"
#include "output/sweep_records.h"
#include "run.h"

#include <stdlib.h>

static void gather_gallery(const struct experiment *experiment, struct gallery *gallery)
{
    for (size_t i = 0; i < experiment->count; i++) {
        const struct unit_result *unit = experiment->units[i];
        const struct exhibit *exhibits = unit->extra;
        for (size_t j = 0; j < unit->extra_bytes / sizeof *exhibits; j++)
            gallery_offer(gallery, &exhibits[j]);
    }
}

static bool write_gallery(const struct run *run, size_t point, const char *directory,
                          struct error *error)
{
    struct gallery *gallery = calloc(1, sizeof *gallery);
    CHECK(gallery != NULL);
    gather_gallery(&run->design.points[point], gallery);
    bool good = gallery_write(gallery, directory, scheme_names, run->workers, error);
    free(gallery);
    return good;
}

/* The scenario of one point: what is swept stands in it as a plain value. */
static char *resolve_point(const struct run *run, size_t point, size_t *length)
{
    struct scenario scenario = run->scenario;
    char *text = NULL;
    FILE *file = open_memstream(&text, length);
    CHECK(file != NULL);
    scenario.settings = run->points[point].settings;
    scenario.sweep.count = 0;
    scenario_write(&scenario, file, false);
    CHECK(fclose(file) == 0);
    return text;
}

static bool write_in_folder(const struct run *run, size_t point, const struct folder *folder,
                            struct manifest *manifest, struct error *error)
{
    struct run_point *at = &run->points[point];
    if (!records_write(folder, &run->design.points[point], &at->summary, &at->fingerprint, error))
        return false;
    manifest->fingerprint = at->fingerprint;
    if (run->design.point_count == 1)
        return manifest_write(folder, manifest, error);
    struct manifest own = *manifest;
    char *resolved = resolve_point(run, point, &own.resolved_length);
    own.resolved = resolved;
    bool good = manifest_write(folder, &own, error) &&
                folder_write(folder, "scenario.yaml", resolved, own.resolved_length, error);
    free(resolved);
    return good;
}

static bool write_point(const struct run *run, size_t point, struct manifest *manifest,
                        struct error *error)
{
    char path[RUN_PATH_BYTES + 32];
    struct folder folder;
    run_point_path(run, point, path);
    if (!run_make_path(path, error) || !folder_open(&folder, path, error))
        return false;
    bool good = write_in_folder(run, point, &folder, manifest, error);
    folder_close(&folder);
    return good && write_gallery(run, point, path, error);
}

/* What the points say together: design.csv, summary.csv, fingerprint.txt. */
static bool write_sweep(const struct run *run, struct manifest *manifest, struct error *error)
{
    size_t count = run->design.point_count;
    const struct settings *settings = run->settings;
    struct sweep_question question = {.metrics = settings->asked, .needed = settings->needed};
    struct sweep_point *points = calloc(count, sizeof *points);
    struct folder folder;
    CHECK(points != NULL);
    while (question.count < ASKED_METRICS && settings->asked[question.count][0] != '\0')
        question.count++;
    for (size_t i = 0; i < count; i++)
        points[i] = (struct sweep_point){run->points[i].settings, &run->points[i].summary,
                                         run->points[i].fingerprint};
    bool good = folder_open(&folder, run->directory, error);
    if (good) {
        good = sweep_records_write(&folder, &run->scenario.sweep, points, &model_tables, &question,
                                   &manifest->fingerprint, error) &&
               manifest_write(&folder, manifest, error);
        folder_close(&folder);
    }
    free(points);
    return good;
}

bool run_write_records(struct run *run, struct manifest *manifest, struct error *error)
{
    run_start_workers(run);
    for (size_t point = 0; point < run->design.point_count; point++)
        if (!write_point(run, point, manifest, error))
            return false;
    return run->design.point_count == 1 || write_sweep(run, manifest, error);
}
