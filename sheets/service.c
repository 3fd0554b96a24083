/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads sheets.conf. Users see every value, so every value is checked. */
#define _GNU_SOURCE
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "address.h"

#define NUMBER(field) A2A_NUMBER_FIELD(struct a2a_service, field)
#define TEXT(field) A2A_TEXT_FIELD(struct a2a_service, field)

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

static const struct a2a_setting rows[] = {
	{"organisation", TEXT(organisation), 0, 0, "", "who gives the account", false, is_text},
	{"domain", TEXT(domain), 0, 0, "", "of the mail addresses", false, is_host},
	{"server", TEXT(server), 0, 0, "", "the host name of IMAPS, POP3S and SMTPS", false,
		is_host},
	{"webmail", TEXT(webmail), 0, 0, "", "its address, https only", false, is_https},
	{"help", TEXT(help), 0, 0, "", "whom to ask for a new password", false, is_text},
	{"logo", TEXT(logo), 0, 0, "", "a PNG file", true, is_file},
	{"imaps_port", NUMBER(imaps_port), 1, 65535, "993", "the port of IMAPS"},
	{"pop3s_port", NUMBER(pop3s_port), 1, 65535, "995", "the port of POP3S"},
	{"smtps_port", NUMBER(smtps_port), 1, 65535, "465", "the port of SMTPS"},
	{"quota", NUMBER(quota), 0, 1000000000, "0", "of a mailbox, in MB; 0: not said"},
	{"message_limit", NUMBER(message_limit), 0, 1000000000, "0",
		"of a message, in MB; 0: not said"},
};

static void report_unknown(const char *name, const char *where, const struct a2a_log *log)
{
	a2a_report(log, A2A_FAULT, where, "unknown key \"%s\": sheets.conf(5) lists them", name);
}

static const struct a2a_table table = {rows, sizeof(rows) / sizeof(rows[0]), report_unknown};

bool a2a_service_read(struct a2a_service *service, const char *directory, const struct a2a_log *log)
{
	char *path = NULL;
	bool ok;

	if (asprintf(&path, "%s/sheets.conf", directory) < 0 ||
		!a2a_table_defaults(&table, service)) {
		a2a_report(log, A2A_FAULT, directory, "out of memory");
		free(path);
		return false;
	}
	ok = a2a_table_read_file(&table, service, path, true, log);
	/* If the server was refused, that has been reported. */
	if (ok && !*service->server) {
		a2a_report(log, A2A_FAULT, path,
			"the server is not said: write the line \"server = mail.example.org\" into "
			"this file, with the host name that mail programs are to be given");
		ok = false;
	}
	free(path);
	return ok;
}

void a2a_service_free(struct a2a_service *service)
{
	a2a_table_release(&table, service);
}

char *a2a_service_address(const struct a2a_service *service, const char *user)
{
	char *address = NULL;

	if (strchr(user, '@'))
		return strdup(user);
	if (!service->domain || !*service->domain)
		return strdup("");
	return asprintf(&address, "%s@%s", user, service->domain) < 0 ? NULL : address;
}
