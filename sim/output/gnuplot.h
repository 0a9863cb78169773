/*
 * Running gnuplot on one script of our own.
 *
 * No shell is involved, the user's start-up files are not read (-d), standard input is empty, and
 * 60 s are the most it may take. The program is looked for in the absolute folders of PATH only: a
 * relative one could be the folder of the records, and a stranger's.
 */
#ifndef CASHPOINT_GNUPLOT_H
#define CASHPOINT_GNUPLOT_H

#include "output/folder.h"

enum { GNUPLOT_LIMIT_MS = 60000 };

/* Writes the path of the program; false where there is none. */
bool gnuplot_find(char *path, size_t size);

/* Runs `name`.gp within `plots` and leaves `name`.svg, whole or not at all. */
bool gnuplot_run(const char *program, const struct folder *plots, const char *name,
                 struct error *error);

#endif
