#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Runs all2all-issue on a disk that is full or broken for one step, or from any step on: an account
# with the old password has no sheet; a new password is on a sheet, in a row, or in a hidden file;
# and the same command resumes. Uses the real pam_unix, in a mount namespace whose /etc is not the
# machine's. Needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

. "$A2A_SOURCE/tests/lib/own_etc.sh"
. "$A2A_SOURCE/tests/issue/issue_stage.sh"
. "$A2A_SOURCE/tests/issue/issue_state.sh"

EIO=5 ENOSPC=28

# step N ERROR ON COMMAND...: its N-th step fails; its exit status is 98 when there are fewer
step() {
	local at=$1 with=$2 on=$3
	shift 3
	env A2A_FAIL_AT=$at A2A_FAIL_WITH=$with ${on:+A2A_FAIL_ON=1} \
		LD_PRELOAD=$A2A_BUILD/tests/libfail_at.so "$@" >"$folder/stdout" 2>"$folder/stderr"
}

# A run that could not finish says why, and does not exit with 0.
told() {
	is "$1: the status tells of it, or all is well" yes "$(yes_if \
		[ "$2" = 2 -o "$2" = 1 -o "$2" = 0 ])"
	[ "$2" = 0 ] || is "$1: it says why" yes "$(yes_if [ -s "$folder/stderr" ])"
	[ "$2" != 99 ] || cat "$folder/stderr"
}

# After a single failure, the hidden files of a password that was not set are removed.
nothing_hidden() {
	local user
	for user in "${users[@]}"; do
		! opens "$user" "$old" || is "$1: $user has the old password, and no hidden sheet" '' \
			"$(cd "$out" 2>/dev/null && ls -A | grep "^\.$user\.")"
	done
}

# every_step WHAT CHECK ERROR ON OPTION...
every_step() {
	local what=$1 check=$2 error=$3 on=$4 at=0 code
	shift 4
	while :; do
		at=$((at + 1))
		set_the_stage
		[ "$check" = table ] || rmdir "$out"
		step $at "$error" "$on" "$issue" "$@"
		code=$?
		[ $code != 98 ] || break
		told "$what, step $at" $code
		[ $code != 0 ] || "$check"_after "$what, step $at, which did no harm"
		"$check"_between "$what, step $at"
		[ "$on" ] || [ "$check" = hashes ] || nothing_hidden "$what, step $at"
		# The table is complete without some accounts, which go into another table.
		if [ -e "$table" ] && [ "$(wc -l <"$table")" -lt $((${#users[@]} + 1)) ]; then
			mv "$table" "$table.first"
		fi
		"$issue" "$@" >"$folder/stdout" 2>"$folder/stderr"
		is "$what, step $at: the same command goes on" 0 $?
		"$check"_after "$what, step $at"
		[ $wrong -lt 20 ] || break
	done
	is "$what: many steps failed" yes "$([ $at -gt 25 ] && echo yes || echo "no: $at")"
	echo "$what: each of $((at - 1)) steps failed"
}

for on in '' on; do
	every_step "sheets, no space${on:+ from there on}" sheets $ENOSPC "$on" --csv "$list" \
		--sheets "$sheets" --format text,html --out "$out"
	every_step "a table, broken${on:+ from there on}" table $EIO "$on" --csv "$list" \
		--out-csv "$table"
	every_step "hashes, broken${on:+ from there on}" hashes $EIO "$on" --csv "$list" \
		--sheets "$sheets" --format text --hash --out "$out"
	every_step "both, broken${on:+ from there on}" both $EIO "$on" --csv "$list" \
		--sheets "$sheets" --format text --out "$out" --out-csv "$table"
done

# Nothing fails, and one row is refused: the file of errors too is synced before it gets its name.
set_the_stage
{
	cat "$list"
	echo 'nobody-there,Nobody,en'
} >"$folder/more.csv"
step 100000 $EIO '' "$issue" --csv "$folder/more.csv" --sheets "$sheets" --format text \
	--out "$out" --out-csv "$table"
is 'nothing fails: to the end, and each file was on the disk before it got its name' 98 $?
like 'nothing fails: one comes back' 'nobody-there' "$(cat "$out/errors.csv")"

echo "$done checks, $wrong not so"
[ $wrong = 0 ]
