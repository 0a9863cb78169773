/*
 * One value, from text to the field of the settings.
 *
 * Defaults, files and --set all pass here, so that a value means the same and is refused in the
 * same words wherever it stands.
 */
#ifndef CASHPOINT_VALUE_H
#define CASHPOINT_VALUE_H

#include "experiment/diagnostics.h"
#include "experiment/document.h"
#include "experiment/parameter.h"

/* Reads `node`, which stands in `source`, into the field of `row`. Every mistake in it is told to
 * `diagnostics`; false then, and the field may hold anything. */
bool value_read(const struct parameter *row, const struct node *node, const struct source *source,
                struct diagnostics *diagnostics, void *settings);

/* Writes the value as YAML that reads back to the same bits, in block style (not inside { } or [ ]).
 */
void value_write(const struct parameter *row, const void *settings, FILE *out);

size_t value_bytes(const struct parameter *row);
bool value_equal(const struct parameter *row, const void *settings, const void *other);

/* The bounds of a row; -INFINITY and INFINITY (or the ends of int64_t) where it has none. */
struct value_range {
    double minimum, maximum;
    int64_t count_minimum, count_maximum;
};
struct value_range value_range(const struct parameter *row);

#endif
