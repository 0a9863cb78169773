/*
 * Mistakes, as a compiler prints them:
 *
 *     base.yaml:4:11: error: bank.tries: "three" is not a number
 *           tries: three
 *                  ^
 *
 * Every text is shown through utf8.h. Long lines are cut around the caret. Past the first hundred,
 * mistakes are counted but not printed.
 */
#ifndef CASHPOINT_DIAGNOSTICS_H
#define CASHPOINT_DIAGNOSTICS_H

#include "experiment/source.h"

#include <stdio.h>

enum { DIAGNOSTICS_PRINTED = 100, DIAGNOSTICS_COLUMNS = 100 };

struct diagnostics {
    FILE *out;
    size_t errors;
};

/* A mistake at a byte offset of `source`. Returns false, as error_set() does. */
bool diagnostics_at(struct diagnostics *diagnostics, const struct source *source, size_t offset,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A mistake of a whole file, which has no line. */
bool diagnostics_about(struct diagnostics *diagnostics, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Refuses characters that no YAML text may hold, the first of every line: bytes that are no UTF-8,
 * NUL, control characters; and UTF-16. */
bool diagnostics_check_text(struct diagnostics *diagnostics, const struct source *source);

/* True where further mistakes are only counted: their messages need not be prepared. */
bool diagnostics_full(const struct diagnostics *diagnostics);

/* Prints "N errors; nothing was run" where there were any; true where there was none. */
bool diagnostics_end(const struct diagnostics *diagnostics);

#endif
