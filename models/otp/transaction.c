#include "otp/transaction.h"

#include "engine/error.h"

enum {
    VERSION = 1,
    FLAG_TERMINAL = 1,
    FLAG_NONCE = 2,
    AT_RESERVATION = 2,
    AT_MOBILE = 10,
    AT_CARD = 18,
    AT_AMOUNT = 26,
    AT_EXPIRES = 34,
    AT_TERMINAL = 42,
    AT_NONCE = 46
};

static const uint64_t MOBILE_LEAST = UINT64_C(10000000000), MOBILE_MOST = UINT64_C(99999999999),
                      CARD_MOST = UINT64_C(9999999999999999);

const char *transaction_fault_name(enum transaction_fault fault)
{
    static const char *const names[] = {
#define X(fault, name) name,
        TRANSACTION_FAULTS(X)
#undef X
    };
    return names[fault];
}

enum transaction_fault transaction_check(const struct transaction *transaction)
{
    if (transaction->reservation == 0)
        return TRANSACTION_RESERVATION;
    if (transaction->mobile < MOBILE_LEAST || transaction->mobile > MOBILE_MOST)
        return TRANSACTION_MOBILE;
    if (transaction->card > CARD_MOST)
        return TRANSACTION_CARD;
    if (transaction->amount_minor <= 0)
        return TRANSACTION_AMOUNT;
    if (transaction->expires < 0)
        return TRANSACTION_EXPIRES;
    if (!transaction->has_terminal && transaction->terminal != 0)
        return TRANSACTION_TERMINAL;
    if (!transaction->has_nonce && transaction->nonce != 0)
        return TRANSACTION_NONCE;
    return TRANSACTION_SOUND;
}

static void put(uint8_t *at, uint64_t value, unsigned count)
{
    for (unsigned i = count; i > 0; i--, value >>= 8)
        at[i - 1] = (uint8_t)value;
}

static uint64_t get(const uint8_t *at, unsigned count)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value = value << 8 | at[i];
    return value;
}

void transaction_encode(const struct transaction *transaction, uint8_t *bytes)
{
    CHECK(transaction_check(transaction) == TRANSACTION_SOUND);
    bytes[0] = VERSION;
    bytes[1] = (uint8_t)((transaction->has_terminal ? FLAG_TERMINAL : 0) |
                         (transaction->has_nonce ? FLAG_NONCE : 0));
    put(bytes + AT_RESERVATION, transaction->reservation, 8);
    put(bytes + AT_MOBILE, transaction->mobile, 8);
    put(bytes + AT_CARD, transaction->card, 8);
    put(bytes + AT_AMOUNT, (uint64_t)transaction->amount_minor, 8);
    put(bytes + AT_EXPIRES, (uint64_t)transaction->expires, 8);
    put(bytes + AT_TERMINAL, transaction->terminal, 4);
    put(bytes + AT_NONCE, transaction->nonce, 8);
}

enum transaction_fault transaction_decode(const uint8_t *bytes, size_t count,
                                          struct transaction *transaction)
{
    if (count != TRANSACTION_BYTES)
        return TRANSACTION_LENGTH;
    if (bytes[0] != VERSION)
        return TRANSACTION_VERSION;
    if ((bytes[1] & ~(FLAG_TERMINAL | FLAG_NONCE)) != 0)
        return TRANSACTION_FLAGS;
    /* What is over 2^63 - 1 becomes negative, which the check refuses. */
    struct transaction read = {.reservation = get(bytes + AT_RESERVATION, 8),
                               .mobile = get(bytes + AT_MOBILE, 8),
                               .card = get(bytes + AT_CARD, 8),
                               .amount_minor = (int64_t)get(bytes + AT_AMOUNT, 8),
                               .expires = (int64_t)get(bytes + AT_EXPIRES, 8),
                               .has_terminal = (bytes[1] & FLAG_TERMINAL) != 0,
                               .has_nonce = (bytes[1] & FLAG_NONCE) != 0,
                               .terminal = (uint32_t)get(bytes + AT_TERMINAL, 4),
                               .nonce = get(bytes + AT_NONCE, 8)};
    enum transaction_fault fault = transaction_check(&read);
    if (fault == TRANSACTION_SOUND)
        *transaction = read;
    return fault;
}
