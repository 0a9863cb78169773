/*
 * What stands between the program and an MPI library: the one table that a module exports.
 *
 * The module is a shared object, built against the library's header; the program is built without
 * it. Both sides include this file and nothing of each other's.
 */
#ifndef CASHPOINT_RANKS_MODULE_H
#define CASHPOINT_RANKS_MODULE_H

#include <stdbool.h>
#include <stddef.h>

enum { RANKS_MODULE_FORMAT = 1 };

struct ranks_module {
    int format;        /* RANKS_MODULE_FORMAT, or the module is of another build */
    const char *built; /* the library that it was built with */
    /* Joins; what runs goes to `library`. False: the library refused; it said why. */
    bool (*join)(int *rank, int *size, char *library, size_t room);
    void (*send)(int to, int kind, const void *bytes, size_t length);
    bool (*probe)(int *from, int *kind, size_t *length); /* has a letter come? */
    void (*receive)(int from, int kind, void *bytes, size_t length);
    void (*leave)(void);
};

/* The name under which the module exports its table. */
#define RANKS_MODULE_SYMBOL "cashpoint_ranks_module"

#endif
