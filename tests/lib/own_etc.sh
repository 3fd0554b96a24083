# SPDX-License-Identifier: BSD-3-Clause
# For tests that write into /etc: sourced first, with the test's own arguments, it runs the test
# again in a mount namespace of its own, with the argument "inside". Nothing is mounted there yet.
# POSIX shell.

# skip REASON: ends the test as one that was not run, to Meson
skip() {
	echo "not run: $*"
	exit 77
}

if [ "${1-}" != inside ]; then
	[ "$(id -u)" = 0 ] || skip "only root can have an /etc of its own"
	command -v unshare >/dev/null || skip "there is no unshare (util-linux)"
	unshare --mount --propagation private true 2>/dev/null ||
		skip "no mount namespace can be had here (a container without CAP_SYS_ADMIN?)"
	exec unshare --mount --propagation private "$0" inside
fi
# Whoever says "inside" by hand is not: then this would be the machine's own /etc.
[ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/$PPID/ns/mnt)" ] ||
	skip "this is not a mount namespace of our own"
