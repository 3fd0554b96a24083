# SPDX-License-Identifier: BSD-3-Clause
# What the tests in shell expect, and how many of it was wrong: $done, $wrong. Sourced by bash.
wrong=0
done=0

# is WHAT WANTED GOT
is() {
	done=$((done + 1))
	[ "$2" = "$3" ] && return
	printf 'not so: %s\n  wanted: %q\n  got:    %q\n' "$1" "$2" "$3" >&2
	wrong=$((wrong + 1))
}

# like WHAT PATTERN GOT: an extended regular expression somewhere in it
like() {
	done=$((done + 1))
	grep -Eq -- "$2" <<<"$3" && return
	printf 'not so: %s\n  wanted: %s\n  got:    %q\n' "$1" "$2" "$3" >&2
	wrong=$((wrong + 1))
}
