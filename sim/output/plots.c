#include "output/plots.h"

#include "output/gnuplot.h"
#include "output/plot_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_BYTES = 4 << 20 };

struct plot_kind {
    const char *name, *title;
    bool (*draw)(struct plot_files *files, const struct report_data *data);
};

static const struct plot_kind kinds[PLOTS] = {
    [PLOT_SECURITY] = {"security", "Thefts by scheme and attack", plot_security},
    [PLOT_PHOTOGRAPHER] = {"photographer", "What a photographer can read", plot_photographer},
    [PLOT_WITHDRAWALS] = {"withdrawals", "Withdrawals through the day", plot_withdrawals},
    [PLOT_QUEUE_WAIT] = {"queue-wait", "Mean wait by hour", plot_queue_wait},
    [PLOT_WAIT_DISTRIBUTION] = {"wait-distribution", "Distribution of waits",
                                plot_wait_distribution},
    [PLOT_OUTCOMES] = {"outcomes", "Outcomes", plot_outcomes},
    [PLOT_DECODE_DISTANCE] = {"decode-distance", "Decoding against distance", plot_decode_distance},
    [PLOT_DECODE_DEFOCUS] = {"decode-defocus", "Decoding against defocus", plot_decode_defocus},
    [PLOT_DECODE_MODULE] = {"decode-module", "Decoding against module size", plot_decode_module},
    [PLOT_STAGES] = {"stages", "CPU time by stage", plot_stages},
};

static bool write_file(const struct folder *folder, const char *name, const char *extension,
                       const struct text *text, struct error *error)
{
    char file[96];
    (void)snprintf(file, sizeof file, "%s%s", name, extension);
    return folder_write(folder, file, text->bytes, text->length, error);
}

/* What an earlier report left must not pass for a plot of this one. */
static void remove_old(const struct folder *folder, const char *name)
{
    static const char *const extensions[] = {".csv", ".gp", ".svg"};
    for (size_t i = 0; i < 3; i++) {
        char file[96];
        (void)snprintf(file, sizeof file, "%s%s", name, extensions[i]);
        folder_remove(folder, file);
    }
}

static bool make_picture(struct plot *plot, const struct folder *folder, const char *program,
                         struct error *error)
{
    plot->state = PLOT_NO_PICTURE;
    if (!program)
        return true;
    char file[96];
    (void)snprintf(file, sizeof file, "%s.svg", plot->name);
    if (!gnuplot_run(program, folder, plot->name, error) ||
        !folder_read(folder, file, PICTURE_BYTES, &plot->svg, error))
        return false;
    plot->state = PLOT_DRAWN;
    return true;
}

static bool make_plot(struct plot *plot, const struct plot_kind *kind,
                      const struct report_data *data, const struct folder *folder,
                      const char *program, struct error *error)
{
    *plot = (struct plot){.name = kind->name, .title = kind->title, .state = PLOT_NO_DATA};
    struct plot_files files = {.name = kind->name};
    remove_old(folder, kind->name);
    bool good = true;
    if (kind->draw(&files, data))
        good = write_file(folder, kind->name, ".csv", &files.csv, error) &&
               write_file(folder, kind->name, ".gp", &files.script, error) &&
               make_picture(plot, folder, program, error);
    text_free(&files.csv);
    text_free(&files.script);
    return good;
}

bool plots_make(struct plots *plots, const struct report_data *data, const struct folder *folder,
                struct error *error)
{
    *plots = (struct plots){0};
    char program[512];
    plots->gnuplot_missing = !gnuplot_find(program, sizeof program);
    for (size_t i = 0; i < PLOTS; i++)
        if (!make_plot(&plots->plot[i], &kinds[i], data, folder,
                       plots->gnuplot_missing ? NULL : program, error))
            return false;
    return true;
}

void plots_free(struct plots *plots)
{
    for (size_t i = 0; i < PLOTS; i++)
        free(plots->plot[i].svg.data);
    *plots = (struct plots){0};
}
