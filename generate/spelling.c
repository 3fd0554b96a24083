/* SPDX-License-Identifier: BSD-3-Clause */
#include "spelling.h"

#include <string.h>

#include "language.h"

struct alphabet {
	const char *capital; /* said before a capital letter */
	const char *space;
	const char *letters[26];
	const char *digits[10];
};

static const struct alphabet alphabets[A2A_LANGUAGES] = {
	[A2A_ENGLISH] = {"capital ", "space",
		{"alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
			"juliett", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec",
			"romeo", "sierra", "tango", "uniform", "victor", "whiskey", "x-ray",
			"yankee", "zulu"},
		{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}},
	[A2A_FRENCH] = {"majuscule ", "espace",
		{"Anatole", "Berthe", "Célestin", "Désiré", "Eugène", "François", "Gaston", "Henri",
			"Irma", "Joseph", "Kléber", "Louis", "Marcel", "Nicolas", "Oscar", "Pierre",
			"Quintal", "Raoul", "Suzanne", "Thérèse", "Ursule", "Victor", "William",
			"Xavier", "Yvonne", "Zoé"},
		{"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"}},
	[A2A_DUTCH] = {"hoofdletter ", "spatie",
		{"Anton", "Bernard", "Cornelis", "Dirk", "Eduard", "Ferdinand", "Gerard", "Hendrik",
			"Izaak", "Jan", "Karel", "Lodewijk", "Maria", "Nico", "Otto", "Pieter",
			"Quotiënt", "Rudolf", "Simon", "Theodor", "Utrecht", "Victor", "Willem",
			"Xantippe", "Ypsilon", "Zaandam"},
		{"nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"}},
	[A2A_GERMAN] = {"groß ", "Leerzeichen",
		{"Anton", "Berta", "Cäsar", "Dora", "Emil", "Friedrich", "Gustav", "Heinrich",
			"Ida", "Julius", "Kaufmann", "Ludwig", "Martha", "Nordpol", "Otto", "Paula",
			"Quelle", "Richard", "Samuel", "Theodor", "Ulrich", "Viktor", "Wilhelm",
			"Xanthippe", "Ypsilon", "Zacharias"},
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

static bool say(struct secret *spelled, const char *text)
{
	return a2a_secret_append(spelled, text, strlen(text));
}

static bool spell_symbol(enum a2a_language alphabet, char symbol, struct secret *spelled)
{
	if (symbol == ' ')
		return say(spelled, alphabets[alphabet].space);
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (symbols[i].symbol == symbol)
			return say(spelled, symbols[i].name[alphabet]);
	return a2a_secret_append(spelled, &symbol, 1);
}

static bool spell_one(enum a2a_language alphabet, char c, struct secret *spelled)
{
	const struct alphabet *names = &alphabets[alphabet];

	if (c >= 'A' && c <= 'Z')
		return say(spelled, names->capital) && say(spelled, names->letters[c - 'A']);
	if (c >= 'a' && c <= 'z')
		return say(spelled, names->letters[c - 'a']);
	if (c >= '0' && c <= '9')
		return say(spelled, names->digits[c - '0']);
	return spell_symbol(alphabet, c, spelled);
}

bool spell(const struct secret *password, const char *language, struct secret *spelled)
{
	const enum a2a_language known = a2a_language_find(language);
	/* A language without an alphabet here is spelled in English. */
	const bool has_alphabet = known < A2A_LANGUAGES && alphabets[known].capital;
	const enum a2a_language alphabet = has_alphabet ? known : A2A_ENGLISH;

	for (size_t i = 0; i < password->length; i++)
		if ((i && !say(spelled, ", ")) || !spell_one(alphabet, password->bytes[i], spelled))
			return false;
	return true;
}
