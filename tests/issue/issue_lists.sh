#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests all2all-issue with the lists that offices save: what their columns are taken for, what comes
# back, and what the sheets then say. No password is set, so the test does not need root.
set -u
export LC_ALL=C PYTHONUTF8=1
umask 022
issue=$A2A_BUILD/tools/all2all-issue
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$scratch" || exit 1
. "$A2A_SOURCE/tests/lib/leaks_of_others.sh"
space=$(printf '\302\240')

mkdir sheets
cat >sheets/sheets.conf <<'END'
server = mail.example.org
domain = example.org
organisation = Example
webmail = https://webmail.example.org/
quota = 100
END
for language in fr nl de en; do
	cat >sheets/sheet.$language.md <<'END'
# Account

name: {{name}}

mail: {{mail}}

quota: {{quota}}

server: {{server}}, {{imaps_port}}

webmail: {{webmail}}

date: {{date}}

    {{user}}

password:

    {{password}}
END
done
# These have a field that a column of the list must fill.
cp -r sheets groups
for sheet in groups/*.md; do
	printf '\ngroup: {{groupe}}\n' >>"$sheet"
done

# issue_list LIST ARGUMENT...: issues to the rows (as printf takes them) into a new folder "out"; the
# status in $status, what it says in $err, and what it says of the columns in $columns
issue_list() {
	printf "$1" >list.csv
	shift
	rm -rf out
	"$issue" --hash=sha512 --csv list.csv --out out --sheets sheets --format text "$@" \
		>stdout 2>stderr </dev/null
	status=$?
	columns=$(sed -n 's/^  \([^ ].*  \)/\1/p' stderr | sed 's/   */ /')
	err=$(sed '/: the columns are taken for$/d; /^  [^ ].*  /d; s/^all2all-issue: //' stderr)
}

# says USER FIELD: what the sheet of a user has in a field
says() {
	sed -n "s/^$2: //p" "out/$1.txt"
}

# refusal USER: why it came back
refusal() {
	python3 - "$1" <<'END'
import csv, sys
lines = open("out/errors.csv", encoding="utf-8-sig", newline="").read()
for row in csv.reader(lines.splitlines(True), delimiter=";" if '";"' in lines else ","):
    if sys.argv[1] in [cell.lstrip("'") for cell in row[1:]]:
        print(row[0])
END
}

# ---- What the columns are taken for ------------------------------------------------------------
club='Gebruikersnaam;Naam;Voornaam;E-mailadres;Taal;Telefoon;Groupe;Date;Quota;Logo\n'
issue_list "${club}jdupont;Dupont;Jan;jan@club.be;NL;02;B12;1954-03-02;5 GB;x.png\n" --sheets groups
is 'a club list: done' '0 1 password issued into out' "$status $err"
is 'a club list: each column is said' 'user name Gebruikersnaam
name Voornaam + Naam
mail address E-mailadres
language Taal
quota Quota
{{groupe}} Groupe
left out Telefoon, Date (the sheet has the day of issue), Logo (the same for all: sheets.conf)' \
	"$columns"
is 'a club list: the names are joined, and the address is that of the list' \
	"Jan Dupont|jan@club.be|5${space}GB|B12" \
	"$(says jdupont name)|$(says jdupont mail)|$(says jdupont quota)|$(says jdupont group)"
like 'a club list: the date is that of the day' "$(date +%Y)" "$(says jdupont date)"
issue_list "${club}jdupont;Dupont;Jan;jan@club.be;NL;02;B12;1954-03-02;5 GB;x.png\n" --sheets groups --dry-run
is 'a dry run says the same' '7 nothing was issued' \
	"$(wc -l <<<"$columns") $(grep -o 'nothing was issued' <<<"$err")"
issue_list 'user,Groupe\na,x\n' --sheets groups --out-csv table.csv
like 'with a table, nothing is left out of it' '^{{groupe}} Groupe$' "$(tail -n 1 <<<"$columns")"
is 'without a column of addresses: where they come from' \
	'mail address none: the user name at example.org (unless it has an @)' \
	"$(grep '^mail' <<<"$columns")"
printf 'user,Quota,Groupe,Password\na,huge,x,\n' >list.csv
"$issue" --hash=sha512 --csv list.csv --out-csv other.csv >stdout 2>stderr
is 'a table alone: the other columns are for it, but not passwords' \
	'0 table only Quota, Groupe
left out Password (passwords are made here)' "$? $(tail -n +3 stderr | sed '/^  /!d; s/^  //; s/   */ /')"
issue_list 'user;Contact\njdupont;jan@club.be\na@b.be;x@y.be\npsmet;x\n'
is 'no address is made up where the list has one' \
	'1 the column "Contact" has a mail address: call it "mail" if it is that of the account, or take it out' \
	"$status $(refusal jdupont)"
is 'where it has none, or is in the user name' 'a@b.be psmet@example.org' \
	"$(says a@b.be mail) $(says psmet mail)"
sed 's/Contact/Adresse e-mail/' out/errors.csv >again.csv
issue_list "$(tr -d '\r' <again.csv | sed 's/$/\\n/')"
is 'with its name it is taken' '0 jan@club.be' "$status $(says jdupont mail)"
issue_list 'user;Recovery Email;FWD\njdupont;jan@example.net;jan@example.com\n'
is 'addresses that are known to be others' '0 jdupont@example.org' "$status $(says jdupont mail)"

# ---- The files of products ---------------------------------------------------------------------
# product WHAT USER NAME MAIL LIST
product() {
	issue_list "$5"
	is "$1" "0 $3|$4" "$status $(says "$2" name)|$(says "$2" mail)"
}
product 'Google Workspace' anna@club.be 'Anna Smet' anna@club.be \
	'First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Org Unit Path [Required],Recovery Email\nAnna,Smet,anna@club.be,,/,x@example.net\n'
product 'Microsoft 365, the older template' anna@club.be 'Anna S.' anna@club.be \
	'User Name,First Name,Last Name,Display Name,Job Title,Address\nanna@club.be,Anna,Smet,Anna S.,Chair,Rue Haute 1\n'
product 'Microsoft 365, the newer template' anna@club.be 'Anna S.' anna@club.be \
	'Username,First name,Last name,Display name,Alternate email address,Address\nanna@club.be,Anna,Smet,Anna S.,x@example.net,\n'
product 'Nextcloud' asmet 'Anna Smet' anna@club.be \
	'userid,displayname,email,quota,groups\nasmet,Anna Smet,anna@club.be,default,all\n'
is 'Nextcloud: the quota that is not its own' "100${space}MB" "$(says asmet quota)"
product 'cPanel' anna@club.be '' anna@club.be 'Email,Password,Quota\nanna@club.be,,250\n'
is 'cPanel: the quota' "250${space}MB" "$(says anna@club.be quota)"
product 'Plesk' anna@club.be '' anna@club.be 'Name,Mailbox,Quota\nanna@club.be,true,100M\n'
product 'LibreOffice, in quotation marks' asmet 'Anna "de" Smet' anna@club.be \
	'"Utilisateur","Nom complet","Adresse e-mail"\n"asmet","Anna ""de"" Smet","anna@club.be"\n'
product 'Excel: CSV UTF-8' asmet 'Élodie Öz' anna@club.be \
	"\357\273\277Nom d’utilisateur;Prénom;Nom;Adresse e-mail\r\nasmet;Élodie;Öz;anna@club.be\r\n"
product 'Excel: with a line for the delimiter' asmet 'Anna, Smet' anna@club.be \
	'sep=;\r\nuser;name;mail\r\nasmet;Anna, Smet;anna@club.be\r\n'
product 'tabs' asmet 'Anna' anna@club.be 'user\tname\tmail\nasmet\tAnna\tanna@club.be\n'
product 'vertical bars' asmet 'Anna' anna@club.be 'user|name|mail\nasmet|Anna|anna@club.be\n'
product 'line ends of an old Mac' asmet 'Anna' anna@club.be \
	'user,name,mail\rasmet,Anna,anna@club.be\r'
hestia='ACCOUNT,ALIAS,FWD,FWD_ONLY,AUTOREPLY,QUOTA,U_DISK,SUSPENDED,TIME,DATE\n'
issue_list "${hestia}info,,,no,no,unlimited,0,no,12:00:00,2023-05-01\nsales,,,no,no,1024,0,no,12:00:00,2023-05-01\n"
is 'HestiaCP: no limit, and one' "0 |1${space}GB" \
	"$status $(says info quota)|$(says sales quota)"
is 'HestiaCP: the date is not that of the account' 0 "$(grep -c 2023 out/info.txt)"
issue_list 'account;elodie@club.be;x;Elodie;Leger;True;all;elodie@club.be\n'
is 'Modoboa: no headings' \
	'2 list.csv:1: the first row names the columns, and has "elodie@club.be" in it: put a row such as user,name,mail in front' \
	"$status $err"
issue_list 'PK\003\004\024\000\006\000'
is 'a workbook' \
	'2 list.csv: is a workbook (.xlsx, .ods), not a list: open it in a spreadsheet, and save it as "CSV UTF-8"' \
	"$status $err"
issue_list 'user,Password\na,secret\nb,\n'
is 'a password in the list: only that row comes back, without it' \
	"1 the list has a password for it, and passwords are made here: empty that cell|0" \
	"$status $(refusal a)|$(cat out/* | grep -c secret)"
issue_list "$(tr -d '\r' <out/errors.csv | sed 's/$/\\n/')"
is 'and is issued from there' '0 a.txt' "$status $(ls out)"

# ---- Cells that set something ------------------------------------------------------------------
issue_list 'user,server,webmail,imaps_port,quota,organisation,domain\ninfo@one.be,mail.one.be,https://webmail.one.be/,1993,0,One,one.be\ninfo@two.be,,,,,\n' --setup
is 'settings of an account: done' 0 "$status"
is 'settings of an account: the sheet' 'mail.one.be, 1993|https://webmail.one.be/|' \
	"$(says info@one.be server)|$(says info@one.be webmail)|$(says info@one.be quota)"
is 'settings of an account: the set-up files say the same' '0 3 2' "$(
	cat out/info@one.be.*.xml out/info@one.be.mobileconfig | grep -c 'example.org\|Example') $(
	grep -c '<hostname>mail.one.be<' out/info@one.be.autoconfig.xml) $(
	grep -c '<string>mail.one.be<' out/info@one.be.mobileconfig)"
is 'an empty cell is the setting' "mail.example.org, 993|https://webmail.example.org/|100${space}MB" \
	"$(says info@two.be server)|$(says info@two.be webmail)|$(says info@two.be quota)"
issue_list 'user,domain\ninfo,two.be\nsales,\n'
is 'a domain of its own' 'info@two.be sales@example.org' "$(says info@two.be mail) $(says sales mail)"
issue_list 'user,webmail,imaps_port,server,quota\na,http://evil.example/,,,\nb,javascript:alert(1),,,\nc,,99999,,\nd,,,not a host!,\ne,,,,lots\nf,,,münchen.example,\ng,,,,-5\nh,,,,5.5 GB\n'
is 'what the setting refuses comes back' '1 8' "$status $(tail -n +2 out/errors.csv | wc -l)"
like 'a webmail without TLS' 'webmail: .*http://evil.example/.* is not an address that begins with https' \
	"$(refusal a)"
like 'a webmail that is a script' "webmail: .* is not an address" "$(refusal b)"
like 'a port' 'imaps_port: "99999" is not a whole number from 1 to 65535' "$(refusal c)"
like 'a server' 'server: "not a host!" is not a host name' "$(refusal d)"
like 'a quota' 'quota: "lots" is not a whole number' "$(refusal e)"
like 'an international server' 'as the DNS knows it, xn--mnchen-3ya.example' "$(refusal f)"
like 'less than nothing' 'quota: "-5" is not' "$(refusal g)"
like 'a part of a gigabyte' 'quota: "5.5 GB" is not' "$(refusal h)"
issue_list 'user,Quota\na,500M\nb,5 Go\nc,2TB\nd,Unlimited\ne,\n'
is 'sizes' "500${space}MB 5${space}GB 2048${space}GB  100${space}MB" \
	"$(says a quota) $(says b quota) $(says c quota) $(says d quota) $(says e quota)"

# ---- Addresses ---------------------------------------------------------------------------------
# None of these is one, neither in a column nor as a user name.
cat >none <<'END'
nowhere there is no @
jan@@club.be there is more than one @
jan@ there is no domain
@club.be there is nothing in front
*@club.be in front of the @ may be
jan;x@club.be in front of the @ may be
jan<x>@club.be in front of the @ may be
m@münchen.example write its domain as mail servers know it, xn--mnchen-3ya.example
END
issue_list "user,mail\\n$(cut -d ' ' -f 1 none | sed 's/.*/x&x,&\\n/' | tr -d '\n')"
is 'no addresses in a column: nothing is issued' '1 errors.csv' "$status $(ls out)"
while read -r address reason; do
	like "no address in a column: $address" "\"$address\" is no mail address: $reason" \
		"$(refusal "$address")"
done <none
issue_list "user\\n$(sed '1d; s/ .*/\\n/' none | tr -d '\n')"
is 'no addresses as user names: nothing is issued' '1 errors.csv' "$status $(ls out)"
while read -r address reason; do
	like "no address as a user name: $address" "\"$address\" is no mail address: $reason" \
		"$(refusal "$address")"
done < <(sed 1d none)
"$issue" --hash --out out --sheets sheets --mail jan@@club.be x >stdout 2>stderr
is 'no address on the command line' \
	'all2all-issue: --mail: "jan@@club.be" is no mail address: there is more than one @ in it' \
	"$(cat stderr)"
issue_list "user,mail\nl'info@club.be,\nx,s.o'brien@club.be\n"
is 'an apostrophe is no reason' "0 l'info@club.be s.o'brien@club.be" \
	"$status $(says "l'info@club.be" mail) $(says x mail)"
issue_list 'user\nélodie\n'
like 'an address that the domain would make is looked at too' \
	'"élodie@example.org" is no mail address: .*--mail or a column "mail" gives another' \
	"$(refusal élodie)"
issue_list 'user,mail\nélodie,elodie@club.be\n'
is 'with another one it is issued' '0 elodie@club.be' "$status $(says élodie mail)"

# ---- User names --------------------------------------------------------------------------------
issue_list 'user\nJan.Smet@Club.be\n'
like 'Dovecot finds the line in small letters' '^jan.smet@club.be:\{SHA512-CRYPT\}' "$(cat stdout)"
is 'and so the sheet' jan.smet@club.be.txt "$(ls out)"
cp list.csv first.csv
printf 'user\njan.smet@club.be\n' >list.csv
"$issue" --hash=sha512 --csv list.csv --out out --sheets sheets --format text >stdout 2>stderr
is 'it is the same account in small letters' 1 "$(grep -c '1 account already had a password' stderr)"
is 'with one sheet' jan.smet@club.be.txt "$(ls out)"
"$issue" --hash=bcrypt --csv list.csv --out out --sheets sheets --format text >stdout 2>stderr
is 'a hash of another scheme is no answer' '1 ' "$? $(cat stdout)"
like 'a hash of another scheme is said' 'is of another scheme than bcrypt: --again makes a new one' \
	"$(refusal jan.smet@club.be)"
rm -rf out
"$issue" --hash --out out --sheets sheets --format text Jan >stdout 2>stderr
is 'on the command line too' 'all2all-issue: out/jan.txt' "$(cat stderr)"
issue_list 'user,mail\no+tag@club.be,\nélodie@club.be,e@club.be\n#jan,\ngood.name-1_2@club.be,\n' --dry-run
is 'names that Dovecot refuses are said beforehand' \
	'warning: list.csv:2: o+tag@club.be: Dovecot refuses this user name unless its setting auth_username_chars has "+"
warning: list.csv:3: élodie@club.be: Dovecot refuses this user name unless its setting auth_username_chars has "é"
warning: list.csv:4: #jan: Dovecot refuses this user name unless its setting auth_username_chars has "#"' \
	"$(grep -a Dovecot <<<"$err")"

# ---- Rows --------------------------------------------------------------------------------------
issue_list 'user;name;mail;language\na;A\nb;B;b@club.be\nc;C;;fr;;;\n'
is 'rows without the empty cells at their end' '0 a b@club.be' "$status $(ls out | grep -o '^a') $(says b mail)"
issue_list 'user;name;Bureau\na;A;"Bureau\nÉtage 2"\nb;"B\nB";\n'
is 'a line break where nothing uses it' '1 A' "$status $(says a name)"
like 'a line break in a name' 'cell 2 has a line break in it: write it on one line' "$(cat out/errors.csv)"
issue_list 'user;name\na;"Jan\nb;Piet\nc;Klaas\nd;Joris\n'
is 'a quotation mark without an end: four accounts got none' \
	'1 0 passwords issued into out
4 accounts got none: out/errors.csv says why' "$status $err"
like 'a quotation mark without an end: which' \
	'cell 2 has no quotation mark at its end: the quotation mark in front of it takes in 3 more rows' \
	"$(cat out/errors.csv)"
issue_list 'sep=;\nuser;name\nus er;A\n'
is 'what comes back opens in a spreadsheet as the list did' 'sep=;' "$(head -n 1 out/errors.csv)"
issue_list "$(tr -d '\r' <out/errors.csv | sed 's/us er/user/; s/$/\\n/')"
is 'and is read again' '0 user.txt' "$status $(ls out)"
issue_list 'user,name\na,Ren\351\nb,B\n'
is 'a list that is not UTF-8' '1 b.txt errors.csv' "$status $(ls out | tr '\n' ' ' | sed 's/ $//')"

# ---- The time it takes -------------------------------------------------------------------------
{
	echo user
	seq -f 'many%g' 20
} >many.csv
# seen TERM: what a long run prints on such a terminal
seen() {
	rm -rf out
	TERM=$1 script -qec "'$issue' --hash=argon2id --jobs 1 --csv many.csv --out-csv many.$1.csv" \
		/dev/null </dev/null | tr '\r' '\n'
}
like 'a long run says how long' '^\[#+ +\] +[0-9]+ % [0-9]+ accounts?, [0-9 mins]+ left' "$(seen xterm)"
is 'a terminal that cannot draw a line again' 0 "$(seen dumb | grep -c left)"

echo "$done checks, $wrong not so"
[ $wrong = 0 ]
