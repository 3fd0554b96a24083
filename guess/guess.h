/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many guesses a password withstands. The model: an attacker tries passwords in the order of
 * their cost, which is log2 of the number of guesses until then. A password is spelled as a row of
 * segments (words, dates, keyboard walks, letters under a Markov model, ...). A segment costs log2
 * of the number of likelier segments of its kind. Between two segments there is a transition cost:
 * the more often one class follows the other, the less it is. The cost of a spelling is the sum,
 * and the password costs as much as its cheapest spelling, which the Viterbi algorithm finds in a
 * lattice (lattice.h). It never costs more than drawing its characters at random.
 *
 * The idea of the cheapest segmentation is from zxcvbn (Wheeler, USENIX Security 2016); costs of
 * words and of transitions that are fitted together are from morphological analysis (MeCab; Kudo,
 * Yamamoto, Matsumoto, EMNLP 2004). All constants are in costs.h.
 */
#ifndef A2A_GUESS_H
#define A2A_GUESS_H

#include "keyboard.h"

/* The data with which segments are found. */
struct a2a_vocabulary {
	const struct a2a_lexicon *lexicon; /* `lexicons` of them; the first has the model */
	size_t lexicons;
	const struct a2a_lexicon *person; /* the words of the person, or NULL */
	const struct a2a_keyboards *keyboards;
	/* Which of the folded characters belong to a word of the person. It is ignored unless its
	 * length is that of the folded password. */
	const bool *person_mask;
	size_t person_mask_length;
};

/*
 * Measures a password, which is given as its characters (NFC). Fills the estimate: log2 of the
 * guesses, the segments of the cheapest spelling, and the word if there is one. Disguised words are
 * searched for unless log2 of the guesses is below `enough` without them: it is then an upper
 * bound, and time is saved. -INFINITY: they are always searched for. Returns false when memory is
 * out. No copy of the password is left in memory.
 */
bool a2a_guess(const struct a2a_vocabulary *vocabulary, const struct a2a_text *password,
	double enough, struct a2a_estimate *estimate);

#endif
