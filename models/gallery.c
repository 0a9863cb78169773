#include "gallery.h"

#include "optics/frame_png.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void gallery_offer(struct gallery *gallery, const struct exhibit *exhibit)
{
    unsigned same = 0;
    for (unsigned i = 0; i < gallery->count; i++)
        same += strcmp(gallery->exhibits[i].who, exhibit->who) == 0 &&
                strcmp(gallery->exhibits[i].outcome, exhibit->outcome) == 0;
    if (same < GALLERY_EACH && gallery->count < GALLERY_TOTAL)
        gallery->exhibits[gallery->count++] = *exhibit;
}

static double tilt_deg(const struct pose *pose)
{
    return acos(cos(pose->yaw) * cos(pose->pitch)) * 180.0 / M_PI;
}

static void write_row(FILE *file, const struct exhibit *exhibit, const char *name,
                      const char *scheme)
{
    const struct shot *shot = &exhibit->shot;
    const struct pose *pose = &shot->conditions.pose;
    fprintf(file, "gallery/%s,%s,%u,%llu,%s,%s,%.10g,%.10g,%.10g,%.10g,%.10g,%s\n", name, scheme,
            exhibit->replication, (unsigned long long)exhibit->number, exhibit->who,
            exhibit->outcome, pose->distance_m * 1000.0, shot->geometry.module_px,
            shot->geometry.defocus_px, shot->geometry.motion_px, tilt_deg(pose),
            decode_status_text(shot->decoded.status));
}

/* One picture: the shot is made again and written by whichever thread is free. */
struct hanging {
    struct task task; /* first */
    struct exhibit exhibit;
    char name[96], path[4096];
    bool good;
    struct error error;
};

static void hang(struct task *task, void *context)
{
    struct hanging *hanging = (struct hanging *)task;
    struct pipeline *pipeline = context;
    pipeline_run(pipeline, &hanging->exhibit.shot);
    hanging->good = frame_png_write(hanging->path, pipeline_frame(pipeline), &hanging->error);
}

static bool prepare(struct hanging *hanging, const struct exhibit *exhibit, const char *directory,
                    struct error *error)
{
    *hanging = (struct hanging){.task = {.run = hang}, .exhibit = *exhibit};
    snprintf(hanging->name, sizeof hanging->name, "%s-%s-%u-%llu.png", exhibit->who,
             exhibit->outcome, exhibit->replication, (unsigned long long)exhibit->number);
    if (snprintf(hanging->path, sizeof hanging->path, "%s/gallery/%s", directory, hanging->name) >=
        (int)sizeof hanging->path)
        return error_set(error, "%s: the path is too long", directory);
    return true;
}

static bool hang_all(const struct gallery *gallery, FILE *file, const char *directory,
                     const char *const *scheme_names, struct workers *workers, struct error *error)
{
    struct hanging *hangings = calloc(GALLERY_TOTAL, sizeof *hangings);
    CHECK(hangings != NULL);
    bool good = true;
    for (unsigned i = 0; i < gallery->count && good; i++)
        good = prepare(&hangings[i], &gallery->exhibits[i], directory, error);
    for (unsigned i = 0; i < gallery->count && good; i++)
        workers_submit(workers, &hangings[i].task);
    for (unsigned i = 0; i < gallery->count && good; i++) {
        struct hanging *hanging = &hangings[i];
        workers_await(workers, &hanging->task);
        write_row(file, &hanging->exhibit, hanging->name, scheme_names[hanging->exhibit.scheme]);
        if (!hanging->good)
            *error = hanging->error;
        good = hanging->good;
    }
    for (unsigned i = 0; i < gallery->count; i++)
        workers_cancel(workers, &hangings[i].task);
    free(hangings);
    return good;
}

bool gallery_write(const struct gallery *gallery, const char *directory,
                   const char *const *scheme_names, struct workers *workers, struct error *error)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/gallery", directory);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return error_set(error, "%s: cannot make the folder: %s", path, strerror(errno));
    snprintf(path, sizeof path, "%s/gallery.csv", directory);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    fputs("file,scheme,replication,capture,who,outcome,distance_mm,module_px,defocus_px,motion_px,"
          "tilt_deg,note\n",
          file);
    bool good = hang_all(gallery, file, directory, scheme_names, workers, error);
    bool written = !ferror(file);
    if (fclose(file) != 0 || !written)
        return good && error_set(error, "%s: cannot be written: %s", path, strerror(errno));
    return good;
}
