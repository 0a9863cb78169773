/* One capture as a contact sheet: a column a stage, the whole frame above, its middle enlarged
 * below. */
#include "look.h"
#include "picture.h"
#include "sheet.h"
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL_PX = 320, TIMES = 4, COLUMNS = LOOK_STAGES + 1 };

static unsigned panel_height(const struct camera *camera)
{
    unsigned height = PANEL_PX * camera->height / camera->width;
    return height < TIMES ? TIMES : height / TIMES * TIMES;
}

/* The middle of the code image as the frame has it, enlarged. */
static void put_middle(struct sheet *sheet, const struct look *look, int stage)
{
    const struct frame *frame = &look->frames[stage];
    unsigned width = sheet->cell_width, height = sheet->cell_height;
    if (frame->width < width / TIMES || frame->height < height / TIMES)
        return;
    double x, y;
    struct frame middle = picture_new(width, height, 0);
    camera_project(&look->image, &look->shot.conditions, 0.5 * look->image.width,
                   0.5 * look->image.height, &x, &y);
    picture_magnify(frame, x, y, TIMES, &middle);
    sheet_put(sheet, 1, (unsigned)stage + 1, &middle, BORDER_NONE);
    free(middle.pixels);
}

/* How it was held up, in the lines of picture_describe(). */
static void describe(const struct look *look, char *text, size_t room)
{
    FILE *out = fmemopen(text, room, "w");
    CHECK(out != NULL);
    picture_describe(out, &look->shot);
    fclose(out);
    text[room - 1] = '\0';
}

/* The code itself, where there is room for it in words. */
static void put_code(struct sheet *sheet, const struct look *look)
{
    char text[TOKEN_PRINT_BYTES];
    token_print(look->shot.code.bytes, look->shot.code.count, text);
    if (strlen(text) > PASSCODE_MAX_LENGTH)
        snprintf(text, sizeof text, "%u bytes", look->shot.code.count);
    sheet_put(sheet, 0, 0, &look->code, BORDER_NONE);
    sheet_caption(sheet, 0, 0, text);
}

static bool draw(struct sheet *sheet, const struct look *look, struct error *error)
{
    const char *stages[COLUMNS] = {"code"};
    for (int i = 0; i < LOOK_STAGES; i++)
        stages[i + 1] = look_stages[i].name;
    static const char *const rows[2] = {"", "x 4"};
    char text[256], *end = text;
    describe(look, text, sizeof text);
    const char *held = strsep(&end, "\n"), *seen = strsep(&end, "\n");
    struct sheet_plan plan = {.title = {held, seen},
                              .rows = 2,
                              .columns = COLUMNS,
                              .cell_width = PANEL_PX,
                              .cell_height = panel_height(&look->shot.conditions.camera),
                              .row_labels = rows,
                              .column_labels = stages,
                              .captions = true};
    if (!sheet_init(sheet, &plan, error))
        return false;
    put_code(sheet, look);
    for (int i = 0; i < LOOK_STAGES; i++) {
        sheet_put(sheet, 0, (unsigned)i + 1, &look->frames[i],
                  sheet_border_of(&look->read[i], &look->shot.code));
        sheet_caption(sheet, 0, (unsigned)i + 1, sheet_word(&look->read[i], &look->shot.code));
        put_middle(sheet, look, i);
    }
    return true;
}

static void print(const struct look *look)
{
    look_print_code(stdout, look);
    picture_describe(stdout, &look->shot);
    look_print_stages(stdout, look);
    fputs("decoder: ", stdout);
    look_print_why(stdout, look);
    printf("%s\n", sheet_legend);
}

/* A name that ends in a slash is a folder, for the pictures by themselves as well. */
static bool choose_path(const struct show *show, const struct look *look, char *path, size_t room,
                        struct error *error)
{
    size_t length = strlen(show->out);
    bool folder = length > 0 && show->out[length - 1] == '/';
    if ((size_t)snprintf(path, room, "%s%s", show->out, folder ? "chain.png" : "") >= room)
        return error_set(error, "--out: the path is too long");
    return !folder || look_write(look, show->out, error);
}

enum exit_code show_chain(const struct show *show)
{
    struct shot shot = show_shot(show, show->settings, 0);
    struct look look;
    struct sheet sheet = {.rows = 0};
    struct error error;
    char path[4096];
    look_init(&look, &shot);
    enum exit_code code =
        choose_path(show, &look, path, sizeof path, &error) && draw(&sheet, &look, &error)
            ? show_save(path, &sheet.frame)
            : complain(EXIT_FAILED, "%s", error.text);
    if (code == EXIT_DONE)
        print(&look);
    sheet_fini(&sheet);
    look_fini(&look);
    return code;
}
