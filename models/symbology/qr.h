/*
 * Reading a QR Code: find three finders, lay a grid through them, average each module, and give
 * ZBar the clean symbol to correct and read.
 *
 * Most frames hold no symbol or one: both are settled at the scale where the frame has the pixels
 * of VGA; coarser and finer ones follow, and symbols that are light on dark. What one frame shows
 * too noisily is added up over the frames of a presentation, module by module.
 *
 * Failing may cost about ten times what reading a clean frame does: so three finders must have
 * timing patterns between them before a grid is sampled, and a grid must look like a symbol before
 * it is settled and read. A symbol in a mirror shows in its format information, and costs nothing.
 */
#ifndef CASHPOINT_QR_H
#define CASHPOINT_QR_H

#include "symbology/budget.h"
#include "symbology/symbology.h"

/* Scratch of one decoder, and what the frames of this presentation told. */
struct qr;
struct qr *qr_new(void);
void qr_free(struct qr *qr);

/* A new presentation. */
void qr_forget(struct qr *qr);

/* Reads one frame; `decoded` comes filled with no symbol. */
void qr_read(struct qr *qr, const struct frame *frame, const struct decode_rules *rules,
             struct budget *budget, struct decoded *decoded);

/* The whole string that was read last. */
const char *qr_bytes(const struct qr *qr);

#endif
