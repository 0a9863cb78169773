/* A folder of its own for each test of scenarios, and reading with what it says caught. */
#ifndef CASHPOINT_SCENARIO_FILES_H
#define CASHPOINT_SCENARIO_FILES_H

#include "experiment/scenario.h"
#include "tests/scenario_table.h"

#include <ftw.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_init, folder_fini)

struct folder_path {
    char text[512];
};

static inline int folder_init(void **state)
{
    char *folder = strdup("/tmp/cashpoint-scenario-XXXXXX");
    *state = folder;
    return folder != NULL && mkdtemp(folder) != NULL ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path);
}

static inline int folder_fini(void **state)
{
    int removed = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return removed;
}

static inline struct folder_path path_of(const char *folder, const char *name)
{
    struct folder_path path;
    snprintf(path.text, sizeof path.text, "%s/%s", folder, name);
    return path;
}

/* A fresh file each time: writing over one makes some file systems wait for the disk. */
static inline FILE *open_fresh(const char *folder, const char *name)
{
    struct folder_path path = path_of(folder, name);
    unlink(path.text);
    FILE *file = fopen(path.text, "wb");
    assert_non_null(file);
    return file;
}

static inline void write_bytes(const char *folder, const char *name, const char *bytes,
                               size_t length)
{
    FILE *file = open_fresh(folder, name);
    assert_int_equal(length, fwrite(bytes, 1, length, file));
    assert_int_equal(0, fclose(file));
}

static inline void write_text(const char *folder, const char *name, const char *text)
{
    write_bytes(folder, name, text, strlen(text));
}

/* Takes every "folder/" out of the text. */
static inline void forget_folder(char *text, const char *folder)
{
    size_t length = strlen(folder) + 1;
    for (char *at = text; (at = strstr(at, folder)) != NULL;)
        memmove(at, at + length, strlen(at + length) + 1);
}

/* scenario_read(), with `set` (null-terminated, or null) and its diagnostics in `*said`, which the
 * caller frees. */
static inline bool read_scenario(const char *folder, const char *name, const char *const *set,
                                 struct scenario *scenario, char **said)
{
    size_t bytes, count = 0;
    FILE *out = open_memstream(said, &bytes);
    while (set != NULL && set[count] != NULL)
        ++count;
    bool good = scenario_read(scenario, &test_table, path_of(folder, name).text, set, count, out);
    fclose(out);
    forget_folder(*said, folder);
    return good;
}

static inline void assert_accepted(const char *folder, const char *name, const char *const *set,
                                   struct scenario *scenario)
{
    char *said = NULL;
    if (!read_scenario(folder, name, set, scenario, &said))
        fail_msg("%s is refused:\n%s", name, said);
    assert_string_equal("", said);
    free(said);
}

static inline void assert_said(const char *folder, const char *name, const char *const *set,
                               const char *expected)
{
    struct scenario scenario;
    char *said = NULL;
    assert_false(read_scenario(folder, name, set, &scenario, &said));
    assert_string_equal(expected, said);
    free(said);
}

/* What is said of a file of that text; the caller frees it. */
static inline char *refusal_of(const char *folder, const char *text, size_t length)
{
    struct scenario scenario;
    char *said = NULL;
    write_bytes(folder, "s.yaml", text, length);
    if (read_scenario(folder, "s.yaml", NULL, &scenario, &said))
        fail_msg("accepted:\n%s", text);
    return said;
}

#endif
