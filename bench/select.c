#include "bench/select.h"

#include <string.h>

const char *select_part(const char *word, const char *suite)
{
    size_t length = strlen(suite);
    if (strncmp(word, suite, length) != 0)
        return NULL;
    return word[length] == '/' ? word + length + 1 : word[length] == '\0' ? word + length : NULL;
}

bool select_matches(const char *part, const char *path)
{
    while (*part != '\0') {
        if (*path == '\0')
            return false;
        size_t wanted = strcspn(part, "/"), here = strcspn(path, "/");
        if (wanted == here && strncmp(part, path, here) == 0)
            part += wanted + (part[wanted] == '/');
        path += here + (path[here] == '/');
    }
    return true;
}
