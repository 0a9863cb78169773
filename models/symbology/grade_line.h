/*
 * The grade of one line across a barcode, after ISO/IEC 15416 (grade.h).
 */
#ifndef CASHPOINT_GRADE_LINE_H
#define CASHPOINT_GRADE_LINE_H

#include "symbology/edges.h"
#include "symbology/grade.h"

/* Modules: an edge this far off would be read as another. */
#define GRADE_LINE_UNDECODABLE 0.5f

/* `values` are grey levels, 0 to 255, taken for reflectance 0 to 1; the symbol lies from sample
 * `first` to `last`; `off` is how far its worst edge lies off, in modules. */
void grade_line(const float *values, unsigned count, const struct edges *edges, float first,
                float last, float off, struct grade *grade);

#endif
