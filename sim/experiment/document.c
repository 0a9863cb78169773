#include "experiment/document.h"

#include "experiment/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* libyaml counts characters, this program bytes. Marks hardly ever go back, so a cursor that walks
 * along turns one into the other in linear time. */
struct cursor {
    const struct source *source;
    size_t begin; /* where libyaml's counting starts */
    size_t offset, index, line;
};

struct reader {
    struct document *document;
    struct cursor cursor;
    struct node *open[DOCUMENT_DEPTH]; /* containers not yet closed */
    struct node *last[DOCUMENT_DEPTH]; /* their latest child */
    size_t depth;
    size_t documents;
};

static void cursor_rewind(struct cursor *cursor)
{
    cursor->offset = cursor->begin;
    cursor->index = 0;
    cursor->line = 1;
}

static size_t cursor_seek(struct cursor *cursor, size_t index)
{
    const struct source *source = cursor->source;
    uint32_t code;

    if (index < cursor->index)
        cursor_rewind(cursor);
    for (; cursor->index < index && cursor->offset < source->length; ++cursor->index) {
        const char *at = source->text + cursor->offset;
        cursor->line += at[0] == '\n' || (at[0] == '\r' && at[1] != '\n');
        cursor->offset += utf8_next(at, source->length - cursor->offset, &code);
    }
    return cursor->offset;
}

static bool break_off(struct reader *reader, const yaml_mark_t *mark, const char *why)
{
    struct document *document = reader->document;
    document->broken = true;
    document->broken_at = cursor_seek(&reader->cursor, mark->index);
    return error_set(&document->broken_why, "%s", why);
}

static struct node *make_node(struct document *document, enum node_kind kind)
{
    struct node *node = calloc(1, sizeof *node);
    CHECK(node != NULL);
    node->kind = kind;
    node->made_before = document->made_last;
    document->made_last = node;
    return node;
}

static struct node *add_node(struct reader *reader, enum node_kind kind, const yaml_event_t *event)
{
    struct node *node = make_node(reader->document, kind);
    node->offset = cursor_seek(&reader->cursor, event->start_mark.index);
    node->line = reader->cursor.line;
    if (reader->depth == 0) {
        reader->document->root = node;
        return node;
    }
    size_t top = reader->depth - 1;
    struct node **slot =
        reader->last[top] != NULL ? &reader->last[top]->next : &reader->open[top]->first;
    *slot = node;
    reader->last[top] = node;
    node->flow = reader->open[top]->flow;
    return node;
}

static const char *find_problem(const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        return "anchors (&name) are not accepted: write the value out";
    if (tag != NULL)
        return "tags (!name) are not accepted: leave it out";
    return NULL;
}

static char *copy_text(const void *bytes, size_t length)
{
    char *text = malloc(length + 1);
    CHECK(text != NULL);
    memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

static void add_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct node *node = add_node(reader, NODE_SCALAR, event);
    size_t length = event->data.scalar.length;

    node->text = copy_text(event->data.scalar.value, length);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->quoted = event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                   event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    node->closed = true;
    node->problem = find_problem(event->data.scalar.anchor, event->data.scalar.tag);
    if (node->problem == NULL && memchr(node->text, '\0', length) != NULL)
        node->problem = "a text must not hold a NUL character";
}

static void add_alias(struct reader *reader, const yaml_event_t *event)
{
    struct node *node = add_node(reader, NODE_SCALAR, event);
    node->text = copy_text("", 0);
    node->closed = true;
    node->problem = "aliases (*name) are not accepted: write the value out";
}

static bool open_container(struct reader *reader, enum node_kind kind, bool flow,
                           const char *problem, const yaml_event_t *event)
{
    if (reader->depth == DOCUMENT_DEPTH)
        return break_off(reader, &event->start_mark, "nested too deep: 16 levels are the most");
    struct node *node = add_node(reader, kind, event);
    node->problem = problem;
    reader->open[reader->depth] = node;
    reader->last[reader->depth] = NULL;
    node->flow = flow;
    ++reader->depth;
    return true;
}

static bool take_event(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return ++reader->documents == 1 ||
               break_off(reader, &event->start_mark,
                         "a second document starts here: one file holds one scenario");
    case YAML_ALIAS_EVENT:
        add_alias(reader, event);
        return true;
    case YAML_SCALAR_EVENT:
        add_scalar(reader, event);
        return true;
    case YAML_SEQUENCE_START_EVENT:
        return open_container(
            reader, NODE_SEQUENCE, event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
            find_problem(event->data.sequence_start.anchor, event->data.sequence_start.tag), event);
    case YAML_MAPPING_START_EVENT:
        return open_container(
            reader, NODE_MAPPING, event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
            find_problem(event->data.mapping_start.anchor, event->data.mapping_start.tag), event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reader->open[--reader->depth]->closed = true;
        return true;
    default:
        return true;
    }
}

/* libyaml's own words, and what most often stands behind them. */
static void take_syntax_error(struct reader *reader, const yaml_parser_t *parser)
{
    const char *hint = "";
    char why[256];
    size_t offset = cursor_seek(&reader->cursor, parser->problem_mark.index);

    CHECK(parser->error != YAML_MEMORY_ERROR && parser->error != YAML_READER_ERROR);
    if (offset < reader->cursor.source->length && reader->cursor.source->text[offset] == '\t')
        hint = "; indent with spaces, not with tabs";
    else if (strstr(parser->problem, "mapping values are not allowed") != NULL)
        hint = "; a text that holds \": \" goes in quotes";
    snprintf(why, sizeof why, "this is not YAML: %s%s%s%s", parser->problem,
             parser->context != NULL ? " " : "", parser->context != NULL ? parser->context : "",
             hint);
    break_off(reader, &parser->problem_mark, why);
}

void document_read(struct document *document, const struct source *source, size_t begin)
{
    struct reader reader = {.document = document, .cursor = {.source = source, .begin = begin}};
    yaml_parser_t parser;
    yaml_event_t event;
    bool more = true;

    *document = (struct document){0};
    cursor_rewind(&reader.cursor);
    CHECK(yaml_parser_initialize(&parser));
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)source->text + begin,
                                 source->length - begin);
    while (more) {
        if (!yaml_parser_parse(&parser, &event)) {
            take_syntax_error(&reader, &parser);
            break;
        }
        more = take_event(&reader, &event) && event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

void document_read_value(struct document *document, const struct source *source, size_t begin)
{
    size_t end = source->length;
    while (begin < end && source->text[begin] == ' ')
        ++begin;
    while (end > begin && source->text[end - 1] == ' ')
        --end;
    if (source->text[begin] == '[') {
        document_read(document, source, begin);
        return;
    }
    *document = (struct document){0};
    struct node *node = make_node(document, NODE_SCALAR);
    node->text = copy_text(source->text + begin, end - begin);
    node->offset = begin;
    node->line = 1;
    node->closed = true;
    document->root = node;
}

bool node_is_torn(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->plain && node->flow &&
           strchr(node->text, '(') != NULL && strchr(node->text, ')') == NULL;
}

void document_fini(struct document *document)
{
    for (struct node *node = document->made_last; node != NULL;) {
        struct node *before = node->made_before;
        free(node->text);
        free(node);
        node = before;
    }
    *document = (struct document){0};
}
