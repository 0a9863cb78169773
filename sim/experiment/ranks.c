#include "experiment/ranks.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef CASHPOINT_MODULE_FOLDER
#define CASHPOINT_MODULE_FOLDER "../lib/cashpoint" /* from the program's, when installed */
#endif

enum { PAUSE_LEAST_NS = 50000, PAUSE_MOST_NS = 5000000, SILENCE_PARTS = 100 };

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* --- who was started with whom --- */

static bool take_number(const char *name, int *number)
{
    const char *text = getenv(name);
    char *end;
    long value = text != NULL ? strtol(text, &end, 10) : -1;
    if (text == NULL || end == text || value < 0 || value > 1000000)
        return false;
    *number = (int)value;
    return true;
}

void ranks_started(int *rank, int *size)
{
    static const char *const names[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                           {"PMI_RANK", "PMI_SIZE"},
                                           {"PMIX_RANK", "SLURM_STEP_NUM_TASKS"}};
    const char *wish = getenv("CASHPOINT_MPI");
    bool off = wish != NULL && strcmp(wish, "OFF") == 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !off; i++)
        if (take_number(names[i][0], rank) && take_number(names[i][1], size) && *size > 0)
            return;
    *rank = 0;
    *size = 1;
}

/* --- the module --- */

/* Beside the program (where it was built), or where it is installed. The loader's own search is not
 * asked: nothing but this program's module will do. */
static void *load(char path[4096])
{
    static const char *const folders[] = {"", "/" CASHPOINT_MODULE_FOLDER};
    char program[3072];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return NULL;
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(path, 4096, "%s%s/cashpoint-mpi.so", program, folders[i]);
        if (access(path, R_OK) == 0)
            return dlopen(path,
                          RTLD_NOW | RTLD_GLOBAL); /* global: Open MPI loads parts of itself */
    }
    return NULL;
}

static const struct ranks_module *find_module(int size, struct error *error)
{
    char path[4096] = "";
    void *library = load(path);
    if (library == NULL && access(path, R_OK) != 0) {
        error_set(error,
                  "started as one of %d ranks, but this build has no Open MPI; build it with "
                  "-DCASHPOINT_MPI=ON, or use --jobs, or --shard; with CASHPOINT_MPI=OFF in the "
                  "environment each process runs for itself",
                  size);
        return NULL;
    }
    const struct ranks_module *module =
        library != NULL ? dlsym(library, RANKS_MODULE_SYMBOL) : NULL;
    if (module == NULL)
        error_set(error, "%s: cannot be loaded: %s; is Open MPI installed on this machine?", path,
                  dlerror());
    else if (module->format != RANKS_MODULE_FORMAT)
        error_set(error, "%s: is of another build; build or install again", path);
    else
        return module;
    return NULL;
}

bool ranks_join(struct ranks **ranks, struct error *error)
{
    int rank, size;
    *ranks = NULL;
    ranks_started(&rank, &size);
    if (size == 1)
        return true;
    const struct ranks_module *module = find_module(size, error);
    if (module == NULL)
        return false;
    struct ranks *joined = calloc(1, sizeof *joined);
    CHECK(joined != NULL);
    joined->module = module;
    joined->heard_ns = now_ns();
    if (!module->join(&joined->rank, &joined->size, joined->library, sizeof joined->library))
        error_set(error, "Open MPI does not start on this machine");
    else if (joined->size != size) {
        error_set(error,
                  "started as one of %d, but %s finds %d: use the mpirun of the same Open MPI",
                  size, joined->library, joined->size);
        module->leave();
    } else {
        *ranks = joined;
        return true;
    }
    free(joined);
    return false;
}

void ranks_leave(struct ranks *ranks)
{
    if (ranks == NULL)
        return;
    ranks->module->leave(); /* the module stays loaded: Open MPI is not made to be unloaded */
    free(ranks);
}

/* --- letters --- */

void ranks_send(struct ranks *ranks, int to, enum letter_kind kind, const char *text, size_t length)
{
    ranks->module->send(to, (int)kind, text, length);
    ranks->heard_ns = now_ns();
}

void ranks_send_all(struct ranks *ranks, enum letter_kind kind, const char *text, size_t length)
{
    for (int to = 0; to < ranks->size; to++)
        if (to != ranks->rank)
            ranks_send(ranks, to, kind, text, length);
}

bool ranks_poll(struct ranks *ranks, struct letter *letter)
{
    int kind;
    if (!ranks->module->probe(&letter->from, &kind, &letter->length))
        return false;
    letter->kind = (enum letter_kind)kind;
    letter->text = malloc(letter->length + 1);
    CHECK(letter->text != NULL);
    ranks->module->receive(letter->from, kind, letter->text, letter->length);
    letter->text[letter->length] = '\0';
    ranks->heard_ns = now_ns();
    return true;
}

int64_t ranks_pause_ns(const struct ranks *ranks)
{
    int64_t pause_ns = (now_ns() - ranks->heard_ns) / SILENCE_PARTS;
    return pause_ns < PAUSE_LEAST_NS  ? PAUSE_LEAST_NS
           : pause_ns > PAUSE_MOST_NS ? PAUSE_MOST_NS
                                      : pause_ns;
}

void ranks_wait(struct ranks *ranks, struct letter *letter)
{
    while (!ranks_poll(ranks, letter)) {
        struct timespec pause = {0, ranks_pause_ns(ranks)};
        nanosleep(&pause, NULL);
    }
}
