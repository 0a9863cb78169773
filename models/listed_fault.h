/*
 * A fault that a scenario lists, as a line of text: when, what, where, for how long.
 *
 *     10:30 bank-crash 5 min
 *     11:00 terminal-crash atm:3 2 min
 *     34:15 power site:0 20 min
 *
 * The time is counted from the start of the run, so that 34:15 is a quarter past ten on the second
 * day.
 */
#ifndef CASHPOINT_LISTED_FAULT_H
#define CASHPOINT_LISTED_FAULT_H

#include "engine/error.h"
#include "engine/simtime.h"

#include <stdint.h>

enum listed_kind { LISTED_BANK_CRASH, LISTED_TERMINAL_CRASH, LISTED_POWER };

struct listed_fault {
    simtime at, takes;
    enum listed_kind kind;
    uint32_t where; /* ATM or site */
};

bool listed_fault_parse(const char *text, struct listed_fault *fault, struct error *error);

#endif
