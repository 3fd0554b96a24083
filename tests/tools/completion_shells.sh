#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests the completion for zsh, at a terminal with the Tab key, and for fish; and that the help, out
# of which all completions take the options, has those of the commands' own tables.
set -u
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
export PATH=$A2A_BUILD/tools:$PATH HOME=$scratch XDG_CONFIG_HOME=$scratch/config \
	XDG_DATA_HOME=$scratch/data XDG_CACHE_HOME=$scratch/cache
skipped=0
cd "$scratch" || exit 1
: >some.conf
mkdir folder

commands=
for tool in "$A2A_BUILD"/tools/all2all-*; do
	[ -f "$tool" ] && [ -x "$tool" ] && commands="$commands ${tool##*/}"
done
is 'each command is tried' "$(ls "$A2A_SOURCE"/tools/all2all-*.c | wc -l)" \
	"$(wc -w <<<"$commands $([ "${A2A_SHEETS-yes}" = yes ] || echo all2all-issue)")"

# ---- The help and the table of options ----------------------------------------------------------
# table COMMAND: the options of its table, each as -x --long or --long
table() {
	sed -n '/^static const struct option long_options/,/^};/{
		s/^	{"\([a-z-]*\)", [^,]*, NULL, '"'"'\(.\)'"'"'},$/-\2 --\1/p
		s/^	{"\([a-z-]*\)", [^,]*, NULL, OPTION_[A-Z_]*},$/--\1/p
	}' "$A2A_SOURCE/tools/$1.c" | sort
}
# in_help COMMAND: the same out of its help
in_help() {
	"$1" --help | sed -nE 's/^ +(-.), (--[a-z-]+).*/\1 \2/p; s/^ +(--[a-z-]+) .*/\1/p' | sort
}
for command in $commands; do
	# It has a command line of its own, of one word.
	[ $command = all2all-passwd ] || is "$command: the options of its help are those it takes" \
		"$(table $command)" "$(in_help $command)"
	# What the table says of an argument is what the help says.
	while read -r option; do
		case $("$command" --help | grep -oE -- "^ +(-., )?$option(\[=| [A-Z]+( |=)| )") in
		*'[=') wanted=optional_argument ;;
		*' '[A-Z]*) wanted=required_argument ;;
		*) wanted=no_argument ;;
		esac
		is "$command $option" "$wanted" "$(sed -n "s/^	{\"${option#--}\", \([a-z_]*\), .*/\1/p" \
			"$A2A_SOURCE/tools/$command.c")"
	done < <(table $command | grep -o -- '--.*')
done

# ---- What is offered ----------------------------------------------------------------------------
# A line, and after a bar what is offered behind it. $EMPTY: nothing.
cat >cases <<END
all2all-audit |forget notify report show stats
all2all-audit show roo|root
all2all-audit --lang fr sh|show
all2all-audit --color |always auto never
all2all-audit --color=n|--color=never
all2all-pwcheck --set min_d|min_digits=
all2all-pwcheck --set dictcheck=|dictcheck=no dictcheck=yes
all2all-pwcheck --set=dictcheck=n|--set=dictcheck=no
all2all-pwcheck -s profile=a|profile=anssi
all2all-pwcheck --lang fr,n|fr,nl
all2all-pwcheck --config so|some.conf
all2all-pwcheck |
all2all-pwgen --lang |de en fr nl
all2all-pwgen --spell=f|--spell=fr --spell=fr_BE --spell=fr_FR
all2all-pwgen --count |
all2all-dict |add build lookup stat upgrade verify
all2all-dict verify so|some.conf
all2all-dict lookup zom|
all2all-dict build --root fo|folder/
all2all-leaks |build fetch install look merge stat update verify
END
if [ "${A2A_SHEETS-yes}" = yes ]; then
	cat >>cases <<-END
		all2all-issue roo|root
		all2all-issue --hash=b|--hash=bcrypt
		all2all-issue --format pdf,h|pdf,html
	END
fi
# Every option of every command.
for command in $commands; do
	long=$("$command" --help | grep '^  ' | grep -oE -- '(^| )--[a-z-]+' | tr -d ' ' | sort -u)
	short=$("$command" --help | grep -oE '^  -[A-Za-z],' | tr -d ' ,' | sort -u)
	echo "$command --|$long" | tr '\n' ' '
	echo
	if [ "$short" ]; then
		printf '%s\n' "$long" "$short" | sort -u | tr '\n' ' ' | sed "s/^/$command -|/"
		echo
	fi
done | sed 's/ *$//' >>cases
cut -d '|' -f 1 cases >lines

# compare SHELL: what it offers, in the file offered, is what is wanted
compare() {
	is "$1: each line is answered" "$(wc -l <lines)" "$(wc -l <offered)"
	while IFS='|' read -r line wanted && IFS= read -r got <&3; do
		is "$1: $line" "$wanted" "$(tr -s '\t' '\n' <<<"$got" | sed 's/=$//' | sort -u | grep . |
			tr '\n' ' ' | sed 's/ *$//')"
	done < <(sed 's/=$//; s,/$,,' cases) 3<offered
}

if command -v zsh >/dev/null; then
	if python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
		"$A2A_SOURCE/tests/lib/zsh_offers.py" "$A2A_SOURCE/tools/completion.zsh" <lines >offered
		compare zsh
		is 'zsh: it is for each command' "$(printf '%s\n' $commands)" "$(head -n 1 \
			"$A2A_SOURCE/tools/completion.zsh" | tr ' ' '\n' | tail -n +2 |
			grep -xF "$(printf '%s\n' $commands)")"
	else
		echo 'no terminal can be had here (no /dev/pts?): zsh is not tried'
		skipped=1
	fi
else
	echo 'zsh is not installed, and is not tried'
	skipped=1
fi

if command -v fish >/dev/null; then
	mkdir fish
	for command in $commands; do
		ln -s "$A2A_SOURCE/tools/completion.fish" fish/$command.fish
	done
	fish -N -c 'set fish_complete_path '"$scratch"'/fish $fish_complete_path
		while read -l line
			set -l offered (complete -C $line | string replace -r "\t.*" "" |
				string replace -r "/\$" "")
			string join \t -- "" $offered
		end' <lines >offered 2>errors
	is 'fish: no errors' '' "$(cat errors)"
	compare fish
else
	echo 'fish is not installed, and is not tried'
	skipped=1
fi

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ] || exit 1
[ $skipped = 0 ] || exit 77
