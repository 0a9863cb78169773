/*
 * Bare SQLite: the fewest prepared statements that keep a withdrawal in a database (an account's
 * money, a reservation's state, a journal), in memory, in three transactions as the bank makes
 * them. No rules: no card, no limit, no expiry, no tries, no look-up by mobile number, no
 * registration.
 */
#ifndef CASHPOINT_BARE_SQLITE_H
#define CASHPOINT_BARE_SQLITE_H

#include <stdint.h>

struct bare_sqlite;

/* With `accounts` accounts, numbered from 0. */
struct bare_sqlite *bare_sqlite_new(unsigned accounts);
void bare_sqlite_free(struct bare_sqlite *bare);

/* Reserves; permits, where the code is right; pays. Returns what is permitted, 0: nothing. */
int64_t bare_sqlite_withdraw(struct bare_sqlite *bare, unsigned account, int64_t amount,
                             int64_t code);

#endif
