/* SPDX-License-Identifier: BSD-3-Clause */
#include "train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "character_model.h"

enum { HISTORY = 3, ORDERS = HISTORY + 1, LETTERS = A2A_MODEL_LETTERS };

struct a2a_trainer {
	/* counts[k] counts each row of k + 1 characters; the row is a number to the base LETTERS.
	 */
	uint32_t *counts[ORDERS];
	bool has_learnt;
};

struct a2a_trainer *a2a_trainer_new(void)
{
	struct a2a_trainer *trainer = calloc(1, sizeof(*trainer));
	size_t size = 1;

	for (size_t k = 0; trainer && k < ORDERS; k++) {
		size *= LETTERS;
		trainer->counts[k] = calloc(size, sizeof(uint32_t));
		if (!trainer->counts[k]) {
			a2a_trainer_free(trainer);
			return NULL;
		}
	}
	return trainer;
}

void a2a_trainer_free(struct a2a_trainer *trainer)
{
	for (size_t k = 0; trainer && k < ORDERS; k++)
		free(trainer->counts[k]);
	free(trainer);
}

void a2a_trainer_learn(struct a2a_trainer *trainer, const char *word, unsigned weight)
{
	uint32_t last[ORDERS] = {0};

	for (; weight && *word; word++) {
		uint32_t number = 0, power = 1;

		memmove(last, last + 1, HISTORY * sizeof(*last));
		last[HISTORY] = a2a_model_letter(*word);
		for (size_t k = 0; k < ORDERS; k++) {
			number += last[HISTORY - k] * power;
			power *= LETTERS;
			trainer->counts[k][number] += weight;
		}
		trainer->has_learnt = true;
	}
}

bool a2a_trainer_has_learnt(const struct a2a_trainer *trainer)
{
	return trainer->has_learnt;
}

/*
 * Computes the probability of each character after one history, from its `counts` after that
 * history and from `shorter`, the probabilities after the history without its oldest character.
 */
static void interpolate(const uint32_t counts[static LETTERS], const double shorter[static LETTERS],
	double probability[static LETTERS])
{
	double sum = 0, kinds = 0;

	for (size_t letter = 0; letter < LETTERS; letter++) {
		sum += counts[letter];
		kinds += counts[letter] != 0;
	}
	for (size_t letter = 0; letter < LETTERS; letter++)
		probability[letter] =
			sum > 0 ? (counts[letter] + kinds * shorter[letter]) / (sum + kinds)
				: shorter[letter];
}

uint8_t *a2a_trainer_build(const struct a2a_trainer *trainer)
{
	uint8_t *model = malloc(A2A_MODEL_SIZE);
	double *shorter = calloc(LETTERS, sizeof(*shorter));
	size_t histories = 1;
	bool ok = model && shorter;

	for (size_t letter = 0; ok && letter < LETTERS; letter++)
		shorter[letter] = 1.0 / LETTERS;
	for (size_t k = 0; ok && k < ORDERS; k++) {
		/* The number of a history modulo this is the history without its oldest character.
		 */
		const size_t shorter_histories = k ? histories / LETTERS : 1;
		double *longer = calloc(histories * LETTERS, sizeof(*longer));

		ok = longer != NULL;
		for (size_t history = 0; ok && history < histories; history++)
			interpolate(trainer->counts[k] + history * LETTERS,
				shorter + history % shorter_histories * LETTERS,
				longer + history * LETTERS);
		free(shorter);
		shorter = longer;
		histories *= LETTERS;
	}
	for (size_t i = 0; ok && i < A2A_MODEL_SIZE; i++)
		model[i] = (uint8_t)fmin(UINT8_MAX, rint(-log2(shorter[i]) * A2A_MODEL_BIT));
	free(shorter);
	if (ok)
		return model;
	free(model);
	return NULL;
}
