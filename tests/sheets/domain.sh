#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests all2all-setup: the files that a web server publishes for a domain, its DNS records, and the
# signatures of profiles, which the command openssl verifies. tests/server/test_setup.py then lets a
# Thunderbird read them.
set -u
export LC_ALL=C.UTF-8
umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
. "$A2A_SOURCE/tests/lib/leaks_of_others.sh"
setup=$A2A_BUILD/tools/all2all-setup
rng=$A2A_SOURCE/tests/sheets
cd "$scratch" || exit 1
for program in xmllint openssl python3; do
	command -v $program >/dev/null || {
		echo "domain: there is no $program" >&2
		exit 77
	}
done

# run OPTION...: its status, what it printed and said
run() {
	"$setup" --sheets . "$@" >stdout 2>stderr
	status=$?
	said=$(sed 's/^all2all-setup: //' stderr)
}

# valid FILE GRAMMAR
valid() {
	is "$1: its grammar" "$1 validates" \
		"$(xmllint --nonet --noout --relaxng "$rng/$2.rng" "$1" 2>&1 | tail -n 1)"
}

# xpath FILE EXPRESSION: what it finds, a line each
xpath() {
	xmllint --xpath "$2" "$1" 2>/dev/null
}

configure() {
	printf '%s\n' "$@" >sheets.conf
}

# ---- The files ----------------------------------------------------------------------------------
plain=('organisation = ALL2ALL' 'domain = all2all.org' 'server = mail.all2all.org'
	'webmail = https://webmail.all2all.org/' 'smtps_port = 1465')
configure "${plain[@]}"
(umask 077 && "$setup" --sheets . --out out >stdout 2>stderr)
is 'the domain of sheets.conf' '0 ' "$? $(cat stderr)"
is 'its files' 'autodiscover/autodiscover.xml
de.mobileconfig
en.mobileconfig
fr.mobileconfig
mail/config-v1.1.xml
nl.mobileconfig' "$(cd out/all2all.org && find . -type f | sed 's,^\./,,' | sort)"
is 'the web server reads them, and writes none' '' \
	"$(find out ! -perm 755 -type d -o -type f ! -perm 644)"
cp stdout all2all.org.zone

file=out/all2all.org/mail/config-v1.1.xml
valid $file autoconfig
is 'whose addresses' '<domain>all2all.org</domain>' "$(xpath $file '//domain')"
is 'the user name' '%EMAILADDRESS% %EMAILADDRESS% %EMAILADDRESS%' \
	"$(echo $(xpath $file '//username/text()'))"
is 'the ports' '993 995 1465' "$(echo $(xpath $file '//port/text()'))"
is 'POP3 as on the sheet' 'false' \
	"$(xpath $file '//incomingServer[@type="pop3"]/pop3/leaveMessagesOnServer/text()')"

for language in fr nl de en; do
	file=out/all2all.org/$language.mobileconfig
	valid $file mobileconfig
	is "$file: it asks for the account" 0 "$(grep -c 'EmailAddress\|EmailAccountName\|Username' $file)"
done
is 'four languages' 4 "$(cat out/all2all.org/*.mobileconfig | grep '<string>.*mail.all2all.org\.' | sort -u | wc -l)"
is 'one profile, whatever its language' 4 \
	"$(cat out/all2all.org/*.mobileconfig | grep -c '<string>org.all2all.mailbox</string>')"

# Outlook, by the names of MS-OXDSCLI: each server, in its namespace
is 'Outlook' 'IMAP mail.all2all.org 993 on SSL on -
POP3 mail.all2all.org 995 on SSL on -
SMTP mail.all2all.org 1465 on SSL on on' "$(python3 - out/all2all.org/autodiscover/autodiscover.xml <<'END'
import sys
import xml.etree.ElementTree as ElementTree

base = "{http://schemas.microsoft.com/exchange/autodiscover/"
root = ElementTree.parse(sys.argv[1]).getroot()
assert root.tag == base + "responseschema/2006}Autodiscover", root.tag
name = base + "outlook/responseschema/2006a}"
account = root.find(f"{name}Response/{name}Account")
assert account.findtext(name + "AccountType") == "email"
assert account.findtext(name + "Action") == "settings"
for protocol in account.findall(name + "Protocol"):
    assert protocol.find(name + "LoginName") is None
    print(*(protocol.findtext(name + key, "-") for key in (
        "Type", "Server", "Port", "SSL", "Encryption", "AuthRequired", "UsePOPAuth")))
END
)"

# ---- DNS ----------------------------------------------------------------------------------------
# Each record, without the spaces that align it
is 'the records' '$ORIGIN all2all.org.
_imaps._tcp IN SRV 0 1 993 mail.all2all.org.
_pop3s._tcp IN SRV 10 1 995 mail.all2all.org.
_submissions._tcp IN SRV 0 1 1465 mail.all2all.org.
_imap._tcp IN SRV 0 0 0 .
_pop3._tcp IN SRV 0 0 0 .
_submission._tcp IN SRV 0 0 0 .
_autodiscover._tcp IN SRV 0 0 443 mail.all2all.org.
autoconfig IN CNAME mail.all2all.org.
autodiscover IN CNAME mail.all2all.org.
imap IN CNAME mail.all2all.org.
smtp IN CNAME mail.all2all.org.' "$(grep -v '^;' all2all.org.zone | tr -s ' ')"
if command -v named-checkzone >/dev/null; then
	{
		echo '$TTL 1h'
		echo '@ IN SOA ns.all2all.org. hostmaster.all2all.org. 1 1h 1h 1w 1h'
		echo '@ IN NS ns.all2all.org.'
		echo 'ns.all2all.org. IN A 192.0.2.1'
		echo 'mail.all2all.org. IN A 192.0.2.2'
		cat all2all.org.zone
	} >whole.zone
	like 'named-checkzone takes them' '^OK$' "$(named-checkzone all2all.org whole.zone 2>&1)"
fi

# ---- Domains that are hosted --------------------------------------------------------------------
configure "${plain[@]}" 'mx_domain = all2all.org' 'login_name = local-part'
run --out out klant.be Zweiter-Kunde.example
is 'two domains' '0 ' "$status $said"
for domain in klant.be Zweiter-Kunde.example; do
	file=out/$domain/mail/config-v1.1.xml
	valid $file autoconfig
	is "$domain: whose addresses" "<domain>$domain</domain> <domain purpose=\"mx\">all2all.org</domain>" \
		"$(echo $(xpath $file '//domain'))"
	is "$domain: the local part" '%EMAILLOCALPART% %EMAILLOCALPART% %EMAILLOCALPART%' \
		"$(echo $(xpath $file '//username/text()'))"
	like "$domain: its records" "^\\\$ORIGIN $domain\\.\$" "$(cat stdout)"
done
is 'no names that the certificate has not' 0 "$(grep -c '^\(imap\|smtp\) ' stdout)"
is 'Outlook takes the local part' 'off' "$(grep -o '<DomainRequired>[a-z]*' \
	out/klant.be/autodiscover/autodiscover.xml | sort -u | sed 's/.*>//')"
is 'no two domains have one identifier' 2 "$(cat out/*/fr.mobileconfig | grep -c '>be.klant.mailbox<\|>example.zweiter-kunde.mailbox<')"

for domain in '' . .. ../x a/b 'a b' @all2all.org é.be -a "$(printf 'a\001')"; do
	run --out refused -- "$domain"
	is "$domain: refused" 2 $status
	like "$domain: what it says" 'is not the name of a domain|control character' "$said"
done
is 'nothing is left of them' '' "$(ls -A refused)"
configure 'server = mail.all2all.org'
run --out none
is 'no domain' '2 no domain is named: name one, or set domain in sheets.conf' "$status $said"
run
is 'no place' 2 $status
configure "${plain[@]}" 'login_name = user'
run --out none
like 'no such login name' 'sheets.conf:6: login_name: "user" is none of address local-part' "$said"

# ---- Names --------------------------------------------------------------------------------------
# cut ORGANISATION NAME SHORT
cut_to() {
	configure "organisation = $1" 'domain = all2all.org' 'server = mail.all2all.org'
	run --out cut
	valid cut/all2all.org/mail/config-v1.1.xml autoconfig
	is "$1: the name" "$2" "$(xpath cut/all2all.org/mail/config-v1.1.xml '//displayName/text()')"
	is "$1: the short name" "$3" "$(xpath cut/all2all.org/mail/config-v1.1.xml '//displayShortName/text()')"
}
cut_to '12345678901234567890' 12345678901234567890 12345678901234567890
cut_to '123456789012345678901' 123456789012345678901 12345678901234567890
cut_to 'Les Amis de la Messagerie' 'Les Amis de la Messagerie' 'Les Amis de la'
cut_to 'Les Amis de l’Hôtel à Huy' 'Les Amis de l’Hôtel à Huy' 'Les Amis de l’Hôtel'
cut_to "$(printf 'é%.0s' {1..70})" "$(printf 'é%.0s' {1..60})" "$(printf 'é%.0s' {1..20})"
# A letter and its accent are one character to those who read it.
cut_to "1234567890123456789e$(printf '\u0301')" "1234567890123456789e$(printf '\u0301')" 1234567890123456789
cut_to "Stichting $(printf 'wel %.0s' {1..20})" \
	"Stichting wel wel wel wel wel wel wel wel wel wel wel wel" 'Stichting wel wel'

# ---- Signatures ---------------------------------------------------------------------------------
# request NAME OPTION...: a certificate NAME.pem and its key, $kind of which is made quickly
kind='ec -pkeyopt ec_paramgen_curve:prime256v1'
request() {
	local name=$1
	shift
	# shellcheck disable=SC2086 # words
	openssl req -x509 -newkey $kind -nodes -keyout "$name.key" -out "$name.pem" -subj "/CN=$name" \
		"$@" 2>openssl.log || cat openssl.log >&2
}
request ca -days 2 -addext keyUsage=critical,keyCertSign
request between -days 2 -CA ca.pem -CAkey ca.key -addext keyUsage=critical,keyCertSign \
	-addext basicConstraints=critical,CA:TRUE
kind=rsa:2048 request mail -days 2 -CA between.pem -CAkey between.key -addext basicConstraints=critical,CA:FALSE
request other -days 2
cat mail.pem between.pem >chain.pem
chmod 600 ./*.key
# As certbot leaves them
mkdir live && ln -s ../chain.pem live/fullchain.pem && ln -s ../mail.key live/privkey.pem
signing=("sign_certificate = $scratch/live/fullchain.pem" "sign_key = $scratch/live/privkey.pem")

# verified FILE AUTHORITY: the profile in it, if the signature is one of that authority's
verified() {
	openssl cms -verify -inform DER -in "$1" -CAfile "$2" -purpose any 2>openssl.log
}
configure "${plain[@]}"
run --out plain
configure "${plain[@]}" "${signing[@]}"
run --out signed
is 'with a certificate and a key' '0 ' "$status $said"
for language in fr nl de en; do
	verified signed/all2all.org/$language.mobileconfig ca.pem >profile
	is "$language: the signature is good" 0 $?
	cmp -s profile plain/all2all.org/$language.mobileconfig
	is "$language: of the profile as it would be without" 0 $?
done
verified signed/all2all.org/fr.mobileconfig other.pem >profile
is 'another authority did not sign it' 4 $?
sed 's/993/994/' signed/all2all.org/fr.mobileconfig >changed
verified changed ca.pem >profile
is 'what is changed is not signed' 4 $?
cmp -s signed/all2all.org/mail/config-v1.1.xml plain/all2all.org/mail/config-v1.1.xml
is 'what is no profile is not signed' 0 $?

# An account's, by all2all-issue. The user need not exist for a hash.
issue=$A2A_BUILD/tools/all2all-issue
run_issue() {
	"$issue" --sheets . --hash=sha512 --lang fr --format text --setup --out "$1" user0001 >stdout 2>stderr
}
run_issue issued
is 'all2all-issue signs too' 0 $?
verified issued/user0001.mobileconfig ca.pem >profile
is 'a good signature' 0 $?
like 'of the profile' '<string>user0001@all2all.org</string>' "$(cat profile)"
valid profile mobileconfig

# Many at once, by several threads with one key
{
	echo user
	printf 'user%04d\n' {1..24}
} >list.csv
"$issue" --sheets . --hash=sha512 --lang nl --format text --setup --jobs 8 --out many --csv list.csv \
	>stdout 2>stderr
is 'many at once' 0 $?
good=0
for file in many/*.mobileconfig; do
	verified "$file" ca.pem | grep -q "<string>$(basename "$file" .mobileconfig)@all2all.org<" &&
		good=$((good + 1))
done
is 'each has a good signature, of its own profile' 24 $good

# An elliptic curve, as certbot makes them today
request curve -days 2
configure "${plain[@]}" "sign_certificate = $scratch/curve.pem" "sign_key = $scratch/curve.key"
run --out curve
verified curve/all2all.org/de.mobileconfig curve.pem >/dev/null
is 'an elliptic curve' "0 0 " "$? $status $said"

# refused WHAT PATTERN CERTIFICATE KEY
refused() {
	configure "${plain[@]}" ${3:+"sign_certificate = $3"} ${4:+"sign_key = $4"}
	run --out wrong
	is "$1: refused" 2 $status
	like "$1: what it says" "$2" "$said"
	is "$1: nothing is made" '' "$(ls -A wrong 2>/dev/null)"
}
openssl pkey -in mail.key -aes128 -passout pass:secret -out locked.key
openssl x509 -in other.pem -signkey other.key -days -1 -out expired.pem 2>openssl.log ||
	openssl req -x509 -key other.key -subj /CN=expired -not_before 20200101000000Z \
		-not_after 20200102000000Z -out expired.pem
cp mail.key loose.key && chmod 666 loose.key
{ cat mail.pem; sed '3s/./!/' between.pem; } >damaged.pem
: >empty
refused 'no key' 'belong together' "$scratch/chain.pem" ''
refused 'no certificate' 'belong together' '' "$scratch/mail.key"
refused 'a key that is not there' '/none: .*is not there' "$scratch/chain.pem" "$scratch/none"
refused 'a key of another' 'is not the key of the certificate in .*chain.pem' "$scratch/chain.pem" \
	"$scratch/other.key"
refused 'a key with a passphrase' 'has no key in PEM.*without a passphrase' "$scratch/chain.pem" \
	"$scratch/locked.key"
refused 'a key that others may write' 'loose.key: ' "$scratch/chain.pem" "$scratch/loose.key"
refused 'an empty file' 'empty: has no certificate in PEM' "$scratch/empty" "$scratch/mail.key"
refused 'a damaged chain' 'has a damaged certificate' "$scratch/damaged.pem" "$scratch/mail.key"
refused 'an expired certificate' 'is expired' "$scratch/expired.pem" "$scratch/other.key"
run_issue wrong
is 'all2all-issue: refused' 2 $?
is 'before a password is made' '' "$(cat stdout; ls -A wrong 2>/dev/null)"
refused 'a relative path' 'is not an absolute path' chain.pem "$scratch/mail.key"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
