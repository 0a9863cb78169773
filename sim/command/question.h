/* What a sweep is asked (report.needed) must be answered by what it varies. */
#ifndef CASHPOINT_QUESTION_H
#define CASHPOINT_QUESTION_H

#include "experiment/scenario.h"

/* False where it is not, said on stderr. */
bool question_fits(const struct scenario *scenario);

#endif
