/* SPDX-License-Identifier: BSD-3-Clause */
/* The schemes are those of Dovecot's documentation, "Password Schemes". */
#define _GNU_SOURCE
#include "stored.h"

#include <argon2.h>
#include <crypt.h>
#include <resolv.h>
#include <sha.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	MOST_DIGEST = 64,    /* bytes, of SHA-512 */
	MOST_DECODED = 1024, /* a digest and its salt */
};

/* ---- Comparing ------------------------------------------------------------------------------- */

/* Takes the same time wherever two texts differ. */
static enum a2a_verified compare(const void *one, const void *other, size_t length)
{
	const unsigned char *left = one, *right = other;
	unsigned differs = 0;

	for (size_t i = 0; i < length; i++)
		differs |= left[i] ^ right[i];
	return differs ? A2A_NOT_VERIFIED : A2A_VERIFIED;
}

struct question {
	const char *hash; /* behind the {SCHEME} */
	const char *text; /* the password, ending in a NUL */
	size_t length;    /* of the password */
};

static enum a2a_verified by_plain(const struct question *question)
{
	if (strlen(question->hash) != question->length)
		return A2A_NOT_VERIFIED;
	return compare(question->hash, question->text, question->length);
}

static enum a2a_verified by_crypt(const struct question *question)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	const char *hash =
		data ? crypt_rn(question->text, question->hash, data, sizeof(*data)) : NULL;
	enum a2a_verified verified = data ? A2A_NOT_VERIFIED : A2A_CANNOT_VERIFY;

	if (hash && strlen(hash) == strlen(question->hash))
		verified = compare(hash, question->hash, strlen(hash));
	if (data)
		explicit_bzero(data, sizeof(*data));
	free(data);
	return verified;
}

static enum a2a_verified by_argon2(const struct question *question)
{
	const argon2_type type =
		strncmp(question->hash, "$argon2id$", 10) == 0 ? Argon2_id : Argon2_i;
	const int error = argon2_verify(question->hash, question->text, question->length, type);

	if (error == ARGON2_VERIFY_MISMATCH)
		return A2A_NOT_VERIFIED;
	return error ? A2A_CANNOT_VERIFY : A2A_VERIFIED;
}

/* ---- Digests --------------------------------------------------------------------------------- */

/* Each makes the digest of the password and the salt behind it. */
static void digest_sha1(const struct question *question, const uint8_t *salt, size_t length,
	uint8_t digest[static MOST_DIGEST])
{
	SHA_CTX context;

	SHA1_Init(&context);
	SHA1_Update(&context, (const uint8_t *)question->text, question->length);
	SHA1_Update(&context, salt, length);
	SHA1_Final(digest, &context);
	explicit_bzero(&context, sizeof(context));
}

static void digest_sha256(const struct question *question, const uint8_t *salt, size_t length,
	uint8_t digest[static MOST_DIGEST])
{
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)question->text, question->length);
	SHA256Update(&context, salt, length);
	SHA256Final(digest, &context);
	explicit_bzero(&context, sizeof(context));
}

static void digest_sha512(const struct question *question, const uint8_t *salt, size_t length,
	uint8_t digest[static MOST_DIGEST])
{
	SHA2_CTX context;

	SHA512Init(&context);
	SHA512Update(&context, (const uint8_t *)question->text, question->length);
	SHA512Update(&context, salt, length);
	SHA512Final(digest, &context);
	explicit_bzero(&context, sizeof(context));
}

struct kind {
	const char *name;
	enum a2a_verified (*verify)(const struct question *question);
	/* For those without verify(): */
	size_t length; /* of the digest; the salt is behind it */
	void (*digest)(const struct question *question, const uint8_t *salt, size_t length,
		uint8_t digest[static MOST_DIGEST]);
};

static const struct kind kinds[] = {
	{"CRYPT", by_crypt},
	{"BLF-CRYPT", by_crypt},
	{"SHA512-CRYPT", by_crypt},
	{"SHA256-CRYPT", by_crypt},
	{"MD5-CRYPT", by_crypt},
	{"MD5", by_crypt},
	{"DES-CRYPT", by_crypt},
	{"ARGON2ID", by_argon2},
	{"ARGON2I", by_argon2},
	{"PLAIN", by_plain},
	{"CLEAR", by_plain},
	{"CLEARTEXT", by_plain},
	{"SSHA512", NULL, 64, digest_sha512},
	{"SHA512", NULL, 64, digest_sha512},
	{"SSHA256", NULL, 32, digest_sha256},
	{"SHA256", NULL, 32, digest_sha256},
	{"SSHA", NULL, 20, digest_sha1},
	{"SHA", NULL, 20, digest_sha1},
	{"SHA1", NULL, 20, digest_sha1},
};

static enum a2a_verified by_digest(const struct kind *kind, const struct question *question)
{
	uint8_t decoded[MOST_DECODED], digest[MOST_DIGEST];
	const int length = b64_pton(question->hash, decoded, sizeof(decoded));
	const size_t salt = length < 0 ? 0 : (size_t)length - kind->length;
	enum a2a_verified verified;

	if (length < (int)kind->length)
		return A2A_CANNOT_VERIFY;
	kind->digest(question, decoded + kind->length, salt, digest);
	verified = compare(digest, decoded, kind->length);
	explicit_bzero(digest, sizeof(digest));
	return verified;
}

/* ---- Schemes --------------------------------------------------------------------------------- */

static const struct kind *find_kind(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == length &&
			strncasecmp(kinds[i].name, name, length) == 0)
			return &kinds[i];
	return NULL;
}

/* Finds the scheme of a stored password; `*hash` becomes what is behind its name. */
static const struct kind *find_scheme(const char *stored, const char **hash)
{
	const size_t length = strcspn(stored, "}");

	*hash = stored;
	if (*stored == '{' && stored[length]) {
		*hash = stored + length + 1;
		return find_kind(stored + 1, length - 1);
	}
	return strncmp(stored, "$argon2", 7) == 0 ? find_kind("ARGON2ID", 8)
						  : find_kind("CRYPT", 5);
}

enum a2a_verified a2a_stored_verify(
	const struct secret *stored, const struct secret *password, char **why)
{
	struct question question = {NULL, password->bytes, password->length};
	const char *text = stored->length ? stored->bytes : "";
	const struct kind *kind = find_scheme(text, &question.hash);
	enum a2a_verified verified = A2A_NOT_VERIFIED;

	if (!kind) {
		a2a_explain(why, "its password is kept as %.*s, which cannot be compared here",
			(int)strcspn(text, "}") + 1, text);
		return A2A_CANNOT_VERIFY;
	}
	/* No password is right where none is kept; none has a NUL in it. */
	if (!*question.hash || !password->length || memchr(password->bytes, '\0', password->length))
		return A2A_NOT_VERIFIED;
	verified = kind->verify ? kind->verify(&question) : by_digest(kind, &question);
	if (verified == A2A_CANNOT_VERIFY)
		a2a_explain(why,
			"its password is kept as %s, but what is there is not of that kind",
			kind->name);
	return verified;
}
