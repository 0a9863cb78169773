/*
 * A sweep as tables for people: a block for each metric that responds, a line a design point, a
 * column a scheme.
 */
#ifndef CASHPOINT_SWEEP_TABLE_H
#define CASHPOINT_SWEEP_TABLE_H

#include <stdio.h>

/* From the records in `directory`; says on stderr where they cannot be read. */
void sweep_table_print(FILE *out, const char *directory);

#endif
