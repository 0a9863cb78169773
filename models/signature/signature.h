/*
 * Signatures of a transaction, by three algorithms, each exactly 64 bytes long.
 *
 * - ECDSA on P-256 (FIPS 186) of the SHA-256 digest: r and s, 32 bytes each, big-endian. DER exists
 *   at OpenSSL's door only.
 * - SM2 (GB/T 32918.2) of SM3 over Z and the message: r and s as above. Z is made of the curve, the
 *   key and an identifier, which both sides must name: it is SIGNATURE_SM2_ID here (GM/T 0009's
 *   default) unless a key is made with another.
 * - Ed25519 (RFC 8032), pure.
 *
 * All three are deterministic: the nonce of ECDSA is RFC 6979's; that of SM2 is made in the same
 * way with HMAC-SM3 of the same digest (no standard says how; a verifier cannot tell). So a signed
 * record repeats byte for byte.
 *
 * Which algorithm and key a signature must be checked with is what the bank registered, never what
 * a message says.
 *
 * Malleability: of an ECDSA signature (r, s), (r, n - s) is one too. Under the rule `low_s` it is
 * refused, and signatures are made with s <= n / 2; without the rule both are accepted, as the
 * standard has it. Either way single use must be keyed on the reservation, never on the signature's
 * bytes. SM2 and Ed25519 have no such twin (Ed25519's s + L is out of range).
 *
 * By the mathematics alone a signature by another key and one on another message are the same
 * thing, SIGNATURE_MISMATCH; signature/signed.h tells them apart by what the bank knows.
 *
 * Public keys are the bank's own issue. One of small order (Ed25519), under which anybody can sign,
 * is therefore not looked for.
 *
 * P-256 uses OpenSSL's own signing and verifying. OpenSSL 3.0 has no door for an SM2 nonce, so SM2
 * is calculated here with OpenSSL's points and numbers; tests hold it against OpenSSL's own SM2 in
 * both directions. Secrets of SM2 are multiplied by OpenSSL's constant-time ladder, but what
 * follows is plain BIGNUM arithmetic: fit for a simulator, not for a token in a thief's hands.
 */
#ifndef CASHPOINT_SIGNATURE_H
#define CASHPOINT_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum signature_kind {
    SIGNATURE_ECDSA_P256,
    SIGNATURE_SM2,
    SIGNATURE_ED25519,
    SIGNATURE_KIND_COUNT
};

enum {
    SIGNATURE_BYTES = 64,
    SIGNATURE_SECRET_BYTES = 32,
    SIGNATURE_PUBLIC_MAX_BYTES = 65 /* P-256, SM2: 4, x, y; Ed25519: 32 bytes */
};

#define SIGNATURE_SM2_ID "1234567812345678"

const char *signature_kind_name(enum signature_kind kind); /* "ecdsa-p256", "sm2", "ed25519" */

/* X-macro: what comes of a verification, its name in records, what it means. */
#define SIGNATURE_REASONS(X)                                                                   \
    X(SIGNATURE_GOOD, "good", "the registered key's signature on this message")                \
    X(SIGNATURE_TRUNCATED, "truncated", "fewer than 64 bytes")                                 \
    X(SIGNATURE_OVERLONG, "overlong", "more than 64 bytes")                                    \
    X(SIGNATURE_ZERO, "zero", "all bytes are zero")                                            \
    X(SIGNATURE_RANGE, "range", "r or s is zero, or not below the order of the group")         \
    X(SIGNATURE_HIGH_S, "high-s", "the twin of a signature: s over half the order is refused") \
    X(SIGNATURE_MISMATCH, "mismatch", "made by another key, or on another message")

enum signature_reason {
#define X(reason, name, text) reason,
    SIGNATURE_REASONS(X)
#undef X
        SIGNATURE_REASON_COUNT
};

const char *signature_reason_name(enum signature_reason reason);

/* An engine holds curves, digests and scratch numbers: one a thread. */
struct signature_engine;
struct signature_engine *signature_engine_new(bool low_s); /* never null */
void signature_engine_free(struct signature_engine *engine);

/* The secret of the owner with this number, out of a seed; the same at every call:
 *
 *     okm = HKDF-SHA-256 (RFC 5869) of the 32 bytes of seed, with the salt
 *           "cashpoint signature key" and the info kind_name, 0, owner (8 bytes, big-endian)
 *     Ed25519: the 32 first bytes of okm
 *     others: 48 bytes of okm modulo (n - 2), plus 1 (bias below 2^-128)
 *
 * so a customer's key exists from the beginning and is enrolled when it is first needed. */
void signature_derive(struct signature_engine *engine, enum signature_kind kind,
                      const uint8_t seed[32], uint64_t owner,
                      uint8_t secret[SIGNATURE_SECRET_BYTES]);

/* A private key, parsed once. `id` is SM2's identifier; null: SIGNATURE_SM2_ID. Null where the
 * bytes are no private key of the kind: zero, or not below n (SM2: n - 1). */
struct signature_private;
struct signature_private *signature_private_new(struct signature_engine *engine,
                                                enum signature_kind kind,
                                                const uint8_t secret[SIGNATURE_SECRET_BYTES],
                                                const char *id);
void signature_private_free(struct signature_private *key);

/* Writes the public key's bytes and returns how many: 65 or 32. */
size_t signature_public_bytes(const struct signature_private *key,
                              uint8_t bytes[SIGNATURE_PUBLIC_MAX_BYTES]);

/* A public key, parsed once: that takes longer than a verification where it comes in a certificate
 * (bench verify). Null where the bytes are no public key of the kind: wrong length or form, not on
 * the curve. Goes with any engine, and like them is one thread's at a time. */
struct signature_public;
struct signature_public *signature_public_new(struct signature_engine *engine,
                                              enum signature_kind kind, const uint8_t *bytes,
                                              size_t count, const char *id);
void signature_public_free(struct signature_public *key);
enum signature_kind signature_public_kind(const struct signature_public *key);

void signature_sign(struct signature_engine *engine, const struct signature_private *key,
                    const uint8_t *message, size_t message_bytes,
                    uint8_t signature[SIGNATURE_BYTES]);

enum signature_reason signature_verify(struct signature_engine *engine,
                                       const struct signature_public *key, const uint8_t *message,
                                       size_t message_bytes, const uint8_t *signature,
                                       size_t signature_bytes);

#endif
