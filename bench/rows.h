/*
 * Rows as people and programs read them: a table, and JSON like Google Benchmark's.
 */
#ifndef CASHPOINT_ROWS_H
#define CASHPOINT_ROWS_H

#include "bench/measure.h"

#include <stdio.h>

/* `operation` and `reference` as a suite's. */
void rows_header(FILE *table, int jobs, const char *operation, const char *reference);
void rows_print(FILE *table, const struct row *row);

/* Machine, build and libraries on a line or two, before any number. */
void rows_context(FILE *table);

/* False where no such file can be made: better known before minutes of measuring than after. */
bool rows_try_json(const char *path, struct error *error);

/* Writes context and rows to `path`, whole or not at all. */
bool rows_write_json(const char *path, const struct row *rows, size_t count, bool quick,
                     struct error *error);

#endif
