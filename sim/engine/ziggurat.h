/*
 * The ziggurat: exponential and normal numbers from one word of 64 bits, mostly by one
 * multiplication and one comparison.
 *
 * The area under the density is cut into 256 layers of the same area (Marsaglia and Tsang, The
 * ziggurat method for generating random variables, J. Statistical Software 5(8), 2000). A word
 * chooses a layer by its low 8 bits and a place in it by its high 52, which share none (Doornik, An
 * improved ziggurat method, 2005: layers and places from the same bits are correlated). A place
 * under the next layer is under the density for sure: 99% of all. The others take the exact test,
 * or come from the tail, which is exact too: what an exponential exceeds its edge by is
 * exponential again.
 *
 * The tables are constants, and the rare cases are sums and products only: no logarithm or
 * exponential of the C library, whose last bit differs from one processor to another.
 */
#ifndef CASHPOINT_ZIGGURAT_H
#define CASHPOINT_ZIGGURAT_H

enum { ZIGGURAT_LAYERS = 256 };

struct ziggurat {
    /* Layer i reaches from 0 to x[i] and from f[i] up to f[i + 1]; f is the density, 1 at 0. x[1]
     * is the edge of the tail; layer 0 is the tail and what lies under it, as a box of width x[0].
     */
    double x[ZIGGURAT_LAYERS + 1], f[ZIGGURAT_LAYERS + 1];
};

extern const struct ziggurat ziggurat_exponential; /* exp(-x) */
extern const struct ziggurat ziggurat_normal;      /* exp(-x^2 / 2), the right half */

#endif
