#include "cassette_list.h"

#include "experiment/quantity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)CASSETTES == (int)CASSETTE_LINES, "one a line");

enum { MOST_NOTES = 100000 };

bool cassette_parse(const char *text, int64_t *note_minor, uint32_t *notes, struct error *error)
{
    char note[32];
    const char *times = strstr(text, " x ");
    int length = 0;
    double note_cny;
    size_t at;
    if (times == NULL || (size_t)(times - text) >= sizeof note ||
        sscanf(times, " x %9u%n", notes, &length) != 1 || times[length] != '\0')
        return error_set(error,
                         "\"%s\" is no cassette: write its note and how many there are when it is "
                         "full, as in 100 CNY x 2000",
                         text);
    snprintf(note, sizeof note, "%.*s", (int)(times - text), text);
    if (!quantity_parse(note, DIMENSION_MONEY, &note_cny, &at, error))
        return false;
    *note_minor = llround(note_cny * 100.0);
    if (!(note_cny >= 0.01 && note_cny <= 10000.0) ||
        fabs(note_cny * 100.0 - (double)*note_minor) > 1e-6)
        return error_set(error, "\"%s\": a note is of 0.01 CNY to 10000 CNY, in whole fen", text);
    return (*notes > 0 && *notes <= MOST_NOTES) ||
           error_set(error, "\"%s\": a cassette holds 1 to %d notes", text, MOST_NOTES);
}

struct cassette_plan cassette_plan(const struct terminal_settings *terminals)
{
    struct cassette_plan plan = {.count = 0};
    struct error error;
    int64_t note_minor;
    uint32_t notes;
    for (unsigned i = 0; i < CASSETTE_LINES && terminals->cassettes[i][0] != '\0'; i++) {
        if (!cassette_parse(terminals->cassettes[i], &note_minor, &notes, &error))
            continue;
        unsigned at = plan.count++;
        for (; at > 0 && plan.each[at - 1].note_minor < note_minor; at--)
            plan.each[at] = plan.each[at - 1];
        plan.each[at].note_minor = note_minor;
        plan.each[at].notes = notes;
    }
    return plan;
}
