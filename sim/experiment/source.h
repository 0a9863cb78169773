/*
 * A text that can be wrong, and where: a scenario file, or a `--set KEY=VALUE`.
 *
 * Places are byte offsets in `text`; lines and columns are counted for the message alone. Columns
 * count characters from 1; a line ends at LF, CRLF or CR.
 */
#ifndef CASHPOINT_SOURCE_H
#define CASHPOINT_SOURCE_H

#include "engine/error.h"

#include <stddef.h>
#include <sys/types.h>

/* Room for a resolved scenario with a dozen tables of 4096 values (value_file.h). */
enum { SOURCE_BYTES_MAX = 1024 * 1024 };

struct source {
    char *name;       /* as messages call it: a path, or "--set KEY=VALUE"; owned */
    char *bytes;      /* the whole file, NUL-terminated; owned */
    const char *text; /* in `bytes`, behind a byte order mark */
    size_t length;    /* of `text` */
    dev_t device;     /* which file it was: two names may lead to one */
    ino_t inode;
};

/* Reads the file at `path`; `follow`: also through a symbolic link. Refuses what is no regular file
 * of at most SOURCE_BYTES_MAX bytes; never waits for a pipe. */
bool source_read(struct source *source, const char *path, bool follow, struct error *error);

/* A copy of `text` under `name`. */
void source_init(struct source *source, const char *name, const char *text);
void source_fini(struct source *source);

/* The path of `name` in the folder of the source's file. The caller frees it. */
char *source_beside(const struct source *source, const char *name);

struct source_place {
    size_t line, column; /* from 1 */
    size_t begin, end;   /* of the line, without its end, as offsets */
};
struct source_place source_locate(const struct source *source, size_t offset);

#endif
