/*
 * HMAC (RFC 2104) over a digest that is chosen once: what every one-time code is cut from.
 *
 * An engine holds OpenSSL's MAC context and re-keys it for every message: that costs a fifth of
 * the one-shot HMAC(), which looks the digest up by name each time. One engine a thread.
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
