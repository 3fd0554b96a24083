# SPDX-License-Identifier: BSD-3-Clause
# Assertions for tests in bash, which source this file. $done counts them, $wrong those that failed;
# a failed one is described on standard error, and the test goes on. A test ends with:
#   echo "$done checks, $wrong wrong"
#   [ "$wrong" = 0 ]
wrong=0
done=0

# is WHAT WANTED GOT: the two texts are equal
is() {
	done=$((done + 1))
	[ "$2" = "$3" ] && return
	printf 'not so: %s\n  wanted: %q\n  got:    %q\n' "$1" "$2" "$3" >&2
	wrong=$((wrong + 1))
}

# like WHAT PATTERN GOT: a line of the text matches the extended regular expression
like() {
	done=$((done + 1))
	grep -Eq -- "$2" <<<"$3" && return
	printf 'not so: %s\n  wanted: %s\n  got:    %q\n' "$1" "$2" "$3" >&2
	wrong=$((wrong + 1))
}
