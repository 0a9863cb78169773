/* What a row says of its field: bounds, size, and when two are the same. */
#include "experiment/value.h"

#include <math.h>
#include <string.h>

static void check_bound(const struct parameter *row, const char *text, bool good,
                        const struct error *error)
{
    char message[768];
    if (good)
        return;
    snprintf(message, sizeof message, "the bound %s of %s: %s", text, row->key, error->text);
    check_failed(message, __FILE__, __LINE__);
}

static double bound(const struct parameter *row, const char *text, double otherwise)
{
    double value = otherwise;
    size_t at;
    struct error error = {{0}};
    if (text != NULL)
        check_bound(row, text, quantity_parse(text, row->dimension, &value, &at, &error), &error);
    return value;
}

static int64_t count_bound(const struct parameter *row, const char *text, int64_t otherwise)
{
    int64_t value = otherwise;
    size_t at;
    struct error error = {{0}};
    if (text != NULL)
        check_bound(row, text, quantity_parse_count(text, &value, &at, &error), &error);
    return value;
}

struct value_range value_range(const struct parameter *row)
{
    struct value_range range = {-INFINITY, INFINITY, INT64_MIN, INT64_MAX};
    if (row->type == PARAMETER_COUNT) {
        range.count_minimum = count_bound(row, row->minimum, INT64_MIN);
        range.count_maximum = count_bound(row, row->maximum, INT64_MAX);
    } else {
        range.minimum = bound(row, row->minimum, -INFINITY);
        range.maximum = bound(row, row->maximum, INFINITY);
    }
    return range;
}

size_t value_bytes(const struct parameter *row)
{
    switch (row->type) {
    case PARAMETER_TEXT:
        return PARAMETER_TEXT_BYTES;
    case PARAMETER_FLAG:
        return sizeof(bool);
    case PARAMETER_COUNT:
        return sizeof(int64_t);
    case PARAMETER_QUANTITY:
        return sizeof(double);
    case PARAMETER_DISTRIBUTION:
        return sizeof(struct distribution);
    case PARAMETER_CHOICE:
        return sizeof(int);
    case PARAMETER_CHOICES:
        return sizeof(uint32_t);
    case PARAMETER_NUMBERS:
        return row->length * sizeof(double);
    case PARAMETER_TEXTS:
        return row->length * PARAMETER_LINE_BYTES;
    }
    CHECK(!"a parameter of no type");
    return 0;
}

bool value_equal(const struct parameter *row, const void *settings, const void *other)
{
    const char *a = (const char *)settings + row->offset;
    const char *b = (const char *)other + row->offset;

    if (row->type == PARAMETER_TEXT)
        return strcmp(a, b) == 0;
    if (row->type != PARAMETER_DISTRIBUTION)
        return memcmp(a, b, value_bytes(row)) == 0;
    /* Field by field: the structure has padding. */
    struct distribution x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x.kind == y.kind && x.table == y.table &&
           memcmp(x.parameter, y.parameter, sizeof x.parameter) == 0;
}
