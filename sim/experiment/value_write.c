/* One value of the settings, as YAML that reads back to the same bits. */
#include "experiment/utf8.h"
#include "experiment/value.h"

#include <string.h>

static void write_quoted(const char *text, FILE *out)
{
    size_t length = strlen(text);
    uint32_t code;

    fputc('"', out);
    for (size_t i = 0; i < length;) {
        size_t bytes = utf8_next(text + i, length - i, &code);
        if (code == '\n')
            fputs("\\n", out);
        else if (code == '\t')
            fputs("\\t", out);
        else if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (char)code);
        else if (utf8_is_hidden(code))
            fprintf(out, "\\U%08x", (unsigned)code);
        else
            fwrite(text + i, 1, bytes, out);
        i += bytes;
    }
    fputc('"', out);
}

/* Without quotes only what could not mean anything else, in a list or out of it. */
static bool is_plain(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char safe[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ;./()_-";
    size_t length = strlen(text);
    return length > 0 && strspn(text, letters) > 0 && strspn(text, safe) == length &&
           text[length - 1] != ' ';
}

static void write_text(const char *text, FILE *out)
{
    if (is_plain(text))
        fputs(text, out);
    else
        write_quoted(text, out);
}

static void write_choices(const struct parameter *row, uint32_t set, FILE *out)
{
    const char *joint = "";
    fputc('[', out);
    for (size_t i = 0; row->choices[i] != NULL; ++i) {
        if (!(set >> i & 1))
            continue;
        fputs(joint, out);
        write_text(row->choices[i], out);
        joint = ", ";
    }
    fputc(']', out);
}

static void write_numbers(const struct parameter *row, const char *field, FILE *out)
{
    for (size_t i = 0; i < row->length; ++i) {
        double value;
        memcpy(&value, field + i * sizeof value, sizeof value);
        fprintf(out, "%s%s", i == 0 ? "[" : ", ",
                quantity_text(value, DIMENSION_NUMBER, NULL).text);
    }
    fputc(']', out);
}

static void write_texts(const struct parameter *row, const char *field, FILE *out)
{
    fputc('[', out);
    for (size_t i = 0; i < row->length && field[i * PARAMETER_LINE_BYTES] != '\0'; ++i) {
        fputs(i == 0 ? "" : ", ", out);
        write_text(field + i * PARAMETER_LINE_BYTES, out);
    }
    fputc(']', out);
}

/* Fields are copied out: a settings structure is only known by its offsets here. */
static void write_measured(const struct parameter *row, const char *field, FILE *out)
{
    double value;
    struct distribution distribution;
    if (row->type == PARAMETER_QUANTITY) {
        memcpy(&value, field, sizeof value);
        fputs(quantity_text(value, row->dimension, row->default_text).text, out);
    } else {
        memcpy(&distribution, field, sizeof distribution);
        quantity_write_distribution(&distribution, row->dimension, row->default_text, out);
    }
}

void value_write(const struct parameter *row, const void *settings, FILE *out)
{
    const char *field = (const char *)settings + row->offset;
    bool flag;
    int choice;
    int64_t count;
    uint32_t set;

    switch (row->type) {
    case PARAMETER_TEXT:
        write_text(field, out);
        break;
    case PARAMETER_FLAG:
        memcpy(&flag, field, sizeof flag);
        fputs(flag ? "yes" : "no", out);
        break;
    case PARAMETER_COUNT:
        memcpy(&count, field, sizeof count);
        fprintf(out, "%lld", (long long)count);
        break;
    case PARAMETER_QUANTITY:
    case PARAMETER_DISTRIBUTION:
        write_measured(row, field, out);
        break;
    case PARAMETER_CHOICE:
        memcpy(&choice, field, sizeof choice);
        write_text(row->choices[choice], out);
        break;
    case PARAMETER_CHOICES:
        memcpy(&set, field, sizeof set);
        write_choices(row, set, out);
        break;
    case PARAMETER_NUMBERS:
        write_numbers(row, field, out);
        break;
    case PARAMETER_TEXTS:
        write_texts(row, field, out);
        break;
    }
}
