#include "bench/peers/zxing_whole.h"

#include "bench/batch.h"
#include "bench/peers/zxing_read.h"

#include <stddef.h>

static const enum zxing_format formats[SYMBOL_COUNT] = {[SYMBOL_CODE128] = ZXING_CODE128,
                                                        [SYMBOL_ITF] = ZXING_ITF,
                                                        [SYMBOL_QR] = ZXING_QR,
                                                        [SYMBOL_DATA_MATRIX] = ZXING_DATA_MATRIX};

static void *open_nothing(const void *work)
{
    (void)work;
    return NULL;
}

static void close_nothing(void *scratch)
{
    (void)scratch;
}

static void read_frame(const struct batch *batch, size_t item, int harder, struct answer *answer)
{
    const struct frame *frame = &batch->frames[item];
    char bytes[PAYLOAD_MAX_BYTES];
    CHECK(frame->stride == frame->width);
    size_t length = zxing_read(frame->pixels, (int)frame->width, (int)frame->height,
                               formats[batch->symbol], harder, bytes, sizeof bytes);
    answer_set(answer, bytes, length);
}

static void run_harder(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)scratch;
    read_frame(work, item, 1, answer);
}

static void run_fast(void *scratch, const void *work, size_t item, struct answer *answer)
{
    (void)scratch;
    read_frame(work, item, 0, answer);
}

const struct subject subject_zxing = {.name = "zxing",
                                      .open = open_nothing,
                                      .close = close_nothing,
                                      .run = run_harder,
                                      .answers = true,
                                      .peer = true};

const struct subject subject_zxing_fast = {.name = "zxing-fast",
                                           .open = open_nothing,
                                           .close = close_nothing,
                                           .run = run_fast,
                                           .answers = true,
                                           .peer = true};
