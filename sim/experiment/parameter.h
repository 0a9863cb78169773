/*
 * The table of parameters: what a scenario may say.
 *
 * The rooms above describe their parameters once, as rows of this table; the parser, its error
 * messages, the defaults, `cashpoint params`, the JSON Schema and the resolved scenario that a run
 * leaves behind are all made from it. A row points (by offset) at a field of one plain settings
 * structure, so that the model reads `settings->camera.f_number`, not a dictionary.
 *
 * Fields by type:
 *     PARAMETER_TEXT          char[PARAMETER_TEXT_BYTES], NUL-terminated UTF-8
 *     PARAMETER_FLAG          bool            (yes/no, true/false)
 *     PARAMETER_COUNT         int64_t         (no unit)
 *     PARAMETER_QUANTITY      double          in base units of the dimension
 *     PARAMETER_DISTRIBUTION  struct distribution, parameters in base units
 *     PARAMETER_CHOICE        int             index into `choices`
 *     PARAMETER_CHOICES       uint32_t        bit set over `choices`, at least one
 *     PARAMETER_NUMBERS       double[`length`], plain numbers within [minimum, maximum]
 *     PARAMETER_TEXTS         char[`length`][PARAMETER_LINE_BYTES], a list of at most that many
 * texts; the unused are empty
 *
 * Bounds and defaults are written as in a scenario, lists in brackets: "[a, b]". The rows of a
 * group (what stands before a dot) stand together, a key is not also a group, and `extends` is
 * taken. parameter_defaults() checks all of it and aborts where the table is wrong.
 */
#ifndef CASHPOINT_PARAMETER_H
#define CASHPOINT_PARAMETER_H

#include "experiment/quantity.h"

#include <stddef.h>

enum { PARAMETER_TEXT_BYTES = 512, PARAMETER_LINE_BYTES = 160 };

enum parameter_type {
    PARAMETER_TEXT,
    PARAMETER_FLAG,
    PARAMETER_COUNT,
    PARAMETER_QUANTITY,
    PARAMETER_DISTRIBUTION,
    PARAMETER_CHOICE,
    PARAMETER_CHOICES,
    PARAMETER_NUMBERS,
    PARAMETER_TEXTS,
};

struct parameter {
    const char *key; /* dotted: "terminals.camera.f_number" is f_number in camera in terminals */
    enum parameter_type type;
    enum dimension dimension; /* QUANTITY and DISTRIBUTION */
    const char *minimum;      /* as a user would write it, with its unit; null: none */
    const char *maximum;
    const char *default_text; /* as a user would write it; null: the key must be given */
    const char *help;         /* one sentence, no full stop */
    const char *source; /* where the default comes from; "assumption" where nobody published it */
    const char *const *choices; /* null-terminated names */
    size_t length;              /* NUMBERS, TEXTS: how many */
    size_t offset;              /* of the field in the settings structure */
    /* TEXTS: what is wrong with one of them, or null: nothing can be */
    bool (*check)(const char *text, struct error *error);
};

/* What a choice stands for: values of other keys of its group, as a named sensor has a pixel pitch.
 * What the scenario says of those keys (plainly, swept, or by --set) stands; the rest is filled. */
struct parameter_preset {
    const char *key;           /* of a row of type CHOICE: "terminals.camera.preset" */
    const char *choice;        /* "mt9m034" */
    const char *const *values; /* null-terminated, by the last word of their keys: "f_number=2.8" */
};

/* Receives one mistake: it stands at `key`; `other` (or null) has a part in it. */
typedef void parameter_teller(void *listener, const char *key, const char *other,
                              const char *message);

struct parameter_table {
    const struct parameter *rows;
    size_t count;
    size_t settings_bytes; /* sizeof the settings structure */
    /* What no single row can see: tells every combination of settings that makes no sense. Null:
     * any does. Each field by itself is within its row's bounds. */
    void (*check)(const void *settings, parameter_teller *tell, void *listener);
    const char *const *fixed; /* keys and groups that no sweep may vary, null-terminated; or null */
    const struct parameter_preset *presets; /* null: none */
    size_t preset_count;
};

#endif
