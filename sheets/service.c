/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads sheets.conf. Users see every value, so every value is checked. */
#define _GNU_SOURCE
#include "service.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <utf8proc.h>

#include "address.h"
#include "number.h"

#define NUMBER(field) A2A_NUMBER_FIELD(struct a2a_service, field)
#define TEXT(field) A2A_TEXT_FIELD(struct a2a_service, field)
#define SWITCH(field) A2A_SWITCH_FIELD(struct a2a_service, field)

static bool is_noncharacter(utf8proc_int32_t point)
{
	return (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
}

bool a2a_is_showable(const char *text)
{
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
	utf8proc_int32_t point;

	for (utf8proc_ssize_t length; *bytes; bytes += length) {
		length = utf8proc_iterate(bytes, -1, &point);
		if (length < 0 || is_noncharacter(point))
			return false;
		switch (utf8proc_category(point)) {
		case UTF8PROC_CATEGORY_CC:
		case UTF8PROC_CATEGORY_ZL:
		case UTF8PROC_CATEGORY_ZP:
			return false;
		default:
			break;
		}
	}
	return true;
}

static bool is_text(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	if (a2a_is_showable(value))
		return true;
	a2a_report(log, A2A_FAULT, where,
		"%s: the value holds a control character, or is not UTF-8: users are to read it",
		row->name);
	return false;
}

static bool is_host(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	char *ascii;

	if (!*value || a2a_is_host_name(value, strlen(value)))
		return true;
	if (!is_text(row, value, where, log))
		return false;
	ascii = a2a_host_name_in_ascii(value);
	if (ascii)
		a2a_fault(log, where,
			"%s: \"%s\" is not a host name: write it as the DNS knows it, %s",
			row->name, value, ascii);
	else
		a2a_fault(log, where,
			"%s: \"%s\" is not a host name: write it as mail.example.org, in letters, "
			"digits, hyphens and full stops, and a port with its own key",
			row->name, value);
	free(ascii);
	return false;
}

static bool is_https(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	if (!*value || a2a_is_page_address(value))
		return true;
	if (!is_text(row, value, where, log))
		return false;
	a2a_report(log, A2A_FAULT, where,
		"%s: \"%s\" is not an address that begins with https:// and a host name: passwords "
		"are typed there",
		row->name, value);
	return false;
}

static bool is_file(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	if (!*value || *value == '/')
		return is_text(row, value, where, log);
	a2a_report(log, A2A_FAULT, where, "%s: \"%s\" is not an absolute path", row->name, value);
	return false;
}

static bool is_login_name(const struct a2a_setting *row, const char *value, const char *where,
	const struct a2a_log *log)
{
	if (strcmp(value, "address") == 0 || strcmp(value, A2A_LOGIN_LOCAL_PART) == 0)
		return true;
	if (!is_text(row, value, where, log))
		return false;
	return a2a_fault(log, where, "%s: \"%s\" is none of address " A2A_LOGIN_LOCAL_PART,
		row->name, value);
}

static const struct a2a_setting rows[] = {
	{"organisation", TEXT(organisation), 0, 0, "", "who gives the account", false, is_text},
	{"domain", TEXT(domain), 0, 0, "", "of the mail addresses", false, is_host},
	{"server", TEXT(server), 0, 0, "", "the host name of IMAPS, POP3S and SMTPS", false,
		is_host},
	{"webmail", TEXT(webmail), 0, 0, "", "its address, https only", false, is_https},
	{"help", TEXT(help), 0, 0, "", "whom to ask for a new password", false, is_text},
	{"mail_link", SWITCH(mail_link), 0, 0, "yes", "whether mails have a link"},
	{"logo", TEXT(logo), 0, 0, "", "a PNG file", true, is_file},
	{"imaps_port", NUMBER(imaps_port), 1, 65535, "993", "the port of IMAPS"},
	{"pop3s_port", NUMBER(pop3s_port), 1, 65535, "995", "the port of POP3S"},
	{"smtps_port", NUMBER(smtps_port), 1, 65535, "465", "the port of SMTPS"},
	{"quota", NUMBER(quota), 0, 1000000000, "0", "of a mailbox, in MB; 0: not said"},
	{"message_limit", NUMBER(message_limit), 0, 1000000000, "0",
		"of a message, in MB; 0: not said"},
	{"autoconfig", TEXT(autoconfig), 0, 0, "", "the host that publishes set-up files", false,
		is_host},
	{"login_name", TEXT(login_name), 0, 0, "address", "what mail programs log in with", false,
		is_login_name},
	{"mx_domain", TEXT(mx_domain), 0, 0, "", "of the MX host of hosted domains", false,
		is_host},
	{"sign_certificate", TEXT(sign_certificate), 0, 0, "", "a PEM file, with its chain", true,
		is_file},
	{"sign_key", TEXT(sign_key), 0, 0, "", "a PEM file", true, is_file},
};

/* The keys for which accounts have no values of their own. */
static const char *const common[] = {
	"logo", "login_name", "mail_link", "mx_domain", "sign_certificate", "sign_key"};

static void report_unknown(const char *name, const char *where, const struct a2a_log *log)
{
	a2a_report(log, A2A_FAULT, where, "unknown key \"%s\": sheets.conf(5) lists them", name);
}

static const struct a2a_table table = {rows, sizeof(rows) / sizeof(rows[0]), report_unknown};

/* Reads the file, and stores its path, which is allocated. Returns false, having reported. */
static bool read_file(
	struct a2a_service *service, const char *directory, char **path, const struct a2a_log *log)
{
	if (asprintf(path, "%s/sheets.conf", directory) < 0) {
		*path = NULL;
		return a2a_fault(log, directory, "out of memory");
	}
	if (!a2a_table_defaults(&table, service))
		return a2a_fault(log, directory, "out of memory");
	return a2a_table_read_file(&table, service, *path, true, log);
}

bool a2a_service_read(struct a2a_service *service, const char *directory, const struct a2a_log *log)
{
	char *path = NULL;
	bool ok = read_file(service, directory, &path, log);

	/* If the server was refused, that has been reported. */
	if (ok && !*service->server) {
		a2a_report(log, A2A_FAULT, path,
			"the server is missing: write the line \"server = mail.example.org\" into "
			"this file, with the host name for mail programs");
		ok = false;
	}
	if (ok && !*service->sign_certificate != !*service->sign_key)
		ok = a2a_fault(log, path,
			"sign_certificate and sign_key belong together: name both, or neither");
	free(path);
	return ok;
}

bool a2a_service_read_for_mail(
	struct a2a_service *service, const char *directory, const struct a2a_log *log)
{
	char *path = NULL;
	const bool is_read = read_file(service, directory, &path, log);
	bool ok = is_read;

	/* What was refused has been reported. */
	if (is_read && !*service->organisation)
		ok = a2a_fault(log, path,
			"the organisation is missing: write the line \"organisation = NAME\" into "
			"this file, for a mail about a password that names nobody looks like a "
			"fraud");
	if (is_read && !*service->help)
		ok = a2a_fault(log, path,
			"the help is missing: write the line \"help = +32 2 555 01 23\" into this "
			"file, with the telephone number where users can ask whether a mail is "
			"from you");
	free(path);
	return ok;
}

void a2a_service_free(struct a2a_service *service)
{
	a2a_table_release(&table, service);
}

/* ---- The values of an account ---------------------------------------------------------------- */

bool a2a_service_has(const char *key)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strcmp(key, common[i]) == 0)
			return false;
	return !strchr(key, '=') && a2a_table_has(&table, key);
}

bool a2a_service_copy(struct a2a_service *service, const struct a2a_service *from)
{
	return a2a_table_defaults(&table, service) && a2a_table_copy(&table, service, from);
}

/* How lists write that there is no limit. */
static const char *const unlimited[] = {
	"unlimited", "none", "-1", "illimité", "illimitée", "onbeperkt", "unbegrenzt"};

/* The units of a size, as the sheets write them, in megabytes. */
static const struct {
	const char *name;
	int64_t megabytes;
} units[] = {
	{"M", 1},
	{"MB", 1},
	{"Mo", 1},
	{"MiB", 1},
	{"G", 1024},
	{"GB", 1024},
	{"Go", 1024},
	{"GiB", 1024},
	{"T", 1024 * 1024},
	{"TB", 1024 * 1024},
	{"To", 1024 * 1024},
	{"TiB", 1024 * 1024},
};

/* Finds the number of megabytes in a size with a unit, or without a limit. Returns false when it is
 * neither. */
static bool parse_size(const char *value, int64_t *megabytes)
{
	static const char no_break_space[] = "\u00a0";
	const size_t digits = strspn(value, "0123456789");
	const char *unit = value + digits + strspn(value + digits, " ");
	char *number = NULL;
	bool ok = false;

	*megabytes = 0;
	for (size_t i = 0; i < sizeof(unlimited) / sizeof(unlimited[0]); i++)
		if (strcasecmp(value, unlimited[i]) == 0)
			return true;
	if (strncmp(unit, no_break_space, sizeof(no_break_space) - 1) == 0)
		unit += sizeof(no_break_space) - 1;
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcasecmp(unit, units[i].name) != 0)
			continue;
		number = strndup(value, digits);
		ok = number &&
		     a2a_number_parse(number, 0, INT64_MAX / units[i].megabytes, megabytes);
		*megabytes *= units[i].megabytes;
		break;
	}
	free(number);
	return ok;
}

bool a2a_service_set(
	struct a2a_service *service, const char *key, const char *value, const struct a2a_log *log)
{
	const bool is_size = strcmp(key, "quota") == 0 || strcmp(key, "message_limit") == 0;
	char *assignment = NULL;
	int64_t megabytes;
	int length;
	bool ok;

	/* Nextcloud writes "default". */
	if (!*value || (is_size && strcasecmp(value, "default") == 0))
		return true;
	if (is_size && parse_size(value, &megabytes))
		length = asprintf(&assignment, "%s=%" PRId64, key, megabytes);
	else
		length = asprintf(&assignment, "%s=%s", key, value);
	if (length < 0)
		return a2a_fault(log, NULL, "out of memory");
	ok = a2a_table_set(&table, service, assignment, NULL, log);
	free(assignment);
	return ok;
}

char *a2a_service_address(const struct a2a_service *service, const char *user)
{
	if (!strchr(user, '@') && (!service->domain || !*service->domain))
		return strdup("");
	return a2a_mail_address(user, service->domain);
}
