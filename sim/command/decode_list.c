#include "decode_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MOST_DEPTH = 32, MOST_PICTURES = 1000000 };

static void add_path(struct decode_list *list, char *path)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        list->paths = realloc(list->paths, list->capacity * sizeof *list->paths);
        CHECK(list->paths != NULL);
    }
    list->paths[list->count++] = path;
}

static bool is_png(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcasecmp(name + length - 4, ".png") == 0;
}

static bool add_folder(struct decode_list *list, const char *folder, int depth,
                       struct error *error);

static bool add_entry(struct decode_list *list, const char *folder, const char *name, int depth,
                      struct error *error)
{
    struct stat status;
    char *path;
    bool good = true;
    size_t length = strlen(folder);
    CHECK(asprintf(&path, "%s%s%s", folder, length > 0 && folder[length - 1] == '/' ? "" : "/",
                   name) > 0);
    /* A link to a picture is one; folders are not followed, for they may lead round in a circle. */
    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
        good = add_folder(list, path, depth + 1, error);
    else if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && is_png(name)) {
        if (list->count < MOST_PICTURES) {
            add_path(list, path);
            return true;
        }
        good = error_set(error, "more than %d pictures: name fewer folders", MOST_PICTURES);
    }
    free(path);
    return good;
}

static bool add_folder(struct decode_list *list, const char *folder, int depth, struct error *error)
{
    if (depth > MOST_DEPTH)
        return error_set(error, "'%.300s' lies more than %d folders deep: name a folder below it",
                         folder, MOST_DEPTH);
    DIR *stream = opendir(folder);
    if (stream == NULL)
        return error_set(error, "cannot read the folder '%.300s': %s", folder, strerror(errno));
    bool good = true;
    const struct dirent *entry;
    while (good && (entry = readdir(stream)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            good = add_entry(list, folder, entry->d_name, depth, error);
    closedir(stream);
    return good;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool decode_list_add(struct decode_list *list, const char *word, struct error *error)
{
    struct stat status;
    size_t before = list->count;
    if (stat(word, &status) != 0 || !S_ISDIR(status.st_mode)) {
        char *path = strdup(word);
        CHECK(path != NULL);
        add_path(list, path);
        return true;
    }
    if (!add_folder(list, word, 0, error))
        return false;
    if (list->count == before)
        return error_set(
            error,
            "there is no *.png in the folder '%.300s' or below it; convert pictures to "
            "PNG first, or name another folder",
            word);
    qsort(list->paths + before, list->count - before, sizeof *list->paths, by_name);
    return true;
}

void decode_list_fini(struct decode_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->paths[i]);
    free(list->paths);
    *list = (struct decode_list){0};
}
