/*
 * Inside the storm: one transaction of a terminal's, the messages it sends, and whether what the
 * bank says to each agrees with what it said before.
 *
 * Each sends one message and hears the answer, unless the reply is lost: the bank has said it all
 * the same. False with the broken rule named.
 */
#ifndef CASHPOINT_BANK_STORM_ATTEMPT_H
#define CASHPOINT_BANK_STORM_ATTEMPT_H

#include "bank_storm.h"

/* Of any reservation; of one that is new here, an empty one. */
struct storm_fact *storm_fact_of(struct storm *storm, uint64_t reservation);

/* Names the transaction; returns false. */
bool attempt_breach(const struct storm_attempt *attempt, struct error *error, const char *what);

bool attempt_present(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                     bool reply_lost, struct error *error);
bool attempt_reverse(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                     bool reply_lost, struct error *error);
bool attempt_advise(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                    bool reply_lost, struct error *error);

/* The notes come out, and the counter goes up with them. */
bool attempt_pay_out(struct storm *storm, struct storm_attempt *attempt, struct error *error);

/* Gives up what is under way, or reports what came out, until the bank has acknowledged it. */
bool attempt_end(struct storm *storm, struct bank *bank, struct storm_attempt *attempt,
                 struct error *error);

#endif
