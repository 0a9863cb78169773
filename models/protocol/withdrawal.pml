/*
 * One reservation and everything that may happen to it: a model for Spin of what bank and terminals
 * say to each other, with every message lost, late, twice, replayed or overtaken, bank and
 * terminals crashing at any step, codes stolen and guessed. scripts/check-protocol runs it.
 *
 * The network is a set: what was once sent stays in it and may be received at any time, any number
 * of times, in any order, or never. That is loss, delay, duplication, replay and reordering at
 * once, and it has far fewer states than queues have.
 *
 * A transaction is a terminal's attempt, under a trace number of its own. Whoever stands there, the
 * owner or a thief with a photograph of the code, shows the right code, so every transaction may be
 * asked for; so may a wrong one (the guesser). Retries are the same message again.
 *
 *     terminal  IDLE -> ASKED -> PERMITTED -> notes out -> TOLD -> CLOSED
 *                         \______ gives up ___\______ -> REVERSING -> CLOSED
 *     bank      OPEN -> GIVEN (to one transaction) -> PAID | REVERSED;  OPEN -> EXPIRED | LOCKED
 *
 * What is durable survives a crash: all of the bank's record below, a terminal's journal (`at`,
 * except that PERMITTED is known in memory only) and the dispenser's own counter (`out`).
 *
 * A mutant (-DMUTANT=n) breaks one rule; Spin has to find a violation in each.
 */
#ifndef N
#define N 4 /* transactions, at whichever terminals: nothing in the rules depends on whose they are */
#endif
#define TRIES 2

#ifndef MUTANT
#define MUTANT 0
#endif
#define CHECK_THEN_ACT (MUTANT == 1)     /* the bank looks in one step and permits in another */
#define REPLY_FIRST (MUTANT == 2)        /* the permit leaves before it is written */
#define NO_TOMBSTONE (MUTANT == 3)       /* a reversal before its request is forgotten */
#define LATE_PERMIT (MUTANT == 4)        /* a terminal that gave up pays on a permit all the same */
#define NO_COUNTER (MUTANT == 5)         /* a restarted terminal takes notes for not out */
#define ANY_TERMINAL (MUTANT == 6)       /* a permit is repeated to whoever asks */
#define LOCKED_HOLDS (MUTANT == 7)       /* lock-out does not release the hold */
#define OVERDUE_PAYS (MUTANT == 8)       /* only the sweep looks at the time */
#define TRIES_IN_MEMORY (MUTANT == 9)    /* a crash forgets wrong tries */
#define REVERSES_ANYBODY (MUTANT == 10)  /* a reversal is not held against its transaction */
#define REOPENS (MUTANT == 11)           /* after a reversal the code is good again */
#define CODE_STAYS (MUTANT == 12)        /* a permit does not use the code up */

/* ---- the network: what was sent ---- */
bool request[N], wrong[N], permit[N], refusal[N], reversal[N], reversed[N], advice[N], booked[N];

/* ---- the bank's record ---- */
#define OPEN 0
#define GIVEN 1
#define PAID 2
#define REVERSED 3
#define EXPIRED 4
#define LOCKED 5
byte state = OPEN, owner = N, tries = 0;
bool tombstone[N];
short balance = 0, held = 1, paid = 0; /* the reservation's amount is 1 */

/* ---- the bank's memory ---- */
bool checked[N];       /* CHECK_THEN_ACT */
byte unwritten = N;    /* REPLY_FIRST */

/* ---- terminals ---- */
#define IDLE 0
#define ASKED 1
#define SEEN 2      /* the permit, in memory */
#define TOLD 3      /* notes are out, and the journal knows */
#define REVERSING 4
#define CLOSED 5
byte at[N];
bool out[N]; /* the dispenser's counter went up */

/* ---- what the model knows and no party does ---- */
bool overdue;      /* the lifetime of the code is over */
byte wrong_tries;  /* answered with "wrong" */
byte permits;      /* transactions ever permitted */

#define unfinished(t) (at[t] == ASKED || at[t] == SEEN || at[t] == TOLD || at[t] == REVERSING)

/* The ten invariants, by number; after every step. */
hidden byte k, outs, busy;
inline check()
{
    d_step {
        k = 0; outs = 0; busy = 0;
        do
        :: k < N ->
            outs = outs + out[k];
            busy = busy + unfinished(k);
            assert(!out[k] || (owner == k && (state == GIVEN || state == PAID))); /* 1 */
            assert(!(permit[k] && refusal[k]) || tombstone[k]);                   /* 4 */
            assert(!permit[k] || state != OPEN);                                  /* 5 */
            assert(!reversed[k] || !(state == GIVEN && owner == k));              /* 6 */
            assert(!(out[k] && reversal[k]));                                     /* 7 */
            assert(!advice[k] || out[k]);                                         /* 10 */
            k++
        :: else -> break
        od;
        assert(outs <= 1 && permits <= 1);                                            /* 1, 4 */
        assert(balance + held + paid == 1 && balance >= 0 && held >= 0 && paid >= 0); /* 2 */
        assert(held == (state == OPEN || state == GIVEN));                            /* 2, 9 */
        assert(paid == (state == PAID));                                              /* 2 */
        assert(busy > 0 || state != GIVEN);                                           /* 3 */
        assert(wrong_tries < TRIES || state != OPEN)                                  /* 8, 9 */
    }
}

/* ---- the bank: one transaction of its database a step ---- */

inline give(t)
{
    assert(!overdue); /* 8 */
    permits = permits + !permit[t];
    permit[t] = true;
    if
    :: !CODE_STAYS -> state = GIVEN; owner = t
    :: else -> owner = t
    fi
}

inline expire()
{
    state = EXPIRED; held--; balance++
}

inline answer_request(t)
{
    if
    :: tombstone[t] -> refusal[t] = true
    :: !tombstone[t] && (state == GIVEN || state == PAID) && owner == t -> permit[t] = true
    :: !tombstone[t] && state == GIVEN && owner != t && ANY_TERMINAL ->
        permits = permits + !permit[t]; permit[t] = true
    :: !tombstone[t] && state == OPEN && overdue && !OVERDUE_PAYS -> expire(); refusal[t] = true
    :: !tombstone[t] && state == OPEN && (!overdue || OVERDUE_PAYS) ->
        if
        :: CHECK_THEN_ACT -> checked[t] = true
        :: REPLY_FIRST -> permits = permits + !permit[t];
                          permit[t] = true; unwritten = t
        :: else -> give(t)
        fi
    :: else -> refusal[t] = true
    fi
}

inline answer_wrong(t)
{
    if
    :: state == OPEN && !overdue ->
        tries++; wrong_tries++;
        if
        :: tries >= TRIES ->
            state = LOCKED;
            if
            :: !LOCKED_HOLDS -> held--; balance++
            :: else
            fi
        :: else
        fi
    :: else
    fi;
    wrong[t] = false /* a guess is not repeated: each is a try of its own */
}

inline answer_reversal(t)
{
    if
    :: state == GIVEN && (owner == t || REVERSES_ANYBODY) ->
        if
        :: REOPENS -> state = OPEN
        :: else -> state = REVERSED; held--; balance++
        fi
    :: else
    fi;
    if
    :: !NO_TOMBSTONE || permit[t] -> tombstone[t] = true
    :: else
    fi;
    reversed[t] = true
}

inline answer_advice(t)
{
    if
    :: state == GIVEN && owner == t -> state = PAID; held--; paid++
    :: else
    fi;
    booked[t] = true
}

proctype bank(byte t) /* one of its workers, for whatever comes from transaction t */
{
    do
    :: atomic { request[t] -> answer_request(t); check() }
    :: atomic { wrong[t] -> answer_wrong(t); check() }
    :: atomic { reversal[t] && !reversed[t] -> answer_reversal(t); check() }
    :: atomic { advice[t] && !booked[t] -> answer_advice(t); check() }
    :: atomic { CHECK_THEN_ACT && checked[t] -> checked[t] = false; give(t); check() }
    :: atomic { REPLY_FIRST && unwritten == t ->
                unwritten = N; state = GIVEN; owner = t; check() }
    od
}

/* ---- a terminal's transaction ---- */

proctype transaction(byte t)
{
    do
    :: atomic { at[t] == IDLE -> at[t] = ASKED; request[t] = true; check() }
    :: atomic { at[t] == IDLE -> at[t] = CLOSED; wrong[t] = true; check() } /* a guesser's */
    :: atomic { at[t] == ASKED && permit[t] -> at[t] = SEEN; check() }
    :: atomic { at[t] == ASKED && refusal[t] -> at[t] = CLOSED; check() }
    :: atomic { at[t] == SEEN && !out[t] -> out[t] = true; check() }
    :: atomic { at[t] == SEEN && out[t] -> at[t] = TOLD; advice[t] = true; check() }
    :: atomic { at[t] == TOLD && booked[t] -> at[t] = CLOSED; check() }
    :: atomic { at[t] == ASKED -> at[t] = REVERSING; reversal[t] = true; check() } /* timeout */
    :: atomic { LATE_PERMIT && at[t] == REVERSING && permit[t] && !out[t] -> out[t] = true; check() }
    :: atomic { at[t] == REVERSING && reversed[t] -> at[t] = CLOSED; check() }
    /* A crash forgets the permit; after the restart the counter says what became of the notes. */
    :: atomic { at[t] == SEEN && (!out[t] || NO_COUNTER) ->
                at[t] = REVERSING; reversal[t] = true; check() }
    :: atomic { at[t] == SEEN && out[t] && !NO_COUNTER -> at[t] = TOLD; advice[t] = true; check() }
    od
}

/* ---- time, and the bank's crash ---- */

proctype world()
{
    do
    :: atomic { !overdue -> overdue = true; check() }
    :: atomic { overdue && state == OPEN -> expire(); check() } /* the sweep */
    :: atomic { TRIES_IN_MEMORY && tries > 0 -> tries = 0; check() }
    :: atomic { unwritten < N -> unwritten = N; check() }
    od
}

init
{
    atomic {
        byte i = 0;
        do
        :: i < N -> run bank(i); run transaction(i); i++
        :: else -> break
        od;
        run world()
    }
}
