#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The module in stacks with the modules that store passwords, before and after them, with a real
# account, the real passwd(1) and chpasswd(8), and /etc/shadow. A password that is refused changes
# nothing. One that is accepted replaces the old one.
#
# The test runs in a mount namespace of its own, where /etc is a copy, so that it never touches the
# machine's files. That needs root; without it, the test is skipped (status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"

user=a2apeeters
first=p4wzt8nqk2
second=k7mvtq2xr9
third=w8kzt3vqm5xd
weak=Wachtwoord1
person=7Delvaux9
uid=54321

# ---- A private /etc --------------------------------------------------------------------------
. "$A2A_SOURCE/tests/lib/own_etc.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/test_pam_unix.XXXXXX") || exit 1
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
rm -f /etc/security/opasswd
mkdir -p /etc/security

# ---- The tools -------------------------------------------------------------------------------
drive=$A2A_BUILD/tests/pam_drive
# A PAM line cannot have a path with spaces, and the path of the tree may have some.
ln -s "$A2A_BUILD" "$folder/build"
ours="$folder/build/pam_all2all/pam_all2all.so conf=$folder/build/uninstalled.conf"
failures=0
output=$folder/output

# check NAME EXPECTED ACTUAL: the two texts are equal
check() {
	[ "$2" = "$3" ] && return
	echo "FAILED: $stack: $1: \"$3\" where \"$2\" was expected"
	sed 's/^/    /' "$output"
	failures=$((failures + 1))
}

shadow() {
	grep "^$user:" /etc/shadow
}

# mark_of HASH: prints its method by crypt(5), between the first two $
mark_of() {
	case $1 in
	yescrypt) echo y ;;
	sha512) echo 6 ;;
	esac
}

# service NAME: writes the stack of a service from standard input, and adds a way to log in
service() {
	{
		echo 'auth required pam_unix.so nodelay'
		echo 'account required pam_unix.so'
		cat
	} >"/etc/pam.d/$1"
}

# lets_in PASSWORD: prints whether a login succeeds, yes or no
lets_in() {
	if printf '%s\n' "$1" | "$drive" - a2alogin $user authenticate >"$output" 2>&1; then
		echo yes
	else
		echo no
	fi
}

# Sets the password as a program of root does, with libpam's own conversation; it does not ask for
# the old one.
by_program() {
	printf '%s\n' "$@" | "$drive" - a2achange $user chauthtok >"$output" 2>&1
}

# Runs passwd(1) as the user. The first argument is the old password.
by_passwd() {
	printf '%s\n' "$@" | setpriv --reuid=$uid --regid=$uid --clear-groups \
		passwd >"$output" 2>&1
}

# Runs chpasswd(8) as root.
by_chpasswd() {
	printf '%s:%s\n' $user "$1" | chpasswd >"$output" 2>&1
}

# start_with PASSWORD: sets it without any policy
start_with() {
	echo "password required pam_unix.so $hash" | service a2areset
	printf '%s\n%s\n' "$1" "$1" | "$drive" - a2areset $user chauthtok >"$output" 2>&1
	check "the starting password can be set" 0 $?
	check "the starting password lets in" yes "$(lets_in "$1")"
}

# refuses NAME COMMAND...: it fails, does not print the password, and does not change /etc/shadow
refuses() {
	name=$1
	shift
	before=$(shadow)
	if "$@"; then
		check "$name" refused accepted
	fi
	check "$name: /etc/shadow" "$before" "$(shadow)"
}

# accepts NAME OLD NEW COMMAND...: afterwards only the new password lets the user in
accepts() {
	name=$1
	old=$2
	new=$3
	shift 3
	before=$(shadow)
	"$@"
	check "$name" 0 $?
	[ "$before" != "$(shadow)" ] || check "$name: /etc/shadow" changed unchanged
	check "$name: hash" "$(mark_of $hash)" "$(shadow | cut -d: -f2 | cut -d'$' -f2)"
	check "$name: the new one lets in" yes "$(lets_in "$new")"
	check "$name: the old one does not" no "$(lets_in "$old")"
}

# says TEXT: the last command printed it
says() {
	grep -qF "$1" "$output" || check "message" "$1" "(not shown)"
}

# ---- Stacks ----------------------------------------------------------------------------------

# stack_in_front CONTROL ARGUMENTS; the two functions behind it: ARGUMENTS
stack_in_front() {
	printf 'password %s %s %s\n' "$1" "$ours" "$2"
	echo "password required pam_unix.so use_authtok nodelay $hash"
}

stack_before_history() {
	echo "password requisite $ours $1"
	echo 'password required pam_pwhistory.so use_authtok remember=5 enforce_for_root'
	echo "password required pam_unix.so use_authtok nodelay $hash"
}

stack_behind_history() {
	echo 'password requisite pam_pwhistory.so remember=5 enforce_for_root'
	echo "password required $ours use_authtok $1"
	echo "password required pam_unix.so use_authtok nodelay $hash"
}

# As above, but nobody told our module that the password is asked for already.
stack_behind_history_alone() {
	echo 'password requisite pam_pwhistory.so remember=5 enforce_for_root'
	echo "password requisite $ours retry=3"
	echo "password required pam_unix.so use_authtok nodelay $hash"
}

# ---- What must hold whatever the stack ---------------------------------------------------------

# change_by_program asked|set: our module asks for the password again, or a module before it does
change_by_program() {
	start_with $first
	refuses "weak" by_program $weak $weak $weak $weak
	refuses "person" by_program $person $person $person $person
	refuses "nothing typed" by_program
	refuses "mistyped" by_program $second $third $second $third $second $third
	if [ "$1" = asked ]; then
		accepts "weak, then strong" $first $second by_program $weak $second $second
	else
		accepts "strong" $first $second by_program $second $second
	fi
}

change_by_passwd() {
	if ! command -v passwd >/dev/null || ! command -v setpriv >/dev/null; then
		echo "$stack: passwd or setpriv is not there: not tried"
		return
	fi
	cp /etc/pam.d/a2achange /etc/pam.d/passwd
	start_with $first
	refuses "passwd: weak" by_passwd $first $weak $weak $weak $weak
	refuses "passwd: wrong old password" by_passwd $third $second $second
	refuses "passwd: the old one, one character changed" by_passwd \
		$first p4wzt8nqk3 p4wzt8nqk3 p4wzt8nqk3 p4wzt8nqk3
	accepts "passwd: strong" $first $second by_passwd $first $second $second
}

change_by_chpasswd() {
	if ! command -v chpasswd >/dev/null; then
		echo "$stack: chpasswd is not there: not tried"
		return
	fi
	cp /etc/pam.d/a2achange /etc/pam.d/chpasswd
	start_with $first
	refuses "chpasswd: weak" by_chpasswd $weak
	accepts "chpasswd: strong" $first $second by_chpasswd $second
}

change_by_programs() {
	change_by_passwd
	change_by_chpasswd
}

refuse_what_was_used() {
	refuses "history: used before" by_program $first $first $first $first
	says 'Password has been already used'
	accepts "history: a third" $second $third by_program $third $third
}

service a2alogin </dev/null
for hash in yescrypt sha512; do
	for control in requisite required; do
		stack="pam_all2all $control, pam_unix $hash"
		stack_in_front $control 'retry=2 lang=fr,nl' | service a2achange
		change_by_program asked
	done
	stack="pam_all2all, pam_unix $hash"
	stack_in_front requisite 'retry=1 lang=fr,nl' | service a2achange
	change_by_programs

	stack="pam_all2all, pam_unix $hash, broken dictionary"
	stack_in_front required 'dictpath=/nonexistent/dictionary' | service a2achange
	start_with $first
	refuses "fault" by_program $second $second
	says 'cannot be checked at the moment'
done

hash=yescrypt
stack="pam_all2all, pam_pwhistory, pam_unix"
stack_before_history retry=2 | service a2achange
change_by_program asked
refuse_what_was_used
rm -f /etc/security/opasswd
stack_before_history retry=1 | service a2achange
change_by_programs

rm -f /etc/security/opasswd
stack="pam_pwhistory, pam_all2all, pam_unix"
stack_behind_history '' | service a2achange
change_by_program set
refuse_what_was_used
rm -f /etc/security/opasswd
change_by_programs

# If our module asked anew after a refusal, the history would never see the second password.
rm -f /etc/security/opasswd
stack="pam_pwhistory, pam_all2all without use_authtok, pam_unix"
stack_behind_history_alone | service a2achange
start_with $first
# Typed twice for the history, once more for our module.
accepts "strong" $first $second by_program $second $second $second
refuses "history: used before" by_program $first $first $first $first
says 'Password has been already used'
refuses "history: weak, then used before" \
	by_program $weak $weak $first $first $first $first $first $first
refuses "weak, then strong" by_program $weak $weak $third $third $third $third
accepts "history: a third" $second $third by_program $third $third $third

# The messages are in the user's language.
stack="pam_all2all, pam_unix, two languages"
stack_in_front requisite 'retry=1 lang=fr,nl' | service a2achange
start_with $first
refuses "weak" by_program $weak
says 'mot de passe'
says 'wachtwoord'
says '********'
! grep -qF "$weak" "$output" || check "what is typed" hidden shown

[ $failures = 0 ] || exit 1
echo "All changes of the password went as they should."
