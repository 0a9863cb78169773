/*
 * One plot in its folder: the data as NAME.csv, the script as NAME.gp, the picture as NAME.svg.
 */
#ifndef CASHPOINT_PLOT_FILE_H
#define CASHPOINT_PLOT_FILE_H

#include "output/folder.h"
#include "output/text.h"

#include <stdbool.h>

struct plot_files {
    const char *name;
    struct text csv, script;
};

enum plot_state { PLOT_DRAWN, PLOT_NO_DATA, PLOT_NO_PICTURE };

struct plot {
    const char *name, *title;
    enum plot_state state;
    struct file_bytes svg; /* where drawn; the caller frees its data */
};

/* Writes the files of plot->name, has them drawn, and reads the picture back; what an earlier
 * report left under that name is removed first. `files`: null where there is nothing to draw.
 * `program`: gnuplot, or null where there is none. */
bool plot_make(struct plot *plot, const struct plot_files *files, const struct folder *folder,
               const char *program, struct error *error);

void plot_files_free(struct plot_files *files);

#endif
