#include "sheet.h"

#include "font.h"
#include "optics/frame_png.h"
#include "picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAPER = 160,
    INK = 0,
    EDGE_PX = 6,
    GAP_PX = 6,
    LABEL_SCALE = 2,
    LABEL_PX = FONT_LINE * LABEL_SCALE + 4,
    CAPTION_PX = FONT_LINE + 2,
    STRIPE_PX = 8,
};

const char sheet_legend[] =
    "border: white = read, black = no code found, striped = misread or refused";

enum sheet_border sheet_border_of(const struct decoded *decoded, const struct token_code *code)
{
    if (decoded->status == DECODE_NO_SYMBOL)
        return BORDER_NOTHING;
    return token_code_is_read(code, decoded) ? BORDER_READ : BORDER_WRONG;
}

const char *sheet_word(const struct decoded *decoded, const struct token_code *code)
{
    if (decoded->status == DECODE_NO_SYMBOL)
        return "nothing";
    if (decoded->status != DECODE_OK)
        return decode_status_name(decoded->status);
    return token_code_is_read(code, decoded) ? "read" : "misread";
}

/* --- the layout --- */

static unsigned step_x(const struct sheet *sheet)
{
    return sheet->cell_width + 2 * EDGE_PX + GAP_PX;
}

static unsigned step_y(const struct sheet *sheet)
{
    return sheet->cell_height + 2 * EDGE_PX + GAP_PX + (sheet->captions ? CAPTION_PX : 0);
}

static unsigned widest(const char *const *labels, unsigned count)
{
    unsigned width = 0;
    for (unsigned i = 0; labels != NULL && i < count; i++) {
        unsigned one = font_width(labels[i], LABEL_SCALE);
        width = one > width ? one : width;
    }
    return width;
}

/* Smaller where the text is wider than the room, and cut where that does not do. */
static void write_line(struct frame *frame, unsigned x, unsigned y, unsigned room, unsigned scale,
                       const char *text)
{
    scale = font_width(text, scale) <= room ? scale : 1;
    char line[256];
    unsigned letters = room / (FONT_ADVANCE * scale);
    snprintf(line, sizeof line, "%.*s", (int)letters, text);
    font_draw(frame, x, y, scale, INK, line);
}

static void write_labels(struct sheet *sheet, const struct sheet_plan *plan)
{
    unsigned y = GAP_PX;
    for (int i = 0; i < 2; i++)
        if (plan->title[i] != NULL) {
            write_line(&sheet->frame, GAP_PX, y, sheet->frame.width - GAP_PX, LABEL_SCALE,
                       plan->title[i]);
            y += LABEL_PX;
        }
    for (unsigned i = 0; plan->column_labels != NULL && i < plan->columns; i++)
        write_line(&sheet->frame, sheet->left + i * step_x(sheet) + EDGE_PX, y, plan->cell_width,
                   LABEL_SCALE, plan->column_labels[i]);
    for (unsigned i = 0; plan->row_labels != NULL && i < plan->rows; i++)
        write_line(&sheet->frame, GAP_PX, sheet->top + i * step_y(sheet) + EDGE_PX,
                   sheet->left - GAP_PX, LABEL_SCALE, plan->row_labels[i]);
    y = sheet->frame.height - LABEL_PX;
    write_line(&sheet->frame, GAP_PX, y, sheet->frame.width - GAP_PX, LABEL_SCALE, sheet_legend);
    if (plan->note != NULL)
        write_line(&sheet->frame, GAP_PX, y - LABEL_PX, sheet->frame.width - GAP_PX, LABEL_SCALE,
                   plan->note);
}

bool sheet_init(struct sheet *sheet, const struct sheet_plan *plan, struct error *error)
{
    unsigned labels = widest(plan->row_labels, plan->rows);
    *sheet = (struct sheet){
        .rows = plan->rows,
        .columns = plan->columns,
        .cell_width = plan->cell_width,
        .cell_height = plan->cell_height,
        .left = GAP_PX + (labels > 0 ? labels + GAP_PX : 0),
        .top = GAP_PX + LABEL_PX * ((plan->title[0] != NULL) + (plan->title[1] != NULL) +
                                    (plan->column_labels != NULL)),
        .captions = plan->captions,
    };
    unsigned width = sheet->left + plan->columns * step_x(sheet);
    unsigned height =
        sheet->top + plan->rows * step_y(sheet) + LABEL_PX * (1 + (plan->note != NULL));
    if (width > FRAME_PNG_MAX_SIDE || height > FRAME_PNG_MAX_SIDE ||
        (uint64_t)width * height > FRAME_PNG_MAX_PIXELS)
        return error_set(error,
                         "a sheet of %u x %u pictures would be %u x %u pixels, and %d a side are "
                         "taken: use fewer values",
                         plan->columns, plan->rows, width, height, FRAME_PNG_MAX_SIDE);
    sheet->frame = picture_new(width, height, PAPER);
    write_labels(sheet, plan);
    return true;
}

void sheet_fini(struct sheet *sheet)
{
    free(sheet->frame.pixels);
    *sheet = (struct sheet){0};
}

/* --- a picture --- */

static void draw_border(struct sheet *sheet, unsigned left, unsigned top, enum sheet_border border)
{
    unsigned width = sheet->cell_width + 2 * EDGE_PX;
    unsigned height = sheet->cell_height + 2 * EDGE_PX;
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++) {
            bool white =
                border == BORDER_READ || (border == BORDER_WRONG && (x + y) / STRIPE_PX % 2 == 0);
            sheet->frame.pixels[(size_t)(top + y) * sheet->frame.stride + left + x] =
                border == BORDER_NONE ? PAPER
                : white               ? 255
                                      : 0;
        }
}

void sheet_put(struct sheet *sheet, unsigned row, unsigned column, const struct frame *picture,
               enum sheet_border border)
{
    CHECK(row < sheet->rows && column < sheet->columns);
    unsigned left = sheet->left + column * step_x(sheet);
    unsigned top = sheet->top + row * step_y(sheet);
    double scale = fmin(1.0, fmin((double)sheet->cell_width / picture->width,
                                  (double)sheet->cell_height / picture->height));
    unsigned width = (unsigned)fmax(1.0, floor(picture->width * scale + 1e-9));
    unsigned height = (unsigned)fmax(1.0, floor(picture->height * scale + 1e-9));
    unsigned x = left + EDGE_PX + (sheet->cell_width - width) / 2;
    unsigned y = top + EDGE_PX + (sheet->cell_height - height) / 2;
    struct frame cell = {width, height, sheet->frame.stride,
                         sheet->frame.pixels + (size_t)y * sheet->frame.stride + x};
    draw_border(sheet, left, top, border);
    picture_shrink(picture, &cell);
}

void sheet_caption(struct sheet *sheet, unsigned row, unsigned column, const char *caption)
{
    CHECK(row < sheet->rows && column < sheet->columns && sheet->captions);
    unsigned left = sheet->left + column * step_x(sheet);
    unsigned top = sheet->top + row * step_y(sheet) + sheet->cell_height + 2 * EDGE_PX;
    write_line(&sheet->frame, left, top + 2, sheet->cell_width + 2 * EDGE_PX, 1, caption);
}
