/* The one line of scenario.yaml that the report reads: its description. */
#include "output/report_data.h"

#include <string.h>

static const char *find_value(const char *yaml)
{
    static const char key[] = "description:";
    for (const char *line = yaml; line;) {
        if (strncmp(line, key, sizeof key - 1) == 0)
            return line + sizeof key - 1 + strspn(line + sizeof key - 1, " \t");
        const char *end = strchr(line, '\n');
        line = end ? end + 1 : NULL;
    }
    return NULL;
}

static size_t copy_line(char *out, size_t size, size_t at, const char *line)
{
    size_t length = strcspn(line, "\r\n");
    if (at > 0 && at + 1 < size)
        out[at++] = ' ';
    for (size_t i = 0; i < length && at + 1 < size; i++)
        out[at++] = line[i];
    out[at] = '\0';
    return at;
}

/* Indented lines that follow: those of a block, and those that a long plain value was folded into.
 */
static void copy_block(char *out, size_t size, size_t at, const char *line)
{
    for (line = strchr(line, '\n'); line && (line[1] == ' ' || line[1] == '\n');
         line = strchr(line + 1, '\n')) {
        const char *text = line + 1 + strspn(line + 1, " ");
        if (*text != '\n' && *text != '\0')
            at = copy_line(out, size, at, text);
    }
}

/* In place: the outer quotes, '' of a single-quoted value, \" and \\ of a double-quoted one. */
static void unquote(char *text)
{
    char quote = text[0];
    size_t length = strlen(text);
    if ((quote != '\'' && quote != '"') || length < 2 || text[length - 1] != quote)
        return;
    text[length - 1] = '\0';
    char *to = text;
    for (const char *from = text + 1; *from; from++) {
        bool doubled = quote == '\'' && from[0] == '\'' && from[1] == '\'';
        bool escaped = quote == '"' && from[0] == '\\' && from[1] != '\0';
        from += doubled || escaped;
        *to++ = *from;
    }
    *to = '\0';
}

void report_data_description(char *out, size_t size, const char *yaml)
{
    out[0] = '\0';
    const char *value = find_value(yaml);
    if (!value)
        return;
    bool block = *value == '|' || *value == '>';
    size_t at = block ? 0 : copy_line(out, size, 0, value);
    copy_block(out, size, at, value);
    if (!block)
        unquote(out);
}
