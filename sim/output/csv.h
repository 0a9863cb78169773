/*
 * A strict reader of the CSV files of output/records.h.
 *
 * The whole file is checked before a cell is handed out: the header must be the expected one, each
 * row must have each column, each cell must be of its column's type, and the last line must be
 * whole. Rows are lines, so row i stands on line i + 2. A message names file, line, column and the
 * way out; what it quotes of the file is cut and made printable.
 *
 * Names are limited to [A-Za-z0-9._-] because they reach scripts of gnuplot and attributes of HTML.
 */
#ifndef CASHPOINT_CSV_H
#define CASHPOINT_CSV_H

#include "engine/error.h"

#include <stddef.h>

enum { CSV_COLUMNS = 24, CSV_NAME_BYTES = 64, CSV_CELL_BYTES = 256 };

enum csv_type {
    CSV_NAME,    /* [A-Za-z0-9._-], 1 to 64 bytes */
    CSV_UNIT,    /* a name that may also hold space / ^ * ( ) % */
    CSV_PICTURE, /* gallery/NAME.png, with nothing that leaves that folder */
    CSV_NOTE,    /* free text of up to 256 bytes, without control characters */
    CSV_NUMBER,  /* finite, '.' as the decimal point, no space */
    CSV_COUNT,   /* a number that is whole and not below 0, at most 2^53 */
};

struct csv_column {
    const char *name;
    enum csv_type type;
    bool may_be_empty; /* then its text is "" and its number NAN */
};

struct csv_cell {
    const char *text;
    double number; /* NAN unless CSV_NUMBER or CSV_COUNT */
};

struct csv {
    char *bytes;            /* owned; the cells' texts point into it */
    struct csv_cell *cells; /* owned; row by row */
    size_t columns, rows;
};

/* Takes `bytes` (from malloc, NUL after `length`), also where it fails. `file` is for messages. */
bool csv_parse(struct csv *table, char *bytes, size_t length, const char *file,
               const struct csv_column *columns, size_t count, size_t row_limit,
               struct error *error);
void csv_free(struct csv *table);

const char *csv_text(const struct csv *table, size_t row, size_t column);
double csv_number(const struct csv *table, size_t row, size_t column);

/* Writes what a message may quote: printable ASCII, cut at `size` - 1 bytes. */
void csv_quote(char *out, size_t size, const char *text);

#endif
