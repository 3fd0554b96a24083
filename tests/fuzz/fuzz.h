/* SPDX-License-Identifier: BSD-3-Clause */
/* A fuzz target: what libFuzzer calls again and again, and replay.c once for each file. */
#ifndef A2A_FUZZ_H
#define A2A_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0; whatever is wrong ends the program. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
