#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Desktops change a password through passwd(1): see front_ends.py. Runs the real passwd(1) with an
# /etc of its own, as test_pam_unix.sh does. Needs root; without it, the test is skipped (77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"

user=a2apeeters
uid=54321
first=p4wzt8nqk2
second=k7mvtq2xr9

. "$A2A_SOURCE/tests/lib/own_etc.sh"
[ -x /usr/bin/passwd ] || skip "there is no passwd(1)"
command -v python3 >/dev/null || skip "there is no python3"

folder=$(mktemp -d "${TMPDIR:-/tmp}/front_ends.XXXXXX") || exit 1
finish() {
	umount /etc 2>/dev/null
	umount "$folder" 2>/dev/null
	rmdir "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
mount -t tmpfs -o mode=755 all2all "$folder" || skip "no tmpfs can be mounted here"
cp -a /etc "$folder/etc" && mount --bind "$folder/etc" /etc || exit 1
# All that follows writes to /etc, so be sure that it is not the machine's.
[ "$(stat -c %d /etc)" = "$(stat -c %d "$folder")" ] || exit 1

printf 'passwd: files\nshadow: files\ngroup: files\n' >/etc/nsswitch.conf
echo "$user:x:$uid:$uid:Marie Delvaux,,,:/nonexistent:/bin/sh" >>/etc/passwd
echo "$user:x:$uid:" >>/etc/group
echo "$user:!:19000:0:99999:7:::" >>/etc/shadow
printf 'password required pam_unix.so sha512\n' >/etc/pam.d/a2areset
printf '%s\n%s\n' $first $first |
	"$A2A_BUILD/tests/pam_drive" - a2areset $user chauthtok >"$folder/output" || {
	cat "$folder/output"
	exit 1
}

# A PAM line cannot have a path with spaces, and the path of the tree may have some.
ln -s "$A2A_BUILD" "$folder/build"
module="$folder/build/pam_all2all/pam_all2all.so conf=$folder/build/uninstalled.conf"
python3 "$A2A_SOURCE/tests/pam_all2all/front_ends.py" $uid $first $second /etc/pam.d/passwd \
	"password requisite $module retry=3 @ARGUMENTS@
password required pam_unix.so use_authtok nodelay sha512
account required pam_permit.so
auth required pam_permit.so
"
