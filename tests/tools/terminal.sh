#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The commands at a terminal: nothing is wider than it is, colours are where they are wanted, and a
# bar of progress leaves nothing behind.
set -u
export LC_ALL=C
unset LANGUAGE NO_COLOR
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
PATH=$A2A_BUILD/tools:$PATH
python3 -c 'import pty; pty.openpty()' 2>/dev/null || {
	echo 'no terminal can be had here (no /dev/pts?)'
	exit 77
}
cd "$scratch" || exit 1
umask 022
on() {
	"$A2A_SOURCE/tests/lib/on_terminal.py" "$@"
}
# widest: the columns of the widest line of standard input, as a terminal shows it
widest() {
	python3 -c '
import re, sys, unicodedata
def columns(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", sys.stdin.buffer.read().decode())
print(max((sum(map(columns, line)) for line in re.split("[\r\n]", text)), default=0))'
}
fits() {
	local wide
	wide=$(widest)
	done=$((done + 1))
	[ "$wide" -gt 0 ] && [ "$wide" -le "$2" ] && return
	echo "not so: $1: $wide columns of $2" >&2
	wrong=$((wrong + 1))
}
escape=$(printf '\033')

# ---- The help -----------------------------------------------------------------------------------
helps=0
for tool in "$A2A_BUILD"/tools/all2all-*; do
	[ -f "$tool" ] && [ -x "$tool" ] || continue
	helps=$((helps + 1))
	"$tool" --help >help
	fits "${tool##*/} --help" 80 <help
	is "${tool##*/} --help: no tabs, no blanks at ends" 0 "$(grep -c -e ' $' -e "$(printf '\t')" help)"
	like "${tool##*/} --help: how it calls the help" '^ +(-h, )?--help +print this text$' "$(cat help)"
	like "${tool##*/} --help: and the version" '^ +(-V, )?--version +print the version$' "$(cat help)"
	like "${tool##*/} --help: the manual" "Manual: ${tool##*/}\([18]\)\.\$" "$(cat help)"
done
is 'each command was asked' "$(grep -c "all2all-[a-z]*\.c'" "$A2A_SOURCE/tools/meson.build")" \
	$((helps + $([ "${A2A_SHEETS-yes}" = yes ] && echo 0 || echo 1)))

# ---- pwcheck ------------------------------------------------------------------------------------
explained() {
	printf '%s\n' "$1" | TERM=${2-xterm} on "${3-80}" all2all-pwcheck --explain "${@:4}"
}
refused='Anderlecht2026'
is 'a refusal is red' "${escape}[31mThis password is refused:${escape}[0m" "$(explained $refused | head -n 1)"
is 'an acceptance is green' "${escape}[32mThis password is good.${escape}[0m" \
	"$(explained x4mvt8qa | head -n 1)"
is 'TERM=dumb: no colour' 0 "$(explained $refused dumb | grep -c "$escape")"
is 'no TERM: no colour' 0 "$(explained $refused '' | grep -c "$escape")"
is 'NO_COLOR: no colour' 0 "$(NO_COLOR=1 explained $refused | grep -c "$escape")"
is 'an empty NO_COLOR is none' 1 "$(NO_COLOR='' explained $refused | grep -c "$escape")"
is '--color=never' 0 "$(explained $refused xterm 80 --color=never | grep -c "$escape")"
is '--color=always is stronger than NO_COLOR and TERM' 1 \
	"$(NO_COLOR=1 explained $refused dumb 80 --color=always | grep -c "$escape")"
is 'a pipe: no colour' 0 "$(printf '%s\n' $refused | TERM=xterm all2all-pwcheck --explain | grep -c "$escape")"
is 'a pipe: --color=always' 1 \
	"$(printf '%s\n' $refused | all2all-pwcheck --explain --color=always | grep -c "$escape")"
all2all-pwcheck --color=perhaps </dev/null 2>err
is 'a word that --color does not know: status' 2 $?
like 'a word that --color does not know' '"perhaps" is none of auto, always and never' "$(cat err)"
is 'JSON and --batch have no colour' 0 "$(printf '%s\n' $refused |
	tee >(all2all-pwcheck --batch --color=always >batch) | all2all-pwcheck --json --color=always |
	cat - batch | grep -c "$escape")"
for columns in 80 40; do
	for lang in fr nl de en; do
		explained 'Jan!Zomer2025zz Anderlecht2026' xterm $columns -L $lang | fits "$lang: explained" $columns
	done
	for profile in anssi; do
		on $columns all2all-pwcheck --test --set profile=$profile | fits "--test $profile" $columns
	done
done
is 'a setting that is wrong is red' 1 "$(TERM=xterm on 80 all2all-pwcheck --test --set min_length=x |
	grep -c "^all2all-pwcheck: $escape\[31m.*$escape\[0m$")"

# ---- The audit ----------------------------------------------------------------------------------
case $A2A_BUILD in
*' '*) ;;
*)
	mkdir pam.d
	: >pam.d/other
	store=$scratch/state/audit.sqlite
	long=jean-christophe.vandenbroeck-delacroix@association.example.be
	for user in user0001 "$long" 山田太郎さん@例え.jp Élodie "$(printf 'ev\033[31mil')"; do
		cat >pam.d/roundcube-submission <<-END
			auth required $A2A_BUILD/tests/pam_record.so set=k1
			auth optional $A2A_BUILD/pam_all2all/pam_all2all.so audit conf=$A2A_BUILD/uninstalled.conf store=$store
		END
		"$A2A_BUILD/tests/pam_drive" "$scratch/pam.d" roundcube-submission "$user" authenticate >/dev/null
	done
	audit() {
		all2all-audit --store "$store" "$@"
	}
	for columns in 100 80 40; do
		TERM=xterm on $columns all2all-audit --store "$store" --grace 30 report >report
		fits "report" $columns <report
		is "report in $columns columns: nothing of a name is lost" '' "$(python3 -c '
import re, sys
text = re.sub(r"\x1b\[[0-9;]*m", "", open(sys.argv[1], encoding="utf-8").read())
lines = text.split("\n")
start = len("LAST SEEN  ") if re.match(r"USER {7}", text) and "\nSINCE" in text else 0
# The cells of the first column go on below each other.
def is_there(name):
    for i in range(len(lines)):
        got = ""
        for part in lines[i:]:
            piece = part[start:].split("  ")[0]
            if not piece or not name.startswith(got + piece):
                break
            got += piece
            if got == name:
                return True
    return False
print(*(name for name in sys.argv[2:] if not is_there(name)))' report user0001 $long 山田太郎さん@例え.jp Élodie)"
		TERM=xterm on $columns all2all-audit --store "$store" stats | fits "stats" $columns
	done
	is 'a pipe: a row is one line' 5 "$(audit report | grep -c 'roundcube-submission.*too-short')"
	is 'a pipe: the columns are where the headings say' 1 "$(audit report | python3 -c '
import sys, unicodedata
def column(line, text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line[:line.index(text)])
lines = [line for line in sys.stdin if "SERVICE" in line or "roundcube" in line]
print(len({column(line, "SERVICE" if "SERVICE" in line else "roundcube") for line in lines}))')"
	is 'a name cannot steer the terminal' 0 "$(TERM=dumb on 80 all2all-audit --store "$store" report | grep -c "$escape")"
	is 'headings are bold' 1 "$(TERM=xterm on 132 all2all-audit --store "$store" report | head -n 1 | grep -c "^$escape\[1mUSER.*RULES$escape\[0m$")"
	is 'report: NO_COLOR' 0 "$(NO_COLOR=1 TERM=xterm on 80 all2all-audit --store "$store" report | grep -c "$escape")"
	is 'report: --color=always in a pipe' 1 "$(audit report --color=always | head -n 1 | grep -c "$escape")"
	is 'CSV and JSON have no colour' 0 "$(for format in --csv --json; do audit report $format --color=always; done |
		grep -c "$escape\[0m")"
	is 'show: weak is red' 1 "$(TERM=xterm on 80 all2all-audit --store "$store" show user0001 |
		grep -c "^user0001: $escape\[31mweak$escape\[0m since")"
	;;
esac

# ---- pwgen --------------------------------------------------------------------------------------
for columns in 80 40; do
	for lang in fr nl de en; do
		on $columns all2all-pwgen --count 20 --spell=$lang >spelled
		# A tab leads to column 8.
		expand spelled | fits "pwgen --spell=$lang" $columns
		is "pwgen --spell=$lang: a line ends behind a name" 0 "$(expand spelled | grep '^        ' |
			paste -sd ' ' | sed 's/        [^ ]* [A-Z]/&/' | grep -c 'hoofdletter$\|majuscule$\|capital$')"
	done
done

# ---- dict ---------------------------------------------------------------------------------------
for columns in 80 40; do
	on $columns all2all-dict stat "$A2A_BUILD/dict/words/lexicon" | tail -n +2 | fits "dict stat" $columns
done

# ---- Progress -----------------------------------------------------------------------------------
# A second and more of work.
seen() {
	on --only-errors "$@" 2>&1 >/dev/null
}
TERM=xterm on --only-errors 80 all2all-pwgen --count 24 --jobs 1 --hash=argon2id >said
tr '\r' '\n' <said >lines
like 'a bar, how much and how long' '^\[#+ +\] +[0-9]+ % [0-9]+ hashed passwords, [0-9 mins]+ left' "$(cat lines)"
is 'at its end, it is removed' "$(printf '\r\033[K')" "$(tail -c 4 said)"
grep '^\[' lines | fits 'a bar' 79
TERM=xterm on --only-errors 40 all2all-pwgen --count 24 --jobs 1 --hash=argon2id >said
grep -o '\[#.*' said | fits 'a bar in a narrow terminal' 39
is 'TERM=dumb: no bar' '' "$(TERM=dumb on --only-errors 80 all2all-pwgen --count 20 --jobs 1 --hash=argon2id | grep left)"
TERM=xterm all2all-pwgen --count 20 --jobs 1 --hash=argon2id 2>err >/dev/null
is 'a pipe or a file: no bar' '' "$(cat err)"
seq -f 'x4mvt8qa%g' 60000 >list
TERM=xterm on --only-errors 80 sh -c 'all2all-pwcheck --batch --set second_opinion=no <list >verdicts' >said
is 'verdicts into a file: all of them' 60000 "$(wc -l <verdicts)"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
