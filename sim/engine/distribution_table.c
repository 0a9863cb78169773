#include "engine/distribution_table.h"

#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

static const struct distribution_table *tables; /* the latest first */

static const struct distribution_table *find(const struct distribution_pair *pairs, size_t count)
{
    const struct distribution_table *table = tables;
    while (table != NULL &&
           (table->count != count || memcmp(table->pairs, pairs, count * sizeof *pairs) != 0))
        table = table->next;
    return table;
}

const struct distribution_table *distribution_table(const struct distribution_pair *pairs,
                                                    size_t count)
{
    CHECK(count > 0 && count <= DISTRIBUTION_PAIRS);
    const struct distribution_table *known = find(pairs, count);
    if (known != NULL)
        return known;
    struct distribution_table *table = malloc(sizeof *table);
    struct distribution_pair *copy = malloc(count * sizeof *copy);
    double *passed = malloc(count * sizeof *passed), sum = 0.0;
    CHECK(table != NULL && copy != NULL && passed != NULL);
    for (size_t i = 0; i < count; i++) {
        copy[i] = pairs[i];
        passed[i] = sum += pairs[i].weight;
    }
    *table = (struct distribution_table){count, copy, passed, tables};
    return tables = table;
}

double distribution_table_value(const struct distribution_table *table, double place)
{
    double weight = place * table->passed[table->count - 1];
    size_t low = 0, high = table->count - 1; /* the last one, where rounding leads beyond it */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (weight >= table->passed[middle])
            low = middle + 1;
        else
            high = middle;
    }
    return table->pairs[low].value;
}
