#include "experiment/value_file.h"

#include "experiment/utf8.h"

#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r";

bool value_file_named(const char *text, struct value_file_name *name)
{
    size_t at = strspn(text, " ");
    if (strncmp(text + at, "empirical", 9) != 0)
        return false;
    at += 9;
    at += strspn(text + at, " ");
    if (text[at] != '(')
        return false;
    at += 1 + strspn(text + at + 1, " ");
    if (strncmp(text + at, "file", 4) != 0 || strchr(" )", text[at + 4]) == NULL)
        return false;
    at += 4 + strspn(text + at + 4, " ");
    size_t end = at + strcspn(text + at, ")");
    if (text[end] != ')' || text[end + 1 + strspn(text + end + 1, " ")] != '\0')
        return false;
    while (end > at && text[end - 1] == ' ')
        end--;
    *name = (struct value_file_name){at, end - at};
    return true;
}

struct table_reading {
    const struct source *file;
    struct diagnostics *diagnostics;
    enum dimension dimension;
    char unit[32]; /* of all values; empty: each has its own */
    struct distribution_pair *pairs;
    size_t count;
};

/* A part of a line without the blanks around it. */
struct field {
    char text[128];
    size_t offset; /* in the file */
};

static bool cut_field(const struct table_reading *reading, size_t begin, size_t end,
                      struct field *field)
{
    const char *text = reading->file->text;
    while (begin < end && strchr(blanks, text[begin]) != NULL)
        begin++;
    while (end > begin && strchr(blanks, text[end - 1]) != NULL)
        end--;
    field->offset = begin;
    if (end - begin >= sizeof field->text - sizeof reading->unit - 1)
        return diagnostics_at(reading->diagnostics, reading->file, begin,
                              "the line is too long for a value and its weight");
    memcpy(field->text, text + begin, end - begin);
    field->text[end - begin] = '\0';
    return true;
}

static bool read_quantity(const struct table_reading *reading, const struct field *field,
                          enum dimension dimension, double *value)
{
    struct error error;
    size_t at = 0;
    return quantity_parse(field->text, dimension, value, &at, &error) ||
           diagnostics_at(reading->diagnostics, reading->file, field->offset + at, "%s",
                          error.text);
}

/* `value s`: the unit is tried on a 1. */
static bool read_header(struct table_reading *reading, const struct field *value,
                        const struct field *weight)
{
    struct field one = {.offset = value->offset};
    const char *unit = value->text + 5 + strspn(value->text + 5, blanks);
    double ignored;
    if (weight != NULL && strcmp(weight->text, "weight") != 0)
        return diagnostics_at(reading->diagnostics, reading->file, weight->offset,
                              "the second column is called weight");
    if (unit[0] == '\0')
        return true;
    if (strlen(unit) >= sizeof reading->unit)
        return diagnostics_at(reading->diagnostics, reading->file, value->offset,
                              "the unit is too long");
    strcpy(reading->unit, unit);
    strcat(strcpy(one.text, "1 "), unit);
    return read_quantity(reading, &one, reading->dimension, &ignored);
}

/* The unit of the first line goes behind a number without one. */
static bool read_value(const struct table_reading *reading, const struct field *field,
                       double *value)
{
    struct field whole = *field;
    double ignored;
    if (reading->unit[0] == '\0')
        return read_quantity(reading, field, reading->dimension, value);
    if (!read_quantity(reading, field, DIMENSION_NUMBER, &ignored))
        return false;
    strcat(strcat(whole.text, " "), reading->unit);
    return read_quantity(reading, &whole, reading->dimension, value);
}

static bool read_pair(struct table_reading *reading, const struct field *value,
                      const struct field *weight)
{
    if (reading->count == DISTRIBUTION_PAIRS)
        return diagnostics_at(reading->diagnostics, reading->file, value->offset,
                              "more than %d values: put neighbours together", DISTRIBUTION_PAIRS);
    struct distribution_pair pair = {.weight = 1.0};
    if (!read_value(reading, value, &pair.value) ||
        (weight != NULL && !read_quantity(reading, weight, DIMENSION_NUMBER, &pair.weight)))
        return false;
    if (!(pair.weight > 0.0))
        return diagnostics_at(reading->diagnostics, reading->file, weight->offset,
                              "a weight must be above 0");
    reading->pairs[reading->count++] = pair;
    return true;
}

static bool is_header(const struct table_reading *reading, const struct field *value)
{
    return reading->count == 0 && strncmp(value->text, "value", 5) == 0 &&
           (value->text[5] == '\0' || strchr(blanks, value->text[5]) != NULL);
}

/* The line from `begin` to `end`, its end excluded. */
static bool read_line(struct table_reading *reading, size_t begin, size_t end)
{
    const char *text = reading->file->text + begin;
    const char *comma = memchr(text, ',', end - begin);
    size_t middle = comma != NULL ? begin + (size_t)(comma - text) : end;
    struct field value, weight;
    if (!cut_field(reading, begin, middle, &value) ||
        (comma != NULL && !cut_field(reading, middle + 1, end, &weight)))
        return false;
    if (comma == NULL && (value.text[0] == '\0' || value.text[0] == '#'))
        return true;
    if (value.text[0] == '#')
        return true;
    const struct field *second = comma != NULL ? &weight : NULL;
    return is_header(reading, &value) ? read_header(reading, &value, second)
                                      : read_pair(reading, &value, second);
}

static bool read_lines(struct table_reading *reading)
{
    const struct source *file = reading->file;
    bool good = diagnostics_check_text(reading->diagnostics, file);
    for (size_t begin = 0; begin < file->length;) {
        const char *feed = memchr(file->text + begin, '\n', file->length - begin);
        size_t end = feed != NULL ? (size_t)(feed - file->text) : file->length;
        good = read_line(reading, begin, end) && good;
        if (reading->count == DISTRIBUTION_PAIRS && !good)
            break; /* one too many is said once */
        begin = end + 1;
    }
    if (good && reading->count == 0)
        return diagnostics_about(reading->diagnostics, file->name,
                                 "the file holds no value: write one a line, as in 12 s,3");
    return good;
}

static bool read_file(const struct source *file, enum dimension dimension,
                      struct distribution *distribution, struct diagnostics *diagnostics)
{
    struct table_reading reading = {.file = file,
                                    .diagnostics = diagnostics,
                                    .dimension = dimension,
                                    .pairs = calloc(DISTRIBUTION_PAIRS, sizeof *reading.pairs)};
    struct error error;
    CHECK(reading.pairs != NULL);
    bool good = read_lines(&reading);
    if (good) {
        *distribution = distribution_empirical(reading.pairs, reading.count);
        good = distribution_check(distribution, &error) ||
               diagnostics_about(diagnostics, file->name, "%s", error.text);
    }
    free(reading.pairs);
    return good;
}

static const char *find_fault(const struct source *scenario, const char *name)
{
    if (name[0] == '\0')
        return "the name of the file is missing: write empirical(file waits.csv)";
    if (strchr(name, '/') != NULL || strstr(name, "..") != NULL)
        return "a file of values is named without a path: it lies beside the scenario";
    if (scenario->inode == 0)
        return "a file of values can be named in a scenario file only: write the pairs here, or a "
               "scenario that extends this one";
    return NULL;
}

bool value_file_read(const struct source *scenario, size_t offset, const char *text,
                     enum dimension dimension, struct distribution *distribution,
                     struct diagnostics *diagnostics)
{
    struct value_file_name found;
    struct source file;
    struct error error;
    CHECK(value_file_named(text, &found));
    char *name = strndup(text + found.at, found.length);
    CHECK(name != NULL);
    const char *fault = find_fault(scenario, name);
    bool good = fault == NULL || diagnostics_at(diagnostics, scenario, offset, "%s", fault);
    if (good) {
        char *path = source_beside(scenario, name);
        good = source_read(&file, path, false, &error) ||
               diagnostics_at(diagnostics, scenario, offset, "the file of values \"%s\": %s",
                              utf8_shorten(name).text, error.text);
        free(path);
        if (good) {
            good = read_file(&file, dimension, distribution, diagnostics);
            source_fini(&file);
        }
    }
    free(name);
    return good;
}
