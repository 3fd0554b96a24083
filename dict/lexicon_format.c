/* SPDX-License-Identifier: BSD-3-Clause */
#include "lexicon_format.h"

#include <endian.h>
#include <stdalign.h>

static_assert(sizeof(struct a2a_lexicon_header) % alignof(uint32_t) == 0 &&
		      sizeof(struct a2a_class) % alignof(uint32_t) == 0,
	"the graph behind header and classes is aligned");

void a2a_lexicon_turn_header(struct a2a_lexicon_header *header)
{
	*header = (struct a2a_lexicon_header){
		.magic = le32toh(header->magic),
		.version = le32toh(header->version),
		.checksum = le64toh(header->checksum),
		.file_size = le32toh(header->file_size),
		.class_count = le32toh(header->class_count),
		.unit_count = le32toh(header->unit_count),
		.model_size = le32toh(header->model_size),
		.input_size = le32toh(header->input_size),
		.word_count = le32toh(header->word_count),
		.root = le32toh(header->root),
		.leaked_count = le32toh(header->leaked_count),
		.scale = le32toh(header->scale),
		.spare = le32toh(header->spare),
	};
}

static const uint8_t codes[UINT8_MAX + 1] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                 /* none */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                 /* none */
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,           /* ! to / */
	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 0, 28, 0, 29,   /* 0 to ; and = and ? */
	30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                /* @ */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 31, 32, 33, 34, 35,            /* [ to _ */
	36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, /* ` and a to o */
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 63, 0,     /* p to z and ~ */
};

static const char characters[] =
	"!\"#$%&'()*+,-./0123456789:;=?@[\\]^_`abcdefghijklmnopqrstuvwxyz~";

static_assert(sizeof(characters) == A2A_CODES, "every code has one character");

uint8_t a2a_lexicon_code(char character)
{
	return codes[(unsigned char)character];
}

char a2a_lexicon_character(uint8_t code)
{
	return characters[code - 1];
}
