#include "experiment/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t table_find(const struct parameter_table *table, const char *key)
{
    size_t i = 0;
    while (i < table->count && strcmp(table->rows[i].key, key) != 0)
        ++i;
    return i;
}

static bool is_in_group(const char *key, const char *group, size_t length)
{
    return length == 0 || (strncmp(key, group, length) == 0 && key[length] == '.');
}

size_t table_find_group(const struct parameter_table *table, const char *group)
{
    size_t i = 0;
    while (i < table->count && !is_in_group(table->rows[i].key, group, strlen(group)))
        ++i;
    return i;
}

const char *table_key_ending(const char *key, int words)
{
    const char *end = key + strlen(key);
    while (end > key && (end[-1] != '.' || --words > 0))
        --end;
    return end;
}

/* The name right below the group (of `length` letters): "camera" of "terminals.camera.lens" below
 * "terminals". */
static struct table_key child_name(const char *key, size_t length)
{
    struct table_key child;
    const char *start = key + length + (length > 0);
    snprintf(child.text, sizeof child.text, "%.*s", (int)strcspn(start, "."), start);
    return child;
}

/* How much of `key` leads to a group that exists, in letters. */
static size_t known_prefix(const struct parameter_table *table, const char *key)
{
    size_t known = 0;
    for (size_t i = 0; key[i] != '\0'; ++i) {
        char group[128];
        if (key[i] != '.' || i >= sizeof group)
            continue;
        memcpy(group, key, i);
        group[i] = '\0';
        if (table_find_group(table, group) == table->count)
            break;
        known = i;
    }
    return known;
}

static const char *near_sibling(const struct parameter_table *table, const char *key, size_t known,
                                const char *name, const char *const *also,
                                struct table_key *siblings)
{
    size_t count = 0, more = 0;
    while (also != NULL && also[more] != NULL)
        ++more;
    const char **names = calloc(table->count + more + 1, sizeof *names);

    CHECK(names != NULL);
    for (size_t i = 0; i < table->count; ++i) {
        if (!is_in_group(table->rows[i].key, key, known))
            continue;
        siblings[count] = child_name(table->rows[i].key, known);
        names[count] = siblings[count].text;
        ++count;
    }
    for (size_t i = 0; known == 0 && i < more; ++i)
        names[count++] = also[i];
    const char *near = nearest_name(name, names);
    free(names);
    return near;
}

/* A key that ends in the same name, but stands elsewhere. */
static const char *same_ending(const struct parameter_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; ++i) {
        const char *dot = strrchr(table->rows[i].key, '.');
        if (dot != NULL && strcmp(dot + 1, name) == 0)
            return table->rows[i].key;
    }
    return NULL;
}

bool table_suggest(const struct parameter_table *table, const char *key, const char *const *also,
                   struct table_key *suggestion)
{
    size_t known = known_prefix(table, key);
    struct table_key name = child_name(key, known);
    const char *rest = key + known + (known > 0) + strlen(name.text);
    struct table_key *siblings = calloc(table->count + 1, sizeof *siblings);

    CHECK(siblings != NULL);
    const char *near = near_sibling(table, key, known, name.text, also, siblings);
    const char *elsewhere = same_ending(table, rest[0] == '.' ? strrchr(rest, '.') + 1 : name.text);
    if (near != NULL)
        snprintf(suggestion->text, sizeof suggestion->text, "%.*s%s%s%s", (int)known, key,
                 known > 0 ? "." : "", near, rest);
    else if (elsewhere != NULL)
        snprintf(suggestion->text, sizeof suggestion->text, "%s", elsewhere);
    free(siblings);
    return near != NULL || elsewhere != NULL;
}
