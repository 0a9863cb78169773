/* Where the bank's books lie: in memory, or in a file of a folder of their own, which is gone when
 * the unit is. */
#include "parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = BOOKS_FOLDER_BYTES + 16 };

static const char *const files[] = {"bank.db-shm", "bank.db-wal", "bank.db"};

static bool make_folder(struct world *world, struct error *error)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] == '\0')
        parent = "/tmp";
    int length = snprintf(world->books_folder, sizeof world->books_folder,
                          "%s/cashpoint-bank-XXXXXX", parent);
    if (length < (int)sizeof world->books_folder && mkdtemp(world->books_folder) != NULL)
        return true;
    world->books_folder[0] = '\0';
    return error_set(error,
                     "bank.database: no folder can be made in %.200s: %s; set TMPDIR to one with "
                     "room",
                     parent, strerror(errno));
}

bool books_open(struct world *world, const struct bank_rules *rules, struct stream_key sms_key,
                struct error *error)
{
    char path[PATH_BYTES];
    if (world->settings->bank.database == BOOKS_IN_MEMORY) {
        world->bank = bank_new(rules, sms_key, error);
        return world->bank != NULL;
    }
    if (!make_folder(world, error))
        return false;
    snprintf(path, sizeof path, "%s/bank.db", world->books_folder);
    world->bank = bank_open(rules, sms_key, &(struct bank_place){path, true, 0}, error);
    return world->bank != NULL;
}

void books_expect(struct world *world, bool done)
{
    CHECK(done || bank_trouble(world->bank) != NULL);
    world->halt |= !done;
}

bool books_check(const struct world *world, struct error *error)
{
    const char *trouble = bank_trouble(world->bank);
    if (trouble == NULL)
        return true;
    return error_set(error, "the bank's database failed: %s%s", trouble,
                     world->books_folder[0] != '\0'
                         ? " (bank.database: file; make room in the temporary folder, or set "
                           "TMPDIR to one with room)"
                         : "");
}

void books_close(struct world *world)
{
    bank_free(world->bank);
    world->bank = NULL;
    if (world->books_folder[0] == '\0')
        return;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", world->books_folder, files[i]);
        unlink(path);
    }
    rmdir(world->books_folder);
}
