#include "crash_vfs.h"

#include "engine/error.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A write since the last sync. */
struct unsynced {
    struct unsynced *older;
    sqlite3_int64 offset, old_size;
    int bytes, old_bytes; /* of old: less where the file ended */
    char *new, *old;
};

struct crash_file {
    sqlite3_file base; /* first: SQLite's pointer is to it */
    struct crash_file *next;
    struct unsynced *unsynced; /* the newest */
    sqlite3_file *real;        /* lies behind */
};

static sqlite3_vfs *real_vfs;
static struct crash_file *files;
static unsigned countdown;
static bool power_loss, full;
static uint64_t state = 1;

static uint32_t draw(uint32_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth's LCG */
    return (uint32_t)(state >> 33) % below;
}

void crash_vfs_arm(unsigned after, bool with_power_loss, uint64_t seed)
{
    countdown = after;
    power_loss = with_power_loss;
    state = seed;
}

void crash_vfs_fill(bool is_full)
{
    full = is_full;
}

static struct crash_file *of(sqlite3_file *file)
{
    return (struct crash_file *)(void *)file;
}

static void forget(struct crash_file *file)
{
    while (file->unsynced != NULL) {
        struct unsynced *write = file->unsynced;
        file->unsynced = write->older;
        free(write->new);
        free(write->old);
        free(write);
    }
}

static void note(struct crash_file *file, const void *data, int bytes, sqlite3_int64 offset)
{
    struct unsynced *write = calloc(1, sizeof *write);
    CHECK(write != NULL);
    *write = (struct unsynced){.older = file->unsynced, .offset = offset, .bytes = bytes};
    write->new = malloc((size_t)bytes + 1);
    write->old = malloc((size_t)bytes + 1);
    CHECK(write->new != NULL && write->old != NULL);
    memcpy(write->new, data, (size_t)bytes);
    file->real->pMethods->xFileSize(file->real, &write->old_size);
    sqlite3_int64 there = write->old_size - offset;
    write->old_bytes = there < 0 ? 0 : there < bytes ? (int)there : bytes;
    if (write->old_bytes > 0)
        file->real->pMethods->xRead(file->real, write->old, write->old_bytes, offset);
    file->unsynced = write;
}

/* Undoes the newest first; returns the oldest, with `older` now pointing to the next newer one. */
static struct unsynced *undo(struct crash_file *file)
{
    struct unsynced *oldest = NULL;
    const sqlite3_io_methods *real = file->real->pMethods;
    while (file->unsynced != NULL) {
        struct unsynced *write = file->unsynced;
        file->unsynced = write->older;
        if (write->old_bytes > 0)
            real->xWrite(file->real, write->old, write->old_bytes, write->offset);
        real->xTruncate(file->real, write->old_size);
        write->older = oldest;
        oldest = write;
    }
    return oldest;
}

static void lose_power(void)
{
    for (struct crash_file *file = files; file != NULL; file = file->next)
        for (struct unsynced *write = undo(file); write != NULL; write = write->older)
            if (draw(2) == 0)
                file->real->pMethods->xWrite(file->real, write->new, write->bytes, write->offset);
}

/* Is it now? */
static bool strikes(void)
{
    return countdown > 0 && --countdown == 0;
}

static void die(void)
{
    if (power_loss)
        lose_power();
    kill(getpid(), SIGKILL);
    _exit(1); /* not reached */
}

static int crash_write(sqlite3_file *base, const void *data, int bytes, sqlite3_int64 offset)
{
    struct crash_file *file = of(base);
    if (full)
        return SQLITE_FULL;
    if (power_loss)
        note(file, data, bytes, offset);
    if (strikes()) {
        file->real->pMethods->xWrite(file->real, data, (int)draw((uint32_t)bytes + 1), offset);
        die();
    }
    return file->real->pMethods->xWrite(file->real, data, bytes, offset);
}

static int crash_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    if (strikes())
        die();
    forget(of(base)); /* as if it were synchronised: seldom enough */
    return of(base)->real->pMethods->xTruncate(of(base)->real, size);
}

static int crash_sync(sqlite3_file *base, int flags)
{
    if (strikes())
        die();
    int status = of(base)->real->pMethods->xSync(of(base)->real, flags);
    forget(of(base));
    return status;
}

static int crash_close(sqlite3_file *base)
{
    struct crash_file **link = &files;
    while (*link != of(base))
        link = &(*link)->next;
    *link = of(base)->next;
    forget(of(base));
    return of(base)->real->pMethods->xClose(of(base)->real);
}

static int crash_read(sqlite3_file *base, void *data, int bytes, sqlite3_int64 offset)
{
    return of(base)->real->pMethods->xRead(of(base)->real, data, bytes, offset);
}

static int crash_size(sqlite3_file *base, sqlite3_int64 *size)
{
    return of(base)->real->pMethods->xFileSize(of(base)->real, size);
}

static int crash_lock(sqlite3_file *base, int level)
{
    return of(base)->real->pMethods->xLock(of(base)->real, level);
}

static int crash_unlock(sqlite3_file *base, int level)
{
    return of(base)->real->pMethods->xUnlock(of(base)->real, level);
}

static int crash_reserved(sqlite3_file *base, int *result)
{
    return of(base)->real->pMethods->xCheckReservedLock(of(base)->real, result);
}

static int crash_control(sqlite3_file *base, int what, void *argument)
{
    return of(base)->real->pMethods->xFileControl(of(base)->real, what, argument);
}

static int crash_sector(sqlite3_file *base)
{
    return of(base)->real->pMethods->xSectorSize(of(base)->real);
}

static int crash_characteristics(sqlite3_file *base)
{
    return of(base)->real->pMethods->xDeviceCharacteristics(of(base)->real);
}

static const sqlite3_io_methods methods = {.iVersion = 1, /* no shared memory, no mapping */
                                           .xClose = crash_close,
                                           .xRead = crash_read,
                                           .xWrite = crash_write,
                                           .xTruncate = crash_truncate,
                                           .xSync = crash_sync,
                                           .xFileSize = crash_size,
                                           .xLock = crash_lock,
                                           .xUnlock = crash_unlock,
                                           .xCheckReservedLock = crash_reserved,
                                           .xFileControl = crash_control,
                                           .xSectorSize = crash_sector,
                                           .xDeviceCharacteristics = crash_characteristics};

static int crash_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                      int *out_flags)
{
    struct crash_file *file = of(base);
    (void)vfs;
    *file = (struct crash_file){.real = (sqlite3_file *)(void *)(file + 1)};
    int status = real_vfs->xOpen(real_vfs, name, file->real, flags, out_flags);
    if (status != SQLITE_OK)
        return status;
    file->base.pMethods = &methods;
    file->next = files;
    files = file;
    return SQLITE_OK;
}

void crash_vfs_install(void)
{
    static sqlite3_vfs vfs;
    real_vfs = sqlite3_vfs_find(NULL);
    CHECK(real_vfs != NULL);
    vfs = *real_vfs;
    vfs.zName = "crash";
    vfs.xOpen = crash_open;
    vfs.szOsFile = (int)sizeof(struct crash_file) + real_vfs->szOsFile;
    CHECK(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}
