/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether the settings fit together: whether there is a password that can pass. */
#ifndef A2A_FIT_H
#define A2A_FIT_H

#include "settings.h"

/*
 * Checks what no range of a single setting can express. Returns false, having reported what to
 * change, when no password can meet the settings. Reports a warning when only passwords with other
 * characters than letters and digits can.
 */
bool a2a_settings_fit(const struct a2a_settings *settings, const struct a2a_log *log);

#endif
