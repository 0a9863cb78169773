/*
 * What the model measures: the metrics, curves and stages of its records, in one table each.
 */
#ifndef CASHPOINT_MEASURES_H
#define CASHPOINT_MEASURES_H

#include "experiment/measure.h"
#include "message.h"
#include "settings.h"

/* identifier, name in records, kind, unit, scale, counts events among trials, help */
#define MEASURES(X)                                                                                \
    X(M_RESERVATIONS, "reservations", COUNT, "1", 1, false, "reservations tried")                  \
    X(M_PAID, "withdrawals-paid", COUNT, "1", 1, false, "withdrawals paid to their owners")        \
    X(M_COMPLETION, "completion", RATIO, "1", 1, true,                                             \
      "customers who came to an ATM and left with their cash")                                     \
    X(M_FALSE_REFUSAL, "false-refusal", RATIO, "1", 1, true,                                       \
      "entitled customers at a machine who left without cash: unreadable, misread or mistyped; "   \
      "not where money was short (no-notes, till-too-low)")                                        \
    X(M_RESERVE_TIME, "reserve-time", TIME, "s", 1, false,                                         \
      "from the wish to the reservation: to log in, and the bank's reply (order: reserve-ahead)")  \
    X(M_BANK_WAIT, "bank-wait", TIME, "s", 1, false,                                               \
      "of messages at the bank, until a worker takes them (bank.workers)")                         \
    X(M_BANK_WAIT_99, "bank-wait-p99", RATE, "s", 1, false,                                        \
      "of bank-wait, what 99 of 100 messages do not exceed; mean of the replications'")            \
    X(M_BANK_QUEUE, "bank-queue-length", RATE, "1", 1, false,                                      \
      "messages that wait for a worker, mean over time")                                           \
    X(M_BANK_UTILISATION, "bank-utilisation", RATE, "1", 1, false,                                 \
      "share of time that a worker of the bank is busy")                                           \
    X(M_BANK_SHED, "bank-shed", RATIO, "1", 1, true,                                               \
      "messages that the bank turned away as its queue was full")                                  \
    X(M_BANK_UP, "bank-up", RATE, "1", 1, false, "share of time that the bank's server is up")     \
    X(M_ANSWER_TIME, "answer-time", TIME, "s", 1, false,                                           \
      "from a request's first sending to its answer, where there is one")                          \
    X(M_RETRIES, "retries", RATE, "1", 1, false,                                                   \
      "repetitions of a request to the bank, or of its question to a phone")                       \
    X(M_CODE_TIME, "code-time", TIME, "s", 1, false,                                               \
      "from the bank's question to the phone to its hearing that the code is made (order: "        \
      "at-terminal)")                                                                              \
    X(M_UNANSWERED, "unanswered", RATIO, "1", 1, true,                                             \
      "requests given up after the last repetition: the customer is told")                         \
    X(M_MESSAGES_LOST, "messages-lost", RATIO, "1", 1, true,                                       \
      "messages that never arrived: lost on the way, or whoever they were for was down")           \
    X(M_REVERSALS, "reversals", RATIO, "1", 1, true, "transactions that were taken back")          \
    X(M_LATE_PERMITS, "late-permits", RATIO, "1", 1, true,                                         \
      "permits that came after their transaction was given up, and were not paid")                 \
    X(M_SETTLING, "settling-time", TIME, "s", 1, false,                                            \
      "from a reversal or an advice to its acknowledgement")                                       \
    X(M_CRASHES, "crashes", COUNT, "1", 1, false, "of the bank's server and of machines")          \
    X(M_PRESENTATIONS, "presentations", COUNT, "1", 1, false,                                      \
      "codes put before an ATM's camera, by owners and thieves")                                   \
    X(M_DECODED, "frames-decoded", COUNT, "1", 1, false,                                           \
      "ATM frames that went through the decoder")                                                  \
    X(M_PRESENTATIONS_EACH, "presentations-per-withdrawal", RATE, "1", 1, false,                   \
      "tries (pictures, or typed pairs of codes) of owners for one withdrawal paid")               \
    X(M_DECODE_SUCCESS, "decode-success", RATIO, "1", 1, true,                                     \
      "pictures of owners that were read")                                                         \
    X(M_MISREADS, "misreads", RATIO, "1", 1, true, "pictures read that gave another string")       \
    X(M_ENTRY_ERRORS, "entry-errors", RATIO, "1", 1, true,                                         \
      "typed pairs of codes with a wrong digit")                                                   \
    X(M_QUEUE_WAIT, "queue-wait", TIME, "s", 1, false, "from arrival to the machine")              \
    X(M_CARD_LOST, "card-lost", RATIO, "1", 1, true,                                               \
      "customers with a card who find the queue too long and leave")                               \
    X(M_SESSION, "session-time", TIME, "s", 1, false, "at the machine, of withdrawals paid")       \
    X(M_EXPOSURE, "exposure-time", TIME, "s", 1, false,                                            \
      "from the code's first sight to its acceptance by the bank")                                 \
    X(M_SURVEILLANCE, "surveillance-lost", RATE, "s", 1, false,                                    \
      "seconds of surveillance lost for each withdrawal paid")                                     \
    X(M_UTILISATION, "atm-utilisation", RATE, "1", 1, false, "share of time that an ATM is busy")  \
    X(M_NO_NOTES, "no-notes", RATIO, "1", 1, true,                                                 \
      "requests for cash at an ATM whose cassettes have no notes that make the amount "            \
      "(terminals.cassettes)")                                                                     \
    X(M_CARD_NO_NOTES, "card-no-notes", RATIO, "1", 1, true, "the same, of customers with a card") \
    X(M_OUT_OF_CASH, "out-of-cash", RATE, "1", 1, false,                                           \
      "share of time that an ATM cannot pay out a single bank.note")                               \
    X(M_REFILLS, "refills", COUNT, "1", 1, false, "times that the service filled an ATM")          \
    X(M_ELSEWHERE, "went-elsewhere", RATIO, "1", 1, true,                                          \
      "customers told before a permit that they cannot be paid, who went on to another ATM")       \
    X(M_POS_PAID, "pos-paid", COUNT, "1", 1, false,                                                \
      "of the withdrawals paid, those that merchants paid from their tills")                       \
    X(M_POS_SESSION, "pos-session-time", TIME, "s", 1, false, "at a POS, of withdrawals paid")     \
    X(M_POS_SHORT, "pos-till-short", RATIO, "1", 1, true,                                          \
      "withdrawals at a POS that its till does not hold, whenever the merchant says so")           \
    X(M_POS_RETURNED, "pos-not-paid", RATIO, "1", 1, true,                                         \
      "permits at a POS that the merchant could not pay: taken back")                              \
    X(M_THROUGHPUT, "throughput", RATE, "per hour and machine", 1, false,                          \
      "withdrawals paid to their owners")                                                          \
    X(M_ATTACKS, "attacks", COUNT, "1", 1, false, "codes that a thief tried to observe")           \
    X(M_OBSERVED, "attacks-observed", RATIO, "1", 1, true, "of these, codes that were obtained")   \
    X(M_CARD_WAIT, "card-wait", TIME, "s", 1, false,                                               \
      "from arrival to the machine, of the customers who come with a card")                        \
    X(M_CARD_WAITED, "card-waited", RATIO, "1", 1, true, "of these, those who had to wait at all") \
    X(M_CARD_RENEGED, "card-reneged", RATIO, "1", 1, true,                                         \
      "of these, those who joined the line and left it again")                                     \
    X(M_CARD_WAIT_FIRST, "card-wait-first", TIME, "s", 1, false,                                   \
      "card-wait of those who go before the others (terminals.card_priority)")                     \
    X(M_QUEUE_LENGTH, "queue-length", RATE, "1", 1, false,                                         \
      "people who wait for the machines of a site, mean over time and sites")                      \
    X(M_COUNTER_WAIT, "counter-wait", TIME, "s", 1, false,                                         \
      "from the machine to a clerk, of the customers with a card who go on to the counter")        \
    X(M_COUNTER_LENGTH, "counter-queue-length", RATE, "1", 1, false,                               \
      "people who wait for the clerks of a site, mean over time and sites")                        \
    X(M_AVAILABILITY, "atm-availability", RATE, "1", 1, false,                                     \
      "share of time that an ATM is up, or failed but still serves")                               \
    X(M_ALTERED, "altered", COUNT, "1", 1, false, "transactions that malware altered")             \
    X(M_ALTERED_NOTICED, "altered-noticed", RATIO, "1", 1, true,                                   \
      "of those that the bank reserved, noticed by their owners on the token's display")           \
    X(M_ALTERED_PAID, "altered-paid", RATIO, "1", 1, true,                                         \
      "of these, paid as altered: at the machine, to whoever came")                                \
    X(M_FORGED, "forged-codes", COUNT, "1", 1, false, "codes that a forger made up and showed")    \
    X(M_FORGED_RIGHT, "forged-right", RATIO, "1", 1, true, "of these, accepted")                   \
    X(M_LOCK_OUTS, "lock-outs", COUNT, "1", 1, false,                                              \
      "reservations that the bank locked after the last wrong try")                                \
    X(M_LATE, "attacks-late", RATIO, "1", 1, true, "accomplices who came after the owner")         \
    X(M_THEFTS, "thefts", RATE, "per 1000 withdrawals", 1000, true, "withdrawals paid to thieves") \
    X(M_THEFTS_WATCHER, "thefts-watcher", RATE, "per 1000 withdrawals", 1000, true,                \
      "by those who watch the keypad")                                                             \
    X(M_THEFTS_PHOTOGRAPHER, "thefts-photographer", RATE, "per 1000 withdrawals", 1000, true,      \
      "by those who photograph the code image")                                                    \
    X(M_THEFTS_MALWARE, "thefts-malware", RATE, "per 1000 withdrawals", 1000, true,                \
      "by those to whom malware sends the code")                                                   \
    X(M_THEFTS_FORGER, "thefts-forger", RATE, "per 1000 withdrawals", 1000, true,                  \
      "by those who make codes up")                                                                \
    X(M_THEFT_LOSS, "theft-loss", RATE, "CNY per 1000 withdrawals", 1000, false,                   \
      "money paid to thieves")                                                                     \
    X(M_EVENTS, "events", COUNT, "1", 1, false, "events dispatched by the engine")                 \
    X(M_BIT_ERRORS, "bit-errors", RATIO, "1", 1, true,                                             \
      "dots of random matrices that were read wrongly (world: matrix)")                            \
    X(M_OUTCOME_PAID, "outcome.paid", RATIO, "1", 1, true, "reservations: paid")                   \
    X(M_OUTCOME_NO_SHOW, "outcome.no-show", RATIO, "1", 1, true, "the customer never came")        \
    X(M_OUTCOME_BALKED, "outcome.balked", RATIO, "1", 1, true, "the queue was too long")           \
    X(M_OUTCOME_RENEGED, "outcome.reneged", RATIO, "1", 1, true, "waited too long and left")       \
    X(M_OUTCOME_UNFINISHED, "outcome.unfinished", RATIO, "1", 1, true,                             \
      "still under way when the run ended")

enum model_measure {
#define X(id, name, kind, unit, scale, proportion, help) id,
    MEASURES(X)
#undef X
        M_OUTCOME_REFUSED,                           /* by reason, from REASON_NONE + 1 on */
    M_ATTACK = M_OUTCOME_REFUSED + REASON_COUNT - 1, /* by reason; REASON_NONE: paid */
    M_ATTACK_NO_MACHINE = M_ATTACK + REASON_COUNT,
    M_COUNT
};

/* The measure of a reservation that ended in a refusal. */
static inline size_t measure_refused(enum reason reason)
{
    return M_OUTCOME_REFUSED + (size_t)reason - 1;
}

/* identifier, name in records, unit of x, bins, low, high */
#define CURVES(X)                                             \
    X(C_WITHDRAWALS, "withdrawals", "h", 24, 0, 24)           \
    X(C_QUEUE_WAIT, "queue-wait", "h", 24, 0, 24)             \
    X(C_WAITS, "wait-distribution", "s", 360, 0, 3600)        \
    X(C_DISTANCE, "decode-distance", "mm", 24, 40, 160)       \
    X(C_DEFOCUS, "decode-defocus", "px", 24, 0, 12)           \
    X(C_MODULE, "decode-module", "px", 24, 0, 12)             \
    X(C_PHOTOGRAPHER, "photographer-distance", "m", 24, 0, 6) \
    X(C_REVERSALS, "reversals", "h", 24, 0, 24)               \
    X(C_BANK_WAIT, "bank-wait", "h", 24, 0, 24)

enum model_curve {
#define X(id, name, unit, bins, low, high) id,
    CURVES(X)
#undef X
        C_COUNT
};

extern const struct model_tables model_tables;

/* The same tables with the curves' ranges fitted to a scenario: to what its distributions of poses
 * give (1,000 draws), so that hardly anything falls beyond the outermost bins. */
struct model {
    struct model_tables tables; /* points into the model: do not copy */
    struct curve curves[C_COUNT];
    bool steady[SCHEME_COUNT * M_COUNT]; /* whose series are kept */
};

void model_init(struct model *model, const struct settings *settings);

#endif
