/*
 * The gallery: a few shots of each kind, kept to be looked at.
 *
 * A shot is kept as its inputs, not its pixels; the frame is made again when the gallery is
 * written, byte for byte the one that was decoded.
 */
#ifndef CASHPOINT_GALLERY_H
#define CASHPOINT_GALLERY_H

#include "pipeline.h"

enum { GALLERY_EACH = 3, GALLERY_TOTAL = 36 };

struct exhibit {
    struct shot shot;
    char who[12], outcome[32];
    unsigned scheme, replication;
    uint64_t number; /* of the capture in its unit, from 1 */
    simtime at;      /* when its answer was needed */
};

struct gallery {
    unsigned count;
    struct exhibit exhibits[GALLERY_TOTAL];
};

/* Keeps the shot where there is room for one more of its kind (who, outcome). */
void gallery_offer(struct gallery *gallery, const struct exhibit *exhibit);

/* Writes DIRECTORY/gallery/NAME.png and DIRECTORY/gallery.csv (see output/records.h); the workers'
 * contexts are pipelines. */
bool gallery_write(const struct gallery *gallery, const char *directory,
                   const char *const *scheme_names, struct workers *workers, struct error *error);

#endif
