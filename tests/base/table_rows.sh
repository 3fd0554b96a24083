#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# A row of a table that names a field of another type does not compile. The arguments are the words
# of the compiler command.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# compiles ROW'S_FIELD [OPTION...]: a row whose field has this type in this struct
compiles() {
	field=$1
	shift
	cat >"$folder/row.c" <<END
#include "table.h"
struct values {
	int64_t whole;
	int narrow;
	unsigned long long natural;
	bool is_on;
	char *text;
	const char *constant;
};
const struct a2a_setting row = {"key", $field};
END
	# shellcheck disable=SC2086 # a compiler may be several words
	$compiler -std=gnu11 -Wall -Wextra -Wno-missing-field-initializers -Werror "$@" -fsyntax-only \
		-I "$A2A_SOURCE/base" "$folder/row.c" 2>"$folder/said"
}

compiler=$*
for good in 'NUMBER_FIELD(struct values, whole)' 'SWITCH_FIELD(struct values, is_on)' \
	'FLAG_FIELD(struct values, is_on)' 'TEXT_FIELD(struct values, text)'; do
	compiles "A2A_$good" || {
		echo "$good does not compile:" >&2
		cat "$folder/said" >&2
		exit 1
	}
done
for bad in 'NUMBER_FIELD(struct values, narrow)' 'NUMBER_FIELD(struct values, natural)' \
	'NUMBER_FIELD(struct values, is_on)' 'NUMBER_FIELD(struct values, text)' \
	'SWITCH_FIELD(struct values, whole)' 'SWITCH_FIELD(struct values, narrow)' \
	'FLAG_FIELD(struct values, whole)' 'TEXT_FIELD(struct values, constant)' \
	'TEXT_FIELD(struct values, whole)'; do
	if compiles "A2A_$bad"; then
		echo "$bad compiles" >&2
		exit 1
	fi
done
