#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Kills all2all-issue at every step: no password is lost, no sheet has a password that does not open
# the account, and the same command resumes. Uses the real pam_unix, in a mount namespace whose /etc
# is not the machine's. Needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

. "$A2A_SOURCE/tests/lib/own_etc.sh"
. "$A2A_SOURCE/tests/issue/issue_stage.sh"
. "$A2A_SOURCE/tests/issue/issue_state.sh"

# step N COMMAND...: kills it at its N-th step, if it has that many; the exit status is then 137
step() {
	local at=$1
	shift
	A2A_KILL_AT=$at A2A_KILL_COUNT=$folder/steps LD_PRELOAD=$A2A_BUILD/tests/libkill_at.so "$@" \
		>"$folder/stdout" 2>"$folder/stderr"
}

# every_step WHAT CHECK OPTION...: kills every step of one way of handing over
every_step() {
	local what=$1 check=$2 at=0 code
	shift 2
	while :; do
		at=$((at + 1))
		set_the_stage
		# bash reports a process that was killed.
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

every_step 'sheets' sheets --csv "$list" --sheets "$sheets" --format text,html --out "$out"
every_step 'a table' table --csv "$list" --out-csv "$table"
every_step 'hashes' hashes --csv "$list" --sheets "$sheets" --format text --hash --out "$out"
every_step 'both' both --csv "$list" --sheets "$sheets" --format text --out "$out" --out-csv "$table"

echo "$done checks, $wrong not so"
[ $wrong = 0 ]
