/*
 * Bare OpenSSL: the one call of each kind that a verification cannot do without, with all that can
 * be prepared prepared (contexts fetched, keys parsed, digests taken, signatures in DER).
 */
#ifndef CASHPOINT_BARE_OPENSSL_H
#define CASHPOINT_BARE_OPENSSL_H

#include "certificate/certificate.h"
#include "signature/signature.h"

/* ---- HMAC-SHA-256: EVP_MAC_init(key), EVP_MAC_update, EVP_MAC_final ---- */

struct bare_mac;
struct bare_mac *bare_mac_new(void);
void bare_mac_free(struct bare_mac *bare);

/* The first eight bytes of the MAC. */
uint64_t bare_mac_first(struct bare_mac *bare, const uint8_t *key, size_t key_bytes,
                        const uint8_t *message, size_t message_bytes);

/* All 32 bytes, by the one-shot HMAC(): what answers are held against. */
void bare_hmac(const uint8_t *key, size_t key_bytes, const uint8_t *message, size_t message_bytes,
               uint8_t mac[32]);

/* ---- signatures: ECDSA_verify, EVP_PKEY_verify (SM2), EVP_DigestVerify (Ed25519) ---- */

/* A signature as OpenSSL wants it, and what it verifies: the digest, or the message itself. */
struct bare_signature {
    uint8_t bytes[80], subject[64];
    size_t count, subject_bytes;
};

struct bare_signature bare_prepare(struct signature_engine *engine,
                                   const struct signature_public *key, const uint8_t *message,
                                   size_t message_bytes, const uint8_t *signature);

struct bare_key;
struct bare_key *bare_key_new(const struct signature_public *key);
void bare_key_free(struct bare_key *key);
bool bare_verify(struct bare_key *key, const struct bare_signature *signature);

/* ---- certificates: X509_verify_cert ---- */

struct bare_chain;
struct bare_chain *bare_chain_new(const struct der *authorities, const struct der *lists);
void bare_chain_free(struct bare_chain *chain);

/* Parses; freed with bare_x509_free(). */
void *bare_x509_new(const struct der *der);
void bare_x509_free(void *x509);
bool bare_verify_certificate(struct bare_chain *chain, void *x509, int64_t date_s);

#endif
