#include "experiment/value.h"

#include "experiment/utf8.h"
#include "experiment/value_file.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* What every reader below needs to know, and to complain. */
struct reading {
    const struct parameter *row;
    const struct source *source;
    struct diagnostics *diagnostics;
    char *field;
};

/* Where byte `at` of the node's text stands in the source: exactly, unless escapes or line breaks
 * of YAML lie between. */
static size_t place_in(const struct source *source, const struct node *node, size_t at)
{
    size_t start = node->offset + node->quoted;
    if (node->kind == NODE_SCALAR && node->problem == NULL && start + at <= source->length &&
        memcmp(source->text + start, node->text, at) == 0)
        return start + at;
    return node->offset;
}

static bool refuse(const struct reading *reading, const struct node *node, size_t at,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
static bool refuse(const struct reading *reading, const struct node *node, size_t at,
                   const char *format, ...)
{
    struct error error;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error.text, sizeof error.text, format, arguments);
    va_end(arguments);
    return diagnostics_at(reading->diagnostics, reading->source,
                          place_in(reading->source, node, at), "%s: %s", reading->row->key,
                          error.text);
}

/* "a, b or c", as far as it fits. */
struct name_list {
    char text[256];
};

static struct name_list list_names(const char *const *names)
{
    struct name_list list = {{0}};
    size_t length = 0;
    for (size_t i = 0; names[i] != NULL && length < sizeof list.text; ++i) {
        const char *joint = i == 0 ? "" : names[i + 1] == NULL ? " or " : ", ";
        length += (size_t)snprintf(list.text + length, sizeof list.text - length, "%s%s", joint,
                                   names[i]);
    }
    return list;
}

static const char *what_is_wanted(enum parameter_type type)
{
    switch (type) {
    case PARAMETER_TEXT:
        return "a text";
    case PARAMETER_FLAG:
        return "yes or no";
    case PARAMETER_COUNT:
        return "a whole number";
    case PARAMETER_QUANTITY:
        return "a number with its unit";
    case PARAMETER_DISTRIBUTION:
        return "a number with its unit, or a distribution";
    case PARAMETER_CHOICE:
        return "one name";
    case PARAMETER_CHOICES:
        return "a name, or a list of names";
    case PARAMETER_NUMBERS:
        return "a list of numbers";
    case PARAMETER_TEXTS:
        return "a text, or a list of texts";
    }
    return "a value";
}

static const char *wanted(const struct parameter *row)
{
    if (row->dimension == DIMENSION_NUMBER && row->type == PARAMETER_QUANTITY)
        return "a number";
    if (row->dimension == DIMENSION_NUMBER && row->type == PARAMETER_DISTRIBUTION)
        return "a number, or a distribution";
    return what_is_wanted(row->type);
}

static bool refuse_range(const struct reading *reading, const struct node *node, const char *what)
{
    const struct parameter *row = reading->row;
    struct utf8_short shown = utf8_shorten(node->text);

    if (row->minimum != NULL && row->maximum != NULL)
        return refuse(reading, node, 0, "%s%s is out of range: from %s to %s is accepted", what,
                      shown.text, row->minimum, row->maximum);
    return refuse(reading, node, 0, "%s%s is out of range: %s %s is accepted", what, shown.text,
                  row->minimum != NULL ? "at least" : "at most",
                  row->minimum != NULL ? row->minimum : row->maximum);
}

/* Copies a text of less than `room` bytes without invisible characters. */
static bool copy_text(const struct reading *reading, const struct node *node, char *field,
                      size_t room)
{
    size_t length = strlen(node->text);
    uint32_t code;

    for (size_t i = 0; i < length;) {
        size_t bytes = utf8_next(node->text + i, length - i, &code);
        if (code != '\n' && code != '\t' && utf8_is_hidden(code))
            return refuse(reading, node, i, "the text holds an invisible character (U+%04X)",
                          (unsigned)code);
        i += bytes;
    }
    if (length >= room)
        return refuse(reading, node, 0, "the text is too long: %zu bytes, and %zu fit", length,
                      room - 1);
    memcpy(field, node->text, length + 1);
    return true;
}

static bool read_text(const struct reading *reading, const struct node *node)
{
    return copy_text(reading, node, reading->field, PARAMETER_TEXT_BYTES);
}

static bool read_flag(const struct reading *reading, const struct node *node)
{
    static const char *const words[] = {"no", "yes", "false", "true", NULL};
    for (size_t i = 0; words[i] != NULL; ++i) {
        if (strcmp(node->text, words[i]) == 0) {
            bool flag = i % 2 == 1;
            memcpy(reading->field, &flag, sizeof flag);
            return true;
        }
    }
    const char *near = nearest_name(node->text, words);
    struct utf8_short shown = utf8_shorten(node->text);
    if (near != NULL)
        return refuse(reading, node, 0, "\"%s\" is neither yes nor no; did you mean \"%s\"?",
                      shown.text, near);
    return refuse(reading, node, 0, "\"%s\" is neither yes nor no", shown.text);
}

static bool read_count(const struct reading *reading, const struct node *node)
{
    struct value_range range = value_range(reading->row);
    struct error error;
    int64_t value;
    size_t at;

    if (!quantity_parse_count(node->text, &value, &at, &error))
        return refuse(reading, node, at, "%s", error.text);
    memcpy(reading->field, &value, sizeof value);
    return (value >= range.count_minimum && value <= range.count_maximum) ||
           refuse_range(reading, node, "");
}

static bool read_number(const struct reading *reading, const struct node *node, double *value)
{
    struct value_range range = value_range(reading->row);
    struct error error;
    size_t at;

    if (!quantity_parse(node->text, reading->row->dimension, value, &at, &error))
        return refuse(reading, node, at, "%s", error.text);
    return (*value >= range.minimum && *value <= range.maximum) || refuse_range(reading, node, "");
}

static bool read_quantity(const struct reading *reading, const struct node *node)
{
    double value;
    if (!read_number(reading, node, &value))
        return false;
    memcpy(reading->field, &value, sizeof value);
    return true;
}

/* The ends that the user wrote must lie in the range, and so must the mean; the tail of a
 * lognormal may leave it. */
static bool check_support(const struct reading *reading, const struct node *node,
                          const struct distribution *distribution)
{
    struct value_range range = value_range(reading->row);
    double low, high, mean = distribution_mean(distribution);

    if (distribution->kind == DISTRIBUTION_CONSTANT)
        return (mean >= range.minimum && mean <= range.maximum) || refuse_range(reading, node, "");
    if (!(mean >= range.minimum && mean <= range.maximum))
        return refuse_range(reading, node, "the mean of ");
    if (distribution->kind != DISTRIBUTION_UNIFORM && distribution->kind != DISTRIBUTION_NORMAL &&
        distribution->kind != DISTRIBUTION_EMPIRICAL)
        return true;
    distribution_support(distribution, &low, &high);
    bool inside = (isinf(low) || low >= range.minimum) && (isinf(high) || high <= range.maximum);
    return inside || refuse_range(reading, node, "an end of ");
}

static bool read_distribution(const struct reading *reading, const struct node *node)
{
    struct distribution distribution;
    struct error error;
    struct value_file_name file;
    size_t at;

    if (value_file_named(node->text, &file)) {
        if (!value_file_read(reading->source, place_in(reading->source, node, file.at), node->text,
                             reading->row->dimension, &distribution, reading->diagnostics))
            return false;
        memcpy(reading->field, &distribution, sizeof distribution);
        return check_support(reading, node, &distribution);
    }
    if (!quantity_parse_distribution(node->text, reading->row->dimension, &distribution, &at,
                                     &error))
        return refuse(reading, node, at, "%s", error.text);
    memcpy(reading->field, &distribution, sizeof distribution);
    return check_support(reading, node, &distribution);
}

static bool find_choice(const struct reading *reading, const struct node *node, size_t *index)
{
    const char *const *choices = reading->row->choices;
    for (*index = 0; choices[*index] != NULL; ++*index)
        if (strcmp(choices[*index], node->text) == 0)
            return true;

    const char *near = nearest_name(node->text, choices);
    struct utf8_short shown = utf8_shorten(node->text);
    struct name_list list = list_names(choices);
    if (near != NULL)
        return refuse(reading, node, 0, "\"%s\" is not one of %s; did you mean \"%s\"?", shown.text,
                      list.text, near);
    return refuse(reading, node, 0, "\"%s\" is not one of %s", shown.text, list.text);
}

static bool read_choice(const struct reading *reading, const struct node *node)
{
    size_t index;
    if (!find_choice(reading, node, &index))
        return false;
    int value = (int)index;
    memcpy(reading->field, &value, sizeof value);
    return true;
}

static bool check_scalar(const struct reading *reading, const struct node *node)
{
    if (node->problem != NULL)
        return refuse(reading, node, 0, "%s", node->problem);
    if (node->kind == NODE_MAPPING)
        return refuse(reading, node, 0, "keys stand here, but it takes %s", wanted(reading->row));
    if (node->kind == NODE_SEQUENCE)
        return refuse(reading, node, 0, "a list stands here, but it takes %s",
                      wanted(reading->row));
    if (node_is_torn(node))
        return refuse(reading, node, 0,
                      "inside { } and [ ] a comma ends the value: put it in quotes");
    return !(node->plain && node->text[0] == '\0') ||
           refuse(reading, node, 0, "the value is missing: it takes %s", wanted(reading->row));
}

static bool read_choices(const struct reading *reading, const struct node *node)
{
    const struct node *item = node->kind == NODE_SEQUENCE ? node->first : node;
    uint32_t set = 0;
    bool good = true;
    size_t index;

    if (item == NULL)
        return refuse(reading, node, 0, "the list is empty: name at least one");
    for (; item != NULL; item = node->kind == NODE_SEQUENCE ? item->next : NULL) {
        if (!check_scalar(reading, item) || !find_choice(reading, item, &index))
            good = false;
        else if (set & (UINT32_C(1) << index))
            good = refuse(reading, item, 0, "%s is named twice", reading->row->choices[index]);
        else
            set |= UINT32_C(1) << index;
    }
    memcpy(reading->field, &set, sizeof set);
    return good;
}

static bool read_numbers(const struct reading *reading, const struct node *node)
{
    size_t length = reading->row->length, count = 0;
    bool good = true;
    double value;

    for (const struct node *item = node->first; item != NULL; item = item->next, ++count) {
        if (!check_scalar(reading, item) || !read_number(reading, item, &value))
            good = false;
        else if (count < length)
            memcpy(reading->field + count * sizeof value, &value, sizeof value);
    }
    return (count == length && good) ||
           (count != length &&
            refuse(reading, node, 0, "the list has %zu numbers, and takes %zu", count, length));
}

static bool read_line(const struct reading *reading, const struct node *node, char *field)
{
    struct error error;
    if (!check_scalar(reading, node) || !copy_text(reading, node, field, PARAMETER_LINE_BYTES))
        return false;
    if (node->text[0] == '\0')
        return refuse(reading, node, 0, "the text is empty");
    return reading->row->check == NULL || reading->row->check(node->text, &error) ||
           refuse(reading, node, 0, "%s", error.text);
}

static bool read_texts(const struct reading *reading, const struct node *node)
{
    const struct node *item = node->kind == NODE_SEQUENCE ? node->first : node;
    size_t length = reading->row->length, count = 0;
    bool good = true;

    memset(reading->field, 0, value_bytes(reading->row));
    for (; item != NULL; item = node->kind == NODE_SEQUENCE ? item->next : NULL, ++count)
        if (count < length &&
            !read_line(reading, item, reading->field + count * PARAMETER_LINE_BYTES))
            good = false;
    return good && (count <= length || refuse(reading, node, 0,
                                              "the list has %zu texts, and at "
                                              "most %zu fit",
                                              count, length));
}

/* Lists check their items one by one; everything else is one scalar. */
static bool check_kind(const struct reading *reading, const struct node *node)
{
    enum parameter_type type = reading->row->type;
    if (node->problem == NULL && node->kind == NODE_SEQUENCE &&
        (type == PARAMETER_CHOICES || type == PARAMETER_NUMBERS || type == PARAMETER_TEXTS))
        return true;
    if (!check_scalar(reading, node))
        return false;
    return type != PARAMETER_NUMBERS ||
           refuse(reading, node, 0, "it takes a list of %zu numbers, as in [1, 2]",
                  reading->row->length);
}

bool value_read(const struct parameter *row, const struct node *node, const struct source *source,
                struct diagnostics *diagnostics, void *settings)
{
    static bool (*const readers[])(const struct reading *, const struct node *) = {
        [PARAMETER_TEXT] = read_text,
        [PARAMETER_FLAG] = read_flag,
        [PARAMETER_COUNT] = read_count,
        [PARAMETER_QUANTITY] = read_quantity,
        [PARAMETER_DISTRIBUTION] = read_distribution,
        [PARAMETER_CHOICE] = read_choice,
        [PARAMETER_CHOICES] = read_choices,
        [PARAMETER_NUMBERS] = read_numbers,
        [PARAMETER_TEXTS] = read_texts,
    };
    struct reading reading = {row, source, diagnostics, (char *)settings + row->offset};

    if (!node->closed) /* the file broke off inside it, and that is told */
        return false;
    return check_kind(&reading, node) && readers[row->type](&reading, node);
}
