/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files for mail programs. libxml2 writes the XML, so that a name is never markup; libuuid makes
 * the identifiers.
 *
 * Formats: Mozilla's Thunderbird:Autoconfiguration:ConfigFileFormat, which
 * draft-ietf-mailmaint-autoconfig carries on; Apple's Device Management: TopLevel,
 * CommonPayloadKeys, Mail; Microsoft's POX Autodiscover response (MS-OXDSCLI); and RFC 6186 and
 * RFC 8314, section 5.1, for the records.
 */
#define _GNU_SOURCE
#include "setup.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>
#include <utf8proc.h>
#include <uuid/uuid.h>

#include "address.h"
#include "language.h"

/* The title and description that a device shows before it installs a profile. */
static const struct wording {
	const char *title, *description;
	const char *for_all; /* the description, in a profile that asks for the account */
} wordings[A2A_LANGUAGES] = {
	[A2A_FRENCH] = {"Messagerie %s",
		"Configure le compte de messagerie %s sur le serveur %s. Le mot de passe n’y "
		"figure pas : votre appareil vous le demandera.",
		"Configure un compte de messagerie sur le serveur %s. Votre appareil vous "
		"demandera l’adresse, le nom d’utilisateur et le mot de passe."},
	[A2A_DUTCH] = {"E-mail %s",
		"Stelt de e-mailaccount %s op de server %s in. Het wachtwoord staat er niet in: uw "
		"toestel vraagt erom.",
		"Stelt een e-mailaccount op de server %s in. Uw toestel vraagt om het adres, de "
		"gebruikersnaam en het wachtwoord."},
	[A2A_GERMAN] = {"E-Mail %s",
		"Richtet das E-Mail-Konto %s auf dem Server %s ein. Das Passwort steht nicht "
		"darin: Ihr Gerät fragt danach.",
		"Richtet ein E-Mail-Konto auf dem Server %s ein. Ihr Gerät fragt nach Adresse, "
		"Benutzername und Passwort."},
	[A2A_ENGLISH] = {"Mail %s",
		"Sets up the mail account %s on the server %s. The password is not in it: your "
		"device will ask for it.",
		"Sets up a mail account on the server %s. Your device will ask for the address, "
		"the user name and the password."},
};

/* ---- The account ----------------------------------------------------------------------------- */

/*
 * The account, or what the accounts of a domain have in common, with all defaults filled in. The
 * texts belong to the caller or to the service, except `own`.
 */
struct facts {
	/* What reports begin with: the user name, or the domain. */
	const char *whose;
	const char *user, *name, *mail; /* of one account; NULL: of all accounts of the domain */
	const char *login;              /* for Mozilla: the user name, or a placeholder for it */
	const char *mail_domain;        /* behind the @ */
	const char *domain;             /* of the service */
	const char *organisation;       /* or else its domain */
	char *own;
};

struct named_text {
	const char *what, *text;
};

/* Tells whether all texts can be shown. */
static bool are_showable(
	const struct named_text *texts, size_t count, const char *whose, const struct a2a_log *log)
{
	for (size_t i = 0; i < count; i++)
		if (texts[i].text && !a2a_is_showable(texts[i].text)) {
			/* A name that cannot be printed says nothing in a report either. */
			a2a_report(log, A2A_FAULT, texts[i].text == whose ? NULL : whose,
				"the %s holds a control character, or is not UTF-8", texts[i].what);
			return false;
		}
	return true;
}

/* The texts of the service that a set-up file shows. */
static bool is_service_showable(
	const struct a2a_service *service, const char *whose, const struct a2a_log *log)
{
	const struct named_text texts[] = {{"organisation", service->organisation},
		{"server", service->server}, {"webmail", service->webmail}};

	return are_showable(texts, sizeof(texts) / sizeof(texts[0]), whose, log);
}

static bool take_facts(struct facts *facts, const struct a2a_service *service,
	const struct a2a_setup_account *account, const struct a2a_log *log)
{
	const struct named_text texts[] = {{"user name", account->user}, {"name", account->name},
		{"mail address", account->mail}};
	char *problem;

	*facts = (struct facts){.whose = account->user,
		.user = account->user,
		.login = account->user,
		.name = account->name,
		.mail = account->mail,
		.mail_domain = "",
		.domain = service->domain,
		.organisation = service->organisation};
	if (!account->user || !*account->user) {
		a2a_report(log, A2A_FAULT, NULL, "a set-up file needs a user name");
		return false;
	}
	if (!are_showable(texts, sizeof(texts) / sizeof(texts[0]), account->user, log) ||
		!is_service_showable(service, account->user, log))
		return false;
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

static bool uses_local_part(const struct a2a_service *service)
{
	return strcmp(service->login_name, A2A_LOGIN_LOCAL_PART) == 0;
}

/* Nothing in these facts is owned. */
static bool take_domain(struct facts *facts, const struct a2a_service *service, const char *domain,
	const struct a2a_log *log)
{
	const struct named_text text = {"domain", domain};

	*facts = (struct facts){.whose = domain,
		.login = uses_local_part(service) ? "%EMAILLOCALPART%" : "%EMAILADDRESS%",
		.mail_domain = domain,
		.domain = *service->domain ? service->domain : domain,
		.organisation = *service->organisation ? service->organisation : domain};
	if (!are_showable(&text, 1, domain, log) || !is_service_showable(service, domain, log))
		return false;
	return a2a_is_host_name(domain, strlen(domain)) ||
	       a2a_fault(log, domain,
		       "is not the name of a domain: write it as the DNS knows it, example.org");
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

/* The lengths that the draft allows for the names of a provider, in characters. */
enum { MOST_NAME = 60, MOST_SHORT_NAME = 20 };

/*
 * Returns how many bytes of a text are its first `most` characters (code points), and end with a
 * word if there is more than one, or else with a whole character as people see it (Unicode, UAX
 * 29).
 */
static size_t cut(const char *text, size_t most)
{
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
	utf8proc_int32_t state = 0, before = 0, point;
	utf8proc_ssize_t length;
	size_t end = 0, word = 0, at = 0;

	for (size_t count = 0; bytes[at]; count++, at += (size_t)length, before = point) {
		length = utf8proc_iterate(bytes + at, -1, &point);
		if (length < 1) /* not in a text that is showable */
			break;
		if (at && utf8proc_grapheme_break_stateful(before, point, &state))
			end = at;
		if (point == ' ' && before != ' ')
			word = at;
		if (count == most)
			return word ? word : end;
	}
	return at;
}

/* Writes the beginning of a text that is showable. */
static void short_text(
	struct document *document, const char *element, const char *value, size_t most)
{
	char *start = strndup(value, cut(value, most));

	document->ok = document->ok && start;
	if (start)
		text(document, element, start);
	free(start);
}

static void number(struct document *document, const char *element, int64_t value)
{
	document->ok = document->ok && xmlTextWriterWriteFormatElement(document->writer,
					       BAD_CAST element, "%" PRId64, value) >= 0;
}

/* Appends the document to `bytes` if it is complete. */
static bool document_close(struct document *document, const char *whose, struct secret *bytes,
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
		a2a_report(log, A2A_FAULT, whose, "out of memory");
	return document->ok;
}

/* ---- Mozilla --------------------------------------------------------------------------------- */

/* The element is still open, so that more of it can be written. */
static void start_server(struct document *document, const char *element, const char *type,
	const char *host, int64_t port, const char *user)
{
	start(document, element);
	attribute(document, "type", type);
	text(document, "hostname", host);
	number(document, "port", port);
	text(document, "socketType", "SSL");
	text(document, "authentication", "password-cleartext");
	text(document, "username", user);
}

static void write_servers(
	struct document *document, const struct a2a_service *service, const struct facts *facts)
{
	/* The first server is the preferred one. */
	start_server(document, "incomingServer", "imap", service->server, service->imaps_port,
		facts->login);
	end(document);
	start_server(document, "incomingServer", "pop3", service->server, service->pop3s_port,
		facts->login);
	/* As the sheet says. Without this, Thunderbird leaves messages there for 14 days. */
	start(document, "pop3");
	text(document, "leaveMessagesOnServer", "false");
	end(document);
	end(document);
	start_server(document, "outgoingServer", "smtp", service->server, service->smtps_port,
		facts->login);
	end(document);
}

static bool write_autoconfig(const struct a2a_service *service, const struct facts *facts,
	struct secret *xml, const struct a2a_log *log)
{
	struct document document;

	document_open(&document);
	start(&document, "clientConfig");
	attribute(&document, "version", "1.1");
	start(&document, "emailProvider");
	attribute(&document, "id", facts->domain);
	/* A mail program applies the file to addresses of this domain. */
	text(&document, "domain", facts->mail_domain);
	if (facts->user && strcasecmp(facts->domain, facts->mail_domain) != 0)
		text(&document, "domain", facts->domain);
	if (!facts->user && *service->mx_domain) {
		/* And to those of a domain whose MX host is in this one. */
		start(&document, "domain");
		attribute(&document, "purpose", "mx");
		document.ok = document.ok && xmlTextWriterWriteString(document.writer,
						     BAD_CAST service->mx_domain) >= 0;
		end(&document);
	}
	short_text(&document, "displayName", facts->organisation, MOST_NAME);
	short_text(&document, "displayShortName", facts->organisation, MOST_SHORT_NAME);
	write_servers(&document, service, facts);
	end(&document);
	if (*service->webmail) {
		start(&document, "webMail");
		start(&document, "loginPage");
		attribute(&document, "url", service->webmail);
		end(&document);
		end(&document);
	}
	end(&document);
	return document_close(&document, facts->whose, xml, log);
}

bool a2a_setup_autoconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *xml, const struct a2a_log *log)
{
	struct facts facts;
	bool ok;

	if (!take_facts(&facts, service, account, log))
		return false;
	ok = write_autoconfig(service, &facts, xml, log);
	free(facts.own);
	return ok;
}

bool a2a_setup_domain_autoconfig(const struct a2a_service *service, const char *domain,
	struct secret *xml, const struct a2a_log *log)
{
	struct facts facts;

	return take_domain(&facts, service, domain, log) &&
	       write_autoconfig(service, &facts, xml, log);
}

/* ---- Apple ----------------------------------------------------------------------------------- */

/*
 * Lower-case labels of a domain in reverse order, and the user name as one label: what is not a
 * letter, a digit or a hyphen in it becomes _ and two hexadecimal digits, so that two users never
 * share an identifier. The profile for all users has an identifier of its own. NULL when memory
 * is out.
 */
static char *make_identifier(const char *domain, const char *user)
{
	char *identifier =
		malloc(strlen(domain) + sizeof(".mailbox.") + (user ? 3 * strlen(user) : 0));
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
	to = stpcpy(to, user ? ".mail." : ".mailbox");
	for (; user && *user; user++) {
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

/* The keys of IMAPS or SMTPS, which differ by their prefix. A device asks for a user name that is
 * not there, and for an address. */
static void write_side(struct document *document, const char *const keys[static 5],
	const char *host, int64_t port, const char *user)
{
	write_string(document, keys[0], "EmailAuthPassword");
	write_string(document, keys[1], host);
	text(document, "key", keys[2]);
	number(document, "integer", port);
	write_true(document, keys[3]);
	if (user)
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
	if (facts->user)
		write_string(document, "EmailAccountName", facts->name);
	write_string(document, "EmailAccountType", "EmailTypeIMAP");
	if (facts->user)
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

/* The description in a profile. NULL when memory is out. Release with free(). */
static char *describe(
	const struct wording *wording, const struct a2a_service *service, const struct facts *facts)
{
	char *description = NULL;
	const int length = facts->user ? asprintf(&description, wording->description, facts->user,
						 service->server)
				       : asprintf(&description, wording->for_all, service->server);

	return length < 0 ? NULL : description;
}

static bool write_mobileconfig(const struct a2a_service *service, const struct facts *facts,
	const char *language, struct secret *plist, const struct a2a_log *log)
{
	const enum a2a_language number = a2a_language_find(language);
	char *title = NULL, *description = NULL, *identifier = NULL, *payload_identifier = NULL;
	struct document document;
	bool ok = false;

	if (number == A2A_LANGUAGES) {
		char list[A2A_LANGUAGE_LIST_SIZE];

		return a2a_fault(log, facts->whose,
			"no set-up file in the language \"%s\"; there are: %s",
			language ? language : "", a2a_language_list(list));
	}
	identifier = make_identifier(facts->user ? facts->domain : facts->mail_domain, facts->user);
	if (asprintf(&title, wordings[number].title, facts->organisation) < 0)
		title = NULL;
	description = describe(&wordings[number], service, facts);
	if (!identifier || asprintf(&payload_identifier, "%s.imap", identifier) < 0)
		payload_identifier = NULL;
	if (!title || !description || !payload_identifier) {
		a2a_report(log, A2A_FAULT, facts->whose, "out of memory");
		goto out;
	}
	document_open(&document);
	write_profile(
		&document, service, facts, title, description, identifier, payload_identifier);
	ok = document_close(&document, facts->whose, plist, log);
out:
	free(title);
	free(description);
	free(identifier);
	free(payload_identifier);
	return ok;
}

bool a2a_setup_mobileconfig(const struct a2a_service *service,
	const struct a2a_setup_account *account, struct secret *plist, const struct a2a_log *log)
{
	struct facts facts;
	bool ok;

	if (!take_facts(&facts, service, account, log))
		return false;
	ok = write_mobileconfig(service, &facts, account->language, plist, log);
	free(facts.own);
	return ok;
}

bool a2a_setup_domain_mobileconfig(const struct a2a_service *service, const char *domain,
	const char *language, struct secret *plist, const struct a2a_log *log)
{
	struct facts facts;

	return take_domain(&facts, service, domain, log) &&
	       write_mobileconfig(service, &facts, language, plist, log);
}

/* ---- Microsoft ------------------------------------------------------------------------------- */

/*
 * One server of a POX Autodiscover response. There is no LoginName, because the same file answers
 * everybody: Outlook then takes the part of the address before the @, or the whole address where a
 * domain is required.
 */
static void write_protocol(struct document *document, const char *type, const char *host,
	int64_t port, const struct a2a_service *service)
{
	start(document, "Protocol");
	text(document, "Type", type);
	text(document, "Server", host);
	number(document, "Port", port);
	text(document, "DomainRequired", uses_local_part(service) ? "off" : "on");
	text(document, "SPA", "off");
	text(document, "SSL", "on");
	/* TLS from the first byte. Without it, Outlook may begin with a port in the clear. */
	text(document, "Encryption", "SSL");
	text(document, "AuthRequired", "on");
	if (strcmp(type, "SMTP") == 0) {
		text(document, "UsePOPAuth", "on");
		text(document, "SMTPLast", "off");
	}
	end(document);
}

bool a2a_setup_autodiscover(const struct a2a_service *service, const char *domain,
	struct secret *xml, const struct a2a_log *log)
{
	struct document document;
	struct facts facts;

	if (!take_domain(&facts, service, domain, log))
		return false;
	document_open(&document);
	start(&document, "Autodiscover");
	attribute(&document, "xmlns",
		"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006");
	start(&document, "Response");
	attribute(&document, "xmlns",
		"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a");
	start(&document, "Account");
	text(&document, "AccountType", "email");
	text(&document, "Action", "settings");
	write_protocol(&document, "IMAP", service->server, service->imaps_port, service);
	write_protocol(&document, "POP3", service->server, service->pop3s_port, service);
	write_protocol(&document, "SMTP", service->server, service->smtps_port, service);
	end(&document);
	end(&document);
	end(&document);
	return document_close(&document, facts.whose, xml, log);
}

/* ---- DNS ------------------------------------------------------------------------------------- */

static bool print(struct secret *bytes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool print(struct secret *bytes, const char *format, ...)
{
	char *line = NULL;
	va_list arguments;
	int length;
	bool ok;

	va_start(arguments, format);
	length = vasprintf(&line, format, arguments);
	va_end(arguments);
	if (length < 0)
		return false;
	ok = a2a_secret_append(bytes, line, (size_t)length);
	free(line);
	return ok;
}

bool a2a_setup_records(const struct a2a_service *service, const char *domain,
	struct secret *records, const struct a2a_log *log)
{
	/* RFC 6186, section 3.4: the target "." says that there is no such service. The ports
	 * without TLS from the first byte are closed. */
	static const char *const none[] = {"_imap._tcp", "_pop3._tcp", "_submission._tcp"};
	const struct {
		const char *name;
		int priority; /* the least is preferred */
		int64_t port;
	} services[] = {{"_imaps._tcp", 0, service->imaps_port},
		{"_pop3s._tcp", 10, service->pop3s_port},
		{"_submissions._tcp", 0, service->smtps_port}};
	static const char *const own[] = {"imap", "smtp"};
	const bool is_own = strcasecmp(domain, service->domain) == 0;
	struct facts facts;
	bool ok;

	if (!take_domain(&facts, service, domain, log))
		return false;
	ok = print(records, "; %s: where mail programs find the settings\n$ORIGIN %s.\n", domain,
		domain);
	for (size_t i = 0; ok && i < sizeof(services) / sizeof(services[0]); i++)
		ok = print(records, "%-18s IN SRV %2d 1 %" PRId64 " %s.\n", services[i].name,
			services[i].priority, services[i].port, service->server);
	for (size_t i = 0; ok && i < sizeof(none) / sizeof(none[0]); i++)
		ok = print(records, "%-18s IN SRV  0 0 0 .\n", none[i]);
	ok = ok &&
	     print(records, "%-18s IN SRV  0 0 443 %s.\n", "_autodiscover._tcp", service->server);
	ok = ok && print(records, "%-18s IN CNAME %s.\n%-18s IN CNAME %s.\n", "autoconfig",
			   service->server, "autodiscover", service->server);
	/* Programs that guess connect to these names, so the certificate must have them. That of
	 * the server does not have the names of all domains that are hosted there. */
	for (size_t i = 0; ok && is_own && i < sizeof(own) / sizeof(own[0]); i++)
		ok = print(records, "%-18s IN CNAME %s.\n", own[i], service->server);
	return ok || a2a_fault(log, domain, "out of memory");
}
