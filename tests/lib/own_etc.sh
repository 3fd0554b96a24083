# SPDX-License-Identifier: BSD-3-Clause
# For tests that write into /etc. A test sources this file first, with its own arguments. The file
# runs the test again in a new mount namespace, with the argument "inside"; there the test mounts an
# /etc of its own. Exits with 77 when that is not possible. POSIX shell.

# skip REASON: ends the test, which Meson then shows as skipped
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
# Somebody may have typed "inside". Without the new namespace, the test would write into the
# machine's own /etc.
[ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/$PPID/ns/mnt)" ] ||
	skip "this is not a mount namespace of our own"
