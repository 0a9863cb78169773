/*
 * The report: plots and one HTML file, made from the records of a run and nothing else.
 *
 * `cashpoint run` writes its records and then calls this; `cashpoint report DIR` calls it again on
 * anyone's copy of them. So a figure in the report is always a figure in a file beside it. The
 * formats of the files are in output/records.h.
 */
#ifndef CASHPOINT_REPORT_H
#define CASHPOINT_REPORT_H

#include "engine/error.h"

enum report_outcome {
    REPORT_DONE,
    REPORT_NO_GNUPLOT, /* the data, .gp and .csv files and the HTML are written, without pictures */
    REPORT_FAILED,
};

/* `directory`: that of the run. Writes plots/NAME.csv, NAME.gp, NAME.svg and report.html. */
enum report_outcome report_make(const char *directory, struct error *error);

#endif
