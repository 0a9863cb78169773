#include "listed_fault.h"

#include "experiment/quantity.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *place; /* what stands before the number of its place; null: none */
} kinds[] = {[LISTED_BANK_CRASH] = {"bank-crash", NULL},
             [LISTED_TERMINAL_CRASH] = {"terminal-crash", "atm:"},
             [LISTED_POWER] = {"power", "site:"}};

enum { MOST_HOURS = 366 * 24 };

static bool refuse(const char *text, struct error *error)
{
    return error_set(
        error,
        "\"%s\" is no fault: write a time from the start, what, where and for how "
        "long, as in 10:30 bank-crash 5 min, 11:00 terminal-crash atm:3 2 min or 12:00 "
        "power site:0 20 min",
        text);
}

static bool find_kind(const char *name, enum listed_kind *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(name, kinds[i].name) == 0) {
            *kind = (enum listed_kind)i;
            return true;
        }
    return false;
}

/* "atm:3 2 min": the number, and `*rest` is what follows. */
static bool parse_place(const char *text, const char *place, uint32_t *where, const char **rest)
{
    int length = 0;
    size_t start = strlen(place);
    if (strncmp(text, place, start) != 0 || sscanf(text + start, "%9u%n", where, &length) != 1)
        return false;
    *rest = text + start + length;
    return **rest == ' ';
}

bool listed_fault_parse(const char *text, struct listed_fault *fault, struct error *error)
{
    unsigned hours, minutes;
    char name[32];
    int length = 0;
    size_t at;
    double takes_s;
    *fault = (struct listed_fault){.at = 0};
    if (sscanf(text, "%5u:%2u %31s %n", &hours, &minutes, name, &length) != 3 || length == 0 ||
        hours > MOST_HOURS || minutes > 59 || !find_kind(name, &fault->kind))
        return refuse(text, error);
    const char *rest = text + length, *place = kinds[fault->kind].place;
    if (place != NULL && !parse_place(rest, place, &fault->where, &rest))
        return refuse(text, error);
    rest += strspn(rest, " ");
    if (!quantity_parse(rest, DIMENSION_TIME, &takes_s, &at, error))
        return false;
    if (!(takes_s >= 0.0 && takes_s <= 3600.0 * MOST_HOURS))
        return error_set(error, "\"%s\": it must last from 0 s to 366 day", text);
    fault->at = (simtime)hours * SIMTIME_HOUR + (simtime)minutes * (SIMTIME_HOUR / 60);
    fault->takes = simtime_from_seconds(takes_s);
    return true;
}
