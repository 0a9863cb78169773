/*
 * A picture, whole and in windows.
 *
 * The decoder shrinks what has more than 2 megapixels, and a small code on a large picture is lost
 * so. Where the whole tells no string, windows of the picture's own pixels are read, as large as
 * the shrunk picture and half a window from each other: a code that the whole shows too small for
 * its modules lies in one of them with all of it.
 */
#ifndef CASHPOINT_DECODE_WINDOWS_H
#define CASHPOINT_DECODE_WINDOWS_H

#include "symbology/symbology.h"

/* Reads within rules->budget_ms of this thread's CPU time for 2 megapixels, and in proportion more
 * for larger pictures, whole and windows together. Two windows that tell different strings make the
 * picture ambiguous; what could not be looked at in time, over budget. decoder_bytes() then has the
 * string that was told. */
void decode_windows_read(struct decoder *decoder, const struct frame *frame,
                         const struct decode_rules *rules, struct decoded *decoded);

#endif
