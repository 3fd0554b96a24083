/* SPDX-License-Identifier: BSD-3-Clause */
/* The entry point of a fuzz target. libFuzzer calls it with inputs that it makes; replay.c calls it
 * with each file of the corpus. */
#ifndef A2A_FUZZ_H
#define A2A_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Where a target keeps files: in memory, so that writing and syncing them takes no time. */
#define A2A_FUZZ_FOLDER "/dev/shm"

/*
 * A target may have this function, which is called once, before all inputs: it opens what takes
 * longer than an input. Returns 0.
 */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Returns 0. Ends the program when something is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
