/* SPDX-License-Identifier: BSD-3-Clause */
#include "door_store.h"

#include <stdlib.h>
#include <string.h>

#include "store.h"

struct a2a_store {
	bool is_there, opens, works;
	int64_t days;
};

static struct a2a_store store;

void stand_in_store_set(uint8_t behaviour)
{
	store = (struct a2a_store){
		.is_there = behaviour & 1,
		.opens = behaviour & 2,
		.works = behaviour & 4,
		.days = behaviour >> 3,
	};
}

bool a2a_store_exists(const char *path)
{
	if (!path)
		abort();
	return store.is_there;
}

struct a2a_store *a2a_store_open(
	const char *path, enum a2a_purpose purpose, const struct a2a_log *log)
{
	if (!path || (purpose != A2A_AT_LOGIN && purpose != A2A_AT_CHANGE))
		abort();
	if (!store.opens)
		a2a_report(log, A2A_WARNING, path, "cannot be opened");
	return store.opens ? &store : NULL;
}

void a2a_store_close(struct a2a_store *open)
{
	if (open && open != &store)
		abort();
}

static bool has(void *context, const char *stamp)
{
	return context == &store && *stamp;
}

static void add(void *context, const char *stamp)
{
	(void)context;
	(void)stamp;
}

struct a2a_verified_files a2a_store_verified_files(struct a2a_store *open)
{
	return (struct a2a_verified_files){has, add, open};
}

static void check(const struct a2a_sighting *sighting)
{
	if (!sighting->user || !sighting->service || strlen(sighting->policy) != 32 ||
		sighting->when <= 0)
		abort();
}

bool a2a_store_record(struct a2a_store *open, const struct a2a_sighting *sighting, int64_t *since,
	const struct a2a_log *log)
{
	check(sighting);
	*since = sighting->when - open->days * 24 * 60 * 60;
	return open->works || a2a_fault(log, "record", "cannot be written");
}

bool a2a_store_clear(
	struct a2a_store *open, const struct a2a_sighting *sighting, const struct a2a_log *log)
{
	check(sighting);
	if (!sighting->verdict->accepted)
		abort();
	return open->works || a2a_fault(log, "record", "cannot be written");
}
