#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# all2all-issue sets passwords through PAM: the real pam_unix and /etc/shadow, in a mount namespace
# whose /etc is not the machine's. Needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

. "$A2A_SOURCE/tests/own_etc.sh"
. "$A2A_SOURCE/tests/issue_stage.sh"

# run ARGUMENT...: its status in $status, what it says in $said
run() {
	"$issue" "$@" >"$folder/stdout" 2>"$folder/stderr" </dev/null
	status=$?
	said=$(sed 's/^all2all-issue: //' "$folder/stderr")
}

# shadow USER FIELD
shadow() {
	sed -n "s/^$1://p" /etc/shadow | cut -d : -f "$2"
}

# ---- Who is refused --------------------------------------------------------------------------
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

# A stack that asks for something else gets no password for an answer.
printf 'password required pam_unix.so\nauth required pam_unix.so\n' >/etc/pam.d/a2aother
printf '%s\n' 'password requisite pam_exec.so quiet /bin/false' >/etc/pam.d/a2abroken
set_the_stage
run --service a2abroken --out "$out" --sheets "$sheets" --format text a2aone
is 'a broken stack: status, no sheet, the old password' '1 no yes' \
	"$status $(yes_if [ -e "$out/a2aone.txt" ]) $(yes_if opens a2aone "$old")"

# The house's own module in the stack takes what was made under its policy.
cp "$A2A_BUILD/pam_all2all/pam_all2all.so" "$folder/bin"
ln -sfn "$A2A_BUILD" "$folder/build"
cp "$A2A_BUILD/dict/lexicon" "$folder/lexicon"
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

# ---- On the terminal -------------------------------------------------------------------------
set_the_stage
# Quotes for a shell within a shell.
script -qec "'$issue' --show --sheets '$sheets' a2aone" /dev/null >"$folder/terminal" 2>&1 </dev/null
tr -d '\r' <"$folder/terminal" >"$folder/shown"
is '--show: the password on it works' yes "$(yes_if opens a2aone "$(passwords_in "$folder/shown")")"
is '--show: once' 1 "$(grep -cF "$(passwords_in "$folder/shown")" "$folder/shown")"
is '--show: nothing is written' '' "$(ls -A "$out")"

# ---- Two at once -----------------------------------------------------------------------------
# Into two folders, the same accounts: whoever is later has the last word, and nothing is mixed up.
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
# Into one folder: the second waits, and finds everything done.
set_the_stage
"$issue" --csv "$list" --sheets "$sheets" --format text --out "$out" 2>"$folder/first" &
"$issue" --csv "$list" --sheets "$sheets" --format text --out "$out" 2>"$folder/second"
wait
is 'two at once in one folder: each account once' "3 passwords issued
3 accounts had a password from before" \
	"$(cat "$folder/first" "$folder/second" | grep -Eo '3 (passwords issued|accounts had a password from before)' | sort -r)"
for user in "${users[@]}"; do
	is "two at once in one folder: the sheet of $user opens it" yes \
		"$(yes_if opens "$user" "$(passwords_in "$out/$user.txt")")"
done

# ---- Stopped by hand -------------------------------------------------------------------------
# A module that takes its time; the signal comes while it does.
printf '%s\n' 'password required pam_exec.so quiet /bin/sleep 1' \
	'password required pam_unix.so sha512 rounds=1000' >/etc/pam.d/a2aslow
set_the_stage
"$issue" --service a2aslow --csv "$list" --sheets "$sheets" --format text --out "$out" \
	2>"$folder/stderr" &
sleep 1.5
kill -TERM $!
wait $!
is 'a signal: status' 2 $?
like 'a signal: what it says' 'stopped after [12] accounts' "$(cat "$folder/stderr")"
like 'a signal: how it goes on' 'the same command goes on from here' "$(cat "$folder/stderr")"
for user in "${users[@]}"; do
	is "a signal: $user has its sheet or the old password" yes "$(yes_if opens "$user" \
		"$(cat "$out/$user.txt" 2>/dev/null | passwords_in /dev/stdin | grep . || echo "$old")")"
done
run --csv "$list" --sheets "$sheets" --format text --out "$out"
is 'a signal: the rest' "0 $(ls "$out"/*.txt | wc -l)" "$status 3"

echo "$done checks, $wrong not so"
[ $wrong = 0 ]
