#include "experiment/quantity.h"

#include "experiment/number.h"
#include "experiment/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct unit units[] = {
    {"s", DIMENSION_TIME, 1.0, 1.0},
    {"ns", DIMENSION_TIME, 1e-9, 1e9},
    {"us", DIMENSION_TIME, 1e-6, 1e6},
    {"ms", DIMENSION_TIME, 1e-3, 1e3},
    {"min", DIMENSION_TIME, 60.0, 0.0},
    {"h", DIMENSION_TIME, 3600.0, 0.0},
    {"day", DIMENSION_TIME, 86400.0, 0.0},
    {"m", DIMENSION_LENGTH, 1.0, 1.0},
    {"nm", DIMENSION_LENGTH, 1e-9, 1e9},
    {"um", DIMENSION_LENGTH, 1e-6, 1e6},
    {"mm", DIMENSION_LENGTH, 1e-3, 1e3},
    {"cm", DIMENSION_LENGTH, 1e-2, 1e2},
    {"rad", DIMENSION_ANGLE, 1.0, 1.0},
    {"deg", DIMENSION_ANGLE, M_PI / 180.0, 0.0},
    {"m/s", DIMENSION_SPEED, 1.0, 1.0},
    {"mm/s", DIMENSION_SPEED, 1e-3, 1e3},
    {"cm/s", DIMENSION_SPEED, 1e-2, 1e2},
    {"/s", DIMENSION_RATE, 1.0, 1.0},
    {"/min", DIMENSION_RATE, 1.0 / 60.0, 60.0},
    {"/h", DIMENSION_RATE, 1.0 / 3600.0, 3600.0},
    {"/day", DIMENSION_RATE, 1.0 / 86400.0, 86400.0},
    {"CNY", DIMENSION_MONEY, 1.0, 1.0},
    {"%", DIMENSION_RATIO, 1e-2, 1e2},
    {"e-", DIMENSION_CHARGE, 1.0, 1.0},
};

enum { UNIT_COUNT = sizeof units / sizeof *units };

/* What people write instead, where no edit distance would find the unit. */
static const char *const habits[][2] = {
    {"sec", "s"},
    {"secs", "s"},
    {"second", "s"},
    {"seconds", "s"},
    {"msec", "ms"},
    {"milliseconds", "ms"},
    {"minute", "min"},
    {"minutes", "min"},
    {"hr", "h"},
    {"hour", "h"},
    {"hours", "h"},
    {"d", "day"},
    {"\xC2\xB5s", "us"},
    {"\xCE\xBCs", "us"},
    {"\xC2\xB5m", "um"},
    {"\xCE\xBCm", "um"},
    {"micron", "um"},
    {"microns", "um"},
    {"meter", "m"},
    {"meters", "m"},
    {"metre", "m"},
    {"metres", "m"},
    {"\xC2\xB0", "deg"},
    {"degree", "deg"},
    {"degrees", "deg"},
    {"Hz", "/s"},
    {"/sec", "/s"},
    {"/second", "/s"},
    {"/minute", "/min"},
    {"/hr", "/h"},
    {"/hour", "/h"},
    {"/d", "/day"},
    {"1/s", "/s"},
    {"1/day", "/day"},
    {"yuan", "CNY"},
    {"RMB", "CNY"},
    {"\xC2\xA5", "CNY"},
    {"\xEF\xBF\xA5", "CNY"},
    {"\xE5\x85\x83", "CNY"},
    {"percent", "%"},
    {"e", "e-"},
    {"electron", "e-"},
    {"electrons", "e-"},
};

static const char *const dimension_names[DIMENSION_COUNT] = {
    [DIMENSION_NUMBER] = "number", [DIMENSION_TIME] = "time",   [DIMENSION_LENGTH] = "length",
    [DIMENSION_ANGLE] = "angle",   [DIMENSION_SPEED] = "speed", [DIMENSION_RATE] = "rate",
    [DIMENSION_MONEY] = "money",   [DIMENSION_RATIO] = "ratio", [DIMENSION_CHARGE] = "charge",
};

static const char spaces[] = " \t\r\n";

const struct unit *quantity_units(size_t *count)
{
    *count = UNIT_COUNT;
    return units;
}

const char *dimension_name(enum dimension dimension)
{
    CHECK((unsigned)dimension < DIMENSION_COUNT);
    return dimension_names[dimension];
}

static const struct unit *find_unit(const char *name, size_t length)
{
    for (size_t i = 0; i < UNIT_COUNT; ++i)
        if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0)
            return &units[i];
    return NULL;
}

/* "s, ns, us, ms, min, h or day" */
struct unit_list {
    char text[96];
};

static struct unit_list list_units(enum dimension dimension)
{
    struct unit_list list = {{0}};
    size_t count = 0, written = 0, length = 0;

    for (size_t i = 0; i < UNIT_COUNT; ++i)
        count += units[i].dimension == dimension;
    for (size_t i = 0; i < UNIT_COUNT; ++i) {
        if (units[i].dimension != dimension)
            continue;
        const char *joint = written == 0 ? "" : written + 1 == count ? " or " : ", ";
        length += (size_t)snprintf(list.text + length, sizeof list.text - length, "%s%s", joint,
                                   units[i].name);
        ++written;
    }
    return list;
}

static const char *suggest_unit(const char *name, enum dimension dimension)
{
    const char *names[UNIT_COUNT + 1];
    size_t count = 0;

    for (size_t i = 0; i < sizeof habits / sizeof *habits; ++i) {
        const struct unit *meant = find_unit(habits[i][1], strlen(habits[i][1]));
        if (strcmp(name, habits[i][0]) == 0 && meant->dimension == dimension)
            return meant->name;
    }
    for (size_t i = 0; i < UNIT_COUNT; ++i)
        if (units[i].dimension == dimension)
            names[count++] = units[i].name;
    names[count] = NULL;
    return nearest_name(name, names);
}

static bool refuse_unit(const char *name, const struct unit *unit, enum dimension dimension,
                        struct error *error)
{
    const char *wanted = dimension_name(dimension);
    struct unit_list list = list_units(dimension);
    struct utf8_short shown = utf8_shorten(name);

    if (name[0] == '\0')
        return error_set(error, "a unit is missing: %s is written in %s", wanted, list.text);
    if (unit != NULL)
        return error_set(error, "\"%s\" is a unit of %s: %s is written in %s", shown.text,
                         dimension_name(unit->dimension), wanted, list.text);
    const char *near = suggest_unit(name, dimension);
    if (near != NULL)
        return error_set(error, "unknown unit \"%s\"; did you mean \"%s\"?", shown.text, near);
    return error_set(error, "unknown unit \"%s\": %s is written in %s", shown.text, wanted,
                     list.text);
}

/* Reads the unit that stands behind the number, to the end of the text. */
static bool read_unit(const char *text, size_t start, enum dimension dimension,
                      const struct unit **unit, size_t *at, struct error *error)
{
    size_t length = strcspn(text + start, spaces);
    size_t rest = start + length + strspn(text + start + length, spaces);
    char name[80];

    *at = start;
    if (text[start] == '/' && length == 1 && text[rest] != '\0')
        return error_set(error, "a rate is written without a space behind the /: /%s",
                         utf8_shorten(text + rest).text);
    if (text[rest] != '\0') {
        *at = rest;
        return error_set(error, "\"%s\" is too much: one number and one unit is all that fits",
                         utf8_shorten(text + rest).text);
    }
    snprintf(name, sizeof name, "%.*s", (int)(length < 79 ? length : 79), text + start);
    *unit = find_unit(name, strlen(name));
    if (*unit != NULL && (*unit)->dimension == dimension)
        return true;
    if (length == 0)
        *at = strspn(text, spaces);
    return refuse_unit(name, *unit, dimension, error);
}

bool quantity_parse(const char *text, enum dimension dimension, double *value, size_t *at,
                    struct error *error)
{
    size_t skipped = strspn(text, spaces);
    size_t length;
    double number;
    const struct unit *unit = NULL;

    if (!number_parse(text + skipped, &number, &length, at, error)) {
        *at += skipped;
        return false;
    }
    size_t rest = skipped + length + strspn(text + skipped + length, spaces);
    if (dimension == DIMENSION_NUMBER) {
        *value = number;
        *at = rest;
        return text[rest] == '\0' ||
               error_set(error, "\"%s\" is too much: a pure number takes no unit",
                         utf8_shorten(text + rest).text);
    }
    if (!read_unit(text, rest, dimension, &unit, at, error))
        return false;
    *value = unit->divisor > 0.0 ? number / unit->divisor : number * unit->factor;
    *at = skipped;
    if (!isfinite(*value))
        return error_set(error, "the number is too large: a double ends at 1.8e308");
    return *value != 0.0 || number == 0.0 ||
           error_set(error, "the number is too small: a double ends at 4.9e-324");
}

bool quantity_parse_count(const char *text, int64_t *value, size_t *at, struct error *error)
{
    size_t skipped = strspn(text, spaces);
    const char *start = text + skipped;
    size_t length;
    double number;

    if (!number_parse(start, &number, &length, at, error)) {
        *at += skipped;
        return false;
    }
    size_t rest = length + strspn(start + length, spaces);
    size_t whole = (start[0] == '-') + strspn(start + (start[0] == '-'), "0123456789");
    if (start[rest] != '\0') {
        *at = skipped + rest;
        return error_set(error, "\"%s\" is too much: a count takes no unit",
                         utf8_shorten(start + rest).text);
    }
    *at = skipped;
    if (whole != length)
        return error_set(error, number == floor(number)
                                    ? "a count is written in digits alone"
                                    : "a count is a whole number: it has no fraction");
    errno = 0;
    *value = strtoll(start, NULL, 10);
    return errno == 0 ||
           error_set(error, "the count is too large: it ends at %lld", (long long)INT64_MAX);
}
