#include "experiment/scenario.h"

#include "experiment/chain.h"
#include "experiment/layer.h"
#include "experiment/preset.h"
#include "experiment/table.h"
#include "experiment/utf8.h"
#include "experiment/value.h"

#include <stdlib.h>
#include <string.h>

/* What all layers of one scenario share. */
struct build {
    const struct parameter_table *table;
    void *settings;
    struct given *given;
    struct diagnostics diagnostics;
    struct sweep *sweep;
    bool *said; /* as in struct scenario */
};

static void *allocate(size_t count, size_t bytes)
{
    void *memory = calloc(count > 0 ? count : 1, bytes > 0 ? bytes : 1);
    CHECK(memory != NULL);
    return memory;
}

/* The file's name without folder and ending, as it will name the results. */
static bool take_name(char name[64], const char *path, struct diagnostics *diagnostics)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *slash = strrchr(path, '/');
    const char *start = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(start, '.');
    size_t length = dot != NULL ? (size_t)(dot - start) : strlen(start);

    if (length == 0 || length >= 64 || strspn(start, letters) < length)
        return diagnostics_about(diagnostics, path,
                                 "the file's name will name the results: give it 1 to 63 of the "
                                 "letters a-z A-Z 0-9 - _ and the ending .yaml");
    memcpy(name, start, length);
    name[length] = '\0';
    return true;
}

static void lay_file(struct build *build, const struct source *source,
                     const struct document *document)
{
    struct layer layer;

    if (document->root != NULL && document->root->kind == NODE_MAPPING &&
        document->root->problem == NULL) {
        layer_init(&layer, build->table, source, &build->diagnostics, build->settings, build->given,
                   build->sweep);
        layer_read(&layer, document->root);
        layer_fini(&layer);
    }
    if (document->broken)
        diagnostics_at(&build->diagnostics, source, document->broken_at, "%s",
                       document->broken_why.text);
}

/* What was swept from `source` (null: from any) stays; where it stood is not at hand any more. */
static void forget_sources(struct sweep *sweep, const struct source *source)
{
    for (size_t i = 0; i < sweep->count; ++i)
        for (size_t k = 0; k < sweep->factors[i].key_count; ++k)
            if (source == NULL || sweep->factors[i].keys[k].source == source)
                sweep->factors[i].keys[k].source = NULL;
}

static void lay_pair(struct build *build, const struct source *source, size_t equals)
{
    char *name = strndup(source->text, equals);
    CHECK(name != NULL);
    struct node key = {.kind = NODE_SCALAR, .closed = true, .line = 1, .text = name};
    struct document value;
    struct layer layer;

    document_read_value(&value, source, equals + 1);
    layer_init(&layer, build->table, source, &build->diagnostics, build->settings, build->given,
               build->sweep);
    if (strcmp(name, "extends") == 0)
        diagnostics_at(&build->diagnostics, source, 0, "extends stands in the file alone");
    else if (strcmp(name, "sweep") == 0)
        diagnostics_at(&build->diagnostics, source, 0,
                       "name the key that is swept, as in sweep.bank.tries=[3, 5]");
    else if (value.root != NULL)
        layer_read_pair(&layer, &key, value.root);
    if (value.broken)
        diagnostics_at(&build->diagnostics, source, value.broken_at, "%s", value.broken_why.text);
    layer_fini(&layer);
    document_fini(&value);
    free(name);
    for (size_t i = 0; i < build->table->count; ++i) /* the source goes with the setting */
        if (build->given[i].source == source)
            build->given[i].source = NULL;
    forget_sources(build->sweep, source);
}

/* Lays KEY=VALUE, a source of its own, over everything before. */
static void lay_set(struct build *build, const char *set)
{
    size_t equals = strcspn(set, "=");
    char name[96];
    struct source source;

    snprintf(name, sizeof name, "--set %s", utf8_shorten(set).text);
    source_init(&source, name, set);
    if (source.length > SOURCE_BYTES_MAX)
        diagnostics_about(&build->diagnostics, "--set", "the value is too long");
    else if (set[equals] == '\0')
        diagnostics_at(&build->diagnostics, &source, 0, "the value is missing: write KEY=VALUE");
    else if (diagnostics_check_text(&build->diagnostics, &source))
        lay_pair(build, &source, equals);
    source_fini(&source);
}

static void check_missing(struct build *build, const struct source *source)
{
    for (size_t i = 0; i < build->table->count; ++i) {
        const struct parameter *row = &build->table->rows[i];
        if (row->default_text == NULL && !build->given[i].spoken)
            diagnostics_at(&build->diagnostics, source, 0,
                           "the key \"%s\" is missing, and has no default (%s)", row->key,
                           row->help);
    }
}

/* A mistake between keys stands where the first of them was given. One in which a refused value has
 * a part is not told: that value may be the whole mistake. */
static void tell(void *listener, const char *key, const char *other, const char *message)
{
    struct build *build = listener;
    size_t row = table_find(build->table, key);
    size_t partner = other != NULL ? table_find(build->table, other) : row;
    CHECK(row < build->table->count && partner < build->table->count);
    const struct given *at =
        build->given[row].source != NULL ? &build->given[row] : &build->given[partner];
    if (build->given[row].refused || build->given[partner].refused)
        return;
    if (at->source != NULL)
        diagnostics_at(&build->diagnostics, at->source, at->offset, "%s: %s", key, message);
    else
        diagnostics_about(&build->diagnostics, key, "%s", message);
}

/* A design point whose settings make no sense together. */
struct point_listener {
    struct build *build;
    struct sweep_label label;
};

static void tell_of_point(void *listener, const char *key, const char *other, const char *message)
{
    struct point_listener *at = listener;
    struct build *build = at->build;
    const struct sweep_key *swept = &build->sweep->factors[0].keys[0];
    (void)other;
    if (swept->source != NULL)
        diagnostics_at(&build->diagnostics, swept->source, swept->offset, "sweep: where %s: %s: %s",
                       at->label.text, key, message);
    else
        diagnostics_about(&build->diagnostics, "--set sweep", "where %s: %s: %s", at->label.text,
                          key, message);
}

/* Of every point, up to the first that makes no sense. */
static void check_points(struct build *build)
{
    char *settings = allocate(1, build->table->settings_bytes);
    size_t errors = build->diagnostics.errors, points = sweep_points(build->sweep);
    memcpy(settings, build->settings, build->table->settings_bytes);
    for (size_t point = 0; point < points && build->diagnostics.errors == errors; ++point) {
        sweep_apply(build->sweep, point, settings);
        preset_fill(build->table, build->said, settings);
        struct point_listener listener = {build, sweep_label(build->sweep, settings)};
        build->table->check(settings, tell_of_point, &listener);
    }
    free(settings);
}

static void lay_all(struct build *build, const struct chain *chain, const char *const *set,
                    size_t set_count)
{
    parameter_defaults(build->table, build->settings);
    for (size_t i = chain->count; i-- > 0;)
        lay_file(build, &chain->file[i].source, &chain->file[i].document);
    for (size_t i = 0; i < set_count; ++i)
        lay_set(build, set[i]);
    if (chain->whole)
        check_missing(build, &chain->file[0].source);
    for (size_t i = 0; i < build->table->count; ++i)
        build->said[i] = build->given[i].spoken || sweep_find(build->sweep, i) != NULL;
    preset_fill(build->table, build->said, build->settings);
    if (build->table->check != NULL && build->sweep->count == 0)
        build->table->check(build->settings, tell, build);
    else if (build->table->check != NULL && build->diagnostics.errors == 0)
        check_points(build);
}

bool scenario_read(struct scenario *scenario, const struct parameter_table *table, const char *path,
                   const char *const *set, size_t set_count, FILE *diagnostics)
{
    struct build build = {table,
                          allocate(1, table->settings_bytes),
                          allocate(table->count, sizeof(struct given)),
                          {diagnostics, 0},
                          &scenario->sweep,
                          allocate(table->count, sizeof(bool))};
    struct chain chain = {.count = 0};

    *scenario = (struct scenario){.table = table, .name = "defaults"};
    sweep_init(&scenario->sweep, table);
    if (path != NULL)
        chain_read(&chain, path, &build.diagnostics);
    if (chain.count > 0)
        take_name(scenario->name, path, &build.diagnostics);
    lay_all(&build, &chain, set, set_count);
    bool good = diagnostics_end(&build.diagnostics);
    if (good) {
        scenario->settings = build.settings;
        scenario->said = build.said;
        forget_sources(&scenario->sweep, NULL);
    } else {
        free(build.settings);
        free(build.said);
        sweep_fini(&scenario->sweep);
        *scenario = (struct scenario){0};
    }
    free(build.given);
    chain_fini(&chain);
    return good;
}

void scenario_fini(struct scenario *scenario)
{
    free(scenario->settings);
    free(scenario->said);
    sweep_fini(&scenario->sweep);
    *scenario = (struct scenario){0};
}

void *scenario_point(const struct scenario *scenario, size_t point)
{
    void *settings = allocate(1, scenario->table->settings_bytes);
    memcpy(settings, scenario->settings, scenario->table->settings_bytes);
    sweep_apply(&scenario->sweep, point, settings);
    preset_fill(scenario->table, scenario->said, settings);
    return settings;
}
