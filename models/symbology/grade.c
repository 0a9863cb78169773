#include "symbology/grade.h"

#include "engine/error.h"

#include <math.h>
#include <stdbool.h>

void grade_add(struct grade *grade, const char *name, float value, float parameter_grade)
{
    CHECK(grade->count < GRADE_PARAMETERS);
    grade->overall = grade->count == 0 ? parameter_grade : fminf(grade->overall, parameter_grade);
    grade->parameters[grade->count++] = (struct grade_parameter){name, value, parameter_grade};
}

char grade_letter(float grade)
{
    /* ISO/IEC 15416, table of symbol grades: A from 3.5, B from 2.5, C from 1.5, D from 0.5. */
    return grade >= 3.5f   ? 'A'
           : grade >= 2.5f ? 'B'
           : grade >= 1.5f ? 'C'
           : grade >= 0.5f ? 'D'
                           : 'F';
}

float grade_between(float value, const float thresholds[4])
{
    bool high_is_good = thresholds[0] >= thresholds[3];
    for (int i = 0; i < 4; i++)
        if (high_is_good ? value >= thresholds[i] : value <= thresholds[i])
            return (float)(4 - i);
    return 0;
}
