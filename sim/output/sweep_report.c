#include "output/sweep_report.h"

#include "output/gnuplot.h"
#include "output/sweep_page.h"
#include "output/sweep_plot.h"

#include <stdio.h>
#include <stdlib.h>

enum { PLOTS_MOST = 8, NAME_BYTES = 80 };

struct pictures {
    size_t chosen[PLOTS_MOST], count;
    struct plot plots[PLOTS_MOST];
    char names[PLOTS_MOST][NAME_BYTES];
};

static bool draw(struct pictures *pictures, size_t i, const struct sweep_data *data,
                 const struct folder *folder, const char *program, struct error *error)
{
    const struct sweep_metric *of = &data->metrics[pictures->chosen[i]];
    const char *metric = of->name; /* of a need, a question in words */
    (void)snprintf(pictures->names[i], NAME_BYTES, "sweep-%.64s",
                   of->of_factor > 0 ? "needed" : metric);
    struct plot_files files = {.name = pictures->names[i]};
    pictures->plots[i] = (struct plot){.name = pictures->names[i], .title = metric};
    bool any = sweep_plot_draw(&files, data, pictures->chosen[i]);
    bool good = plot_make(&pictures->plots[i], any ? &files : NULL, folder, program, error);
    plot_files_free(&files);
    return good;
}

static bool draw_all(struct pictures *pictures, const struct sweep_data *data,
                     const struct folder *run, const char *program, struct error *error)
{
    struct folder folder;
    if (!folder_enter(&folder, run, "plots", true, error))
        return false;
    pictures->count = sweep_data_choose(data, pictures->chosen, PLOTS_MOST);
    bool good = true;
    for (size_t i = 0; i < pictures->count && good; i++)
        good = draw(pictures, i, data, &folder, program, error);
    folder_close(&folder);
    return good;
}

static bool write_page(const struct pictures *pictures, const struct sweep_data *data,
                       const struct folder *run, struct error *error)
{
    struct text page = {0};
    bool good =
        sweep_page_write(&page, data, pictures->chosen, pictures->plots, pictures->count, error) &&
        folder_write(run, "report.html", page.bytes, page.length, error);
    text_free(&page);
    return good;
}

enum report_outcome sweep_report_make(const struct folder *run, struct error *error)
{
    char program[512];
    bool found = gnuplot_find(program, sizeof program);
    struct sweep_data data;
    if (!sweep_data_load(&data, run, error))
        return REPORT_FAILED;
    struct pictures pictures = {.count = 0};
    bool good = draw_all(&pictures, &data, run, found ? program : NULL, error) &&
                write_page(&pictures, &data, run, error);
    for (size_t i = 0; i < pictures.count; i++)
        free(pictures.plots[i].svg.data);
    sweep_data_free(&data);
    return !good ? REPORT_FAILED : found ? REPORT_DONE : REPORT_NO_GNUPLOT;
}
