#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Checks the rules for rooms that the build cannot check. The dependencies in meson.build decide
# which headers a room may include. This test checks which functions its code may call, what it may
# keep in memory, and what the module exports.
set -eu
cd "$A2A_SOURCE"
wrong=0

complain() {
	echo "layers: $*" >&2
	wrong=1
}

rooms='base dict guess leaks policy generate message account audit mail sheets issue webmail pam_all2all
	tools'

# A path in an #include would bypass the dependencies.
grep -rn --include='*.[ch]' '^#include "[^"]*/' $rooms &&
	complain "headers are included by name, not by path"

# includes_only_in INCLUDES FILE...: nothing else has an #include that begins so
includes_only_in() {
	includes=$1
	shift
	for file in $(grep -rlE --include='*.[ch]' "^#include ($includes)" $rooms); do
		case " $* " in
		*" $file "*) ;;
		*) complain "$file includes $includes" ;;
		esac
	done
}
# only_in LIBRARY'S_HEADERS FILE...: nothing else includes them
only_in() {
	headers=$1
	shift
	includes_only_in "<($headers)" "$@"
}
only_in sqlite3 audit/store.c
only_in gmime mail/notice.c mail/show.c
only_in crack policy/second_opinion.c
only_in csv base/spreadsheet.c issue/list.c
only_in idn2 base/address.c
only_in 'libxml|uuid' sheets/setup.c
only_in 'pango|cairo-pdf' sheets/pdf.c
only_in cairo sheets/picture.h sheets/pdf.c
only_in qrencode sheets/picture.h
only_in openssl sheets/sign.c
only_in qpdf sheets/tagged.c
only_in cmark sheets/template.h sheets/pages.h
only_in 'pwd\.h' account/who.c
only_in shadow account/unix_password.c
only_in 'security/pam_appl' account/conversation.h
only_in spawn base/process.c base/musl.h
only_in sha1 leaks/leaks.c
only_in 'curl|md5|zlib' leaks/leaks_web.c
only_in libpq-fe account/sql_postgresql.c
only_in 'mysql|errmsg' account/sql_mariadb.c
only_in resolv account/stored.c leaks/leaks_web.c

# Nobody but the store knows how the history is kept.
for file in $(grep -rl sqlite3 $rooms); do
	case $file in
	audit/store.c | audit/meson.build) ;;
	*) complain "$file speaks of sqlite3" ;;
	esac
done

# Of libraries, dict/ knows libc, the compiler, utf8proc and xxhash; to read lists, libarchive.
known='archive|archive_entry|assert|dirent|endian|err|errno|fcntl|immintrin|math|signal|stdalign|
stdbool|stddef|stdint|stdio|stdlib|string|sys/mman|sys/stat|unistd|utf8proc|xxh_x86dispatch|xxhash'
known=$(echo "$known" | tr -d '\n')
for line in $(grep -Ho '^#include <[^>]*>' dict/*.[ch] | sed 's/:#include </:/; s/>$//'); do
	echo "${line#*:}" | grep -Eqx "($known)\.h" || complain "${line%%:*} includes <${line#*:}>"
done

# Asking a filter of leaked passwords needs nothing that making one needs.
includes_only_in '"leaks_(batch|build|feed|fetch|inspect|install|ranges|sample|sort|source|web|writer)\.h"' \
	leaks/*.[ch] tools/all2all-leaks.c

# Whoever may include one header of a room finds its other ones too. Those of policy/ that are for
# policy/ alone; and those of dict/ that make a lexicon, which is nothing for who reads one.
includes_only_in '"(dictionary|filters|name|opened|second_opinion)\.h"' policy/*.[ch]
# A mail needs to know of the service, and nothing of its sheets.
includes_only_in '"(input|pages|picture|setup|sheet|tagged|template|wording)\.h"' sheets/*.[ch] issue/*.[ch] \
	tools/all2all-setup.c
includes_only_in '"(compile|complain|inspect|lists|sources|train|words)\.h"' dict/*.[ch] \
	tools/all2all-dict.c

# ---- The pure rooms ---------------------------------------------------------------------------
# These rooms ask nobody, print nothing, and keep nothing in the program that loads them.
forbidden='pam_.*|getpw.*|getgr.*|getenv|secure_getenv|setenv|putenv|setlocale|newlocale|uselocale|
syslog|vsyslog|__syslog_chk|printf|__printf_chk|puts|putchar|fprintf|__fprintf_chk|perror|warn.*|
err|errx|exit|_exit|abort|stdout|stderr|stdin|system|popen|fork|exec.*|signal|sigaction|chdir|umask|
FascistCheck|FascistCheckUser|FascistGecos|pwquality_read_config|pwquality_generate|rand|srand|random|
sqlite3_(shutdown|config|auto_extension)'
forbidden=$(echo "$forbidden" | tr -d '\n')

# pure LIBRARY [EXCEPTION]: a library, as ROOM or as ROOM/NAME when it is not the room's only one. An
# exception is a call that it may make.
pure() {
	library=$A2A_BUILD/${1%/*}/lib${1#*/}.a
	called=$(nm -u "$library" | sed -n 's/^ *U \([^@]*\).*/\1/p' | sort -u)
	[ -n "$called" ] || complain "nm shows nothing of $library"
	for name in $(echo "$called" | grep -Ex "$forbidden" | grep -Evx "${2-}" || true); do
		complain "$1/ calls $name"
	done
	# b, d: writable data; the read-only tables with pointers in them are in d's place
	# .data.rel.ro. An address sanitizer keeps a byte of its own for each table that several
	# files see.
	for name in $(nm "$library" | awk '$2 ~ /^[bBcCdDgGsS]$/ && $3 !~ /^__odr_asan/ { print $3 }'); do
		# This lock lets only one thread at a time ask cracklib, which has writable
		# variables of its own.
		[ "$1 $name" != 'policy one_at_a_time' ] || continue
		objdump -t "$library" 2>/dev/null | grep -E " $name\$" | grep -q '\.data\.rel\.ro' ||
			complain "$1/ keeps $name in writable memory"
	done
}
for library in base base/address dict dict/offensive guess leaks policy generate message audit/record audit; do
	pure $library
done
# Compiling a lexicon blocks signals, but never ends the program, not even without memory.
pure dict/dict-build
pure leaks/leaks-build
pure leaks/leaks-fetch
pure sheets/service
# cmark cannot be told that memory is out, and then ends the program.
[ "${A2A_SHEETS-yes}" = no ] || pure sheets abort
pure mail

# ---- The module -------------------------------------------------------------------------------
# The module exports its entry points for PAM, and nothing else.
module=$A2A_BUILD/pam_all2all/pam_all2all.so
exported=$(nm -D --defined-only "$module" | awk '{ print $3 }' | grep -v '^__\?asan\|^__odr' || true)
[ "$(echo $exported)" = 'pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok pam_sm_setcred' ] ||
	complain "pam_all2all.so exports: $exported"

# At login nothing may wait, so there is no database; nor in what a web page waits for.
for binary in "$module" "$A2A_BUILD"/tools/all2all-passwd; do
	readelf -dW "$binary" | grep -q 'NEEDED.*sqlite' && complain "$binary needs SQLite"
done

# Only a driver brings the client library of a database, and a driver exports nothing but its table.
for binary in "$module" "$A2A_BUILD"/tools/all2all-*; do
	case $binary in
	*.p) continue ;;
	esac
	readelf -dW "$binary" | grep -E 'NEEDED.*(libpq|libmariadb|libldap|libgssapi)' &&
		complain "$binary needs the library of a database"
done
for driver in "$A2A_BUILD"/account/sql_*.so; do
	[ -e "$driver" ] || continue
	[ "$(nm -D --defined-only "$driver" | awk '{ print $3 }' | grep -v '^__\?asan\|^__odr')" = a2a_sql_driver ] ||
		complain "$driver exports more than its table"
done

# Of what is installed, only what mails and what makes sheets needs libidn2.
for binary in "$module" "$A2A_BUILD"/tools/all2all-*; do
	case $binary in
	*/all2all-audit | */all2all-issue | */all2all-setup | *.p) continue ;;
	esac
	readelf -dW "$binary" | grep -q 'NEEDED.*idn2' && complain "$binary needs libidn2"
done

# Nothing but all2all-leaks needs what fetches from a service.
for binary in "$module" "$A2A_BUILD"/tools/all2all-*; do
	case $binary in
	*/all2all-leaks | *.p) continue ;;
	esac
	readelf -dW "$binary" | grep -q 'NEEDED.*libcurl' && complain "$binary needs libcurl"
done

# Nothing but all2all-audit needs what mails are made with.
for binary in "$module" "$A2A_BUILD"/tools/all2all-*; do
	case $binary in
	*/all2all-audit | *.p) continue ;;
	esac
	readelf -dW "$binary" | grep -q 'NEEDED.*\(gmime\|gpgme\)' && complain "$binary needs GMime"
done

# Nothing but all2all-issue needs what sheets are made with; all2all-setup needs what set-up files are.
for binary in "$module" "$A2A_BUILD"/tools/all2all-*; do
	libraries='pango|cairo|libxml2|uuid|cmark|crypto|qpdf|qrencode'
	case $binary in
	*/all2all-issue | *.p) continue ;;
	*/all2all-setup) libraries='pango|cairo|cmark|qpdf|qrencode' ;;
	esac
	readelf -dW "$binary" | grep -E "NEEDED.*($libraries)" &&
		complain "$binary needs what sheets are made with"
done

# Hardening, on everything that is installed.
commands='audit dict issue leaks passwd pwcheck pwgen setup'
[ "${A2A_SHEETS-yes}" = no ] && commands='audit dict leaks passwd pwcheck pwgen'
for name in pam_all2all/pam_all2all.so account/sql_postgresql.so account/sql_mariadb.so $(printf 'tools/all2all-%s ' $commands); do
	binary=$A2A_BUILD/$name
	# A driver is built where its library is.
	case $name in
	account/*) [ -e "$binary" ] || continue ;;
	esac
	readelf -lW "$binary" | grep -q GNU_RELRO || complain "$binary: no RELRO"
	readelf -dW "$binary" | grep -Eq 'BIND_NOW|NOW' || complain "$binary: lazy binding"
	readelf -hW "$binary" | grep -q 'Type: *DYN' || complain "$binary: not position-independent"
	readelf -lW "$binary" | grep GNU_STACK | grep -q 'RWE' && complain "$binary: executable stack"
	readelf -sW "$binary" | grep -q '__stack_chk_fail' || complain "$binary: no stack protector"
done
exit $wrong
