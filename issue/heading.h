/* SPDX-License-Identifier: BSD-3-Clause */
/* What the columns of a list mean, by their headings. */
#ifndef A2A_HEADING_H
#define A2A_HEADING_H

#include <stdbool.h>

/*
 * The columns with a meaning. A2A_NAME is the whole name, or the surname if there is a column of
 * first names: "Nom" is both. A2A_PASSWORD is for other programs: passwords are made here.
 * A2A_MAILBOX says of each account whether it has one. A2A_OTHER_MAIL are addresses that are not
 * the account's; there may be several such columns. A2A_ERROR is the column that an earlier run
 * added to the rows that it refused.
 */
enum a2a_column {
	A2A_USER,
	A2A_MAIL,
	A2A_LANGUAGE,
	A2A_FULL_NAME,
	A2A_NAME,
	A2A_FIRST_NAME,
	A2A_LAST_NAME,
	A2A_PASSWORD,
	A2A_MAILBOX,
	A2A_OTHER_MAIL,
	A2A_ERROR,
	A2A_COLUMNS, /* no meaning */
};

struct a2a_heading {
	enum a2a_column column;
	unsigned rank; /* 0 is best: of several columns with one meaning, the best counts */
	bool is_known; /* false when memory is out */
};

/*
 * Finds the meaning of a heading, in French, Dutch, German, English, and as common products write
 * it. Capitals, accents, blanks and punctuation do not count, and neither does a remark in brackets
 * ("Email Address [Required]"). A heading in two languages ("Prénom / Voornaam") has the meaning
 * that both have; "Nom / Prénom" is the whole name.
 */
struct a2a_heading a2a_heading_find(const char *heading);

#endif
