/*
 * A merchant's till beside a POS: notes and coins that shoppers leave in it, and that the merchant
 * counts out to whoever withdraws. What is paid out is the merchant's money until the bank has
 * credited it, so that till and credit together never change but by what shoppers leave.
 */
#ifndef CASHPOINT_TILL_H
#define CASHPOINT_TILL_H

#include <stdbool.h>
#include <stdint.h>

struct till {
    int64_t opening_minor, takings_minor, paid_minor; /* never less than 0; in minor units */
};

static inline int64_t till_holds_minor(const struct till *till)
{
    return till->opening_minor + till->takings_minor - till->paid_minor;
}

/* Any amount that is held can be counted out: small change comes with the purchases. */
static inline bool till_can_pay(const struct till *till, int64_t amount_minor)
{
    return amount_minor <= till_holds_minor(till);
}

#endif
