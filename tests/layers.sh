#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The layers of the house, held by what is included and what is linked, not by goodwill:
# doors include policy.h (and secret.h); policy/ sees dict/text.h, lexicon.h and packed.h; dict/
# sees nothing of ours; the engine asks nobody, says nothing and keeps nothing.
set -eu
cd "$A2A_SOURCE"
wrong=0

complain() {
	echo "layers: $*" >&2
	wrong=1
}

# includes FILE...: "file:header" for each header of ours
includes() {
	grep -Ho '^#include "[^"]*"' "$@" | sed 's/:#include "/:/; s/"$//'
}

# allowed PATTERN FILE...: every header of ours that is included must match
allowed() {
	pattern=$1
	shift
	for line in $(includes "$@"); do
		echo "${line#*:}" | grep -Eqx "$pattern" || complain "${line%%:*} includes ${line#*:}"
	done
}

allowed '(compile|inspect|leaked|lexicon|offensive|packed|text|words)\.h' dict/*.[ch]
# Of libraries, dict/ knows libc's headers, the compiler's, utf8proc's and xxhash's.
for line in $(grep -Ho '^#include <[^>]*>' dict/*.[ch] | sed 's/:#include </:/; s/>$//'); do
	echo "${line#*:}" | grep -Eqx '(archive|archive_entry|dirent|endian|err|errno|fcntl|immintrin|math|signal|stdalign|stdbool|stddef|stdint|stdio|stdlib|string|sys/stat|unistd|utf8proc|xxh_x86dispatch|xxhash)\.h' ||
		complain "${line%%:*} includes <${line#*:}>"
done
allowed '(catalogue|dictionary|file|guess|internal|keyboard|lattice|name|paths|pattern|policy|second_opinion|secret|word)\.h|\.\./dict/(lexicon|offensive|packed|text)\.h' \
	policy/*.[ch]
allowed '(door|policy|secret|paths)\.h|\.\./audit/store\.h' pam_all2all/*.[ch]
# The record knows verdicts and rules by their names, nobody knows how it is kept.
allowed '(policy|store)\.h' audit/*.[ch]
for file in $(grep -l sqlite3 audit/* pam_all2all/* policy/* dict/*.[ch] tools/* 2>/dev/null); do
	case $file in
	audit/store.c | audit/meson.build) ;;
	*) complain "$file speaks of sqlite3" ;;
	esac
done
# The sheets and set-up files know their own headers, and nothing of the engine's inside.
own=$(cd sheets && echo *.h | sed 's/\.h//g; s/ /|/g')
allowed "(policy|secret|$own)\.h" sheets/*.[ch]
# Of the room, one file speaks XML and makes identifiers.
for file in $(grep -lE '#include <(libxml|uuid)/' sheets/*.[ch]); do
	[ "$file" = sheets/setup.c ] || complain "$file includes libxml2 or libuuid"
done
# Who of it parses templates, draws and encodes.
keeps_to() {
	pattern=$1
	shift
	for file in $(grep -lE "^#include <($pattern)" sheets/*.[ch]); do
		case " $* " in
		*" ${file#sheets/} "*) ;;
		*) complain "$file includes <$pattern>" ;;
		esac
	done
}
keeps_to 'pango|cairo-pdf' pdf.c
keeps_to cairo picture.h pdf.c
keeps_to qrencode picture.h
keeps_to cmark template.h pages.h
# What issues passwords knows no sheets, and of the engine what any door does.
own=$(cd issue && echo *.h | sed 's/\.h//g; s/ /|/g')
allowed "(policy|secret|$own)\.h" issue/*.[ch]
# One file reads and writes lists, one sets passwords, and its conversation has a frame.
for pair in csv:list pwd:backend shadow:backend security/pam_appl:backend; do
	for file in $(grep -lE "#include <${pair%:*}\.h>" issue/*.[ch]); do
		[ "$file" = "issue/${pair#*:}.c" ] || [ "$pair $file" = "security/pam_appl:backend issue/conversation.h" ] ||
			complain "$file includes <${pair%:*}.h>"
	done
done
allowed "(policy|secret|paths|command|hash|notice|progress|spelling)\.h|\.\./issue/($own)\.h|\.\./sheets/(setup|sheet)\.h" \
	tools/all2all-issue.c
allowed '(policy|secret|paths|command|fields|progress|spelling)\.h|\.\./dict/(compile|inspect|lexicon|text|words)\.h' \
	tools/all2all-dict.c
allowed '(policy|secret|paths|command|notice)\.h|\.\./audit/store\.h' tools/all2all-audit.c
for file in tools/*.[ch]; do
	case $file in
	tools/all2all-dict.c | tools/all2all-audit.c | tools/all2all-issue.c | tools/all2all-passwd.c) ;;
	*) allowed '(policy|secret|paths|command|fields|hash|notice|progress|spelling)\.h' "$file" ;;
	esac
done

allowed '(policy|secret|paths|command|fields)\.h|\.\./issue/conversation\.h' tools/all2all-passwd.c

# What the engine must not call, nor hold. These are the static library's objects.
library=$A2A_BUILD/policy/libpolicy.a
forbidden='pam_.*|getpw.*|getgr.*|getenv|secure_getenv|setenv|putenv|setlocale|newlocale|uselocale|
syslog|vsyslog|__syslog_chk|printf|__printf_chk|puts|putchar|fprintf|__fprintf_chk|perror|warn.*|
err|errx|exit|_exit|abort|stdout|stderr|stdin|system|popen|fork|exec.*|signal|sigaction|chdir|umask|
FascistCheck|FascistCheckUser|FascistGecos|pwquality_read_config|pwquality_generate|rand|srand|random'
forbidden=$(echo "$forbidden" | tr -d '\n')
called=$(nm -u "$library" | sed -n 's/^ *U \([^@]*\).*/\1/p' | sort -u)
[ -n "$called" ] || complain "nm shows nothing of $library"
for name in $(echo "$called" | grep -Ex "$forbidden" || true); do
	complain "the engine calls $name"
done
# b, d: writable data; the read-only tables with pointers in them are in d's place .data.rel.ro.
# An address sanitizer keeps a byte of its own for each table that several files see.
writable=$(nm "$library" | awk '$2 ~ /^[bBcCdDgGsS]$/ && $3 !~ /^__odr_asan/ { print $3 }')
for name in $writable; do
	objdump -t "$library" 2>/dev/null | grep -E " $name\$" | grep -q '\.data\.rel\.ro' ||
		complain "the engine keeps $name in writable memory"
done

# The record asks nobody either, and keeps nothing in the program that it is a guest of.
library=$A2A_BUILD/audit/libaudit.a
for name in $(nm -u "$library" | sed -n 's/^ *U \([^@]*\).*/\1/p' | sort -u |
	grep -Ex "$forbidden|sqlite3_(shutdown|config|auto_extension)" || true); do
	complain "the audit's store calls $name"
done
for name in $(nm "$library" | awk '$2 ~ /^[bBcCdDgGsS]$/ { print $3 }'); do
	objdump -t "$library" 2>/dev/null | grep -E " $name\$" | grep -q '\.data\.rel\.ro' ||
		complain "the audit's store keeps $name in writable memory"
done

# Nor do the sheets and set-up files. abort() is theirs: cmark cannot be told that memory is out.
library=$A2A_BUILD/sheets/libsheets.a
called=$(nm -u "$library" | sed -n 's/^ *U \([^@]*\).*/\1/p' | sort -u)
[ -n "$called" ] || complain "nm shows nothing of $library"
for name in $(echo "$called" | grep -Ex "$forbidden" | grep -vx abort || true); do
	complain "the sheets call $name"
done
for name in $(nm "$library" | awk '$2 ~ /^[bBcCdDgGsS]$/ { print $3 }'); do
	objdump -t "$library" 2>/dev/null | grep -E " $name\$" | grep -q '\.data\.rel\.ro' ||
		complain "the sheets keep $name in writable memory"
done

# The module shows PAM its entry points and nobody anything else.
module=$A2A_BUILD/pam_all2all/pam_all2all.so
exported=$(nm -D --defined-only "$module" | awk '{ print $3 }' | grep -v '^__\?asan\|^__odr' || true)
[ "$(echo $exported)" = 'pam_sm_acct_mgmt pam_sm_authenticate pam_sm_chauthtok pam_sm_setcred' ] ||
	complain "pam_all2all.so exports: $exported"

# Hardening, on everything that is installed.
for binary in "$module" "$A2A_BUILD"/tools/all2all-audit "$A2A_BUILD"/tools/all2all-issue \
	"$A2A_BUILD"/tools/all2all-passwd \
	"$A2A_BUILD"/tools/all2all-pwcheck "$A2A_BUILD"/tools/all2all-pwgen \
	"$A2A_BUILD"/dict/all2all-dict; do
	readelf -lW "$binary" | grep -q GNU_RELRO || complain "$binary: no RELRO"
	readelf -dW "$binary" | grep -Eq 'BIND_NOW|NOW' || complain "$binary: lazy binding"
	readelf -hW "$binary" | grep -q 'Type: *DYN' || complain "$binary: not position-independent"
	readelf -lW "$binary" | grep GNU_STACK | grep -q 'RWE' && complain "$binary: executable stack"
	readelf -sW "$binary" | grep -q '__stack_chk_fail' || complain "$binary: no stack protector"
done
exit $wrong
