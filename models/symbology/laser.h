/*
 * Reading a laser barcode: a cascade over the frame, the cheapest step first.
 *
 * Most frames hold a symbol that lies about level and is many rows high: means of 16 rows read it.
 * What that does not read is turned, smoothed and at last looked at everywhere. A line alone may
 * err, so strings are believed when enough lines agree, in this frame or those before it.
 */
#ifndef CASHPOINT_LASER_H
#define CASHPOINT_LASER_H

#include "symbology/budget.h"
#include "symbology/symbology.h"

/* Scratch of one decoder, and what the frames of this presentation told. */
struct laser;
struct laser *laser_new(void);
void laser_free(struct laser *laser);

/* A new presentation. */
void laser_forget(struct laser *laser);

/* Reads one frame; `decoded` comes filled with no symbol. */
void laser_read(struct laser *laser, const struct frame *frame, const struct decode_rules *rules,
                struct budget *budget, struct decoded *decoded);

#endif
