#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Every message for users is translated into French, Dutch and German, with all of its numbers.
set -eu

: "${A2A_SOURCE:?the source directory}"
unset LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL

po=$A2A_SOURCE/po
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

complain() {
	echo "translations: $*" >&2
	failed=1
}

for program in xgettext msgfmt msgcmp msgattrib msgcat; do
	if ! command -v $program >/dev/null; then
		echo "translations: $program is not installed (Debian's package gettext)" >&2
		exit 77
	fi
done

# pairs PO: prints each message and its translation, a line each, in quotes, without the header. A
# message with a plural is two messages.
pairs() {
	msgcat --no-wrap "$1" | awk '
		function flush() {
			if (original != "\"\"" && original != "") print original "\n" translation
			if (many != "") print many "\n" (form[1] == "" ? "\"\"" : form[1])
			original = translation = many = ""
			delete form
		}
		function join(a, b) {
			return substr(a, 1, length(a) - 1) substr(b, 2)
		}
		/^#~/ { next }
		/^msgid / { flush(); original = substr($0, 7); at = "id" }
		/^msgid_plural / { many = substr($0, 14); at = "many" }
		/^msgstr / { translation = substr($0, 8); at = "str" }
		/^msgstr\[0\] / { translation = substr($0, 11); at = "str" }
		/^msgstr\[1\] / { form[1] = substr($0, 11); at = "form" }
		/^"/ && at == "id" { original = join(original, $0) }
		/^"/ && at == "many" { many = join(many, $0) }
		/^"/ && at == "form" { form[1] = join(form[1], $0) }
		/^"/ && at == "str" { translation = join(translation, $0) }
		END { flush() }'
}

# The messages in the sources.
xgettext --force-po --keyword=N_ --keyword=NN_:1,2 --from-code=UTF-8 --output="$scratch/all2all.pot" \
	"$A2A_SOURCE/message/message.c"
pairs "$scratch/all2all.pot" | awk 'NR % 2' | sort >"$scratch/messages"
if [ "$(wc -l <"$scratch/messages")" -lt 20 ]; then
	complain "xgettext finds hardly any message in message/message.c: is N_() still the mark?"
fi
if [ "$(tr '\n' ' ' <"$po/POTFILES" | tr -s ' ')" != "message/message.c " ]; then
	complain "po/POTFILES lists other files than message/message.c: this test does not know them"
fi
if [ "$(grep -v '^#' "$po/LINGUAS" | tr -s ' \n' '\n' | sort | tr '\n' ' ')" != "de fr nl " ]; then
	complain "po/LINGUAS does not list fr, nl and de"
fi

check_language() {
	catalogue=$po/$1.po
	if ! msgfmt --check --statistics --output-file=/dev/null "$catalogue" \
		2>"$scratch/statistics"; then
		complain "$1.po cannot be compiled:
$(cat "$scratch/statistics")"
		return
	fi
	if grep -qE 'fuzzy|untranslated' "$scratch/statistics"; then
		complain "$1.po is not complete: $(cat "$scratch/statistics")"
	fi
	msgcmp "$catalogue" "$scratch/all2all.pot" >"$scratch/comparison" 2>&1 ||
		complain "$1.po lacks messages of message/message.c:
$(cat "$scratch/comparison")"
	if grep -q '^#~' "$catalogue"; then
		complain "$1.po holds obsolete messages: $(grep -c '^#~ msgid' "$catalogue")"
	fi
	grep -q "^\"Language: $1\\\\n\"" "$catalogue" ||
		complain "$1.po does not say that its language is $1"
	# base/language.c has the same plural forms.
	grep -qF "\"Plural-Forms: nplurals=2; plural=($2);\\n\"" "$catalogue" ||
		complain "$1.po does not say that its plural is $2"
	pairs "$catalogue" >"$scratch/pairs"
	awk 'NR % 2' "$scratch/pairs" | sort >"$scratch/translated"
	comm -13 "$scratch/messages" "$scratch/translated" >"$scratch/unused"
	if [ -s "$scratch/unused" ]; then
		complain "$1.po translates what message/message.c does not say:
$(cat "$scratch/unused")"
	fi
	# A translation has the same numbers and texts in the same order, and the same colon or space
	# at its end.
	awk -v language="$1" '
		function filled(text, found) {
			for (found = ""; match(text, /%(ld|s)?/); text = substr(text, RSTART + RLENGTH))
				found = found " " substr(text, RSTART, RLENGTH)
			return found
		}
		function end(text) { return match(text, /:? ?"$/) ? substr(text, RSTART) : "" }
		NR % 2 { original = $0; next }
		filled(original) != filled($0) || filled($0) ~ /%( |$)/ {
			print language ".po: what is filled in (%ld, %s) is not the same: " $0; bad = 1 }
		end(original) != end($0) {
			print language ".po: colon or space at the end is not the same: " $0; bad = 1 }
		END { exit bad }' "$scratch/pairs" >&2 || failed=1
}

check_language fr 'n > 1'
check_language nl 'n != 1'
check_language de 'n != 1'
exit $failed
