/* SPDX-License-Identifier: BSD-3-Clause */
/* accounts.conf: where the passwords of each domain's users are kept. A section is for one domain.
 */
#ifndef A2A_SECTION_H
#define A2A_SECTION_H

#include <stdint.h>

#include "hash.h"
#include "log.h"

struct a2a_backend;

/* A section, with its defaults. A text that is not set is "". */
struct a2a_section {
	char *domain; /* "example.org", in small letters, or "*" */
	char *where;  /* for reports: "/etc/all2all/accounts.conf [example.org]" */
	char *kind;   /* the key "backend" */
	const struct a2a_backend *backend;
	uint64_t taken;    /* a bit for each row of the table that the file sets */
	bool force_change; /* not a key: the user must change the password at the next login */

	/* pam */
	char *service;
	/* passwd-file */
	char *file;
	char *names; /* "address" or "local-part": what the lines begin with */
	/* Where hashes are kept. */
	char *scheme_name;
	enum hash_scheme scheme;
	/* sql */
	char *driver; /* "postgresql" or "mariadb" */
	char *host;   /* a path is a Unix socket's */
	int64_t port; /* 0: the usual one */
	char *database, *login;
	char *password_file; /* "": no password */
	bool tls;
	char *tls_ca;
	char *preset, *lookup, *update; /* the preset's statements if the file has none */
	bool has_prefix;                /* of {SCHEME} */
	char *driver_folder;
};

struct a2a_sections {
	struct a2a_section *section;
	size_t count;
};

/*
 * Reads the file, which need not exist. Returns false, having reported every mistake. `sections`
 * must be all zero before; release it with a2a_sections_free() in any case.
 */
bool a2a_sections_read(struct a2a_sections *sections, const char *path, const struct a2a_log *log);
void a2a_sections_free(struct a2a_sections *sections);

/* Makes a section for all users of a PAM service. Returns false when memory is out. */
bool a2a_sections_add_pam(struct a2a_sections *sections, const char *service);

/* Returns the section of a domain, "" for none: that of this name or "*"; NULL if there is neither.
 */
struct a2a_section *a2a_sections_find(const struct a2a_sections *sections, const char *domain);

#endif
