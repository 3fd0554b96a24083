/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Profiles are signed with the library of OpenSSL, not with its command. The key is then read once
 * for a run of thousands of profiles, the threads that make them start no program, and a mistake in
 * a certificate is reported before any password is set.
 */
#define _GNU_SOURCE
#include "sign.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "file.h"

struct a2a_signer {
	const char *path; /* of the certificate; belongs to the service */
	X509 *certificate;
	EVP_PKEY *key;
	STACK_OF(X509) * chain; /* without the certificate itself */
};

/* What OpenSSL says of the last error, half a sentence. */
static const char *reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	return text ? text : "unknown error";
}

/* Opens a file that a2a_file_open() trusts. Returns NULL, having reported. */
static BIO *open_file(const char *path, const struct a2a_log *log)
{
	char *real = realpath(path, NULL);
	uint64_t size;
	int fd = -1, error = real ? a2a_file_open(real, A2A_MOST_TEXT, &fd, &size) : errno;
	/* It reads as much as it is asked for, and leaves no copy of a key in a buffer. */
	BIO *file = error ? NULL : BIO_new_fd(fd, BIO_CLOSE);

	if (error)
		a2a_fault(log, path, "%s", a2a_file_reason(error));
	else if (!file) {
		close(fd);
		a2a_fault(log, path, "out of memory");
	}
	free(real);
	return file;
}

/* For a key with a passphrase: there is none, and nobody is asked. */
static int no_passphrase(char *buffer, int size, int writes, void *context)
{
	(void)buffer;
	(void)size;
	(void)writes;
	(void)context;
	return -1;
}

/* Reads the certificates of a file: the signer's, then the chain. */
static bool read_certificates(struct a2a_signer *signer, BIO *file, const struct a2a_log *log)
{
	X509 *next;

	signer->certificate = PEM_read_bio_X509(file, NULL, no_passphrase, NULL);
	if (!signer->certificate)
		return a2a_fault(log, signer->path,
			"has no certificate in PEM, \"-----BEGIN CERTIFICATE-----\": %s", reason());
	while ((next = PEM_read_bio_X509(file, NULL, no_passphrase, NULL)))
		if (!sk_X509_push(signer->chain, next)) {
			X509_free(next);
			return a2a_fault(log, signer->path, "out of memory");
		}
	/* The end of the file is the only error that is none. */
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return a2a_fault(log, signer->path, "has a damaged certificate: %s", reason());
	ERR_clear_error();
	return true;
}

static bool read_key(
	struct a2a_signer *signer, BIO *file, const char *path, const struct a2a_log *log)
{
	signer->key = PEM_read_bio_PrivateKey(file, NULL, no_passphrase, NULL);
	if (signer->key)
		return true;
	return a2a_fault(log, path,
		"has no key in PEM, \"-----BEGIN PRIVATE KEY-----\", without a passphrase: %s",
		reason());
}

static bool check(const struct a2a_signer *signer, const char *key, const struct a2a_log *log)
{
	if (!X509_check_private_key(signer->certificate, signer->key))
		return a2a_fault(log, key, "is not the key of the certificate in %s", signer->path);
	if (X509_cmp_current_time(X509_get0_notAfter(signer->certificate)) <= 0)
		return a2a_fault(log, signer->path,
			"the certificate is expired: devices would call its profiles not verified");
	if (X509_cmp_current_time(X509_get0_notBefore(signer->certificate)) > 0)
		return a2a_fault(log, signer->path, "the certificate is not valid yet");
	return true;
}

static bool fill(
	struct a2a_signer *signer, const struct a2a_service *service, const struct a2a_log *log)
{
	BIO *certificates = NULL, *key = NULL;
	bool ok = false;

	ERR_clear_error();
	certificates = open_file(service->sign_certificate, log);
	if (!certificates || !read_certificates(signer, certificates, log))
		goto out;
	key = open_file(service->sign_key, log);
	ok = key && read_key(signer, key, service->sign_key, log) &&
	     check(signer, service->sign_key, log);
out:
	BIO_free(certificates);
	BIO_free(key);
	ERR_clear_error();
	return ok;
}

bool a2a_signer_open(
	struct a2a_signer **signer, const struct a2a_service *service, const struct a2a_log *log)
{
	*signer = NULL;
	if (!*service->sign_certificate)
		return true;
	*signer = calloc(1, sizeof(**signer));
	if (*signer) {
		(*signer)->path = service->sign_certificate;
		(*signer)->chain = sk_X509_new_null();
	}
	if (!*signer || !(*signer)->chain)
		a2a_fault(log, service->sign_certificate, "out of memory");
	else if (fill(*signer, service, log))
		return true;
	a2a_signer_close(*signer);
	*signer = NULL;
	return false;
}

void a2a_signer_close(struct a2a_signer *signer)
{
	if (!signer)
		return;
	X509_free(signer->certificate);
	EVP_PKEY_free(signer->key);
	sk_X509_pop_free(signer->chain, X509_free);
	free(signer);
}

bool a2a_sign(const struct a2a_signer *signer, struct secret *bytes, const struct a2a_log *log)
{
	CMS_ContentInfo *message = NULL;
	BIO *content = NULL, *signed_bytes = NULL;
	char *data;
	long length;
	struct secret result = {0};
	bool ok = false;

	if (!signer)
		return true;
	if (bytes->length > INT_MAX)
		return a2a_fault(log, signer->path, "a profile is too large to be signed");
	ERR_clear_error();
	content = BIO_new_mem_buf(bytes->bytes, (int)bytes->length);
	signed_bytes = BIO_new(BIO_s_mem());
	/* Binary: the bytes are not changed into lines of mail. */
	if (content)
		message = CMS_sign(signer->certificate, signer->key, signer->chain, content,
			CMS_BINARY | CMS_NOSMIMECAP);
	if (!message || !signed_bytes || !i2d_CMS_bio(signed_bytes, message)) {
		a2a_fault(log, signer->path, "no profile can be signed: %s", reason());
		goto out;
	}
	length = BIO_get_mem_data(signed_bytes, &data);
	ok = length > 0 && a2a_secret_append(&result, data, (size_t)length);
	if (!ok) {
		a2a_fault(log, signer->path, "out of memory");
		goto out;
	}
	a2a_secret_wipe(bytes);
	*bytes = result;
out:
	CMS_ContentInfo_free(message);
	BIO_free(content);
	BIO_free(signed_bytes);
	ERR_clear_error();
	return ok;
}
