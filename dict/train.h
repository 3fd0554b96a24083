/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes the model of characters (character_model.h): learns words, and returns the costs. */
#ifndef A2A_TRAIN_H
#define A2A_TRAIN_H

#include <stdbool.h>
#include <stdint.h>

struct a2a_trainer;

/* Makes a trainer. Returns NULL when memory is out. Release with a2a_trainer_free(), which accepts
 * NULL. */
struct a2a_trainer *a2a_trainer_new(void);
void a2a_trainer_free(struct a2a_trainer *trainer);

/* Counts the characters of a folded ASCII word, each after the three before it, `weight` times. */
void a2a_trainer_learn(struct a2a_trainer *trainer, const char *word, unsigned weight);

/* Tells whether the trainer has learnt anything. */
bool a2a_trainer_has_learnt(const struct a2a_trainer *trainer);

/*
 * Returns the model, A2A_MODEL_SIZE bytes that the caller frees, or NULL when memory is out. The
 * probabilities are interpolated with those of shorter histories by Witten and Bell's weights (IEEE
 * Transactions on Information Theory 37, 1991).
 */
uint8_t *a2a_trainer_build(const struct a2a_trainer *trainer);

#endif
