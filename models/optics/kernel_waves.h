/*
 * What a disc and a line let pass, frequency by frequency, and its sum over frequencies: the ideal
 * weight of every pixel. Private to kernel.c.
 *
 * The frequencies are those of a grid, `waves` a side, within CIRCLE. The ideal weights are the
 * responses' sum over it, and the normal equations are made of the weights that it has for a
 * response of 1 everywhere.
 */
#ifndef CASHPOINT_OPTICS_KERNEL_WAVES_H
#define CASHPOINT_OPTICS_KERNEL_WAVES_H

#include "optics/camera_private.h"

#define CIRCLE 0.47 /* cycles a pixel */

enum { WAVES = KERNEL_WAVES, FEW_WAVES = WAVES / 2 };

/* What the kernel is fitted to. */
struct shape {
    double disc_px, line_px, along_x, along_y;
    int waves, radius; /* radius: of the pixels that may be taken */
};

/* Into work->responses; returns their mean square over all frequencies. */
double kernel_waves_fill(struct kernel_work *work, const struct shape *shape);

/* The responses' sums: at[y][radius + x] for y >= 0; those of a point and of its mirror are equal.
 */
void kernel_waves_sum(const struct kernel_work *work, int waves, int radius,
                      struct kernel_table *table);

#endif
