/*
 * Frames over any two keys, as a contact sheet: a cell a design point.
 *
 * The axes are the factors of a sweep, so that values, labels and mistakes are those of a scenario:
 * the first runs down, the second across. Without any, the cells are so many presentations.
 */
#include "experiment/value.h"
#include "picture.h"
#include "sheet.h"
#include "show.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAWS_ACROSS = 4,
    DRAWS_DOWN = 4,
    SHEET_PX = 1000, /* about, across */
    CELL_MOST_PX = 320,
    CELL_LEAST_PX = 96,
    LABEL_BYTES = 64,
};

struct gallery_axis {
    const struct sweep_factor *factor; /* null: none */
    size_t index, levels;              /* of the factor */
    char (*labels)[LABEL_BYTES];       /* owned, one a level */
    const char **texts;                /* the same, as sheets want them; owned */
};

struct cell {
    unsigned read;                    /* of the shots */
    char word[32];                    /* of the first */
    struct capture_geometry geometry; /* of the first */
};

struct sheet_view {
    const struct show *show;
    struct gallery_axis down, across;
    struct pipeline *pipeline;
    struct sheet sheet;
    struct cell *cells; /* owned, row by row */
};

/* --- the axes --- */

static void write_label(const struct sweep *sweep, const struct sweep_factor *factor,
                        const void *settings, char *label)
{
    FILE *out = fmemopen(label, LABEL_BYTES, "w");
    CHECK(out != NULL);
    for (size_t k = 0; k < factor->key_count; k++) {
        fputs(k > 0 ? ", " : "", out);
        value_write(&sweep->table->rows[factor->keys[k].row], settings, out);
    }
    fclose(out);
    label[LABEL_BYTES - 1] = '\0';
}

/* The first point at which a factor has that level. */
static size_t point_of(const struct sweep *sweep, size_t factor, size_t level)
{
    size_t point = 0;
    while (sweep_level(sweep, point, factor) != level)
        point++;
    return point;
}

static void make_room(struct gallery_axis *axis)
{
    axis->labels = calloc(axis->levels, sizeof *axis->labels);
    axis->texts = calloc(axis->levels, sizeof *axis->texts);
    CHECK(axis->labels != NULL && axis->texts != NULL);
    for (size_t i = 0; i < axis->levels; i++)
        axis->texts[i] = axis->labels[i];
}

static void take_factor(struct gallery_axis *axis, const struct scenario *scenario, size_t index)
{
    const struct sweep *sweep = &scenario->sweep;
    axis->factor = &sweep->factors[index];
    axis->index = index;
    axis->levels = axis->factor->levels;
    make_room(axis);
    for (size_t i = 0; i < axis->levels; i++) {
        void *settings = scenario_point(scenario, point_of(sweep, index, i));
        write_label(sweep, axis->factor, settings, axis->labels[i]);
        free(settings);
    }
}

static void take_axes(struct sheet_view *view)
{
    const struct scenario *scenario = &view->show->scenario;
    size_t count = scenario->sweep.count;
    view->down.levels = count == 0 ? DRAWS_DOWN : 1;
    view->across.levels = count == 0 ? DRAWS_ACROSS : 1;
    if (count == 2 || (count == 1 && view->show->only_rows))
        take_factor(&view->down, scenario, 0);
    if (count == 2 || (count == 1 && !view->show->only_rows))
        take_factor(&view->across, scenario, count - 1);
}

/* Of zipped keys the first; null where there is none. */
static const char *axis_key(const struct sheet_view *view, const struct gallery_axis *axis)
{
    return axis->factor == NULL
               ? NULL
               : view->show->scenario.sweep.table->rows[axis->factor->keys[0].row].key;
}

/* --- the sheet --- */

static struct pipeline *largest_pipeline(const struct show *show, unsigned *width, unsigned *height)
{
    *width = *height = 0;
    for (size_t i = 0; i < sweep_points(&show->scenario.sweep); i++) {
        struct settings *settings = scenario_point(&show->scenario, i);
        const struct camera_settings *camera = &settings->terminals.camera;
        *width = camera->width > *width ? (unsigned)camera->width : *width;
        *height = camera->height > *height ? (unsigned)camera->height : *height;
        free(settings);
    }
    return pipeline_new(*width, *height);
}

static bool lay_out(struct sheet_view *view, unsigned width, unsigned height, struct error *error)
{
    unsigned columns = (unsigned)view->across.levels, cell = SHEET_PX / columns;
    char titles[2][160];
    const char *across = axis_key(view, &view->across), *down = axis_key(view, &view->down);
    cell = cell > CELL_MOST_PX ? CELL_MOST_PX : cell < CELL_LEAST_PX ? CELL_LEAST_PX : cell;
    snprintf(titles[0], sizeof titles[0], "across: %s", across != NULL ? across : "");
    snprintf(titles[1], sizeof titles[1], "down: %s", down != NULL ? down : "");
    struct sheet_plan plan = {
        .rows = (unsigned)view->down.levels,
        .columns = columns,
        .cell_width = cell,
        .cell_height = (cell * height + width - 1) / width,
        .title = {across != NULL ? titles[0] : NULL, down != NULL ? titles[1] : NULL},
        .row_labels = view->down.texts,
        .column_labels = view->across.texts,
        .captions = true,
        .note = "below: verdict or share read; pixels a module, disc of defocus, line of motion",
    };
    return sheet_init(&view->sheet, &plan, error);
}

/* --- the cells --- */

static void caption(const struct cell *cell, int64_t shots, char *text, size_t room)
{
    size_t at = shots > 1 ? (size_t)snprintf(text, room, "%u/%lld", cell->read, (long long)shots)
                          : (size_t)snprintf(text, room, "%s", cell->word);
    snprintf(text + at, room - at, " %.1f disc %.1f line %.1f", cell->geometry.module_px,
             cell->geometry.defocus_px, cell->geometry.motion_px);
}

/* Takes the shots of a cell; the first is the one that is shown. */
static void fill(struct sheet_view *view, size_t row, size_t column)
{
    const struct show *show = view->show;
    const struct sweep *sweep = &show->scenario.sweep;
    size_t index = row * view->across.levels + column;
    struct settings *settings = scenario_point(&show->scenario, sweep->count > 0 ? index : 0);
    struct cell *cell = &view->cells[index];
    for (int64_t i = 0; i < show->shots; i++) {
        size_t number = sweep->count > 0 ? (size_t)i : index * (size_t)show->shots + (size_t)i;
        struct shot shot = show_shot(show, settings, (unsigned)number);
        pipeline_run(view->pipeline, &shot);
        enum sheet_border border = sheet_border_of(&shot.decoded, &show->code);
        cell->read += border == BORDER_READ;
        if (i > 0)
            continue;
        cell->geometry = shot.geometry;
        snprintf(cell->word, sizeof cell->word, "%s", sheet_word(&shot.decoded, &show->code));
        sheet_put(&view->sheet, (unsigned)row, (unsigned)column, pipeline_frame(view->pipeline),
                  border);
    }
    char text[LABEL_BYTES];
    caption(cell, show->shots, text, sizeof text);
    sheet_caption(&view->sheet, (unsigned)row, (unsigned)column, text);
    free(settings);
}

static void fill_all(struct sheet_view *view)
{
    view->cells = calloc(view->down.levels * view->across.levels, sizeof *view->cells);
    CHECK(view->cells != NULL);
    for (size_t row = 0; row < view->down.levels; row++)
        for (size_t column = 0; column < view->across.levels; column++)
            fill(view, row, column);
}

/* --- in words --- */

static void print_cell(const struct sheet_view *view, const struct cell *cell)
{
    char share[32];
    snprintf(share, sizeof share, "%u/%lld", cell->read, (long long)view->show->shots);
    printf("  %12s", view->show->shots > 1 ? share : cell->word);
}

static void print_table(const struct sheet_view *view)
{
    const char *across = axis_key(view, &view->across), *down = axis_key(view, &view->down);
    size_t read = 0, all = view->down.levels * view->across.levels * (size_t)view->show->shots;
    if (across != NULL)
        printf("across: %s\n", across);
    if (down != NULL)
        printf("down:   %s\n", down);
    if (across != NULL) {
        printf("%-24s", "");
        for (size_t i = 0; i < view->across.levels; i++)
            printf("  %12s", view->across.labels[i]);
        putchar('\n');
    }
    for (size_t row = 0; row < view->down.levels; row++) {
        printf("%-24s", down != NULL ? view->down.labels[row] : "");
        for (size_t column = 0; column < view->across.levels; column++) {
            const struct cell *cell = &view->cells[row * view->across.levels + column];
            read += cell->read;
            print_cell(view, cell);
        }
        putchar('\n');
    }
    printf("%zu of %zu frames read; %s\n", read, all, sheet_legend);
}

enum exit_code show_gallery(const struct show *show)
{
    struct sheet_view view = {.show = show};
    struct error error;
    unsigned width, height;
    if (show->scenario.sweep.count > 2)
        return complain(EXIT_USAGE,
                        "a gallery has two axes, and %zu are swept: give the others "
                        "plainly, as in --set KEY=VALUE",
                        show->scenario.sweep.count);
    take_axes(&view);
    view.pipeline = largest_pipeline(show, &width, &height);
    enum exit_code code = EXIT_USAGE;
    if (!lay_out(&view, width, height, &error)) {
        complain(code, "%s", error.text);
    } else {
        fill_all(&view);
        code = show_save(show->out, &view.sheet.frame);
        if (code == EXIT_DONE)
            print_table(&view);
    }
    sheet_fini(&view.sheet);
    pipeline_free(view.pipeline);
    free(view.cells);
    free(view.down.labels);
    free(view.down.texts);
    free(view.across.labels);
    free(view.across.texts);
    return code;
}
