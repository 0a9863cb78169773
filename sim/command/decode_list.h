/*
 * The pictures that a command line names: files as they are, folders with every PNG in or below
 * them, in the order of their names.
 */
#ifndef CASHPOINT_DECODE_LIST_H
#define CASHPOINT_DECODE_LIST_H

#include "engine/error.h"

#include <stddef.h>

struct decode_list {
    char **paths; /* owned */
    size_t count, capacity;
};

/* Adds a file, or the regular *.png files of a folder (links are not followed). False with a
 * message where a folder cannot be read or holds none. */
bool decode_list_add(struct decode_list *list, const char *word, struct error *error);

void decode_list_fini(struct decode_list *list);

#endif
