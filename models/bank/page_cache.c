#include "bank/page_cache.h"

#include "engine/error.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Small databases take small slabs; large ones whole huge pages, which spare the processor half of
 * its way to a page that is in no cache. */
enum { LEAF_PAGES = 1024, SMALL_SLAB = 1 << 18, SMALL_SLABS = 8, HUGE_SLAB = 1 << 21 };

/* Lies between its page's bytes and SQLite's own `extra` bytes, in one piece. */
struct page {
    sqlite3_pcache_page page; /* first: SQLite hands back a pointer to it */
    struct page *next_free;
    unsigned number;
};

struct leaf {
    struct page *pages[LEAF_PAGES];
    unsigned used;
};

struct slab {
    struct slab *next;
};

struct cache {
    sqlite3_pcache *usual; /* a file's: SQLite's own cache; null: in memory, what follows */
    size_t page_bytes, extra_bytes, whole_bytes;
    struct leaf **leaves; /* by page number / LEAF_PAGES; null where no page is */
    unsigned leaf_count, page_count;
    unsigned last; /* no page number is larger, but for: */
    struct page
        *far; /* one page, or null, that lies so far beyond the others that it has no leaf */
    struct page *free_pages;
    struct slab *slabs;
    unsigned slab_count;
    char *rest; /* of the newest slab */
    size_t rest_bytes;
};

static sqlite3_pcache_methods2 usual;

static size_t rounded(size_t bytes)
{
    return (bytes + 15) & ~(size_t)15; /* as malloc aligns */
}

static sqlite3_pcache *create(int page_bytes, int extra_bytes, int purgeable)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return NULL;
    cache->page_bytes = (size_t)page_bytes;
    cache->extra_bytes = rounded((size_t)extra_bytes);
    cache->whole_bytes =
        rounded(cache->page_bytes) + cache->extra_bytes + rounded(sizeof(struct page));
    if (purgeable && (cache->usual = usual.xCreate(page_bytes, extra_bytes, 1)) == NULL) {
        free(cache);
        return NULL;
    }
    return (sqlite3_pcache *)cache;
}

static void destroy(sqlite3_pcache *handle)
{
    struct cache *cache = (struct cache *)handle;
    if (cache->usual != NULL)
        usual.xDestroy(cache->usual);
    for (unsigned i = 0; i < cache->leaf_count; i++)
        free(cache->leaves[i]);
    free(cache->leaves);
    while (cache->slabs != NULL) {
        struct slab *slab = cache->slabs;
        cache->slabs = slab->next;
        free(slab);
    }
    free(cache);
}

/* Null where there is no such page; with `make`, where there is no memory. */
static struct leaf *leaf_of(struct cache *cache, unsigned number, bool make)
{
    unsigned index = number / LEAF_PAGES;
    if (index >= cache->leaf_count) {
        if (!make)
            return NULL;
        unsigned count = index + LEAF_PAGES;
        struct leaf **leaves = realloc(cache->leaves, count * sizeof(struct leaf *));
        if (leaves == NULL)
            return NULL;
        memset(leaves + cache->leaf_count, 0, (count - cache->leaf_count) * sizeof(struct leaf *));
        cache->leaves = leaves;
        cache->leaf_count = count;
    }
    if (cache->leaves[index] == NULL && make)
        cache->leaves[index] = calloc(1, sizeof(struct leaf));
    return cache->leaves[index];
}

/* False where there is no memory. */
static bool set(struct cache *cache, unsigned number, struct page *page)
{
    page->number = number;
    if (number / LEAF_PAGES > cache->last / LEAF_PAGES + 1 && cache->far == NULL) {
        cache->far = page;
        return true;
    }
    struct leaf *leaf = leaf_of(cache, number, true);
    if (leaf == NULL)
        return false;
    leaf->pages[number % LEAF_PAGES] = page;
    leaf->used++;
    if (number > cache->last)
        cache->last = number;
    return true;
}

static inline bool is_far(const struct cache *cache, unsigned number)
{
    return cache->far != NULL && cache->far->number == number;
}

static struct page *take_away(struct cache *cache, unsigned number)
{
    struct leaf *leaf = leaf_of(cache, number, false);
    struct page *page = is_far(cache, number) ? cache->far : NULL;
    if (page != NULL) {
        cache->far = NULL;
        return page;
    }
    page = leaf != NULL ? leaf->pages[number % LEAF_PAGES] : NULL;
    if (page == NULL)
        return NULL;
    leaf->pages[number % LEAF_PAGES] = NULL;
    if (--leaf->used == 0) {
        free(leaf);
        cache->leaves[number / LEAF_PAGES] = NULL;
    }
    return page;
}

static void give_back(struct cache *cache, struct page *page)
{
    page->next_free = cache->free_pages;
    cache->free_pages = page;
    cache->page_count--;
}

static void drop(struct cache *cache, unsigned number)
{
    struct page *page = take_away(cache, number);
    if (page != NULL)
        give_back(cache, page);
}

static bool grow(struct cache *cache)
{
    bool huge = cache->slab_count >= SMALL_SLABS;
    size_t bytes = huge ? HUGE_SLAB : SMALL_SLAB;
    struct slab *slab = aligned_alloc(huge ? HUGE_SLAB : 64, bytes);
    if (slab == NULL)
        return false;
    if (huge)
        madvise(slab, bytes, MADV_HUGEPAGE); /* a wish: without it, all goes on as it is */
    slab->next = cache->slabs;
    cache->slabs = slab;
    cache->slab_count++;
    cache->rest = (char *)slab + rounded(sizeof *slab);
    cache->rest_bytes = bytes - rounded(sizeof *slab);
    return true;
}

static struct page *new_page(struct cache *cache)
{
    struct page *page = cache->free_pages;
    if (page != NULL) {
        cache->free_pages = page->next_free;
    } else {
        if (cache->rest_bytes < cache->whole_bytes && !grow(cache))
            return NULL;
        page = (struct page *)(void *)(cache->rest + rounded(cache->page_bytes));
        page->page = (sqlite3_pcache_page){cache->rest, (char *)page + rounded(sizeof *page)};
        cache->rest += cache->whole_bytes;
        cache->rest_bytes -= cache->whole_bytes;
    }
    memset(page->page.pExtra, 0, cache->extra_bytes);
    return page;
}

/* SQLite follows a pointer after the other from a page's header to its bytes; the processor can
 * bring all of it at once. */
static void look_ahead(const struct cache *cache, const struct page *page)
{
    const char *end = (const char *)page, *from = end - rounded(cache->page_bytes);
    size_t behind = rounded(sizeof *page) + cache->extra_bytes;
    for (size_t i = 0; i < behind; i += 64)
        __builtin_prefetch(end + i);
    for (size_t i = 0; i < cache->page_bytes; i += 64)
        __builtin_prefetch(from + i);
}

static sqlite3_pcache_page *fetch(sqlite3_pcache *handle, unsigned number, int make)
{
    struct cache *cache = (struct cache *)handle;
    if (cache->usual != NULL)
        return usual.xFetch(cache->usual, number, make);
    struct leaf *leaf = leaf_of(cache, number, false);
    struct page *page = leaf != NULL ? leaf->pages[number % LEAF_PAGES] : NULL;
    if (page != NULL) {
        look_ahead(cache, page);
        return &page->page;
    }
    if (is_far(cache, number))
        return &cache->far->page;
    page = make ? new_page(cache) : NULL;
    if (page == NULL)
        return NULL;
    cache->page_count++;
    if (set(cache, number, page))
        return &page->page;
    give_back(cache, page);
    return NULL;
}

/* Nothing is written anywhere that it could be read from again: only what is void goes. */
static void unpin(sqlite3_pcache *handle, sqlite3_pcache_page *page, int discard)
{
    struct cache *cache = (struct cache *)handle;
    if (cache->usual != NULL)
        usual.xUnpin(cache->usual, page, discard);
    else if (discard)
        drop(cache, ((struct page *)(void *)page)->number);
}

static void rekey(sqlite3_pcache *handle, sqlite3_pcache_page *page, unsigned from, unsigned to)
{
    struct cache *cache = (struct cache *)handle;
    if (cache->usual != NULL) {
        usual.xRekey(cache->usual, page, from, to);
        return;
    }
    drop(cache, to);
    struct page *moved = take_away(cache, from);
    CHECK(moved == (struct page *)(void *)page); /* SQLite cannot be told */
    CHECK(set(cache, to, moved));
}

static void truncate_from(sqlite3_pcache *handle, unsigned first)
{
    struct cache *cache = (struct cache *)handle;
    if (cache->usual != NULL) {
        usual.xTruncate(cache->usual, first);
        return;
    }
    if (cache->far != NULL && cache->far->number >= first)
        drop(cache, cache->far->number);
    if (first > cache->last)
        return;
    for (unsigned i = first / LEAF_PAGES; i <= cache->last / LEAF_PAGES; i++)
        for (unsigned j = 0; j < LEAF_PAGES && cache->leaves[i] != NULL; j++)
            if (i * LEAF_PAGES + j >= first)
                drop(cache, i * LEAF_PAGES + j);
    cache->last = first > 0 ? first - 1 : 0;
}

static void set_size(sqlite3_pcache *handle, int pages)
{
    struct cache *cache = (struct cache *)handle;
    if (cache->usual != NULL)
        usual.xCachesize(cache->usual, pages);
}

static int count_pages(sqlite3_pcache *handle)
{
    struct cache *cache = (struct cache *)handle;
    return cache->usual != NULL ? usual.xPagecount(cache->usual) : (int)cache->page_count;
}

static void shrink(sqlite3_pcache *handle)
{
    struct cache *cache = (struct cache *)handle;
    if (cache->usual != NULL)
        usual.xShrink(cache->usual);
}

static int start(void *argument)
{
    (void)argument;
    return usual.xInit != NULL ? usual.xInit(usual.pArg) : SQLITE_OK;
}

static void stop(void *argument)
{
    (void)argument;
    if (usual.xShutdown != NULL)
        usual.xShutdown(usual.pArg);
}

void page_cache_install(void)
{
    static bool installed;
    static const sqlite3_pcache_methods2 methods = {
        1,     NULL,  start, stop,          create,  set_size, count_pages,
        fetch, unpin, rekey, truncate_from, destroy, shrink};
    if (installed)
        return;
    sqlite3_pcache_methods2 ours = methods;
    installed = true;
    if (sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &usual) == SQLITE_OK)
        sqlite3_config(SQLITE_CONFIG_PCACHE2, &ours);
}
