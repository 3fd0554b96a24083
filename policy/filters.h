/* SPDX-License-Identifier: BSD-3-Clause */
/* The filters of leaked passwords that a policy asks: setting `leaks`. */
#ifndef A2A_FILTERS_H
#define A2A_FILTERS_H

#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "secret.h"

struct a2a_filters;
struct a2a_settings;
struct a2a_text;

/*
 * Opens the filters of the setting `leaks`. With leaks_missing = warn, one that cannot be opened is
 * reported and left out. `at_login`: nothing may wait for a disk. Returns NULL, having reported,
 * when one cannot be opened that must be, or memory is out. Release with a2a_filters_close().
 */
struct a2a_filters *a2a_filters_open(
	const struct a2a_settings *settings, bool at_login, const struct a2a_log *log);

enum a2a_filters_answer {
	A2A_FILTERS_KNOW,
	A2A_FILTERS_DO_NOT_KNOW,
	A2A_FILTERS_FAIL, /* one of them had to answer and could not; reported */
};

/*
 * Tells whether one of the filters knows a password, or a variant of it that random passwords can
 * afford: as it was typed; in NFC; in Latin-1, as before some programs learned UTF-8; in small
 * letters; without its first capital; and without the digits and marks at its end, where 8
 * characters are left, or 9 in small letters, unless `whole`. `read` is the password in NFC. At
 * login, it takes 20 milliseconds at most.
 */
enum a2a_filters_answer a2a_filters_ask(const struct a2a_filters *filters,
	const struct secret *password, const struct a2a_text *read, bool whole,
	const struct a2a_log *log);

/* How many filters are open. The checksum of one, in the bytes of its file, tells it from others.
 */
size_t a2a_filters_count(const struct a2a_filters *filters);
uint64_t a2a_filters_checksum(const struct a2a_filters *filters, size_t number);

/* NULL is allowed. */
void a2a_filters_close(struct a2a_filters *filters);

#endif
