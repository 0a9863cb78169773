#include "decode_print.h"

#include "experiment/utf8.h"
#include "output/json.h"

#include <string.h>

/* ---- text ---- */

/* Names are shown as the terminal may see them: the columns they take. */
static int print_name(FILE *out, const char *path)
{
    int columns = 0;
    for (size_t i = 0, length = strlen(path); i < length;) {
        struct utf8_glyph glyph = utf8_glyph(path + i, length - i);
        fputs(glyph.text, out);
        columns += (int)glyph.columns;
        i += glyph.bytes;
    }
    return columns;
}

static void print_bytes(FILE *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        struct utf8_glyph glyph = utf8_glyph(bytes + i, length - i);
        fputs(bytes[i] == '\0' ? "\\x00" : glyph.text, out);
        i += glyph.bytes;
    }
}

/* Of a string that was refused no more is at hand than `text` holds. */
static size_t shown_bytes(const struct decoded *decoded)
{
    return decoded->length < PAYLOAD_MAX_BYTES ? decoded->length : PAYLOAD_MAX_BYTES;
}

static void print_margin(FILE *out, const struct decoded *decoded)
{
    const struct decode_margin *margin = &decoded->margin;
    fprintf(out, "%s", symbology_names[decoded->symbology]);
    if (decoded->grade.count > 0)
        fprintf(out, ", grade %c", grade_letter(decoded->grade.overall));
    if (margin->module_px > 0)
        fprintf(out, ", module %.1f px", (double)margin->module_px);
    if (margin->contrast > 0)
        fprintf(out, ", contrast %.2f", (double)margin->contrast);
    if (margin->lines > 0)
        fprintf(out, ", %u lines", margin->lines);
    if (margin->code_bits > 0)
        fprintf(out, ", %u of %u bits corrected", margin->corrected_bits, margin->code_bits);
    const struct place *a = &decoded->corners[0], *b = &decoded->corners[2];
    if (a->x != b->x || a->y != b->y)
        fprintf(out, ", from %.0f,%.0f to %.0f,%.0f", (double)a->x, (double)a->y, (double)b->x,
                (double)b->y);
    fputs(", ", out);
}

void decode_print_text(FILE *out, const struct decode_answer *answer, int name_width)
{
    const struct decoded *decoded = answer->decoded;
    int columns = print_name(out, answer->path);
    fprintf(out, ":%*s ", columns < name_width ? name_width - columns : 0, "");
    if (decoded->status == DECODE_OK)
        print_bytes(out, answer->bytes, decoded->length);
    else
        fprintf(out, "%s: %s", decode_status_name(decoded->status),
                decode_status_text(decoded->status));
    if (decoded->status != DECODE_OK && decoded->length > 0) {
        fputs(": ", out);
        print_bytes(out, answer->bytes, shown_bytes(decoded));
    }
    fputs("  (", out);
    if (answer->verdict != NULL)
        fprintf(out, "%s, ", answer->verdict);
    if (decoded->status == DECODE_OK)
        print_margin(out, decoded);
    fprintf(out, "%.2f ms, %ux%u)\n", answer->took_ms, answer->width, answer->height);
}

/* ---- JSON ---- */

static bool is_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t code;
        i += utf8_next(bytes + i, length - i, &code);
        if (code == UTF8_INVALID)
            return false;
    }
    return true;
}

/* A path may hold any byte but zero: what is no UTF-8 becomes U+FFFD, for JSON has nothing else. */
static void json_path(struct text *json, const char *path)
{
    struct text clean = {0};
    for (size_t i = 0, length = strlen(path); i < length;) {
        uint32_t code;
        size_t bytes = utf8_next(path + i, length - i, &code);
        if (code == UTF8_INVALID)
            text_put(&clean, "\xef\xbf\xbd");
        else
            text_add(&clean, path + i, bytes);
        i += bytes;
    }
    json_string(json, clean.bytes != NULL ? clean.bytes : "");
    text_free(&clean);
}

static void key_string(struct text *json, const char *key, const char *value)
{
    json_key(json, key, false);
    json_string(json, value);
}

static void key_number(struct text *json, const char *key, double value, bool first)
{
    json_key(json, key, first);
    json_number(json, value);
}

/* The bytes as text where they are UTF-8 (a zero is \u0000); always as digits. */
static void key_bytes(struct text *json, const char *key, const char *bytes, size_t length)
{
    if (is_text(bytes, length)) {
        json_key(json, key, false);
        json_bytes(json, bytes, length);
    }
    json_key(json, "hex", false);
    text_put(json, "\"");
    for (size_t i = 0; i < length; i++)
        text_format(json, "%02x", (unsigned)(unsigned char)bytes[i]);
    text_put(json, "\"");
    key_number(json, "length", (double)length, false);
}

static void key_corners(struct text *json, const struct place corners[4])
{
    json_key(json, "corners", false);
    for (int i = 0; i < 4; i++) {
        text_put(json, i == 0 ? "[[" : ", [");
        json_number(json, (double)corners[i].x);
        text_put(json, ", ");
        json_number(json, (double)corners[i].y);
        text_put(json, "]");
    }
    text_put(json, "]");
}

/* What the symbology knows, and no more: a soft reading has no edges, one by edges no lead. */
static void key_margin(struct text *json, const struct decode_margin *margin)
{
    json_key(json, "margin", false);
    text_put(json, "{");
    key_number(json, "module_px", (double)margin->module_px, true);
    key_number(json, "contrast", (double)margin->contrast, false);
    if (margin->lines > 0)
        key_number(json, "lines", margin->lines, false);
    if (margin->lead > 0) {
        key_number(json, "lead", (double)margin->lead, false);
        key_number(json, "misfit", (double)margin->misfit, false);
    } else if (margin->lines > 0) {
        key_number(json, "off_modules", (double)margin->off_modules, false);
    }
    if (margin->code_bits > 0) {
        key_number(json, "corrected_bits", margin->corrected_bits, false);
        key_number(json, "code_bits", margin->code_bits, false);
    }
    text_put(json, "}");
}

static void key_grade(struct text *json, const struct grade *grade)
{
    const char letter[2] = {grade_letter(grade->overall), '\0'};
    json_key(json, "grade", false);
    text_put(json, "{");
    json_key(json, "overall", true);
    json_string(json, letter);
    json_key(json, "parameters", false);
    for (unsigned i = 0; i < grade->count; i++) {
        const struct grade_parameter *parameter = &grade->parameters[i];
        text_put(json, i == 0 ? "[{" : ", {");
        json_key(json, "name", true);
        json_string(json, parameter->name);
        key_number(json, "value", (double)parameter->value, false);
        key_number(json, "grade", (double)parameter->grade, false);
        text_put(json, "}");
    }
    text_put(json, "]}");
}

static void put_answer(struct text *json, const struct decode_answer *answer)
{
    const struct decoded *decoded = answer->decoded;
    json_key(json, "file", true);
    json_path(json, answer->path);
    key_string(json, "status", decode_status_name(decoded->status));
    key_string(json, "reason", decode_status_text(decoded->status));
    if (answer->verdict != NULL)
        key_string(json, "verdict", answer->verdict);
    if (decoded->status == DECODE_OK) {
        key_string(json, "symbology", symbology_names[decoded->symbology]);
        key_bytes(json, "text", answer->bytes, decoded->length);
        key_corners(json, decoded->corners);
        key_margin(json, &decoded->margin);
        if (decoded->grade.count > 0)
            key_grade(json, &decoded->grade);
    } else if (decoded->length > 0) { /* under a name that nobody takes for an answer */
        key_string(json, "symbology", symbology_names[decoded->symbology]);
        key_bytes(json, "refused_text", answer->bytes, shown_bytes(decoded));
    }
    key_number(json, "ms", answer->took_ms, false);
    key_number(json, "width", answer->width, false);
    key_number(json, "height", answer->height, false);
}

static void print_object(FILE *out, struct text *json)
{
    fprintf(out, "{%s}\n", json->bytes);
    text_free(json);
}

void decode_print_json(FILE *out, const struct decode_answer *answer)
{
    struct text json = {0};
    put_answer(&json, answer);
    print_object(out, &json);
}

void decode_print_json_error(FILE *out, const char *path, const char *message)
{
    struct text json = {0};
    json_key(&json, "file", true);
    json_path(&json, path);
    json_key(&json, "error", false);
    json_path(&json, message);
    print_object(out, &json);
}
