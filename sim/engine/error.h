/*
 * Operating failures: a file that cannot be read, a bad argument, a library that refuses.
 *
 * A function that can fail this way returns false and leaves one sentence in `struct error` that
 * names what failed and the way out. Programmers' bugs are CHECK()s, which stay on in release
 * builds; what a model produces (no symbol, wrong code, expired) is data, and never goes here.
 */
#ifndef CASHPOINT_ERROR_H
#define CASHPOINT_ERROR_H

#include <stdbool.h>

/* The exit codes of the program, by what went wrong (sysexits.h where one fits). */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_BAD_INPUT = 65,
    EXIT_MISSING_PROGRAM = 69,
    EXIT_NOT_MET = 99,
    EXIT_INTERRUPTED = 130,
};

struct error {
    char text[512];
};

/* Writes the message (cut at 511 bytes) and returns false, so that a caller can
 * `return error_set(error, ...)`. A null `error` is allowed. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

_Noreturn void check_failed(const char *condition, const char *file, int line);

/* An assertion that stays on in release builds. */
#define CHECK(condition) ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__))

#endif
