/* SPDX-License-Identifier: BSD-3-Clause */
/* What the engine's files share with each other and with no door. */
#ifndef A2A_INTERNAL_H
#define A2A_INTERNAL_H

#include "file.h"
#include "lexicon.h"
#include "name.h"
#include "policy.h"

struct a2a_dictionary;
struct a2a_keyboards;

struct a2a_policy {
	struct a2a_settings *settings;
	struct a2a_dictionary *dictionary; /* cracklib's; NULL when no setting asks for it */
	/* The lexicon and the site's own lists of words, with their bytes; the lexicon is the
	 * first. None when no setting asks for them. */
	struct a2a_lexicon *lexicon;
	struct a2a_file *lexicon_file;
	size_t lexicons;
	struct a2a_keyboards *keyboards;
	struct a2a_name site_words; /* of the setting: the service's */
};

#endif
