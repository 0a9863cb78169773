/*
 * Where SQLite's small pieces of memory come from.
 *
 * Every step of a statement takes and gives back a handful of them (cursors, the journal of a
 * transaction), of the same sizes again and again: they lie in lists by size, from which one is
 * taken and to which it goes back in a few instructions. A list belongs to a thread, so that none
 * needs a lock; what one thread gives back of another's is its own from then on. Memory stays in
 * the lists for the next database. Large pieces are malloc's.
 */
#ifndef CASHPOINT_BANK_MEMORY_H
#define CASHPOINT_BANK_MEMORY_H

/* Before the first use of SQLite in the process; later calls change nothing. */
void memory_install(void);

#endif
