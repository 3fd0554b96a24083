/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE /* explicit_bzero, mincore */
#include "secret.h"

#include <alloca.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STACK_CLEARED = 512 * 1024 };

/* Compilers that do not know the attribute (before gcc 11, clang 15) leave the registers alone. */
#if defined(__has_attribute)
#if __has_attribute(zero_call_used_regs)
__attribute__((noinline, zero_call_used_regs("all")))
#endif
#endif
void a2a_secret_clear_registers(void)
{
	/* An empty function would be dropped by its callers. */
	__asm__ volatile("");
}

/* Returns how much of the stack below its caller's frame has ever been used: what the kernel has
 * given to it, for that grows when it is used and never shrinks. */
static size_t used_stack(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char is_resident;
	char *at = (char *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)(page - 1));
	size_t used = 0;

	/* mincore(2) fails where there is nothing. */
	while (used < STACK_CLEARED && mincore(at - used - page, page, &is_resident) == 0)
		used += page;
	return used;
}

__attribute__((noinline)) void a2a_secret_clear_stack(void)
{
	const size_t used = used_stack();
	char *bytes = alloca(used + 1);

	explicit_bzero(bytes, used + 1);
	a2a_secret_clear_registers();
}

struct secret a2a_secret_borrow(const char *bytes, size_t length)
{
	return (struct secret){.bytes = (char *)bytes, .length = length, .capacity = 0};
}

bool a2a_secret_reserve(struct secret *secret, size_t length)
{
	*secret = (struct secret){0};
	secret->bytes = calloc(1, length + 1);
	if (!secret->bytes)
		return false;
	secret->capacity = length + 1;
	return true;
}

bool a2a_secret_append(struct secret *secret, const char *bytes, size_t length)
{
	if (secret->length + length + 1 > secret->capacity) {
		struct secret larger;

		if (!a2a_secret_reserve(&larger, 2 * (secret->length + length) + 64))
			return false;
		if (secret->length)
			memcpy(larger.bytes, secret->bytes, secret->length);
		larger.length = secret->length;
		a2a_secret_wipe(secret);
		*secret = larger;
	}
	if (length)
		memcpy(secret->bytes + secret->length, bytes, length);
	secret->length += length;
	secret->bytes[secret->length] = '\0';
	a2a_secret_clear_registers();
	return true;
}

void a2a_secret_wipe(struct secret *secret)
{
	if (secret->capacity) {
		explicit_bzero(secret->bytes, secret->capacity);
		free(secret->bytes);
	}
	*secret = (struct secret){0};
	a2a_secret_clear_registers();
}
