/* Pictures of gnuplot inside a page: see html_svg in output/html.h. */
#include "output/html.h"

#include <string.h>

struct svg_writer {
    struct text *page;
    const char *prefix, *label;
    bool root_seen;
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Names of elements that gnuplot's drawings are made of; anything else is refused. */
static bool is_known_element(const char *name, size_t length)
{
    static const char *const known[] = {
        "svg",      "g",       "rect",        "circle",         "path",  "use",
        "defs",     "polygon", "text",        "line",           "tspan", "polyline",
        "clipPath", "pattern", "filter",      "feFlood",        "desc",  "mask",
        "ellipse",  "title",   "feComposite", "linearGradient", "stop"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i]) == length && strncmp(known[i], name, length) == 0)
            return true;
    return false;
}

static bool name_is(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && strncmp(name, wanted, length) == 0;
}

/* The value of an attribute, with the prefix put before ids: '#id', 'url(#id)' or an id itself. */
static bool put_value(struct svg_writer *writer, const char *name, size_t name_length,
                      const char *value, size_t length)
{
    if (name_is(name, name_length, "id"))
        text_put(writer->page, writer->prefix);
    bool reference = name_is(name, name_length, "href") || name_is(name, name_length, "xlink:href");
    if (reference && (length == 0 || value[0] != '#'))
        return false;
    for (size_t i = 0; i < length; i++) {
        bool url = length - i >= 4 && begins(value + i, "url(");
        if (url && (length - i < 5 || value[i + 4] != '#'))
            return false;
        text_add(writer->page, value + i, 1);
        if (value[i] == '#' && ((reference && i == 0) || (i >= 4 && begins(value + i - 4, "url("))))
            text_put(writer->page, writer->prefix);
    }
    return true;
}

static bool is_dropped(const struct svg_writer *writer, const char *name, size_t length,
                       const char *element, size_t element_length)
{
    (void)writer;
    return begins(name, "xmlns") ||
           (name_is(element, element_length, "svg") &&
            (name_is(name, length, "width") || name_is(name, length, "height")));
}

/* One attribute at `at`; null where it is malformed or forbidden, else what follows it. */
static const char *put_attribute(struct svg_writer *writer, const char *at, const char *element,
                                 size_t element_length)
{
    size_t length = strcspn(at, "= \t\r\n<>\"'");
    const char *equals = at + length + strspn(at + length, " \t\r\n");
    if (length == 0 || *equals != '=' || begins(at, "on"))
        return NULL;
    const char *open = equals + 1 + strspn(equals + 1, " \t\r\n");
    if (*open != '"' && *open != '\'')
        return NULL;
    const char *close = strchr(open + 1, *open);
    if (!close || memchr(open, '<', (size_t)(close - open)))
        return NULL;
    if (is_dropped(writer, at, length, element, element_length))
        return close + 1;
    text_put(writer->page, " ");
    text_add(writer->page, at, length);
    text_put(writer->page, "=");
    text_add(writer->page, open, 1);
    if (!put_value(writer, at, length, open + 1, (size_t)(close - open - 1)))
        return NULL;
    text_add(writer->page, open, 1);
    return close + 1;
}

static void put_root_attributes(struct svg_writer *writer)
{
    text_put(writer->page, " role=\"img\" aria-label=\"");
    html_text(writer->page, writer->label);
    text_put(writer->page, "\"");
    writer->root_seen = true;
}

/* An opening or closing tag; `at` stands on '<'. */
static const char *put_tag(struct svg_writer *writer, const char *at)
{
    size_t slash = at[1] == '/';
    const char *name = at + 1 + slash;
    size_t length = strcspn(name, " \t\r\n/>");
    if (!is_known_element(name, length) || writer->root_seen == (!slash && begins(name, "svg")))
        return NULL;
    text_add(writer->page, at, 1 + slash + length);
    if (!writer->root_seen)
        put_root_attributes(writer);
    const char *rest = name + length;
    for (;;) {
        rest += strspn(rest, " \t\r\n");
        if (*rest == '>' || begins(rest, "/>"))
            break;
        rest = *rest ? put_attribute(writer, rest, name, length) : NULL;
        if (!rest)
            return NULL;
    }
    text_put(writer->page, *rest == '>' ? ">" : "/>");
    return strchr(rest, '>') + 1;
}

/* After `end`, or null where it does not come. */
static const char *skip_past(const char *at, const char *end)
{
    const char *found = strstr(at, end);
    return found ? found + strlen(end) : NULL;
}

static const char *put_markup(struct svg_writer *writer, const char *at)
{
    if (begins(at, "<?"))
        return skip_past(at, "?>");
    if (begins(at, "<!--"))
        return skip_past(at, "-->");
    if (begins(at, "<!"))
        return skip_past(at, ">");
    if (begins(at, "<title>"))
        return skip_past(at, "</title>");
    if (begins(at, "<desc>"))
        return skip_past(at, "</desc>");
    return put_tag(writer, at);
}

bool html_svg(struct text *page, const char *svg, const char *prefix, const char *label)
{
    struct svg_writer writer = {.page = page, .prefix = prefix, .label = label};
    while (svg && *svg) {
        if (*svg == '<') {
            svg = put_markup(&writer, svg);
            continue;
        }
        size_t length = strcspn(svg, "<");
        if (writer.root_seen)
            text_add(page, svg, length);
        svg += length;
    }
    return svg && writer.root_seen;
}
