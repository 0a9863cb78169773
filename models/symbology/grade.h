/*
 * A grade of print quality, after ISO/IEC 15416 (linear) and ISO/IEC 15415 (matrix).
 *
 * The standards measure printed symbols with a calibrated instrument; here their parameters are
 * taken from one frame of a camera, uncalibrated, so that grades compare designs. No conformance is
 * claimed. A parameter is graded 4 (A) to 0 (F); the symbol has the grade of its worst parameter.
 */
#ifndef CASHPOINT_GRADE_H
#define CASHPOINT_GRADE_H

enum { GRADE_PARAMETERS = 8 };

struct grade {
    unsigned count; /* 0: not graded */
    struct grade_parameter {
        const char *name;   /* as the standard calls it, static: "symbol contrast" */
        float value, grade; /* as the standard defines it; 4 to 0 */
    } parameters[GRADE_PARAMETERS];
    float overall;
};

void grade_add(struct grade *grade, const char *name, float value, float parameter_grade);

/* A, B, C, D or F. */
char grade_letter(float grade);

/* The grade of a value between thresholds for 4, 3, 2 and 1, high values being good (or, where the
 * thresholds rise from the first to the last, low ones). */
float grade_between(float value, const float thresholds[4]);

#endif
