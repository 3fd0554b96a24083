/* SPDX-License-Identifier: BSD-3-Clause */
#include "spelling.h"

#include <string.h>

struct alphabet {
	const char *language;
	const char *capital; /* said before a capital letter */
	const char *space;
	const char *letters[26];
	const char *digits[10];
};

static const struct alphabet alphabets[] = {
	{"en", "capital ", "space",
		{"alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
			"juliett", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec",
			"romeo", "sierra", "tango", "uniform", "victor", "whiskey", "x-ray",
			"yankee", "zulu"},
		{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}},
	{"fr", "majuscule ", "espace",
		{"Anatole", "Berthe", "Célestin", "Désiré", "Eugène", "François", "Gaston", "Henri",
			"Irma", "Joseph", "Kléber", "Louis", "Marcel", "Nicolas", "Oscar", "Pierre",
			"Quintal", "Raoul", "Suzanne", "Thérèse", "Ursule", "Victor", "William",
			"Xavier", "Yvonne", "Zoé"},
		{"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"}},
	{"nl", "hoofdletter ", "spatie",
		{"Anton", "Bernard", "Cornelis", "Dirk", "Eduard", "Ferdinand", "Gerard", "Hendrik",
			"Izaak", "Jan", "Karel", "Lodewijk", "Maria", "Nico", "Otto", "Pieter",
			"Quotiënt", "Rudolf", "Simon", "Theodor", "Utrecht", "Victor", "Willem",
			"Xantippe", "Ypsilon", "Zaandam"},
		{"nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"}},
	{"de", "groß ", "Leerzeichen",
		{"Anton", "Berta", "Cäsar", "Dora", "Emil", "Friedrich", "Gustav", "Heinrich",
			"Ida", "Julius", "Kaufmann", "Ludwig", "Martha", "Nordpol", "Otto", "Paula",
			"Quelle", "Richard", "Samuel", "Theodor", "Ulrich", "Viktor", "Wilhelm",
			"Xanthippe", "Ypsilon", "Zacharias"},
		{"null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht",
			"neun"}},
};

/* The names of the symbols of ASCII, in the order of `alphabets`. */
static const struct {
	char symbol;
	const char *name[4];
} symbols[] = {
	{'!', {"exclamation mark", "point d’exclamation", "uitroepteken", "Ausrufezeichen"}},
	{'"', {"double quote", "guillemet", "aanhalingsteken", "Anführungszeichen"}},
	{'#', {"hash", "dièse", "hekje", "Raute"}},
	{'$', {"dollar", "dollar", "dollar", "Dollar"}},
	{'%', {"per cent", "pour cent", "procent", "Prozent"}},
	{'&', {"ampersand", "et commercial", "en-teken", "Und-Zeichen"}},
	{'\'', {"apostrophe", "apostrophe", "apostrof", "Apostroph"}},
	{'(', {"opening parenthesis", "parenthèse ouvrante", "haakje openen", "Klammer auf"}},
	{')', {"closing parenthesis", "parenthèse fermante", "haakje sluiten", "Klammer zu"}},
	{'*', {"asterisk", "astérisque", "sterretje", "Stern"}},
	{'+', {"plus", "plus", "plus", "Plus"}},
	{',', {"comma", "virgule", "komma", "Komma"}},
	{'-', {"hyphen", "tiret", "koppelteken", "Bindestrich"}},
	{'.', {"dot", "point", "punt", "Punkt"}},
	{'/', {"slash", "barre oblique", "schuine streep", "Schrägstrich"}},
	{':', {"colon", "deux-points", "dubbelepunt", "Doppelpunkt"}},
	{';', {"semicolon", "point-virgule", "puntkomma", "Strichpunkt"}},
	{'<', {"less than", "inférieur", "kleiner-danteken", "Kleiner-als-Zeichen"}},
	{'=', {"equals", "égal", "is-gelijkteken", "Gleichheitszeichen"}},
	{'>', {"greater than", "supérieur", "groter-danteken", "Größer-als-Zeichen"}},
	{'?', {"question mark", "point d’interrogation", "vraagteken", "Fragezeichen"}},
	{'@', {"at", "arobase", "apenstaartje", "At-Zeichen"}},
	{'[', {"opening bracket", "crochet ouvrant", "vierkant haakje openen",
		      "eckige Klammer auf"}},
	{'\\', {"backslash", "barre oblique inverse", "backslash", "umgekehrter Schrägstrich"}},
	{']', {"closing bracket", "crochet fermant", "vierkant haakje sluiten",
		      "eckige Klammer zu"}},
	{'^', {"caret", "accent circonflexe", "dakje", "Zirkumflex"}},
	{'_', {"underscore", "tiret bas", "laag streepje", "Unterstrich"}},
	{'`', {"backtick", "accent grave", "accent grave", "Gravis"}},
	{'{', {"opening brace", "accolade ouvrante", "accolade openen", "geschweifte Klammer auf"}},
	{'|', {"vertical bar", "barre verticale", "verticale streep", "senkrechter Strich"}},
	{'}', {"closing brace", "accolade fermante", "accolade sluiten", "geschweifte Klammer zu"}},
	{'~', {"tilde", "tilde", "tilde", "Tilde"}},
};

static bool say(struct secret *spelled, const char *text)
{
	return a2a_secret_append(spelled, text, strlen(text));
}

static bool spell_symbol(size_t alphabet, char symbol, struct secret *spelled)
{
	if (symbol == ' ')
		return say(spelled, alphabets[alphabet].space);
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (symbols[i].symbol == symbol)
			return say(spelled, symbols[i].name[alphabet]);
	return a2a_secret_append(spelled, &symbol, 1);
}

static bool spell_one(size_t alphabet, char c, struct secret *spelled)
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
	size_t alphabet = sizeof(alphabets) / sizeof(alphabets[0]) - 1;

	while (alphabet && strcmp(alphabets[alphabet].language, language) != 0)
		alphabet--;
	for (size_t i = 0; i < password->length; i++)
		if ((i && !say(spelled, ", ")) || !spell_one(alphabet, password->bytes[i], spelled))
			return false;
	return true;
}
