#include "bench/drawing.h"

#include "bench/peers/data_matrix.h"
#include "symbology/code128.h"
#include "symbology/itf.h"

enum { BARS_HIGH = 40, QUIET_DOTS = 6, DISPLAY_WIDTH = 128, DISPLAY_HEIGHT = 64 };

/* Interleaved 2 of 5 of 18 digits would be wider than a frame. */
static void draw_lots(enum symbol symbol, enum payload payload, struct stream *stream,
                      struct answer *truth)
{
    unsigned length = payload == PAYLOAD_SIGNED ? 132 : 12;
    if (payload == PAYLOAD_DIGITS)
        length += 2 * stream_below(stream, symbol == SYMBOL_ITF ? 3 : 5);
    char bytes[PAYLOAD_MAX_BYTES];
    for (unsigned i = 0; i < length; i++)
        bytes[i] = (char)(payload == PAYLOAD_SIGNED ? stream_below(stream, 256)
                                                    : '0' + stream_below(stream, 10));
    answer_set(truth, bytes, length);
}

static void draw_ours(enum symbology symbology, const struct answer *truth, unsigned width,
                      unsigned height, struct code_image *image)
{
    struct code_format format = {.symbology = symbology, .qr_level = QR_LEVEL_M};
    CHECK(symbology_draw(&format, truth->text, truth->length, width, height, image, NULL));
}

static void draw_bars(enum symbology symbology, unsigned modules, const struct answer *truth,
                      struct code_image *image)
{
    draw_ours(symbology, truth, modules + 2 * QUIET_DOTS, BARS_HIGH + 4, image);
}

void drawing_make(enum symbol symbol, enum payload payload, struct stream *stream,
                  struct code_image *image, struct answer *truth)
{
    draw_lots(symbol, payload, stream, truth);
    switch (symbol) {
    case SYMBOL_ITF:
        draw_bars(SYMBOLOGY_ITF, itf_module_count(truth->length), truth, image);
        break;
    case SYMBOL_DOT_MATRIX:
        draw_ours(SYMBOLOGY_DOT_MATRIX, truth, DISPLAY_WIDTH, DISPLAY_HEIGHT, image);
        break;
    case SYMBOL_QR:
        draw_ours(SYMBOLOGY_QR, truth, DISPLAY_WIDTH, DISPLAY_HEIGHT, image);
        break;
    case SYMBOL_DATA_MATRIX:
        data_matrix_draw(truth->text, truth->length, DISPLAY_WIDTH, DISPLAY_HEIGHT, image);
        break;
    default:
        draw_bars(SYMBOLOGY_CODE128, code128_module_count(truth->length), truth, image);
    }
}
