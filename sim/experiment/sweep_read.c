/* The sweep of a scenario, from its tree: every mistake told, whatever else is wrong. */
#include "experiment/sweep.h"
#include "experiment/sweep_range.h"
#include "experiment/table.h"
#include "experiment/utf8.h"
#include "experiment/value.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What every reader below needs. */
struct reading {
    struct sweep *sweep;
    const struct source *source;
    struct diagnostics *diagnostics;
    void *scratch;
};

#define REFUSE(reading, node, ...) \
    diagnostics_at((reading)->diagnostics, (reading)->source, (node)->offset, __VA_ARGS__)

static void copy_level(const struct reading *reading, struct sweep_key *key, size_t level)
{
    const struct parameter *row = &reading->sweep->table->rows[key->row];
    size_t bytes = value_bytes(row);
    memcpy(key->values + level * bytes, (char *)reading->scratch + row->offset, bytes);
}

static bool read_level(const struct reading *reading, struct sweep_key *key, size_t level,
                       const struct node *node)
{
    const struct parameter *row = &reading->sweep->table->rows[key->row];
    bool good = value_read(row, node, reading->source, reading->diagnostics, reading->scratch);
    if (good)
        copy_level(reading, key, level);
    return good;
}

static void make_room(const struct reading *reading, struct sweep_key *key, size_t levels)
{
    key->values = calloc(levels, value_bytes(&reading->sweep->table->rows[key->row]));
    CHECK(key->values != NULL);
}

/* How many levels there are; 0 where something is wrong. */
static size_t read_list(const struct reading *reading, struct sweep_key *key,
                        const struct node *list)
{
    const char *name = reading->sweep->table->rows[key->row].key;
    size_t count = 0, level = 0;
    bool good = true;
    for (const struct node *item = list->first; item != NULL; item = item->next)
        count++;
    if (count == 0 || count > SWEEP_LEVELS) {
        REFUSE(reading, list, "sweep: %s has %zu values: 1 to %d are taken", name, count,
               SWEEP_LEVELS);
        return 0;
    }
    make_room(reading, key, count);
    for (const struct node *item = list->first; item != NULL; item = item->next)
        good = read_level(reading, key, level++, item) && good;
    return good ? count : 0;
}

static size_t read_range(const struct reading *reading, struct sweep_key *key,
                         const struct node *node)
{
    const char *name = reading->sweep->table->rows[key->row].key;
    struct sweep_range range;
    struct error error;
    if (!sweep_range_parse(&range, node->text, &error)) {
        REFUSE(reading, node, "sweep: %s: %s", name, error.text);
        return 0;
    }
    make_room(reading, key, range.count);
    for (size_t level = 0; level < range.count; level++) {
        struct sweep_text text = sweep_range_value(&range, level);
        struct node value = *node;
        value.text = text.text;
        if (!read_level(reading, key, level, &value)) /* one message says it all */
            return 0;
    }
    return range.count;
}

static bool is_fixed(const struct parameter_table *table, const char *name)
{
    for (size_t i = 0; table->fixed != NULL && table->fixed[i] != NULL; i++) {
        size_t length = strlen(table->fixed[i]);
        if (strncmp(name, table->fixed[i], length) == 0 &&
            (name[length] == '\0' || name[length] == '.'))
            return true;
    }
    return false;
}

static bool refuse_unknown(const struct reading *reading, const struct node *key, const char *name)
{
    const struct parameter_table *table = reading->sweep->table;
    struct table_key meant;
    size_t group = table_find_group(table, name);
    if (group < table->count)
        return REFUSE(reading, key, "sweep: %s has keys of its own, such as %s: sweep one of them",
                      utf8_shorten(name).text, table->rows[group].key);
    if (strcmp(name, "zip") == 0 || strncmp(name, "zip.", 4) == 0)
        return REFUSE(reading, key, "sweep: keys are zipped in a scenario's file alone");
    if (table_suggest(table, name, NULL, &meant))
        return REFUSE(reading, key, "sweep: unknown key \"%s\"; did you mean \"%s\"?",
                      utf8_shorten(name).text, meant.text);
    return REFUSE(reading, key, "sweep: unknown key \"%s\"", utf8_shorten(name).text);
}

/* Adds a key to the factor. `first`: of its zip; what it has in levels, the others must have. */
static bool add_key(const struct reading *reading, struct sweep_factor *factor, const char *name,
                    const struct node *at, const struct node *value)
{
    const struct parameter_table *table = reading->sweep->table;
    struct sweep_key key = {
        .row = table_find(table, name), .source = reading->source, .offset = at->offset};
    if (key.row == table->count)
        return refuse_unknown(reading, at, name);
    if (is_fixed(table, name))
        return REFUSE(reading, at, "sweep: %s is one for the whole run and cannot be swept", name);
    if (sweep_find(reading->sweep, key.row) != NULL)
        return REFUSE(reading, at, "sweep: %s is swept twice", name);
    if (factor->key_count == SWEEP_ZIPPED)
        return REFUSE(reading, at, "sweep: at most %d keys are zipped", SWEEP_ZIPPED);
    if (value->problem != NULL || value->kind == NODE_MAPPING)
        return REFUSE(reading, value, "sweep: %s: %s", name,
                      value->problem != NULL ? value->problem : "it takes a list, not keys");
    if (!value->closed)
        return false;
    size_t levels = value->kind == NODE_SEQUENCE ? read_list(reading, &key, value)
                                                 : read_range(reading, &key, value);
    bool fits = factor->key_count == 0 || factor->levels == levels;
    if (levels > 0 && fits) {
        factor->levels = levels;
        factor->keys[factor->key_count++] = key;
        return true;
    }
    free(key.values);
    return levels > 0 && REFUSE(reading, at,
                                "sweep: zipped keys have as many values each: %s has "
                                "%zu, %s has %zu",
                                name, levels, table->rows[factor->keys[0].row].key, factor->levels);
}

/* A factor is begun in place, so that a key within it is found when it comes twice. */
static struct sweep_factor *begin_factor(const struct reading *reading, const struct node *at)
{
    if (reading->sweep->count < SWEEP_FACTORS)
        return &reading->sweep->factors[reading->sweep->count++];
    REFUSE(reading, at, "sweep: at most %d factors are taken", SWEEP_FACTORS);
    return NULL;
}

static void end_factor(const struct reading *reading)
{
    if (reading->sweep->factors[reading->sweep->count - 1].key_count == 0)
        reading->sweep->count--;
}

/* The dotted name of a key below `group`; false where it is no key of ours (told). */
static bool full_name(const struct reading *reading, const char *group, const struct node *key,
                      struct table_key *name)
{
    if (key->problem != NULL || key->kind != NODE_SCALAR || key->text[0] == '\0')
        return REFUSE(reading, key, "sweep: %s",
                      key->problem != NULL ? key->problem : "a key is one word");
    size_t length = (size_t)snprintf(name->text, sizeof name->text, "%s%s%s", group,
                                     group[0] != '\0' ? "." : "", key->text);
    return length < sizeof name->text || refuse_unknown(reading, key, name->text);
}

/* Keys of one zip, all into one factor; or each into a factor of its own (`zipped` null). Calls
 * itself for a group of keys, at most DOCUMENT_DEPTH deep. */
static bool read_keys(const struct reading *reading, const struct node *mapping, const char *group,
                      struct sweep_factor *zipped)
{
    const struct parameter_table *table = reading->sweep->table;
    bool good = true;
    for (const struct node *key = mapping->first; key != NULL && key->next != NULL;
         key = key->next->next) {
        const struct node *value = key->next;
        struct table_key name;
        struct sweep_factor *factor = zipped;
        if (group[0] == '\0' && zipped == NULL && key->kind == NODE_SCALAR &&
            strcmp(key->text, "zip") == 0)
            continue; /* after the others */
        if (!full_name(reading, group, key, &name)) {
            good = false;
        } else if (value->kind == NODE_MAPPING && value->problem == NULL &&
                   table_find_group(table, name.text) < table->count) {
            good = read_keys(reading, value, name.text, zipped) && good;
        } else if (factor != NULL || (factor = begin_factor(reading, key)) != NULL) {
            good = add_key(reading, factor, name.text, key, value) && good;
            if (zipped == NULL)
                end_factor(reading);
        } else {
            good = false;
        }
    }
    return good;
}

static bool read_zip(const struct reading *reading, const struct node *group)
{
    if (group->kind != NODE_MAPPING)
        return REFUSE(reading, group,
                      "sweep: zip takes keys with their lists, or a list of such "
                      "groups");
    struct sweep_factor *factor = begin_factor(reading, group);
    if (factor == NULL)
        return false;
    bool good = read_keys(reading, group, "", factor);
    end_factor(reading);
    return good;
}

static bool read_zips(const struct reading *reading, const struct node *mapping)
{
    bool good = true;
    for (const struct node *key = mapping->first; key != NULL && key->next != NULL;
         key = key->next->next) {
        if (key->kind != NODE_SCALAR || strcmp(key->text, "zip") != 0)
            continue;
        if (key->next->kind != NODE_SEQUENCE)
            good = read_zip(reading, key->next) && good;
        else
            for (const struct node *group = key->next->first; group != NULL; group = group->next)
                good = read_zip(reading, group) && good;
    }
    return good;
}

static bool check_size(const struct reading *reading, const struct node *at)
{
    size_t points = sweep_points(reading->sweep);
    return points <= SWEEP_POINTS ||
           REFUSE(reading, at,
                  "sweep: these are %zu design points%s, and at most %d are run: take "
                  "fewer values, or zip keys that go together",
                  points, points == SIZE_MAX ? " or more" : "", SWEEP_POINTS);
}

bool sweep_read(struct sweep *sweep, const struct node *mapping, const struct source *source,
                struct diagnostics *diagnostics, void *scratch)
{
    struct reading reading = {sweep, source, diagnostics, scratch};
    sweep_fini(sweep);
    if (mapping->problem != NULL)
        return REFUSE(&reading, mapping, "sweep: %s", mapping->problem);
    if (mapping->kind == NODE_SCALAR && mapping->plain && mapping->text[0] == '\0')
        return true;
    if (mapping->kind != NODE_MAPPING)
        return REFUSE(&reading, mapping,
                      "sweep: it takes keys with their values, as in "
                      "bank.tries: [3, 5]");
    bool good = read_keys(&reading, mapping, "", NULL);
    return read_zips(&reading, mapping) && good && check_size(&reading, mapping);
}

bool sweep_read_key(struct sweep *sweep, const char *name, const struct node *key,
                    const struct node *value, const struct source *source,
                    struct diagnostics *diagnostics, void *scratch)
{
    struct reading reading = {sweep, source, diagnostics, scratch};
    sweep_drop(sweep, table_find(sweep->table, name));
    struct sweep_factor *factor = begin_factor(&reading, key);
    if (factor == NULL)
        return false;
    bool good = add_key(&reading, factor, name, key, value);
    end_factor(&reading);
    return good && check_size(&reading, key);
}
