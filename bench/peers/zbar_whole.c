#include "bench/peers/zbar_whole.h"

#include "bench/batch.h"

#include <stdio.h>
#include <zbar.h>

static const struct {
    zbar_symbol_type_t type;
    int x_density; /* 0: no columns */
} symbols[SYMBOL_COUNT] = {[SYMBOL_CODE128] = {ZBAR_CODE128, 0},
                           [SYMBOL_ITF] = {ZBAR_I25, 0},
                           [SYMBOL_QR] = {ZBAR_QRCODE, 1}};

static void *open_scanner(const void *work)
{
    const struct batch *batch = work;
    zbar_symbol_type_t type = symbols[batch->symbol].type;
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    CHECK(scanner != NULL);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, type, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY,
                                  symbols[batch->symbol].x_density);
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, 1);
    if (type == ZBAR_QRCODE) /* bytes as they are, without guessing their character set */
        zbar_image_scanner_set_config(scanner, type, ZBAR_CFG_BINARY, 1);
    zbar_image_scanner_enable_cache(scanner, 0);
    return scanner;
}

static void close_scanner(void *scratch)
{
    zbar_image_scanner_destroy(scratch);
}

static void take_answer(const zbar_image_t *image, struct answer *answer)
{
    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    if (symbol != NULL)
        answer_set(answer, zbar_symbol_get_data(symbol), zbar_symbol_get_data_length(symbol));
}

static void run_scanner(void *scratch, const void *work, size_t item, struct answer *answer)
{
    const struct frame *frame = &((const struct batch *)work)->frames[item];
    zbar_image_t *image = zbar_image_create();
    CHECK(image != NULL && frame->stride == frame->width);
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, frame->width, frame->height);
    zbar_image_set_data(image, frame->pixels, (unsigned long)frame->width * frame->height, NULL);
    if (zbar_scan_image(scratch, image) > 0)
        take_answer(image, answer);
    zbar_image_destroy(image);
}

const struct subject subject_zbar_whole = {.name = "zbar",
                                           .open = open_scanner,
                                           .close = close_scanner,
                                           .run = run_scanner,
                                           .answers = true,
                                           .peer = true};

void zbar_whole_version(char *text, size_t bytes)
{
    unsigned major, minor, patch;
    zbar_version(&major, &minor, &patch);
    snprintf(text, bytes, "%u.%u.%u", major, minor, patch);
}
