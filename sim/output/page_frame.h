/*
 * What all pages of reports have in common: head and style, sections, figures, the scenario and the
 * manifest at the end.
 */
#ifndef CASHPOINT_PAGE_FRAME_H
#define CASHPOINT_PAGE_FRAME_H

#include "output/plot_file.h"

/* Up to and with the opening of <main>. */
void page_head(struct text *page, const char *title);
void page_foot(struct text *page);

/* Opens a section; the caller closes it. */
void page_section(struct text *page, const char *id, const char *title);

/* Nothing where `fingerprint` has no bytes. */
void page_fingerprint(struct text *page, const struct file_bytes *fingerprint);

/* A plot with its caption (markup of ours), or a word on why it is not there. */
bool page_figure(struct text *page, const struct plot *plot, const char *caption,
                 struct error *error);

/* The sections "scenario" and "manifest": both files, whole. */
void page_texts(struct text *page, const struct file_bytes *scenario,
                const struct file_bytes *manifest);

#endif
