#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests that each list of sources.conf has a licence, that debian/copyright has the same licences, and
# that a lexicon of the permissive lists alone can be built.
set -u
export LC_ALL=C
umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
sources=$A2A_SOURCE/dict/sources.conf
permissive='BSD-3-Clause SCOWL public-domain'

# list_of LICENCE...: the paths of the lists under these licences
list_of() {
	"$A2A_SOURCE/dict/select_sources" "$sources" "$*" | sed '/^#/d; s/.*[[:blank:]]//'
}

# ---- Every list has a licence -------------------------------------------------------------------
licences=$(sed -n 's/^# licence: \(.*\)/\1/p' "$sources" | sort -u)
is 'the names of licences have no spaces' '' "$(grep ' ' <<<"$licences")"
is 'every list is under one of them' "$(sed '/^#/d; s/.*[[:blank:]]//' "$sources")" \
	"$(list_of $licences)"
for licence in $licences; do
	is "debian/copyright has $licence" yes \
		"$(grep -qxF "License: $licence" "$A2A_SOURCE/debian/copyright" && echo yes)"
done

# ---- The permissive ones ------------------------------------------------------------------------
is 'the build has the same list of permissive ones' "$permissive" \
	"$(sed -n "s/.*'select_sources'.*, '\([^']*\)'\]/\1/p" "$A2A_SOURCE/dict/meson.build")"
is 'they are these' 'password.lst dutch american-english words' \
	"$(list_of $permissive | sed 's,.*/,,' | tr '\n' ' ' | sed 's/ $//')"
"$A2A_SOURCE/dict/select_sources" "$sources" "$permissive" "$A2A_SOURCE/dict/words" >"$scratch/sources.conf"
"$A2A_BUILD/tools/all2all-dict" build -s "$scratch/sources.conf" -r "${A2A_PACKAGE_ROOT:-/}" \
	-o "$scratch/lexicon" >"$scratch/said" 2>&1
is 'a lexicon of them alone is built' '0 ' "$? $(cat "$scratch/said")"

# verdict PASSWORD
verdict() {
	"$A2A_BUILD/tools/all2all-pwcheck" -s lexicon="$scratch/lexicon" -s second_opinion=no <<<"$1" \
		>/dev/null 2>&1
	echo $?
}
is 'it refuses a Dutch word' 1 "$(verdict Wachtwoord1)"
is 'it refuses a Belgian town' 1 "$(verdict Anderlecht1)"
is 'it takes a random password' 0 "$(verdict k7hq9ab2mz)"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
