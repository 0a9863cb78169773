#include "experiment/preset.h"

#include "experiment/table.h"

#include <stdio.h>
#include <string.h>

/* The row of "name=value", a neighbour of the preset's. */
static size_t row_of(const struct parameter_table *table, const struct parameter_preset *preset,
                     const char *value)
{
    struct table_key key;
    size_t group = (size_t)(strrchr(preset->key, '.') + 1 - preset->key);
    int length = snprintf(key.text, sizeof key.text, "%.*s%.*s", (int)group, preset->key,
                          (int)strcspn(value, "="), value);
    CHECK(length > 0 && (size_t)length < sizeof key.text);
    return table_find(table, key.text);
}

static bool is_chosen(const struct parameter_table *table, const struct parameter_preset *preset,
                      const void *settings)
{
    const struct parameter *row = &table->rows[table_find(table, preset->key)];
    int choice;
    memcpy(&choice, (const char *)settings + row->offset, sizeof choice);
    return strcmp(row->choices[choice], preset->choice) == 0;
}

void preset_fill(const struct parameter_table *table, const bool *said, void *settings)
{
    for (size_t i = 0; i < table->preset_count; i++) {
        const struct parameter_preset *preset = &table->presets[i];
        if (!is_chosen(table, preset, settings))
            continue;
        for (const char *const *value = preset->values; *value != NULL; value++) {
            size_t row = row_of(table, preset, *value);
            if (said == NULL || !said[row])
                parameter_read_own(&table->rows[row], strchr(*value, '=') + 1, settings);
        }
    }
}

size_t preset_over(const struct parameter_table *table, size_t row)
{
    for (size_t i = 0; i < table->preset_count; i++)
        for (const char *const *value = table->presets[i].values; *value != NULL; value++)
            if (row_of(table, &table->presets[i], *value) == row)
                return table_find(table, table->presets[i].key);
    return table->count;
}

void preset_check(const struct parameter_table *table)
{
    for (size_t i = 0; i < table->preset_count; i++) {
        const struct parameter_preset *preset = &table->presets[i];
        size_t row = table_find(table, preset->key), choice = 0;
        CHECK(row < table->count && table->rows[row].type == PARAMETER_CHOICE);
        while (table->rows[row].choices[choice] != NULL &&
               strcmp(table->rows[row].choices[choice], preset->choice) != 0)
            choice++;
        CHECK(table->rows[row].choices[choice] != NULL && strchr(preset->key, '.') != NULL);
        for (const char *const *value = preset->values; *value != NULL; value++) {
            size_t filled = row_of(table, preset, *value);
            CHECK(strchr(*value, '=') != NULL && filled < table->count && filled != row);
        }
    }
}
