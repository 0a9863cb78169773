/* One capture again: its pictures, stage by stage, and at which one the code was lost. */
#include "optics/frame_png.h"
#include "output/folder.h"
#include "picture.h"
#include "replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a decoder makes of each stage: the two views, then the frame itself. */
enum { FRAME = VIEW_COUNT, STAGES };

static const char *const stage_files[STAGES] = {"render.png", "blurred.png", "frame.png"};

struct look {
    const struct exhibit *exhibit;
    struct decoded read[STAGES];
    double seen; /* share of the code image that falls into the frame */
    char directory[RUN_PATH_BYTES];
};

/* --- which capture --- */

/* Splits "SCHEME/REPLICATION/NUMBER" at the last slash. */
static bool split(const char *id, char *unit, size_t room, uint64_t *number)
{
    const char *slash = strrchr(id, '/');
    if (slash == NULL || (size_t)(slash - id) >= room || slash[1] == '\0' || strlen(slash) > 18 ||
        strspn(slash + 1, "0123456789") != strlen(slash + 1))
        return false;
    snprintf(unit, room, "%.*s", (int)(slash - id), id);
    *number = strtoull(slash + 1, NULL, 10);
    return strchr(unit, '/') != NULL;
}

static enum exit_code complain_number(const struct run *run, const struct unit_result *unit,
                                      const struct wanted_capture *wanted)
{
    struct unit_name name = run_unit_name(run, unit);
    if (wanted->last == 0)
        return complain(EXIT_USAGE, "--capture: no picture was taken in %s", name.text);
    return complain(EXIT_USAGE, "--capture: the pictures of %s are %s/1 to %s/%llu, not %llu",
                    name.text, name.text, name.text, (unsigned long long)wanted->last,
                    (unsigned long long)wanted->number);
}

/* --- its pictures --- */

static bool write_picture(const struct look *look, const char *name, const struct frame *frame,
                          struct error *error)
{
    char path[RUN_PATH_BYTES + 32];
    snprintf(path, sizeof path, "%s/%s", look->directory, name);
    return frame_png_write(path, frame, error);
}

static bool write_code(const struct look *look, struct error *error)
{
    struct code_image image;
    token_show(&look->exhibit->shot.model, look->exhibit->shot.code, &image);
    struct frame frame = picture_of_code(&image);
    bool good = write_picture(look, "code.png", &frame, error);
    free(frame.pixels);
    return good;
}

/* The pipeline is a pure function: the same answer, or this program is broken. */
static bool check_again(const struct shot *now, const struct shot *then, struct error *error)
{
    return (now->decoded.status == then->decoded.status &&
            strcmp(now->decoded.text, then->decoded.text) == 0) ||
           error_set(error, "the same capture gave %s in the unit, and %s now: this is a bug",
                     decode_status_name(then->decoded.status),
                     decode_status_name(now->decoded.status));
}

static bool write_pictures(struct look *look, const struct settings *settings, struct error *error)
{
    unsigned width, height;
    world_frame_size(settings, &width, &height);
    struct pipeline *pipeline = pipeline_new(width, height);
    struct shot shot = look->exhibit->shot;
    pipeline_run(pipeline, &shot);
    look->read[FRAME] = shot.decoded;
    bool good = check_again(&shot, &look->exhibit->shot, error) &&
                run_make_path(look->directory, error) && write_code(look, error) &&
                write_picture(look, stage_files[FRAME], pipeline_frame(pipeline), error);
    for (enum pipeline_view view = 0; view < VIEW_COUNT && good; view++) {
        pipeline_look(pipeline, &shot, view, &look->read[view]);
        good = write_picture(look, stage_files[view], pipeline_frame(pipeline), error);
    }
    pipeline_free(pipeline);
    return good;
}

/* --- in words --- */

/* The share of the code image's dots that fall into the frame. */
static double share_seen(const struct shot *shot)
{
    struct code_image image;
    unsigned inside = 0;
    token_show(&shot->model, shot->code, &image);
    for (unsigned y = 0; y < image.height; y++)
        for (unsigned x = 0; x < image.width; x++) {
            double u, v;
            camera_project(&image, &shot->conditions, x + 0.5, y + 0.5, &u, &v);
            inside += u >= 0.0 && v >= 0.0 && u < shot->conditions.camera.width &&
                      v < shot->conditions.camera.height;
        }
    return (double)inside / ((double)image.width * image.height);
}

static bool was_read(const struct look *look, int stage)
{
    return look->read[stage].status == DECODE_OK &&
           strcmp(look->read[stage].text, look->exhibit->shot.code) == 0;
}

static void print_stages(FILE *out, const struct look *look)
{
    static const char *const what[STAGES] = {"in perspective, on the pixels",
                                             "out of focus and moved, too",
                                             "as the camera took it, with noise"};
    fprintf(out, "%-12s %-35sthe code on the display\n", "code.png", "");
    for (int i = 0; i < STAGES; i++) {
        const struct decoded *read = &look->read[i];
        fprintf(out, "%-12s %-35s", stage_files[i], what[i]);
        if (read->status == DECODE_OK)
            fprintf(out, "%s, %d lines agree, step %d\n", read->text, read->quality, read->step);
        else
            fprintf(out, "%s\n", decode_status_text(read->status));
    }
}

/* Why a picture that was not read was not: the first stage at which the code is lost. */
static void print_why(FILE *out, const struct look *look)
{
    const struct capture_geometry *geometry = &look->exhibit->shot.geometry;
    double module_px = geometry->module_px;
    if (!was_read(look, VIEW_RENDERED) && look->seen < 1.0)
        fprintf(out, "lost before any blur: only %.0f %% of the code image is in the frame\n",
                100.0 * look->seen);
    else if (!was_read(look, VIEW_RENDERED))
        fprintf(out, "lost before any blur: %.2f pixels a module, in this position, do not do\n",
                module_px);
    else if (!was_read(look, VIEW_BLURRED))
        fprintf(out,
                "lost in the blur: the defocus disc is %.2f modules wide, the motion line %.2f "
                "modules long\n",
                geometry->defocus_px / module_px, geometry->motion_px / module_px);
    else
        fputs("lost in the noise of the sensor\n", out);
}

static void print_look(FILE *out, const struct look *look, const char *id)
{
    const struct exhibit *exhibit = look->exhibit;
    fprintf(out, "capture %s by the %s, at " TRACE_SECONDS " s: %s\n", id, exhibit->who,
            TRACE_PARTS(exhibit->at), exhibit->outcome);
    fprintf(out, "code %s, %.0f %% of its image in the frame\n", exhibit->shot.code,
            100.0 * look->seen);
    picture_describe(out, &exhibit->shot);
    print_stages(out, look);
    fputs("decoder: ", out);
    if (was_read(look, FRAME))
        fputs("read as it was shown\n", out);
    else
        print_why(out, look);
}

static bool write_words(const struct look *look, const char *id, struct error *error)
{
    char *text = NULL;
    size_t length = 0;
    struct folder folder;
    FILE *memory = open_memstream(&text, &length);
    CHECK(memory != NULL);
    print_look(memory, look, id);
    CHECK(fclose(memory) == 0);
    bool good = folder_open(&folder, look->directory, error);
    if (good) {
        good = folder_write(&folder, "capture.txt", text, length, error);
        folder_close(&folder);
    }
    free(text);
    return good;
}

/* DIR/replay/SCHEME-REPLICATION-NUMBER, or `out`. */
static void choose_folder(const struct run *run, const char *id, const char *out, char *directory)
{
    char name[96];
    snprintf(name, sizeof name, "%s", id);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '/' ? '-' : *at;
    if (out != NULL)
        snprintf(directory, RUN_PATH_BYTES, "%s", out);
    else
        snprintf(directory, RUN_PATH_BYTES, "%.*s/replay/%s", RUN_PATH_BYTES - 128, run->directory,
                 name);
}

static enum exit_code show_capture(const struct replay *replay, const struct settings *settings,
                                   const struct exhibit *exhibit, const char *id, const char *out)
{
    struct look look = {.exhibit = exhibit, .seen = share_seen(&exhibit->shot)};
    struct error error;
    choose_folder(replay->run, id, out, look.directory);
    if (!write_pictures(&look, settings, &error) || !write_words(&look, id, &error))
        return complain(EXIT_FAILED, "%s", error.text);
    print_look(replay->out, &look, id);
    fprintf(replay->out, "pictures %s/\n", look.directory);
    return EXIT_DONE;
}

enum exit_code replay_capture(struct replay *replay, const char *id, const char *out)
{
    struct wanted_capture wanted = {.number = 0};
    char text[80];
    enum unit_end end;
    if (!split(id, text, sizeof text, &wanted.number))
        return complain(EXIT_USAGE,
                        "--capture takes SCHEME/REPLICATION/NUMBER as in image-code/0/12, not '%s'",
                        id);
    const struct unit_result *unit = run_find_unit(replay->run, "--capture", text);
    if (unit == NULL)
        return EXIT_USAGE;
    struct unit_result *again = unit_result_new(unit->tables, unit->scheme, unit->replication);
    again->point = unit->point;
    enum exit_code code = replay_run(replay, again, &wanted, &end);
    if (wanted.found) { /* though a trace may not be whole */
        enum exit_code shown = show_capture(replay, replay->run->points[unit->point].settings,
                                            &wanted.exhibit, id, out);
        code = code == EXIT_DONE ? shown : code;
    } else if (code == EXIT_DONE) {
        code = complain_number(replay->run, unit, &wanted);
    }
    unit_result_free(again);
    return code;
}
