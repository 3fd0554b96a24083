#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs the commands as an administrator does: output and exit status.
set -u
export LC_ALL=C
pwcheck=$A2A_BUILD/tools/all2all-pwcheck
pwgen=$A2A_BUILD/tools/all2all-pwgen
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"

# verdict PASSWORD [OPTION...]: prints the rules that refuse a password
verdict() {
	local password=$1
	shift
	printf '%s\n' "$password" | "$pwcheck" --batch "$@" | cut -f 1,3 | tr '\t' ' '
}

# ---- Every command ----------------------------------------------------------------------------
version=$(sed -n "/^project(/,/)$/s/^	version: '\(.*\)',$/\1/p" "$A2A_SOURCE/meson.build")
like 'the project has a version' '^[0-9]+\.[0-9]+\.[0-9]+$' "$version"
commands=0
for tool in "$A2A_BUILD"/tools/all2all-*; do
	[ -f "$tool" ] && [ -x "$tool" ] || continue
	commands=$((commands + 1))
	output=$("$tool" --version </dev/null 2>&1)
	is "${tool##*/} --version" "0 ${tool##*/} $version" "$? $output"
	"$tool" --version >/dev/full 2>/dev/null
	is "${tool##*/} --version: status when it is lost" 2 $?
done
is 'each of them was asked' "$(grep -c "all2all-[a-z]*\.c'" "$A2A_SOURCE/tools/meson.build")" "$commands"

# ---- pwcheck --------------------------------------------------------------------------------
is 'éàüß12 is six characters' 'refuse too-short' "$(verdict 'éàüß12')"
is 'digits alone' 'refuse no-letter' "$(verdict 12345678)"
is 'letters alone' 'refuse no-digit' "$(verdict abcdefgh)"
for word in Welkom01 Wachtwoord1 Anderlecht1 étalonnage1; do
	is "$word is a word" 'refuse dictionary-word' "$(verdict $word)"
done
like 'the person' 'refuse person' "$(verdict user0001x --user user0001)"
is 'a random one' 'accept -' "$(verdict x4mvt8qa)"

output=$(printf 'x4mvt8qa\nWelkom01\n\nx4mvt8qa' | "$pwcheck" --batch)
is 'batch: status of a mixture' 1 $?
is 'batch: a line for each, the last without a newline' \
	$'accept\t#\t-\nrefuse\t#\tdictionary-word\nrefuse\t#\ttoo-short,no-letter,no-digit\naccept\t#\t-' \
	"$(sed 's/\t[0-9]*\.[0-9]*\t/\t#\t/' <<<"$output")"
printf 'x4mvt8qa\n' | "$pwcheck" --batch >/dev/null
is 'batch: status when all are accepted' 0 $?
printf 'x4mvt8qa\n' | "$pwcheck" --batch >/dev/full 2>"$scratch/err"
is 'batch: status when the verdicts are lost' 2 $?
is 'batch: nothing in, nothing out' '' "$("$pwcheck" --batch </dev/null)"
is 'batch: a line with a NUL' $'refuse\t-\tnot-text' "$(printf 'x4mv\0t8qa\n' | "$pwcheck" --batch)"
is 'batch: a line end of another system is not edited away' $'refuse\t-\tnot-text' \
	"$(printf 'x4mvt8qa\r\n' | "$pwcheck" --batch)"
is 'batch: a line of a million characters' $'refuse\t-\ttoo-long\naccept\t-\t-' \
	"$( (head -c 1000000 /dev/zero | tr '\0' a; printf '1\nx4mvt8qa\n') | "$pwcheck" --batch -s min_guesses=0 -s dictcheck=no)"

is 'batch: each line is answered before the next one comes' 'accept refuse' "$(python3 -c '
import subprocess, sys
p = subprocess.Popen([sys.argv[1], "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
def ask(line):
    p.stdin.write(line); p.stdin.flush()
    return p.stdout.readline().split(b"\t")[0].decode()
print(ask(b"x4mvt8qa\n"), ask(b"Welkom01\n"))' "$pwcheck")"

printf 'x4mvt8qa\n' | "$pwcheck" >"$scratch/out"
is 'status of an accepted password' 0 $?
is 'what it says of one' 'This password is good.' "$(cat "$scratch/out")"
printf 'Welkom01' | "$pwcheck" >"$scratch/out"
is 'status of a refused password' 1 $?
"$pwcheck" </dev/null >"$scratch/out" 2>"$scratch/err"
is 'status without any password' 2 $?
like 'what it says then' 'standard input ends before the password' "$(cat "$scratch/err")"
printf 'x4mvt8qa\n' | "$pwcheck" --old >/dev/null 2>"$scratch/err"
is 'status without the old password' 2 $?
printf 'x4mvt8qb\nx4mvt8qa\n' | "$pwcheck" --old >"$scratch/out"
is 'status of a variant of the old password' 1 $?
like 'reason' 'old password' "$(cat "$scratch/out")"
"$pwcheck" x4mvt8qa </dev/null >"$scratch/out" 2>"$scratch/err"
is 'status of a password as an argument' 2 $?
like 'what it says then' 'must not be an argument' "$(cat "$scratch/err")"
like 'not that password' '^0$' "$(grep -c x4mvt8qa "$scratch/err")"

# Each reason in each language.
like French "il est trop court : il faut au moins 8 caractères" \
	"$(printf 'a1\n' | "$pwcheck" --lang fr)"
like Dutch "het is te kort: er zijn minstens 8 tekens nodig" "$(printf 'a1\n' | "$pwcheck" --lang nl)"
like German "es ist zu kurz: nötig sind mindestens 8 Zeichen" "$(printf 'a1\n' | "$pwcheck" --lang de)"
like 'the language of the environment' 'Ce mot de passe' \
	"$(printf 'a1\n' | LC_ALL=fr_BE.UTF-8 "$pwcheck")"
is 'a long name of a locale' 1 "$(printf 'a1\n' | LC_ALL=fr_BE.ISO-8859-15 "$pwcheck" | grep -c 'Ce mot de passe')"
is 'two languages' 2 "$(printf 'x4mvt8qa\n' | "$pwcheck" --lang fr,nl | wc -l)"
"$pwcheck" --lang pl </dev/null >/dev/null 2>"$scratch/err"
is 'a language that there is not' 2 $?

json=$(printf 'éàüß12\n' | "$pwcheck" --json --lang fr,de)
is 'JSON' 'False True too-short 6 8 ["de", "fr"]' "$(python3 -c '
import json, sys
d = json.loads(sys.argv[1]); r = d["rules"][0]
print(d["accepted"], 20 < d["log2_guesses"] < 40, r["rule"], r["has"], r["needs"],
    json.dumps(sorted(r["reason"])))' "$json")"

like '--explain' '^  characters 1 to 3 +a French word +[0-9.]+ bits$' \
	"$(printf 'été2024!\n' | "$pwcheck" --explain)"
like '--explain in French' '^  caractères 1 à 3 +un mot français +[0-9]+,[0-9] bits$' \
	"$(printf 'été2024!\n' | "$pwcheck" --explain --lang fr)"
is '--explain has one language' 0 \
	"$(printf 'été2024!\n' | "$pwcheck" --explain --lang de | grep -cE 'bits|needed|guesses|characters')"
like '--explain does not show the password' '^0$' \
	"$(printf 'été2024!\n' | "$pwcheck" --explain | grep -c été)"
like 'guessable, in French' "facile à deviner.*un mot français \(caractères 1 à 3\), une année \(caractères 4 à 7\)" \
	"$(printf 'été2024!\n' | "$pwcheck" --lang fr)"

like '--explain says how many guesses are needed' '^2\^[0-9.]+ guesses; 2\^28\.0 are needed$' \
	"$(printf 'été2024!\n' | "$pwcheck" --explain)"
like 'more for a longer one' '; 2\^32\.0 are needed$' "$(printf 'x4mvt8qa2ky\n' | "$pwcheck" --explain)"
is 'none where none are asked' 0 \
	"$(printf 'x4mvt8qa2ky\n' | "$pwcheck" --explain -s min_guesses=0 | grep -c needed)"
like 'nothing is measured where nothing is asked' '^The number of guesses was not measured\.$' \
	"$(printf 'x4mvt8qa2ky\n' | "$pwcheck" --explain -s min_guesses=0 -s dictcheck=no)"
like '--explain of a person' 'characters 1 to 8 +your name' \
	"$(printf 'user0001x4mvt8\n' | "$pwcheck" --explain -u user0001)"
like 'a word is named and its place' 'ein niederländisches Wort \(Zeichen 3 bis 8\)' \
	"$(printf '12Welkom7\n' | "$pwcheck" --lang de)"
like 'a town is a place, in every language' 'een plaatsnaam \(tekens 1 tot 10\)' \
	"$(printf 'Anderlecht1\n' | "$pwcheck" --lang nl)"
like 'its inhabitant is a word' 'un mot français \(caractères 1 à 5\)' \
	"$(printf 'belge2026\n' | "$pwcheck" --lang fr)"
like 'keys are keys' 'neighbouring keys \(characters 1 to 12\)' "$(printf 'azertyuiop12\n' | "$pwcheck")"
like 'in characters' 'un mot français \(caractères 3 à 12\)' "$(printf '12e\314\201talonnage7\n' | "$pwcheck" --lang fr)"

# json EXPRESSION PASSWORD [OPTION...]: prints a Python expression of the verdict d
json() {
	local expression=$1 password=$2
	shift 2
	printf '%s\n' "$password" | "$pwcheck" --json "$@" | python3 -c "
import json, sys
d = json.load(sys.stdin)
print($expression)"
}
is 'JSON: the word' "word 2 6 True ['kind', 'languages', 'length', 'start']" \
	"$(json "d['word']['kind'], d['word']['start'], d['word']['length'], 'nl' in d['word']['languages'], sorted(d['word'])" 12Welkom7)"
is 'JSON: a word backwards' 'backwards 1 6' \
	"$(json "d['word']['kind'], d['word']['start'], d['word']['length']" 7mokleW77)"
is 'JSON: no word' 'None True 28.008' \
	"$(json "d['word'], d['accepted'], round(d['log2_needed'], 3)" x4mvt8qa)"
is 'JSON: what is not asked' 'None None None []' \
	"$(json "d['word'], d['log2_guesses'], d['log2_needed'], d['segments']" 12Welkom7 -s min_guesses=0 -s dictcheck=no)"
is 'JSON: segments' "[('word', 0, 3), ('year', 3, 4), ('symbol', 7, 1)]" \
	"$(json "[(s['kind'], s['start'], s['length']) for s in d['segments']]" 'été2024!')"
is 'JSON: none of it is the password' 0 \
	"$(printf '12Welkom7\n' | "$pwcheck" --json | grep -ci welkom)"

# ---- A site's own words ---------------------------------------------------------------------
printf '# ours\nKvolta-Brix\nBlåbærgrød\n' >"$scratch/house.txt"
"$A2A_BUILD/tools/all2all-dict" add "$scratch/house.txt" -o "$scratch/house"
for word in Kvoltabrix72 kvolta-brix2026 7xirbatlovk Kv0lt4br1x7 Blabaergrod7; do
	is "$word is a word of the house" 'refuse dictionary-word' \
		"$(verdict $word -s words="$scratch/house")"
	is "$word is none elsewhere" 0 "$(verdict $word | grep -c dictionary-word)"
done
is 'a list that is not there' 'refuse dictionary-word' \
	"$(verdict Kvoltabrix72 -s words="$scratch/none $scratch/house" 2>"$scratch/err")"
like 'is said' "warning: $scratch/none: .*left out" "$(cat "$scratch/err")"
head -c 100 "$scratch/house" >"$scratch/half"
is 'a damaged list' '' "$(verdict Kvoltabrix72 -s words="$scratch/half" 2>"$scratch/err")"
like 'is a fault' "$scratch/half: the list of words .*all2all-dict add" "$(cat "$scratch/err")"
"$pwcheck" -t -s words="$scratch/half" >/dev/null 2>&1
is 'of the configuration' 2 $?
"$pwcheck" -t -s words=house >/dev/null 2>"$scratch/err"
is 'a list without its folder' 2 $?
like 'it says so' 'absolute|begin' "$(cat "$scratch/err")"

# ---- The configuration ----------------------------------------------------------------------
printf 'min_length = 12\n' >"$scratch/conf"
chmod 644 "$scratch/conf"
is '--config' 'refuse too-short' "$(verdict x4mvt8qa --config "$scratch/conf")"
is '--set wins over it' 'accept -' "$(verdict x4mvt8qa --config "$scratch/conf" --set min_length=8)"
"$pwcheck" -t --config "$scratch/conf" >"$scratch/out"
is 'a good configuration' $'0 The configuration is good.\nProfile house: the defaults.' \
	"$? $(grep -v '^PAM ' "$scratch/out")"
"$pwcheck" -t --config "$scratch/conf" --set profile=anssi >"$scratch/out"
is 'what a profile sets, and what was set otherwise' \
	$'0 The configuration is good.
Profile anssi: min_length = 12, min_letters = 0, min_digits = 0, kinds = aA0! 20:aA0.' \
	"$? $(grep -v '^PAM ' "$scratch/out")"
"$pwcheck" -t --config "$scratch/conf" --set profile=nist >"$scratch/out"
like 'what was set otherwise' 'Set otherwise: min_length = 12[.]$' "$(grep '^Set' "$scratch/out")"
"$pwcheck" -t --set profile=iso >"$scratch/out" 2>"$scratch/err"
is 'an unknown profile' 2 $?
like 'it names those that there are' \
	'--set: profile: .*"iso".*: house, safeonweb, anssi, bsi, cnil, nist' "$(cat "$scratch/err")"
"$pwcheck" --show-config --set profile=anssi >"$scratch/profile"
chmod 644 "$scratch/profile"
is '--show-config leaves to the profile what it sets' '# min_length = 12' \
	"$(grep 'min_length = ' "$scratch/profile")"
is '--show-config of a profile can be read again' "$(cat "$scratch/profile")" \
	"$("$pwcheck" --show-config --config "$scratch/profile")"
is 'another profile then' '# min_length = 15' \
	"$("$pwcheck" --show-config --config "$scratch/profile" --set profile=nist |
		grep 'min_length = ')"
printf 'min_length = twelve\nfoo = 1\n\nlang = xx\n' >"$scratch/conf"
"$pwcheck" -t --config "$scratch/conf" >"$scratch/out" 2>"$scratch/err"
is 'a bad configuration' 2 $?
for line in 1 2 4; do
	like "the mistake in line $line" "conf:$line: " "$(cat "$scratch/err")"
done
"$pwcheck" -t --config "$scratch/none" >/dev/null 2>"$scratch/err"
is 'a configuration that is not there' 2 $?
"$pwcheck" -t --set dictpath=/nonexistent/d >/dev/null 2>"$scratch/err"
is 'a dictionary that is not there' 2 $?
printf 'x4mvt8qa\n' | "$pwcheck" --batch --set dictpath=/nonexistent/d >"$scratch/out" 2>/dev/null
is 'what cannot be judged is not accepted' '2 ' "$? $(cat "$scratch/out")"
"$pwcheck" --show-config --set min_length=13 >"$scratch/conf"
chmod 644 "$scratch/conf"
is '--show-config has no language of whoever looks' 'lang = ' \
	"$(LC_ALL=nl_BE.UTF-8 "$pwcheck" --show-config | grep '^lang')"
is '--show-config can be read again' "$(cat "$scratch/conf")" \
	"$("$pwcheck" --show-config --config "$scratch/conf")"

# ---- pwgen ----------------------------------------------------------------------------------
is 'the default' 12 "$("$pwgen" | tr -d '\n' | wc -c)"
is 'no look-alikes' 0 "$("$pwgen" -n 1000 | grep -c '[0Oo1lI]')"
is 'a thousand of them' '   1000 accept' \
	"$("$pwgen" -n 1000 | "$pwcheck" --batch | cut -f 1 | uniq -c)"
is 'no two are the same' 1000 "$("$pwgen" -n 1000 | sort -u | wc -l)"
for options in '-p' '-l 8' '-k' '-y' '-y#%' '-b 80' '-w 3 -L fr' '-w 4 -L nl -S .' '-w 5 -L de' \
	'-w 6 -L en' '-a aeiou' '-C abcdef2345 -l 20' '-s min_length=20' '-s minclass=4'; do
	# shellcheck disable=SC2086 # the options are several words
	is "pwgen $options" 20 "$("$pwgen" -n 20 $options | "$pwcheck" --batch | grep -c accept)"
done
like 'what is not counted is said' '	at most 69.44 bits' "$("$pwgen" --entropy -s maxclassrepeat=3)"
is '--entropy' $'\t69.44 bits' "$("$pwgen" --entropy | grep -o $'\t.*')"
like '--spell' 'majuscule|deux|trois|quatre|cinq|six|sept|huit|neuf' "$("$pwgen" --spell -L fr)"
is 'spelled out' $'capital\xc2\xa0HOTEL, nine, alfa, hyphen' \
	"$("$pwgen" -n 2000 -C 'H9a-' -l 4 -s min_length=4 -s dictcheck=no -s second_opinion=no -s min_guesses=0 \
		--spell -L en | grep -A1 '^H9a-$' | sed -n '2s/^\t//p')"
shown=$(script -qec "stty cols 50; '$pwgen' -l 16 --spell=en" /dev/null </dev/null | tr -d '\r' |
	expand)
is '--spell on a terminal: lines that fit' 0 "$(LC_ALL=C.UTF-8 grep -cE '.{51}' <<<"$shown")"
is '--spell on a terminal: all lines but the last end between two names' \
	"$(($(wc -l <<<"$shown") - 2))" "$(sed '1d; $d' <<<"$shown" | grep -c '^        [^ ].*,$')"
is '--spell on a terminal: several of them' yes \
	"$([ "$(wc -l <<<"$shown")" -gt 4 ] && echo yes || echo no)"
is 'JSON' 'ok' "$("$pwgen" -n 3 --json --spell -L nl | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert len(d) == 3
assert all(len(x["password"]) == 12 and abs(x["bits"] - 69.44) < 0.01 and x["spelled"] for x in d)
print("ok")')"
# ---- pwgen: lists for people and programs ---------------------------------------------------
# rows OPTION...: prints the cells of the CSV as a program reads them, separated by |
rows() {
	"$pwgen" --csv "$@" | python3 -c '
import csv, io, sys
text = sys.stdin.buffer.read().decode()
assert text.endswith("\r\n") and text.count("\r\n") == text.count("\n"), "RFC 4180 ends lines so"
for row in csv.reader(io.StringIO(text, newline=""), strict=True):
    print("|".join(row))'
}
is 'CSV: a heading and a line each' 4 "$(rows -n 3 | wc -l)"
is 'CSV: the heading alone' 'password' "$(rows | sed -n 1p)"
is 'CSV: the columns that are asked' 'language|password|bits|spelled|hash' \
	"$(rows --hash --spell --entropy --words 4 --per-language | sed -n 1p)"
like 'CSV: bits are a number' '^[^|]{12}\|69\.44$' "$(rows -e | tail -n 1)"
rows -n 200 -C 'ab",;23' -l 14 --spell fr >"$scratch/rows"
is 'CSV: a quote and a comma stay in their cell' '201 2' \
	"$(wc -l <"$scratch/rows") $(awk -F'|' '{ print NF }' "$scratch/rows" | sort -u)"
like 'CSV: they are there' '".*\|.*guillemet' "$(grep '^[^|]*".*|' "$scratch/rows")"
"$pwgen" --csv -e -s maxclassrepeat=3 >/dev/null 2>"$scratch/err"
like 'CSV: what is not counted is said' 'warning: the bits are at most' "$(cat "$scratch/err")"

# Every printable character has a name in every language, and only one.
all=$(printf '%b' "$(printf '\\%03o' $(seq 33 126))")
for language in fr nl de en; do
	"$pwgen" -n 400 -l 40 -C "$all" --csv --spell $language >"$scratch/csv"
	is "$language: each of the 94 characters has a name of its own, no cell is a formula" '94 94' \
		"$(python3 - "$scratch/csv" <<'END'
import csv, sys
names = {}
for row in list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8')))[1:]:
    assert not any(cell[0] in '=+-@\t\r' for cell in row), row
    spelled = row[1].split(', ')
    assert len(spelled) == len(row[0]), row
    for character, name in zip(row[0], spelled):
        assert names.setdefault(character, name) == name and len(name) > 1, row
print(len(names), len(set(names.values())))
END
)"
done
is 'no password begins like a formula' 0 "$("$pwgen" -n 3000 -C '=+-@abcd2345' | grep -c '^[=+@-]')"
is 'they are not left out elsewhere' 3000 "$("$pwgen" -n 3000 -C '=+-@abcd2345' -l 40 | grep -c '.[=+@-]')"

# Dovecot verifies the hashes of each scheme. test_hash.c verifies them with crypt(3) and libargon2.
for scheme in yescrypt:CRYPT bcrypt:BLF-CRYPT sha512:SHA512-CRYPT argon2id:ARGON2ID; do
	name=${scheme%:*} prefix=${scheme#*:}
	"$pwgen" -n 2 --hash=$name >"$scratch/hashes"
	is "--hash=$name: beside its password, behind a tab" 2 \
		"$(grep -cP "^[^\t]{12}\t\{$prefix\}[$][^\t]+\$" "$scratch/hashes")"
	if command -v doveadm >/dev/null; then
		while IFS=$'\t' read -r password hash; do
			like "Dovecot takes it" '\(verified\)$' \
				"$(doveadm -c /dev/null pw -t "$hash" -p "$password" 2>&1)"
			like "and no other password" 'mismatch' \
				"$(doveadm -c /dev/null pw -t "$hash" -p "${password}x" 2>&1)"
		done <"$scratch/hashes"
	fi
done
like 'yescrypt is the default' $'\t{CRYPT}\\$y\\$' "$("$pwgen" --hash)"
like 'the scheme as a word of its own' $'\t{BLF-CRYPT}' "$("$pwgen" --hash bcrypt)"
is 'as many jobs as are asked, the hashes beside their own' '40 40' \
	"$("$pwgen" -n 40 --hash -J 4 --json | python3 -c '
import json, sys
rows = json.load(sys.stdin)
print(len(rows), len({r["hash"] for r in rows}))')"
"$pwgen" -l 73 --hash bcrypt >"$scratch/out" 2>"$scratch/err"
is 'bcrypt cuts nothing' '2 ' "$? $(cat "$scratch/out")"
like 'it says so' 'bcrypt takes 72 bytes' "$(cat "$scratch/err")"

is '--per-language: four of them, in one block each' 'fr fr nl nl de de en en' \
	"$("$pwgen" -w 4 -n 2 --per-language | cut -f 1 | xargs)"
is '--per-language: those of --lang' 'de fr' "$("$pwgen" -w 4 --per-language -L de,fr | cut -f 1 | xargs)"
is '--per-language: not that of the terminal alone' 'fr nl de en' \
	"$(LC_ALL=nl_BE.UTF-8 "$pwgen" -w 4 --per-language | cut -f 1 | xargs)"
is '--per-language: those of the setting' 'nl fr' \
	"$("$pwgen" -w 4 --per-language -s lang=nl,fr | cut -f 1 | xargs)"
is '--per-language: the words are of the list' 0 "$("$pwgen" -w 8 -n 50 --per-language |
	while IFS=$'\t' read -r language phrase; do
		tr -d 2-9 <<<"$phrase" | tr - '\n' | grep -vxFf "$A2A_BUILD/dict/words/$language.txt"
	done | wc -l)"
like '--per-language: each is spelled in its own' 'koppelteken.*|Bindestrich' \
	"$("$pwgen" -w 4 --per-language --spell -L nl,de | grep -o 'koppelteken\|Bindestrich' | xargs)"
is 'JSON: language and hash' "['fr', 'nl', 'de', 'en'] True" \
	"$("$pwgen" -w 4 --per-language --hash --json | python3 -c '
import json, sys
rows = json.load(sys.stdin)
print([r["language"] for r in rows], all(r["hash"].startswith("{CRYPT}$y$") for r in rows))')"
is '--spell=LANGUAGE: another than that of the words' 3 \
	"$("$pwgen" -w 4 --lang fr --spell=en | grep -o hyphen | wc -l)"
is '--spell LANGUAGE' 3 "$("$pwgen" -w 4 --lang fr --spell de | grep -o Bindestrich | wc -l)"
is '--spell: that of the messages' 3 "$(LC_ALL=nl_BE "$pwgen" -w 4 --spell | grep -o koppelteken | wc -l)"

# Nothing offensive is generated: a program other than the generator looks for it.
is 'no word of passphrases is offensive, nor holds five letters that are' 0 "$(python3 - "$A2A_SOURCE" "$A2A_BUILD" <<'END'
import re, sys, unicodedata
def fold(word):
    word = unicodedata.normalize('NFKD', word.casefold().replace('œ', 'oe').replace('æ', 'ae'))
    return ''.join(c for c in word if not unicodedata.combining(c))
lines = open(sys.argv[1] + '/dict/words/offensive.txt', encoding='utf-8').read().split('\n')
words = {fold(line) for line in lines if line and line[0] != '#'}
assert len(words) > 2000
bad = 0
for language in 'fr', 'nl', 'de', 'en':
    for word in open(f'{sys.argv[2]}/dict/words/{language}.txt').read().split():
        bad += word in words or any(len(o) > 4 and o in word for o in words)
print(bad)
END
)"
is 'random characters do not say it either' 0 \
	"$("$pwgen" -n 20000 -C fuckFUCK2 -l 9 -s dictcheck=no -s second_opinion=no -s min_guesses=0 | grep -ic fuck)"
is 'nor do syllables' 0 "$("$pwgen" -n 20000 -p | grep -Ec 'nazi|kaka|pute|pipi')"

for options in '-l 5' '-C abcdef' '-n 0' '-n 1000001' '-n x' '-l 12 -b 70' '-p -w 3' '-w 3 -l 5' \
	'-s min_length=13 -l 12' '-w 3 -y' '-S x' '-w 4 -S a' '-L xx' 'x' '--nonsense' '-k -C +!' \
	'-s min_digits=60 -l 61' '-C ab1 -l 12' '-w 4 -b 60' '-w 4 -a 23456789' '-w 4 -a -' \
	'--hash=md5' '--hash md5' '--spell=pt' '--spell pl' '-P' '-p -P' '-J 0' '--hash -J 0' '--csv --json' \
	'--hash bcrypt -l 80' '-C =+-@ -s min_letters=0 -s min_digits=0' '-w 3 -P -L xx'; do
	# shellcheck disable=SC2086
	output=$(timeout 60 "$pwgen" $options 2>"$scratch/err")
	is "pwgen $options is an error at once, with nothing on standard output" '2 ' "$? $output"
	like 'and it says why' '.' "$(cat "$scratch/err")"
done
"$pwgen" -n 100000 -s dictcheck=no -s second_opinion=no 2>"$scratch/err" | head -n 1 >/dev/null
is 'a closed pipe ends it cleanly' '0 0 ' "${PIPESTATUS[*]} $(cat "$scratch/err")"
"$pwgen" >/dev/full 2>"$scratch/err"
is 'a full disk does not' 2 $?
like 'and it says so' 'standard output' "$(cat "$scratch/err")"

# A core file would hold the password.
is 'no core' 'Killed no core' "$(cd "$scratch" && ulimit -c unlimited && python3 -c '
import os, signal, subprocess, sys
p = subprocess.Popen([sys.argv[1], "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
p.stdin.write(b"x4mvt8qa\n"); p.stdin.flush(); p.stdout.readline()
os.kill(p.pid, signal.SIGSEGV)
_, status = os.waitpid(p.pid, 0)
print("Killed", "core" if os.WCOREDUMP(status) else "no core")' "$pwcheck")"

# ---- What meson install does with configurations ---------------------------------------------
# keep TEXT: installs a configuration with that text; prints the files that are there then
keep() {
	echo "$1" >"$scratch/some.conf"
	DESTDIR="$scratch/root" "$A2A_SOURCE/tools/install-configuration" "$scratch/some.conf" /etc/some \
		>"$scratch/out"
	(cd "$scratch/root/etc/some" && grep -H . ./* | tr '\n' ' ')
}
is 'a configuration is installed' './some.conf:shipped ' "$(keep shipped)"
echo mine >"$scratch/root/etc/some/some.conf"
is 'one that was changed is left as it is' './some.conf:mine ./some.conf.new:newer ' "$(keep newer)"
like 'one that was changed: it is said' 'is left as it is; what this version ships is .*some.conf.new' \
	"$(cat "$scratch/out")"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
