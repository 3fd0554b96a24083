# SPDX-License-Identifier: BSD-3-Clause
# For the scripts of tests/trust and tests/foreign.sh, which source this: where things are, and
# one line for each test. A script sets `suite` before, and calls finish at its end. POSIX shell.
: "${A2A_SOURCE:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${A2A_BUILD:=$A2A_SOURCE/build}"
: "${A2A_PACKAGE_ROOT:=$A2A_SOURCE/.cache/packages}"
export A2A_SOURCE A2A_BUILD A2A_PACKAGE_ROOT
passed=0 failed=0 skipped=0
begun=$(date +%s)

# Each of these three prints a test's line and counts it; the time is that since the line before.
ok() {
	now=$(date +%s)
	passed=$((passed + 1))
	printf 'ok    %s  %s (%s s)\n' "$suite" "$*" $((now - begun))
	begun=$now
}

fail() {
	failed=$((failed + 1))
	begun=$(date +%s)
	printf 'FAIL  %s  %s\n' "$suite" "$*"
}

skip() {
	skipped=$((skipped + 1))
	printf 'skip  %s  %s\n' "$suite" "$*"
}

# Prints the sums, and ends with status 0 if nothing failed.
finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ]
	exit
}
