#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Builds for another machine with Debian's cross compiler and that machine's Debian packages, runs
# the tests there under qemu, and compares the verdicts with those of build/, which must be built.
# Prints a line for each test, and ends with "N passed, N failed, N skipped".
#
#   usage: tests/foreign.sh i386|s390x
#
# i386 has words of 32 bits; s390x is big-endian. qemu is used on i386 too, because not every kernel
# of 64 bits runs programs of 32. The packages are unpacked into .cache/foreign: nothing is
# installed, and no right of root is needed. They come from the archives from which this machine has
# its own packages. A2A_FOREIGN_PASSWORDS says how many passwords are judged, instead of 20,000 on
# i386 and 3,000 on s390x.
set -u
suite=foreign
cd "$(dirname "$0")/.." || exit 2
A2A_SOURCE=$PWD
. tests/lib/trust.sh
. .ci/prepare.sh

# What is compiled against, and what the tests run.
packages='libc6-dev libpam0g-dev libpam-modules libpwquality-dev libcrack2-dev cracklib-runtime
	libutf8proc-dev libxxhash-dev libarchive-dev libjansson-dev libbsd-dev libsqlite3-dev
	libxml2-dev uuid-dev libcrypt-dev libargon2-dev libcsv-dev libidn2-dev libmd-dev libcmark-dev
	libqpdf-dev libqrencode-dev libpango1.0-dev libgmime-3.0-dev libcmocka-dev'
architecture=${1-}
case $architecture in
i386)
	triplet=i386-linux-gnu compiler=i686-linux-gnu emulator=qemu-i386-static
	family=x86 endian=little dictionary=dictionary passwords=20000
	;;
s390x)
	triplet=s390x-linux-gnu compiler=s390x-linux-gnu emulator=qemu-s390x-static
	family=s390x endian=big dictionary=dictionary-big-endian passwords=3000
	;;
*)
	echo "usage: tests/foreign.sh i386|s390x" >&2
	exit 2
	;;
esac
passwords=${A2A_FOREIGN_PASSWORDS:-$passwords}
suite=$architecture
cache=$PWD/.cache/foreign/$architecture
tree=$cache/tree
build=build-$architecture
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# ---- The other machine's packages ---------------------------------------------------------------

# Its own apt: the machine's archives of Debian, another architecture, and nothing installed.
write_apt_configuration() {
	mkdir -p "$cache/state/lists/partial" "$cache/archives/partial" "$cache/etc"
	: >"$cache/state/status"
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' 'Origin: Debian' | sort -u >"$cache/etc/sources.list"
	cat >"$cache/etc/apt.conf" <<-END
		#clear APT::Architectures;
		#clear DPkg::Pre-Install-Pkgs;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		APT::Architecture "$architecture";
		APT::Architectures { "$architecture"; };
		APT::Sandbox::User "";
		Dir::State "$cache/state";
		Dir::State::status "$cache/state/status";
		Dir::Cache "$cache";
		Dir::Cache::archives "$cache/archives";
		Dir::Etc::sourcelist "$cache/etc/sources.list";
		Dir::Etc::sourceparts "/dev/null";
	END
}

own_apt() {
	APT_CONFIG=$cache/etc/apt.conf apt-get -q "$@"
}

# Unpacks as dpkg would, without the packages' scripts. Names that begin with / lead out of the
# tree, so they become relative.
unpack() {
	local package link
	rm -rf "$tree"
	mkdir -p "$tree/usr/bin" "$tree/usr/sbin" "$tree/usr/lib" || return
	ln -s usr/bin usr/sbin usr/lib "$tree" || return
	for package in "$cache"/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$package" |
			tar -C "$tree" -x --no-same-owner --keep-directory-symlink || return
	done
	find "$tree" -type l -lname '/*' | while read -r link; do
		ln -sfnr "$tree$(readlink "$link")" "$link"
	done
}

make_tree() {
	[ -e "$tree/unpacked" ] && [ "$(cat "$tree/unpacked")" = "$packages" ] && return
	write_apt_configuration
	# Its lists of packages may not be there yet.
	[ -s "$cache/etc/sources.list" ] || as_root apt-get -q update && write_apt_configuration
	rm -f "$cache"/archives/*.deb
	# An archive that cannot be read at the moment need not be one that has to be read.
	own_apt update || own_apt update || say "apt-get update failed"
	# shellcheck disable=SC2086 # a list of words
	own_apt -y --no-install-recommends --download-only install $packages || return
	unpack && printf '%s' "$packages" >"$tree/unpacked"
}

# ---- The build ----------------------------------------------------------------------------------

# cracklib writes its dictionary in the order of the machine, so that machine's packer packs it.
write_cross_file() {
	cat <<-END
		[binaries]
		c = '$compiler-gcc'
		ar = '$compiler-gcc-ar'
		strip = '$compiler-strip'
		pkgconfig = 'pkg-config'
		cracklib-packer = ['$emulator', '-L', '$tree', '$tree/usr/sbin/cracklib-packer']
		exe_wrapper = ['$emulator', '-L', '$tree']
		[properties]
		needs_exe_wrapper = true
		sys_root = '$tree'
		pkg_config_libdir = '$tree/usr/lib/$triplet/pkgconfig:$tree/usr/share/pkgconfig'
		[built-in options]
		c_args = ['--sysroot=$tree']
		c_link_args = ['--sysroot=$tree']
		[host_machine]
		system = 'linux'
		cpu_family = '$family'
		cpu = '$architecture'
		endian = '$endian'
	END
}

build_there() {
	write_cross_file >"$cache/cross.new"
	if [ -e "$build/build.ninja" ] && cmp -s "$cache/cross.new" "$cache/cross"; then
		build "$build" --werror
	else
		rm -rf "$build"
		mv "$cache/cross.new" "$cache/cross"
		build "$build" --werror --cross-file "$cache/cross" \
			-Dpam_module_dir="/usr/lib/$triplet/security"
	fi
}

there() {
	"$emulator" -L "$tree" "$@"
}

# ---- The same answers ---------------------------------------------------------------------------

# Passwords of all kinds, the same each time: those of the tests, words with decorations, and
# random ones.
make_passwords() {
	{
		cut -f 1 tests/policy/verdicts.tsv | grep -v '^#'
		cat "$A2A_BUILD"/dict/words/{fr,nl,de,en}.txt | awk 'NR % 7 == 1 {
			n++
			year = 1950 + n % 77
			if (n % 6 == 0) print $1
			if (n % 6 == 1) print toupper(substr($1, 1, 1)) substr($1, 2) year
			if (n % 6 == 2) print $1 "!" n % 100
			if (n % 6 == 3) print last $1
			if (n % 6 == 4) print n % 1000 $1 "é"
			if (n % 6 == 5) { gsub(/a/, "@"); gsub(/e/, "3"); print $1 n % 10 }
			last = $1
		}'
	} >"$scratch/words"
	# Half of them random: all rules are passed, and the second opinion is asked.
	awk 'BEGIN {
		seed = 20261
		letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
		for (i = 0; i < 20000; i++) {
			text = ""
			for (j = 0; j < 8 + i % 5; j++) {
				seed = (seed * 16807) % 2147483647
				text = text substr(letters, 1 + seed % length(letters), 1)
			}
			print text
		}
	}' >"$scratch/random"
	paste -d '\n' "$scratch/words" "$scratch/random" | grep -v '^$' | head -n "$passwords" \
		>"$scratch/passwords"
}

# verdicts BUILD COMMAND...: of a user who has a name
verdicts() {
	local from=$1
	shift
	"$@" "$from/measure/verdicts" --config "$from/uninstalled.conf" --user jan.smet \
		--person Delvaux --lang 'fr en' <"$scratch/passwords"
}

same_verdicts() {
	make_passwords
	[ "$(wc -l <"$scratch/passwords")" = "$passwords" ] || {
		echo "there are not enough passwords"
		return 1
	}
	verdicts "$A2A_BUILD" >"$scratch/here" && verdicts "$PWD/$build" there >"$scratch/there" || return
	[ "$(wc -l <"$scratch/here")" = "$passwords" ] && grep -q '^accept' "$scratch/here" &&
		grep -q second-opinion "$scratch/here" || {
		echo "they do not show what they should"
		return 1
	}
	cmp "$scratch/here" "$scratch/there" || {
		diff "$scratch/here" "$scratch/there" | head -n 10
		return 1
	}
}

same_lexicon() {
	cmp "$A2A_BUILD/dict/words/lexicon" "$build/dict/words/lexicon"
}

# cracklib reads numbers in the order of the machine: here the first one of the index.
dictionary_in_order() {
	local magic
	magic=$(od -A n -N 4 -t u4 --endian="$endian" "$build/dict/words/$dictionary.pwi" | tr -d ' ')
	echo "magic number: $magic"
	[ "$magic" = "$((0x70775631))" ]
}

# ---- One password changed -----------------------------------------------------------------------

# change PASSWORD...: through the libpam of that machine; the module pam_record keeps the password.
change() {
	mkdir -p "$scratch/pam.d"
	cat >"$scratch/pam.d/test" <<-END
		password required $PWD/$build/pam_all2all/pam_all2all.so conf=$PWD/$build/uninstalled.conf retry=1 lang=en
		password required $PWD/$build/tests/pam_record.so into=NEW
	END
	printf '%s\n' "$@" | there "$build/tests/pam_drive" "$scratch/pam.d" test nobody chauthtok
}

changes_one() {
	change m7kq2xw9 m7kq2xw9 2>&1 | tee "$scratch/said"
	grep -qx 'The password is changed\.' "$scratch/said"
}

refuses_one() {
	change Welkom2026 Welkom2026 2>&1 | tee "$scratch/said"
	grep -q 'little more than a word' "$scratch/said" &&
		grep -q '^The password is not changed' "$scratch/said"
}

# ---- The tests ----------------------------------------------------------------------------------

# Tests that are scripts start the tools by name, which that machine's kernel would run. Here each
# is a script that starts the emulator; its program lies beside it.
wrap_tools() {
	local program
	for program in "$build"/tools/all2all-* "$build"/tests/{pam_drive,make_sheet}; do
		[ -f "$program" ] && [ "$(head -c 4 "$program")" = $'\177ELF' ] || continue
		mkdir -p "${program%/*}/unwrapped"
		mv "$program" "${program%/*}/unwrapped"
		cat >"$program" <<-END
			#!/bin/sh
			exec $emulator -L $tree $PWD/${program%/*}/unwrapped/${program##*/} "\$@"
		END
		chmod 755 "$program"
	done
}

unwrap_tools() {
	local program
	for program in "$build"/{tools,tests}/unwrapped/*; do
		[ -f "$program" ] && mv "$program" "${program%/*/*}"
	done
}

# Tests of meson that are not run there, because
# - they are about the source, the compiler or the manuals, which are the same: layers, rooms, table
#   rows, completion, completions;
# - they start programs of this machine that load a module of that one, or LD_PRELOAD: pam_unix,
#   passwd, issue killed, issue failing, issue set;
# - they look at the memory, the limits or the signals of a process, which are the emulator's: traces,
#   process;
# - they compare with what this machine's cracklib-packer writes, in its order of bytes: packed. (That
#   the dictionary is in the other machine's order is a test above.)
left_out=' layers rooms table_rows completion completions pam_unix passwd issue_killed issue_failing issue_set'
left_out="$left_out traces process packed front_ends "

names_of_tests() {
	meson introspect "$build" --tests | python3 -c 'if True:
		import json, sys
		for test in json.load(sys.stdin):
			if not {suite.split(":")[-1] for suite in test["suite"]} & {"benchmark"}:
				print(test["suite"][0].split(":")[-1], test["name"].replace(" ", "_"))' |
		while read -r test_suite test_name; do
			case $test_suite in
			engine | pam | tools) ;;
			*) continue ;;
			esac
			case $left_out in
			*[[:space:]]"$test_name"[[:space:]]*) ;;
			*) printf '%s\n' "${test_name//_/ }" ;;
			esac
		done
}

# Prints a line for each test of meson, and counts.
run_meson_tests() {
	local result title time names
	mapfile -t names < <(names_of_tests)
	wrap_tools
	A2A_EMULATED=yes meson test -C "$build" --no-rebuild --print-errorlogs --timeout-multiplier 5 "${names[@]}" \
		>"$cache/tests" 2>&1
	unwrap_tools
	while IFS='|' read -r title result time; do
		case $result in
		OK)
			passed=$((passed + 1))
			printf 'ok    %s  %s (%s)\n' "$suite" "$title" "$time"
			;;
		SKIP) skip "$title" ;;
		*) fail "$title: $result ($time); see $cache/tests" ;;
		esac
	done < <(sed -n -E \
		's/^ *[0-9]+\/[0-9]+ +(.*[^ ]) +(OK|SKIP|FAIL|TIMEOUT|ERROR) +([0-9.]+s).*/\1|\2|\3/p' "$cache/tests")
	grep -q '^Ok: ' "$cache/tests" || fail "its tests did not run; see $cache/tests"
}

# check TITLE COMMAND...: prints a line, and the output of the command when it failed
check() {
	local title=$1
	shift
	if "$@" >"$scratch/output" 2>&1; then
		ok "$title"
	else
		fail "$title"
		tail -n 25 "$scratch/output" | sed 's/^/      /'
	fi
}

give_up() {
	fail "$1"
	tail -n 25 "$scratch/output" | sed 's/^/      /'
	finish
}

make_tree >"$scratch/output" 2>&1 || give_up "its packages cannot be had"
ok "its packages are unpacked"
unwrap_tools
build_there >"$scratch/output" 2>&1 || give_up "it does not build"
ok "it builds, with warnings as errors"
check "the lexicon that it compiles is the same, byte for byte" same_lexicon
check "the dictionary is packed in its own order of bytes" dictionary_in_order
check "it judges $passwords passwords as this machine does" same_verdicts
check "a password is changed through its libpam" changes_one
check "a weak one is refused" refuses_one
run_meson_tests
finish
