/*
 * The table as a JSON Schema: nested objects as in a file, a pattern for every quantity.
 *
 * What a schema cannot say (ranges of quantities, the check of a distribution, one use of each
 * parameter in it) is left to `cashpoint validate`. A scenario that extends another need not hold
 * the keys that must be given, since its parent may.
 */
#include "experiment/parameter_print.h"
#include "experiment/utf8.h"

#include <string.h>

static const char number_pattern[] = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";

/* The body of a JSON string. */
static void print_json(const char *text, FILE *out)
{
    size_t length = strlen(text);
    uint32_t code;
    for (size_t i = 0; i < length;) {
        size_t bytes = utf8_next(text + i, length - i, &code);
        if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (char)code);
        else if (code < 0x20 || code == UTF8_INVALID)
            fprintf(out, "\\u%04x", code == UTF8_INVALID ? 0xFFFD : (unsigned)code);
        else
            fwrite(text + i, 1, bytes, out);
        i += bytes;
    }
}

static void print_string(const char *text, FILE *out)
{
    fputc('"', out);
    print_json(text, out);
    fputc('"', out);
}

static void print_indent(size_t depth, FILE *out)
{
    fprintf(out, "%*s", (int)(2 * depth), "");
}

/* The pattern of a quantity, to stand inside a larger one. */
struct pattern {
    char text[256];
};

static struct pattern quantity_pattern(enum dimension dimension)
{
    struct pattern pattern;
    size_t count, length;
    const struct unit *units = quantity_units(&count);
    const char *joint = " *(";

    length = (size_t)snprintf(pattern.text, sizeof pattern.text, "%s", number_pattern);
    for (size_t i = 0; i < count; ++i) {
        if (units[i].dimension != dimension)
            continue;
        length += (size_t)snprintf(pattern.text + length, sizeof pattern.text - length, "%s%s",
                                   joint, units[i].name);
        joint = "|";
    }
    if (dimension != DIMENSION_NUMBER)
        snprintf(pattern.text + length, sizeof pattern.text - length, ")");
    return pattern;
}

static bool is_used(const struct parameter_table *table, enum parameter_type type,
                    enum dimension dimension)
{
    for (size_t i = 0; i < table->count; ++i)
        if (table->rows[i].type == type && table->rows[i].dimension == dimension)
            return true;
    return false;
}

/* `mean 20 s`, for the parameters of a form: those with the unit, and the plain ones. */
static void print_parameters(const struct distribution_form *form, enum dimension dimension,
                             bool plain, FILE *out)
{
    const char *joint = plain ? "|(" : "(";
    size_t named = 0;
    for (size_t i = 0; i < DISTRIBUTION_PARAMETERS && form->parameter[i].name != NULL; ++i) {
        if (form->parameter[i].plain != plain)
            continue;
        fprintf(out, "%s%s", named++ == 0 ? joint : "|", form->parameter[i].name);
    }
    if (named == 0)
        return;
    fputs(") *", out);
    print_json(quantity_pattern(plain ? DIMENSION_NUMBER : dimension).text, out);
}

/* `10 s:2`, the value and its weight. */
static void print_pair(enum dimension dimension, FILE *out)
{
    fputs(" *", out);
    print_json(quantity_pattern(dimension).text, out);
    fputs(" *: *", out);
    print_json(quantity_pattern(DIMENSION_NUMBER).text, out);
    fputs(" *", out);
}

/* A distribution's name and its parameters in any order, or its pairs, with commas between them. */
static void print_form(const struct distribution_form *form, enum dimension dimension, FILE *out)
{
    fprintf(out, "      {\"type\": \"string\", \"pattern\": \"^%s *\\\\(", form->name);
    if (form->pairs) {
        fputs("( *file +[^/)]+|", out); /* a file beside the scenario (value_file.h) */
        print_pair(dimension, out);
        fputs("(,", out);
        print_pair(dimension, out);
        fputs(")*)\\\\)$\"}", out); /* a validator should not unroll 4096 of them */
        return;
    }
    fputs("( *(", out);
    print_parameters(form, dimension, false, out);
    print_parameters(form, dimension, true, out);
    fputs(") *(,(?! *\\\\))|(?=\\\\))))+\\\\)$\"}", out);
}

static void print_quantity(enum dimension dimension, FILE *out)
{
    if (dimension == DIMENSION_NUMBER) {
        fputs("{\"type\": \"number\"}", out);
        return;
    }
    fputs("{\"type\": \"string\", \"pattern\": \"^", out);
    print_json(quantity_pattern(dimension).text, out);
    fputs("$\"}", out);
}

static void print_distribution(enum dimension dimension, FILE *out)
{
    fprintf(out, "{\"anyOf\": [\n      {\"$ref\": \"#/$defs/%s\"}", dimension_name(dimension));
    for (size_t kind = 0; kind < DISTRIBUTION_KINDS; ++kind) {
        fputs(",\n", out);
        print_form(&distribution_forms[kind], dimension, out);
    }
    fputs("\n    ]}", out);
}

static void print_definitions(const struct parameter_table *table, FILE *out)
{
    const char *joint = "";
    fputs("  \"$defs\": {\n", out);
    for (size_t i = 0; i < DIMENSION_COUNT; ++i) {
        enum dimension dimension = (enum dimension)i;
        bool distributed = is_used(table, PARAMETER_DISTRIBUTION, dimension);
        if (!distributed && !is_used(table, PARAMETER_QUANTITY, dimension))
            continue;
        fprintf(out, "%s    \"%s\": ", joint, dimension_name(dimension));
        print_quantity(dimension, out);
        joint = ",\n";
        if (!distributed)
            continue;
        fprintf(out, ",\n    \"%s-distribution\": ", dimension_name(dimension));
        print_distribution(dimension, out);
    }
    fputs("\n  }\n", out);
}

static void print_number_bounds(const struct parameter *row, FILE *out)
{
    if (row->minimum != NULL)
        fprintf(out, ", \"minimum\": %s", row->minimum);
    if (row->maximum != NULL)
        fprintf(out, ", \"maximum\": %s", row->maximum);
}

static void print_enum(const struct parameter *row, FILE *out)
{
    fputs("\"enum\": [", out);
    for (size_t i = 0; row->choices[i] != NULL; ++i) {
        fputs(i > 0 ? ", " : "", out);
        print_string(row->choices[i], out);
    }
    fputs("]", out);
}

/* What a value must be, as the members of an object that goes on. */
static void print_shape(const struct parameter *row, FILE *out)
{
    switch (row->type) {
    case PARAMETER_TEXT:
        fprintf(out, "\"type\": \"string\", \"maxLength\": %d", PARAMETER_TEXT_BYTES - 1);
        break;
    case PARAMETER_FLAG:
        fputs("\"enum\": [true, false, \"yes\", \"no\"]", out);
        break;
    case PARAMETER_COUNT:
        fputs("\"type\": \"integer\"", out);
        print_number_bounds(row, out);
        break;
    case PARAMETER_QUANTITY:
        if (row->dimension == DIMENSION_NUMBER) {
            fputs("\"type\": \"number\"", out);
            print_number_bounds(row, out);
        } else {
            fprintf(out, "\"$ref\": \"#/$defs/%s\"", dimension_name(row->dimension));
        }
        break;
    case PARAMETER_DISTRIBUTION:
        fprintf(out, "\"$ref\": \"#/$defs/%s-distribution\"", dimension_name(row->dimension));
        break;
    case PARAMETER_CHOICE:
        print_enum(row, out);
        break;
    case PARAMETER_CHOICES:
        fputs("\"anyOf\": [{", out);
        print_enum(row, out);
        fputs("}, {\"type\": \"array\", \"minItems\": 1, \"uniqueItems\": true, \"items\": {", out);
        print_enum(row, out);
        fputs("}}]", out);
        break;
    case PARAMETER_NUMBERS:
        fprintf(out, "\"type\": \"array\", \"minItems\": %zu, \"maxItems\": %zu, ", row->length,
                row->length);
        fputs("\"items\": {\"type\": \"number\"", out);
        print_number_bounds(row, out);
        fputs("}", out);
        break;
    case PARAMETER_TEXTS:
        fprintf(out, "\"type\": [\"string\", \"array\"], \"maxItems\": %zu, ", row->length);
        fputs("\"items\": {\"type\": \"string\"}", out);
        break;
    }
}

static void print_property(const struct parameter *row, const char *name, size_t depth, FILE *out)
{
    struct parameter_words range = parameter_range(row);

    print_indent(depth, out);
    fprintf(out, "\"%s\": {\n", name);
    print_indent(depth + 1, out);
    print_shape(row, out);
    fputs(",\n", out);
    print_indent(depth + 1, out);
    fputs("\"description\": \"", out);
    print_json(row->help, out);
    fputs(" (default: ", out);
    print_json(parameter_default(row), out);
    if (range.text[0] != '\0') {
        fputs("; range: ", out);
        print_json(range.text, out);
    }
    if (row->source[0] != '\0') {
        fputs("; source: ", out);
        print_json(row->source, out);
    }
    fputs(")\"\n", out);
    print_indent(depth, out);
    fputs("}", out);
}

/* The rows from `begin` to before `end` that share the first `skip` letters of their keys. */
struct span {
    const struct parameter_table *table;
    size_t begin, end, skip;
    const char *prefix;
};

static size_t group_end(const struct span *span, size_t begin, size_t length)
{
    const char *key = span->table->rows[begin].key;
    size_t end = begin + 1;
    while (end < span->end && strncmp(span->table->rows[end].key, key, length) == 0)
        ++end;
    return end;
}

static bool is_any_wanted(const struct span *span, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; ++i)
        if (parameter_wanted(&span->table->rows[i], span->prefix))
            return true;
    return false;
}

/* Calls itself once a level of groups, which table_check() bounds. */
static size_t print_properties(const struct span *span, size_t depth, const char *first, FILE *out)
{
    const char *joint = first;
    size_t printed = 0;

    for (size_t i = span->begin; i < span->end;) {
        const char *name = span->table->rows[i].key + span->skip;
        size_t length = strcspn(name, ".");
        bool group = name[length] == '.';
        size_t end = group ? group_end(span, i, span->skip + length + 1) : i + 1;
        if (is_any_wanted(span, i, end)) {
            fputs(joint, out);
            joint = ",\n";
            if (group) {
                struct span inner = {span->table, i, end, span->skip + length + 1, span->prefix};
                print_indent(depth, out);
                fprintf(out, "\"%.*s\": {\n", (int)length, name);
                print_indent(depth + 1, out);
                fputs("\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\n",
                      out);
                printed += print_properties(&inner, depth + 2, "", out);
                fputs("\n", out);
                print_indent(depth + 1, out);
                fputs("}\n", out);
                print_indent(depth, out);
                fputs("}", out);
            } else {
                print_property(&span->table->rows[i], name, depth, out);
                ++printed;
            }
        }
        i = end;
    }
    return printed;
}

static bool must_be_given(const struct span *span, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; ++i)
        if (span->table->rows[i].default_text == NULL &&
            parameter_wanted(&span->table->rows[i], span->prefix))
            return true;
    return false;
}

/* {"required": [...], "properties": {group: the same}} */
static void print_required(const struct span *span, FILE *out)
{
    for (int round = 0; round < 2; ++round) {
        const char *joint = "";
        fputs(round == 0 ? "{\"required\": [" : "], \"properties\": {", out);
        for (size_t i = span->begin; i < span->end;) {
            const char *name = span->table->rows[i].key + span->skip;
            size_t length = strcspn(name, ".");
            bool group = name[length] == '.';
            size_t end = group ? group_end(span, i, span->skip + length + 1) : i + 1;
            if (must_be_given(span, i, end) && (round == 0 || group)) {
                struct span inner = {span->table, i, end, span->skip + length + 1, span->prefix};
                fprintf(out, "%s\"%.*s\"%s", joint, (int)length, name, round == 0 ? "" : ": ");
                joint = ", ";
                if (round == 1)
                    print_required(&inner, out);
            }
            i = end;
        }
    }
    fputs("}}", out);
}

size_t parameter_print_schema(const struct parameter_table *table, const char *prefix, FILE *out)
{
    struct span all = {table, 0, table->count, 0, prefix};

    fputs("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
          "  \"title\": \"A scenario of cashpoint\",\n"
          "  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {\n",
          out);
    fputs("    \"extends\": {\n      \"type\": \"string\", \"pattern\": \"^[^/]+$\",\n"
          "      \"description\": \"A scenario file in the same folder that this one changes\"\n"
          "    },\n",
          out);
    fputs("    \"sweep\": {\n      \"type\": \"object\",\n"
          "      \"description\": \"Keys with the values that they take: every combination is a "
          "design point. KEY: [a, b], KEY: a to b step c, zip: {KEY: [a, b], KEY: [c, d]}\"\n"
          "    }",
          out);
    size_t printed = print_properties(&all, 2, ",\n", out);
    fputs("\n  },\n  \"anyOf\": [{\"required\": [\"extends\"]}, ", out);
    print_required(&all, out);
    fputs("],\n", out);
    print_definitions(table, out);
    fputs("}\n", out);
    return printed;
}
