#include "experiment/journal.h"

#include "engine/hash.h"
#include "experiment/unit_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char magic[] = "cashpoint-journal-2";

enum { SEAL_BYTES = 18 }; /* " #" and 16 hexadecimal digits */

/* Writes `line` and its seal, and has them on the disk before it returns. */
static bool put_line(struct journal *journal, const char *line, size_t length, struct error *error)
{
    uint64_t sum = hash_bytes(HASH_START, line, length);
    if (fwrite(line, 1, length, journal->file) == length &&
        fprintf(journal->file, " #%016" PRIx64 "\n", sum) > 0 && fflush(journal->file) == 0 &&
        fdatasync(fileno(journal->file)) == 0)
        return true;
    return error_set(error, "%s: cannot be written: %s; make room, then resume the run",
                     journal->path, strerror(errno));
}

/* Takes the seal off a line that carries the right one, to the letter; false where it does not. */
static bool open_seal(char *line, size_t length)
{
    char wanted[SEAL_BYTES + 2];
    if (length < SEAL_BYTES + 1)
        return false;
    char *seal = line + length - 1 - SEAL_BYTES;
    snprintf(wanted, sizeof wanted, " #%016" PRIx64 "\n",
             hash_bytes(HASH_START, line, (size_t)(seal - line)));
    if (memcmp(seal, wanted, SEAL_BYTES + 1) != 0)
        return false;
    *seal = '\0';
    return true;
}

static bool open_file(struct journal *journal, const char *path, int flags, const char *mode,
                      struct error *error)
{
    snprintf(journal->path, sizeof journal->path, "%s", path);
    int descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0666);
    journal->file = descriptor >= 0 ? fdopen(descriptor, mode) : NULL;
    if (journal->file == NULL && errno == ENOENT && !(flags & O_CREAT))
        return error_set(error,
                         "%s: cannot be opened: %s; give the folder of a run, and of a sweep that "
                         "of the whole (a point's has no journal)",
                         path, strerror(errno));
    return journal->file != NULL ||
           error_set(error, "%s: cannot be opened: %s", path, strerror(errno));
}

bool journal_create(struct journal *journal, const char *path,
                    const struct journal_identity *identity, struct error *error)
{
    char line[256];
    if (!open_file(journal, path, O_RDWR | O_CREAT | O_EXCL, "w+", error))
        return false;
    int length = snprintf(line, sizeof line, "%s %s %016" PRIx64 " %s", magic, identity->scenario,
                          identity->scenario_hash, identity->build);
    if (put_line(journal, line, (size_t)length, error))
        return true;
    journal_close(journal);
    return false;
}

/* Reads and parses the first line from an open file. */
static bool read_identity(struct journal *journal, struct journal_identity *identity,
                          struct error *error)
{
    char line[512], format[32];
    bool good = fgets(line, sizeof line, journal->file) != NULL && open_seal(line, strlen(line)) &&
                sscanf(line, "%31s %63s %16" SCNx64 " %63s", format, identity->scenario,
                       &identity->scenario_hash, identity->build) == 4 &&
                strcmp(format, magic) == 0;
    return good ||
           error_set(error, "%s: is no whole journal; run the scenario again", journal->path);
}

bool journal_identify(const char *path, struct journal_identity *identity, struct error *error)
{
    struct journal journal;
    if (!open_file(&journal, path, O_RDONLY, "r", error))
        return false;
    bool good = read_identity(&journal, identity, error);
    journal_close(&journal);
    return good;
}

static bool check_identity(const struct journal *journal, const struct journal_identity *found,
                           const struct journal_identity *expected, struct error *error)
{
    if (strcmp(found->build, expected->build) != 0)
        return error_set(error,
                         "%s: was written by build %s, this is %s: only the same build gives "
                         "the same bytes; run the scenario again",
                         journal->path, found->build, expected->build);
    if (found->scenario_hash != expected->scenario_hash)
        return error_set(error, "%s: belongs to another scenario; was scenario.yaml changed?",
                         journal->path);
    return true;
}

/* False where the line is no unit of this design. One that is there already stays. */
static bool take_unit(struct design *design, const char *line)
{
    struct unit_key key;
    if (!unit_text_key(line, &key))
        return false;
    struct unit_result *unit = design_unit(design, key.point, key.scheme, key.replication);
    if (unit == NULL || unit->done)
        return unit != NULL;
    if (!unit_text_read(unit, line)) {
        unit_result_clear(unit);
        return false;
    }
    unit_result_finish(unit);
    design->done++;
    return true;
}

/* Reads units up to the first line that is not whole; the offset of its start. */
static long take_units(struct journal *journal, struct design *design)
{
    char *line = NULL;
    size_t room = 0;
    long whole = ftell(journal->file);
    ssize_t length;
    while ((length = getline(&line, &room, journal->file)) > 0 && open_seal(line, (size_t)length) &&
           take_unit(design, line))
        whole = ftell(journal->file);
    free(line);
    return whole;
}

static bool cut(struct journal *journal, long whole, struct error *error)
{
    if (whole >= 0 && fflush(journal->file) == 0 && ftruncate(fileno(journal->file), whole) == 0 &&
        fseek(journal->file, whole, SEEK_SET) == 0)
        return true;
    return error_set(error, "%s: cannot be cut: %s", journal->path, strerror(errno));
}

static bool open_own(struct journal *journal, const char *path, int flags, const char *mode,
                     const struct journal_identity *identity, struct error *error)
{
    struct journal_identity found;
    if (!open_file(journal, path, flags, mode, error))
        return false;
    if (read_identity(journal, &found, error) && check_identity(journal, &found, identity, error))
        return true;
    journal_close(journal);
    return false;
}

bool journal_resume(struct journal *journal, const char *path,
                    const struct journal_identity *identity, struct design *design,
                    struct error *error)
{
    if (!open_own(journal, path, O_RDWR, "r+", identity, error))
        return false;
    if (cut(journal, take_units(journal, design), error))
        return true;
    journal_close(journal);
    return false;
}

bool journal_load(const char *path, const struct journal_identity *identity, struct design *design,
                  struct error *error)
{
    struct journal journal;
    if (!open_own(&journal, path, O_RDONLY, "r", identity, error))
        return false;
    take_units(&journal, design);
    journal_close(&journal);
    return true;
}

bool journal_check(const char *path, struct error *error)
{
    struct journal journal;
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t length;
    bool whole = true;
    if (!open_file(&journal, path, O_RDONLY, "r", error))
        return false;
    while (whole && (length = getline(&line, &room, journal.file)) > 0) {
        number++;
        whole = open_seal(line, (size_t)length);
    }
    free(line);
    journal_close(&journal);
    return whole || error_set(error, "%s:%zu: this line broke off or was changed", path, number);
}

bool journal_append(struct journal *journal, const struct unit_result *unit, struct error *error)
{
    char *line = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&line, &length);
    CHECK(memory != NULL);
    unit_text_write(unit, memory);
    CHECK(fclose(memory) == 0);
    bool good = put_line(journal, line, length, error);
    free(line);
    return good;
}

void journal_close(struct journal *journal)
{
    if (journal->file != NULL)
        fclose(journal->file);
    journal->file = NULL;
}
