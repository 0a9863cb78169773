/*
 * Payloads, and the code images that show them.
 */
#ifndef CASHPOINT_DRAWING_H
#define CASHPOINT_DRAWING_H

#include "bench/measure.h"
#include "bench/symbols.h"
#include "engine/random.h"
#include "symbology/code_image.h"

/* Draws lots for a payload, and draws it; its margin is bright and may run onto the bezel. */
void drawing_make(enum symbol symbol, enum payload payload, struct stream *stream,
                  struct code_image *image, struct answer *truth);

#endif
