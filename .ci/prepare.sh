# SPDX-License-Identifier: BSD-3-Clause
# For ./demo and ./check, which source this: installs what is missing, builds. POSIX shell.

# What a build needs, and what the tests need besides. Debian 12, Ubuntu 24.04 or later.
build_packages='gcc libc6-dev meson ninja-build pkg-config gettext libpam0g-dev libpwquality-dev
	libcrack2-dev cracklib-runtime libutf8proc-dev libxxhash-dev libarchive-dev libjansson-dev libbsd-dev
	libsqlite3-dev libcrypt-dev libargon2-dev libcsv-dev libidn2-dev libmd-dev
	libgmime-3.0-dev libcurl4-openssl-dev zlib1g-dev'
# Only all2all-issue and its sheets need these (-Dsheets=disabled builds without them).
sheet_packages='libxml2-dev uuid-dev libcmark-dev libqpdf-dev libqrencode-dev libpango1.0-dev libssl-dev
	fonts-dejavu-core'
# Only the drivers of accounts.conf need these; each is built if its library is there.
driver_packages='libpq-dev libmariadb-dev'
test_packages='libcmocka-dev clang libclang-rt-dev llvm mandoc python3 binutils passwd util-linux
	libpam-modules libpam-runtime php-cli sudo libxml2-utils bash-completion fish zsh poppler-utils qpdf
	zbar-tools git rpm musl-tools openssl bind9-utils'
# Servers for tests of virtual users, which are skipped where one is missing. They are run by the tests
# alone. postgresql-common would start a server of the machine's at once.
server_packages='postgresql mariadb-server-core mariadb-client-core dovecot-core'
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
# The test of all2all-leaks fetch runs it as another user, and does not want it as a service: it is
# unpacked as well.
web_packages='nginx'
# measure/attack also needs these, which no test does.
attack_packages='hashcat-data wamerican-huge witalian wspanish wportuguese'

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

# read_lists: what can be had now. A source that does not answer is reported, and stops nothing, for
# the others may have all that is needed.
read_lists() {
	[ "${lists_are_read-}" ] && return
	say "Reading the lists of packages (apt-get update)"
	as_root apt-get -qq update >&2 ||
		say "Some sources of packages could not be read. Continuing with the others."
	lists_are_read=yes
}

at_terminal() {
	[ -t 0 ] && [ -t 2 ]
}

# agreed QUESTION ANSWER: asks at a terminal; ANSWER (yes or no) is for an empty line. Without a
# terminal there is nobody to ask, and it is agreed.
agreed() {
	at_terminal || return 0
	case $2 in
	yes) printf '%s [Y/n] ' "$1" >&2 ;;
	*) printf '%s [y/N] ' "$1" >&2 ;;
	esac
	read -r answer || answer=no
	case ${answer:-$2} in
	[Yy]*) return 0 ;;
	esac
	say "Nothing was installed."
	return 1
}

# would OPTION PACKAGE...: what apt-get would install for them, without doing it. Needs no root.
would() {
	how=$1
	shift
	LC_ALL=C apt-get -q "$how" --no-install-recommends --no-upgrade install "$@" </dev/null 2>&1
}

# install_missing PACKAGE...: says beforehand how much it is, and upgrades or removes nothing that is
# installed. A new package can need a newer version of an installed one: then it stops and says what
# to do, or goes on if $may_upgrade is "yes".
install_missing() {
	# shellcheck disable=SC2046 # a word a package
	set -- $(missing "$@")
	[ $# = 0 ] && return
	if ! command -v apt-get >/dev/null; then
		say "These Debian packages are needed, but this machine has no apt-get: $*"
		return 1
	fi
	read_lists
	if ! plan=$(would --simulate "$@"); then
		printf '%s\n' "$plan" | grep '^[EW]: ' >&2
		say "Some of these packages are not in the package sources of this machine: $*"
		return 1
	fi
	uris=$(would --print-uris "$@") || uris=
	download=$(printf '%s\n' "$uris" | sed -n 's,/, of ,; s/^Need to get \(.*\) of archives.*/\1/p')
	disk=$(printf '%s\n' "$uris" | sed -n 's/^After this operation, \(.*\) of additional.*/\1/p')
	# "Inst NAME (VERSION ...)" is new, "Inst NAME [VERSION] (VERSION ...)" is an upgrade.
	new=$(printf '%s\n' "$plan" | grep -c '^Inst [^ ]* (') || :
	upgrades=$(printf '%s\n' "$plan" |
		sed -n 's/^Inst \([^ ]*\) \[\([^]]*\)\] (\([^ ]*\) .*/  \1, from \2 to \3/p')
	removals=$(printf '%s\n' "$plan" | sed -n 's/^Remv \([^ ]*\) .*/\1/p' | tr '\n' ' ')
	say "To install: $new packages (${download:-?} to download, ${disk:-?} on the disk), for: $*"
	if [ "$removals" ]; then
		say "They conflict with installed packages: apt-get would remove $removals"
		say "Nothing was installed. Solve this with apt-get first: apt-get install $*"
		return 1
	fi
	default=yes
	if [ "$upgrades" ]; then
		say "They need newer versions of installed packages:"
		say "$upgrades"
		default=no
		if [ "${may_upgrade-}" != yes ] && ! at_terminal; then
			say "Nothing was installed. Upgrade these first (apt-get upgrade), or allow it here:"
			say "  $0 --upgrade"
			return 1
		fi
	fi
	agreed "Go on?" $default || return
	as_root env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -y --no-install-recommends --no-upgrade --no-remove install "$@" >&2
}

# archives PACKAGE...: a line for each, with its size in bytes in the third column
archives() {
	apt-get -q --print-uris download "$@" 2>/dev/null
}

# megabytes COLUMN UNIT: the sum of a column of numbers of so many bytes
megabytes() {
	awk -v column="$1" -v unit="$2" '{ sum += $column * unit } END { printf "%.0f MB", sum / 1e6 }'
}

# unpack_missing PACKAGE...: into .cache/packages, without root
unpack_missing() {
	cache=$PWD/.cache
	mkdir -p "$cache/packages"
	wanted=
	# shellcheck disable=SC2046
	for package in $(missing "$@"); do
		[ -e "$cache/$package.unpacked" ] || wanted="$wanted $package"
	done
	[ "$wanted" ] || return 0
	# shellcheck disable=SC2086
	set -- $wanted
	# The lists of packages may be missing, or older than the archive.
	archives "$@" >/dev/null || read_lists
	say "Unpacking $# packages into .cache; they are not installed" \
		"($(archives "$@" | megabytes 3 1) to download," \
		"$(apt-cache show --no-all-versions "$@" | grep '^Installed-Size:' | megabytes 2 1024) on the disk)"
	for package; do
		rm -f "$cache/$package"_*.deb
		(cd "$cache" && apt-get -q download "$package" >&2) || {
			read_lists
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
