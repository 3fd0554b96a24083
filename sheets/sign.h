/* SPDX-License-Identifier: BSD-3-Clause */
/* Signs configuration profiles, so that an Apple device says who made them. */
#ifndef A2A_SIGN_H
#define A2A_SIGN_H

#include "service.h"

struct a2a_signer;

/*
 * Opens the certificate and the key that the service names. `*signer` becomes NULL if it names
 * none. Returns false, having reported, when one of them cannot be used: it is not there, others
 * can write to it, the key is of another certificate or needs a passphrase, the certificate is
 * expired. Release with a2a_signer_close().
 *
 * Symbolic links are followed, since certbot makes them; the files that they lead to are checked.
 */
bool a2a_signer_open(
	struct a2a_signer **signer, const struct a2a_service *service, const struct a2a_log *log);
void a2a_signer_close(struct a2a_signer *signer);

/*
 * Replaces the bytes by a CMS message (RFC 5652, DER) that has them and the signature, with the
 * whole chain of certificates. Without a signer, leaves them. Returns false, having reported, with
 * the bytes as they were. May be called in several threads at once.
 */
bool a2a_sign(const struct a2a_signer *signer, struct secret *bytes, const struct a2a_log *log);

#endif
