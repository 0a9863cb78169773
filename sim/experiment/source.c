#include "experiment/source.h"

#include "experiment/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool check_kind(const struct stat *status, struct error *error)
{
    if (S_ISDIR(status->st_mode))
        return error_set(error, "this is a directory: name the scenario file in it");
    if (!S_ISREG(status->st_mode))
        return error_set(error, "this is no regular file: a scenario is read from a file alone");
    if (status->st_size > SOURCE_BYTES_MAX)
        return error_set(error, "the file is too large: a scenario has at most %d kB",
                         SOURCE_BYTES_MAX / 1024);
    return true;
}

/* One byte more than allowed is read, so that a file that grows meanwhile is noticed. */
static bool read_all(int file, char *bytes, size_t *length, struct error *error)
{
    *length = 0;
    while (*length <= SOURCE_BYTES_MAX) {
        ssize_t got = read(file, bytes + *length, SOURCE_BYTES_MAX + 1 - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(error, "cannot be read: %s", strerrordesc_np(errno));
        if (got == 0)
            break;
        *length += (size_t)got;
    }
    return *length <= SOURCE_BYTES_MAX ||
           error_set(error, "the file is too large: a scenario has at most %d kB",
                     SOURCE_BYTES_MAX / 1024);
}

static char *copy(const char *text)
{
    char *copied = strdup(text);
    CHECK(copied != NULL);
    return copied;
}

/* O_NONBLOCK: a pipe without a writer opens at once, and is then refused for what it is. */
static int open_file(const char *path, bool follow, struct error *error)
{
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
    if (file < 0 && errno == ELOOP && !follow)
        error_set(error, "this is a symbolic link: put the file itself beside the scenario");
    else if (file < 0)
        error_set(error, "cannot be opened: %s", strerrordesc_np(errno));
    return file;
}

bool source_read(struct source *source, const char *path, bool follow, struct error *error)
{
    struct stat status;
    int file = open_file(path, follow, error);
    if (file < 0)
        return false;

    char *bytes = malloc(SOURCE_BYTES_MAX + 2);
    CHECK(bytes != NULL);
    bool known =
        fstat(file, &status) == 0 || error_set(error, "cannot be read: %s", strerrordesc_np(errno));
    size_t length = 0;
    bool read = known && check_kind(&status, error) && read_all(file, bytes, &length, error);
    close(file);
    if (!read) {
        free(bytes);
        return false;
    }
    bytes[length] = '\0';
    size_t mark = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    *source = (struct source){.name = copy(path),
                              .bytes = bytes,
                              .text = bytes + mark,
                              .length = length - mark,
                              .device = status.st_dev,
                              .inode = status.st_ino};
    return true;
}

void source_init(struct source *source, const char *name, const char *text)
{
    *source = (struct source){.name = copy(name), .bytes = copy(text), .length = strlen(text)};
    source->text = source->bytes;
}

void source_fini(struct source *source)
{
    free(source->name);
    free(source->bytes);
    *source = (struct source){0};
}

char *source_beside(const struct source *source, const char *name)
{
    const char *slash = strrchr(source->name, '/');
    size_t folder = slash != NULL ? (size_t)(slash - source->name) + 1 : 0;
    char *path = malloc(folder + strlen(name) + 1);
    CHECK(path != NULL);
    memcpy(path, source->name, folder);
    strcpy(path + folder, name);
    return path;
}

struct source_place source_locate(const struct source *source, size_t offset)
{
    struct source_place place = {1, 1, 0, 0};
    uint32_t code;

    CHECK(offset <= source->length);
    for (size_t i = 0; i < offset; ++i) {
        bool crlf =
            source->text[i] == '\r' && i + 1 < source->length && source->text[i + 1] == '\n';
        if (source->text[i] == '\n' || (source->text[i] == '\r' && !crlf)) {
            ++place.line;
            place.begin = i + 1;
        }
    }
    place.end = place.begin;
    while (place.end < source->length && source->text[place.end] != '\n' &&
           source->text[place.end] != '\r')
        ++place.end;
    for (size_t i = place.begin; i < offset; ++place.column)
        i += utf8_next(source->text + i, source->length - i, &code);
    return place;
}
