#include "experiment/expectation.h"

#include "experiment/quantity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 64, NAMES = 128 };

/* The next word, with its dashes straight: METRIC may be written with '_'. */
static const char *take_word(const char *text, const char *ends, char *word)
{
    text += strspn(text, " ");
    size_t length = strcspn(text, ends);
    if (length == 0 || length >= WORD_BYTES)
        return NULL;
    for (size_t i = 0; i < length; i++)
        word[i] = text[i] == '_' ? '-' : text[i];
    word[length] = '\0';
    return text + length;
}

static bool refuse_name(const char *what, const char *name, const char *const *names,
                        struct error *error)
{
    const char *near = nearest_name(name, names);
    if (near != NULL)
        return error_set(error, "there is no %s \"%s\"; did you mean \"%s\"?", what, name, near);
    return error_set(error, "there is no %s \"%s\": every run's summary.csv names them", what,
                     name);
}

static bool find_scheme(const struct model_tables *tables, const char *name, int *scheme,
                        struct error *error)
{
    const char *names[NAMES] = {"difference"};
    *scheme = SUMMARY_DIFFERENCE;
    if (strcmp(name, "difference") == 0)
        return true;
    for (size_t i = 0; i < tables->scheme_count && i + 2 < NAMES; i++) {
        names[i + 1] = tables->schemes[i];
        *scheme = (int)i;
        if (strcmp(name, tables->schemes[i]) == 0)
            return true;
    }
    return refuse_name("scheme", name, names, error);
}

static bool find_measure(const struct model_tables *tables, const char *name, size_t *measure,
                         struct error *error)
{
    const char *names[NAMES] = {NULL};
    for (*measure = 0; *measure < tables->measure_count && *measure + 1 < NAMES; ++*measure) {
        names[*measure] = tables->measures[*measure].name;
        if (strcmp(name, names[*measure]) == 0)
            return true;
    }
    return refuse_name("metric", name, names, error);
}

static const char *take_relation(const char *text, enum relation *relation)
{
    static const struct {
        const char *sign;
        enum relation relation;
    } signs[] = {{"<=", RELATION_AT_MOST},
                 {"<", RELATION_BELOW},
                 {">=", RELATION_AT_LEAST},
                 {">", RELATION_ABOVE},
                 {"contains ", RELATION_CONTAINS}};
    text += strspn(text, " ");
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t length = strlen(signs[i].sign);
        if (strncmp(text, signs[i].sign, length) != 0)
            continue;
        *relation = signs[i].relation;
        return text + length;
    }
    return NULL;
}

static bool take_value(const char *text, size_t length, enum dimension dimension, double *value,
                       struct error *error)
{
    char word[WORD_BYTES];
    size_t at;
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length == 0 || length >= sizeof word)
        return error_set(error, "a value is missing at the end");
    memcpy(word, text, length);
    word[length] = '\0';
    return quantity_parse(word, dimension, value, &at, error);
}

static enum dimension dimension_of(const struct measure *measure)
{
    return measure->kind == MEASURE_RATIO       ? DIMENSION_RATIO
           : strcmp(measure->unit, "s") == 0 ? DIMENSION_TIME
                                             : DIMENSION_NUMBER;
}

static bool take_bounds(struct expectation *expectation, const struct measure *measure,
                        const char *text, struct error *error)
{
    const char *within = strstr(text, " within ");
    size_t length = within != NULL ? (size_t)(within - text) : strlen(text);
    expectation->within = INFINITY;
    if (!take_value(text, length, dimension_of(measure), &expectation->value, error))
        return false;
    if (within == NULL)
        return true;
    if (expectation->relation != RELATION_CONTAINS)
        return error_set(error, "\"within\" goes with \"contains\" alone");
    within += strlen(" within ");
    return take_value(within, strlen(within), DIMENSION_RATIO, &expectation->within, error);
}

bool expectation_value(const struct measure *measure, const char *text, double *value,
                       struct error *error)
{
    return take_value(text, strlen(text), dimension_of(measure), value, error);
}

/* What follows the name, or null with an error. `form`: what to write instead. */
static const char *take_name(const struct model_tables *tables, const char *text, const char *form,
                             int *scheme, size_t *measure, struct error *error)
{
    char first[WORD_BYTES], second[WORD_BYTES];
    const char *at = take_word(text, ". <>=", first);
    if (at == NULL || *at != '.' || (at = take_word(at + 1, " <>=", second)) == NULL) {
        error_set(error, "write %s", form);
        return NULL;
    }
    return find_scheme(tables, first, scheme, error) && find_measure(tables, second, measure, error)
               ? at
               : NULL;
}

bool expectation_find(const struct model_tables *tables, const char *name, int *scheme,
                      size_t *measure, struct error *error)
{
    static const char form[] = "SCHEME.METRIC alone, as in image-code.false-refusal";
    const char *rest = take_name(tables, name, form, scheme, measure, error);
    return rest != NULL && (rest[strspn(rest, " ")] == '\0' || error_set(error, "write %s", form));
}

bool expectation_parse(struct expectation *expectation, const struct model_tables *tables,
                       const char *text, struct error *error)
{
    static const char form[] =
        "SCHEME.METRIC, a relation and a value, as in image-code.false-refusal <= 2 %";
    const char *at =
        take_name(tables, text, form, &expectation->scheme, &expectation->measure, error);
    if (at == NULL)
        return false;
    at = take_relation(at, &expectation->relation);
    if (at == NULL)
        return error_set(error, "a relation is missing after the metric: <=, <, >=, > or contains");
    return take_bounds(expectation, &tables->measures[expectation->measure], at, error);
}

const struct summary_row *expectation_row(const struct expectation *expectation,
                                          const struct summary *summary)
{
    for (size_t i = 0; i < summary->count; i++)
        if (summary->rows[i].scheme == expectation->scheme &&
            summary->rows[i].measure == expectation->measure)
            return &summary->rows[i];
    return NULL;
}

static bool contains(const struct expectation *expectation, const struct summary_row *row)
{
    double half = 0.5 * (row->interval.high - row->interval.low);
    return isfinite(half) && row->interval.low <= expectation->value &&
           expectation->value <= row->interval.high &&
           half <= expectation->within * fabs(expectation->value);
}

bool expectation_is_met(const struct expectation *expectation, const struct summary *summary)
{
    const struct summary_row *row = expectation_row(expectation, summary);
    if (row == NULL || row->n == 0)
        return false;
    switch (expectation->relation) {
    case RELATION_AT_MOST:
        return row->mean <= expectation->value;
    case RELATION_BELOW:
        return row->mean < expectation->value;
    case RELATION_AT_LEAST:
        return row->mean >= expectation->value;
    case RELATION_ABOVE:
        return row->mean > expectation->value;
    case RELATION_CONTAINS:
        return contains(expectation, row);
    }
    return false;
}
