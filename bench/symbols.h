/*
 * What is drawn for the decoders to read: our symbologies, and those of peers.
 */
#ifndef CASHPOINT_SYMBOLS_H
#define CASHPOINT_SYMBOLS_H

/* X-macro: symbol, name in paths. */
#define SYMBOLS(X)                    \
    X(SYMBOL_CODE128, "code128")      \
    X(SYMBOL_ITF, "itf")              \
    X(SYMBOL_DOT_MATRIX, "dotmatrix") \
    X(SYMBOL_QR, "qr")                \
    X(SYMBOL_DATA_MATRIX, "datamatrix")

enum symbol {
#define X(symbol, name) symbol,
    SYMBOLS(X)
#undef X
        SYMBOL_COUNT
};

extern const char *const symbol_names[SYMBOL_COUNT];

/* X-macro: payload, name in paths. */
#define PAYLOADS(X)                                                            \
    X(PAYLOAD_DIGITS, "digits") /* a barcode's: 12, 14, 16, 18 or 20 digits */ \
    X(PAYLOAD_CODE, "code")     /* a matrix's one-time code: 12 digits */      \
    X(PAYLOAD_SIGNED, "signed") /* a signature and its transaction: 132 bytes of any kind */

enum payload {
#define X(payload, name) payload,
    PAYLOADS(X)
#undef X
};

#endif
