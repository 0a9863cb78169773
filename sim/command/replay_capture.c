/* One capture again: its pictures, stage by stage, and at which one the code was lost. */
#include "look.h"
#include "output/folder.h"
#include "picture.h"
#include "replay.h"

#include <stdlib.h>
#include <string.h>

/* --- which capture --- */

/* Splits "SCHEME/REPLICATION/NUMBER" at the last slash. */
static bool split(const char *id, char *unit, size_t room, uint64_t *number)
{
    const char *slash = strrchr(id, '/');
    if (slash == NULL || (size_t)(slash - id) >= room || slash[1] == '\0' || strlen(slash) > 18 ||
        strspn(slash + 1, "0123456789") != strlen(slash + 1))
        return false;
    snprintf(unit, room, "%.*s", (int)(slash - id), id);
    *number = strtoull(slash + 1, NULL, 10);
    return strchr(unit, '/') != NULL;
}

static enum exit_code complain_number(const struct run *run, const struct unit_result *unit,
                                      const struct wanted_capture *wanted)
{
    struct unit_name name = run_unit_name(run, unit);
    if (wanted->last == 0)
        return complain(EXIT_USAGE, "--capture: no picture was taken in %s", name.text);
    return complain(EXIT_USAGE, "--capture: the pictures of %s are %s/1 to %s/%llu, not %llu",
                    name.text, name.text, name.text, (unsigned long long)wanted->last,
                    (unsigned long long)wanted->number);
}

/* The pipeline is a pure function: the same answer, or this program is broken. */
static bool check_again(const struct shot *now, const struct shot *then, struct error *error)
{
    return (now->decoded.status == then->decoded.status &&
            now->decoded.length == then->decoded.length &&
            memcmp(now->decoded.text, then->decoded.text, now->decoded.length) == 0) ||
           error_set(error, "the same capture gave %s in the unit, and %s now: this is a bug",
                     decode_status_name(then->decoded.status),
                     decode_status_name(now->decoded.status));
}

/* --- in words --- */

static void print_look(FILE *out, const struct look *look, const struct exhibit *exhibit,
                       const char *id)
{
    fprintf(out, "capture %s by the %s, at " TRACE_SECONDS " s: %s\n", id, exhibit->who,
            TRACE_PARTS(exhibit->at), exhibit->outcome);
    look_print_code(out, look);
    picture_describe(out, &exhibit->shot);
    look_print_stages(out, look);
    fputs("decoder: ", out);
    look_print_why(out, look);
}

static bool write_words(const struct look *look, const struct exhibit *exhibit, const char *id,
                        const char *directory, struct error *error)
{
    char *text = NULL;
    size_t length = 0;
    struct folder folder;
    FILE *memory = open_memstream(&text, &length);
    CHECK(memory != NULL);
    print_look(memory, look, exhibit, id);
    CHECK(fclose(memory) == 0);
    bool good = folder_open(&folder, directory, error);
    if (good) {
        good = folder_write(&folder, "capture.txt", text, length, error);
        folder_close(&folder);
    }
    free(text);
    return good;
}

/* DIR/replay/SCHEME-REPLICATION-NUMBER, or `out`. */
static void choose_folder(const struct run *run, const char *id, const char *out, char *directory)
{
    char name[96];
    snprintf(name, sizeof name, "%s", id);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '/' ? '-' : *at;
    if (out != NULL)
        snprintf(directory, RUN_PATH_BYTES, "%s", out);
    else
        snprintf(directory, RUN_PATH_BYTES, "%.*s/replay/%s", RUN_PATH_BYTES - 128, run->directory,
                 name);
}

static enum exit_code show_capture(const struct replay *replay, const struct exhibit *exhibit,
                                   const char *id, const char *out)
{
    char directory[RUN_PATH_BYTES];
    struct look look;
    struct error error;
    choose_folder(replay->run, id, out, directory);
    look_init(&look, &exhibit->shot);
    bool good = check_again(&look.shot, &exhibit->shot, &error) &&
                look_write(&look, directory, &error) &&
                write_words(&look, exhibit, id, directory, &error);
    if (good) {
        print_look(replay->out, &look, exhibit, id);
        fprintf(replay->out, "pictures %s/\n", directory);
    }
    look_fini(&look);
    return good ? EXIT_DONE : complain(EXIT_FAILED, "%s", error.text);
}

enum exit_code replay_capture(struct replay *replay, const char *id, const char *out)
{
    struct wanted_capture wanted = {.number = 0};
    char text[80];
    enum unit_end end;
    if (!split(id, text, sizeof text, &wanted.number))
        return complain(EXIT_USAGE,
                        "--capture takes SCHEME/REPLICATION/NUMBER as in image-code/0/12, not '%s'",
                        id);
    const struct unit_result *unit = run_find_unit(replay->run, "--capture", text);
    if (unit == NULL)
        return EXIT_USAGE;
    struct unit_result *again = unit_result_new(unit->tables, unit->scheme, unit->replication);
    again->point = unit->point;
    enum exit_code code = replay_run(replay, again, &wanted, &end);
    if (wanted.found) { /* though a trace may not be whole */
        enum exit_code shown = show_capture(replay, &wanted.exhibit, id, out);
        code = code == EXIT_DONE ? shown : code;
    } else if (code == EXIT_DONE) {
        code = complain_number(replay->run, unit, &wanted);
    }
    unit_result_free(again);
    return code;
}
