/*
 * HMAC (RFC 2104) over a digest that is chosen once: what every one-time code is cut from.
 *
 * The codes of a bank are of short messages, each under another key, and there the digest itself is
 * the smaller part: the one-shot HMAC() looks it up by name each time (1.6 us); a context of
 * OpenSSL's EVP_MAC, re-keyed for every message, takes 0.30 us; SHA-256 called directly 0.16 us. So
 * HMAC-SHA-256, which long codes are of, is made here of two digests; the others are EVP_MAC's.
 *
 * One engine a thread.
 */
#ifndef CASHPOINT_MAC_H
#define CASHPOINT_MAC_H

#include <stddef.h>
#include <stdint.h>

enum mac_digest { MAC_SHA1, MAC_SHA256, MAC_SHA512, MAC_SM3, MAC_DIGEST_COUNT };

enum { MAC_MAX_BYTES = 64 };

struct mac;
struct mac *mac_new(enum mac_digest digest); /* never null */
void mac_free(struct mac *mac);

size_t mac_bytes(enum mac_digest digest); /* 20, 32, 64, 32 */

/* The MAC of `message` under `key` (at least one byte), into `out` (MAC_MAX_BYTES); returns its
 * length. */
size_t mac_compute(struct mac *mac, const uint8_t *key, size_t key_bytes, const uint8_t *message,
                   size_t message_bytes, uint8_t *out);

#endif
