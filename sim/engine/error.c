#include "engine/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool error_set(struct error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

void check_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "cashpoint: internal error: %s does not hold at %s:%d\n", condition, file,
            line);
    abort();
}
