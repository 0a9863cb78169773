/*
 * The grid of `bench decode`: which frames the decoders are tried on, with exact numbers.
 *
 * A cell is one kind of degradation at one strength; its name is a path, SYMBOL/SIZE/ROW/VALUE, as
 * in code128/vga/noise/40, or, of a matrix, SYMBOL/PAYLOAD/ROW/VALUE, all of them VGA. All that a
 * cell does not name is as usual: of barcodes 3.5 px a module (1.75 at QVGA), gaussian blur of 0.5
 * px, gaussian noise of 2 grey levels, full contrast, even light, no perspective. Every frame has
 * its own payload, its own place (up to 16 px from the middle at VGA, across and down) and its own
 * roll of up to 1 degree.
 *
 *     barcodes     12, 14, 16, 18 or 20 digits (Interleaved 2 of 5: 12, 14 or 16), bars 40 modules
 *                  high, 12 modules of bright bezel on every side; beyond it a quarter of the
 *                  bright luminance
 *     matrices     132 bytes of any kind (signed) or 12 digits (code) on a display of 128 x 64,
 *                  as large as they fit: the dot matrix fills it; of 132 bytes a module of QR Code
 *                  (level M) or Data Matrix is one display pixel, of 12 digits 3 and 4; module_px
 *                  is of a display pixel; usual are 3 px, noise 10 and blur 0.7
 *     geometry     the camera model's pinhole and area sampling, with a focal length of 1.25 frame
 *                  widths; module_px is the size in the symbol's middle before it is tilted
 *     rotation     roll by that angle, either way
 *     perspective  mild: yaw 15 and pitch 10 degrees, either way; strong: 35 and 20
 *     blur         gaussian, standard deviation in pixels, after sampling
 *     contrast c   grey = 128 + 100 c (2 luminance - 1), luminance being 0 to 1: full contrast
 *                  runs from 28 to 228
 *     light        gradient: grey times 1 falling to 0.5 across the frame, in any direction;
 *                  vignetting: grey times (1 + r^2)^-2, r = 1 in the corners; glare: a gaussian
 *                  spot of 150 grey levels, sd 0.08 of the width, near the symbol's middle
 *     noise        gaussian, standard deviation in grey levels, before rounding to 0 .. 255
 *     mix          mild: noise 6, blur 0.8, rotation 4, contrast 0.6, gradient; medium: noise 10,
 *                  blur 1.2, rotation 8, mild perspective, contrast 0.5, gradient; hard: noise 20,
 *                  blur 1.6, rotation 15, strong perspective, contrast 0.35, gradient
 *     empty        the display is blank, the noise as said; right is to read nothing
 *     camera       the whole camera model, see shots.h
 */
#ifndef CASHPOINT_CELLS_H
#define CASHPOINT_CELLS_H

#include "bench/shots.h"

#include <stdbool.h>
#include <stddef.h>

enum frame_size { SIZE_VGA, SIZE_720P, SIZE_QVGA, SIZE_COUNT };
enum perspective { PERSPECTIVE_NONE, PERSPECTIVE_MILD, PERSPECTIVE_STRONG };
enum light { LIGHT_EVEN, LIGHT_GRADIENT, LIGHT_VIGNETTING, LIGHT_GLARE };

/* 0: as usual. */
struct degradation {
    double module_px, noise, blur_px, rotation_deg, contrast;
    enum perspective perspective;
    enum light light;
    bool blank;
};

struct cell {
    enum symbol symbol;
    enum payload payload;
    enum frame_size size;
    const char *row, *value; /* value: null where the row has one cell */
    struct degradation degradation;
    bool hard;   /* enough to err in: a cell of the misread survey */
    bool camera; /* the camera model's own frames, of `kind`, instead of all that */
    enum shot_kind kind;
};

extern const struct cell cells[];
extern const size_t cell_count;

enum { CELL_PATH_BYTES = 48 };

/* "code128/vga/noise/40" */
void cell_path(const struct cell *cell, char path[CELL_PATH_BYTES]);

/* What is not as usual, in words: "noise 40". */
void cell_describe(const struct cell *cell, char *text, size_t bytes);

void size_pixels(enum frame_size size, unsigned *width, unsigned *height);

/* The cell's degradation with what is usual filled in. */
struct degradation cell_degradation(const struct cell *cell);

#endif
