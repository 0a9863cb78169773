#include "experiment/layer.h"

#include "experiment/table.h"
#include "experiment/utf8.h"
#include "experiment/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_mapping(struct layer *layer, const struct node *mapping, const char *group);

void layer_init(struct layer *layer, const struct parameter_table *table,
                const struct source *source, struct diagnostics *diagnostics, void *settings,
                struct given *given, struct sweep *sweep)
{
    *layer = (struct layer){table, source, diagnostics, settings, given, sweep, NULL};
    layer->first_line = calloc(table->count * DOCUMENT_DEPTH + 1, sizeof *layer->first_line);
    CHECK(layer->first_line != NULL);
}

void layer_fini(struct layer *layer)
{
    free(layer->first_line);
    layer->first_line = NULL;
}

/* Notes that `name`, the row or the group that starts at `row`, stands on the key's line; false
 * with a message where it stood before. */
static bool note_first(struct layer *layer, const char *name, size_t row, const struct node *key)
{
    size_t depth = 0;
    for (const char *letter = name; *letter != '\0'; ++letter)
        depth += *letter == '.';
    size_t *line = &layer->first_line[row * DOCUMENT_DEPTH + depth];
    if (*line > 0)
        return diagnostics_at(layer->diagnostics, layer->source, key->offset,
                              "the key \"%s\" is given twice; it first stands in line %zu", name,
                              *line);
    *line = key->line;
    return true;
}

static void read_group(struct layer *layer, const struct node *key, const struct node *value,
                       const char *name, size_t row)
{
    const char *example = layer->table->rows[row].key + strlen(name) + 1;

    if (!note_first(layer, name, row, key))
        return;
    if (value->kind == NODE_MAPPING && value->problem == NULL)
        read_mapping(layer, value, name);
    else if (value->problem != NULL)
        diagnostics_at(layer->diagnostics, layer->source, value->offset, "%s: %s", name,
                       value->problem);
    else if (!(value->plain && value->text[0] == '\0')) /* an empty group says nothing */
        diagnostics_at(layer->diagnostics, layer->source, value->offset,
                       "%s: a %s stands here, but it takes keys of its own, such as %s", name,
                       value->kind == NODE_SEQUENCE ? "list" : "value", example);
}

/* One typo is one mistake: the key that was meant does not count as missing too. */
static void pardon(struct layer *layer, const char *meant)
{
    size_t length = strlen(meant);
    for (size_t i = 0; i < layer->table->count; ++i) {
        const char *key = layer->table->rows[i].key;
        if (strncmp(key, meant, length) == 0 && (key[length] == '\0' || key[length] == '.'))
            layer->given[i].spoken = true;
    }
}

/* The key, of those that take a value, that this one would lie below; null: none. */
static const char *find_leaf(const struct parameter_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; ++i) {
        size_t length = strlen(table->rows[i].key);
        if (strncmp(name, table->rows[i].key, length) == 0 && name[length] == '.')
            return table->rows[i].key;
    }
    return NULL;
}

static void refuse_unknown(struct layer *layer, const struct node *key, const char *name)
{
    static const char *const also[] = {"extends", "sweep", NULL};
    struct utf8_short shown = utf8_shorten(name);
    struct table_key meant;
    const char *leaf = find_leaf(layer->table, name);

    if (leaf != NULL) {
        diagnostics_at(layer->diagnostics, layer->source, key->offset,
                       "unknown key \"%s\": %s takes a value, and has no keys of its own",
                       shown.text, leaf);
        return;
    }
    if (!diagnostics_full(layer->diagnostics) && table_suggest(layer->table, name, also, &meant)) {
        pardon(layer, meant.text);
        diagnostics_at(layer->diagnostics, layer->source, key->offset,
                       "unknown key \"%s\"; did you mean \"%s\"?", shown.text, meant.text);
        return;
    }
    diagnostics_at(layer->diagnostics, layer->source, key->offset, "unknown key \"%s\"",
                   shown.text);
}

/* A key that YAML allows and this program does not. */
static const char *find_fault(const struct node *key)
{
    if (key->problem != NULL)
        return key->problem;
    if (key->kind != NODE_SCALAR)
        return "a key is one word, not a list or keys of its own";
    if (key->text[0] == '\0')
        return "a key is missing before the colon";
    if (key->plain && strcmp(key->text, "<<") == 0)
        return "merge keys (<<) are not accepted: write the keys out, or use extends";
    return NULL;
}

/* A value that is refused leaves the field as it was. */
static bool read_value(struct layer *layer, const struct parameter *row, const struct node *value)
{
    char *field = (char *)layer->settings + row->offset;
    void *before = malloc(value_bytes(row));
    CHECK(before != NULL);
    memcpy(before, field, value_bytes(row));
    bool good = value_read(row, value, layer->source, layer->diagnostics, layer->settings);
    if (!good)
        memcpy(field, before, value_bytes(row));
    free(before);
    return good;
}

/* A key that a layer gives plainly is swept no more; unless the same layer sweeps it. */
static void settle(struct layer *layer, size_t row, size_t offset)
{
    const struct sweep_key *swept = sweep_find(layer->sweep, row);
    if (swept == NULL)
        return;
    if (swept->source == layer->source)
        diagnostics_at(layer->diagnostics, layer->source, offset,
                       "%s is given a value and swept too: leave one of them out",
                       layer->table->rows[row].key);
    else
        sweep_drop(layer->sweep, row);
}

static void check_given(struct layer *layer)
{
    for (size_t row = 0; row < layer->table->count; ++row) {
        const struct given *given = &layer->given[row];
        if (given->source == layer->source && sweep_find(layer->sweep, row) != NULL)
            settle(layer, row, given->offset);
    }
}

static void *copy_settings(const struct layer *layer)
{
    void *copy = malloc(layer->table->settings_bytes);
    CHECK(copy != NULL);
    return memcpy(copy, layer->settings, layer->table->settings_bytes);
}

static void read_sweep(struct layer *layer, const struct node *key, const struct node *value)
{
    for (size_t i = 0; i < layer->sweep->count; ++i)
        if (layer->sweep->factors[i].keys[0].source == layer->source) {
            diagnostics_at(layer->diagnostics, layer->source, key->offset,
                           "the key \"sweep\" is given twice");
            return;
        }
    void *scratch = copy_settings(layer);
    sweep_read(layer->sweep, value, layer->source, layer->diagnostics, scratch);
    free(scratch);
    check_given(layer);
}

static void read_pair(struct layer *layer, const struct node *key, const struct node *value,
                      const char *group)
{
    const char *fault = find_fault(key);
    struct table_key name;

    if (fault != NULL) {
        diagnostics_at(layer->diagnostics, layer->source, key->offset, "%s", fault);
        return;
    }
    size_t length = (size_t)snprintf(name.text, sizeof name.text, "%s%s%s", group,
                                     group[0] != '\0' ? "." : "", key->text);
    size_t row = table_find(layer->table, name.text);
    if (length >= sizeof name.text) {
        diagnostics_at(layer->diagnostics, layer->source, key->offset, "unknown key \"%s\"",
                       utf8_shorten(name.text).text);
    } else if (row < layer->table->count) {
        layer->given[row] = (struct given){true, false, layer->source, value->offset};
        settle(layer, row, value->offset);
        if (note_first(layer, name.text, row, key))
            layer->given[row].refused = !read_value(layer, &layer->table->rows[row], value);
    } else if ((row = table_find_group(layer->table, name.text)) < layer->table->count) {
        read_group(layer, key, value, name.text, row);
    } else {
        refuse_unknown(layer, key, name.text);
    }
}

/* The pairs behind a torn value are its other half: told once, they are passed over. */
static const struct node *skip_torn(const struct node *value)
{
    if (!node_is_torn(value))
        return value;
    while (value->next != NULL && value->next->next != NULL) {
        const struct node *key = value->next;
        value = key->next;
        if (key->kind == NODE_SCALAR && strchr(key->text, ')') != NULL)
            break;
    }
    return value;
}

/* Calls itself through read_pair and read_group, at most DOCUMENT_DEPTH deep. */
static void read_mapping(struct layer *layer, const struct node *mapping, const char *group)
{
    const struct node *key = mapping->first;
    while (key != NULL && key->next != NULL) {
        bool word = group[0] == '\0' && key->kind == NODE_SCALAR && key->problem == NULL;
        if (word && strcmp(key->text, "sweep") == 0)
            read_sweep(layer, key, key->next);
        else if (!word || strcmp(key->text, "extends") != 0)
            read_pair(layer, key, key->next, group);
        key = skip_torn(key->next)->next;
    }
}

void layer_read(struct layer *layer, const struct node *mapping)
{
    read_mapping(layer, mapping, "");
}

void layer_read_pair(struct layer *layer, const struct node *key, const struct node *value)
{
    static const char swept[] = "sweep.";
    if (key->kind != NODE_SCALAR || strncmp(key->text, swept, strlen(swept)) != 0) {
        read_pair(layer, key, value, "");
        return;
    }
    void *scratch = copy_settings(layer);
    sweep_read_key(layer->sweep, key->text + strlen(swept), key, value, layer->source,
                   layer->diagnostics, scratch);
    free(scratch);
}
