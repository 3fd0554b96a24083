/* SPDX-License-Identifier: BSD-3-Clause */
/* For the programs that only the build runs: reports go to standard error. */
#ifndef A2A_COMPLAIN_H
#define A2A_COMPLAIN_H

#include "log.h"

extern const struct a2a_log complaints;

#endif
