/*
 * The commands of the program: one file each, one row each in main.c's table.
 *
 * A command is a name, what it takes, what it is for, and a table of its options; help and parsing
 * are made from that. Results go to stdout; progress, warnings and errors to stderr.
 */
#ifndef CASHPOINT_COMMAND_H
#define CASHPOINT_COMMAND_H

#include "engine/error.h"

#include <stddef.h>
#include <stdint.h>

enum { COMMAND_MAX_OPTIONS = 20, COMMAND_MAX_SETTINGS = 256 };

struct command_option {
    const char *name;     /* without the dashes */
    const char *argument; /* what to write in help; null: a flag */
    const char *help;
};

struct arguments {
    const char *options[COMMAND_MAX_OPTIONS];   /* by row of the table; a flag given: "" */
    const char *settings[COMMAND_MAX_SETTINGS]; /* every --set, in order */
    size_t setting_count;
    char **words; /* the rest */
    size_t word_count;
};

struct command {
    const char *name, *takes, *help;
    const char *more; /* examples and notes, below the options; may be null */
    enum exit_code (*run)(const struct arguments *arguments);
    struct command_option options[COMMAND_MAX_OPTIONS]; /* ends with an empty row */
    size_t least_words, most_words;
};

extern const struct command command_run, command_merge, command_validate, command_bench,
    command_report, command_replay, command_decode, command_show, command_params;

/* Reads a whole number within the limits, or says on stderr what is wrong with --NAME. */
bool argument_number(const char *name, const char *text, int64_t minimum, int64_t maximum,
                     int64_t *value);

/* "cashpoint: error: ..." on stderr; returns `code`. */
enum exit_code complain(enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "cashpoint: warning: ..." on stderr. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How many processors this process may use. */
int64_t processors_online(void);

#endif
