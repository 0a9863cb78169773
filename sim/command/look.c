#include "look.h"

#include "optics/frame_png.h"
#include "picture.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>

const struct look_stage look_stages[LOOK_STAGES] = {
    [VIEW_RENDERED] = {"on the pixels", "render.png", "in perspective, on the pixels"},
    [VIEW_BLURRED] = {"focus and motion", "blurred.png", "out of focus and moved, too"},
    [VIEW_SHADED] = {"light and corners", "shaded.png", "vignetted and banded by flicker"},
    [LOOK_FRAME] = {"frame", "frame.png", "as the camera delivers it, with noise"},
};

/* The share of the code image's dots that fall into the frame. */
static double share_seen(const struct look *look)
{
    const struct code_image *image = &look->image;
    const struct conditions *conditions = &look->shot.conditions;
    unsigned inside = 0;
    for (unsigned y = 0; y < image->height; y++)
        for (unsigned x = 0; x < image->width; x++) {
            double u, v;
            camera_project(image, conditions, x + 0.5, y + 0.5, &u, &v);
            inside += u >= 0.0 && v >= 0.0 && u < conditions->camera.width &&
                      v < conditions->camera.height;
        }
    return (double)inside / ((double)image->width * image->height);
}

static struct frame copy(const struct frame *frame)
{
    struct frame twin = picture_new(frame->width, frame->height, 0);
    for (unsigned y = 0; y < frame->height; y++)
        memcpy(twin.pixels + (size_t)y * twin.stride, frame->pixels + (size_t)y * frame->stride,
               frame->width);
    return twin;
}

void look_init(struct look *look, const struct shot *shot)
{
    const struct camera *camera = &shot->conditions.camera;
    struct pipeline *pipeline = pipeline_new(camera->width, camera->height);
    *look = (struct look){.shot = *shot};
    token_show(&shot->model, &shot->code, &look->image);
    look->code = picture_of_code(&look->image);
    look->seen = share_seen(look);
    pipeline_run(pipeline, &look->shot);
    look->read[LOOK_FRAME] = look->shot.decoded;
    look->frames[LOOK_FRAME] = copy(pipeline_frame(pipeline));
    for (enum pipeline_view view = 0; view < VIEW_COUNT; view++) {
        pipeline_look(pipeline, &look->shot, view, &look->read[view]);
        look->frames[view] = copy(pipeline_frame(pipeline));
    }
    pipeline_free(pipeline);
}

void look_fini(struct look *look)
{
    free(look->code.pixels);
    for (int i = 0; i < LOOK_STAGES; i++)
        free(look->frames[i].pixels);
    *look = (struct look){.seen = 0.0};
}

bool look_was_read(const struct look *look, int stage)
{
    return token_code_is_read(&look->shot.code, &look->read[stage]);
}

void look_print_code(FILE *out, const struct look *look)
{
    char text[TOKEN_PRINT_BYTES];
    token_print(look->shot.code.bytes, look->shot.code.count, text);
    fprintf(out, "code %s, %.0f %% of its image in the frame\n", text, 100.0 * look->seen);
}

/* The string, and how sure it is: by lines of a barcode, by bits of a matrix. */
static void print_read(FILE *out, const struct decoded *read)
{
    const struct decode_margin *margin = &read->margin;
    char text[TOKEN_PRINT_BYTES];
    token_print(read->text, read->length, text);
    if (margin->lines > 0)
        fprintf(out, "%s, %u lines agree, step %d\n", text, margin->lines, read->step);
    else
        fprintf(out, "%s, %u of %u bits corrected, step %d\n", text, margin->corrected_bits,
                margin->code_bits, read->step);
}

void look_print_stages(FILE *out, const struct look *look)
{
    fprintf(out, "%-12s %-38sthe code on the display\n", "code.png", "");
    for (int i = 0; i < LOOK_STAGES; i++) {
        const struct decoded *read = &look->read[i];
        fprintf(out, "%-12s %-38s", look_stages[i].file, look_stages[i].words);
        if (read->status == DECODE_OK)
            print_read(out, read);
        else
            fprintf(out, "%s\n", decode_status_text(read->status));
    }
}

void look_print_why(FILE *out, const struct look *look)
{
    const struct capture_geometry *geometry = &look->shot.geometry;
    double module_px = geometry->module_px;
    if (look_was_read(look, LOOK_FRAME))
        fputs("read as it was shown\n", out);
    else if (!look_was_read(look, VIEW_RENDERED) && look->seen < 1.0)
        fprintf(out, "lost before any blur: only %.0f %% of the code image is in the frame\n",
                100.0 * look->seen);
    else if (!look_was_read(look, VIEW_RENDERED))
        fprintf(out, "lost before any blur: %.2f pixels a module, in this position, do not do\n",
                module_px);
    else if (!look_was_read(look, VIEW_BLURRED))
        fprintf(out,
                "lost in the blur: the defocus disc is %.2f modules wide, the motion line %.2f "
                "modules long\n",
                geometry->defocus_px / module_px, geometry->motion_px / module_px);
    else if (!look_was_read(look, VIEW_SHADED))
        fputs("lost in the vignetting or in the flicker of the light\n", out);
    else
        fputs("lost in the noise of the sensor, or in what the camera does to its frames\n", out);
}

static bool write_one(const char *directory, const char *name, const struct frame *frame,
                      struct error *error)
{
    char path[RUN_PATH_BYTES + 32];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return frame_png_write(path, frame, error);
}

bool look_write(const struct look *look, const char *directory, struct error *error)
{
    bool good =
        run_make_path(directory, error) && write_one(directory, "code.png", &look->code, error);
    for (int i = 0; i < LOOK_STAGES && good; i++)
        good = write_one(directory, look_stages[i].file, &look->frames[i], error);
    return good;
}
