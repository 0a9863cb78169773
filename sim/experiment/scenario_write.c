/* The resolved scenario, as YAML that reads back to the same bits. */
#include "experiment/preset.h"
#include "experiment/scenario.h"
#include "experiment/value.h"

#include <stdlib.h>
#include <string.h>

/* Prints the groups that `key` opens and `previous` did not, then the key's own name. */
static void write_key(const char *previous, const char *key, FILE *out)
{
    size_t shared = 0, depth = 0;
    for (size_t i = 0; key[i] != '\0' && key[i] == previous[i]; ++i)
        if (key[i] == '.')
            shared = i + 1;
    for (size_t start = 0; key[start] != '\0'; ++depth) {
        size_t length = strcspn(key + start, ".");
        bool last = key[start + length] == '\0';
        if (last || start >= shared)
            fprintf(out, "%*s%.*s:%s", (int)(2 * depth), "", (int)length, key + start,
                    last ? " " : "\n");
        start += length + !last;
    }
}

void scenario_write(const struct scenario *scenario, FILE *out, bool only_changed)
{
    const struct parameter_table *table = scenario->table;
    void *defaults = calloc(1, table->settings_bytes);
    const char *previous = "";

    CHECK(defaults != NULL);
    parameter_defaults(table, defaults);
    for (size_t i = 0; i < table->count; ++i) {
        const struct parameter *row = &table->rows[i];
        if (sweep_find(&scenario->sweep, i) != NULL)
            continue; /* its values stand in the sweep */
        size_t preset = preset_over(table, i);
        if (preset < table->count && !scenario->said[i] &&
            sweep_find(&scenario->sweep, preset) != NULL)
            continue; /* each level of the swept preset has its own */
        if (only_changed && row->default_text != NULL &&
            value_equal(row, scenario->settings, defaults))
            continue;
        write_key(previous, row->key, out);
        value_write(row, scenario->settings, out);
        fputc('\n', out);
        previous = row->key;
    }
    sweep_write(&scenario->sweep, scenario->settings, out);
    if (previous[0] == '\0' && scenario->sweep.count == 0)
        fputs("{} # every key has its default\n", out);
    free(defaults);
}
