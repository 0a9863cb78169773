#include "output/csv.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESTORE "restore the file or run the scenario again"

struct place {
    const char *file;
    size_t line;
};

void csv_quote(char *out, size_t size, const char *text)
{
    size_t i = 0;
    for (; i + 1 < size && text[i]; i++)
        out[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    out[i] = '\0';
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static bool is_name(const char *text, const char *also)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (!is_name_byte(text[i]) && !strchr(also, text[i]))
            return false;
    return length > 0 && length <= CSV_NAME_BYTES;
}

static bool is_picture(const char *text)
{
    const char *folder = "gallery/";
    if (strncmp(text, folder, strlen(folder)) != 0)
        return false;
    const char *name = text + strlen(folder);
    size_t length = strlen(name);
    return is_name(name, "") && name[0] != '.' && length > 4 &&
           strcmp(name + length - 4, ".png") == 0;
}

static bool is_note(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            return false;
    return true;
}

/* strtod alone would also take spaces, "inf", "nan" and hexadecimal digits. */
static bool parse_number(const char *text, double *number)
{
    size_t length = strlen(text);
    if (length == 0 || length > 32 || strspn(text, "0123456789+-.eE") != length || text[0] == '+')
        return false;
    char *end;
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

static bool is_whole(double number)
{
    return number >= 0.0 && number <= 0x1p53 && floor(number) == number;
}

static bool fits(struct csv_cell *cell, const struct csv_column *column)
{
    const char *text = cell->text;
    switch (column->type) {
    case CSV_NAME:
        return is_name(text, "");
    case CSV_UNIT:
        return is_name(text, " /^*()%");
    case CSV_PICTURE:
        return is_picture(text);
    case CSV_NOTE:
        return is_note(text);
    case CSV_NUMBER:
        return parse_number(text, &cell->number);
    case CSV_COUNT:
        return parse_number(text, &cell->number) && is_whole(cell->number);
    }
    return false;
}

static const char *type_text(enum csv_type type)
{
    static const char *const texts[] = {
        [CSV_NAME] = "a name of letters, digits, '.', '_' and '-'",
        [CSV_UNIT] = "a unit",
        [CSV_PICTURE] = "a picture such as gallery/1-accepted.png",
        [CSV_NOTE] = "a note without control characters",
        [CSV_NUMBER] = "a number",
        [CSV_COUNT] = "a whole number from 0 to 2^53",
    };
    return texts[type];
}

static bool check_cell(struct csv_cell *cell, const struct csv_column *column, struct place place,
                       struct error *error)
{
    cell->number = NAN;
    if (cell->text[0] == '\0' && column->may_be_empty)
        return true;
    if (strlen(cell->text) > CSV_CELL_BYTES)
        return error_set(error, "%s:%zu: column '%s' is longer than %d bytes; " RESTORE, place.file,
                         place.line, column->name, CSV_CELL_BYTES);
    if (fits(cell, column))
        return true;
    char quote[48];
    csv_quote(quote, sizeof quote, cell->text);
    return error_set(error, "%s:%zu: column '%s' holds '%s', which is not %s; " RESTORE, place.file,
                     place.line, column->name, quote, type_text(column->type));
}

/* Cuts `line` at its commas into at most `room` texts; the number of all columns it has. */
static size_t split(char *line, const char **texts, size_t room)
{
    size_t count = 0;
    for (char *rest = line; rest; count++) {
        char *comma = strchr(rest, ',');
        if (comma)
            *comma = '\0';
        if (count < room)
            texts[count] = rest;
        rest = comma ? comma + 1 : NULL;
    }
    return count;
}

static bool check_header(char *line, const struct csv_column *columns, size_t count,
                         const char *file, struct error *error)
{
    const char *texts[CSV_COLUMNS];
    size_t got = split(line, texts, CSV_COLUMNS);
    for (size_t i = 0; i < count; i++) {
        if (i >= got)
            return error_set(error, "%s:1: column '%s' is missing; " RESTORE, file,
                             columns[i].name);
        char quote[48];
        csv_quote(quote, sizeof quote, texts[i]);
        if (strcmp(texts[i], columns[i].name) != 0)
            return error_set(error,
                             "%s:1: column %zu is '%s' and should be '%s'; " RESTORE
                             " with this version of cashpoint",
                             file, i + 1, quote, columns[i].name);
    }
    if (got > count)
        return error_set(error,
                         "%s:1: %zu columns where %zu are known; " RESTORE
                         " with this version of cashpoint",
                         file, got, count);
    return true;
}

static bool check_row(struct csv *table, char *line, const struct csv_column *columns,
                      struct place place, struct error *error)
{
    const char *texts[CSV_COLUMNS];
    size_t got = split(line, texts, CSV_COLUMNS);
    if (got != table->columns)
        return error_set(error, "%s:%zu: %zu columns where the header has %zu; " RESTORE,
                         place.file, place.line, got, table->columns);
    struct csv_cell *cells = table->cells + table->rows * table->columns;
    for (size_t i = 0; i < got; i++) {
        cells[i].text = texts[i];
        if (!check_cell(&cells[i], &columns[i], place, error))
            return false;
    }
    return true;
}

static bool check_bytes(const char *bytes, size_t length, const char *file, struct error *error)
{
    size_t line = 1;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\0' || bytes[i] == '\r')
            return error_set(error,
                             "%s:%zu: holds a %s, so it is no CSV file of cashpoint; " RESTORE,
                             file, line, bytes[i] ? "carriage return" : "NUL byte");
        line += bytes[i] == '\n';
    }
    if (length == 0)
        return error_set(error, "%s:1: the file is empty; " RESTORE, file);
    if (bytes[length - 1] != '\n')
        return error_set(error,
                         "%s:%zu: the file ends within this line; copy it again or run the "
                         "scenario again",
                         file, line);
    return true;
}

static size_t count_lines(const char *bytes, size_t length)
{
    size_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    return lines;
}

static char *cut_line(char **rest)
{
    char *line = *rest;
    char *end = strchr(line, '\n');
    CHECK(end);
    *end = '\0';
    *rest = end + 1;
    return line;
}

static bool parse_lines(struct csv *table, size_t length, const char *file,
                        const struct csv_column *columns, size_t row_limit, struct error *error)
{
    if (!check_bytes(table->bytes, length, file, error))
        return false;
    size_t rows = count_lines(table->bytes, length) - 1;
    if (rows > row_limit)
        return error_set(error, "%s:%zu: more than %zu rows; report a run with fewer replications",
                         file, row_limit + 2, row_limit);
    char *rest = table->bytes;
    if (!check_header(cut_line(&rest), columns, table->columns, file, error))
        return false;
    table->cells = calloc(rows * table->columns + 1, sizeof *table->cells);
    CHECK(table->cells);
    for (; table->rows < rows; table->rows++) {
        struct place place = {file, table->rows + 2};
        if (!check_row(table, cut_line(&rest), columns, place, error))
            return false;
    }
    return true;
}

bool csv_parse(struct csv *table, char *bytes, size_t length, const char *file,
               const struct csv_column *columns, size_t count, size_t row_limit,
               struct error *error)
{
    CHECK(count > 0 && count <= CSV_COLUMNS);
    *table = (struct csv){.bytes = bytes, .columns = count};
    if (parse_lines(table, length, file, columns, row_limit, error))
        return true;
    csv_free(table);
    return false;
}

void csv_free(struct csv *table)
{
    free(table->cells);
    free(table->bytes);
    *table = (struct csv){0};
}

static const struct csv_cell *cell_at(const struct csv *table, size_t row, size_t column)
{
    CHECK(row < table->rows && column < table->columns);
    return &table->cells[row * table->columns + column];
}

const char *csv_text(const struct csv *table, size_t row, size_t column)
{
    return cell_at(table, row, column)->text;
}

double csv_number(const struct csv *table, size_t row, size_t column)
{
    return cell_at(table, row, column)->number;
}
