/* Assertions that cmocka lacks: doubles compared as doubles, and CHECKs that must fire. */
#ifndef CASHPOINT_ASSERTS_H
#define CASHPOINT_ASSERTS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Equal within `relative` times the expected (within `relative` itself where that is 0). */
#define assert_close(actual, expected, relative) \
    assert_close_at((actual), (expected), (relative), #actual, __FILE__, __LINE__)

/* Within lowest .. highest, both included. */
#define assert_within(actual, lowest, highest) \
    assert_within_at((actual), (lowest), (highest), #actual, __FILE__, __LINE__)

/* The function must end in a CHECK. */
#define assert_aborts(function) assert_aborts_at((function), #function, __FILE__, __LINE__)

static inline void assert_close_at(double actual, double expected, double relative,
                                   const char *what, const char *file, int line)
{
    double room = relative * (expected != 0.0 ? fabs(expected) : 1.0);
    if (fabs(actual - expected) <= room || actual == expected)
        return;
    print_error("%s is %.17g, should be %.17g within %g\n", what, actual, expected, room);
    _fail(file, line);
}

static inline void assert_within_at(double actual, double lowest, double highest, const char *what,
                                    const char *file, int line)
{
    if (actual >= lowest && actual <= highest)
        return;
    print_error("%s is %.17g, should lie in %.17g .. %.17g\n", what, actual, lowest, highest);
    _fail(file, line);
}

/* Runs the function in a child, whose message and core dump nobody needs to see. */
static inline void assert_aborts_at(void (*function)(void), const char *what, const char *file,
                                    int line)
{
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)close(STDERR_FILENO);
        function();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        print_error("%s runs through, a CHECK should have stopped it\n", what);
        _fail(file, line);
    }
}

#endif
