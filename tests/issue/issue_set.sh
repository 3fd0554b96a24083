#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# all2all-issue sets passwords through PAM: the real pam_unix and /etc/shadow, in a mount namespace
# whose /etc is not the machine's. Needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

. "$A2A_SOURCE/tests/lib/own_etc.sh"
. "$A2A_SOURCE/tests/issue/issue_stage.sh"

# run ARGUMENT...: its status in $status, what it says in $said
run() {
	"$issue" "$@" >"$folder/stdout" 2>"$folder/stderr" </dev/null
	status=$?
	said=$(sed '/: the columns are taken for$/d; /^  [^ ].*  /d; s/^all2all-issue: //' "$folder/stderr")
}

# shadow USER FIELD
shadow() {
	sed -n "s/^$1://p" /etc/shadow | cut -d : -f "$2"
}

# ---- Refused accounts ------------------------------------------------------------------------
set_the_stage
run --out "$out" --sheets "$sheets" --format text root nobody-there a2aone
is 'some are refused: status' 1 "$status"
like 'an account of the system' '^root: it is an account of the system \(uid 0\)' "$said"
like 'no such user' '^nobody-there: there is no such user$' "$said"
is 'the others have theirs' yes "$(yes_if opens a2aone "$(passwords_in "$out/a2aone.txt")")"
is 'no sheets but theirs' 'a2aone.txt ' "$(cd "$out" && echo *.txt) "
run --service none-such --out "$out" --sheets "$sheets" a2aone
like 'no such service' 'none-such: there is no PAM service of this name' "$said"
is 'the name of the GECOS field is on the sheet' 1 "$(grep -c 'name: Marie Delvaux' "$out/a2aone.txt")"

# ---- A module that says no -------------------------------------------------------------------
set_the_stage
printf '%s\n' 'password requisite pam_succeed_if.so quiet user != a2atwo' \
	'password required pam_unix.so sha512 rounds=1000' >/etc/pam.d/a2apicky
run --service a2apicky --csv "$list" --sheets "$sheets" --format text --out "$out" --out-csv "$table"
is 'a module says no to one: status' 1 "$status"
is 'a module says no to one: it has its old password' yes "$(yes_if opens a2atwo "$old")"
is 'a module says no to one: no sheet, no hidden one either' \
	'.all2all-issue.journal a2aone.txt a2athree.txt errors.csv table.csv ' \
	"$(cd "$out" && ls -A | tr '\n' ' ')"
is 'a module says no to one: the table has the others' 'user a2aone a2athree ' \
	"$(tr -d '\r"' <"$table" | cut -d , -f 1 | tr '\n' ' ')"
like 'a module says no to one: why' 'its password is as it was' "$(cat "$out/errors.csv")"
run --csv "$list" --sheets "$sheets" --format text --out "$out"
is 'mended: the others are left alone, this one gets his' '0 1 password issued' \
	"$status $(grep -o '1 password issued' <<<"$said")"
is 'mended: it works' yes "$(yes_if opens a2atwo "$(passwords_in "$out/a2atwo.txt")")"
is 'mended: no errors are left' no "$(yes_if [ -e "$out/errors.csv" ])"

# The first account is refused, and there is only a table: it has its header all the same.
set_the_stage
sed -i 's/a2atwo/a2aone/' /etc/pam.d/a2apicky
run --service a2apicky --csv "$list" --out-csv "$table"
is 'a module says no to the first: the table has a header, and the others' \
	'user a2atwo a2athree ' "$(tr -d '\r"' <"$table" | cut -d , -f 1 | tr '\n' ' ')"

# The stack sets the password, and fails in a later module.
printf '%s\n' 'password required pam_unix.so sha512 rounds=1000' \
	'password required pam_exec.so quiet /bin/false' >/etc/pam.d/a2alate
set_the_stage
run --service a2alate --out "$out" --sheets "$sheets" --format text a2aone
is 'a stack that fails behind pam_unix: status' 1 "$status"
like 'a stack that fails behind pam_unix: it is told' \
	'a2aone: the password is issued, but a module of the service failed behind that' "$said"
is 'a stack that fails behind pam_unix: the sheet opens the account' yes \
	"$(yes_if opens a2aone "$(passwords_in "$out/a2aone.txt")")"

# A module's message is harmless on the terminal and in the cell of errors.csv.
loud="$folder/bin/"$'a\033\303'
printf '#!/bin/sh\nexit 1\n' >"$loud"
chmod 755 "$loud"
printf '%s\n' "password requisite pam_exec.so $loud" 'password required pam_unix.so' \
	>/etc/pam.d/a2aloud
set_the_stage
run --service a2aloud --csv "$list" --sheets "$sheets" --format text --out "$out"
like 'a module that says much: no control character' 'its password is as it was: .*/a\?\? failed' \
	"$(cat "$out/errors.csv")"
run --csv "$out/errors.csv" --sheets "$sheets" --format text --out "$out"
is 'what came back, as it is: a list, and it is done' "0 3 passwords issued into $out no" \
	"$status $said $(yes_if [ -e "$out/errors.csv" ])"

# A stack that asks for something else does not get the password as an answer.
printf 'password required pam_unix.so\nauth required pam_unix.so\n' >/etc/pam.d/a2aother
printf '%s\n' 'password requisite pam_exec.so quiet /bin/false' >/etc/pam.d/a2abroken
set_the_stage
run --service a2abroken --out "$out" --sheets "$sheets" --format text a2aone
is 'a broken stack: status, no sheet, the old password' '1 no yes' \
	"$status $(yes_if [ -e "$out/a2aone.txt" ]) $(yes_if opens a2aone "$old")"

# pam_all2all in the stack accepts a password that was generated under its policy.
cp "$A2A_BUILD/pam_all2all/pam_all2all.so" "$folder/bin"
ln -sfn "$A2A_BUILD" "$folder/build"
cp "$A2A_BUILD/dict/words/lexicon" "$folder/lexicon"
sed "s|= $A2A_BUILD|= $folder/build|; s|^lexicon .*|lexicon = $folder/lexicon|" \
	"$A2A_BUILD/uninstalled.conf" >/etc/security/all2all.conf
chmod 644 /etc/security/all2all.conf
printf '%s\n' "password requisite $folder/bin/pam_all2all.so" \
	'password required pam_unix.so use_authtok sha512 rounds=1000' >/etc/pam.d/a2apolicy
set_the_stage
run --service a2apolicy --csv "$list" --sheets "$sheets" --format text --out "$out"
is 'with pam_all2all in the stack: done' "0 3 passwords issued into $out" "$status $said"

# ---- A change at the next login --------------------------------------------------------------
set_the_stage
run --force-change --out "$out" --sheets "$sheets" --format text a2aone
is '--force-change: as chage -d 0' '0 0' "$status $(shadow a2aone 2)"
is '--force-change: and the password works' yes \
	"$(yes_if opens a2aone "$(passwords_in "$out/a2aone.txt")")"

printf '#!/bin/sh\nexit 1\n' >"$folder/bin/chage"
chmod 755 "$folder/bin/chage"
mount --bind "$folder/bin/chage" /usr/bin/chage
set_the_stage
run --force-change --csv "$list" --out "$out" --sheets "$sheets" --format text
umount /usr/bin/chage
is '--force-change that fails: status' 1 "$status"
is '--force-change that fails: each is told' 3 \
	"$(grep -c 'the password is issued, but no change is forced' <<<"$said")"
is '--force-change that fails: nobody is said to have none' 0 "$(grep -c 'got none' <<<"$said")"
is '--force-change that fails: the sheet opens the account' yes \
	"$(yes_if opens a2aone "$(passwords_in "$out/a2aone.txt")")"

# ---- On the terminal -------------------------------------------------------------------------
set_the_stage
# Quotes for a shell within a shell. It needs no settings of sheets, for it makes none.
script -qec "stty cols 60; '$issue' --show --lang fr a2aone" /dev/null >"$folder/terminal" 2>&1 \
	</dev/null
tr -d '\r' <"$folder/terminal" >"$folder/shown"
shown=$(sed -n 's/^Password   //p' "$folder/shown")
is '--show: the password on it works' yes "$(yes_if opens a2aone "$shown")"
is '--show: user, password and spelling, each once, and nothing else' 'User name  a2aone
Password
Spelled' "$(sed '/^ /d; s/^\(Password\|Spelled\) .*/\1/' "$folder/shown")"
is '--show: a name for each character, in lines that end between two of them' \
	"$(printf %s "$shown" | wc -c) 0" \
	"$(sed -n '/^Spelled/,$s/^Spelled *//p; /^ /p' "$folder/shown" | grep -o '[^ ,][^,]*' |
		wc -l) $(grep -c 'majuscule$' "$folder/shown")"
is '--show: no line is too long' 0 "$(LC_ALL=C.UTF-8 grep -cE '.{61}' "$folder/shown")"
is '--show: nothing is written' '' "$(ls -A "$out")"

# ---- Two at once -----------------------------------------------------------------------------
# Two runs have the same accounts and two folders: the later run wins, and nothing is mixed up.
for turn in 1 2 3 4 5; do
	set_the_stage
	mkdir "$out/one" "$out/two"
	"$issue" --csv "$list" --sheets "$sheets" --format text --out "$out/one" 2>/dev/null &
	"$issue" --csv "$list" --sheets "$sheets" --format text --out "$out/two" 2>/dev/null &
	wait
	for user in "${users[@]}"; do
		is "two at once, turn $turn: one sheet of $user opens it" yes "$(yes_if opens_one_of \
			"$user" $(passwords_in "$out"/{one,two}/"$user.txt"))"
	done
done
# Two runs have one folder: the second run waits, and finds everything done.
set_the_stage
"$issue" --csv "$list" --sheets "$sheets" --format text --out "$out" 2>"$folder/first" &
"$issue" --csv "$list" --sheets "$sheets" --format text --out "$out" 2>"$folder/second"
wait
is 'two at once in one folder: each account once' "3 passwords issued
3 accounts already had a password from an earlier run" \
	"$(cat "$folder/first" "$folder/second" | grep -Eo '3 (passwords issued|accounts already had a password from an earlier run)' | sort -r)"
for user in "${users[@]}"; do
	is "two at once in one folder: the sheet of $user opens it" yes \
		"$(yes_if opens "$user" "$(passwords_in "$out/$user.txt")")"
done

# ---- Stopped by hand -------------------------------------------------------------------------
# A module is slow, and the signal arrives while it runs.
printf '%s\n' 'password required pam_exec.so quiet /bin/sleep 1' \
	'password required pam_unix.so sha512 rounds=1000' >/etc/pam.d/a2aslow
# stop_when COMMAND...: ends the last process in the background as soon as the command succeeds
stop_when() {
	local tries=0
	until "$@" || [ $tries = 600 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	kill -TERM $!
	wait $!
}
set_the_stage
"$issue" --service a2aslow --csv "$list" --sheets "$sheets" --format text --out "$out" \
	2>"$folder/stderr" &
# The first sheet is put down: its password is being set.
stop_when eval "[ -s '$out'/.a2aone.*.new.txt ]"
is 'a signal: status' 2 $?
like 'a signal: what it says' 'stopped after [12] accounts' "$(cat "$folder/stderr")"
like 'a signal: how to resume' 'run the same command again to resume' "$(cat "$folder/stderr")"
for user in "${users[@]}"; do
	is "a signal: $user has its sheet or the old password" yes "$(yes_if opens "$user" \
		"$(cat "$out/$user.txt" 2>/dev/null | passwords_in /dev/stdin | grep . || echo "$old")")"
done
run --csv "$list" --sheets "$sheets" --format text --out "$out"
is 'a signal: the rest' "0 $(ls "$out"/*.txt | wc -l)" "$status 3"

# ---- Tables that were begun ------------------------------------------------------------------
# The header and a row are put down: its password is being set.
has_a_row() {
	[ "$(wc -l <"$out/.table.csv.part")" = 2 ]
}
# begin_table ARGUMENT...: starts a run into the table, and stops it after the first account
begin_table() {
	set_the_stage
	"$issue" --service a2aslow --out-csv "$table" "$@" 2>"$folder/stderr" &
	stop_when has_a_row 2>/dev/null
	is 'a table that is begun: it has no name yet' '.table.csv.journal .table.csv.part ' \
		"$(cd "$out" && ls -A | tr '\n' ' ')"
}
# Checks the number of rows of each account, and whether they open it.
rows_open() {
	local user
	for user; do
		is "$what: the row of $user opens it, and is the only one" '1 yes' \
			"$(grep -c "^\"$user\"" "$table") $(yes_if opens "$user" "$(sed -n \
				"s/^\"$user\",.*,\"\([^\"]*\)\"\r\$/\1/p" "$table")")"
	done
}
begin_table --csv "$list"
run --csv "$list" --out-csv "$table" --again
is '--again, and a table is begun: not now' 2 "$status"
like '--again, and a table is begun: what to do' 'the same command without --again does' "$said"
run --csv "$list" --sheets "$sheets" --out-csv "$out/other.csv"
is 'another table in the same folder: that is none of this one' 0 "$status"
what='--again was refused'
set_the_stage
begin_table --csv "$list"
run --csv "$list" --out-csv "$table"
rows_open "${users[@]}"

what='names once more'
begin_table a2aone a2atwo
run --out-csv "$table" a2aone a2atwo
is "$what: done" 0 "$status"
rows_open a2aone a2atwo

# A row in an earlier table does not count for this one.
begin_table a2atwo a2athree
run --out-csv "$table" a2atwo a2athree
mv "$table" "$out/earlier"
"$issue" --service a2aslow --out-csv "$table" a2aone a2atwo 2>"$folder/stderr" &
stop_when has_a_row 2>/dev/null
run --out-csv "$table" a2aone a2atwo
what='names that were in an earlier table'
rows_open a2aone a2atwo

begin_table --csv "$list"
: >"$out/.table.csv.part"
run --csv "$list" --out-csv "$table"
like 'rows that are missing: it is told' 'rows of an earlier run are missing in .table.csv.part' "$said"

begin_table --csv "$list"
mv "$out/.table.csv.part" "$out/moved"
run --csv "$list" --out-csv "$table"
is 'moved away: the others are done' "0 3" "$status $(wc -l <"$table")"

# The last row was written, and the journal does not know whether its password was set.
begin_table --csv "$list"
printf '"a2atwo","Jan Peeters","nl","nobodyknows"\r\n' >>"$out/.table.csv.part"
cp -a "$out" "$folder/before"
run --csv "$list" --out-csv "$table"
like 'a row that was not finished: it is told' \
	'a2atwo: an earlier run was interrupted at this account; it has a new password' "$said"
what='a row that was not finished'
rows_open "${users[@]}"
rm -rf "$out" && mv "$folder/before" "$out"
grep -v a2atwo "$list" >"$folder/others.csv"
run --csv "$folder/others.csv" --out-csv "$table"
like 'a row that was not finished, of whom the list has no more: it is told' \
	'a2atwo: .* so issue another one' "$said"

# An unfinished sheet of an account named on the command line matters for a list too.
set_the_stage
run --csv "$list" --sheets "$sheets" --format text --out "$out"
printf 'password:\n\n    nobodyknows\n' >"$out/.a2atwo.0123456789abcdef.new.txt"
sed -i '/^a2atwo:/d' /etc/shadow
echo "a2atwo:$hash:19000:0:99999:7:::" >>/etc/shadow
run --csv "$list" --sheets "$sheets" --format text --out "$out"
like 'a hidden sheet of somebody who has one: it is told' \
	'a2atwo: an earlier run was interrupted at this account; it has a new password' "$said"
is 'a hidden sheet of somebody who has one: the new one opens it' yes \
	"$(yes_if opens a2atwo "$(passwords_in "$out/a2atwo.txt")")"

echo "$done checks, $wrong not so"
[ $wrong = 0 ]
