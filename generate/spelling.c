/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "spelling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "language.h"

/* ---- Names ------------------------------------------------------------------------------------
 */

/* The names of letters and digits, in small letters but for the initials of proper names. */
struct alphabet {
	const char *tag; /* "fr", "fr_FR" */
	enum a2a_language language;
	const char *const *letters;
};

/* As Belgium spells on the telephone; but zoé, because zéro is a digit. */
static const char *const belgian_french[] = {"Arthur", "Bruxelles", "César", "Désiré", "Émile",
	"Frédéric", "Gustave", "Henri", "Isidore", "Joseph", "kilogramme", "Léopold", "Marie",
	"Napoléon", "Oscar", "piano", "Quiévrain", "Robert", "Simon", "téléphone", "Ursule",
	"Victor", "Waterloo", "Xavier", "Yvonne", "Zoé"};

static const char *const french[] = {"Anatole", "Berthe", "Célestin", "Désiré", "Eugène",
	"François", "Gaston", "Henri", "Irma", "Joseph", "Kléber", "Louis", "Marcel", "Nicolas",
	"Oscar", "Pierre", "quintal", "Raoul", "Suzanne", "Thérèse", "Ursule", "Victor", "William",
	"Xavier", "Yvonne", "Zoé"};

static const char *const belgian_dutch[] = {"Arthur", "Brussel", "Carolina", "Désiré", "Emiel",
	"Frederik", "Gustaaf", "Hendrik", "Isidoor", "Jozef", "kilogram", "Leopold", "Maria",
	"Napoleon", "Oscar", "piano", "quotiënt", "Robert", "Sofie", "telefoon", "Ursula", "Victor",
	"Waterloo", "Xavier", "Yvonne", "Zola"};

static const char *const dutch[] = {"Anton", "Bernard", "Cornelis", "Dirk", "Eduard", "Ferdinand",
	"Gerard", "Hendrik", "Izaak", "Jan", "Karel", "Lodewijk", "Maria", "Nico", "Otto", "Pieter",
	"quotiënt", "Rudolf", "Simon", "Theodor", "Utrecht", "Victor", "Willem", "Xantippe",
	"ypsilon", "Zaandam"};

/* DIN 5009 before 2022, but N for Nathan, as before 1934: the names that people know. */
static const char *const german_names[] = {"Anton", "Berta", "Cäsar", "Dora", "Emil", "Friedrich",
	"Gustav", "Heinrich", "Ida", "Julius", "Kaufmann", "Ludwig", "Martha", "Nathan", "Otto",
	"Paula", "Quelle", "Richard", "Samuel", "Theodor", "Ulrich", "Viktor", "Wilhelm",
	"Xanthippe", "Ypsilon", "Zacharias"};

/* DIN 5009:2022-06: towns. */
static const char *const german_towns[] = {"Aachen", "Berlin", "Chemnitz", "Düsseldorf", "Essen",
	"Frankfurt", "Goslar", "Hamburg", "Ingelheim", "Jena", "Köln", "Leipzig", "München",
	"Nürnberg", "Offenbach", "Potsdam", "Quickborn", "Rostock", "Salzwedel", "Tübingen", "Unna",
	"Völklingen", "Wuppertal", "Xanten", "Ypsilon", "Zwickau"};

/* ICAO, annex 10, volume II. */
static const char *const aviation[] = {"alfa", "bravo", "charlie", "delta", "echo", "foxtrot",
	"golf", "hotel", "india", "juliett", "kilo", "lima", "mike", "november", "oscar", "papa",
	"quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey", "x-ray", "yankee",
	"zulu"};

/* A language alone comes before its countries. The country is Belgium unless another one is named:
 * the product is Belgian. */
static const struct alphabet alphabets[] = {
	{"fr", A2A_FRENCH, belgian_french},
	{"fr_BE", A2A_FRENCH, belgian_french},
	{"fr_FR", A2A_FRENCH, french},
	{"nl", A2A_DUTCH, belgian_dutch},
	{"nl_BE", A2A_DUTCH, belgian_dutch},
	{"nl_NL", A2A_DUTCH, dutch},
	{"de", A2A_GERMAN, german_names},
	{"de_BE", A2A_GERMAN, german_names},
	{"de_DE", A2A_GERMAN, german_towns},
	{"en", A2A_ENGLISH, aviation},
};
enum { ALPHABETS = sizeof(alphabets) / sizeof(alphabets[0]) };

/* The other words of a language. */
static const struct {
	const char *capital; /* said of a capital letter */
	const char *word;    /* the name of a word of a passphrase, before its number */
	const char *space;
	const char *digits[10];
} words[A2A_LANGUAGES] = {
	[A2A_ENGLISH] = {"capital", "word", "space",
		{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}},
	[A2A_FRENCH] = {"majuscule", "mot", "espace",
		{"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"}},
	[A2A_DUTCH] = {"hoofdletter", "woord", "spatie",
		{"nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"}},
	[A2A_GERMAN] = {"Großbuchstabe", "Wort", "Leerzeichen",
		{"null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht",
			"neun"}},
};

/* The names of the symbols of ASCII, in the order of the languages. */
static const struct {
	char symbol;
	const char *name[A2A_LANGUAGES];
} symbols[] = {
	{'!', {"point d’exclamation", "uitroepteken", "Ausrufezeichen", "exclamation mark"}},
	{'"', {"guillemet", "aanhalingsteken", "Anführungszeichen", "double quote"}},
	{'#', {"dièse", "hekje", "Raute", "hash"}},
	{'$', {"dollar", "dollar", "Dollar", "dollar"}},
	{'%', {"pour cent", "procent", "Prozent", "per cent"}},
	{'&', {"et commercial", "en-teken", "Und-Zeichen", "ampersand"}},
	{'\'', {"apostrophe", "apostrof", "Apostroph", "apostrophe"}},
	{'(', {"parenthèse ouvrante", "haakje openen", "Klammer auf", "opening parenthesis"}},
	{')', {"parenthèse fermante", "haakje sluiten", "Klammer zu", "closing parenthesis"}},
	{'*', {"astérisque", "sterretje", "Stern", "asterisk"}},
	{'+', {"plus", "plus", "Plus", "plus"}},
	{',', {"virgule", "komma", "Komma", "comma"}},
	{'-', {"tiret", "koppelteken", "Bindestrich", "hyphen"}},
	{'.', {"point", "punt", "Punkt", "dot"}},
	{'/', {"barre oblique", "schuine streep", "Schrägstrich", "slash"}},
	{':', {"deux-points", "dubbelepunt", "Doppelpunkt", "colon"}},
	{';', {"point-virgule", "puntkomma", "Strichpunkt", "semicolon"}},
	{'<', {"inférieur", "kleiner-danteken", "Kleiner-als-Zeichen", "less than"}},
	{'=', {"égal", "is-gelijkteken", "Gleichheitszeichen", "equals"}},
	{'>', {"supérieur", "groter-danteken", "Größer-als-Zeichen", "greater than"}},
	{'?', {"point d’interrogation", "vraagteken", "Fragezeichen", "question mark"}},
	{'@', {"arobase", "apenstaartje", "At-Zeichen", "at"}},
	{'[', {"crochet ouvrant", "vierkant haakje openen", "eckige Klammer auf",
		      "opening bracket"}},
	{'\\', {"barre oblique inverse", "backslash", "umgekehrter Schrägstrich", "backslash"}},
	{']', {"crochet fermant", "vierkant haakje sluiten", "eckige Klammer zu",
		      "closing bracket"}},
	{'^', {"accent circonflexe", "dakje", "Zirkumflex", "caret"}},
	{'_', {"tiret bas", "laag streepje", "Unterstrich", "underscore"}},
	{'`', {"accent grave", "accent grave", "Gravis", "backtick"}},
	{'{', {"accolade ouvrante", "accolade openen", "geschweifte Klammer auf", "opening brace"}},
	{'|', {"barre verticale", "verticale streep", "senkrechter Strich", "vertical bar"}},
	{'}', {"accolade fermante", "accolade sluiten", "geschweifte Klammer zu", "closing brace"}},
	{'~', {"tilde", "tilde", "Tilde", "tilde"}},
};

/* ---- Letter case ------------------------------------------------------------------------------
 */

/* Appends a name with all its letters changed by a function of utf8proc. The names are UTF-8. */
static bool say_in_case(
	const char *name, utf8proc_int32_t (*change)(utf8proc_int32_t), struct secret *text)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)name;
	bool ok = true;

	while (ok && *at) {
		utf8proc_uint8_t bytes[4];
		utf8proc_int32_t point;
		const utf8proc_ssize_t length = utf8proc_iterate(at, -1, &point);

		if (length <= 0)
			return false;
		at += length;
		ok = a2a_secret_append(text, (const char *)bytes,
			(size_t)utf8proc_encode_char(change(point), bytes));
	}
	return ok;
}

static bool say(const char *name, struct secret *text)
{
	return a2a_secret_append(text, name, strlen(name));
}

/* ---- Cells ------------------------------------------------------------------------------------
 */

static const char *symbol_name(enum a2a_language language, char symbol)
{
	if (symbol == ' ')
		return words[language].space;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (symbols[i].symbol == symbol)
			return symbols[i].name[language];
	return NULL;
}

/* The name of a small letter is in small letters, that of a capital in capitals: the eye sees what
 * the ear is told. */
static bool name_character(const struct alphabet *alphabet, char c, struct a2a_spelled *cell)
{
	const enum a2a_language language = alphabet->language;
	const char *symbol;

	if (c >= 'A' && c <= 'Z') {
		cell->mark = words[language].capital;
		return say_in_case(alphabet->letters[c - 'A'], utf8proc_toupper, &cell->name);
	}
	if (c >= 'a' && c <= 'z')
		return say_in_case(alphabet->letters[c - 'a'], utf8proc_tolower, &cell->name);
	if (c >= '0' && c <= '9')
		return say(words[language].digits[c - '0'], &cell->name);
	symbol = symbol_name(language, c);
	return symbol ? say(symbol, &cell->name) : a2a_secret_append(&cell->name, &c, 1);
}

static bool name_word(enum a2a_language language, size_t number, struct a2a_spelled *cell)
{
	char digits[24];

	cell->is_word = true;
	snprintf(digits, sizeof(digits), "\u00a0%zu", number);
	return say(words[language].word, &cell->name) && say(digits, &cell->name);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of the word here: letters alone, all small but perhaps the first. 0: none. */
static size_t word_length(const char *at, const char *end)
{
	const char *from = at;

	if (at < end && is_letter(*at))
		at++;
	while (at < end && *at >= 'a' && *at <= 'z')
		at++;
	return at - from >= 2 && (at == end || !is_letter(*at)) ? (size_t)(at - from) : 0;
}

/* Tells whether a tag, or the name of a locale, is that of an alphabet: "fr-FR.UTF-8". */
static bool is_tag_of(const struct alphabet *alphabet, const char *tag)
{
	const size_t length = strlen(alphabet->tag);

	for (size_t i = 0; i < length; i++) {
		const char c = tag[i] == '-' ? '_' : tag[i];

		if (strncasecmp(&c, alphabet->tag + i, 1) != 0)
			return false;
	}
	return !tag[length] || tag[length] == '.' || tag[length] == '@';
}

static const struct alphabet *find_alphabet(const char *tag)
{
	const enum a2a_language language = a2a_language_find(tag);

	for (size_t i = 0; tag && i < ALPHABETS; i++)
		if (is_tag_of(&alphabets[i], tag))
			return &alphabets[i];
	/* A country without an alphabet here, or English. */
	for (size_t i = 0; i < ALPHABETS; i++)
		if (alphabets[i].language == (language < A2A_LANGUAGES ? language : A2A_ENGLISH))
			return &alphabets[i];
	return &alphabets[ALPHABETS - 1];
}

bool a2a_spelling_is_tag(const char *tag)
{
	for (size_t i = 0; i < ALPHABETS; i++)
		if (strcmp(alphabets[i].tag, tag) == 0)
			return true;
	return false;
}

const char *a2a_spelling_list(char text[static A2A_SPELLING_LIST_SIZE])
{
	char *end = text;

	for (size_t i = 0; i < ALPHABETS; i++) {
		if (i)
			*end++ = ' ';
		end = stpcpy(end, alphabets[i].tag);
	}
	return text;
}

bool a2a_spell(const struct secret *password, const char *tag, bool in_words,
	struct a2a_spelling *spelling)
{
	const struct alphabet *alphabet = find_alphabet(tag);
	const char *at = password->bytes, *end = at + password->length;
	size_t number = 0;
	bool ok = true;

	*spelling = (struct a2a_spelling){0};
	if (!password->length)
		return true;
	spelling->cell = calloc(password->length, sizeof(*spelling->cell));
	if (!spelling->cell)
		return false;
	while (ok && at < end) {
		struct a2a_spelled *cell = &spelling->cell[spelling->count++];
		const size_t word = in_words ? word_length(at, end) : 0;

		cell->shown = a2a_secret_borrow(at, word ? word : 1);
		ok = word ? name_word(alphabet->language, ++number, cell)
			  : name_character(alphabet, *at, cell);
		at += word ? word : 1;
	}
	return ok;
}

void a2a_spelling_wipe(struct a2a_spelling *spelling)
{
	for (size_t i = 0; i < spelling->count; i++)
		a2a_secret_wipe(&spelling->cell[i].name);
	free(spelling->cell);
	*spelling = (struct a2a_spelling){0};
}

bool a2a_spelling_line(const struct a2a_spelling *spelling, struct secret *line)
{
	bool ok = true;

	for (size_t i = 0; ok && i < spelling->count; i++) {
		const struct a2a_spelled *cell = &spelling->cell[i];
		const struct secret *said = cell->is_word ? &cell->shown : &cell->name;

		ok = (!i || say(", ", line)) &&
		     (!cell->mark || (say(cell->mark, line) && say("\u00a0", line))) &&
		     a2a_secret_append(line, said->bytes, said->length);
	}
	return ok;
}

bool a2a_spell_line(
	const struct secret *password, const char *tag, bool in_words, struct secret *line)
{
	struct a2a_spelling spelling;
	const bool ok =
		a2a_spell(password, tag, in_words, &spelling) && a2a_spelling_line(&spelling, line);

	a2a_spelling_wipe(&spelling);
	return ok;
}
