/* SPDX-License-Identifier: BSD-3-Clause */
/* Tests what a list is read as: its headings in four languages and of many products, its form, and
 * the rows that cannot be used. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "list.h"

/* ---- A list of these bytes ------------------------------------------------------------------- */

/* The last report. */
static char report[1024];

static void keep(void *context, enum a2a_level level, const char *text)
{
	(void)context;
	(void)level;
	snprintf(report, sizeof(report), "%s", text);
}

static const struct a2a_log log_of_test = {keep, NULL};

static struct a2a_list *open_bytes(const char *bytes, size_t size)
{
	const int file = memfd_create("list", MFD_CLOEXEC);
	struct a2a_list *list;
	char path[64];

	assert_true(file >= 0);
	assert_int_equal(write(file, bytes, size), size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	report[0] = '\0';
	list = a2a_list_open(path, &log_of_test);
	close(file);
	return list;
}

static struct a2a_list *open_text(const char *text)
{
	return open_bytes(text, strlen(text));
}

static struct a2a_list *open_good(const char *text)
{
	struct a2a_list *list = open_text(text);

	if (!list)
		fail_msg("%s: %s", text, report);
	return list;
}

/* Returns the heading of a column with a meaning; "" if there is none. */
static const char *heading_of(const struct a2a_list *list, enum a2a_column column)
{
	const size_t place = a2a_list_place(list, column);

	return place == SIZE_MAX ? "" : a2a_list_heading(list, place);
}

/* Reads the next row: "user|name|mail|language", "PROBLEM (swallowed)", or "" at the end. */
static const char *next(struct a2a_list *list)
{
	static char text[1024];
	struct a2a_row row = {0};
	const enum a2a_list_step step = a2a_list_next(list, &row, &log_of_test);
	char *person;

	text[0] = '\0';
	if (step == A2A_LIST_END)
		return text;
	assert_int_equal(step, A2A_LIST_ROW);
	person = a2a_row_person(list, &row);
	assert_non_null(person);
	if (row.problem)
		snprintf(text, sizeof(text), "%s (%zu)", row.problem, row.swallowed);
	else
		snprintf(text, sizeof(text), "%s|%s|%s|%s", a2a_row_value(list, &row, A2A_USER),
			person, a2a_row_value(list, &row, A2A_MAIL),
			a2a_row_value(list, &row, A2A_LANGUAGE));
	free(person);
	a2a_row_free(&row);
	return text;
}

/* ---- Headings -------------------------------------------------------------------------------- */

static void headings_have_meanings_in_four_languages(void **state)
{
	static const struct {
		enum a2a_column column;
		const char *headings[24];
	} cases[] = {
		{A2A_USER, {"user", "User Name", "Username", "USERNAME", "user_name", "userid",
				   "Login", "Account", "ACCOUNT", "Utilisateur",
				   "Nom d'utilisateur", "Nom d’utilisateur", "nom d'utilisateur ",
				   "Identifiant", "Compte e-mail", "Gebruiker", "Gebruikersnaam",
				   "Inlognaam", "Benutzer", "Benutzername", "Konto",
				   "sAMAccountName", "User principal name"}},
		{A2A_MAIL, {"mail", "E-mail", "e-Mail", "Email", "EMAIL ADDRESS",
				   "Email Address [Required]", "E-mail Address", "Adresse e-mail",
				   "Adresse email", "Adresse de messagerie", "Adresse électronique",
				   "Courriel", "Mél", "E-mailadres", "E-mail adres", "Mailadres",
				   "E-Mail-Adresse", "E\xe2\x80\x91Mail", "Primary Email",
				   "Première adresse électronique", "Primair e-mailadres",
				   "Primäre E-Mail-Adresse", "PrimarySmtpAddress"}},
		{A2A_LANGUAGE, {"language", "Lang", "Langue", "Taal", "Sprache",
				       "preferredLanguage", "Langue préférée", "Langue / Taal",
				       "Voorkeurstaal", "Bevorzugte Sprache"}},
		{A2A_FULL_NAME,
			{"Display name", "displayName", "Display Name", "Nom d’affichage",
				"Nom à afficher", "Weergavenaam", "Anzeigename", "Nom complet",
				"Full name", "Nom et prénom", "NOM Prénom", "Nom / Prénom",
				"Naam en voornaam", "Name, Vorname", "Vor- und Nachname",
				"Vollständiger Name", "Volledige naam", "cn"}},
		{A2A_NAME, {"name", "Nom", "NOM", "Naam", "Name", "Nom/Naam", "Nom | Naam | Name"}},
		{A2A_FIRST_NAME, {"First Name [Required]", "First name", "firstname", "givenName",
					 "Prénom", "PRÉNOM", "Pre\xcc\x81nom", "Prénom/Voornaam",
					 "Voornaam", "Vorname"}},
		{A2A_LAST_NAME,
			{"Last Name [Required]", "Last name", "Surname", "sn", "Nom de famille",
				"Achternaam", "Familienaam", "Nachname", "Familienname"}},
		{A2A_PASSWORD, {"Password", "Password [Required]", "Mot de passe", "Wachtwoord",
				       "Passwort", "Kennwort"}},
		{A2A_MAILBOX, {"Mailbox"}},
		{A2A_ERROR, {"error", "Error"}},
		{A2A_OTHER_MAIL, {"Recovery Email", "Alternate email address",
					 "Alternative E-Mail-Adresse", "Home Secondary Email",
					 "Secundair e-mailadres", "Sekundäre E-Mail-Adresse",
					 "Deuxième adresse électronique", "E-mail (privé)", "FWD"}},
		/* Where somebody lives, and what is no name. */
		{A2A_COLUMNS,
			{"", " ", "[Required]", "Address", "Adresse", "Adres", "Nickname", "Surnom",
				"Contact", "Job title", "Nom / Téléphone", "User / Mail", "Domain",
				"Téléphone", "Password Hash Function [UPLOAD ONLY]", "Имя"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (const char *const *heading = cases[i].headings;
			heading < cases[i].headings + 24 && *heading; heading++) {
			const struct a2a_heading found = a2a_heading_find(*heading);

			assert_true(found.is_known);
			if (found.column != cases[i].column)
				fail_msg("\"%s\" is column %d, not %d", *heading, (int)found.column,
					(int)cases[i].column);
		}
}

/* The first rows of the files that products give to be filled in, or save. */
static void the_files_of_products_are_understood(void **state)
{
	static const struct {
		const char *file;
		const char *user, *mail, *name; /* the headings, and the name of the row */
	} cases[] = {
		/* Google Workspace: an account is its address. */
		{"First Name [Required],Last Name [Required],Email Address [Required],"
		 "Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path "
		 "[Required],"
		 "New Primary Email [UPLOAD ONLY],Recovery Email,Home Secondary Email\n"
		 "Anna,Smet,a@club.be,,,/,,x@example.net,\n",
			"Email Address [Required]", "Email Address [Required]", "Anna Smet"},
		/* Microsoft 365, the older and the newer template, English and German. */
		{"User Name,First Name,Last Name,Display Name,Job Title,Department,Office Number,"
		 "Office Phone,Mobile Phone,Fax,Address,City,State or Province,ZIP or Postal Code,"
		 "Country or Region\na@club.be,Anna,Smet,Anna S.,,,,,,,,,,,\n",
			"User Name", "", "Anna S."},
		{"Username,First name,Last name,Display name,Job title,Department,Office number,"
		 "Office phone,Mobile phone,Fax,Alternate email address,Address,City,State or "
		 "province,ZIP or postal code,Country or "
		 "region\na@club.be,Anna,Smet,,,,,,,,x@y.be\n",
			"Username", "", "Anna Smet"},
		{"Benutzername,Vorname,Nachname,Anzeigename,Position,Abteilung,Alternative "
		 "E-Mail-Adresse,Adresse,Ort\na@club.be,Anna,Smet,Anna Smet,,,,,\n",
			"Benutzername", "", "Anna Smet"},
		{"Display name;User principal name;First name;Last name;Licenses\n"
		 "Anna Smet;a@club.be;Anna;Smet;Unlicensed\n",
			"User principal name", "", "Anna Smet"},
		/* Active Directory and Exchange. */
		{"DN,objectClass,cn,sn,givenName,displayName,sAMAccountName,userPrincipalName,"
		 "mail\n"
		 "\"CN=Anna Smet,DC=club\",user,A. Smet,Smet,Anna,Anna Smet,asmet,asmet@club.lan,"
		 "a@club.be\n",
			"sAMAccountName", "mail", "Anna Smet"},
		/* Plesk: the mailbox is "true". */
		{"Name,Mailbox,Quota\na@club.be,true,100M\n", "Name", "", ""},
		/* cPanel's address importer. */
		{"Email,Password,Quota\na@club.be,,250\n", "Email", "Email", ""},
		/* Nextcloud. */
		{"userid,displayname,email,quota,groups\nasmet,Anna Smet,a@club.be,5 GB,all\n",
			"userid", "email", "Anna Smet"},
		/* HestiaCP. */
		{"ACCOUNT,ALIAS,FWD,FWD_ONLY,AUTOREPLY,QUOTA,U_DISK,SUSPENDED,TIME,DATE\n"
		 "asmet,,,no,no,unlimited,0,no,12:00:00,2023-05-01\n",
			"ACCOUNT", "", ""},
		/* PostfixAdmin and Moodle. */
		{"username,name,maildir,quota,local_part,domain\na@club.be,Anna "
		 "Smet,x/,0,a,club.be\n",
			"username", "", "Anna Smet"},
		{"username;firstname;lastname;email;lang\nasmet;Anna;Smet;a@club.be;nl\n",
			"username", "email", "Anna Smet"},
		/* Thunderbird and Outlook, in the languages of this country. */
		{"Prénom,Nom de famille,Nom à afficher,Surnom,Première adresse "
		 "électronique,Deuxième "
		 "adresse électronique\nAnna,Smet,,Anneke,a@club.be,x@example.net\n",
			"Première adresse électronique", "Première adresse électronique",
			"Anna Smet"},
		{"Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,Sekundäre "
		 "E-Mail-Adresse\nAnna,Smet,Anna Smet,,a@club.be,\n",
			"Primäre E-Mail-Adresse", "Primäre E-Mail-Adresse", "Anna Smet"},
		/* A club's own lists. */
		{"Gebruikersnaam;Naam;Voornaam;E-mailadres;Taal\nasmet;Smet;Anna;a@club.be;NL\n",
			"Gebruikersnaam", "E-mailadres", "Anna Smet"},
		{"Nom d'utilisateur;Nom;Prénom;Adresse e-mail\nasmet;Smet;Anna;a@club.be\n",
			"Nom d'utilisateur", "Adresse e-mail", "Anna Smet"},
		{"Voornaam;Achternaam;Naam;E-mailadres\nA.;S.;Anna Smet;a@club.be\n", "E-mailadres",
			"E-mailadres", "Anna Smet"},
		{"user;Prénom\nasmet;Anna\n", "user", "", "Anna"},
		{"user;Nachname\nasmet;Smet\n", "user", "", "Smet"},
		{"user;Vorname;Nachname\nasmet;;Smet\n", "user", "", "Smet"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_list *list = open_good(cases[i].file);
		const char *row = next(list);
		char name[64];

		snprintf(name, sizeof(name), "|%s|", cases[i].name);
		assert_string_equal(heading_of(list, A2A_USER), cases[i].user);
		assert_string_equal(heading_of(list, A2A_MAIL), cases[i].mail);
		if (!strstr(row, name))
			fail_msg("%s: not %s", row, name);
		assert_string_equal(next(list), "");
		a2a_list_close(list);
	}
}

static void the_same_meaning_twice_is_refused_and_not_guessed(void **state)
{
	static const char *const cases[][2] = {
		{"user,Login\n", "the columns \"user\" and \"Login\" mean the same"},
		{"user,E-mail,Courriel\n", "the columns \"E-mail\" and \"Courriel\" mean the same"},
		{"user,x,X\n", "two columns are called \"X\""},
		{"user,Hash\n", "there is a column \"Hash\": passwords are made here"},
		{"name,language\n",
			"no column is called \"user\" (or utilisateur, gebruiker, Benutzer) or "
			"\"mail\": the first row names the columns, and is: name, language"},
		/* Modoboa's export has no headings. */
		{"account;elodie@club.be;x;Elodie;elodie@club.be\n",
			"the first row names the columns, and has \"elodie@club.be\" in it"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(open_text(cases[i][0]));
		if (!strstr(report, cases[i][1]))
			fail_msg("%s", report);
	}
}

/* ---- The form -------------------------------------------------------------------------------- */

static void other_files_are_called_what_they_are(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *what;
	} cases[] = {
		{"PK\3\4\24\0\6\0", 8, "is a workbook (.xlsx, .ods), not a list: open it in a"},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "is a workbook of an older Excel (.xls)"},
		{"\xFF\xFEu\0s\0", 6, "is UTF-16"},
		{"\xFE\xFF\0u\0s", 6, "is UTF-16"},
		{"%PDF-1.4", 8, "is a PDF file"},
		{"{\\rtf1", 6, "is a text document"},
		{"<html><table>", 13, "is a web page"},
		{"\xEF\xBB\xBF<?xml", 8, "is a web page or XML"},
		{"dn: cn=Anna\n", 12, "is LDIF"},
		{"version: 1\n\ndn: x\n", 18, "is LDIF"},
		{"BEGIN:VCARD\n", 12, "is an address book"},
		{"", 0, "is empty"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(open_bytes(cases[i].bytes, cases[i].size));
		if (!strstr(report, cases[i].what))
			fail_msg("%s", report);
	}
}

static void delimiters_are_found_or_said(void **state)
{
	static const struct {
		const char *text, *mark;
		char delimiter;
	} cases[] = {
		{"user,name\na,A\n", "", ','},
		{"user;name\na;A\n", "", ';'},
		{"user\tname\na\tA\n", "", '\t'},
		{"user|name\na|A\n", "", '|'},
		{"user | gebruiker,Nom | Naam\na,A\n", "", ','},
		{"user;\"name\"\r\na;A\r\n", "", ';'},
		{"\xEF\xBB\xBFuser;name\na;A\n", "\xEF\xBB\xBF", ';'},
		{"sep=;\nuser;name\na;A\n", "sep=;\n", ';'},
		{"sep=,\r\nuser,name\r\na,A\r\n", "sep=,\r\n", ','},
		{"\"sep=;\"\nuser;name\na;A\n", "\"sep=;\"\n", ';'},
		{"SEP=\t\nuser\tname\na\tA\n", "SEP=\t\n", '\t'},
		{"\xEF\xBB\xBFsep=;\nuser;name\na;A\n", "\xEF\xBB\xBFsep=;\n", ';'},
		/* It says what counts, even against the first row. */
		{"sep=;\nuser;\"a,b,c\"\na;A\n", "sep=;\n", ';'},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_list *list = open_good(cases[i].text);
		struct a2a_row row = {0};

		assert_int_equal(a2a_list_delimiter(list), cases[i].delimiter);
		assert_string_equal(a2a_list_mark(list), cases[i].mark);
		assert_int_equal(a2a_list_width(list), 2);
		assert_int_equal(a2a_list_next(list, &row, &log_of_test), A2A_LIST_ROW);
		assert_null(row.problem);
		assert_int_equal(row.line,
			strstr(cases[i].text, "sep=") || strstr(cases[i].text, "SEP=") ? 3 : 2);
		assert_string_equal(a2a_row_value(list, &row, A2A_USER), "a");
		a2a_row_free(&row);
		a2a_list_close(list);
	}
	assert_null(open_text("sep=x\nuserxname\n"));
	assert_non_null(strstr(report, "the line sep= names the delimiter"));
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static void rows_may_be_short_of_all_but_the_user(void **state)
{
	static const char *const rows[] = {
		"a|A|a@club.be|",
		"b||b@club.be|",
		"there is 1 cell, and the first row names 4 (0)",
		"d|D|d@club.be|",
		"there are 5 cells, and the first row names 4 (0)",
		"",
	};
	struct a2a_list *list = open_good("name,user,mail,language\nA,a,a@club.be\n,b,b@club.be,\n"
					  "C\nD,d,d@club.be,,,\nE,e,,,x\n");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(next(list), rows[i]);
	a2a_list_close(list);
}

static void a_quotation_mark_counts_what_it_swallows(void **state)
{
	static const struct {
		const char *text;
		const char *rows[4];
	} cases[] = {
		{"user;name\na;\"Jan\nb;Piet\nc;Klaas\nd;Joris\n",
			{"cell 2 has no quotation mark at its end: the quotation mark in front of "
			 "it "
			 "takes in 3 more rows of the list (3)"}},
		/* The next one ends it. */
		{"user;name\na;\"Jan\nb;Piet\nc;\"Klaas\"\nd;Joris\n",
			{"cell 2 has a line break in it: the quotation mark in front of it takes "
			 "in 2 "
			 "more rows of the list (2)",
				"d|Joris||"}},
		{"user;name\na;\"Jan\r\nb;Piet\"\r\nc;Klaas\r\n",
			{"cell 2 has a line break in it: the quotation mark in front of it takes "
			 "in 1 "
			 "more row of the list (1)",
				"c|Klaas||"}},
		{"user;name\na;\"Jan\nSmet\"\nb;Piet\n",
			{"cell 2 has a line break in it: write it on one line (0)", "b|Piet||"}},
		{"user\n\"a\nb\nc\n", {"cell 1 has no quotation mark at its end: the quotation "
				       "mark in front of it "
				       "takes in 2 more rows of the list (2)"}},
		{"user;name\na;\"Jan", {"cell 2 has no quotation mark at its end (0)"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct a2a_list *list = open_good(cases[i].text);

		for (const char *const *row = cases[i].rows; *row; row++)
			assert_string_equal(next(list), *row);
		assert_string_equal(next(list), "");
		a2a_list_close(list);
	}
}

static void what_nothing_uses_may_be_anything_but_rows(void **state)
{
	static const char *const rows[] = {
		"a|A||",
		"b|B||",
		"c|C||",
		"cell 3 has a line break in it: the quotation mark in front of it takes in 1 more "
		"row "
		"of the list (1)",
		"f|F||",
		"cell 2 has a line break in it: write it on one line (0)",
		"",
	};
	struct a2a_list *list = open_good(
		"user;name;office\na;A;\"Bureau\n\xc3\x89tage 2\"\nb;B;\"x\ty\"\nc;C;Caf\xe9\n"
		"d;D;\"Bureau\ne;E;Bureau\"\nf;F;\"Bureau\n\n2\"\ng;\"G\nG\";\n");
	struct a2a_list *whole = open_bytes("user;office\na;\"x\0y\"\n", 20);

	(void)state;
	a2a_list_ignore(list, 2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(next(list), rows[i]);
	a2a_list_close(list);
	/* What is behind a NUL would be lost in the tables. */
	assert_non_null(whole);
	a2a_list_ignore(whole, 1);
	assert_string_equal(next(whole), "cell 2 has a control character in it (0)");
	a2a_list_close(whole);
}

static void addresses_under_other_headings_are_found(void **state)
{
	struct a2a_list *list = open_good("user,Recovery Email,Contact,Room\na,x@y.be,B12,z@y.be\n"
					  "b,x@y.be,b@club.be,\nc,c@y.be,@,12\n");
	static const char *const found[] = {NULL, "Contact", NULL};

	(void)state;
	a2a_list_ignore(list, 1);
	a2a_list_ignore(list, 2);
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		struct a2a_row row = {0};
		const char *heading;

		assert_int_equal(a2a_list_next(list, &row, &log_of_test), A2A_LIST_ROW);
		heading = a2a_row_stray_address(list, &row);
		if (found[i])
			assert_string_equal(heading, found[i]);
		else
			assert_null(heading);
		a2a_row_free(&row);
	}
	a2a_list_close(list);
}

static void a_row_with_a_password_comes_back(void **state)
{
	struct a2a_list *list = open_good("user,Password [Required],name\na,,A\nb,secret,B\n");

	(void)state;
	assert_true(a2a_list_is_copied(list, 0));
	assert_false(a2a_list_is_copied(list, 1));
	assert_true(a2a_list_is_copied(list, 2));
	assert_string_equal(next(list), "a|A||");
	assert_string_equal(next(list), "the list has a password for it, and passwords are made "
					"here: empty that cell (0)");
	assert_string_equal(next(list), "");
	a2a_list_close(list);
}

/* ---- User names ------------------------------------------------------------------------------ */

static void names_that_dovecot_refuses_are_known(void **state)
{
	static const char *const cases[][2] = {
		{"jan.smet_1-a@club.be", NULL},
		{"élodie@club.be", "é"},
		{"jan+tag@club.be", "+"},
		{"#jan@", "#"},
		{"info&x@", "&"},
		{"l'info@club.be", "'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *refused = a2a_user_refused(cases[i][0]);

		if (!cases[i][1])
			assert_null(refused);
		else
			assert_ptr_equal(refused, strstr(cases[i][0], cases[i][1]));
	}
}

static void a_table_of_the_list_has_its_user_in_the_right_place(void **state)
{
	struct a2a_list *list = open_good("error,Password,name,user\n,,A,a\n");
	struct secret row = {0};
	char *user;

	(void)state;
	assert_true(a2a_secret_append(&row, "\"A\",\"a\",\"secret\"\r\n", 18));
	user = a2a_row_user(list, &row);
	assert_non_null(user);
	assert_string_equal(user, "a");
	free(user);
	a2a_secret_wipe(&row);
	a2a_list_close(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headings_have_meanings_in_four_languages),
		cmocka_unit_test(the_files_of_products_are_understood),
		cmocka_unit_test(the_same_meaning_twice_is_refused_and_not_guessed),
		cmocka_unit_test(other_files_are_called_what_they_are),
		cmocka_unit_test(delimiters_are_found_or_said),
		cmocka_unit_test(rows_may_be_short_of_all_but_the_user),
		cmocka_unit_test(a_quotation_mark_counts_what_it_swallows),
		cmocka_unit_test(what_nothing_uses_may_be_anything_but_rows),
		cmocka_unit_test(addresses_under_other_headings_are_found),
		cmocka_unit_test(a_row_with_a_password_comes_back),
		cmocka_unit_test(names_that_dovecot_refuses_are_known),
		cmocka_unit_test(a_table_of_the_list_has_its_user_in_the_right_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
