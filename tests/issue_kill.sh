#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# all2all-issue ended at every step: no password is lost, none is on a sheet that does not open the
# account, and the same command goes on. With the real pam_unix, in a mount namespace whose /etc is
# not the machine's. Needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

. "$A2A_SOURCE/tests/own_etc.sh"
. "$A2A_SOURCE/tests/issue_stage.sh"

# step N COMMAND...: ends it at its N-th step, if it has so many; then its exit status is 137
step() {
	local at=$1
	shift
	A2A_KILL_AT=$at A2A_KILL_COUNT=$folder/steps LD_PRELOAD=$A2A_BUILD/tests/libkill_at.so "$@" \
		>"$folder/stdout" 2>"$folder/stderr"
}

# Every way of handing over, and all its steps.
# every_step WHAT CHECK OPTION...
every_step() {
	local what=$1 check=$2 at=0 code
	shift 2
	while :; do
		at=$((at + 1))
		set_the_stage
		# bash tells of a process that was killed.
		{ (step $at "$issue" "$@"); } 2>"$folder/shell"
		code=$?
		[ $code = 137 ] || break
		"$check"_between "$what, ended at step $at"
		cp "$folder/stderr" "$folder/stderr.killed"
		"$issue" "$@" >"$folder/stdout" 2>"$folder/stderr"
		is "$what, ended at step $at: the same command goes on" 0 $?
		"$check"_after "$what, ended at step $at"
		[ $wrong -lt 20 ] || break
	done
	is "$what: without an end in between" 0 $code
	"$check"_after "$what, to its end"
	is "$what: it was ended at many steps" yes "$([ $at -gt 25 ] && echo yes || echo "no: $at")"
	echo "$what: ended at each of $((at - 1)) steps"
}

# Whatever happened, each account can be opened by who holds the old password or one of the sheets.
sheets_between() {
	local user shown hidden
	for user in "${users[@]}"; do
		shown=$(passwords_in "$out/$user.txt")
		hidden=$(passwords_in "$out/.$user".*.new.txt)
		if opens "$user" "$old"; then
			is "$1: $user has the old password and no sheet" '' "$shown"
		elif [ "$shown" ]; then
			is "$1: the sheet of $user opens it" yes "$(yes_if opens "$user" "$shown")"
		else
			is "$1: the hidden sheet of $user opens it" yes \
				"$(yes_if opens_one_of "$user" $hidden)"
		fi
	done
}

sheets_after() {
	local user
	for user in "${users[@]}"; do
		is "$1: the sheet of $user opens it" yes \
			"$(yes_if opens "$user" "$(passwords_in "$out/$user.txt")")"
		is "$1: the old password of $user does not" no "$(yes_if opens "$user" "$old")"
	done
	is "$1: nothing is left but sheets and the journal" \
		"$(printf '%s\n' .all2all-issue.journal "${users[@]/%/.html}" "${users[@]/%/.txt}" |
			sort)" \
		"$(cd "$out" && ls -A | sort)"
	is "$1: no password is in the journal" '' \
		"$(passwords_in "$out"/*.txt | grep -F -f - "$out/.all2all-issue.journal")"
}

# in_table FILE USER: the password, if there is one
in_table() {
	[ -e "$1" ] && sed -n "s/^\"$2\",.*,\"\([^\"]*\)\"\r\$/\1/p" "$1"
}

table_between() {
	local user password
	is "$1: the table has its name only when it is complete" no \
		"$(yes_if eval "[ -e '$table' ] && [ -e '$out/.table.csv.part' ]")"
	for user in "${users[@]}"; do
		opens "$user" "$old" && continue
		password=$(in_table "$out/.table.csv.part" "$user" || in_table "$table" "$user")
		[ "$password" ] || password=$(in_table "$table" "$user")
		is "$1: the row of $user opens it" yes "$(yes_if opens_one_of "$user" $password)"
	done
}

table_after() {
	local user
	is "$1: a header and a row for each" $((${#users[@]} + 1)) "$(wc -l <"$table")"
	for user in "${users[@]}"; do
		is "$1: the row of $user opens it" yes \
			"$(yes_if opens "$user" "$(in_table "$table" "$user")")"
		is "$1: the old password of $user does not" no "$(yes_if opens "$user" "$old")"
	done
	is "$1: nothing is left but table and journal" '.table.csv.journal table.csv ' \
		"$(cd "$out" && ls -A | sort | tr '\n' ' ')"
}

# Of hashes, all lines are there after the second run, and the sheets fit to them.
hashes_between() {
	:
}

hashes_after() {
	local user
	is "$1: a line for each" ${#users[@]} "$(wc -l <"$folder/stdout")"
	for user in "${users[@]}"; do
		is "$1: the line of $user fits to the sheet" yes "$(yes_if fits \
			"$(sed -n "s/^$user:{CRYPT}//p" "$folder/stdout")" \
			"$(passwords_in "$out/$user.txt")")"
	done
}

every_step 'sheets' sheets --csv "$list" --sheets "$sheets" --format text,html --out "$out"
every_step 'a table' table --csv "$list" --out-csv "$table"
every_step 'hashes' hashes --csv "$list" --sheets "$sheets" --format text --hash --out "$out"

echo "$done checks, $wrong not so"
[ $wrong = 0 ]
