#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests all2all-issue with --hash, for virtual users: lists, sheets, tables, refused rows, second
# runs. No password is set, so the test does not need root.
set -u
export LC_ALL=C
umask 022
issue=$A2A_BUILD/tools/all2all-issue
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$scratch" || exit 1
. "$A2A_SOURCE/tests/lib/leaks_of_others.sh"

# run ARGUMENT...: its status in $status, what it says in $out and $err, without what it says of the
# list's columns, which is tested in issue_lists.sh
run() {
	"$issue" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
	status=$?
	out=$(cat "$scratch/stdout")
	err=$(sed '/: the columns are taken for$/d; /^  [^ ].*  /d; s/^all2all-issue: //' "$scratch/stderr")
}

# A row of a table, without its marks.
row() {
	sed -n "$2p" "$1" | tr -d '\r"'
}

mkdir sheets
printf 'server = mail.example.org\ndomain = example.org\n' >sheets/sheets.conf
for language in fr nl de en; do
	printf '# Account\n\nlanguage: %s\n\nname: {{name}}\n\nmail: {{mail}}\n\nquota: {{quota}}\n\n    {{user}}\n\npassword:\n\n    {{password}}\n' \
		$language >sheets/sheet.$language.md
done
password_in() {
	sed -n '/^password:/ { n; n; s/^ *//p; }' "$1"
}

# ---- The command line ------------------------------------------------------------------------
run
is 'without anything: it asks for whom' '2 no account is named: name accounts, or give a list with --csv' \
	"$status $err"
run a2aone
like 'without a place: it asks where to' '^no output is chosen: --out DIR' "$err"
run --hash --csv list.csv a2aone --out out
is 'a list and names: one of them' 2 "$status"
run --hash --show a2aone
like '--show: only to a terminal' 'standard output is none' "$err"
run --hash=md5 --out out a2aone
is '--hash: an unknown scheme' \
	'2 --hash: "md5" is none of yescrypt, bcrypt, sha512 or argon2id' "$status $err"
run --hash --out out --format pdf,docx a2aone
like '--format: an unknown one' '"docx" is none of' "$err"
run --hash --force-change --out out a2aone
like '--force-change: nothing is set' 'sets no password' "$err"
run --hash --out out --mail nowhere a2aone
like '--mail: an address' '"nowhere" is no mail address' "$err"
run --hash --out out --sheets "$scratch/none" a2aone
is 'no settings of sheets: a fault' 2 "$status"
like 'no settings of sheets: which file' 'none/sheets.conf' "$err"
run --hash --out out --sheets sheets ../a2aone
is 'a user name that is a path' '1 ../a2aone: a user name cannot begin with - or . or '"'" \
	"$status $(head -n 1 <<<"$err")"
is 'none of them made a file' '' "$(ls out 2>/dev/null)"

# ---- One account -----------------------------------------------------------------------------
run --hash --out out --sheets sheets --format text --name 'Zoë Ångström' --mail zoe@example.org \
	--lang nl a2aone
is 'one account: done' '0 out/a2aone.txt' "$status $err"
like 'one account: a line for Dovecot' '^a2aone:\{CRYPT\}\$y\$[^ ]*$' "$out"
is 'one account: the sheet says what was said of it' \
	'language: nl name: Zoë Ångström mail: zoe@example.org ' \
	"$(sed -n '/^[a-z]*: ./p' out/a2aone.txt | tr '\n' ' ')"
is 'one account: nobody else reads it' '700 600' "$(stat -c %a out out/a2aone.txt | tr '\n' ' ' |
	sed 's/ $//')"
is 'one account: the hash fits to the sheet' yes "$(perl -e \
	'print crypt($ARGV[1], $ARGV[0]) eq $ARGV[0] ? "yes" : "no"' "${out#*\}}" \
	"$(password_in out/a2aone.txt)")"
first=$(password_in out/a2aone.txt)
run --hash --out out --sheets sheets --format text a2aone
is 'who is named gets another one' '0 no' \
	"$status $([ "$(password_in out/a2aone.txt)" = "$first" ] && echo yes || echo no)"
run --hash --out out --sheets sheets --format text --length 20 a2atwo
is '--length: so long' 20 "$(password_in out/a2atwo.txt | tr -d '\n' | wc -c)"
run --hash --out out --sheets sheets --format text --words 5 --lang de a2atwo
like '--words: a passphrase' '^[a-z]+[0-9]?(-[a-z]+[0-9]?){4}$' "$(password_in out/a2atwo.txt)"

run --hash --out both --sheets sheets --format text,html --setup a2aone
run --hash --out both --sheets sheets --format text a2aone
is 'another one as text only: the page of the former password is gone' \
	'a2aone.autoconfig.xml a2aone.mobileconfig a2aone.txt' "$(ls both | tr '\n' ' ' | sed 's/ $//')"

# ---- A list ----------------------------------------------------------------------------------
mark=$(printf '\357\273\277')
printf '%s' "$mark" >list.csv
cat >>list.csv <<'END'
Langue;Gebruiker;NOM;E-mail;Quota;Service
fr;user0001;Jeanne Dupont;jeanne@example.org;5 Go;Compta
nl;user0002;"Jan ""de; kleine"" Smet";;;=1+1
NL-be;user0003;Ünsal Öz;;;
xx;user0004;Wrong Language;;;
de;us er;Blank;;;
de;user0005;No Address;nobody;;
fr;user0001;Twice;;;
de;user0006;Too many;;;;x

;;;;;
en;user0007;"Line
break";;;
en;user0008;Last;;;-2
END
run --hash=sha512 --csv list.csv --out two --sheets sheets --format text --out-csv two.csv
is 'a list: some are not issued' '1 4' "$status $(wc -l <<<"$out")"
is 'a list: what it says' '4 passwords issued into two
6 accounts got none: two/errors.csv says why' "$err"
is 'a list: sheets and nothing else' \
	'.all2all-issue.journal errors.csv user0001.txt user0002.txt user0003.txt user0008.txt ' \
	"$(ls -A two | tr '\n' ' ')"
is 'a list: the language of each' 'fr nl nl en' "$(sed -n 's/^language: //p' two/*.txt | tr '\n' ' ' |
	sed 's/ $//')"
like 'a list: a column stands in for the setting' $'quota: 5\302\240Go' \
	"$(cat two/user0001.txt)"
like 'a list: quotation marks and delimiters in a cell' 'name: Jan "de; kleine" Smet' \
	"$(cat two/user0002.txt)"
is 'what comes back: the mark, the delimiter and the columns of the list' \
	"${mark}error;Langue;Gebruiker;NOM;E-mail;Quota;Service" "$(row two/errors.csv 1)"
is 'what comes back: the rows, in their order' 'user0004
us er
user0005
user0001
user0006
user0007' "$(tail -n +2 two/errors.csv | tr -d '\r"' | grep -v '^break' | cut -d ';' -f 3)"
is 'what comes back: an unknown language' \
	'there are no sheets in the language xx: fr nl de en;xx;user0004;Wrong Language;;;' \
	"$(row two/errors.csv 2)"
like 'what comes back: too many cells' 'there are 7 cells, and the first row names 6' "$(row two/errors.csv 6)"
like 'what comes back: a line break' 'cell 3 has a line break in it: write it on one line' \
	"$(cat two/errors.csv)"
is 'the table: the columns of the list, the password and the hash' \
	"${mark}Langue;Gebruiker;NOM;E-mail;Quota;Service;password;hash" "$(row two.csv 1)"
is 'the table: no cell is a formula' "2 0" \
	"$(grep -Ec ";\"'(=1\+1|-2)\";" two.csv) $(grep -Ec '"[=+@-]' two.csv)"
is 'the table: its password is the one on the sheet' "$(password_in two/user0001.txt)" \
	"$(row two.csv 2 | cut -d ';' -f 7)"
is 'the table: nobody else reads it' 600 "$(stat -c %a two.csv)"
is 'no password is in the journal' '' \
	"$(for sheet in two/*.txt; do password_in "$sheet"; done | grep -F -f - two/.all2all-issue.journal)"

before=$(cat two/*.txt two.csv)
lines=$out
cp two/errors.csv errors.first
run --hash=sha512 --csv list.csv --out two --sheets sheets --format text --out-csv two.csv
is 'once more: nothing is issued, and all lines are there' "1 $lines" "$status $out"
is 'once more: sheets and table are as they were' "$before" "$(cat two/*.txt two.csv)"
like 'once more: what it says' '4 accounts already had a password from an earlier run: --again makes new ones' "$err"

# The refused rows can be corrected and used as a list.
sed -e 's/;"xx"/;"fr"/; s/;"us er"/;"user"/; s/;"nobody"/;"nobody@example.org"/; /;"user0001"/d' \
	-e 's/;"x"\(\r*\)$/\1/' errors.first |
	sed '/"Line\r*$/ { N; s/\n/ /; }' >corrected.csv
run --hash=sha512 --csv corrected.csv --out two --sheets sheets --format text
is 'corrected: the others are issued' '0 5' "$status $(wc -l <<<"$out")"
is 'corrected: nothing comes back' no "$([ -e two/errors.csv ] && echo yes || echo no)"

run --hash=sha512 --csv list.csv --out two --sheets sheets --format text --again
is '--again: new ones' '1 4' "$status $(wc -l <<<"$out")"
is '--again: another password' no \
	"$([ "$(row two.csv 2 | cut -d ';' -f 7)" = "$(password_in two/user0001.txt)" ] && echo yes || echo no)"
# This is the journal of a run with --again that was stopped before the first account.
echo again >>two/.all2all-issue.journal
run --hash=sha512 --csv list.csv --out two --sheets sheets --format text
is '--again that was stopped: resumed without it' '1 4' \
	"$status $(grep -o '^[0-9]* passwords issued' <<<"$err" | cut -d ' ' -f 1)"
run --hash --csv list.csv --out-csv two.csv
is 'a table that is there is not written over' 2 "$status"
like 'a table that is there: what to do' 'two.csv: is there already' "$err"
run --csv list.csv --out three --hash --sheets sheets --dry-run
is '--dry-run: what would be' '1 4 accounts would get a password, 6 not; nothing was issued' \
	"$status $(tail -n 1 <<<"$err")"
like '--dry-run: where what is wrong' '^list.csv:5: user0004: there are no sheets' "$err"
is '--dry-run: nothing is there' no "$([ -e three ] && echo yes || echo no)"

# ---- Tables and what comes back --------------------------------------------------------------
run --hash --csv list.csv --out six --sheets sheets --format text --out-csv six/./errors.csv
is 'a table under the name of what comes back: refused, and nothing issued' '2 0' \
	"$status $(ls six | wc -l)"
like 'a table under the name of what comes back: what to do' 'name another file' "$err"
run --hash --csv list.csv --out seven --sheets sheets --out-csv none/table.csv
is 'a table in a folder that is not there' 2 "$status"
run --hash --csv list.csv --out new --sheets sheets --format text --out-csv new/table.csv
is 'a table in the folder that is made' '1 5' "$status $(wc -l <new/table.csv)"
printf 'user\na2a\033[31mone\na2a\342\200\213two\na2a\302\240three\n' >bad.csv
run --hash --csv bad.csv --out-csv bad.out.csv --dry-run
is 'a user name with control characters is not printed' 0 "$(grep -c $'\033' <<<"$err")"
is 'a user name with characters that nobody sees' 2 "$(grep -c 'invisible character' <<<"$err")"
printf 'user,name\nus er,"\t=1+1"\nus er,"\r=1+1"\n' >bad.csv
run --hash --csv bad.csv --out-csv bad.out.csv
is 'what comes back: no formula behind a tab or a line end either' 0 \
	"$(grep -cP '"[\t\r]=' bad.out.errors.csv)"
# The list is the same file as the one for refused rows.
printf 'user\nagain1\nus er\n' >bad.csv
run --hash --csv bad.csv --out eight --sheets sheets --format text
sed -i 's/"us er"/"again2"/' eight/errors.csv
run --hash --csv eight/errors.csv --out eight --sheets sheets --format text
is 'what came back, corrected where it is' '0 again1.txt again2.txt' \
	"$status $(ls eight | tr '\n' ' ' | sed 's/ $//')"

# ---- Files that are not lists -------------------------------------------------------------------
# refused WHAT PATTERN BYTES: as printf(1) takes them
refused() {
	printf "$3" >bad.csv
	run --hash --csv bad.csv --out four --sheets sheets --format text
	is "$1: status" 2 "$status"
	like "$1" "$2" "$err"
}
refused 'an empty list' 'bad.csv: is empty' ''
refused 'no column of users' 'bad.csv:1: no column is called "user"' 'name,language\nx,fr\n'
refused 'two columns of users' 'the columns "user" and "Login" mean the same' 'user,Login\na,b\n'
refused 'two columns of one name' 'two columns are called "x"' 'user,X,x\na,b,c\n'
refused 'a column of hashes' 'there is a column "Hash"' 'user,Hash\na,b\n'
refused 'a first row that is not UTF-8' 'not UTF-8' 'user,pr\351nom\n'
run --hash --csv none.csv --out four --sheets sheets
is 'a list that is not there' '2 none.csv: cannot be opened: No such file or directory' "$status $err"
printf 'user,name\na2aone,Ren\351\na2atwo,"Ren\n' >bad.csv
run --hash --csv bad.csv --out four --sheets sheets
is 'rows that are not UTF-8, or without an end' 1 "$status"
like 'a row that is not UTF-8' 'cell 2 is not UTF-8: save the list as ""CSV UTF-8""' \
	"$(cat four/errors.csv)"
like 'a cell without an end' 'cell 2 has no quotation mark at its end' \
	"$(tail -n 2 four/errors.csv)"
printf 'user\na2aone\nA2aOne\n' >case.csv
run --hash --csv case.csv --out case --sheets sheets --format text
is 'users that differ in capitals only: for Dovecot they are one' '1 1' \
	"$status $(grep -c 'the user name is there twice' case/errors.csv)"
printf 'user\ta name\r\na2aone\tx\r\n' >bad.csv
run --hash --csv - --out five --sheets sheets --format text <bad.csv
"$issue" --hash --csv - --out five --sheets sheets --format text <bad.csv >"$scratch/stdout" 2>&1
is 'tabs, line ends of Windows, and standard input' 0 $?

# ---- Folders ---------------------------------------------------------------------------------
mkdir open && chmod 777 open
run --hash --out open --sheets sheets a2aone
like 'a folder that others can write to' 'open: others can write to the folder' "$err"
mkdir link && ln -s /dev/null link/.all2all-issue.journal
run --hash --out link --sheets sheets a2aone
like 'a link where the journal should be' 'cannot be opened' "$err"
for way in mode link; do
	rm -rf loose && mkdir loose && touch loose/.all2all-issue.journal loose/other
	chmod 600 loose/.all2all-issue.journal
	if [ $way = mode ]; then
		chmod 644 loose/.all2all-issue.journal
	else
		ln -f loose/.all2all-issue.journal loose/other
	fi
	run --hash --out loose --sheets sheets a2aone
	is "a journal that others can read or have by another name ($way): status" 2 "$status"
	like "a journal that others can read or have by another name ($way)" \
		'is not a file of yours that nobody else' "$err"
done
mkdir strange && echo 'something else' >strange/.all2all-issue.journal && chmod 600 strange/.all2all-issue.journal
run --hash --out strange --sheets sheets a2aone
like 'a journal that is none' 'is not a journal of this all2all-issue' "$err"
printf 'all2all-issue 1\nissued\tx\n' >strange/.all2all-issue.journal
run --hash --out strange --sheets sheets a2aone
like 'a damaged journal' 'line 2 is not understood' "$err"

# ---- Many, on all processors ------------------------------------------------------------------
{
	echo user
	seq -f 'many%04g' 1 300
} >many.csv
run --hash=sha512 --csv many.csv --out many --sheets sheets --format text,html --jobs 3
is 'many: each has a line' '0 300' "$status $(wc -l <<<"$out")"
is 'many: in the order of the list' "$(tail -n +2 many.csv)" "$(cut -d : -f 1 <<<"$out")"
is 'many: each another password' 300 \
	"$(for sheet in many/*.txt; do password_in "$sheet"; done | sort -u | wc -l)"

echo "$done checks, $wrong not so"
[ $wrong = 0 ]
