/* Reads `lognormal(mean 20 s, sd 8 s)` and `empirical(10 s:2, 20 s:5)` by the forms of
 * engine/distribution.h. */
#include "experiment/quantity.h"

#include "experiment/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char spaces[] = " \t\r\n";
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";

/* A word or a parameter, cut out of the text; long ones are cut short and then match nothing. */
struct piece {
    char text[128];
};

static struct piece cut(const char *text, size_t length)
{
    struct piece piece;
    snprintf(piece.text, sizeof piece.text, "%.*s", (int)(length < 127 ? length : 127), text);
    return piece;
}

static bool refuse_name(const char *text, const struct piece *name, bool opens, struct error *error)
{
    const char *names[DISTRIBUTION_KINDS + 1] = {0};
    char list[192] = "";
    size_t length = 0;

    for (size_t i = 0; i < DISTRIBUTION_KINDS; ++i) {
        names[i] = distribution_forms[i].name;
        length +=
            (size_t)snprintf(list + length, sizeof list - length, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = nearest_name(name->text, names);
    if (near != NULL)
        return error_set(error, "unknown distribution \"%s\"; did you mean \"%s\"?", name->text,
                         near);
    if (opens)
        return error_set(error, "unknown distribution \"%s\": there are %s", name->text, list);
    return error_set(error,
                     "\"%s\" is neither a number with its unit nor a distribution such as %s",
                     utf8_shorten(text).text, distribution_forms[DISTRIBUTION_LOGNORMAL].example);
}

static bool find_kind(const char *text, const struct piece *name, bool opens,
                      enum distribution_kind *kind, struct error *error)
{
    for (size_t i = 0; i < DISTRIBUTION_KINDS; ++i) {
        if (strcmp(distribution_forms[i].name, name->text) == 0) {
            *kind = (enum distribution_kind)i;
            return true;
        }
    }
    return refuse_name(text, name, opens, error);
}

static bool find_parameter(const struct distribution_form *form, const struct piece *name,
                           size_t *index, struct error *error)
{
    const char *names[DISTRIBUTION_PARAMETERS + 1] = {0};
    for (*index = 0; *index < DISTRIBUTION_PARAMETERS; ++*index) {
        names[*index] = form->parameter[*index].name;
        if (names[*index] == NULL)
            break;
        if (strcmp(names[*index], name->text) == 0)
            return true;
    }
    if (name->text[0] == '\0')
        return error_set(error, "the name of a parameter is missing: write %s", form->example);
    const char *near = nearest_name(name->text, names);
    if (near != NULL)
        return error_set(error, "%s has no \"%s\"; did you mean \"%s\"?", form->name, name->text,
                         near);
    return error_set(error, "%s has no \"%s\": write %s", form->name, name->text, form->example);
}

/* Reads `mean 20 s`, which ends before text[end]. */
static bool read_parameter(const char *text, size_t start, size_t end, enum dimension dimension,
                           struct distribution *distribution, size_t *at, struct error *error)
{
    const struct distribution_form *form = &distribution_forms[distribution->kind];
    size_t word = start + strspn(text + start, spaces);
    size_t length = strspn(text + word, letters);
    size_t index;

    while (length > 0 && text[word + length - 1] == '-') /* the sign in `mean-3 s` */
        --length;
    struct piece name = cut(text + word, length);
    *at = word;
    if (!find_parameter(form, &name, &index, error))
        return false;
    if (!isnan(distribution->parameter[index]))
        return error_set(error, "%s is given twice", name.text);
    size_t number = word + length + strspn(text + word + length, spaces);
    struct piece quantity = cut(text + number, end - number);
    *at = number;
    if (end - number >= sizeof quantity.text)
        return error_set(error, "the text of %s is too long", name.text);
    if (form->parameter[index].plain)
        dimension = DIMENSION_NUMBER;
    bool read =
        quantity_parse(quantity.text, dimension, &distribution->parameter[index], at, error);
    *at += number;
    return read;
}

static bool check_complete(const struct distribution *distribution, struct error *error)
{
    const struct distribution_form *form = &distribution_forms[distribution->kind];
    for (size_t i = 0; i < DISTRIBUTION_PARAMETERS && form->parameter[i].name != NULL; ++i)
        if (!form->parameter[i].optional && isnan(distribution->parameter[i]))
            return error_set(error, "%s is missing: write %s", form->parameter[i].name,
                             form->example);
    return true;
}

/* Reads `10 s:2`, which ends before text[end], as pair number `number_of`. */
static bool read_pair(const char *text, size_t start, size_t end, enum dimension dimension,
                      struct distribution_pair *pair, size_t number_of, size_t *at,
                      struct error *error)
{
    const char *example = distribution_forms[DISTRIBUTION_EMPIRICAL].example;
    size_t word = start + strspn(text + start, spaces);
    size_t colon = word + strcspn(text + word, ":");

    *at = word;
    if (number_of == DISTRIBUTION_PAIRS)
        return error_set(error, "more than %d pairs: put neighbours together", DISTRIBUTION_PAIRS);
    if (colon >= end)
        return error_set(error, "a pair is a value, a colon and a weight: write %s", example);
    size_t number = colon + 1 + strspn(text + colon + 1, spaces);
    struct piece value = cut(text + word, colon - word);
    struct piece weight = cut(text + number, number < end ? end - number : 0);
    if (colon - word >= sizeof value.text || (number < end && end - number >= sizeof weight.text))
        return error_set(error, "the text of pair %zu is too long", number_of + 1);
    if (!quantity_parse(value.text, dimension, &pair->value, at, error)) {
        *at += word;
        return false;
    }
    if (!quantity_parse(weight.text, DIMENSION_NUMBER, &pair->weight, at, error)) {
        *at += number;
        return false;
    }
    *at = number;
    return pair->weight > 0.0 || error_set(error, "a weight must be above 0");
}

/* Reads the pairs that stand between the parentheses, from text[open] to text[close]. */
static bool read_pairs(const char *text, size_t open, size_t close, enum dimension dimension,
                       struct distribution *distribution, size_t *at, struct error *error)
{
    struct distribution_pair *pairs = malloc(DISTRIBUTION_PAIRS * sizeof *pairs);
    size_t count = 0;
    bool good = pairs != NULL || error_set(error, "no memory is left");
    for (size_t start = open + 1; good && start <= close;) {
        size_t end = start + strcspn(text + start, ",");
        if (end > close)
            end = close;
        good = read_pair(text, start, end, dimension, &pairs[count], count, at, error);
        count += good;
        start = end + 1;
    }
    if (good)
        *distribution = distribution_empirical(pairs, count);
    free(pairs);
    return good;
}

/* Reads what stands between the parentheses, from text[open] to text[close]. */
static bool read_parameters(const char *text, size_t open, size_t close, enum dimension dimension,
                            struct distribution *distribution, size_t *at, struct error *error)
{
    if (distribution_forms[distribution->kind].pairs)
        return read_pairs(text, open, close, dimension, distribution, at, error);
    for (size_t start = open + 1; start <= close;) {
        size_t end = start + strcspn(text + start, ",");
        if (end > close)
            end = close;
        if (!read_parameter(text, start, end, dimension, distribution, at, error))
            return false;
        start = end + 1;
    }
    return true;
}

static bool find_parentheses(const char *text, size_t open, const struct distribution_form *form,
                             size_t *close, size_t *at, struct error *error)
{
    *at = open;
    if (text[open] != '(')
        return error_set(error, "( is missing after %s: write %s", form->name, form->example);
    *close = open + strcspn(text + open, ")");
    *at = *close;
    if (text[*close] == '\0')
        return error_set(error, ") is missing: write %s", form->example);
    *at = *close + 1 + strspn(text + *close + 1, spaces);
    return text[*at] == '\0' ||
           error_set(error, "\"%s\" is too much behind the )", utf8_shorten(text + *at).text);
}

static bool is_number_word(const char *name)
{
    return strcasecmp(name, "nan") == 0 || strcasecmp(name, "inf") == 0 ||
           strcasecmp(name, "infinity") == 0;
}

bool quantity_parse_distribution(const char *text, enum dimension dimension,
                                 struct distribution *distribution, size_t *at, struct error *error)
{
    size_t start = strspn(text, spaces);
    size_t length = text[start] == '-' ? 0 : strspn(text + start, letters);
    struct piece name = cut(text + start, length);
    size_t open = start + length + strspn(text + start + length, spaces);
    size_t close = 0;

    *distribution = distribution_constant(NAN);
    if (text[open] != '(' && (length == 0 || is_number_word(name.text)))
        return quantity_parse(text, dimension, &distribution->parameter[0], at, error);
    *at = start;
    if (!find_kind(text, &name, text[open] == '(', &distribution->kind, error) ||
        !find_parentheses(text, open, &distribution_forms[distribution->kind], &close, at, error) ||
        !read_parameters(text, open, close, dimension, distribution, at, error))
        return false;
    *at = start;
    return check_complete(distribution, error) && distribution_check(distribution, error);
}
