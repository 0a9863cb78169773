/*
 * The words in which the table of parameters is shown, shared by its three forms.
 */
#ifndef CASHPOINT_PARAMETER_PRINT_H
#define CASHPOINT_PARAMETER_PRINT_H

#include "experiment/parameter.h"

#include <stdio.h>

struct parameter_words {
    char text[128];
};

/* "time [s]"; "time [s] ~" where it may be a distribution. */
struct parameter_words parameter_kind(const struct parameter *row);

/* "1 mm to 10 m"; empty where there is none. */
struct parameter_words parameter_range(const struct parameter *row);

const char *parameter_default(const struct parameter *row);

/* True where the key starts with `prefix` (null: all). */
bool parameter_wanted(const struct parameter *row, const char *prefix);

/* A JSON Schema (draft 2020-12) of a scenario file, for editors. Returns how many rows it holds. */
size_t parameter_print_schema(const struct parameter_table *table, const char *prefix, FILE *out);

#endif
