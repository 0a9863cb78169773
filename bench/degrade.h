/*
 * Frames of a cell: a code image through a pinhole, then blur, contrast, light and noise, each with
 * one number (cells.h). The same cell and index give the same frame on every machine and thread.
 */
#ifndef CASHPOINT_DEGRADE_H
#define CASHPOINT_DEGRADE_H

#include "bench/batch.h"
#include "bench/cells.h"

/* Scratch of one thread, for frames of one size. */
struct degrader;
struct degrader *degrader_new(enum frame_size size);
void degrader_free(struct degrader *degrader);

/* Makes frame `index` of the cell, whose size must be the degrader's, and what it says. */
void degrader_make(struct degrader *degrader, const struct cell *cell, uint64_t index,
                   struct frame *frame, struct answer *truth);

/* Makes the frames `first` to `first` + batch->count - 1, on `jobs` threads; batch_fini frees. */
void degrade_batch(struct batch *batch, const struct cell *cell, uint64_t first, size_t count,
                   int jobs);

/* Runs `work` on `jobs` threads, one of them the caller's, until all have returned. */
void on_all_cores(void *(*work)(void *argument), void *argument, int jobs);

#endif
