/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "hash.h"

#include <argon2.h>
#include <crypt.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "jobs.h"

enum {
	/* These are the values of doveadm pw: the second recommendation of RFC 9106, section 4, but
	 * in one lane. The memory is a quarter of the 256 MB that Dovecot's auth process may use by
	 * default (default_vsz_limit). */
	ARGON2_PASSES = 3,
	ARGON2_KIBIBYTES = 65536,
	ARGON2_LANES = 1,
	ARGON2_SALT_BYTES = 16, /* RFC 9106, section 3.1 */
	ARGON2_HASH_BYTES = 32,
	BCRYPT_MOST_BYTES = 72, /* crypt(5) */
	MOST_BYTES = CRYPT_MAX_PASSPHRASE_SIZE - 1,
};

static const struct {
	const char *name;
	const char *prefix;  /* Dovecot's name of the scheme */
	const char *setting; /* crypt(5)'s prefix; NULL: not a scheme of crypt(3) */
	unsigned long cost;  /* for crypt_gensalt(3); 0: the library's default */
} schemes[HASH_SCHEMES] = {
	[HASH_YESCRYPT] = {"yescrypt", "{CRYPT}", "$y$", 0},
	/* $2y$ as doveadm pw writes it; $2b$ is the same, but not all programs know it. 2^10 rounds
	 * are OWASP's recommendation. */
	[HASH_BCRYPT] = {"bcrypt", "{BLF-CRYPT}", "$2y$", 10},
	/* The default, 5000 rounds, dates from 2007. */
	[HASH_SHA512] = {"sha512", "{SHA512-CRYPT}", "$6$", 100000},
	[HASH_ARGON2ID] = {"argon2id", "{ARGON2ID}", NULL, 0},
};

bool hash_find(const char *name, enum hash_scheme *scheme)
{
	for (int i = 0; i < HASH_SCHEMES; i++)
		if (strcmp(schemes[i].name, name) == 0) {
			*scheme = (enum hash_scheme)i;
			return true;
		}
	return false;
}

const char *hash_name(enum hash_scheme scheme)
{
	return schemes[scheme].name;
}

const char *hash_names(void)
{
	return "yescrypt, bcrypt, sha512 or argon2id";
}

bool hash_is_of(enum hash_scheme scheme, const char *hashed)
{
	const char *prefix = schemes[scheme].prefix;

	return strncmp(hashed, prefix, strlen(prefix)) == 0;
}

static bool get_random(char *bytes, size_t length)
{
	ssize_t got;

	/* getrandom() returns up to 256 bytes at once; a signal can interrupt it only before the
	 * kernel's pool is ready. */
	do
		got = getrandom(bytes, length, 0);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)length;
}

static const char *append(struct secret *hashed, const char *prefix, const char *hash)
{
	/* Append everything at once, so that the secret never holds half a hash. */
	const size_t room = strlen(prefix) + strlen(hash);
	char *whole = malloc(room + 1);
	bool ok = whole != NULL;

	if (ok) {
		stpcpy(stpcpy(whole, prefix), hash);
		ok = a2a_secret_append(hashed, whole, room);
	}
	free(whole);
	return ok ? NULL : "out of memory";
}

static const char *hash_argon2id(const struct secret *password, struct secret *hashed)
{
	const size_t room = argon2_encodedlen(ARGON2_PASSES, ARGON2_KIBIBYTES, ARGON2_LANES,
		ARGON2_SALT_BYTES, ARGON2_HASH_BYTES, Argon2_id);
	char salt[ARGON2_SALT_BYTES];
	char *encoded;
	const char *wrong;
	int error;

	if (!get_random(salt, sizeof(salt)))
		return "no random numbers for a salt (getrandom)";
	encoded = malloc(room);
	if (!encoded)
		return "out of memory";
	error = argon2id_hash_encoded(ARGON2_PASSES, ARGON2_KIBIBYTES, ARGON2_LANES,
		password->bytes, password->length, salt, sizeof(salt), ARGON2_HASH_BYTES, encoded,
		room);
	wrong = error ? argon2_error_message(error)
		      : append(hashed, schemes[HASH_ARGON2ID].prefix, encoded);
	free(encoded);
	return wrong;
}

static const char *hash_crypt(
	enum hash_scheme scheme, const struct secret *password, struct secret *hashed)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	/* crypt(3) works in these 32 KiB, and leaves the password there. */
	struct crypt_data *data = calloc(1, sizeof(*data));
	char *text = data ? strndup(password->bytes, password->length) : NULL;
	const char *hash = NULL, *wrong = "out of memory";

	if (!text)
		goto out;
	/* Without random bytes as an argument, the library takes the salt from getrandom(2). */
	wrong = "crypt(3) of this system does not know the scheme, or has no random numbers";
	if (!crypt_gensalt_rn(schemes[scheme].setting, schemes[scheme].cost, NULL, 0, setting,
		    sizeof(setting)))
		goto out;
	hash = crypt_rn(text, setting, data, sizeof(*data));
	if (hash)
		wrong = append(hashed, schemes[scheme].prefix, hash);
	else if (errno == ENOMEM)
		wrong = "out of memory";
out:
	if (text)
		explicit_bzero(text, password->length);
	free(text);
	if (data)
		explicit_bzero(data, sizeof(*data));
	free(data);
	return wrong;
}

const char *hash_password(
	enum hash_scheme scheme, const struct secret *password, struct secret *hashed)
{
	if (password->length == 0)
		return "an empty password is not hashed";
	if (memchr(password->bytes, '\0', password->length))
		return "the password has a NUL in it, and would be cut there";
	if (password->length > MOST_BYTES)
		return "the password has more than 511 bytes, and nobody could log in with it";
	if (scheme == HASH_BCRYPT && password->length > BCRYPT_MOST_BYTES)
		return "bcrypt takes 72 bytes of a password and forgets the rest, and this one is "
		       "longer: use yescrypt or argon2id";
	if (scheme == HASH_ARGON2ID)
		return hash_argon2id(password, hashed);
	return hash_crypt(scheme, password, hashed);
}

/* The data that the threads of hash_all() share. */
struct work {
	enum hash_scheme scheme;
	size_t count;
	const struct secret *passwords;
	struct secret *hashed;
	atomic_size_t next; /* the first password that no thread has taken yet */
	pthread_mutex_t lock;
	const char *wrong; /* `lock` protects this and `which` */
	size_t which;
};

static void *work(void *context)
{
	struct work *work = context;
	size_t at;

	while ((at = atomic_fetch_add(&work->next, 1)) < work->count) {
		const char *wrong =
			hash_password(work->scheme, &work->passwords[at], &work->hashed[at]);

		if (!wrong)
			continue;
		pthread_mutex_lock(&work->lock);
		if (!work->wrong || at < work->which) {
			work->wrong = wrong;
			work->which = at;
		}
		pthread_mutex_unlock(&work->lock);
		/* The other threads stop after the password that they are working on. */
		atomic_store(&work->next, work->count);
	}
	return NULL;
}

const char *hash_all(enum hash_scheme scheme, size_t count, const struct secret *passwords,
	struct secret *hashed, unsigned jobs, size_t *which)
{
	struct work shared = {
		.scheme = scheme, .count = count, .passwords = passwords, .hashed = hashed};

	pthread_mutex_init(&shared.lock, NULL);
	a2a_run_jobs(jobs, count, work, &shared);
	pthread_mutex_destroy(&shared.lock);
	*which = shared.which;
	return shared.wrong;
}
