/*
 * Tiles of a frame, and in which direction its grey values change in each: locate.h.
 */
#ifndef CASHPOINT_TILES_H
#define CASHPOINT_TILES_H

#include "optics/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TILE = 16 }; /* pixels a side */

/* A structure tensor, of gradients gx and gy; means over a tile. */
struct tensor {
    float energy, a, b; /* xx + yy; xx - yy; 2 xy */
};

void tensor_add(struct tensor *sum, const struct tensor *tensor, float weight);
float tensor_anisotropy(const struct tensor *tensor);

/* Whether most of its gradients stand across one direction, as those of bars do. */
bool tensor_coherent(const struct tensor *tensor);

enum tile_kind { TILE_CLOSED, TILE_EDGE, TILE_BARS };

struct tiles {
    unsigned columns, rows;
    struct tensor *raw, *mixed; /* one a tile; mixed with those of the tiles round it */
    uint8_t *open;              /* tile_kind of those that are in no region yet */
    uint32_t *stack;            /* room for every tile */
    size_t capacity;
};

void tiles_fini(struct tiles *tiles);

/* Measures the tiles of a frame of TILE + 2 pixels a side or more. */
void tiles_measure(struct tiles *tiles, const struct frame *frame);

/* Opens the tiles that may be bars, with an energy of `least` or more. */
void tiles_open(struct tiles *tiles, float least);

/* Of all coherent tiles, the strong ones counting more. */
float tiles_usual_energy(const struct tiles *tiles);

#endif
