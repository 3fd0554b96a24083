#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests what is made for other systems, as far as it can be tested on Debian: the spec file for
# Fedora and the APKBUILD for Alpine are parsed, and every source is compiled against musl's headers.
set -u
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$A2A_SOURCE" || exit 1
spec=packaging/fedora/all2all.spec apkbuild=packaging/alpine/APKBUILD
for program in rpmspec musl-gcc; do
	command -v $program >/dev/null || {
		echo "there is no $program (Debian: rpm, musl-tools)" >&2
		exit 77
	}
done

# ---- Fedora -------------------------------------------------------------------------------------
# Only its macros for meson are missing here, and are left as they stand.
rpmspec --define "_topdir $scratch/rpm" -P $spec >"$scratch/parsed" 2>"$scratch/said"
is 'the spec file: rpmspec parses it' '0 ' "$? $(cat "$scratch/said")"
is 'the spec file: its packages' \
	'all2all all2all-data all2all-issue all2all-mariadb all2all-postgresql all2all-tools' \
	"$(rpmspec --define "_topdir $scratch/rpm" -q --qf '%{name}\n' $spec 2>/dev/null | sort | tr '\n' ' ' |
		sed 's/ $//')"
if command -v rpmlint >/dev/null; then
	is 'the spec file: rpmlint finds no error' '' "$(rpmlint $spec 2>&1 | grep ': E: ')"
fi
# Each file that a build installs is in one package, and nothing else is.
for name in $(sed -n "s/.*install_man('\(.*\)').*/\1/p; s/^	'\(all2all-[a-z]*\.[0-9]\)'.*/\1/p" \
	*/meson.build | sed "s/', '/ /g"); do
	is "the spec file: $name" 1 "$(grep -c "^%{_mandir}/man./$name\*\$" $spec)"
done
for tool in tools/all2all-*.c; do
	tool=$(basename "$tool" .c)
	is "the spec file: $tool" 1 "$(grep -c "^%{_s\?bindir}/$tool\$" $spec)"
done

# ---- Alpine -------------------------------------------------------------------------------------
sh -n $apkbuild 2>"$scratch/said"
is 'the APKBUILD: the shell parses it' '0 ' "$? $(cat "$scratch/said")"
is 'the APKBUILD: what it defines' 'all2all build issue mariadb package postgresql prepare ' \
	"$({ sh -c ". ./$apkbuild; echo \$pkgname"; sed -n 's/^\([a-z]*\)() {$/\1/p' $apkbuild | sort; } |
		tr '\n' ' ')"
if command -v shellcheck >/dev/null; then
	# Its variables are abuild's: set there, or read there.
	is 'the APKBUILD: shellcheck finds nothing' '' \
		"$(shellcheck -s sh -e SC2034,SC2154 -f gcc $apkbuild)"
fi

# Every library's dependency is in each of them, by the name of its pkg-config file or header.
is 'as many packages for building as libraries' "$(grep -c -e '-dev$' $apkbuild)" \
	"$(($(grep -c '^BuildRequires: .*-devel' $spec) + 1))"

# ---- musl ---------------------------------------------------------------------------------------
# The headers of libraries, without those of glibc, which lie in the same folders.
mkdir -p "$scratch/headers/sys"
for folder in /usr/include /usr/include/"$(cc -print-multiarch)"; do
	for name in security crack.h packer.h pwquality.h utf8proc.h xxhash.h xxh3.h \
		xxh_x86dispatch.h archive.h archive_entry.h sha1.h md5.h curl zlib.h zconf.h sqlite3.h jansson.h jansson_config.h bsd \
		libxml2 uuid argon2.h csv.h idn2.h cmark.h cmark_export.h cmark_version.h qpdf qrencode.h \
		pango-1.0 cairo glib-2.0 gmime-3.0 harfbuzz crypt.h unicode sha.h sha2.h postgresql mariadb; do
		[ -e "$folder/$name" ] && ln -sfn "$folder/$name" "$scratch/headers/$name"
	done
done
# OpenSSL's are in both folders.
mkdir "$scratch/headers/openssl"
ln -sf /usr/include/openssl/* /usr/include/"$(cc -print-multiarch)"/openssl/* \
	"$scratch/headers/openssl/"
# libxcrypt was built for glibc here, and takes these macros from it.
printf '#define __BEGIN_DECLS\n#define __END_DECLS\n#define __THROW\n#define __nonnull(x)\n' \
	>"$scratch/headers/sys/cdefs.h"
include=()
for folder in "$scratch"/headers{,/libxml2,/pango-1.0,/cairo,/glib-2.0,/gmime-3.0,/harfbuzz,/postgresql,/mariadb} \
	/usr/lib/*/glib-2.0/include; do
	include+=(-idirafter "$folder")
done
for folder in base dict guess guess/segment leaks policy generate message account audit mail sheets issue \
	webmail pam_all2all tools; do
	include+=("-I$folder")
done
compiled=0
for file in base/*.c dict/*.c guess/*.c leaks/*.c policy/*.c generate/*.c message/*.c account/*.c audit/*.c \
	mail/*.c webmail/*.c pam_all2all/*.c tools/*.c sheets/*.c issue/*.c; do
	case $file in
	sheets/service.c) ;;
	account/sql_postgresql.c) [ -e /usr/include/postgresql/libpq-fe.h ] || continue ;;
	account/sql_mariadb.c) [ -e /usr/include/mariadb/mysql.h ] || continue ;;
	sheets/* | issue/* | tools/all2all-issue.c | tools/all2all-setup.c) [ "${A2A_SHEETS-yes}" = no ] && continue ;;
	esac
	musl-gcc -fsyntax-only -std=gnu11 -Wall -Werror -include base/musl.h "${include[@]}" \
		"-I$A2A_BUILD/base" -DA2A_SOURCES_FILE='""' -DA2A_VERSION='""' \
		-DA2A_PAM_MODULE_DIR='""' "$file" >"$scratch/said" 2>&1
	is "$file compiles with musl" '0 ' "$? $(head -n 5 "$scratch/said")"
	compiled=$((compiled + 1))
done
is 'many sources were compiled' yes "$([ $compiled -gt 70 ] && echo yes)"
# Without our header it does not: the header is needed, and the test would notice.
musl-gcc -fsyntax-only -std=gnu11 -Wall -Werror "${include[@]}" "-I$A2A_BUILD/base" base/file.c \
	2>/dev/null
is 'without base/musl.h a source does not' 1 $?

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
