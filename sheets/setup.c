/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files for mail programs. libxml2 writes the XML, so that a name is never markup; libuuid makes
 * the identifiers.
 *
 * Formats: Mozilla's Thunderbird:Autoconfiguration:ConfigFileFormat, which
 * draft-ietf-mailmaint-autoconfig carries on, and Apple's Device Management: TopLevel,
 * CommonPayloadKeys, Mail.
 */
#define _GNU_SOURCE
#include "setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <uuid/uuid.h>

#include "address.h"
#include "language.h"

/* The title and description that a device shows before it installs a profile. */
static const struct wording {
	const char *title, *description;
} wordings[A2A_LANGUAGES] = {
	[A2A_FRENCH] = {"Messagerie %s",
		"Configure le compte de messagerie %s sur le serveur %s. Le mot de passe n’y "
		"figure pas : votre appareil vous le demandera."},
	[A2A_DUTCH] = {"E-mail %s",
		"Stelt de e-mailaccount %s op de server %s in. Het wachtwoord staat er niet in: uw "
		"toestel vraagt erom."},
	[A2A_GERMAN] = {"E-Mail %s",
		"Richtet das E-Mail-Konto %s auf dem Server %s ein. Das Passwort steht nicht "
		"darin: Ihr Gerät fragt danach."},
	[A2A_ENGLISH] = {"Mail %s",
		"Sets up the mail account %s on the server %s. The password is not in it: your "
		"device will ask for it."},
};

/* ---- The account ----------------------------------------------------------------------------- */

/* The account with all defaults filled in. The texts belong to the caller or to the service, except
 * `own`. */
struct facts {
	const char *user, *name, *mail;
	const char *mail_domain;  /* behind the @ */
	const char *domain;       /* of the service */
	const char *organisation; /* or else its domain */
	char *own;
};

static bool take_facts(struct facts *facts, const struct a2a_service *service,
	const struct a2a_setup_account *account, const struct a2a_log *log)
{
	const struct {
		const char *what, *text;
	} texts[] = {{"user name", account->user}, {"name", account->name},
		{"mail address", account->mail}, {"organisation", service->organisation},
		{"server", service->server}, {"webmail", service->webmail}};
	char *problem;

	*facts = (struct facts){.user = account->user,
		.name = account->name,
		.mail = account->mail,
		.domain = service->domain,
		.organisation = service->organisation};
	if (!account->user || !*account->user) {
		a2a_report(log, A2A_FAULT, NULL, "a set-up file needs a user name");
		return false;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].text && !a2a_is_showable(texts[i].text)) {
			/* The first text is the user name, which cannot be printed. */
			a2a_report(log, A2A_FAULT, i ? account->user : NULL,
				"the %s holds a control character, or is not UTF-8", texts[i].what);
			return false;
		}
	if (strcasestr(account->user, "%EMAIL")) {
		a2a_report(log, A2A_FAULT, account->user,
			"a mail program would put the address in the place of %%EMAIL... in the "
			"user name");
		return false;
	}
	if (!facts->mail || !*facts->mail) {
		facts->mail = facts->own = a2a_service_address(service, account->user);
		if (!facts->own)
			return a2a_fault(log, account->user, "out of memory");
	}
	if (!*facts->mail) {
		free(facts->own);
		return a2a_fault(log, account->user,
			"the account has no mail address: give it one, or set domain in "
			"sheets.conf");
	}
	problem = a2a_mail_address_problem(facts->mail);
	if (problem) {
		a2a_fault(log, account->user, "%s", *problem ? problem : "out of memory");
		free(problem);
		free(facts->own);
		return false;
	}
	facts->mail_domain = strchr(facts->mail, '@') + 1;
	if (!facts->name || !*facts->name)
		facts->name = facts->user;
	if (!*facts->domain)
		facts->domain = facts->mail_domain;
	if (!*facts->organisation)
		facts->organisation = facts->domain;
	return true;
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* `ok` becomes false when memory is out. */
struct document {
	xmlBufferPtr buffer;
	xmlTextWriterPtr writer;
	bool ok;
};

void a2a_setup_start(void)
{
	xmlInitParser();
}

static void document_open(struct document *document)
{
	document->buffer = xmlBufferCreate();
	document->writer = document->buffer ? xmlNewTextWriterMemory(document->buffer, 0) : NULL;
	document->ok = document->writer && xmlTextWriterSetIndent(document->writer, 1) >= 0 &&
		       xmlTextWriterStartDocument(document->writer, "1.0", "UTF-8", NULL) >= 0;
}

static void start(struct document *document, const char *element)
{
	document->ok =
		document->ok && xmlTextWriterStartElement(document->writer, BAD_CAST element) >= 0;
}

static void end(struct document *document)
{
	document->ok = document->ok && xmlTextWriterEndElement(document->writer) >= 0;
}

static void attribute(struct document *document, const char *name, const char *value)
{
	document->ok = document->ok && xmlTextWriterWriteAttribute(document->writer, BAD_CAST name,
					       BAD_CAST value) >= 0;
}

static void text(struct document *document, const char *element, const char *value)
{
	document->ok = document->ok && xmlTextWriterWriteElement(document->writer, BAD_CAST element,
					       BAD_CAST value) >= 0;
}

static void number(struct document *document, const char *element, int64_t value)
{
	document->ok = document->ok && xmlTextWriterWriteFormatElement(document->writer,
					       BAD_CAST element, "%" PRId64, value) >= 0;
}

/* Appends the document to `bytes` if it is complete. */
static bool document_close(struct document *document, const char *user, struct secret *bytes,
	const struct a2a_log *log)
{
	if (document->ok)
		document->ok = xmlTextWriterEndDocument(document->writer) >= 0;
	if (document->writer)
		xmlFreeTextWriter(document->writer); /* empties its own buffer into ours */
	if (document->ok)
		document->ok =
			a2a_secret_append(bytes, (const char *)xmlBufferContent(document->buffer),
				(size_t)xmlBufferLength(document->buffer));
	if (document->buffer)
		xmlBufferFree(document->buffer);
	if (!document->ok)
		a2a_report(log, A2A_FAULT, user, "out of memory");
	return document->ok;
}

/* ---- Mozilla --------------------------------------------------------------------------------- */

static void write_server(struct document *document, const char *element, const char *type,
	const char *host, int64_t port, const char *user)
{
	start(document, element);
	attribute(document, "type", type);
	text(document, "hostname", host);
	number(document, "port", port);
	text(document, "socketType", "SSL");
	text(document, "authentication", "password-cleartext");
	text(document, "username", user);
	end(document);
}

bool a2a_setup_autoconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *xml, const struct a2a_log *log)
{
	struct document document;
	struct facts facts;
	bool ok;

	if (!take_facts(&facts, service, account, log))
		return false;
	document_open(&document);
	start(&document, "clientConfig");
	attribute(&document, "version", "1.1");
	start(&document, "emailProvider");
	attribute(&document, "id", facts.domain);
	/* A mail program applies the file to addresses of this domain. */
	text(&document, "domain", facts.mail_domain);
	if (strcasecmp(facts.domain, facts.mail_domain) != 0)
		text(&document, "domain", facts.domain);
	text(&document, "displayName", facts.organisation);
	text(&document, "displayShortName", facts.organisation);
	/* The first server is the preferred one. */
	write_server(&document, "incomingServer", "imap", service->server, service->imaps_port,
		facts.user);
	write_server(&document, "incomingServer", "pop3", service->server, service->pop3s_port,
		facts.user);
	write_server(&document, "outgoingServer", "smtp", service->server, service->smtps_port,
		facts.user);
	end(&document);
	if (*service->webmail) {
		start(&document, "webMail");
		start(&document, "loginPage");
		attribute(&document, "url", service->webmail);
		end(&document);
		end(&document);
	}
	end(&document);
	ok = document_close(&document, facts.user, xml, log);
	free(facts.own);
	return ok;
}

/* ---- Apple ----------------------------------------------------------------------------------- */

/*
 * Lower-case labels of a domain in reverse order, and the user name as one label: what is not a
 * letter, a digit or a hyphen in it becomes _ and two hexadecimal digits, so that two users never
 * share an identifier. NULL when memory is out.
 */
static char *make_identifier(const char *domain, const char *user)
{
	char *identifier = malloc(strlen(domain) + sizeof(".mail.") + 3 * strlen(user));
	char *to = identifier;

	if (!identifier)
		return NULL;
	for (const char *end = domain + strlen(domain); end > domain;) {
		const char *label = memrchr(domain, '.', (size_t)(end - domain));
		const char *from = label ? label + 1 : domain;

		for (; from < end; from++)
			*to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
		if (label)
			*to++ = '.';
		end = label ? label : domain;
	}
	to = stpcpy(to, ".mail.");
	for (; *user; user++) {
		unsigned char byte = (unsigned char)*user;

		if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			(byte >= '0' && byte <= '9') || byte == '-')
			*to++ = *user;
		else
			to += sprintf(to, "_%02x", byte);
	}
	*to = '\0';
	return identifier;
}

/*
 * RFC 9562, section 5.5 (version 5): of the identifier, which holds domain and user, within the
 * DNS namespace. The same account thus always has the same one.
 */
static void write_identity(struct document *document, const char *identifier)
{
	char printed[UUID_STR_LEN];
	uuid_t uuid;

	uuid_generate_sha1(uuid, *uuid_get_template("dns"), identifier, strlen(identifier));
	uuid_unparse_upper(uuid, printed);
	text(document, "key", "PayloadIdentifier");
	text(document, "string", identifier);
	text(document, "key", "PayloadUUID");
	text(document, "string", printed);
	text(document, "key", "PayloadVersion");
	number(document, "integer", 1);
}

static void write_string(struct document *document, const char *key, const char *value)
{
	text(document, "key", key);
	text(document, "string", value);
}

static void write_true(struct document *document, const char *key)
{
	text(document, "key", key);
	start(document, "true");
	end(document);
}

/* The keys of IMAPS or SMTPS, which differ by their prefix. */
static void write_side(struct document *document, const char *const keys[static 5],
	const char *host, int64_t port, const char *user)
{
	write_string(document, keys[0], "EmailAuthPassword");
	write_string(document, keys[1], host);
	text(document, "key", keys[2]);
	number(document, "integer", port);
	write_true(document, keys[3]);
	write_string(document, keys[4], user);
}

static void write_mail(
	struct document *document, const struct a2a_service *service, const struct facts *facts)
{
	static const char *const incoming[] = {"IncomingMailServerAuthentication",
		"IncomingMailServerHostName", "IncomingMailServerPortNumber",
		"IncomingMailServerUseSSL", "IncomingMailServerUsername"};
	static const char *const outgoing[] = {"OutgoingMailServerAuthentication",
		"OutgoingMailServerHostName", "OutgoingMailServerPortNumber",
		"OutgoingMailServerUseSSL", "OutgoingMailServerUsername"};

	write_string(document, "EmailAccountDescription", facts->organisation);
	write_string(document, "EmailAccountName", facts->name);
	write_string(document, "EmailAccountType", "EmailTypeIMAP");
	write_string(document, "EmailAddress", facts->mail);
	write_side(document, incoming, service->server, service->imaps_port, facts->user);
	write_side(document, outgoing, service->server, service->smtps_port, facts->user);
	write_true(document, "OutgoingPasswordSameAsIncomingPassword");
}

/* The keys that profile and payload have in common. */
static void write_common(struct document *document, const struct facts *facts, const char *type,
	const char *title, const char *description, const char *identifier)
{
	write_string(document, "PayloadType", type);
	write_identity(document, identifier);
	write_string(document, "PayloadDisplayName", title);
	write_string(document, "PayloadDescription", description);
	write_string(document, "PayloadOrganization", facts->organisation);
}

static void write_profile(struct document *document, const struct a2a_service *service,
	const struct facts *facts, const char *title, const char *description,
	const char *identifier, const char *payload_identifier)
{
	document->ok =
		document->ok &&
		xmlTextWriterWriteDTD(document->writer, BAD_CAST "plist",
			BAD_CAST "-//Apple//DTD PLIST 1.0//EN",
			BAD_CAST "http://www.apple.com/DTDs/PropertyList-1.0.dtd", NULL) >= 0;
	start(document, "plist");
	attribute(document, "version", "1.0");
	start(document, "dict");
	write_common(document, facts, "Configuration", title, description, identifier);
	text(document, "key", "PayloadContent");
	start(document, "array");
	start(document, "dict");
	write_common(
		document, facts, "com.apple.mail.managed", title, description, payload_identifier);
	write_mail(document, service, facts);
	end(document);
	end(document);
	end(document);
	end(document);
}

bool a2a_setup_mobileconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *plist, const struct a2a_log *log)
{
	const enum a2a_language language = a2a_language_find(account->language);
	const struct wording *wording;
	char *title = NULL, *description = NULL, *identifier = NULL, *payload_identifier = NULL;
	struct document document;
	struct facts facts;
	bool ok = false;

	if (!take_facts(&facts, service, account, log))
		return false;
	if (language == A2A_LANGUAGES) {
		char list[A2A_LANGUAGE_LIST_SIZE];

		a2a_fault(log, facts.user, "no set-up file in the language \"%s\"; there are: %s",
			account->language ? account->language : "", a2a_language_list(list));
		goto out;
	}
	wording = &wordings[language];
	identifier = make_identifier(facts.domain, facts.user);
	if (asprintf(&title, wording->title, facts.organisation) < 0)
		title = NULL;
	if (asprintf(&description, wording->description, facts.user, service->server) < 0)
		description = NULL;
	if (!identifier || asprintf(&payload_identifier, "%s.imap", identifier) < 0)
		payload_identifier = NULL;
	if (!title || !description || !payload_identifier) {
		a2a_report(log, A2A_FAULT, facts.user, "out of memory");
		goto out;
	}
	document_open(&document);
	write_profile(
		&document, service, &facts, title, description, identifier, payload_identifier);
	ok = document_close(&document, facts.user, plist, log);
out:
	free(title);
	free(description);
	free(identifier);
	free(payload_identifier);
	free(facts.own);
	return ok;
}
