/*
 * A frame at several scales and in several forms, each made when it is first asked for.
 *
 * Level k is the frame shrunk by 2^k. Smoothing (means of 3 x 3 pixels) takes two thirds of the
 * noise and blurs modules of less than 3 pixels; so a symbol is looked for and sampled at the level
 * where its modules have 2.5 to 5 pixels, if there is one. Sharpening (twice the difference from
 * the mean of 7 x 7 added to the smoothed pixels) opens the rings of finders that blur has closed.
 */
#ifndef CASHPOINT_QR_PYRAMID_H
#define CASHPOINT_QR_PYRAMID_H

#include "symbology/qr_finder.h"

enum { QR_LEVELS = 5 };
/* A negative's dark is the form's light, for symbols that are printed light on dark. */
enum qr_form { QR_PLAIN, QR_SMOOTH, QR_SHARP, QR_PLAIN_NEGATIVE, QR_SMOOTH_NEGATIVE, QR_FORMS };

static inline bool qr_is_negative(enum qr_form form)
{
    return form >= QR_PLAIN_NEGATIVE;
}

struct qr_pyramid {
    const struct frame *frame;
    struct qr_field fields[QR_LEVELS][QR_FORMS];
    bool ready[QR_LEVELS][QR_FORMS];
    unsigned levels; /* of which the plain pixels are there */
};

void qr_pyramid_fini(struct qr_pyramid *pyramid);

/* A new frame, which must last as long as it is asked about. */
void qr_pyramid_begin(struct qr_pyramid *pyramid, const struct frame *frame);

/* Null where the budget does not allow it, or a side would have less than QR_MIN_SIDE pixels. */
const struct qr_field *qr_pyramid_field(struct qr_pyramid *pyramid, unsigned level,
                                        enum qr_form form, struct budget *budget);

#endif
