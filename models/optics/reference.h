/*
 * Stages of the camera again, as plainly as they can be written: one pixel at a time, in double,
 * without running sums, vectors or tables. Slow; the oracle of tests and benches.
 */
#ifndef CASHPOINT_REFERENCE_H
#define CASHPOINT_REFERENCE_H

#include "optics/camera_private.h"

/* As blur_apply from one canvas into another, but as a convolution with the kernel's own pixels. */
void reference_blur(const struct blur *blur, const struct canvas *from, const struct canvas *to);

/* As kernel_apply. */
void reference_kernel(const struct kernel *kernel, const struct canvas *from,
                      const struct canvas *to);

/* As exposure_shade_row. */
void reference_shade_row(const struct camera *camera, unsigned y, double gain, float *irradiance);

/* As sensor_expose_row with fast noise, but gives the grey values of the row before they are
 * rounded. */
void reference_expose_row(const struct conditions *conditions, struct stream_key key, unsigned y,
                          const struct sensor_tables *tables, const float *irradiance,
                          double *values);

#endif
