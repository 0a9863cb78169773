/*
 * What is drawn for the decoders to read: our symbologies, and those of peers.
 */
#ifndef CASHPOINT_SYMBOLS_H
#define CASHPOINT_SYMBOLS_H

/* X-macro: symbol, name in paths. */
#define SYMBOLS(X) X(SYMBOL_CODE128, "code128")

enum symbol {
#define X(symbol, name) symbol,
    SYMBOLS(X)
#undef X
        SYMBOL_COUNT
};

extern const char *const symbol_names[SYMBOL_COUNT];

#endif
