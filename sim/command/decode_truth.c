#include "decode_truth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINE = 16384 };

/* Takes one cell off the line, in place; `*at` moves behind it and its comma, or becomes null at
 * the end. Null where a quote is not closed. */
static char *take_cell(char **at)
{
    char *in = *at, *out = in, *cell = in;
    bool quoted = *in == '"';
    in += quoted;
    while (*in != '\0' && (quoted || *in != ',')) {
        if (quoted && *in == '"' && *++in != '"') {
            quoted = false;
            continue;
        }
        *out++ = *in++;
    }
    *at = *in == ',' ? in + 1 : NULL;
    *out = '\0';
    return quoted ? NULL : cell;
}

static int hex_digit(char letter)
{
    return letter >= '0' && letter <= '9'   ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
           : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                            : -1;
}

/* "hex:..." in place; false where it is no even number of hexadecimal digits. */
static bool take_hex(char *text, size_t *length)
{
    size_t digits = strlen(text + 4);
    for (size_t i = 0; i < digits / 2; i++) {
        int high = hex_digit(text[4 + 2 * i]), low = hex_digit(text[5 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        text[i] = (char)(high << 4 | low);
    }
    text[digits / 2] = '\0';
    *length = digits / 2;
    return digits % 2 == 0;
}

static void keep(struct decode_truth *truth, const char *file, const char *bytes, size_t length,
                 size_t number)
{
    if (truth->count == truth->capacity) {
        truth->capacity = truth->capacity > 0 ? 2 * truth->capacity : 64;
        truth->lines = realloc(truth->lines, truth->capacity * sizeof *truth->lines);
        CHECK(truth->lines != NULL);
    }
    struct truth_line *line = &truth->lines[truth->count++];
    *line = (struct truth_line){strdup(file), malloc(length + 1), length, number, false};
    CHECK(line->file != NULL && line->bytes != NULL);
    memcpy(line->bytes, bytes, length);
    line->bytes[length] = '\0';
}

static bool take_line(struct decode_truth *truth, const char *path, size_t number, char *line,
                      struct error *error)
{
    char *at = line, *file = take_cell(&at);
    char *text = at != NULL && file != NULL ? take_cell(&at) : NULL;
    if (file == NULL || text == NULL || at != NULL || file[0] == '\0')
        return error_set(
            error,
            "%.300s:%zu: a line takes a file and a text with a comma between them; put "
            "a text with a comma or a quote into double quotes",
            path, number);
    size_t length = strlen(text);
    if (strncmp(text, "hex:", 4) == 0 && !take_hex(text, &length))
        return error_set(error, "%.300s:%zu: hex: takes an even number of digits 0 to 9 and a to f",
                         path, number);
    if (number == 1 && strcmp(file, "file") == 0 && strcmp(text, "text") == 0)
        return true;
    for (size_t i = 0; i < truth->count; i++)
        if (strcmp(truth->lines[i].file, file) == 0)
            return error_set(error, "%.300s:%zu: '%.100s' stands on line %zu already", path, number,
                             file, truth->lines[i].line);
    keep(truth, file, text, length, number);
    return true;
}

bool decode_truth_read(struct decode_truth *truth, const char *path, struct error *error)
{
    char line[MOST_LINE];
    FILE *file = fopen(path, "r");
    bool good = true;
    *truth = (struct decode_truth){0};
    if (file == NULL)
        return error_set(error, "cannot open '%.300s': %s; --truth takes a CSV file: file,text",
                         path, strerror(errno));
    for (size_t number = 1; good && fgets(line, sizeof line, file) != NULL; number++) {
        size_t length = strlen(line);
        if (length + 1 == sizeof line)
            good = error_set(error, "%.300s:%zu: the line is too long", path, number);
        length -= length > 0 && line[length - 1] == '\n';
        length -= length > 0 && line[length - 1] == '\r';
        line[length] = '\0';
        char *begin = line;
        if (number == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
            begin += 3;
        if (good && *begin != '\0')
            good = take_line(truth, path, number, begin, error);
    }
    if (good && ferror(file))
        good = error_set(error, "cannot read '%.300s': %s", path, strerror(errno));
    if (good && truth->count == 0)
        good = error_set(error, "'%.300s' holds no line of a picture: write file,text", path);
    fclose(file);
    if (!good)
        decode_truth_fini(truth);
    return good;
}

void decode_truth_fini(struct decode_truth *truth)
{
    for (size_t i = 0; i < truth->count; i++) {
        free(truth->lines[i].file);
        free(truth->lines[i].bytes);
    }
    free(truth->lines);
    *truth = (struct decode_truth){0};
}

static bool ends(const char *path, const char *name)
{
    size_t length = strlen(path), end = strlen(name);
    return length >= end && strcmp(path + length - end, name) == 0 &&
           (length == end || path[length - end - 1] == '/');
}

struct truth_line *decode_truth_find(struct decode_truth *truth, const char *path)
{
    struct truth_line *best = NULL;
    for (size_t i = 0; i < truth->count; i++)
        if (ends(path, truth->lines[i].file) &&
            (best == NULL || strlen(truth->lines[i].file) > strlen(best->file)))
            best = &truth->lines[i];
    if (best != NULL)
        best->met = true;
    return best;
}
