/* The table of parameters for a reader: text of at most 100 columns, or Markdown. */
#include "experiment/parameter_print.h"

#include "experiment/scenario.h"
#include "experiment/utf8.h"

#include <string.h>

enum { COLUMNS = 100, HELP_INDENT = 4 };

static const char *base_unit(enum dimension dimension)
{
    size_t count;
    const struct unit *units = quantity_units(&count);
    for (size_t i = 0; i < count; ++i)
        if (units[i].dimension == dimension)
            return units[i].name;
    return "";
}

struct parameter_words parameter_kind(const struct parameter *row)
{
    struct parameter_words words;
    const char *name = dimension_name(row->dimension);
    const char *unit = base_unit(row->dimension);
    const char *open = unit[0] != '\0' ? " [" : "", *close = unit[0] != '\0' ? "]" : "";

    switch (row->type) {
    case PARAMETER_TEXT:
        return (struct parameter_words){"text"};
    case PARAMETER_FLAG:
        return (struct parameter_words){"yes or no"};
    case PARAMETER_COUNT:
        return (struct parameter_words){"count"};
    case PARAMETER_CHOICE:
        return (struct parameter_words){"choice"};
    case PARAMETER_CHOICES:
        return (struct parameter_words){"choices"};
    case PARAMETER_TEXTS:
        return (struct parameter_words){"texts"};
    case PARAMETER_NUMBERS:
        snprintf(words.text, sizeof words.text, "%zu numbers", row->length);
        return words;
    case PARAMETER_QUANTITY:
        snprintf(words.text, sizeof words.text, "%s%s%s%s", name, open, unit, close);
        return words;
    case PARAMETER_DISTRIBUTION:
        snprintf(words.text, sizeof words.text, "%s%s%s%s ~", name, open, unit, close);
        return words;
    }
    return (struct parameter_words){""};
}

struct parameter_words parameter_range(const struct parameter *row)
{
    struct parameter_words words = {""};
    if (row->minimum != NULL && row->maximum != NULL)
        snprintf(words.text, sizeof words.text, "%s to %s", row->minimum, row->maximum);
    else if (row->minimum != NULL)
        snprintf(words.text, sizeof words.text, "at least %s", row->minimum);
    else if (row->maximum != NULL)
        snprintf(words.text, sizeof words.text, "at most %s", row->maximum);
    return words;
}

const char *parameter_default(const struct parameter *row)
{
    if (row->default_text == NULL)
        return "(must be given)";
    return row->default_text[0] != '\0' ? row->default_text : "\"\"";
}

bool parameter_wanted(const struct parameter *row, const char *prefix)
{
    return prefix == NULL || strncmp(row->key, prefix, strlen(prefix)) == 0;
}

/* How wide the columns of key, kind and default are: as wide as their widest entry. */
struct widths {
    int key, kind, otherwise;
};

static int wider(int width, const char *text)
{
    int length = (int)strlen(text);
    return length > width ? length : width;
}

static struct widths measure(const struct parameter_table *table, const char *prefix)
{
    struct widths widths = {3, 4, 7};
    int range = 5;
    for (size_t i = 0; i < table->count; ++i) {
        const struct parameter *row = &table->rows[i];
        if (!parameter_wanted(row, prefix))
            continue;
        widths.key = wider(widths.key, row->key);
        widths.kind = wider(widths.kind, parameter_kind(row).text);
        widths.otherwise = wider(widths.otherwise, parameter_default(row));
        range = wider(range, parameter_range(row).text);
    }
    /* Where not all fits, long defaults stick out and their range goes below. */
    int room = COLUMNS - widths.key - widths.kind - range - 6;
    if (widths.otherwise > room)
        widths.otherwise = room > 7 ? room : 7;
    return widths;
}

/* Prints words at `indent`, going on in the next line where the 100 columns end. */
static size_t print_wrapped(const char *text, size_t column, FILE *out)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " "), columns = 0;
        for (size_t i = 0; i < length; i += utf8_glyph(text + i, length - i).bytes)
            columns += utf8_glyph(text + i, length - i).columns;
        if (column > 0 && column + 1 + columns > COLUMNS) {
            fputc('\n', out);
            column = 0;
        }
        if (column == 0)
            column = (size_t)fprintf(out, "%*s", HELP_INDENT - 1, "");
        fprintf(out, " %.*s", (int)length, text);
        column += 1 + columns;
        text += length + strspn(text + length, " ");
    }
    return column;
}

static void print_choices(const struct parameter *row, FILE *out)
{
    size_t column =
        print_wrapped(row->type == PARAMETER_CHOICES ? "One or a list of" : "One of", 0, out);
    for (size_t i = 0; row->choices[i] != NULL; ++i) {
        char name[160];
        snprintf(name, sizeof name, "%s%s", row->choices[i], row->choices[i + 1] ? "," : "");
        column = print_wrapped(name, column, out);
    }
    fputc('\n', out);
}

static void print_row(const struct parameter *row, const struct widths *widths, FILE *out)
{
    struct parameter_words range = parameter_range(row);
    const char *otherwise = parameter_default(row);
    int column =
        fprintf(out, "%-*s  %-*s", widths->key, row->key, widths->kind, parameter_kind(row).text);
    int used = (int)strlen(otherwise);
    if (range.text[0] != '\0' && used < widths->otherwise)
        used = widths->otherwise;

    /* What does not fit beside is told below. */
    bool fits = column + 2 + used <= COLUMNS;
    bool range_fits = fits && column + 2 + used + 2 + (int)strlen(range.text) <= COLUMNS;
    if (fits)
        fprintf(out, range_fits && range.text[0] != '\0' ? "  %-*s" : "  %.*s", used, otherwise);
    if (range_fits && range.text[0] != '\0')
        fprintf(out, "  %s", range.text);
    fputc('\n', out);
    size_t below = 0;
    if (!fits)
        below = print_wrapped(otherwise, print_wrapped("Default:", below, out), out);
    if (!range_fits && range.text[0] != '\0')
        below = print_wrapped(range.text, print_wrapped("Range:", below, out), out);
    if (below > 0)
        fputc('\n', out);
    below = print_wrapped(row->help, 0, out);
    if (row->source[0] != '\0') {
        below = print_wrapped("(source:", below, out);
        print_wrapped(row->source, below, out);
        fputc(')', out);
    }
    fputc('\n', out);
    if (row->choices != NULL)
        print_choices(row, out);
}

static void print_distributions(FILE *out)
{
    fputs("\n~: a number with its unit, or a distribution:\n", out);
    for (size_t i = 0; i < DISTRIBUTION_KINDS; ++i)
        fprintf(out, "    %s\n", distribution_forms[i].example);
    fputs("    empirical(file waits.csv): a value a line, and its weight behind a comma\n", out);
}

static size_t print_text(const struct parameter_table *table, const char *prefix, FILE *out)
{
    struct widths widths = measure(table, prefix);
    size_t printed = 0, distributions = 0;

    for (size_t i = 0; i < table->count; ++i) {
        if (!parameter_wanted(&table->rows[i], prefix))
            continue;
        distributions += table->rows[i].type == PARAMETER_DISTRIBUTION;
        if (printed++ == 0)
            fprintf(out, "%-*s  %-*s  %-*s  %s\n\n", widths.key, "KEY", widths.kind, "KIND",
                    widths.otherwise, "DEFAULT", "RANGE");
        print_row(&table->rows[i], &widths, out);
    }
    if (distributions > 0)
        print_distributions(out);
    return printed;
}

/* A cell of a Markdown table: what would end it or mark it up is escaped. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text != '\0'; ++text) {
        if (strchr("|\\*_`<>[]~", *text) != NULL)
            fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
}

static void print_cell_code(const char *text, FILE *out)
{
    fputc('`', out);
    for (; *text != '\0'; ++text)
        fputs(*text == '|' ? "\\|" : (char[]){*text, '\0'}, out);
    fputc('`', out);
}

static void print_markdown_row(const struct parameter *row, FILE *out)
{
    fputs("| ", out);
    print_cell_code(row->key, out);
    fputs(" | ", out);
    print_cell(parameter_kind(row).text, out);
    fputs(" | ", out);
    if (row->default_text == NULL)
        print_cell(parameter_default(row), out);
    else
        print_cell_code(parameter_default(row), out);
    fputs(" | ", out);
    print_cell(parameter_range(row).text, out);
    for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; ++i) {
        fputs(i > 0 ? ", " : "", out);
        print_cell_code(row->choices[i], out);
    }
    fputs(" | ", out);
    print_cell(row->help, out);
    fputs(" | ", out);
    print_cell(row->source, out);
    fputs(" |\n", out);
}

static void print_markdown_heading(const char *key, size_t length, FILE *out)
{
    bool group = key[length] == '.';
    fprintf(out, "## %.*s\n\n", group ? (int)length : (int)strlen("scenario"),
            group ? key : "scenario");
    fputs("| key | kind | default | range | meaning | source |\n"
          "|---|---|---|---|---|---|\n",
          out);
}

static size_t print_markdown(const struct parameter_table *table, const char *prefix, FILE *out)
{
    const char *group = NULL; /* the previous row's top-level group; "" for none */
    size_t group_length = 0, printed = 0;

    for (size_t i = 0; i < table->count; ++i) {
        const char *key = table->rows[i].key;
        if (!parameter_wanted(&table->rows[i], prefix))
            continue;
        size_t length = strcspn(key, ".");
        bool grouped = key[length] == '.';
        bool same =
            group != NULL && (grouped ? length == group_length && strncmp(group, key, length) == 0
                                      : group_length == 0);
        if (!same) {
            fputs(printed > 0 ? "\n" : "", out);
            print_markdown_heading(key, length, out);
        }
        print_markdown_row(&table->rows[i], out);
        group = key;
        group_length = grouped ? length : 0;
        ++printed;
    }
    return printed;
}

size_t parameter_print(const struct parameter_table *table, enum parameter_format format,
                       const char *prefix, FILE *out)
{
    switch (format) {
    case PARAMETER_AS_TEXT:
        return print_text(table, prefix, out);
    case PARAMETER_AS_MARKDOWN:
        return print_markdown(table, prefix, out);
    case PARAMETER_AS_SCHEMA:
        return parameter_print_schema(table, prefix, out);
    }
    CHECK(!"a format that is none");
    return 0;
}
