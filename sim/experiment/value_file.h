/*
 * Empirical distributions from a file: `empirical(file waits.csv)`.
 *
 * A line is a value, or a value and its weight with a comma between (1 where none is given). A unit
 * stands behind each value, or in a first line such as `value s,weight` for all of them. Empty
 * lines and lines that begin with # are passed over. At most DISTRIBUTION_PAIRS values. The file
 * lies beside the scenario that names it, as a parent does: no path, no symbolic link.
 *
 * Once read the values are the distribution's; the resolved scenario writes them out as pairs.
 */
#ifndef CASHPOINT_VALUE_FILE_H
#define CASHPOINT_VALUE_FILE_H

#include "experiment/diagnostics.h"
#include "experiment/quantity.h"

struct value_file_name {
    size_t at, length; /* in the text of the value */
};

/* True where `text` names a file so; it may still be a bad name. */
bool value_file_named(const char *text, struct value_file_name *name);

/* Reads the file that `text` names in `scenario` (at `offset` there). Every mistake is told to
 * `diagnostics`, with the file's own name and line; false then. */
bool value_file_read(const struct source *scenario, size_t offset, const char *text,
                     enum dimension dimension, struct distribution *distribution,
                     struct diagnostics *diagnostics);

#endif
