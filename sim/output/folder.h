/*
 * A folder that may be someone else's: bounded reads, atomic writes, nothing followed out of it.
 *
 * Names are plain names in that folder (no '/'). Only regular files are read, and symbolic links
 * are refused, so a folder sent by a stranger cannot make the report show or overwrite another
 * file. A write appears whole or not at all: NAME.tmp, then a rename.
 */
#ifndef CASHPOINT_FOLDER_H
#define CASHPOINT_FOLDER_H

#include "engine/error.h"

#include <stddef.h>

struct folder {
    int descriptor;
    char path[512]; /* for messages */
};

struct file_bytes {
    unsigned char *data; /* a NUL follows that does not count; free it */
    size_t length;
};

bool folder_open(struct folder *folder, const char *path, struct error *error);

/* Opens the folder `name` inside `parent`; makes it first where `create`. */
bool folder_enter(struct folder *folder, const struct folder *parent, const char *name, bool create,
                  struct error *error);
void folder_close(struct folder *folder);

/* Is there a plain file of that name? */
bool folder_has(const struct folder *folder, const char *name);

bool folder_read(const struct folder *folder, const char *name, size_t limit,
                 struct file_bytes *bytes, struct error *error);
bool folder_write(const struct folder *folder, const char *name, const char *bytes, size_t length,
                  struct error *error);
bool folder_rename(const struct folder *folder, const char *from, const char *to,
                   struct error *error);

/* Removes a file; that it is not there is fine. */
void folder_remove(const struct folder *folder, const char *name);

#endif
