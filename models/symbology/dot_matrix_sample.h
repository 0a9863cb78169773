/*
 * The cells of a dot matrix as grey values, taken from a frame through a view.
 *
 * A display pixel that is several camera pixels wide is worth the mean of all of them: the frame,
 * where the symbol lies, is first averaged over squares of about that width, so that one value
 * between pixels is such a mean. A cell is the mean of its display pixels.
 */
#ifndef CASHPOINT_DOT_MATRIX_SAMPLE_H
#define CASHPOINT_DOT_MATRIX_SAMPLE_H

#include "symbology/dot_matrix_layout.h"
#include "symbology/dot_matrix_view.h"

struct dot_matrix_sampler;
struct dot_matrix_sampler *dot_matrix_sampler_new(void);
void dot_matrix_sampler_free(struct dot_matrix_sampler *sampler);

/* What it will cost, counted: a pixel averaged, and a display pixel looked at. */
#define DOT_MATRIX_AVERAGE_NS 0.3
#define DOT_MATRIX_LOOK_NS 4.0

/* Camera pixels a display pixel, by the quad's area and that of its rectangle. */
float dot_matrix_pixel_px(const struct quad *quad, float width, float height);

/* Pixels of the frame that dot_matrix_sampler_look_at() averages. */
double dot_matrix_sampler_area(const struct frame *frame, const struct quad *quad);

/* Chooses a frame (which has to stand) and where in it: what is beyond the quad by more than a
 * twentieth is not seen rightly. `pixel_px`: of a display pixel. */
void dot_matrix_sampler_look_at(struct dot_matrix_sampler *sampler, const struct frame *frame,
                                const struct quad *quad, float pixel_px);

/* The grey values, 0 to 255, of all cells. */
void dot_matrix_sample(const struct dot_matrix_sampler *sampler,
                       const struct dot_matrix_layout *layout, const struct dot_matrix_view *view,
                       float *greys);

/* The mean grey value of the quiet zone, as far as it lies two to three display pixels outside of
 * the frame. */
float dot_matrix_quiet_grey(const struct dot_matrix_sampler *sampler,
                            const struct dot_matrix_layout *layout,
                            const struct dot_matrix_view *view);

/* How well the timing row and column agree with what they should be: 1 perfectly, about 0 where
 * there are none, -1 where all is the other way round. */
float dot_matrix_timing(const struct dot_matrix_sampler *sampler,
                        const struct dot_matrix_layout *layout, const struct dot_matrix_view *view);

#endif
