/*
 * Who draws random numbers for what: the purposes of the streams of the model.
 *
 * A purpose is part of a stream's address (engine/random.h); numbers here must never be used twice
 * or change meaning. Streams of a visit are addressed by customer, visit, try and step, so that
 * both schemes draw the same arrivals, amounts, travel and poses whatever else happens.
 */
#ifndef CASHPOINT_STREAMS_H
#define CASHPOINT_STREAMS_H

enum stream_purpose {
    PURPOSE_ARRIVAL = 1,  /* customer, visit: time to the next reservation */
    PURPOSE_ACCOUNT,      /* customer: opening balance */
    PURPOSE_TOKEN_KEY,    /* customer: the secret in the token */
    PURPOSE_RESERVATION,  /* customer, visit: amount, reservation code */
    PURPOSE_TRAVEL,       /* customer, visit: no-show, ATM, travel time */
    PURPOSE_STEP,         /* customer, visit, try, step: its duration */
    PURPOSE_TYPING,       /* customer, visit, try, step: wrong keys */
    PURPOSE_POSE,         /* customer, visit, try: conditions of the shot */
    PURPOSE_NOISE,        /* customer, visit, try: the sensor's noise */
    PURPOSE_SMS,          /* the bank's SMS codes */
    PURPOSE_CARD_ARRIVAL, /* site, arrival: time to the next */
    PURPOSE_CARD_SESSION, /* site, arrival: duration */
    PURPOSE_SHIFT,        /* thief, shift: at which ATM */
    PURPOSE_ATTACK,       /* customer, visit: what the thief sees, relay, distraction */
    PURPOSE_THIEF_POSE,   /* customer, visit, try (0: the photograph, 1: shown to the ATM) */
    PURPOSE_THIEF_NOISE,  /* the same */
    PURPOSE_BENCH,
    PURPOSE_RANGES,        /* no unit's: the ranges of the curves */
    PURPOSE_PATIENCE,      /* customer, visit: how long one waits */
    PURPOSE_CARD_PATIENCE, /* site, arrival: the same */
    PURPOSE_CARD_RANK,     /* site, arrival: whether one goes before the others */
    PURPOSE_CARD_THINK,    /* site, arrival: time until it */
    PURPOSE_COUNTER,       /* site, arrival: whether one goes on to the counter */
    PURPOSE_COUNTER_SESSION,
    PURPOSE_FAILURE,        /* ATM, repairs so far: time to the failure */
    PURPOSE_REPAIR,         /* ATM, repairs so far: duration */
    PURPOSE_MATRIX,         /* capture (matrix.h): its dots */
    PURPOSE_BANK_CRASH,     /* crashes so far: time to the next, duration */
    PURPOSE_TERMINAL_CRASH, /* ATM, crashes so far: time to the next */
    PURPOSE_RESTART,        /* ATM, restarts so far: duration */
    PURPOSE_POWER,          /* site, outages so far: time to the next, duration */
    PURPOSE_DISPENSE,       /* transaction: whether the machine crashes over it */
    PURPOSE_CAMERA_FAULT,   /* customer, visit, try: whether the shot fails */
    PURPOSE_THIEF_FAULT,    /* the same, of an accomplice's */
    PURPOSE_TOKEN_CLOCK,    /* customer: how far the token's clock is off */
    PURPOSE_TOKEN_LOSS,     /* customer, which token: time to its loss */
    PURPOSE_CERTIFICATE,    /* customer: how old the first certificate is */
    PURPOSE_CHALLENGE,      /* customer, visit: the terminal's challenge */
    PURPOSE_AUTHORITY,      /* the bank's: the authority's keys */
    PURPOSE_COMPUTER,       /* customer: whether the network terminal is a computer */
    PURPOSE_MALWARE,        /* customer: whether it is infected */
    PURPOSE_DISPLAY,        /* customer, visit: whether one looks at the token's, and how long */
    PURPOSE_FORGERY,        /* customer, visit, try: whether a forger comes; what he makes up */
    PURPOSE_POS = 0x60,     /* customer, visit: whether it is a POS, and which */
    PURPOSE_MERCHANT,       /* customer, visit: whether the merchant looks into the till */
    PURPOSE_TILL,           /* POS: what is in its till */
    PURPOSE_ELSEWHERE,      /* customer, visit, places so far: whether one goes on, and where */
    PURPOSE_CARD_AMOUNT,    /* site, arrival: what is taken with a card */
    PURPOSE_PURCHASE,       /* site, arrival: what a shopper leaves in it */
};

/* Messages have the purposes from here on: the address of a message among those of its transaction
 * is added (post.c). */
enum { PURPOSE_MESSAGES = 0x1000, PURPOSE_MESSAGES_END = 0x2000 };

#endif
