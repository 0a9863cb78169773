#include "bench/batch.h"

#include <stdlib.h>

struct frame batch_frame_new(unsigned width, unsigned height)
{
    struct frame frame = {width, height, width, calloc(width, height)};
    CHECK(frame.pixels != NULL);
    return frame;
}

void batch_init(struct batch *batch, enum symbol symbol, size_t count, unsigned width,
                unsigned height)
{
    batch->symbol = symbol;
    batch->count = count;
    batch->frames = calloc(count, sizeof *batch->frames);
    batch->truths = calloc(count, sizeof *batch->truths);
    CHECK(batch->frames != NULL && batch->truths != NULL);
    for (size_t i = 0; i < count; i++)
        batch->frames[i] = batch_frame_new(width, height);
}

void batch_fini(struct batch *batch)
{
    for (size_t i = 0; batch->frames != NULL && i < batch->count; i++)
        free(batch->frames[i].pixels);
    free(batch->frames);
    free(batch->truths);
    *batch = (struct batch){0};
}
