/*
 * The matrix world: how many dots of random matrices does a camera lose, if the decoder knows to a
 * hair where each lies?
 *
 * Its unit is a set of captures. Each shows dots, dark or bright by the toss of a coin, on the
 * token's whole display, held as `presentation` says, before the terminal's camera. A dot is read
 * as the grey value at the projection of its centre, interpolated between the four pixels around it
 * (bilinear); it is dark below the middle between the levels of a large bright and a large dark
 * field, which are known. So no locating, no decoding and no error correction is measured, but what
 * geometry, blur and noise leave to them: no decoder that judges dot by dot can do better than to
 * know all that. A dot beyond the frame is read as bright. The threshold knows of contrast, level
 * and dark offset, not of vignetting, glare or gaps between the dots: what these cost is counted.
 */
#ifndef CASHPOINT_MATRIX_H
#define CASHPOINT_MATRIX_H

#include "world.h"

/* Runs one unit: matrix.captures captures, which the workers may share. A pure function of
 * (settings, replication), as world_run() is of its own. WORLD_DONE or WORLD_STOPPED. */
enum world_end matrix_run(const struct settings *settings, unsigned replication,
                          struct workers *workers, const struct world_watch *watch,
                          struct unit_result *result);

#endif
