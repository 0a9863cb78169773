/*
 * HTML that cannot be broken out of: markup is written in this program, everything else is escaped.
 *
 * html_put takes markup that stands in the source; html_text and html_bytes take anything, escape
 * & < > " ' and replace control characters and bytes that are no UTF-8 by U+FFFD. So what a
 * stranger wrote into a record can be read on the page, and does nothing. They may be used between
 * tags and within a quoted attribute.
 */
#ifndef CASHPOINT_HTML_H
#define CASHPOINT_HTML_H

#include "output/text.h"

#include <stdbool.h>

void html_put(struct text *page, const char *markup);
void html_text(struct text *page, const char *text);
void html_bytes(struct text *page, const char *bytes, size_t length);
void html_format(struct text *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * An SVG file as gnuplot writes it, made fit to stand inside a page: without XML prolog, doctype,
 * comments, namespaces, titles and its fixed size, and with `prefix` before each id and each
 * reference to one. False where it holds what a picture of ours never does (scripts, handlers,
 * foreign objects, references out of the file) or is no SVG.
 */
bool html_svg(struct text *page, const char *svg, const char *prefix, const char *label);

#endif
