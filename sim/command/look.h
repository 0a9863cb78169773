/*
 * One capture, looked at stage by stage: the picture of each, what the decoder makes of it, and at
 * which one the code is lost.
 */
#ifndef CASHPOINT_LOOK_H
#define CASHPOINT_LOOK_H

#include "pipeline.h"

#include <stdio.h>

/* What a decoder makes of each stage: the views of the irradiance, then the frame itself. */
enum { LOOK_FRAME = VIEW_COUNT, LOOK_STAGES };

struct look_stage {
    const char *name;  /* "frame", as the head of a column */
    const char *file;  /* "frame.png" */
    const char *words; /* "as the camera delivers it, with noise" */
};
extern const struct look_stage look_stages[LOOK_STAGES];

struct look {
    struct shot shot;
    struct code_image image;
    struct frame code, frames[LOOK_STAGES]; /* owned; the code as on the display */
    struct decoded read[LOOK_STAGES];
    double seen; /* share of the code image that falls into the frame */
};

/* Makes the shot (its inputs) again, with all pictures. */
void look_init(struct look *look, const struct shot *shot);
void look_fini(struct look *look);

/* Was the code read at this stage as it was shown? */
bool look_was_read(const struct look *look, int stage);

/* What the code is, and how much of it is in the frame: a line. */
void look_print_code(FILE *out, const struct look *look);

/* A line for the code, and one for each stage: its file, what it is, what was read. */
void look_print_stages(FILE *out, const struct look *look);

/* "read as it was shown", or the first stage at which the code is lost, and why. */
void look_print_why(FILE *out, const struct look *look);

/* Writes code.png and the stages' files into a directory, which is made where it is missing. */
bool look_write(const struct look *look, const char *directory, struct error *error);

#endif
