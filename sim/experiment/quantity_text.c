/* Quantities back to text, so that reading them again gives the same bits. */
#include "experiment/quantity.h"

#include "experiment/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The unit of the first quantity in `like`, which may be a distribution; null where there is none.
 */
static const struct unit *unit_used(const char *like, enum dimension dimension)
{
    size_t count;
    const struct unit *units = quantity_units(&count);
    const char *number = like == NULL ? NULL : strpbrk(like, "0123456789");

    if (number == NULL)
        return NULL;
    const char *name = number + number_length(number);
    name += strspn(name, " ");
    size_t length = strcspn(name, " ,:)");
    for (size_t i = 0; i < count; ++i)
        if (units[i].dimension == dimension && strlen(units[i].name) == length &&
            memcmp(units[i].name, name, length) == 0)
            return &units[i];
    return NULL;
}

static bool reads_back(const char *text, enum dimension dimension, double value)
{
    double again;
    size_t at;
    return quantity_parse(text, dimension, &again, &at, NULL) &&
           memcmp(&again, &value, sizeof value) == 0;
}

static bool write_number(double number, int digits, double value, enum dimension dimension,
                         const struct unit *unit, struct quantity_text *text)
{
    char decimal[40];
    if (!isfinite(number))
        return false;
    number_text(number, digits, decimal, sizeof decimal);
    snprintf(text->text, sizeof text->text, "%s%s%s", decimal, unit != NULL ? " " : "",
             unit != NULL ? unit->name : "");
    return reads_back(text->text, dimension, value);
}

/* The shortest decimal in `unit` that reads back; false where there is none. */
static bool write_in(double value, enum dimension dimension, const struct unit *unit,
                     struct quantity_text *text)
{
    double number = value;
    if (unit != NULL)
        number = unit->divisor > 0.0 ? value * unit->divisor : value / unit->factor;
    for (int digits = 15; digits <= 17; ++digits)
        if (write_number(number, digits, value, dimension, unit, text))
            return true;
    /* Rounding there and back may miss by one: % has no finer unit to fall back on. */
    return write_number(nextafter(number, -INFINITY), 17, value, dimension, unit, text) ||
           write_number(nextafter(number, INFINITY), 17, value, dimension, unit, text);
}

static const struct unit *base_unit(enum dimension dimension)
{
    size_t count;
    const struct unit *units = quantity_units(&count);
    for (size_t i = 0; i < count; ++i)
        if (units[i].dimension == dimension)
            return &units[i];
    return NULL;
}

struct quantity_text quantity_text(double value, enum dimension dimension, const char *like)
{
    struct quantity_text text;
    const struct unit *unit = unit_used(like, dimension);

    CHECK(isfinite(value));
    if (unit != NULL && write_in(value, dimension, unit, &text))
        return text;
    bool exact = write_in(value, dimension, base_unit(dimension), &text);
    CHECK(exact);
    return text;
}

/* Appends `quantity` behind `before`; `length` counts what would not fit, too. */
static void append(struct distribution_text *text, size_t *length, const char *before,
                   const struct quantity_text *quantity)
{
    CHECK(*length < sizeof text->text);
    *length += (size_t)snprintf(text->text + *length, sizeof text->text - *length, "%s%.40s",
                                before, quantity->text);
}

/* No space behind the colon: YAML would take it for a key's. */
static void write_pairs(const struct distribution *distribution, enum dimension dimension,
                        const char *like, struct distribution_text *text, size_t *length)
{
    size_t pairs = distribution_pairs(distribution);
    for (size_t i = 0; i < pairs; ++i) {
        const double *pair = &distribution->parameter[2 * i];
        struct quantity_text value = quantity_text(pair[0], dimension, like);
        struct quantity_text weight = quantity_text(pair[1], DIMENSION_NUMBER, NULL);
        append(text, length, i > 0 ? ", " : "", &value);
        append(text, length, ":", &weight);
    }
}

static void write_parameters(const struct distribution *distribution, enum dimension dimension,
                             const char *like, struct distribution_text *text, size_t *length)
{
    const struct distribution_form *form = &distribution_forms[distribution->kind];
    const char *joint = "";
    for (size_t i = 0; i < DISTRIBUTION_PARAMETERS && form->parameter[i].name != NULL; ++i) {
        if (isnan(distribution->parameter[i]))
            continue;
        enum dimension own = form->parameter[i].plain ? DIMENSION_NUMBER : dimension;
        struct quantity_text quantity = quantity_text(distribution->parameter[i], own, like);
        char before[40];
        snprintf(before, sizeof before, "%s%s ", joint, form->parameter[i].name);
        append(text, length, before, &quantity);
        joint = ", ";
    }
}

struct distribution_text quantity_text_distribution(const struct distribution *distribution,
                                                    enum dimension dimension, const char *like)
{
    const struct distribution_form *form = &distribution_forms[distribution->kind];
    struct distribution_text text;
    size_t length = 0;

    if (distribution->kind == DISTRIBUTION_CONSTANT) {
        struct quantity_text quantity = quantity_text(distribution->parameter[0], dimension, like);
        append(&text, &length, "", &quantity);
        return text;
    }
    length = (size_t)snprintf(text.text, sizeof text.text, "%s(", form->name);
    if (form->pairs)
        write_pairs(distribution, dimension, like, &text, &length);
    else
        write_parameters(distribution, dimension, like, &text, &length);
    CHECK(length + 1 < sizeof text.text);
    snprintf(text.text + length, sizeof text.text - length, ")");
    return text;
}
