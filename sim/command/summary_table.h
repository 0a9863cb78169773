/*
 * The summary as a table for people: both schemes side by side, with intervals.
 */
#ifndef CASHPOINT_SUMMARY_TABLE_H
#define CASHPOINT_SUMMARY_TABLE_H

#include "experiment/summary.h"

#include <stdio.h>

void summary_table_print(FILE *out, const struct summary *summary,
                         const struct experiment *experiment);

#endif
