#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs the examples that README.md, its translations and docs/ print, and compares the output. So the
# documents show what the programs say today.
#
# What is run: each command behind "$ " in an indented block, with the lines below it as its output;
# "..." stands for the rest of it. The passwords in a table of verdicts, in the language of the
# document. What is random is compared otherwise: see check_spelling.
set -u
unset LC_ALL LC_MESSAGES LANGUAGE
export LANG=C.UTF-8
umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$scratch" || exit 1
export PATH=$A2A_BUILD/tools:$PATH
sheets=${A2A_SHEETS-yes}

# language FILE: of the document
language() {
	case $1 in
	*README.??.md) basename "$1" .md | cut -d . -f 2 ;;
	*) echo en ;;
	esac
}

# ---- What the commands need ---------------------------------------------------------------------
# Of the documents' own machine: root, its users, and its /etc/all2all.
sudo() {
	"$@"
}

all2all-issue() {
	# Its messages are what is documented, and not the hashes.
	{ command all2all-issue --sheets "$A2A_SOURCE/deploy/sheets" --hash "$@" >/dev/null; } 2>&1
}

# ---- Commands and their output ------------------------------------------------------------------
# examples FILE: the commands of the file, each with its output below it, and an empty line behind
examples() {
	awk '/^    \$ / { if (begun) print ""; begun = 1; print substr($0, 7); next }
		/^    / { if (begun) print substr($0, 5); next }
		begun { print ""; begun = 0 }
		END { if (begun) print "" }' "$1"
}

# up_to_the_dots OUTPUT PRINTED: the output up to where the printed one ends with "..."
up_to_the_dots() {
	case $2 in
	*$'\n'...) head -n "$(($(wc -l <<<"$2") - 1))" <<<"$1" && echo ... ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# names LANGUAGE: each character and its name, as all2all-pwgen spells it
names() {
	all2all-pwgen -n 300 --spell --lang "$1" --json >spelled.json
	python3 - <<'END'
import json

names = {}
for made in json.load(open('spelled.json', encoding='utf-8')):
    names.update(zip(made['password'], made['spelled'].replace('\xa0', ' ').split(', ')))
for character, name in sorted(names.items()):
    print(character, name)
END
}

# check_spelling WHAT COMMAND PRINTED: a printed password is spelled by the names that the command
# uses today, at least as far as the dots
check_spelling() {
	local password spelled wanted='' count=0
	password=$(head -n 1 <<<"$3")
	spelled=$(tail -n +2 <<<"$3" | tr -s ' \n' '  ' | sed 's/^ //; s/ $//; s/, \.\.\.$//')
	names "$(grep -oE -- '--lang [a-z]+' <<<"$2" | cut -d ' ' -f 2)" >names
	while [ "$count" -lt "$(tr -cd , <<<"$spelled," | wc -c)" ]; do
		wanted+=${wanted:+, }$(sed -n "s/^${password:count:1} //p" names)
		count=$((count + 1))
	done
	is "$1: $2" "$wanted" "$spelled"
	is "$1: $2: as long as today" 12 ${#password}
}

# run_example FILE COMMAND PRINTED
run_example() {
	local got
	case $2 in
	*all2all-issue*) [ "$sheets" != no ] || return 0 ;;
	'all2all-pwgen --spell'*)
		check_spelling "$1" "$2" "$3"
		return
		;;
	'cat '*)
		# The file is what the document shows.
		printf '%s\n' "$3" >"${2#cat }"
		return
		;;
	esac
	got=$(eval "$2" 2>&1)
	is "$1: $2" "$3" "$(up_to_the_dots "$got" "$3")"
}

check_examples() {
	local line command='' printed=''
	while IFS= read -r line; do
		if [ -z "$command" ]; then
			command=$line
		elif [ -n "$line" ]; then
			printed+=${printed:+$'\n'}$line
		else
			run_example "$1" "$command" "$printed"
			command='' printed=''
		fi
	done < <(examples "$A2A_SOURCE/$1")
}

# ---- Verdicts -----------------------------------------------------------------------------------
# reasons LANGUAGE: of the password on standard input; in one line
reasons() {
	all2all-pwcheck --lang "$1" >said
	case $? in
	0) echo accepted ;;
	1) echo "refused: $(sed -n 's/^ - //p' said | tr '\n' ';' | sed 's/;$//; s/;/; /g')" ;;
	*) echo 'not judged' ;;
	esac
}

# The rows are `PASSWORD` | verdict | reason, and a reason is there if it is refused.
check_verdicts() {
	local password verdict reason wanted
	local accepted='accepted accepté aanvaard angenommen'
	local refused='refused refusé geweigerd abgelehnt'
	local count=0
	while IFS='|' read -r _ password verdict reason _; do
		password=$(tr -d ' `' <<<"$password") verdict=$(tr -d ' ' <<<"$verdict")
		reason=$(sed 's/^ *//; s/ *$//' <<<"$reason")
		case " $accepted " in *" $verdict "*) wanted=accepted ;; *) wanted="refused: $reason" ;; esac
		is "$1: $password" "$wanted" "$(reasons "$(language "$1")" <<<"$password")"
		count=$((count + 1))
	done < <(grep -E "^\| \`[^ ]+\` \| (${accepted// /|}|${refused// /|}) \|" "$A2A_SOURCE/$1")
	is "$1: passwords with a verdict" 5 $count
}

# ---- Settings -----------------------------------------------------------------------------------
# The rows are `key` | default | meaning.
check_settings() {
	local key default row='^\| `[a-z_]+` \| [^|]* \| [^|]* \|$'
	echo 'min_length = 8' >default.conf
	all2all-pwcheck --show-config --config default.conf >settings
	is "$1: settings in its table" 5 "$(grep -cE "$row" "$A2A_SOURCE/$1")"
	while IFS='|' read -r _ key default _; do
		key=$(tr -d ' `' <<<"$key") default=$(sed 's/^ *//; s/ *$//; s/^(.*)$//' <<<"$default")
		is "$1: the default of $key" "$key = $default" "$(grep "^$key =" settings | sed 's/=$/= /')"
	done < <(grep -E "$row" "$A2A_SOURCE/$1")
}

# ---- Figures ------------------------------------------------------------------------------------
# What README says that we let in and keep out is what measure/peers measured.
check_figures() {
	local made random figure
	read -r _ made random _ < <(grep '^all2all' "$A2A_SOURCE/measure/peers.tsv")
	for figure in "$(LC_ALL=C printf '%.1f %%' "$made")" "$(LC_ALL=C printf '%.2f %%' "$random")"; do
		[ "$1" = README.md ] || figure=${figure/./,}
		is "$1: $figure" 1 "$(grep -cF -- " $figure" "$A2A_SOURCE/$1")"
	done
}

# ---- The text for users -------------------------------------------------------------------------
check_users() {
	local word language
	for language in fr:soleil nl:welkom de:sommer en:summer; do
		word=${language#*:} language=${language%:*}
		is "docs/users.md: $word" 1 "$(grep -c "\`$word\`" "$A2A_SOURCE/docs/users.md")"
		is "docs/users.md: why it is refused" "$(all2all-pwcheck --lang "$language" <<<"$word")" \
			"$(awk -v word="\`$word\`" 'index($0, word) { inside = 1; next }
				inside && /^    / { print substr($0, 5) } /^[^ ]/ { inside = 0 }' \
				"$A2A_SOURCE/docs/users.md")"
	done
}

for file in README.md README.fr.md README.nl.md README.de.md; do
	check_verdicts "$file"
	check_figures "$file"
	check_settings "$file"
done
for file in "$A2A_SOURCE"/README*.md "$A2A_SOURCE"/docs/*.md; do
	check_examples "${file#"$A2A_SOURCE/"}"
done
check_users
is 'docs/how-good.md: plots and tables' '' "$("$A2A_SOURCE/measure/plots" --check 2>&1)"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
