/*
 * Redeeming codes at the bank: what the suite of the bank measures beside whole withdrawals.
 *
 * A redemption is what the terminal asks for: bank_present, which checks both typed codes and makes
 * the permit, and bank_dispensed, which books what came out. Reserving is outside the clock.
 */
#ifndef CASHPOINT_REDEMPTION_H
#define CASHPOINT_REDEMPTION_H

#include "bench/measure.h"

enum { REDEMPTIONS = 1000, REDEMPTION_MINOR = 10000 };

/* In memory: an item is REDEMPTIONS, of as many customers; the answer is what was paid. */
extern const struct subject redemption_in_memory;

/* In a file of the folder for temporary files, with a write-ahead log: an item is one, by the
 * clock, since what is waited for is the disk; the answer is what was paid. Synchronised in full,
 * and left to the operating system. */
extern const struct subject redemption_synchronised, redemption_written;

#endif
