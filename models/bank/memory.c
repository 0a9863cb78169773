#include "bank/memory.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Sizes are multiples of STEP with the head included, and up to LISTED in lists. */
enum { STEP = 32, LISTED = 4096, LISTS = LISTED / STEP + 1, SLAB = 1 << 16 };

/* Before every piece; SQLite wants its memory aligned to 8. */
struct head {
    uint64_t bytes; /* the head included */
};

struct piece {
    struct head head;
    struct piece *next; /* of a free one; else the piece's own */
};

static _Thread_local struct piece *lists[LISTS];
static _Thread_local char *rest; /* of the newest slab */
static _Thread_local size_t rest_bytes;

static uint64_t whole(int bytes)
{
    return ((uint64_t)bytes + sizeof(struct head) + STEP - 1) & ~(uint64_t)(STEP - 1);
}

static struct piece *cut(size_t bytes)
{
    if (rest_bytes < bytes) {
        char *slab = malloc(SLAB); /* what is left of the old one is lost: less than LISTED */
        if (slab == NULL)
            return NULL;
        rest = slab;
        rest_bytes = SLAB;
    }
    struct piece *piece = (struct piece *)(void *)rest;
    rest += bytes;
    rest_bytes -= bytes;
    return piece;
}

static void *take(int wanted)
{
    uint64_t bytes = whole(wanted);
    struct piece *piece;
    if (bytes > LISTED)
        piece = malloc(bytes);
    else if ((piece = lists[bytes / STEP]) != NULL)
        lists[bytes / STEP] = piece->next;
    else
        piece = cut(bytes);
    if (piece == NULL)
        return NULL;
    piece->head.bytes = bytes;
    return &piece->next;
}

static struct piece *piece_of(void *memory)
{
    return (struct piece *)(void *)((char *)memory - sizeof(struct head));
}

static void give_back(void *memory)
{
    struct piece *piece = piece_of(memory);
    uint64_t bytes = piece->head.bytes;
    if (bytes > LISTED) {
        free(piece);
        return;
    }
    piece->next = lists[bytes / STEP];
    lists[bytes / STEP] = piece;
}

static int size_of(void *memory)
{
    return memory == NULL ? 0 : (int)(piece_of(memory)->head.bytes - sizeof(struct head));
}

static void *resize(void *memory, int wanted)
{
    int now = size_of(memory);
    if (whole(wanted) == (uint64_t)now + sizeof(struct head))
        return memory;
    void *other = take(wanted);
    if (other == NULL)
        return NULL;
    memcpy(other, memory, (size_t)(now < wanted ? now : wanted));
    give_back(memory);
    return other;
}

static int round_up(int wanted)
{
    return (int)(whole(wanted) - sizeof(struct head));
}

static int start(void *argument)
{
    (void)argument;
    return SQLITE_OK;
}

static void stop(void *argument)
{
    (void)argument;
}

/* AddressSanitizer watches what comes from malloc. */
#ifdef __SANITIZE_ADDRESS__
static const bool watched = true;
#else
static const bool watched = false;
#endif

void memory_install(void)
{
    sqlite3_mem_methods methods = {take, give_back, resize, size_of, round_up, start, stop, NULL};
    if (!watched)
        sqlite3_config(SQLITE_CONFIG_MALLOC, &methods); /* refused once SQLite has started */
}
