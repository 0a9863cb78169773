#include "manifest.h"

#include "engine/hash.h"
#include "output/json.h"
#include "version.h"

#include <gsl/gsl_version.h>
#include <openssl/crypto.h>
#include <png.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <yaml.h>
#include <zbar.h>
#include <zint.h>

/* After stdio.h, which it takes for granted. */
#include <jpeglib.h>

#include <jerror.h>

#define WRITTEN(macro) #macro
#define VALUE_WRITTEN(macro) WRITTEN(macro)
#ifdef LIBJPEG_TURBO_VERSION
#define JPEG_BUILT VALUE_WRITTEN(LIBJPEG_TURBO_VERSION)
#else
#define JPEG_BUILT VALUE_WRITTEN(JPEG_LIB_VERSION)
#endif

static void put(struct text *text, const char *key, const char *value, bool first)
{
    json_key(text, key, first);
    json_string(text, value);
}

/* A member of the whole: on a line of its own. */
static void open_member(struct text *text, const char *key)
{
    text_put(text, text->length == 0 ? "{\n  " : ",\n  ");
    json_key(text, key, true);
}

static void put_member(struct text *text, const char *key, const char *value)
{
    open_member(text, key);
    json_string(text, value);
}

static void put_number(struct text *text, const char *key, double value)
{
    open_member(text, key);
    json_number(text, value);
}

/* The command line as the kernel has it, the words apart by spaces. */
static void put_command(struct text *text)
{
    char words[4096] = "";
    FILE *file = fopen("/proc/self/cmdline", "r");
    size_t length = file != NULL ? fread(words, 1, sizeof words - 1, file) : 0;
    if (file != NULL)
        fclose(file);
    for (size_t i = 0; i + 1 < length; i++)
        if (words[i] == '\0')
            words[i] = ' ';
    put_member(text, "command", words);
}

static void put_cpu(struct text *text)
{
    char line[256], model[256] = "unknown";
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "model name : %255[^\n]", model) == 1)
            break;
    if (file != NULL)
        fclose(file);
    put(text, "cpu", model, false);
}

static void put_machine(struct text *text)
{
    struct utsname name;
    open_member(text, "machine");
    text_put(text, "{");
    if (uname(&name) == 0) {
        put(text, "system", name.sysname, true);
        put(text, "release", name.release, false);
        put(text, "architecture", name.machine, false);
    }
    put_cpu(text);
    json_key(text, "processors", false);
    json_number(text, (double)sysconf(_SC_NPROCESSORS_ONLN));
    text_put(text, "}");
}

static void put_library(struct text *text, const char *name, const char *built, const char *running,
                        bool first)
{
    json_key(text, name, first);
    text_put(text, "{");
    put(text, "built", built, true);
    put(text, "running", running, false);
    text_put(text, "}");
}

/* A running libjpeg names no version but in its messages, and there that of its interface and the
 * years of its copyright. */
static void put_jpeg(struct text *text)
{
    struct jpeg_error_mgr messages;
    char running[160];
    jpeg_std_error(&messages);
    snprintf(running, sizeof running, "%s; %s", messages.jpeg_message_table[JMSG_VERSION],
             messages.jpeg_message_table[JMSG_COPYRIGHT]);
    put_library(text, "libjpeg", JPEG_BUILT, running, false);
}

static void put_libraries(struct text *text, const struct manifest *manifest)
{
    unsigned major = 0, minor = 0, patch = 0;
    char zbar[32], zint[32];
    int version = ZBarcode_Version();
    zbar_version(&major, &minor, &patch);
    snprintf(zbar, sizeof zbar, "%u.%u.%u", major, minor, patch);
    snprintf(zint, sizeof zint, "%d.%d.%d", version / 10000, version / 100 % 100, version % 100);
    open_member(text, "libraries");
    text_put(text, "{");
    put_library(text, "gsl", GSL_VERSION, gsl_version, true);
    put_library(text, "openssl", OPENSSL_VERSION_TEXT, OpenSSL_version(OPENSSL_VERSION), false);
    put_library(text, "libpng", PNG_LIBPNG_VER_STRING, png_get_libpng_ver(NULL), false);
    put_jpeg(text);
    put_library(text, "sqlite", SQLITE_VERSION, sqlite3_libversion(), false);
    put_library(text, "libyaml", "", yaml_get_version_string(), false);
    put_library(text, "zbar", "", zbar, false);
    put_library(text, "zint", "", zint, false);
    if (manifest->mpi_running != NULL)
        put_library(text, "mpi", manifest->mpi_built, manifest->mpi_running, false);
    text_put(text, "}");
}

static void put_build(struct text *text)
{
    put_member(text, "version", CASHPOINT_VERSION);
    put_member(text, "commit", CASHPOINT_COMMIT);
    put_member(text, "compiler", CASHPOINT_COMPILER);
    put_member(text, "build", CASHPOINT_BUILD);
    put_member(text, "sanitizers", CASHPOINT_SANITIZE);
}

static void put_run(struct text *text, const struct manifest *manifest)
{
    char hex[20], when[32];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    put_member(text, "ended", when);
    put_member(text, "scenario", manifest->scenario);
    snprintf(
        hex, sizeof hex, "%016llx",
        (unsigned long long)hash_bytes(HASH_START, manifest->resolved, manifest->resolved_length));
    put_member(text, "scenario_hash", hex);
    snprintf(hex, sizeof hex, "%016llx", (unsigned long long)manifest->fingerprint);
    put_member(text, "fingerprint", hex);
    put_number(text, "seed", (double)manifest->seed);
    put_number(text, "jobs", (double)manifest->jobs);
    put_number(text, "ranks", (double)manifest->ranks);
    put_number(text, "wall_s", manifest->wall_s);
    put_number(text, "cpu_s", manifest->cpu_s);
}

bool manifest_write(const struct folder *folder, const struct manifest *manifest,
                    struct error *error)
{
    struct text text = {0};
    put_command(&text);
    put_build(&text);
    put_run(&text, manifest);
    put_libraries(&text, manifest);
    put_machine(&text);
    text_put(&text, "\n}\n");
    bool good = folder_write(folder, "manifest.json", text.bytes, text.length, error);
    text_free(&text);
    return good;
}

/* --- a manifest against this program --- */

/* What stands behind `"key": ` in a text, up to the end of the line, or of the object; empty where
 * the key is not there. */
static void find_value(const char *text, const char *key, char ends, char *value, size_t room)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *at = strstr(text, quoted);
    size_t length = 0;
    if (at != NULL) {
        at += strlen(quoted) + (ends == '}'); /* without the brace that opens */
        length = strcspn(at, (char[]){ends, '\n', '\0'});
        if (ends == '\n' && length > 0 && at[length - 1] == ',')
            length--;
    }
    snprintf(value, room, "%.*s", (int)length, length > 0 ? at : "");
}

static void compare_value(const char *then, const char *now, const char *key, char ends,
                          manifest_differs *differs)
{
    char old[512], new[512];
    find_value(then, key, ends, old, sizeof old);
    find_value(now, key, ends, new, sizeof new);
    if (strcmp(old, new) != 0)
        differs(key, old[0] != '\0' ? old : "nothing", new);
}

void manifest_compare(const char *then, manifest_differs *differs)
{
    static const char *const parts[] = {"version", "commit", "compiler", "build", "sanitizers"};
    static const char *const libraries[] = {"gsl",    "openssl", "libpng", "libjpeg",
                                            "sqlite", "libyaml", "zbar",   "zint"};
    static const struct manifest alone = {.ranks =
                                              1}; /* whatever the run had: MPI makes no numbers */
    struct text now = {0};
    put_build(&now);
    put_libraries(&now, &alone);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        compare_value(then, now.bytes, parts[i], '\n', differs);
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
        compare_value(then, now.bytes, libraries[i], '}', differs);
    text_free(&now);
}
