/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "heading.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

/*
 * The keys of the headings: see make_key(). They are what people write in the four languages, and
 * what stands in the files of: Google Workspace (bulk update of users), Microsoft 365 (import of
 * multiple users, the older and the newer template; export of active users), Active Directory
 * (csvde, Get-ADUser) and other directories (RFC 4519, RFC 2798), Exchange, Outlook, Thunderbird,
 * LibreOffice, Nextcloud, Moodle, cPanel, Plesk, HestiaCP, PostfixAdmin.
 *
 * The rank tells names of one meaning apart that stand in one file: a directory has uid,
 * sAMAccountName and userPrincipalName for one account.
 */
static const struct {
	enum a2a_column column;
	unsigned rank;
	const char *key;
} headings[] = {
	{A2A_USER, 0, "user"},
	{A2A_USER, 0, "username"},
	{A2A_USER, 0, "userid"},
	{A2A_USER, 0, "login"},
	{A2A_USER, 0, "loginname"},
	{A2A_USER, 0, "loginid"},
	{A2A_USER, 0, "userlogin"},
	{A2A_USER, 0, "account"},
	{A2A_USER, 0, "accountname"},
	{A2A_USER, 0, "mailaccount"},
	{A2A_USER, 0, "emailaccount"},
	{A2A_USER, 0, "utilisateur"},
	{A2A_USER, 0, "nomdutilisateur"},
	{A2A_USER, 0, "nomutilisateur"},
	{A2A_USER, 0, "identifiant"},
	{A2A_USER, 0, "nomdeconnexion"},
	{A2A_USER, 0, "compte"},
	{A2A_USER, 0, "nomdecompte"},
	{A2A_USER, 0, "nomducompte"},
	{A2A_USER, 0, "compteemail"},
	{A2A_USER, 0, "comptemail"},
	{A2A_USER, 0, "comptedemessagerie"},
	{A2A_USER, 0, "gebruiker"},
	{A2A_USER, 0, "gebruikersnaam"},
	{A2A_USER, 0, "inlognaam"},
	{A2A_USER, 0, "loginnaam"},
	{A2A_USER, 0, "aanmeldnaam"},
	{A2A_USER, 0, "accountnaam"},
	{A2A_USER, 0, "mailaccountnaam"},
	{A2A_USER, 0, "benutzer"},
	{A2A_USER, 0, "benutzername"},
	{A2A_USER, 0, "benutzerkennung"},
	{A2A_USER, 0, "benutzerkonto"},
	{A2A_USER, 0, "anmeldename"},
	{A2A_USER, 0, "kennung"},
	{A2A_USER, 0, "konto"},
	{A2A_USER, 0, "kontoname"},
	{A2A_USER, 0, "mailkonto"},
	{A2A_USER, 0, "emailkonto"},
	{A2A_USER, 1, "uid"},
	{A2A_USER, 1, "samaccountname"},
	{A2A_USER, 2, "userprincipalname"},
	{A2A_USER, 2, "nomdutilisateurprincipal"},
	{A2A_USER, 2, "userprincipalnaam"},
	{A2A_USER, 2, "benutzerprinzipalname"},
	{A2A_MAIL, 0, "mail"},
	{A2A_MAIL, 0, "email"},
	{A2A_MAIL, 0, "mailaddress"},
	{A2A_MAIL, 0, "emailaddress"},
	{A2A_MAIL, 0, "adressemail"},
	{A2A_MAIL, 0, "adresseemail"},
	{A2A_MAIL, 0, "adressemel"},
	{A2A_MAIL, 0, "mel"},
	{A2A_MAIL, 0, "courriel"},
	{A2A_MAIL, 0, "adressecourriel"},
	{A2A_MAIL, 0, "adressedecourriel"},
	{A2A_MAIL, 0, "adressedemessagerie"},
	{A2A_MAIL, 0, "adresseelectronique"},
	{A2A_MAIL, 0, "courrierelectronique"},
	{A2A_MAIL, 0, "mailadres"},
	{A2A_MAIL, 0, "emailadres"},
	{A2A_MAIL, 0, "mailadresse"},
	{A2A_MAIL, 0, "emailadresse"},
	{A2A_MAIL, 1, "primaryemail"},
	{A2A_MAIL, 1, "primaryemailaddress"},
	{A2A_MAIL, 1, "primarysmtpaddress"},
	{A2A_MAIL, 1, "premiereadresseelectronique"},
	{A2A_MAIL, 1, "adresseelectroniqueprincipale"},
	{A2A_MAIL, 1, "adresseemailprincipale"},
	{A2A_MAIL, 1, "primairemailadres"},
	{A2A_MAIL, 1, "primareemailadresse"},
	{A2A_LANGUAGE, 0, "language"},
	{A2A_LANGUAGE, 0, "lang"},
	{A2A_LANGUAGE, 0, "languagecode"},
	{A2A_LANGUAGE, 0, "preferredlanguage"},
	{A2A_LANGUAGE, 0, "langue"},
	{A2A_LANGUAGE, 0, "languepreferee"},
	{A2A_LANGUAGE, 0, "codelangue"},
	{A2A_LANGUAGE, 0, "taal"},
	{A2A_LANGUAGE, 0, "taalcode"},
	{A2A_LANGUAGE, 0, "voorkeurstaal"},
	{A2A_LANGUAGE, 0, "voorkeurtaal"},
	{A2A_LANGUAGE, 0, "sprache"},
	{A2A_LANGUAGE, 0, "sprachcode"},
	{A2A_LANGUAGE, 0, "bevorzugtesprache"},
	{A2A_FULL_NAME, 0, "displayname"},
	{A2A_FULL_NAME, 0, "nomdaffichage"},
	{A2A_FULL_NAME, 0, "nomaffiche"},
	{A2A_FULL_NAME, 0, "nomaafficher"},
	{A2A_FULL_NAME, 0, "weergavenaam"},
	{A2A_FULL_NAME, 0, "weergegevennaam"},
	{A2A_FULL_NAME, 0, "anzeigename"},
	{A2A_FULL_NAME, 0, "angezeigtername"},
	{A2A_FULL_NAME, 1, "fullname"},
	{A2A_FULL_NAME, 1, "realname"},
	{A2A_FULL_NAME, 1, "nomcomplet"},
	{A2A_FULL_NAME, 1, "nometprenom"},
	{A2A_FULL_NAME, 1, "prenometnom"},
	{A2A_FULL_NAME, 1, "nomprenom"},
	{A2A_FULL_NAME, 1, "prenomnom"},
	{A2A_FULL_NAME, 1, "volledigenaam"},
	{A2A_FULL_NAME, 1, "naamenvoornaam"},
	{A2A_FULL_NAME, 1, "voornaamennaam"},
	{A2A_FULL_NAME, 1, "naamvoornaam"},
	{A2A_FULL_NAME, 1, "voornaamnaam"},
	{A2A_FULL_NAME, 1, "voornaamenachternaam"},
	{A2A_FULL_NAME, 1, "vollstandigername"},
	{A2A_FULL_NAME, 1, "vollername"},
	{A2A_FULL_NAME, 1, "vorundnachname"},
	{A2A_FULL_NAME, 1, "vornameundname"},
	{A2A_FULL_NAME, 1, "vornameundnachname"},
	{A2A_FULL_NAME, 1, "namevorname"},
	{A2A_FULL_NAME, 1, "vornamename"},
	{A2A_FULL_NAME, 1, "firstandlastname"},
	{A2A_FULL_NAME, 2, "cn"},
	{A2A_FULL_NAME, 2, "commonname"},
	{A2A_NAME, 0, "name"},
	{A2A_NAME, 0, "nom"},
	{A2A_NAME, 0, "naam"},
	{A2A_FIRST_NAME, 0, "firstname"},
	{A2A_FIRST_NAME, 0, "givenname"},
	{A2A_FIRST_NAME, 0, "forename"},
	{A2A_FIRST_NAME, 0, "prenom"},
	{A2A_FIRST_NAME, 0, "voornaam"},
	{A2A_FIRST_NAME, 0, "vorname"},
	{A2A_LAST_NAME, 0, "lastname"},
	{A2A_LAST_NAME, 0, "surname"},
	{A2A_LAST_NAME, 0, "familyname"},
	{A2A_LAST_NAME, 0, "sn"},
	{A2A_LAST_NAME, 0, "nomdefamille"},
	{A2A_LAST_NAME, 0, "achternaam"},
	{A2A_LAST_NAME, 0, "familienaam"},
	{A2A_LAST_NAME, 0, "nachname"},
	{A2A_LAST_NAME, 0, "familienname"},
	{A2A_PASSWORD, 0, "password"},
	{A2A_PASSWORD, 0, "initialpassword"},
	{A2A_PASSWORD, 0, "motdepasse"},
	{A2A_PASSWORD, 0, "mdp"},
	{A2A_PASSWORD, 0, "wachtwoord"},
	{A2A_PASSWORD, 0, "paswoord"},
	{A2A_PASSWORD, 0, "passwort"},
	{A2A_PASSWORD, 0, "kennwort"},
	{A2A_MAILBOX, 0, "mailbox"},
	{A2A_OTHER_MAIL, 0, "recoveryemail"},
	{A2A_OTHER_MAIL, 0, "secondaryemail"},
	{A2A_OTHER_MAIL, 0, "secondaryemailaddress"},
	{A2A_OTHER_MAIL, 0, "homesecondaryemail"},
	{A2A_OTHER_MAIL, 0, "worksecondaryemail"},
	{A2A_OTHER_MAIL, 0, "newprimaryemail"},
	{A2A_OTHER_MAIL, 0, "alternateemail"},
	{A2A_OTHER_MAIL, 0, "alternateemailaddress"},
	{A2A_OTHER_MAIL, 0, "personalemail"},
	{A2A_OTHER_MAIL, 0, "privateemail"},
	{A2A_OTHER_MAIL, 0, "manageremail"},
	{A2A_OTHER_MAIL, 0, "forward"},
	{A2A_OTHER_MAIL, 0, "forwardto"},
	{A2A_OTHER_MAIL, 0, "fwd"},
	{A2A_OTHER_MAIL, 0, "alias"},
	{A2A_OTHER_MAIL, 0, "aliases"},
	{A2A_OTHER_MAIL, 0, "deuxiemeadresseelectronique"},
	{A2A_OTHER_MAIL, 0, "adresseelectroniquesecondaire"},
	{A2A_OTHER_MAIL, 0, "adresseemailsecondaire"},
	{A2A_OTHER_MAIL, 0, "autreadressedemessagerie"},
	{A2A_OTHER_MAIL, 0, "emailsecondaire"},
	{A2A_OTHER_MAIL, 0, "emailprive"},
	{A2A_OTHER_MAIL, 0, "emailpersonnel"},
	{A2A_OTHER_MAIL, 0, "adresseemailpersonnelle"},
	{A2A_OTHER_MAIL, 0, "courrielprive"},
	{A2A_OTHER_MAIL, 0, "courrielpersonnel"},
	{A2A_OTHER_MAIL, 0, "secundairemailadres"},
	{A2A_OTHER_MAIL, 0, "alternatiefemailadres"},
	{A2A_OTHER_MAIL, 0, "priveemail"},
	{A2A_OTHER_MAIL, 0, "privemail"},
	{A2A_OTHER_MAIL, 0, "privemailadres"},
	{A2A_OTHER_MAIL, 0, "doorsturen"},
	{A2A_OTHER_MAIL, 0, "sekundareemailadresse"},
	{A2A_OTHER_MAIL, 0, "alternativeemailadresse"},
	{A2A_OTHER_MAIL, 0, "privateemailadresse"},
	{A2A_OTHER_MAIL, 0, "emailprivat"},
	{A2A_OTHER_MAIL, 0, "weiterleitung"},
	{A2A_ERROR, 0, "error"},
};

static bool is_letter_or_digit(utf8proc_int32_t point)
{
	const utf8proc_category_t category = utf8proc_category(point);

	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/*
 * Returns the small letters and digits of a heading, without accents and without what is in
 * brackets: "Nom d’utilisateur" -> "nomdutilisateur". Returns NULL when memory is out or when the
 * bytes are not UTF-8. Release with free().
 */
static char *make_key(const char *heading, size_t length)
{
	utf8proc_uint8_t *plain = NULL, *from, *to;
	utf8proc_int32_t point;
	bool is_remark = false;

	if (utf8proc_map((const utf8proc_uint8_t *)heading, (utf8proc_ssize_t)length, &plain,
		    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK |
			    UTF8PROC_CASEFOLD) < 0)
		return NULL;
	/* The bytes that are kept move to the front. */
	for (from = to = plain; *from;) {
		const utf8proc_ssize_t size = utf8proc_iterate(from, -1, &point);

		is_remark = (is_remark || point == '[') && point != ']';
		if (!is_remark && is_letter_or_digit(point)) {
			memmove(to, from, (size_t)size);
			to += size;
		}
		from += size;
	}
	*to = '\0';
	return (char *)plain;
}

/* Finds the meaning of a heading in one language. */
static struct a2a_heading find_part(const char *heading, size_t length)
{
	char *key = make_key(heading, length);
	struct a2a_heading found = {.column = A2A_COLUMNS, .is_known = key};

	for (size_t i = 0; key && i < sizeof(headings) / sizeof(headings[0]); i++)
		if (strcmp(headings[i].key, key) == 0) {
			found.column = headings[i].column;
			found.rank = headings[i].rank;
			break;
		}
	free(key);
	return found;
}

static bool is_of_name(enum a2a_column column)
{
	return column >= A2A_FULL_NAME && column <= A2A_LAST_NAME;
}

struct a2a_heading a2a_heading_find(const char *heading)
{
	static const char between[] = "/|";
	size_t length = strcspn(heading, between);
	struct a2a_heading found = find_part(heading, length);

	while (heading[length] && found.is_known && found.column != A2A_COLUMNS) {
		struct a2a_heading other;

		heading += length + 1;
		length = strcspn(heading, between);
		other = find_part(heading, length);
		if (!other.is_known)
			return other;
		if (other.column == found.column)
			continue;
		found.column = is_of_name(found.column) && is_of_name(other.column) ? A2A_FULL_NAME
										    : A2A_COLUMNS;
		found.rank = 1;
	}
	return found;
}
