/* The defaults of a table: read as a user's values are, each from its own little text. */
#include "experiment/preset.h"
#include "experiment/scenario.h"
#include "experiment/table.h"
#include "experiment/value.h"

#include <string.h>

void parameter_read_own(const struct parameter *row, const char *text, void *settings)
{
    struct diagnostics diagnostics = {stderr, 0};
    struct source source;
    struct document document;

    source_init(&source, row->key, text);
    document_read_value(&document, &source, 0);
    /* What is wrong with it is on stderr by then. */
    CHECK(!document.broken && value_read(row, document.root, &source, &diagnostics, settings));
    document_fini(&document);
    source_fini(&source);
}

void parameter_defaults(const struct parameter_table *table, void *settings)
{
    table_check(table);
    memset(settings, 0, table->settings_bytes);
    for (size_t i = 0; i < table->count; ++i)
        if (table->rows[i].default_text != NULL)
            parameter_read_own(&table->rows[i], table->rows[i].default_text, settings);
    preset_fill(table, NULL, settings);
}
