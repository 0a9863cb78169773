/*
 * The records of the metrics in the steady state: steady.csv and warmup.csv (output/records.h).
 */
#ifndef CASHPOINT_RECORDS_STEADY_H
#define CASHPOINT_RECORDS_STEADY_H

#include "experiment/summary.h"
#include "output/text.h"

/* The header and the rows of steady.csv; `prefix` opens each row. */
void records_steady_header(struct text *text);
void records_steady_rows(struct text *text, const char *prefix, const struct summary *summary,
                         const struct model_tables *tables);
void records_warmup_csv(struct text *text, const struct summary *summary,
                        const struct model_tables *tables);

#endif
