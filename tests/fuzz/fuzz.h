/* SPDX-License-Identifier: BSD-3-Clause */
/* The entry point of a fuzz target. libFuzzer calls it with inputs that it makes; replay.c calls it
 * with each file of the corpus. */
#ifndef A2A_FUZZ_H
#define A2A_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0. Ends the program when something is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
