/* Engines, and keys of owners, for tests of signatures. */
#ifndef CASHPOINT_TESTS_SIGNATURE_FIXTURE_H
#define CASHPOINT_TESTS_SIGNATURE_FIXTURE_H

#include "signature/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct signature_engine *engine, *strict; /* without and with the rule low_s */
static const uint8_t seed[32] = {'s', 'e', 'e', 'd'};

static int open_engines(void **state)
{
    (void)state;
    engine = signature_engine_new(false);
    strict = signature_engine_new(true);
    return 0;
}

static int close_engines(void **state)
{
    (void)state;
    signature_engine_free(engine);
    signature_engine_free(strict);
    return 0;
}

static size_t from_hex(const char *text, uint8_t *bytes)
{
    size_t count = strlen(text) / 2;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sscanf(text + 2 * i, "%2hhx", &bytes[i]), 1);
    return count;
}

static struct signature_private *private_of(enum signature_kind kind, uint64_t owner)
{
    uint8_t secret[SIGNATURE_SECRET_BYTES];
    signature_derive(engine, kind, seed, owner, secret);
    struct signature_private *key = signature_private_new(engine, kind, secret, NULL);
    assert_non_null(key);
    return key;
}

static struct signature_public *public_of(const struct signature_private *key)
{
    uint8_t bytes[SIGNATURE_PUBLIC_MAX_BYTES];
    size_t count = signature_public_bytes(key, bytes);
    struct signature_public *public =
        signature_public_new(engine, key->public->kind, bytes, count, NULL);
    assert_non_null(public);
    return public;
}

static enum signature_reason verify(const struct signature_public *key, const char *message,
                                    const uint8_t *signature)
{
    return signature_verify(engine, key, (const uint8_t *)message, strlen(message), signature,
                            SIGNATURE_BYTES);
}

#endif
