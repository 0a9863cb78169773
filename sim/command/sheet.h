/*
 * A contact sheet: pictures in rows and columns, each in a border that says what the decoder made
 * of it, with labels at both axes, a caption below each, and the legend at the foot.
 *
 * The border is white where the code was read as it was shown, black where none was found, striped
 * where another string was read or the frame was refused (two strings, a foreign one): the verdict
 * that matters most to a bank must not look like either of the others. A picture of no verdict (the
 * code itself) has none.
 */
#ifndef CASHPOINT_SHEET_H
#define CASHPOINT_SHEET_H

#include "engine/error.h"
#include "optics/frame.h"
#include "token/token.h"

enum sheet_border { BORDER_READ, BORDER_NOTHING, BORDER_WRONG, BORDER_NONE };

enum sheet_border sheet_border_of(const struct decoded *decoded, const struct token_code *code);

/* One word for captions and tables: "read", "nothing", "misread", or the decoder's status. */
const char *sheet_word(const struct decoded *decoded, const struct token_code *code);

/* What the borders mean, in one line. */
extern const char sheet_legend[];

struct sheet {
    struct frame frame; /* owned */
    unsigned rows, columns, cell_width, cell_height;
    unsigned left, top; /* of the first border */
    bool captions;
};

struct sheet_plan {
    unsigned rows, columns;
    unsigned cell_width, cell_height; /* pixels of a picture */
    const char *title[2];             /* lines at the top; null: none */
    const char *const *row_labels;    /* null: none */
    const char *const *column_labels; /* null: none */
    const char *note;                 /* above the legend; null: none */
    bool captions;                    /* a line below each picture */
};

/* False where it would be larger than a PNG that this program reads (optics/frame_png.h). */
bool sheet_init(struct sheet *sheet, const struct sheet_plan *plan, struct error *error);
void sheet_fini(struct sheet *sheet);

/* Puts a picture into its cell: scaled by area averaging to fit, if it is larger. */
void sheet_put(struct sheet *sheet, unsigned row, unsigned column, const struct frame *picture,
               enum sheet_border border);

/* The line below a picture. */
void sheet_caption(struct sheet *sheet, unsigned row, unsigned column, const char *caption);

#endif
