#include "engine/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool trace_open(struct trace *trace, const char *path, const struct trace_filter *filter,
                struct error *error)
{
    bool standard = strcmp(path, "-") == 0;
    *trace = (struct trace){.filter = *filter};
    snprintf(trace->path, sizeof trace->path, "%s", standard ? "standard output" : path);
    trace->file = standard ? stdout : fopen(path, "we");
    return trace->file != NULL ||
           error_set(error, "%s: cannot be written: %s", path, strerror(errno));
}

/* The first failure ends the writing. */
static void note_failure(struct trace *trace, bool good)
{
    if (!good && trace->failure == 0)
        trace->failure = errno != 0 ? errno : EIO;
}

void trace_remark(struct trace *trace, const char *format, ...)
{
    va_list arguments;
    if (trace->failure != 0)
        return;
    va_start(arguments, format);
    bool good = fputs("# ", trace->file) >= 0 && vfprintf(trace->file, format, arguments) >= 0 &&
                fputc('\n', trace->file) != EOF;
    va_end(arguments);
    note_failure(trace, good);
}

bool trace_wants(const struct trace *trace, simtime at, const struct trace_entity *concerned,
                 size_t count)
{
    const struct trace_filter *filter = &trace->filter;
    if (trace->failure != 0 || at < filter->from || at > filter->to)
        return false;
    for (size_t i = 0; i < count && filter->only.kind != NULL; i++)
        if (concerned[i].number == filter->only.number &&
            strcmp(concerned[i].kind, filter->only.kind) == 0)
            return true;
    return filter->only.kind == NULL;
}

void trace_line(struct trace *trace, simtime at, const struct trace_entity *concerned, size_t count,
                const char *text)
{
    CHECK(at >= 0 && count >= 1 && count <= TRACE_MOST_CONCERNED);
    if (!trace_wants(trace, at, concerned, count))
        return;
    size_t event = strcspn(text, " ");
    bool good = fprintf(trace->file, "%010lld.%09lld %.*s", TRACE_PARTS(at), (int)event, text) > 0;
    for (size_t i = 0; i < count && good; i++)
        good = fprintf(trace->file, " %s:%" PRIu64, concerned[i].kind, concerned[i].number) > 0;
    good = good && fputs(text + event, trace->file) >= 0 && fputc('\n', trace->file) != EOF;
    trace->lines += good;
    note_failure(trace, good);
}

bool trace_close(struct trace *trace, struct error *error)
{
    if (trace->file == NULL)
        return true;
    bool good = trace->file == stdout ? fflush(stdout) == 0 : fclose(trace->file) == 0;
    trace->file = NULL;
    note_failure(trace, good);
    return trace->failure == 0 || error_set(error, "%s: the trace is not whole: %s", trace->path,
                                            strerror(trace->failure));
}

/* "a, b or c" */
static void list_kinds(const char *const *kinds, char *text, size_t room)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; kinds[i] != NULL && used < room; i++) {
        const char *between = i == 0 ? "" : kinds[i + 1] != NULL ? ", " : " or ";
        used += (size_t)snprintf(text + used, room - used, "%s%s", between, kinds[i]);
    }
}

bool trace_parse_entity(const char *text, const char *const *kinds, struct trace_entity *entity,
                        struct error *error)
{
    size_t length = strcspn(text, ":");
    const char *digits = text[length] == ':' ? text + length + 1 : "";
    bool whole = digits[0] != '\0' && strspn(digits, "0123456789") == strlen(digits);
    *entity = (struct trace_entity){0};
    for (size_t i = 0; whole && kinds[i] != NULL; i++)
        if (strlen(kinds[i]) == length && strncmp(kinds[i], text, length) == 0)
            entity->kind = kinds[i];
    errno = 0;
    entity->number = whole ? strtoull(digits, NULL, 10) : 0;
    if (entity->kind != NULL && errno == 0)
        return true;
    char list[256];
    list_kinds(kinds, list, sizeof list);
    return error_set(error, "'%s' is no KIND:NUMBER as in %s:17; KIND is %s", text, kinds[0], list);
}
