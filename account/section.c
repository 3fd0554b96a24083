/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads accounts.conf. */
#define _GNU_SOURCE
#include "section.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backend.h"
#include "paths.h"
#include "sql_presets.h"
#include "table.h"

#define TEXT(field) A2A_TEXT_FIELD(struct a2a_section, field)
#define NUMBER(field) A2A_NUMBER_FIELD(struct a2a_section, field)
#define SWITCH(field) A2A_SWITCH_FIELD(struct a2a_section, field)

/* The kinds of backends, as a key's bits. */
enum { ALL = 1 << 0, PAM = 1 << 1, PASSWD_FILE = 1 << 2, SQL = 1 << 3 };

static const struct {
	const char *name;
	unsigned bit;
	const struct a2a_backend *backend;
} kinds[] = {
	{"pam", PAM, &a2a_pam_backend},
	{"passwd-file", PASSWD_FILE, &a2a_passwd_file_backend},
	{"sql", SQL, &a2a_sql_backend},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* ---- The keys -------------------------------------------------------------------------------- */

/* Whether a value is one of the words; or nothing, which is the default. */
static bool is_word(const struct a2a_setting *row, const char *value, const char *words,
	const char *where, const struct a2a_log *log)
{
	const size_t length = strlen(value);

	for (const char *word = words; *word; word += strcspn(word, " "), word += *word == ' ')
		if (!length || (strcspn(word, " ") == length && memcmp(word, value, length) == 0))
			return true;
	return a2a_fault(log, where, "%s: \"%s\" is none of %s", row->name, value, words);
}

static bool is_kind(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	return is_word(row, value, "pam passwd-file sql", where, log);
}

static bool is_scheme(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	return is_word(row, value, "yescrypt bcrypt sha512 argon2id", where, log);
}

static bool is_way_of_names(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	return is_word(row, value, "address local-part", where, log);
}

static bool is_driver(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	return is_word(row, value, "postgresql mariadb", where, log);
}

static bool is_preset(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	return is_word(row, value, a2a_sql_preset_names(), where, log);
}

static const struct a2a_setting rows[] = {
	{"backend", TEXT(kind), 0, 0, "", "where passwords are kept", false, is_kind},
	{"service", TEXT(service), 0, 0, "chpasswd", "the PAM service that sets them", false, NULL},
	{"file", TEXT(file), 0, 0, "", "a passwd-file of Dovecot's", true, NULL},
	{"names", TEXT(names), 0, 0, "address", "what its lines begin with", false,
		is_way_of_names},
	{"scheme", TEXT(scheme_name), 0, 0, "", "of the hashes that are made", false, is_scheme},
	{"driver", TEXT(driver), 0, 0, "", "which database server it is", false, is_driver},
	{"host", TEXT(host), 0, 0, "", "of the server; a path is a Unix socket's", false, NULL},
	{"port", NUMBER(port), 0, 65535, "0", "of the server; 0: the usual one"},
	{"database", TEXT(database), 0, 0, "", "the name of the database", false, NULL},
	{"login", TEXT(login), 0, 0, "", "the user name at the database", false, NULL},
	{"password_file", TEXT(password_file), 0, 0, "", "the file with its password", true, NULL},
	{"tls", SWITCH(tls), 0, 0, "yes", "whether a connection over the network is encrypted"},
	{"tls_ca", TEXT(tls_ca), 0, 0, "/etc/ssl/certs/ca-certificates.crt",
		"who may have signed the server's certificate", true, NULL},
	{"preset", TEXT(preset), 0, 0, "", "whose tables they are", false, is_preset},
	{"lookup", TEXT(lookup), 0, 0, "", "the statement that finds a user", false, NULL},
	{"update", TEXT(update), 0, 0, "", "the statement that sets a password", false, NULL},
	{"prefix", SWITCH(has_prefix), 0, 0, "yes", "whether a hash has {SCHEME} in front"},
	{"driver_folder", TEXT(driver_folder), 0, 0, A2A_DRIVERS, "where the drivers are", true,
		NULL},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* For each key the backends that it is for, and those that cannot do without it. */
static const struct {
	unsigned used, needed;
} uses[] = {
	{ALL, ALL},
	{PAM, 0},
	{PASSWD_FILE, PASSWD_FILE},
	{PASSWD_FILE, 0},
	{PASSWD_FILE | SQL, 0},
	{SQL, SQL}, /* driver */
	{SQL, 0},
	{SQL, 0},
	{SQL, SQL}, /* database */
	{SQL, 0},
	{SQL, 0},
	{SQL, 0},
	{SQL, 0},
	{SQL, 0}, /* preset */
	{SQL, 0},
	{SQL, 0},
	{SQL, 0},
	{SQL, 0},
};

_Static_assert(sizeof(uses) / sizeof(uses[0]) == ROWS, "each key has its uses");
_Static_assert(ROWS <= 64, "each key has a bit");

static void report_unknown(const char *name, const char *where, const struct a2a_log *log)
{
	a2a_fault(log, where, "unknown key \"%s\": accounts.conf(5) lists them", name);
}

static void note_taken(void *base, const struct a2a_setting *row)
{
	struct a2a_section *section = base;

	section->taken |= UINT64_C(1) << (row - rows);
}

static const struct a2a_table table = {rows, ROWS, report_unknown, note_taken};

/* ---- Reading --------------------------------------------------------------------------------- */

struct reading {
	struct a2a_sections *sections;
	const char *path;
	const struct a2a_log *log;
};

/* Whether it can be the domain of a mail address; or "*", which is for all. */
static bool is_domain(const char *name)
{
	const size_t length = strlen(name);

	return strcmp(name, "*") == 0 ||
	       (length && length <= 253 && *name != '.' && name[length - 1] != '.' &&
		       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789-.")] == '\0');
}

static struct a2a_section *add_section(
	struct a2a_sections *sections, const char *path, const char *domain)
{
	struct a2a_section *grown =
		reallocarray(sections->section, sections->count + 1, sizeof(*sections->section));
	struct a2a_section *section;

	if (!grown)
		return NULL;
	sections->section = grown;
	section = &grown[sections->count++];
	*section = (struct a2a_section){.domain = strdup(domain)};
	if (asprintf(&section->where, "%s [%s]", path, domain) < 0)
		section->where = NULL;
	if (!section->domain || !section->where || !a2a_table_defaults(&table, section))
		return NULL;
	for (char *byte = section->domain; *byte; byte++)
		*byte = (char)tolower((unsigned char)*byte);
	return section;
}

static void *begin(void *context, const char *name, const char *where)
{
	struct reading *reading = context;
	struct a2a_section *section;

	if (!is_domain(name)) {
		a2a_fault(reading->log, where,
			"[%s] is neither a domain, as [example.org], nor [*], which is for all "
			"others",
			name);
		return NULL;
	}
	for (size_t i = 0; i < reading->sections->count; i++)
		if (strcasecmp(reading->sections->section[i].domain, name) == 0) {
			a2a_fault(reading->log, where, "[%s] is there already: leave one of them",
				name);
			return NULL;
		}
	section = add_section(reading->sections, reading->path, name);
	if (!section)
		a2a_fault(reading->log, where, "out of memory");
	return section;
}

static bool is_taken(const struct a2a_section *section, const char *key)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, key) == 0)
			return section->taken & UINT64_C(1) << i;
	return false;
}

/* Takes a statement of the preset where the file has none. Returns false when memory is out. */
static bool take_statement(char **statement, const char *preset)
{
	char *copy = **statement ? NULL : strdup(preset);

	if (**statement)
		return true;
	if (copy) {
		free(*statement);
		*statement = copy;
	}
	return copy;
}

/* What follows from the preset, or without one from nothing. */
static bool settle_sql(struct a2a_section *section, const struct a2a_log *log)
{
	const struct a2a_sql_preset *preset = a2a_sql_preset_find(section->preset);

	if (!preset)
		return (*section->lookup && *section->update) ||
		       a2a_fault(log, section->where,
			       "a preset is missing (%s), or the statements lookup and update",
			       a2a_sql_preset_names());
	if (!is_taken(section, "scheme"))
		section->scheme = preset->scheme;
	if (!is_taken(section, "prefix"))
		section->has_prefix = preset->has_prefix;
	return (take_statement(&section->lookup, preset->lookup) &&
		       take_statement(&section->update, preset->update)) ||
	       a2a_fault(log, section->where, "out of memory");
}

/* Whether it says what its backend needs, and nothing that another one would. */
static bool has_its_keys(
	const struct a2a_section *section, unsigned bits, const struct a2a_log *log)
{
	bool ok = true;

	for (size_t i = 0; i < ROWS; i++) {
		const bool taken = section->taken & UINT64_C(1) << i;

		if (!taken && (uses[i].needed & bits))
			ok = a2a_fault(log, section->where, "%s is missing (%s)", rows[i].name,
				rows[i].meaning);
		if (taken && !(uses[i].used & bits))
			ok = a2a_fault(log, section->where, "%s is nothing that %s takes",
				rows[i].name, section->kind);
	}
	return ok;
}

/* Looks at a whole section. */
static bool check(struct a2a_section *section, const struct a2a_log *log)
{
	unsigned bits = 0;

	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(section->kind, kinds[i].name) == 0) {
			section->backend = kinds[i].backend;
			bits = ALL | kinds[i].bit;
		}
	if (!section->backend)
		return a2a_fault(log, section->where,
			"backend is missing: it is one of pam passwd-file sql");
	hash_find(section->scheme_name, &section->scheme);
	if (!has_its_keys(section, bits, log) || (bits & SQL && !settle_sql(section, log)))
		return false;
	if (strcmp(section->names, "local-part") == 0 && strcmp(section->domain, "*") == 0)
		return a2a_fault(log, section->where,
			"names = local-part is for the section of one domain: here two domains "
			"would "
			"have the same lines");
	return true;
}

bool a2a_sections_read(struct a2a_sections *sections, const char *path, const struct a2a_log *log)
{
	struct reading reading = {sections, path, log};
	const struct a2a_table_sections into = {begin, &reading};
	bool ok = a2a_table_read_sections(&table, &into, path, true, log);

	/* All mistakes at once; but what a line got wrong may be missing in its section. */
	for (size_t i = 0, whole = ok; whole && i < sections->count; i++)
		ok &= check(&sections->section[i], log);
	return ok;
}

bool a2a_sections_add_pam(struct a2a_sections *sections, const char *service)
{
	struct a2a_section *section = add_section(sections, "PAM", "*");
	char *copy = section ? strdup(service) : NULL;

	if (!copy)
		return false;
	free(section->service);
	section->service = copy;
	section->backend = &a2a_pam_backend;
	return true;
}

void a2a_sections_free(struct a2a_sections *sections)
{
	for (size_t i = 0; i < sections->count; i++) {
		a2a_table_release(&table, &sections->section[i]);
		free(sections->section[i].domain);
		free(sections->section[i].where);
	}
	free(sections->section);
	*sections = (struct a2a_sections){0};
}

struct a2a_section *a2a_sections_find(const struct a2a_sections *sections, const char *domain)
{
	struct a2a_section *all = NULL;

	for (size_t i = 0; i < sections->count; i++) {
		if (strcasecmp(sections->section[i].domain, domain) == 0)
			return &sections->section[i];
		if (strcmp(sections->section[i].domain, "*") == 0)
			all = &sections->section[i];
	}
	return all;
}
