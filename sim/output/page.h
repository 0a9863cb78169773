/*
 * report.html: one file that shows everything of a run, without a script and without the network.
 *
 * The pieces are written in the order in which a reader wants them: the figures that decide, the
 * plots that explain them, then all the rest. Each figure says from what and how it was made.
 */
#ifndef CASHPOINT_PAGE_H
#define CASHPOINT_PAGE_H

#include "output/plots.h"
#include "output/report_data.h"
#include "output/text.h"

bool page_write(struct text *page, const struct report_data *data, const struct plots *plots,
                const struct folder *run, struct error *error);

/* Pieces of the page, each in its own file. */
void page_headline(struct text *page, const struct report_data *data);
void page_security_words(struct text *page, const struct report_data *data);
void page_outcome_table(struct text *page, const struct report_data *data);
void page_stage_table(struct text *page, const struct report_data *data);
/* Words of steady.csv as sentences, or that there are none. */
void page_doubts(struct text *page, const char *words);
void page_steady_table(struct text *page, const struct report_data *data);
void page_metric_table(struct text *page, const struct report_data *data);
bool page_gallery(struct text *page, const struct report_data *data, const struct folder *run,
                  struct error *error);

#endif
