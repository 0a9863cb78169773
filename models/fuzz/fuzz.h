/*
 * What a fuzzer asks of a target: take any bytes, and prove that nothing gives way.
 *
 * One program a target. With clang it is driven by libFuzzer (scripts/fuzz), which looks for inputs
 * that reach new code; everywhere else by fuzz_main.c, which mutates the seeds with a fixed
 * generator, so that a short version runs in every environment and always does the same.
 */
#ifndef CASHPOINT_FUZZ_H
#define CASHPOINT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Runs one input; a finding is an abort (CHECK) or a sanitizer's. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Inputs to begin with: writes number `index` and returns its size, or 0 where there are no more.
 */
size_t fuzz_seed(unsigned index, uint8_t *data, size_t capacity);

/* Makes checksums right after a mutation, so that what lies behind them is reached; in place. */
void fuzz_repair(uint8_t *data, size_t size);

enum { FUZZ_MAX_BYTES = 1 << 17 };

#endif
