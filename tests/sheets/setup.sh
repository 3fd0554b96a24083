#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Reads the files that set up a mail program: xmllint checks them against the grammars beside this
# file; Python's plistlib and ElementTree compare them with the account.
set -u
export LC_ALL=C.UTF-8
umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"

cat >"$scratch/sheets.conf" <<'EOF'
organisation = Café <&"'> Ελλάς
domain = All2All.org
server = maximusconfessor.all2all.org
webmail = https://webmail.example.org/?a=1&b="'"
smtps_port = 1465
EOF
# An address cannot have a quotation mark, so sheets.conf cannot have one either.
"$1" "$scratch" autoconfig fr user0001 '' '' >"$scratch/xml" 2>"$scratch/err"
is 'a mistake in sheets.conf' 2 $?
like 'what it says' 'sheets.conf:4: webmail: ' "$(cat "$scratch/err")"
sed -i '/^webmail/s/=".*/=2/' "$scratch/sheets.conf"

# check LANGUAGE USER NAME MAIL: makes the files of an account and checks them
check() {
	local kind
	for kind in autoconfig mobileconfig; do
		"$test_setup" "$scratch" $kind "$@" >"$scratch/$kind" 2>"$scratch/err"
		is "$kind of $*" '0 ' "$? $(cat "$scratch/err")"
		"$test_setup" "$scratch" $kind "$@" | cmp -s - "$scratch/$kind"
		is "$kind of $*: the same bytes again" 0 $?
		if [ -n "$xmllint" ]; then
			is "$kind of $*: its grammar" "$scratch/$kind validates" \
				"$(xmllint --nonet --noout --relaxng "$A2A_SOURCE/tests/sheets/$kind.rng" "$scratch/$kind" 2>&1 | tail -n 1)"
		fi
		is "$kind of $*: no key for a password" 0 "$(grep -ciE \
			'<key>(incoming|outgoing)password<|<password>' "$scratch/$kind")"
	done
	is "what $* are told" '' "$(python3 "$A2A_SOURCE/tests/sheets/setup.py" \
		"$scratch/autoconfig" "$scratch/mobileconfig" "$@" 2>&1)"
}

test_setup=$1
xmllint=$(command -v xmllint)
check fr user0001 'Marie Delvaux' ''
check nl_BE.UTF-8 user0002 '' user0002@all2all.org
check de 'o<&>"'\''m' 'Jörg <b>&amp;"Ü"</b> '\''Groß'\' 'joerg@example.org'
check en-GB jan.smet@all2all.org 'Ελένη ]]> Παπαδοπούλου <!--' 'Jan@Smet.example.org'
check fr user0003@Smet.example.org '' ''
check fr 'é_è' 'Zoë 😀' zoe@example.org

# Two users are two accounts, even if their names differ only in characters that identifiers lack.
for user in a.b a_b a_2eb A.b a%b; do
	"$test_setup" "$scratch" mobileconfig fr "$user" '' a@all2all.org |
		sed -n '/PayloadUUID/{n;p;}'
done | sort | uniq -d >"$scratch/twice"
is 'no two users have one identifier' '' "$(cat "$scratch/twice")"

if [ -z "$xmllint" ]; then
	echo 'setup: xmllint is not installed, so the grammars were not checked' >&2
	[ "$wrong" = 0 ] || exit 1
	exit 77
fi
# The grammars refuse a password, a server without TLS, and a key with a value that is no string.
for change in 's/SSL/plain/' 's/password-cleartext/none/' '/<port>/d' 's/version="1.1"/version="1"/' \
	's/type="smtp"/type="imap"/' 's/<username>.*</<username></'; do
	sed "$change" "$scratch/autoconfig" >"$scratch/wrong"
	cmp -s "$scratch/wrong" "$scratch/autoconfig"
	is "autoconfig, $change: it is another file" 1 $?
	xmllint --noout --relaxng "$A2A_SOURCE/tests/sheets/autoconfig.rng" "$scratch/wrong" 2>/dev/null
	is "autoconfig, $change: refused" 3 $?
done
for change in 's/<true\/>/<false\/>/' 's/EmailTypeIMAP/EmailTypePOP/' 's/<integer>993/<integer>99393/' \
	's/OutgoingPasswordSameAsIncomingPassword/IncomingPassword/' '/EmailAddress/d' \
	's/<key>PayloadUUID.*/&<string>x<\/string>/'; do
	sed "$change" "$scratch/mobileconfig" >"$scratch/wrong"
	cmp -s "$scratch/wrong" "$scratch/mobileconfig"
	is "mobileconfig, $change: it is another file" 1 $?
	xmllint --nonet --noout --relaxng "$A2A_SOURCE/tests/sheets/mobileconfig.rng" "$scratch/wrong" 2>/dev/null
	is "mobileconfig, $change: refused" 3 $?
done

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
