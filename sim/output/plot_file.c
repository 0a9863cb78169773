#include "output/plot_file.h"

#include "output/gnuplot.h"

#include <stdio.h>

enum { PICTURE_BYTES = 4 << 20 };

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

bool plot_make(struct plot *plot, const struct plot_files *files, const struct folder *folder,
               const char *program, struct error *error)
{
    plot->state = PLOT_NO_DATA;
    remove_old(folder, plot->name);
    if (files == NULL)
        return true;
    return write_file(folder, plot->name, ".csv", &files->csv, error) &&
           write_file(folder, plot->name, ".gp", &files->script, error) &&
           make_picture(plot, folder, program, error);
}

void plot_files_free(struct plot_files *files)
{
    text_free(&files->csv);
    text_free(&files->script);
}
