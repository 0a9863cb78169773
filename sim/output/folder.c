#include "output/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool set_path(struct folder *folder, const char *parent, const char *name)
{
    int length = parent ? snprintf(folder->path, sizeof folder->path, "%s/%s", parent, name)
                        : snprintf(folder->path, sizeof folder->path, "%s", name);
    return length >= 0 && (size_t)length < sizeof folder->path;
}

bool folder_open(struct folder *folder, const char *path, struct error *error)
{
    folder->descriptor = -1;
    if (!set_path(folder, NULL, path))
        return error_set(error, "%.80s...: the path is too long; use a shorter one", path);
    folder->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->descriptor < 0)
        return error_set(error, "%s: %s; give the folder of a run, as `cashpoint run` printed it",
                         path, strerror(errno));
    return true;
}

bool folder_enter(struct folder *folder, const struct folder *parent, const char *name, bool create,
                  struct error *error)
{
    folder->descriptor = -1;
    if (!set_path(folder, parent->path, name))
        return error_set(error, "%.80s...: the path is too long; use a shorter one", parent->path);
    if (create && mkdirat(parent->descriptor, name, 0777) != 0 && errno != EEXIST)
        return error_set(error, "%s: cannot make this folder: %s", folder->path, strerror(errno));
    folder->descriptor =
        openat(parent->descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder->descriptor < 0)
        return error_set(error, "%s: %s; %s", folder->path, strerror(errno),
                         errno == ENOENT ? "restore the folder or run the scenario again"
                                         : "it must be a plain folder, not a link");
    return true;
}

void folder_close(struct folder *folder)
{
    if (folder->descriptor >= 0)
        close(folder->descriptor);
    folder->descriptor = -1;
}

bool folder_has(const struct folder *folder, const char *name)
{
    struct stat status;
    return fstatat(folder->descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(status.st_mode);
}

/* Reads until the end or one byte over the limit, whichever is first: the size that fstat told may
 * be old by then. */
static ssize_t read_some(int descriptor, unsigned char *data, size_t room)
{
    size_t got = 0;
    while (got < room) {
        ssize_t step = read(descriptor, data + got, room - got);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            return -1;
        if (step == 0)
            break;
        got += (size_t)step;
    }
    return (ssize_t)got;
}

static bool read_open_file(int descriptor, const char *path, const char *name, size_t limit,
                           struct file_bytes *bytes, struct error *error)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return error_set(error, "%s/%s: not a plain file; restore it", path, name);
    if (status.st_size < 0 || (unsigned long long)status.st_size > limit)
        return error_set(error, "%s/%s: larger than %zu bytes, the most a record may have", path,
                         name, limit);
    size_t room = (size_t)status.st_size + 1;
    bytes->data = malloc(room);
    CHECK(bytes->data);
    ssize_t got = read_some(descriptor, bytes->data, room);
    if (got < 0)
        return error_set(error, "%s/%s: cannot be read: %s", path, name, strerror(errno));
    if ((size_t)got == room)
        return error_set(error, "%s/%s: grew while it was read; wait until the run is over", path,
                         name);
    bytes->data[got] = '\0';
    bytes->length = (size_t)got;
    return true;
}

bool folder_read(const struct folder *folder, const char *name, size_t limit,
                 struct file_bytes *bytes, struct error *error)
{
    *bytes = (struct file_bytes){0};
    /* O_NONBLOCK: opening a pipe left by someone must not wait for ever. */
    int descriptor =
        openat(folder->descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return error_set(error, "%s/%s: %s; restore the file or run the scenario again",
                         folder->path, name, errno == ELOOP ? "is a link" : strerror(errno));
    bool good = read_open_file(descriptor, folder->path, name, limit, bytes, error);
    close(descriptor);
    if (!good) {
        free(bytes->data);
        *bytes = (struct file_bytes){0};
    }
    return good;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t step = write(descriptor, bytes, length);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            return false;
        bytes += step;
        length -= (size_t)step;
    }
    return true;
}

bool folder_write(const struct folder *folder, const char *name, const char *bytes, size_t length,
                  struct error *error)
{
    char temporary[128];
    int written = snprintf(temporary, sizeof temporary, "%s.tmp", name);
    CHECK(written > 0 && (size_t)written < sizeof temporary);
    folder_remove(folder, temporary); /* left by a run that was stopped */
    int descriptor = openat(folder->descriptor, temporary,
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return error_set(error, "%s/%s: cannot be written: %s", folder->path, name,
                         strerror(errno));
    bool good = write_all(descriptor, bytes, length);
    int reason = errno;
    if (close(descriptor) != 0 && good) {
        good = false;
        reason = errno;
    }
    if (!good) {
        folder_remove(folder, temporary);
        return error_set(error, "%s/%s: cannot be written: %s", folder->path, name,
                         strerror(reason));
    }
    return folder_rename(folder, temporary, name, error);
}

bool folder_rename(const struct folder *folder, const char *from, const char *to,
                   struct error *error)
{
    if (renameat(folder->descriptor, from, folder->descriptor, to) == 0)
        return true;
    int reason = errno;
    folder_remove(folder, from);
    return error_set(error, "%s/%s: cannot be written: %s", folder->path, to, strerror(reason));
}

void folder_remove(const struct folder *folder, const char *name)
{
    (void)unlinkat(folder->descriptor, name, 0);
}
