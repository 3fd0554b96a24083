# SPDX-License-Identifier: BSD-3-Clause
# For ./demo and ./check, which source this: installs what is missing, builds. POSIX shell.

# What a build needs, and what the tests need besides. Debian 12, Ubuntu 24.04 or later.
build_packages='gcc libc6-dev meson ninja-build pkg-config gettext libpam0g-dev libpwquality-dev
	libcrack2-dev cracklib-runtime libutf8proc-dev libxxhash-dev libarchive-dev libjansson-dev libbsd-dev
	libsqlite3-dev libcrypt-dev libargon2-dev libcsv-dev'
# Only all2all-issue and its sheets need these (-Dsheets=disabled builds without them).
sheet_packages='libxml2-dev uuid-dev libcmark-dev libqrencode-dev libpango1.0-dev fonts-dejavu-core'
test_packages='libcmocka-dev clang mandoc python3 binutils passwd util-linux libpam-modules
	libpam-runtime php-cli sudo libxml2-utils bash-completion poppler-utils zbar-tools'
# ./check --mail and --install also need these, to make a Debian in a tree of its own.
# deploy/README.md (for the server) and deploy/tree (for the clients) say what is installed in the
# tree.
mail_packages='debootstrap iproute2 mount util-linux zstd'
# ./check --trust also needs these: static checkers, and what clang's coverage and fuzzing need.
trust_packages='clang clang-tidy cppcheck libclang-rt-dev llvm strace openssl perl openssh-client'
# ./check --foreign also needs these: compilers for the other machines, and their emulator.
foreign_packages='gcc-i686-linux-gnu gcc-s390x-linux-gnu qemu-user-static'
# Word lists. They are only read: if they are not installed, they are unpacked into .cache instead,
# which also keeps onboard's desktop (onboard-data depends on it) off a mail server.
word_packages='wfrench wdutch wngerman wamerican onboard-data ncrack john-data
	nmap-common sqlmap'

say() {
	printf '%s\n' "$*" >&2
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		say "This needs root, and there is no sudo. As root: $*"
		return 1
	fi
}

installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# missing PACKAGE...: those that are not installed, on standard output
missing() {
	for package; do
		installed "$package" || printf '%s ' "$package"
	done
}

# install_missing PACKAGE...
install_missing() {
	# shellcheck disable=SC2046 # a word a package
	set -- $(missing "$@")
	[ $# = 0 ] && return
	if ! command -v apt-get >/dev/null; then
		say "These Debian packages are needed, and there is no apt-get here: $*"
		return 1
	fi
	say "Installing: $*"
	as_root apt-get -q update >&2 &&
		as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get -q -y --no-install-recommends install "$@" >&2
}

# unpack_missing PACKAGE...: into .cache/packages, without root
unpack_missing() {
	cache=$PWD/.cache
	mkdir -p "$cache/packages"
	# shellcheck disable=SC2046
	for package in $(missing "$@"); do
		[ -e "$cache/$package.unpacked" ] && continue
		say "Unpacking the word lists of $package into .cache"
		# Its lists of packages may be older than the archive, or not be there at all.
		(cd "$cache" && rm -f "$package"_*.deb && apt-get -q download "$package" >&2) || {
			as_root apt-get -q update >&2
			(cd "$cache" && apt-get -q download "$package" >&2)
		} || return
		dpkg-deb -x "$cache/$package"_*.deb "$cache/packages" || return
		rm -f "$cache/$package"_*.deb
		: >"$cache/$package.unpacked"
	done
}

# programs DIRECTORY: the programs of the build whose names match the basic regular expression
# $build_only; none, if there is no such variable
programs() {
	[ -z "${build_only-}" ] ||
		ninja -C "$1" -t targets all | sed -n "s,^\\($build_only\\): .*LINKER.*,\\1,p"
}

# build DIRECTORY OPTION...: sets up, or sets up again, and compiles everything, or programs; the
# log on standard error when it fails
# shellcheck disable=SC2046 # a word a program
build() {
	directory=$1
	shift
	set -- "-Dpackage_root=$PWD/.cache/packages" "$@"
	mkdir -p .cache
	log=.cache/$directory.log
	# The engine trusts no file that others may write, those of its own build neither.
	umask 022
	if [ -e "$directory/build.ninja" ]; then
		meson configure "$directory" "$@" >"$log" 2>&1
	else
		meson setup "$directory" "$@" >"$log" 2>&1
	fi &&
		# It has the mode that its template has in the checkout, whatever the umask is now.
		chmod go-w "$directory/uninstalled.conf" && ninja -C "$directory" $(programs "$directory") >>"$log" 2>&1 || {
		say "The build in $directory failed:"
		tail -n 60 "$log" >&2
		return 1
	}
}
