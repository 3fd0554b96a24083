/* SPDX-License-Identifier: BSD-3-Clause */
/* A stand-in for the record of weak passwords, for fuzz_door: it keeps nothing and fails at will.
 */
#ifndef A2A_DOOR_RECORD_H
#define A2A_DOOR_RECORD_H

#include <stdint.h>

/* What the record does next. Bit 0: it is there. Bit 1: it can be opened. Bit 2: it can be read and
 * written. Bits 3 to 7: for how many days the password has been weak. */
void stand_in_record_set(uint8_t behaviour);

#endif
