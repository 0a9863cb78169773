/*
 * People: what customers and thieves want, type and hold, drawn from the scenario's distributions.
 *
 * Nothing here remembers anything: each function turns a stream into one decision or one action.
 */
#ifndef CASHPOINT_PEOPLE_H
#define CASHPOINT_PEOPLE_H

#include "message.h"
#include "optics/camera.h"
#include "settings.h"

/* The amount wanted: whole notes, at least one, at most what the daily limit allows. */
int64_t people_amount_minor(const struct settings *settings, const struct distribution *wanted,
                            struct stream *stream);

/* A code of the customer's own choice, `digits` long. */
void people_choose_code(struct stream *stream, unsigned digits, char *code);

/* How long typing so many keys takes. */
simtime people_typing_time(const struct settings *settings, unsigned keys, struct stream *stream);

/* What is really typed: `typed` receives `wanted` with each digit wrong at the scenario's rate.
 * True where any is. */
bool people_type(const struct settings *settings, const char *wanted, struct stream *stream,
                 char *typed);

/* How long a code is held up: until the shot, and while the camera takes the rest of a sequence. */
simtime people_showing_time(const struct settings *settings, struct stream *stream);

/* How something is held before a camera this time. */
struct pose people_hold(const struct pose_settings *settings, struct stream *stream);

/* What its glass reflects then, of a display of dots `pitch_m` apart: the lamp is anywhere on it.
 */
void people_reflect(const struct glare_settings *settings, double width_m, double height_m,
                    double pitch_m, struct stream *stream, struct glare *glare);

#endif
