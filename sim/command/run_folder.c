/* The folder of a run, and the scenario in it. */
#include "output/folder.h"
#include "run.h"

#include <errno.h>
#include <string.h>
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

bool run_make_path(const char *path, struct error *error)
{
    if (!make_folders(path, error))
        return false;
    return mkdir(path, 0777) == 0 || errno == EEXIST ||
           error_set(error, "%s: cannot make the folder: %s", path, strerror(errno));
}

bool run_make_folder(struct run *run, const char *out, struct error *error)
{
    char stamp[32];
    if (out != NULL && out[0] == '\0')
        return error_set(error, "--out: the name of the folder is missing");
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

/* As many digits as the last point has, so that a listing is in order. */
void run_point_path(const struct run *run, size_t point, char path[RUN_PATH_BYTES + 32])
{
    size_t count = run->design.point_count;
    int digits = snprintf(NULL, 0, "%zu", count);
    if (count == 1)
        snprintf(path, RUN_PATH_BYTES + 32, "%s", run->directory);
    else
        snprintf(path, RUN_PATH_BYTES + 32, "%s/points/%0*zu", run->directory, digits, point + 1);
}
