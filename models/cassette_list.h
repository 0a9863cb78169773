/*
 * The cassettes that a scenario lists, a line each: "100 CNY x 2000", two thousand notes of 100.
 */
#ifndef CASHPOINT_CASSETTE_LIST_H
#define CASHPOINT_CASSETTE_LIST_H

#include "engine/error.h"
#include "settings.h"
#include "terminal/cassettes.h"

bool cassette_parse(const char *text, int64_t *note_minor, uint32_t *notes, struct error *error);

/* All of them, the largest notes first. Lines that cannot be read are left out. */
struct cassette_plan cassette_plan(const struct terminal_settings *terminals);

#endif
