/*
 * A recapture: a phone photographs the token's display, and shows the photograph.
 *
 * The photograph is taken by the camera of optics/, with the phone's own conditions. On the phone
 * it is cut to the display and a little around it, and scaled so that the display's modules have
 * the pitch that is asked for; the phone's panel shows each of its pixels the mean of what falls on
 * it.
 */
#ifndef CASHPOINT_RECAPTURE_H
#define CASHPOINT_RECAPTURE_H

#include "optics/camera.h"

/* Of one thread; grows with the photographs. */
struct recapture;
struct recapture *recapture_new(void);
void recapture_free(struct recapture *recapture);

/* Photographs the image and lays it on the panel of `phone`. */
void recapture_take(struct recapture *recapture, const struct code_image *image,
                    const struct conditions *photo, struct stream_key noise,
                    const struct display *phone);

/* What the phone then shows, and from pixel to pixel of it; the photograph as it was taken. */
const struct frame *recapture_picture(const struct recapture *recapture);
double recapture_pitch_m(const struct recapture *recapture);
const struct frame *recapture_photograph(const struct recapture *recapture);

#endif
