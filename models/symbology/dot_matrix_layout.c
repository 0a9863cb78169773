#include "symbology/dot_matrix_layout.h"

#include <string.h>

/* From the edge of the quiet zone to the timing. */
enum { BORDER = DOT_MATRIX_FRAME + DOT_MATRIX_GAP };

enum { MIN_COLUMNS = 8, MIN_ROWS = 8, SHORT_HEADER_CELLS = 64 };

static unsigned common_factor(unsigned a, unsigned b)
{
    while (b != 0) {
        unsigned rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static unsigned stride_of(unsigned cells)
{
    unsigned stride = (unsigned)(0.618 * cells);
    while (common_factor(cells, stride) != 1)
        stride++;
    return stride;
}

static bool check_format(const struct matrix_format *format, unsigned width, unsigned height,
                         struct error *error)
{
    if (width > CODE_IMAGE_MAX_WIDTH || height > CODE_IMAGE_MAX_HEIGHT)
        return error_set(error, "a display of %u x %u pixels is larger than the largest, %d x %d",
                         width, height, CODE_IMAGE_MAX_WIDTH, CODE_IMAGE_MAX_HEIGHT);
    if (format->block_width > MATRIX_MAX_BLOCK || format->block_height > MATRIX_MAX_BLOCK)
        return error_set(error, "blocks of %u x %u pixels are not drawn: at most %d each way",
                         format->block_width, format->block_height, MATRIX_MAX_BLOCK);
    return true;
}

bool dot_matrix_lay_out(const struct matrix_format *format, unsigned width, unsigned height,
                        struct dot_matrix_layout *layout, struct error *error)
{
    if (!check_format(format, width, height, error))
        return false;
    unsigned block_width = format->block_width > 0 ? format->block_width : 1;
    unsigned block_height = format->block_height > 0 ? format->block_height : 2;
    unsigned quiet = format->plain ? 0 : format->quiet;
    unsigned margin = format->plain ? 0 : quiet + BORDER;
    unsigned timing = format->plain ? 0 : DOT_MATRIX_TIMING;
    unsigned around = 2 * margin + timing;
    *layout = (struct dot_matrix_layout){.width = width,
                                         .height = height,
                                         .block_width = block_width,
                                         .block_height = block_height,
                                         .quiet = quiet,
                                         .plain = format->plain,
                                         .left = margin + timing,
                                         .top = margin + timing};
    layout->columns = width > around ? (width - around) / block_width : 0;
    layout->rows = height > around ? (height - around) / block_height : 0;
    layout->cells = layout->columns * layout->rows;
    if (layout->columns < MIN_COLUMNS || layout->rows < MIN_ROWS)
        return error_set(error,
                         "a display of %u x %u pixels has room for %u x %u blocks of %u x %u: a "
                         "dot matrix needs %d x %d; use smaller blocks or a larger display",
                         width, height, layout->columns, layout->rows, block_width, block_height,
                         MIN_COLUMNS, MIN_ROWS);
    layout->stride = format->plain ? 1 : stride_of(layout->cells);
    return true;
}

bool dot_matrix_fixed_dark(const struct dot_matrix_layout *layout, unsigned x, unsigned y)
{
    unsigned quiet = layout->quiet, frame = quiet + DOT_MATRIX_FRAME, inner = quiet + BORDER;
    unsigned right = layout->width - 1 - x, bottom = layout->height - 1 - y;
    if (layout->plain || x < quiet || y < quiet || right < quiet || bottom < quiet)
        return false;
    if (x < frame || y < frame || right < frame || bottom < frame)
        return true;
    if (x < inner || y < inner || right < inner || bottom < inner)
        return false;
    unsigned along = y < layout->top ? x - inner : y - inner;
    return (x < layout->left || y < layout->top) &&
           along % DOT_MATRIX_PERIOD < DOT_MATRIX_PERIOD / 2;
}

void dot_matrix_mask(const struct dot_matrix_layout *layout, uint8_t *mask)
{
    uint16_t reg = 0xace1;
    if (layout->plain) {
        memset(mask, 0, layout->cells);
        return;
    }
    for (unsigned cell = 0; cell < layout->cells; cell++) {
        mask[cell] = reg & 1;
        reg = (uint16_t)(reg >> 1 ^ (0xb400 & -(reg & 1)));
    }
}
