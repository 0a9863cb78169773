#include "experiment/sweep_range.h"

#include "experiment/number.h"
#include "experiment/quantity.h"
#include "experiment/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOW \
    "a list as in [1, 2], or a range as in 60 mm to 160 mm step 20 mm, or 1 to 9 in 5 points"

/* Takes "60 mm" off the front, up to `end` (null: the whole text); the rest in `*text`. */
static bool take_quantity(const char **text, const char *end, double *value, char unit[16],
                          struct error *error)
{
    size_t length = 0, at;
    *text += strspn(*text, " ");
    if (!number_parse(*text, value, &length, &at, error))
        return false;
    const char *start = *text + length + strspn(*text + length, " ");
    const char *stop = end != NULL ? end : start + strlen(start);
    if (start > stop)
        start = stop;
    while (stop > start && stop[-1] == ' ')
        stop--;
    if (stop - start >= 16 || memchr(start, ' ', (size_t)(stop - start)) != NULL)
        return error_set(error, "it takes " HOW);
    memcpy(unit, start, (size_t)(stop - start));
    unit[stop - start] = '\0';
    return true;
}

static const struct unit *find_unit(const char *name)
{
    size_t count;
    const struct unit *units = quantity_units(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

/* Twelve digits, so that it is the decimal that the user would write. */
static double in_unit(double value, const struct unit *from, const struct unit *to)
{
    char decimal[40];
    double base = from->divisor > 0.0 ? value / from->divisor : value * from->factor;
    snprintf(decimal, sizeof decimal, "%.12g",
             to->divisor > 0.0 ? base * to->divisor : base / to->factor);
    return strtod(decimal, NULL);
}

/* Brings the range and one more `*value` of it (its end, or its step) to the finer of their units:
 * 1 s beside 1 ms is 1000 ms, where 1 ms might be no decimal of the other. */
static bool align(struct sweep_range *range, double *value, const char *unit, struct error *error)
{
    const struct unit *theirs = find_unit(range->unit), *own = find_unit(unit);
    if (strcmp(range->unit, unit) == 0)
        return true;
    if (theirs == NULL || own == NULL || theirs->dimension != own->dimension)
        return error_set(error, "both ends, and the step, need units of one kind, as in 60 mm to "
                                "0.2 m step 2 cm");
    if (own->factor >= theirs->factor) {
        *value = in_unit(*value, own, theirs);
        return true;
    }
    range->from = in_unit(range->from, theirs, own);
    if (value != &range->to)
        range->to = in_unit(range->to, theirs, own);
    snprintf(range->unit, sizeof range->unit, "%s", unit);
    return true;
}

static bool parse_step(struct sweep_range *range, const char *text, struct error *error)
{
    char unit[16];
    if (!take_quantity(&text, NULL, &range->step, unit, error))
        return false;
    if (!align(range, &range->step, unit, error))
        return false;
    double steps = (range->to - range->from) / range->step;
    if (!(steps > 0.0) || !isfinite(steps))
        return error_set(error, "the step does not lead from %g to %g", range->from, range->to);
    if (steps >= SWEEP_LEVELS)
        return error_set(error, "the range has more than %d values", SWEEP_LEVELS);
    range->count = (size_t)floor(steps + 1e-9) + 1;
    return range->count >= 2 || error_set(error, "the step is longer than the range");
}

/* "5 points", "5 log points" */
static bool parse_points(struct sweep_range *range, const char *text, struct error *error)
{
    unsigned count;
    int end = 0;
    range->logarithmic = sscanf(text, " %9u log points%n", &count, &end) == 1 && end > 0;
    if (!range->logarithmic && !(sscanf(text, " %9u points%n", &count, &end) == 1 && end > 0))
        return error_set(error, "it takes " HOW);
    if (text[end] != '\0' || count < 2 || count > SWEEP_LEVELS)
        return error_set(error, "a range has 2 to %d points", SWEEP_LEVELS);
    if (range->logarithmic && !(range->from > 0.0 && range->to > 0.0))
        return error_set(error, "a logarithmic range has both ends above 0");
    range->count = count;
    range->step = range->logarithmic ? log(range->to / range->from) / (count - 1)
                                     : (range->to - range->from) / (count - 1);
    return true;
}

bool sweep_range_parse(struct sweep_range *range, const char *text, struct error *error)
{
    const char *to = strstr(text, " to ");
    const char *step = to != NULL ? strstr(to + 4, " step ") : NULL;
    const char *in = to != NULL ? strstr(to + 4, " in ") : NULL;
    *range = (struct sweep_range){0};
    if (to == NULL)
        return error_set(error, "it takes " HOW);
    if ((step == NULL) == (in == NULL))
        return error_set(error, "say how the range is cut: step 20 mm, or in 5 points");
    if (!take_quantity(&text, to, &range->from, range->unit, error))
        return false;
    text = to + 4;
    char unit[16];
    if (!take_quantity(&text, step != NULL ? step : in, &range->to, unit, error))
        return false;
    if (!align(range, &range->to, unit, error))
        return false;
    if (range->from == range->to)
        return error_set(error, "the range begins where it ends");
    return step != NULL ? parse_step(range, step + 6, error) : parse_points(range, in + 4, error);
}

/* Ten digits: what lies between is the decimal that the user would write. */
struct sweep_text sweep_range_value(const struct sweep_range *range, size_t index)
{
    struct sweep_text value;
    double at = range->logarithmic ? range->from * exp((double)index * range->step)
                                   : range->from + (double)index * range->step;
    if (index + 1 == range->count && fabs(at - range->to) <= 1e-9 * fabs(range->to))
        at = range->to;
    snprintf(value.text, sizeof value.text, "%.*g%s%s", range->logarithmic ? 4 : 10, at,
             range->unit[0] != '\0' ? " " : "", range->unit);
    return value;
}
