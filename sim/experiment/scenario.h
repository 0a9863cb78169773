/*
 * A scenario: one question, in one YAML file, checked whole before anything runs.
 *
 * The file is read through libyaml's events against the table of parameters. Every mistake is found
 * in one pass and printed as a compiler would (file:line:column, the line, a caret, and what to
 * do); nothing runs if there is one. The file may extend one parent that lies in the same folder;
 * the command line may set single keys over it, the last of several winning.
 *
 * Bounds: 256 kB a file, 16 levels of nesting, 4 files in a chain of parents, 100 mistakes printed.
 * Refused: anchors, aliases, tags, merge keys, a second document, UTF-16. A UTF-8 BOM and CRLF line
 * ends are accepted.
 */
#ifndef CASHPOINT_SCENARIO_H
#define CASHPOINT_SCENARIO_H

#include "experiment/parameter.h"
#include "experiment/sweep.h"

#include <stdio.h>

struct scenario {
    const struct parameter_table *table;
    void *settings; /* owned: table->settings_bytes, every field filled */
    char name[64];  /* the file's stem: a-z A-Z 0-9 - _ */
    struct sweep sweep;
    bool *said; /* owned: by row, whether the scenario itself says something of it */
};

/* Reads `path` (null: no file, so the defaults), applies `set_count` settings "KEY=VALUE", and
 * fills `scenario`. Mistakes go to `diagnostics` followed by "N errors; nothing was run"; false
 * then, and nothing to free. */
bool scenario_read(struct scenario *scenario, const struct parameter_table *table, const char *path,
                   const char *const *set, size_t set_count, FILE *diagnostics);
void scenario_fini(struct scenario *scenario);

/* A copy of the settings as they are at a design point; the caller frees it. */
void *scenario_point(const struct scenario *scenario, size_t point);

/* The resolved scenario as YAML that reads back to the same settings: every key in the table's
 * order, nested. `only_changed`: only those that differ from their default. */
void scenario_write(const struct scenario *scenario, FILE *out, bool only_changed);

/* Fills settings with the defaults alone (keys without a default are left zero): for tests, benches
 * and `show`. Aborts where a default does not parse: that is a bug of the table. */
void parameter_defaults(const struct parameter_table *table, void *settings);

enum parameter_format { PARAMETER_AS_TEXT, PARAMETER_AS_MARKDOWN, PARAMETER_AS_SCHEMA };

/* The table as a user reads it; `prefix`: only keys that start with it (null: all). Returns how
 * many rows were printed. */
size_t parameter_print(const struct parameter_table *table, enum parameter_format format,
                       const char *prefix, FILE *out);

#endif
