/*
 * A batch: frames, and what they say. What decoders are measured on.
 */
#ifndef CASHPOINT_BATCH_H
#define CASHPOINT_BATCH_H

#include "bench/measure.h"
#include "bench/symbols.h"
#include "optics/frame.h"

#include <stddef.h>

struct batch {
    enum symbol symbol;
    size_t count;
    struct frame *frames;
    struct answer *truths; /* empty where there is nothing to be read */
};

/* Black frames without gaps between rows, and empty truths. */
void batch_init(struct batch *batch, enum symbol symbol, size_t count, unsigned width,
                unsigned height);
void batch_fini(struct batch *batch);

struct frame batch_frame_new(unsigned width, unsigned height);

#endif
