#include "experiment/colour.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wanted(FILE *out)
{
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
    int descriptor = fileno(out);
    return (refused == NULL || refused[0] == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0 && descriptor >= 0 && isatty(descriptor) == 1;
}

const char *colour_on(FILE *out, enum colour colour)
{
    static const char *const codes[] = {[COLOUR_ERROR] = "\033[1;31m",
                                        [COLOUR_WARNING] = "\033[1;33m",
                                        [COLOUR_STRONG] = "\033[1m",
                                        [COLOUR_MARK] = "\033[1;32m"};
    return wanted(out) ? codes[colour] : "";
}

const char *colour_off(FILE *out)
{
    return wanted(out) ? "\033[0m" : "";
}
