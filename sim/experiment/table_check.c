/* What the compiler cannot check of a table of parameters. */
#include "experiment/table.h"

#include "experiment/document.h"
#include "experiment/preset.h"
#include "experiment/value.h"

#include <stdio.h>
#include <string.h>

static void insist(bool holds, const struct parameter *row, const char *what)
{
    char message[256];
    if (holds)
        return;
    snprintf(message, sizeof message, "the parameter %s: %s", row->key, what);
    check_failed(message, __FILE__, __LINE__);
}

static bool is_key(const char *key)
{
    size_t word = 0;
    for (; *key != '\0'; ++key) {
        bool letter = (*key >= 'a' && *key <= 'z') || (*key >= '0' && *key <= '9') || *key == '_';
        if (!letter && !(*key == '.' && word > 0))
            return false;
        word = letter ? word + 1 : 0;
    }
    return word > 0;
}

static size_t field_alignment(enum parameter_type type)
{
    switch (type) {
    case PARAMETER_TEXT:
    case PARAMETER_TEXTS:
        return 1;
    case PARAMETER_FLAG:
        return _Alignof(bool);
    case PARAMETER_CHOICE:
    case PARAMETER_CHOICES:
        return _Alignof(int);
    default:
        return _Alignof(double);
    }
}

static void check_field(const struct parameter_table *table, size_t index)
{
    const struct parameter *row = &table->rows[index];
    size_t end = row->offset + value_bytes(row);

    insist(end <= table->settings_bytes, row, "its field lies inside the settings");
    insist(row->offset % field_alignment(row->type) == 0, row, "its field is aligned");
    for (size_t i = 0; i < index; ++i) {
        const struct parameter *other = &table->rows[i];
        insist(end <= other->offset || other->offset + value_bytes(other) <= row->offset, row,
               "its field is its own");
    }
}

static void check_key(const struct parameter_table *table, size_t index)
{
    const struct parameter *row = &table->rows[index];
    const char *previous = index > 0 ? table->rows[index - 1].key : "";
    size_t levels = 1;

    insist(is_key(row->key) && strlen(row->key) < sizeof(struct table_key), row,
           "its key is a key");
    insist(strcmp(row->key, "extends") != 0, row, "extends is taken");
    insist(table_find(table, row->key) == index, row, "its key stands once");
    insist(table_find_group(table, row->key) == table->count, row, "its key is no group");
    for (size_t i = 0; row->key[i] != '\0'; ++i) {
        struct table_key group = {{0}};
        if (row->key[i] != '.')
            continue;
        ++levels;
        memcpy(group.text, row->key, i + 1);
        bool follows = strncmp(previous, group.text, i + 1) == 0;
        group.text[i] = '\0';
        insist(follows || table_find_group(table, group.text) == index, row,
               "the rows of its group stand together");
    }
    insist(levels <= DOCUMENT_DEPTH, row, "its groups nest no deeper than a file may");
}

static void check_type(const struct parameter *row)
{
    bool choice = row->type == PARAMETER_CHOICE || row->type == PARAMETER_CHOICES;
    bool measured = row->type == PARAMETER_QUANTITY || row->type == PARAMETER_DISTRIBUTION;
    bool bounded = measured || row->type == PARAMETER_COUNT || row->type == PARAMETER_NUMBERS;
    size_t choices = 0;

    insist(row->help != NULL && row->source != NULL, row, "it has a help and a source");
    insist(choice == (row->choices != NULL), row, "choices, and they alone, have choices");
    while (choice && row->choices[choices] != NULL)
        ++choices;
    insist(!choice || (choices > 0 && choices <= 32), row, "it has 1 to 32 choices");
    bool list = row->type == PARAMETER_NUMBERS || row->type == PARAMETER_TEXTS;
    insist(list == (row->length > 0), row, "numbers and texts, and they alone, have a length");
    insist((unsigned)row->dimension < DIMENSION_COUNT, row, "its dimension is one");
    insist(measured || row->dimension == DIMENSION_NUMBER, row, "only quantities have a dimension");
    insist(bounded || (row->minimum == NULL && row->maximum == NULL), row,
           "only numbers have bounds");
    struct value_range range = value_range(row);
    insist(range.minimum <= range.maximum && range.count_minimum <= range.count_maximum, row,
           "its minimum does not exceed its maximum");
}

void table_check(const struct parameter_table *table)
{
    for (size_t i = 0; i < table->count; ++i) {
        CHECK((unsigned)table->rows[i].type <= PARAMETER_TEXTS);
        check_key(table, i);
        check_type(&table->rows[i]);
        check_field(table, i);
    }
    preset_check(table);
}
