#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tries the installation of docs/build.md on a fresh Debian, with git and nothing else: ./demo, the
# installation, the PAM stack, passwords that are refused and set by the real passwd(1) and
# chpasswd(8), other policies in the stack, and undoing it all. Prints a line for each test, and
# ends with "N passed, N failed, N skipped". Needs root and Debian; otherwise it runs nothing.
#
#   usage: tests/install.sh
#
# It works in a tree of deploy/tree, with this machine's network, because it installs packages. It
# changes nothing on the machine itself.
set -u
cd "$(dirname "$0")/.." || exit 2

passed=0
failed=0

# ---- On the machine ----------------------------------------------------------------------------

skip() {
	echo "skip  install  not run: $*"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}

make_tree_and_run() {
	[ "$(id -u)" = 0 ] || skip "only root can make a Debian in a tree of its own"
	grep -qx 'ID=debian' /etc/os-release ||
		skip "the tree is made of Debian's packages, as this machine is not"
	unshare --mount --pid --fork true 2>/dev/null ||
		skip "no namespaces can be had here (a container without CAP_SYS_ADMIN?)"
	export A2A_TREE=install-tree
	trap 'deploy/tree remove' EXIT
	trap 'exit 1' HUP INT TERM
	deploy/tree remove
	if ! deploy/tree bare git; then
		tail -n 25 .cache/mail/debootstrap.log .cache/mail/packages.log >&2
		echo "FAIL  install  the tree could not be made"
		echo "0 passed, 1 failed, 0 skipped"
		exit 1
	fi
	deploy/tree online bash /srv/all2all/tests/install.sh inside
}

# ---- In the tree -------------------------------------------------------------------------------
user=user0001
password=
# All policies for passwords for which Debian has profiles.
policies='pam_(all2all|passwdqc|pwquality|cracklib)\.so'

# check TITLE COMMAND...: prints a line, and the output of the command when it failed
check() {
	local title=$1 begun=$SECONDS
	shift
	if "$@" >/tmp/said 2>&1; then
		passed=$((passed + 1))
		echo "ok    install  $title ($((SECONDS - begun)) s)"
	else
		failed=$((failed + 1))
		echo "FAIL  install  $title"
		tail -n 25 /tmp/said | sed 's/^/      /'
	fi
}

# The first commands of a section of docs/build.md. There is no sudo, and root needs none.
build_commands() {
	awk -v title="$1" '/^##/ { inside = $0 == title }
		inside && /^    / { print; begun = 1 }
		begun && !/^    / { exit }' docs/build.md | sed 's/^ *//; s/^sudo //'
}

# The command of the documents that has these words.
documented_command() {
	cat README.md docs/install.md docs/build.md | sed -n 's/^  *sudo //p' | sort -u |
		grep -F -e "$1" >/tmp/command && cat /tmp/command &&
		[ "$(wc -l </tmp/command)" = 1 ] && sh -e /tmp/command
}

as_documented() {
	build_commands '## Build' >/tmp/commands
	grep -q '^\./demo' /tmp/commands && grep -q '^meson install' /tmp/commands &&
		sh -ex /tmp/commands
}

# With dpkg-dev, Meson finds Debian's folders by itself, and these tests would show nothing.
without_dpkg_dev() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' dpkg-dev)" != installed ]
}

pam_folder() {
	dirname "$(find /usr/lib -name pam_unix.so)"
}

beside_pam_unix() {
	find /usr -name pam_all2all.so
	[ "$(find /usr -name pam_all2all.so)" = "$(pam_folder)/pam_all2all.so" ]
}

# libpam looks only in its own folder, so prefix and libdir must not matter.
whatever_prefix_and_libdir() {
	meson setup build-local --prefix=/usr/local --libdir=lib64 \
		-Dpackage_root="$PWD/.cache/packages" &&
		meson introspect build-local --installed | grep -F "\"$(pam_folder)/pam_all2all.so\""
}

# If a build was set up wrongly, its libdir stays as it was, but the module's folder must not.
set_up_again() {
	meson configure build -Dlibdir=lib64 && meson setup --reconfigure build &&
		meson introspect build --installed | grep -F "\"$(pam_folder)/pam_all2all.so\""
}

below_destdir() {
	DESTDIR=/tmp/stage meson install -C build --no-rebuild
	# Only the last installation can be uninstalled.
	meson install -C build --no-rebuild && [ -e "/tmp/stage$(pam_folder)/pam_all2all.so" ]
}

not_found() {
	local file status
	file=$(pam_folder)/pam_unix.so
	mv "$file" "$file.away"
	meson setup build-none -Dpackage_root="$PWD/.cache/packages"
	status=$?
	mv "$file.away" "$file"
	[ $status != 0 ] && grep -q 'ERROR: .*The folder where libpam looks .* -Dpam_module_dir=' /tmp/said
}

named() {
	meson setup build-named -Dpam_module_dir=/opt/pam -Dpackage_root="$PWD/.cache/packages" &&
		meson introspect build-named --installed | grep -F '"/opt/pam/pam_all2all.so"'
}

# Tells whether the stack has these policies, in this order.
stack_has() {
	cat /etc/pam.d/common-password
	[ "$(grep -v '^#' /etc/pam.d/common-password | grep -oE "$policies" | tr '\n' ' ')" = "$*${*:+ }" ]
}

enable() {
	pam-auth-update --enable "$@"
}

on_trial() {
	documented_command '--enable all2all-trial' && stack_has pam_all2all.so &&
		grep 'pam_all2all\.so dry_run' /etc/pam.d/common-password && by_chpasswd Welkom2026 &&
		is_password Welkom2026
}

enabled_before_pam_unix() {
	documented_command '--enable all2all --disable all2all-trial' && stack_has pam_all2all.so &&
		grep -A 1 '^password.*pam_all2all\.so retry=3' /etc/pam.d/common-password |
		grep 'pam_unix\.so.* use_authtok'
}

hash_of_user() {
	sed -n "s/^$user:\([^:]*\):.*/\1/p" /etc/shadow
}

is_password() {
	perl -e 'exit(crypt($ARGV[0], $ARGV[1]) ne $ARGV[1])' "$1" "$(hash_of_user)"
}

by_chpasswd() {
	echo "$user:$1" | chpasswd
}

by_root() {
	printf '%s\n' "$1" "$1" | passwd $user
}

# Changes the password as the user, whose password is "$password".
by_user() {
	printf '%s\n' "$password" "$1" "$1" |
		setpriv --reuid=$user --regid=$user --clear-groups passwd
}

# refuses BY: the policy refuses a password, and not because something is missing
refuses() {
	local before
	before=$(hash_of_user)
	! "$1" Welkom2026 && grep -q 'it is little more than a word' /tmp/said &&
		[ "$before" = "$(hash_of_user)" ]
}

# sets BY: sets a new password, which is "$password" from now on
sets() {
	local new
	new=$(all2all-pwgen) && "$1" "$new" && is_password "$new" && password=$new
}

install_others() {
	apt-get -q -y --no-install-recommends install libpam-passwdqc libpam-pwquality
}

# Their installation switches them on, unless our profile prevents it.
others_give_way_when_installed() {
	install_others && stack_has pam_all2all.so
}

gives_way_to_others() {
	pam-auth-update --disable all2all && enable pwquality passwdqc &&
		stack_has pam_pwquality.so pam_passwdqc.so
}

takes_the_place_of_others() {
	enable all2all && stack_has pam_all2all.so
}

# An administrator removes what only a build needs. The libraries came as its dependencies.
compiler_goes() {
	# shellcheck disable=SC2046 # a word a package
	apt-get -q -y purge gcc meson $(dpkg-query -W -f '${Package}\n' 'lib*-dev') &&
		apt-get -q -y autoremove --purge &&
		! ldd "$(pam_folder)/pam_all2all.so" /usr/bin/all2all-* | grep 'not found'
}

# Undoes everything as docs/build.md says: the stack is as it was, byte for byte, and passwords can be
# set.
undone() {
	documented_command '--disable all2all all2all-trial' && documented_command 'uninstall' &&
		cmp /etc/pam.d/common-password /tmp/common-password && by_chpasswd Welkom2026 &&
		is_password Welkom2026
}

# Without an audit, nothing was recorded in /var/lib/all2all.
left_over() {
	find /etc /usr /var -path '*all2all*' ! -type d | sort | tee /tmp/left
	[ "$(tr '\n' ' ' </tmp/left)" = \
		"/etc/all2all/sheets/sheets.conf /etc/security/all2all.conf " ]
}

inside() {
	[ -e /etc/dpkg/dpkg.cfg.d/tree ] || exit 2 # this is no tree of deploy/tree
	mkdir /root/all2all
	# A fresh machine has no builds and no caches, so only the downloaded word lists are kept.
	tar -C /srv/all2all --exclude=./.git --exclude='./build*' --exclude=./.cache/mail \
		--exclude=./.cache/foreign --exclude=./.cache/fuzz -c . |
		tar -C /root/all2all --no-same-owner -x
	cd /root/all2all || exit 2
	useradd --create-home --comment 'Marie Delvaux' $user
	cp /etc/pam.d/common-password /tmp/common-password

	check "the commands of docs/build.md" as_documented
	check "they do not need dpkg-dev" without_dpkg_dev
	check "the module lies where libpam looks, and nowhere else" beside_pam_unix
	check "so it does with another prefix and libdir" whatever_prefix_and_libdir
	check "so it does in a build that was set up with a wrong libdir" set_up_again
	check "so it does below DESTDIR" below_destdir
	check "when that folder is not found, the set-up says what to do" not_found
	check "the folder can be named" named
	check "on trial it refuses nothing" on_trial
	check "pam-auth-update puts the module before pam_unix" enabled_before_pam_unix
	check "chpasswd sets what all2all-pwgen made" sets by_chpasswd
	check "chpasswd refuses Welkom2026" refuses by_chpasswd
	check "passwd by root sets what all2all-pwgen made" sets by_root
	check "passwd by root refuses Welkom2026" refuses by_root
	check "passwd by the user sets what all2all-pwgen made" sets by_user
	check "passwd by the user refuses Welkom2026" refuses by_user
	check "its undo" undone
	check "leaves what it says, and nothing else" left_over
	check "its installation once more" meson install -C build --no-rebuild
	check "and its profile" enabled_before_pam_unix
	check "passwdqc and pwquality, installed later, stay out" others_give_way_when_installed
	check "without ours they can be enabled" gives_way_to_others
	check "ours takes the place of both" takes_the_place_of_others
	check "and sets what all2all-pwgen made" sets by_chpasswd
	check "and refuses Welkom2026" refuses by_user
	check "when the compiler goes, the run-time libraries stay" compiler_goes
	check "and the policy still refuses Welkom2026" refuses by_user

	echo "$passed passed, $failed failed, 0 skipped"
	[ $failed = 0 ]
}

case ${1-} in
'') make_tree_and_run ;;
inside) inside ;; # by this script itself, in the tree
*)
	echo "usage: tests/install.sh" >&2
	exit 2
	;;
esac
