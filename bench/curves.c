#include "bench/curves.h"

#include "bench/curves_draw.h"
#include "output/gnuplot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct row *view_find(const struct rows_view *view, const char *name)
{
    for (size_t i = 0; i < view->count; i++)
        if (strcmp(view->rows[i].name, name) == 0)
            return &view->rows[i];
    return NULL;
}

static bool open_folder(struct folder *folder, const char *path, struct error *error)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return error_set(error, "cannot make the folder %s: %s", path, strerror(errno));
    return folder_open(folder, path, error);
}

/* Takes and frees `files`; where there is nothing to draw, what is there stays. */
static bool make(struct plot_files *files, bool anything, const struct folder *folder,
                 const char *program, struct error *error)
{
    struct plot plot = {.name = files->name};
    bool good = !anything || plot_make(&plot, files, folder, program, error);
    free(plot.svg.data);
    plot_files_free(files);
    return good;
}

static bool make_misreads(const struct rows_view *view, const struct folder *folder,
                          const char *program, struct error *error)
{
    for (int i = 0; i < SYMBOL_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "misreads-%s", symbol_names[i]);
        struct plot_files files = {.name = name};
        bool anything = curves_misreads(&files, view, (enum symbol)i);
        if (!make(&files, anything, folder, program, error))
            return false;
    }
    return true;
}

bool curves_write(const char *path, const struct row *rows, size_t count, bool *drawn,
                  struct error *error)
{
    struct folder folder;
    char program[512];
    struct rows_view view = {rows, count};
    if (!open_folder(&folder, path, error))
        return false;
    *drawn = gnuplot_find(program, sizeof program);
    const char *gnuplot = *drawn ? program : NULL;
    struct plot_files barcode = {.name = "decode-code128"}, matrix = {.name = "decode-matrix"};
    bool good = make(&barcode, curves_code128(&barcode, &view), &folder, gnuplot, error);
    good = make(&matrix, curves_matrix(&matrix, &view), &folder, gnuplot, error) && good;
    good = good && make_misreads(&view, &folder, gnuplot, error);
    folder_close(&folder);
    return good;
}
