/* Quantities back to text, so that reading them again gives the same bits. */
#include "experiment/quantity.h"

#include "experiment/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LONG_TEXT = 16 }; /* so many letters are no number that somebody wrote */

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
    bool liked = unit != NULL && write_in(value, dimension, unit, &text);
    if (liked && strlen(text.text) < LONG_TEXT)
        return text;
    struct quantity_text base;
    bool exact = write_in(value, dimension, base_unit(dimension), &base);
    CHECK(exact || liked);
    return exact && (!liked || strlen(base.text) < strlen(text.text)) ? base : text;
}

/* No space behind the colon: YAML would take it for a key's. */
static void write_pairs(const struct distribution *distribution, enum dimension dimension,
                        const char *like, FILE *out)
{
    size_t pairs = distribution_pairs(distribution);
    for (size_t i = 0; i < pairs; ++i) {
        const struct distribution_pair *pair = &distribution->table->pairs[i];
        fprintf(out, "%s%s:", i > 0 ? ", " : "", quantity_text(pair->value, dimension, like).text);
        fputs(quantity_text(pair->weight, DIMENSION_NUMBER, NULL).text, out);
    }
}

static void write_parameters(const struct distribution *distribution, enum dimension dimension,
                             const char *like, FILE *out)
{
    const struct distribution_form *form = &distribution_forms[distribution->kind];
    const char *joint = "";
    for (size_t i = 0; i < DISTRIBUTION_PARAMETERS && form->parameter[i].name != NULL; ++i) {
        if (isnan(distribution->parameter[i]))
            continue;
        enum dimension own = form->parameter[i].plain ? DIMENSION_NUMBER : dimension;
        fprintf(out, "%s%s %s", joint, form->parameter[i].name,
                quantity_text(distribution->parameter[i], own, like).text);
        joint = ", ";
    }
}

void quantity_write_distribution(const struct distribution *distribution, enum dimension dimension,
                                 const char *like, FILE *out)
{
    const struct distribution_form *form = &distribution_forms[distribution->kind];
    if (distribution->kind == DISTRIBUTION_CONSTANT) {
        fputs(quantity_text(distribution->parameter[0], dimension, like).text, out);
        return;
    }
    fprintf(out, "%s(", form->name);
    if (form->pairs)
        write_pairs(distribution, dimension, like, out);
    else
        write_parameters(distribution, dimension, like, out);
    fputc(')', out);
}
