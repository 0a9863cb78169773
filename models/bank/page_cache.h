/*
 * Where SQLite keeps the pages of a database in memory.
 *
 * Its own cache is a hash table, and a transaction that splits a page in the middle of a table goes
 * through all of it: SQLite swaps page numbers by way of a number far beyond the end (that of the
 * lock page), and at commit the cache looks everywhere for pages beyond the end. With random keys
 * that is n log n turned into n squared. Here a page is found by its number in a table of two
 * levels, and cutting off the end costs what was cut off.
 *
 * Databases in files, whose pages come and go, keep SQLite's own cache.
 */
#ifndef CASHPOINT_PAGE_CACHE_H
#define CASHPOINT_PAGE_CACHE_H

/* Before the first database of the process is opened; later calls change nothing. */
void page_cache_install(void);

#endif
