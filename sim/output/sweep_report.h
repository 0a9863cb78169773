/*
 * The report of a sweep: a plot for each metric that responds, and one page.
 */
#ifndef CASHPOINT_SWEEP_REPORT_H
#define CASHPOINT_SWEEP_REPORT_H

#include "output/report.h"
#include "output/sweep_data.h"

/* `run`: the folder of a sweep (sweep_data_is_there()). Writes plots/ and report.html. */
enum report_outcome sweep_report_make(const struct folder *run, struct error *error);

#endif
