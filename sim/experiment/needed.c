#include "experiment/needed.h"

#include <math.h>
#include <string.h>

static const char form[] = "KEY for SCHEME.METRIC, a relation and a value, as in bank.workers for "
                           "sms-code.bank-wait-p99 <= 1 s";

bool needed_parse(struct needed *needed, const struct model_tables *tables, const char *text,
                  struct error *error)
{
    const char *link = strstr(text, " for ");
    size_t length = link != NULL ? (size_t)(link - text) : 0;
    if (length == 0 || length >= sizeof needed->key || memchr(text, ' ', length) != NULL)
        return error_set(error, "not of the form %s", form);
    memcpy(needed->key, text, length);
    needed->key[length] = '\0';
    if (!expectation_parse(&needed->bound, tables, link + strlen(" for "), error))
        return false;
    if (needed->bound.relation == RELATION_CONTAINS || needed->bound.scheme == SUMMARY_DIFFERENCE)
        return error_set(error, "takes one scheme's metric and <=, <, >= or >");
    return true;
}

bool needed_factor(const struct needed *needed, const struct sweep *sweep, size_t *factor,
                   struct error *error)
{
    for (*factor = 0; *factor < sweep->count; ++*factor) {
        const struct sweep_factor *of = &sweep->factors[*factor];
        for (size_t k = 0; k < of->key_count; k++)
            if (strcmp(sweep->table->rows[of->keys[k].row].key, needed->key) == 0)
                return of->key_count == 1 ||
                       error_set(error, "%s is zipped with other keys: sweep it by itself",
                                 needed->key);
    }
    return error_set(error, "%s is not swept: write its values under sweep:", needed->key);
}

bool needed_is_met(const struct needed *needed, const struct summary *summary, enum needed_by by)
{
    const struct expectation *bound = &needed->bound;
    const struct summary_row *row = expectation_row(bound, summary);
    if (row == NULL || row->n == 0)
        return false;
    bool most = bound->relation == RELATION_AT_MOST || bound->relation == RELATION_BELOW;
    bool open = bound->relation == RELATION_BELOW || bound->relation == RELATION_ABOVE;
    double end = (by == NEEDED_AT_BEST) == most ? row->interval.low : row->interval.high;
    double value = by == NEEDED_BY_MEAN || isnan(end) ? row->mean : end;
    if (value == bound->value)
        return !open;
    return most ? value < bound->value : value > bound->value;
}
