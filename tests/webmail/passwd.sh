#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# all2all-passwd as the webmail runs it, with the stack that is shipped for it, the real pam_unix,
# /etc/shadow and sudo, and the driver for Roundcube in the real PHP.
#
# All of it happens in a mount namespace of its own, where /etc, /run and /dev are other folders: the
# machine's files are never touched. That needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

# ---- A private /etc --------------------------------------------------------------------------
. "$A2A_SOURCE/tests/lib/own_etc.sh"

folder=$(mktemp -d "${TMPDIR:-/tmp}/test_passwd.XXXXXX") || exit 1
logger=
state=
finish() {
	[ -z "$logger" ] || kill "$logger" 2>/dev/null
	umount /etc /run /dev/pts /dev ${state:+"$state"} 2>/dev/null
	umount "$folder" 2>/dev/null
	rmdir "$folder" 2>/dev/null
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
mount -t tmpfs -o mode=755,dev,suid all2all "$folder" || skip "no tmpfs can be mounted here"
mkdir "$folder/run" "$folder/dev" "$folder/dev/pts" "$folder/bin"
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty "$folder/dev" ||
	skip "there can be no devices of our own here"
ln -s /proc/self/fd "$folder/dev/fd"
ln -s pts/ptmx "$folder/dev/ptmx"
cp -a /etc "$folder/etc" && mount --bind "$folder/etc" /etc && mount --bind "$folder/run" /run &&
	mount --bind "$folder/dev" /dev || exit 1
# Without terminals, their signals are not tried.
mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
for private in /etc /run /dev; do
	[ "$(stat -c %d $private)" = "$(stat -c %d "$folder")" ] || exit 1
done
. "$A2A_SOURCE/tests/lib/expect.sh"

user=a2apeeters
uid=54321
web=54322
first=p4wzt8nqk2
second=k7mvtq2xr9
third=w8kzt3vqm5xd
printf 'passwd: files\nshadow: files\ngroup: files\n' >/etc/nsswitch.conf
{
	echo "$user:x:$uid:$uid:Marie Delvaux,,,:/nonexistent:/bin/sh"
	echo "a2asystem:x:999:999::/nonexistent:/bin/sh"
	echo "a2aweb:x:$web:$web::/nonexistent:/bin/sh"
} >>/etc/passwd
printf '%s\n' "$user:x:$uid:" "a2asystem:x:999:" "a2aweb:x:$web:" >>/etc/group
for name in $user a2asystem a2aweb; do
	echo "$name:!:19000:0:99999:7:::" >>/etc/shadow
done
mkdir -p /etc/security
rm -f /etc/security/pwquality.conf /etc/security/faillock.conf

# All that is logged, for there is to be no password in it.
python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/dev/log")
log = open(sys.argv[1], "ab", buffering=0)
while True:
    log.write(s.recv(65536) + b"\n")' "$folder/log" &
logger=$!
while ! [ -S /dev/log ]; do sleep 0.05; done
chmod 666 /dev/log

# The state directory is where the program looks for it, in a folder of the test.
store=$(sed -n 's/^#define A2A_AUDIT_STORE "\(.*\)"$/\1/p' "$A2A_BUILD/base/paths.h")
tries=$(sed -n 's/^#define A2A_TRIES "\(.*\)"$/\1/p' "$A2A_BUILD/base/paths.h")
state=${tries%/*/*}
mkdir "$folder/state"
mount --bind "$folder/state" "$state" && [ "$(stat -c %d "$state")" = "$(stat -c %d "$folder")" ] ||
	exit 1

# ---- As installed ----------------------------------------------------------------------------
# Copies, so that the configuration is /etc's, and because a PAM line takes no path with spaces.
passwd=$folder/bin/all2all-passwd
drive=$A2A_BUILD/tests/pam_drive
cp "$A2A_BUILD/tools/all2all-passwd" "$passwd"
cp "$A2A_BUILD/pam_all2all/pam_all2all.so" "$folder/bin"
cp "$A2A_BUILD/dict/words/lexicon" "$folder/lexicon"
ln -s "$A2A_BUILD" "$folder/build"

# configure [LINE...]: the configuration, with the build's dictionaries
configure() {
	sed "s|= $A2A_BUILD|= $folder/build|; s|^lexicon .*|lexicon = $folder/lexicon|" \
		"$A2A_BUILD/uninstalled.conf" >/etc/security/all2all.conf
	printf '%s\n' "$@" >>/etc/security/all2all.conf
	chmod 644 /etc/security/all2all.conf
}

# stack [SED...]: the stack that is shipped, changed
stack() {
	sed -e "s|pam_all2all.so|$folder/bin/pam_all2all.so|" "$@" \
		"$A2A_SOURCE/webmail/pam.d/all2all-passwd" >/etc/pam.d/all2all-passwd
}
printf '%s\n' 'auth required pam_unix.so nodelay' 'account required pam_unix.so' \
	'password required pam_unix.so yescrypt' >/etc/pam.d/a2alogin

# lets_in PASSWORD [USER]: yes or no
lets_in() {
	if printf '%s\n' "$1" | "$drive" - a2alogin "${2-$user}" authenticate >/dev/null 2>&1; then
		echo yes
	else
		echo no
	fi
}

# start_with PASSWORD [USER]: sets it past every policy
start_with() {
	printf '%s\n%s\n' "$1" "$1" | "$drive" - a2alogin "${2-$user}" chauthtok >/dev/null 2>&1
	rm -f "$tries"
	is 'the starting password lets in' yes "$(lets_in "$1" "${2-$user}")"
}

# fields NAME=VALUE...: as netstrings
fields() {
	local field
	for field; do
		printf '%d:%s,' "${#field}" "$field"
	done
}

# ask ARGUMENT|'' FIELD...: "EXIT CODE|LINES", and the time in $folder/time
ask() {
	local mode=$1 begin code out=$folder/out.$BASHPID
	shift
	begin=$(date +%s%N)
	# shellcheck disable=SC2086 # no argument at all when it is empty
	fields "$@" | "$passwd" $mode >"$out" 2>>"$folder/err"
	code=$?
	echo "$((($(date +%s%N) - begin) / 1000000))" >>"$folder/time"
	echo "$code|$(cat "$out")"
}

change() {
	ask '' "user=$user" lang=nl host=192.0.2.7 "$@"
}

# ---- Asking ----------------------------------------------------------------------------------
configure
stack
start_with $first
like 'the rules in Dutch' '^0\|Minstens 8 tekens, met minstens één letter en één cijfer$' \
	"$(ask --rules lang=nl_BE)"
is 'the rules are three lines' 3 "$(ask --rules lang=fr | wc -l)"
configure 'min_length = 12' 'min_digits = 2' 'min_letters = 0' 'dictcheck = no' 'difok = 0' \
	'min_guesses = 0' 'person_rest = 0' 'second_opinion = no'
is 'the rules as they are set' $'0|Mindestens 12 Zeichen\nMindestens 2 Ziffern' \
	"$(ask --rules lang=de)"
configure 'profile = nist' 'difok = 4'
is 'the rules of a profile' $'0|At least 15 characters
Not just your name, your user name or the name of the mail service
Not the old password or one much like it, and none that is known from a leak
No word of a dictionary alone
Nothing that is easy to guess: a year, a date, neighbouring keys (qwerty), a repetition' \
	"$(ask --rules lang=en)"
configure 'profile = anssi'
like 'the kinds that a profile asks for' \
	'^0\|Au moins 12 caractères.Types de caractères : une minuscule, .* à partir de 20 ' \
	"$(ask --rules lang=fr | tr '\n' ' ')"
# ---- Proposing ---------------------------------------------------------------------------
configure
# proposed FIELD...: the spelling; the password becomes $password
proposed() {
	local answer
	answer=$(ask --propose "$@")
	like "proposed: $*" '^0\|[A-Za-z0-9]{12}$' "${answer%%$'\n'*}"
	password=${answer%%$'\n'*}
	password=${password#0|}
	spelling=${answer#*$'\n'}
	is "a line for each character: $*" 12 "$(wc -l <<<"$spelling")"
}
# is_named WORD FIELD...: a capital is named with the word, and nothing else is
is_named() {
	local word=$1 i line=0
	shift
	proposed "$@"
	while read -r name; do
		i=${password:line++:1}
		if [[ $i == [A-Z] ]]; then
			like "$i: $name" "^$word.." "$name"
		elif [[ $i == [a-z] ]]; then
			is "$i: $name" no "$([[ $name == $word* ]] && echo yes || echo no)"
		fi
	done <<<"$spelling"
}
is_named majuscule user=$user lang=fr_FR
is_named hoofdletter user=$user lang=nl_BE
is_named Großbuchstabe user=$user lang=de_CH
is_named capital user=$user lang=pl_PL
like 'it is accepted' '^0\|$' "$(ask --check user=$user lang=fr new="$password")"
other=$password
# Of nobody and of the system, what is said is the same; root's password is not asked for either.
for who in root a2asystem a2anobody; do
	proposed user=$who lang=fr old="$other"
done
is 'another each time' no "$([ "$password" = "$other" ] && echo yes || echo no)"
# Belgium's alphabet and France's: no character has both names.
seen=
for try in 1 2 3 4; do
	proposed user=$user lang=fr
	seen+=$spelling
	proposed user=$user lang=fr_FR
	seen_of_france+=$spelling
done
is 'nobody of France in Belgium' 0 "$(grep -cix 'majuscule.anatole\|anatole\|célestin\|eugène' <<<"$seen")"
is 'nobody of Belgium in France' 0 "$(grep -cix 'majuscule.arthur\|arthur\|césar\|émile' <<<"$seen_of_france")"
# As the web server, without sudo; and it ends, whatever the policy asks.
like 'without privileges' '^0\|[A-Za-z0-9]{12}$' "$(fields user=$user | setpriv --reuid=$web \
	--regid=$web --clear-groups "$passwd" --propose 2>>"$folder/err" | head -n 1 | sed 's/^/0|/')"
configure 'min_length = 20' 'min_digits = 3'
like 'as the policy asks' '^0\|[A-Za-z0-9]{20}$' "$(ask --propose user=$user)"
configure 'min_length = 6' 'max_length = 6' 'generated_bits = 100'
like 'what no password can be' '^2\|.' "$(ask --propose user=$user)"
is 'nothing was changed' yes "$(lets_in $first)"
configure 'lang = fr nl'
is 'rules in the languages that are set, when none is asked for that is known' 2 \
	"$(ask --rules lang=pl_PL | grep -c ' 8 ')"
configure
is 'two languages' 2 "$(ask --rules lang=fr,nl | grep -c ' 8 ')"
is 'good' '0|' "$(ask --check user=$user new=$second)"
is 'weak, in French' '1|il est trop court : il faut au moins 8 caractères' \
	"$(ask --check user=$user new=a1b2c3 lang=fr_FR | head -n 1)"
is 'weak, in Dutch' '1|het is te kort: er zijn minstens 8 tekens nodig' \
	"$(ask --check user=$user new=a1b2c3 lang=nl_NL | head -n 1)"
like 'the words of the person' 'weinig|niet veel' "$(ask --check user=$user new=7Delvaux9 lang=nl)"
like 'too much like the old one' 'old password' \
	"$(ask --check user=$user old=$first new=p4wzt8nqk3 lang=en)"
like 'a newline is no end of a field' '^1\|.*character' \
	"$(ask --check user=$user new="$second"$'\nx')"
is 'asking needs no rights' '0|' \
	"$(fields user=$user new=$second | setpriv --reuid=$uid --regid=$uid --clear-groups \
		"$passwd" --check; echo "$?|")"
like 'changing does' '^2\|' "$(fields user=$user old=$first new=$second |
	setpriv --reuid=$uid --regid=$uid --clear-groups "$passwd" >/dev/null 2>&1; echo "$?|")"
is 'nothing was changed so far' yes "$(lets_in $first)"

# ---- Changing --------------------------------------------------------------------------------
is 'changed' '0|' "$(change old=$first new=$second)"
is 'the new one lets in' yes "$(lets_in $second)"
is 'the old one does not' no "$(lets_in $first)"
is 'the hash is of the stack'"'"'s kind' y "$(sed -n "s/^$user:.\(.\).*/\1/p" /etc/shadow)"

before=$(cat /etc/shadow)
like 'weak, in French' '^1\|.*dictionnaire' \
	"$(ask '' user=$user lang=fr old=$second new=Wachtwoord1)"
like 'weak, in Dutch' '^1\|.*woordenboek' "$(change old=$second new=Wachtwoord1)"
like 'a variant of the old one' '^1\|.*oude wachtwoord' "$(change old=$second new=k7mvtq2xr8)"
is 'nothing was changed' "$before" "$(cat /etc/shadow)"

# What fails for the sake of the user fails alike, and after the same time.
start_with $first a2asystem
before=$(cat /etc/shadow)
rm "$folder/time"
for who in "user=$user" user=a2asystem user=root user=a2anobody; do
	ask '' "$who" lang=fr old=$first new=$third >"$folder/answer.$who" &
done
# And who does not end what it sends is not waited for.
fields "user=$user" | (cat; sleep 12) | timeout 20 "$passwd" >"$folder/late" 2>/dev/null &
late=$!
wait $(jobs -p | grep -vx "$logger")
wait $late
is 'an input that does not end' 4 $?
for who in "user=$user" user=a2asystem user=root user=a2anobody; do
	is "$who: wrong" '3|L’ancien mot de passe n’est pas correct.' "$(cat "$folder/answer.$who")"
done
# A loaded machine may take longer.
is 'four answers after 3 seconds' 4 "$(grep -c '^[3-9]...$' "$folder/time")"
is 'nothing was changed' "$before" "$(cat /etc/shadow)"
is "the system's passwords are not even tried" 0 "$(grep -ac '(all2all-passwd.*a2asystem' "$folder/log")"

# ---- Locked ----------------------------------------------------------------------------------
start_with $first
rm "$folder/time"
for try in 1 2 3 4 5 6 7 8 9 10; do
	change old=$third new=$second >"$folder/answer.$try" &
done
# shellcheck disable=SC2046 # a word a job
wait $(jobs -p | grep -vx "$logger")
is 'ten wrong ones' 10 "$(cat "$folder"/answer.? "$folder"/answer.10 | grep -c '^3')"
like 'locked' '^5\|.*later opnieuw' "$(change old=$first new=$second)"
is 'nothing was changed' yes "$(lets_in $first)"
is 'as late as the wrong ones' 1 "$(tail -n 1 "$folder/time" | grep -c '^[34]...$')"
rm "$tries"
is 'and open again' '0|' "$(change old=$first new=$second)"
is 'only root may read the counts' '600 root' "$(stat -c '%a %U' "$tries")"
# As others write such stacks: pam_faillock too, and nobody but it says no.
faillock='deny=2 dir=/run/faillock.test'
stack -e /^auth/d
printf 'auth %s\n' "requisite pam_faillock.so preauth silent $faillock" \
	'[success=1 default=ignore] pam_unix.so' \
	"[default=die] pam_faillock.so authfail silent $faillock" \
	'required pam_permit.so' >>/etc/pam.d/all2all-passwd
start_with $first
for try in 1 2; do
	is "wrong, whoever says it, $try" 3 "$(change old=$third new=$second | cut -d'|' -f1)"
done
like 'locked by pam_faillock' '^5\|.*later opnieuw' "$(change old=$first new=$second)"
rm -r /run/faillock.test
stack

# ---- The account -----------------------------------------------------------------------------
start_with $first
chage -d 0 $user
is 'expired: it is mended' '0|' "$(change old=$first new=$second)"
chage -E 1 $user
like 'a closed account' '^5\|' "$(change old=$second new=$third)"
chage -E -1 -m 7 $user
like 'changed too short a while ago' '^1\|.' "$(change old=$second new=$third)"
chage -m 0 $user
is 'nothing was changed' yes "$(lets_in $second)"

# ---- What is broken --------------------------------------------------------------------------
broken() {
	local what=$1 pattern=$2
	before=$(cat /etc/shadow)
	like "$what" "$pattern" "$(change old=$second new=$third)"
	is "$what: nothing was changed" "$before" "$(cat /etc/shadow)"
	is "$what: the old one lets in" yes "$(lets_in $second)"
	rm -f "$tries"
}
printf '\377' | dd of="$folder/lexicon" bs=1 seek=5000 conv=notrunc status=none
broken 'a damaged lexicon' '^2\|.*niet worden gecontroleerd'
like 'a damaged lexicon: --check' '^2\|.' "$(ask --check user=$user new=$third)"
is 'a damaged lexicon: --propose' '2|Le mot de passe ne peut pas être vérifié pour le moment ; il n’a donc pas été modifié. Veuillez prévenir votre administrateur.' \
	"$(ask --propose user=$user lang=fr)"
rm "$folder/lexicon"
broken 'no lexicon' '^2\|.'
cp "$A2A_BUILD/dict/words/lexicon" "$folder/lexicon"
configure 'min_length = many'
broken 'a mistake in the configuration' '^2\|.'
configure
stack -e 's|retry=1|retry=1 lexicon=/nonexistent|'
broken 'only the module is broken' '^2\|.*oude blijft geldig'
stack -e 's|pam_unix.so$|/nonexistent/pam_unix.so|'
broken 'a module is missing' '^2\|.*oude blijft geldig'
rm /etc/pam.d/all2all-passwd
broken 'no stack' '^2\|.*oude blijft geldig'
like 'the log says so' 'no PAM stack' "$(cat "$folder/log")"

# Stricter than the configuration: the stack has the last word, and its own.
stack -e 's|retry=1|retry=3 min_length=14 lang=fr|'
is 'refused by the stack' $'1|Ce mot de passe est refusé :\nil est trop court : il faut au moins 14 caractères' \
	"$(change old=$second new=$third)"
is 'nothing was changed' yes "$(lets_in $second)"
stack

# ---- What the caller may not do --------------------------------------------------------------
# malformed WHAT INPUT [ARGUMENT...]
malformed() {
	local what=$1 input=$2
	shift 2
	# The input is a format of printf, for NULs and lengths.
	# shellcheck disable=SC2059
	is "bad input: $what" '4|' "$(printf -- "$input" | "$passwd" "$@" 2>>"$folder/err"; echo "$?|")"
}
good="15:user=$user,14:old=$second,16:new=$third,"
malformed 'nothing' ''
malformed 'no netstring' "user=$user"
malformed 'lines' "$user\n$second\n$third\n"
malformed 'cut off' "${good%,}"
malformed 'too short a length' "14:user=$user,"
malformed 'too long a length' "16:user=$user,"
malformed 'a length with a zero in front' "015:user=$user,14:old=$second,16:new=$third,"
malformed 'a length that overflows' "18446744073709551631:user=$user,"
malformed 'a negative length' "-1:user=$user,"
malformed 'a blank between' "15:user=$user, 14:old=$second,16:new=$third,"
malformed 'something behind' "$good\n"
malformed 'a field twice' "${good}15:user=$user,"
malformed 'an unknown field' "${good}5:uid=0,"
malformed 'a field without a name' "${good}2:=a,"
malformed 'a field that is none' "${good}3:abc,"
malformed 'an empty field' "${good}0:,"
malformed 'no old password' "15:user=$user,16:new=$third,"
malformed 'no user' "14:old=$second,16:new=$third,"
malformed 'an empty user' "5:user=,14:old=$second,16:new=$third,"
malformed 'a NUL in a password' "15:user=$user,14:old=$second,18:new=$third\\\\0x,"
malformed 'a newline in the user' "17:user=$user\nx,14:old=$second,16:new=$third,"
malformed 'a path for a user' "11:user=../etc,14:old=$second,16:new=$third,"
malformed 'an option for a user' "11:user=--help,14:old=$second,16:new=$third,"
malformed 'a newline in the host' "${good}8:host=a\nb,"
malformed 'a blank in the language' "${good}7:lang=a ,"
malformed 'more than is read' "$good%070000d"
malformed 'nobody to propose for' '7:lang=fr,' --propose
malformed 'a path to propose for' '11:user=../etc,' --propose
malformed 'a length to propose' "15:user=$user,8:length=4," --propose
malformed 'an argument to --propose' "15:user=$user," --propose 4
malformed 'an argument that is none' "$good" --config=/etc/shadow
malformed 'two arguments' "$good" --check --check
malformed 'a user as an argument' "$good" $user
is 'nothing was changed' yes "$(lets_in $second)"

# Signals, environment and descriptors of the caller's.
is 'signals and environment of the caller' 0 "$(fields user=$user old=$second new=$third |
	bash -c 'ulimit -c unlimited; trap "" TERM ALRM CHLD; exec 2>&- 9</dev/null
		LANG=fr_FR.UTF-8 LANGUAGE=fr MALLOC_TRACE=/x "$0"; echo $?' "$passwd")"
is 'the new one lets in' yes "$(lets_in $third)"
# Nor where the writing of a file ends; where root may not raise limits, nothing is written.
code=$(fields user=$user old=$third new=$second |
	bash -c 'ulimit -f 0; "$0" >&9; echo $?' "$passwd" 9>&1 | tail -n 1)
like 'a limit on files' '^[02]$' "$code"
is 'is no damage' yes "$(lets_in "$([ "$code" = 0 ] && echo $second || echo $third)")"
is 'and takes no account away' 1 "$(grep -c '^a2aweb:' /etc/shadow)"
start_with $third

# ---- What the audit knows --------------------------------------------------------------------
# The records of logins are real ones.
cp "$A2A_BUILD/tests/pam_record.so" "$folder/bin"
mkdir "$folder/pam.d"
: >"$folder/pam.d/other"

# seen PASSWORD [USER]: logs in with it, so that the audit sees it
seen() {
	cat >"$folder/pam.d/dovecot" <<-END
		auth required $folder/bin/pam_record.so set=$1
		auth optional $folder/bin/pam_all2all.so audit
	END
	"$drive" "$folder/pam.d" dovecot "${2-$user}" authenticate >/dev/null
}

# record_of: the user's file
record_of() {
	find "$store.logins" -name $user
}

# with_rules IDS: the rules that the user's password has failed become these
with_rules() {
	sed -i "s/^rules .*/rules $1/" "$(record_of)"
}

# nothing_known WHAT: nothing is known of a user whose password is recorded as weak
nothing_known() {
	is "$1: nothing is known" '0|' "$(ask --status user=$user lang=fr)"
}

is 'without an audit' '0|' "$(ask --status user=$user lang=fr)"
is 'without an audit, none is begun' no "$([ -e "$store" ] && echo yes || echo no)"
seen Wachtwoord1 a2aweb
is 'another user was seen' '0|' "$(ask --status user=$user)"
seen Pw1
seen Pw1 a2asystem
weak=$'1|il est trop court : il faut au moins 8 caractères\nc’est à peine plus qu’un mot du dictionnaire'
with_rules dictionary-word,a-later-rule,too-short,too-shortish
is 'weak' "$weak" "$(ask --status user=$user lang=fr)"
is 'of the system, nothing is known' '0|' "$(ask --status user=a2asystem)"
is 'of root, nothing is known' '0|' "$(ask --status user=root)"
is 'of nobody, nothing is known' '0|' "$(ask --status user=a2anobody)"
# Earlier versions ran a file of this name beside the program, as root.
printf '#!/bin/sh\ntouch %s\n' "$folder/was-run" >"$folder/bin/all2all-audit"
chmod 755 "$folder/bin/all2all-audit"
is 'no program answers for the record' "$weak" "$(ask --status user=$user lang=fr)"
is 'no program is run' no "$([ -e "$folder/was-run" ] && echo yes || echo no)"
is 'as the web server, without sudo' '0|' "$(fields user=$user | setpriv --reuid=$web --regid=$web \
	--clear-groups "$passwd" --status 2>>"$folder/err"; echo "$?|")"
is 'the record is as it was' "$weak" "$(ask --status user=$user lang=fr)"
with_rules a-later-rule
is 'weak by a rule that is not known here' '0|' "$(ask --status user=$user)"
with_rules ''
is 'good' '0|' "$(ask --status user=$user)"
seen Pw1
like 'weak again' '^1\|' "$(ask --status user=$user)"
seen $third
is 'good now' '0|' "$(ask --status user=$user)"
seen Pw1

cp -a "$state" "$folder/state.copy"
# spoilt WHAT COMMAND...: damages the record with the command; then nothing is known, at once
spoilt() {
	local what=$1
	shift
	"$@"
	nothing_known "$what"
	rm -rf "${state:?}"/* && cp -a "$folder/state.copy"/* "$state"
	like "$what: mended" '^1\|' "$(ask --status user=$user)"
}
others() { chown $web "$(record_of)"; }
readable() { chmod g+r "$(record_of)"; }
open_folder() { chmod o+x "$store.logins"; }
writable() { chmod o+w "${store%/*}"; }
link() { mv "$(record_of)" "$folder/real" && ln -s "$folder/real" "$(dirname "$file")/$user"; }
fifo() { rm "$file" && mkfifo -m 600 "$file"; }
damaged() { truncate -s -3 "$file"; }
emptied() { : >"$file"; }
newer() { sed -i 's/^all2all-audit 1/all2all-audit 2/' "$file"; }
file=$(record_of)
spoilt "a record of somebody else's" others
spoilt 'a record that others may read' readable
spoilt 'a folder that others may enter' open_folder
spoilt 'a folder around it that others may write' writable
spoilt 'a record that is a link' link
spoilt 'a record that is a FIFO' fifo
spoilt 'a damaged record' damaged
spoilt 'an empty record' emptied
spoilt 'a record of a newer version' newer
like 'the log says so' 'is no record' "$(cat "$folder/log")"

# ---- Through sudo, and from PHP --------------------------------------------------------------
if command -v sudo >/dev/null && [ -u "$(command -v sudo)" ]; then
	sed "s|/usr/sbin/all2all-passwd|$passwd|g; s|^www-data|a2aweb|" "$A2A_SOURCE/webmail/sudoers" \
		>/etc/sudoers
	chmod 440 /etc/sudoers
	chmod 755 "$folder"
	# as_web COMMAND...: as the web server
	as_web() {
		setpriv --reuid=$web --regid=$web --clear-groups --bounding-set=-audit_control "$@" \
			2>>"$folder/err"
	}
	is 'sudo' 0 "$(fields user=$user old=$third new=$first |
		as_web sudo -n -- "$passwd"; echo $?)"
	is 'the new one lets in' yes "$(lets_in $first)"
	for arguments in "$passwd --check" "$passwd --propose" "$passwd --rules" \
		"$passwd --status --check" "$passwd --status --propose" "$passwd --help" /bin/true \
		"LD_PRELOAD=/x $passwd"; do
		# shellcheck disable=SC2086
		is "not by sudo: $arguments" 1 "$(fields user=$user old=$first new=$second |
			as_web sudo -n $arguments >/dev/null; echo $?)"
	done
else
	echo "sudo is not installed: not tried"
	start_with $first
fi

# ---- Past the helper -------------------------------------------------------------------------
# Whoever has broken into the web server can also log in on Dovecot's ports. The stack of the guide
# limits that for an account, and only for logins from this machine.
cp "$A2A_SOURCE/deploy/pam.d/dovecot" "$A2A_SOURCE/deploy/pam.d/dovecot.audit" /etc/pam.d
sed -i "s|pam_all2all.so|$folder/bin/pam_all2all.so|" /etc/pam.d/dovecot.audit

# logs_in STACK PASSWORD HOST: yes or no
logs_in() {
	printf '%s\n' "$2" | "$drive" - "$1" $user authenticate "$3" >/dev/null 2>&1 && echo yes || echo no
}
mkdir -p "$state/all2all/faillock"
for stack in dovecot dovecot.audit; do
	for host in 127.0.0.1 127.9.9.9 ::1; do
		rm -f "$state"/all2all/faillock/*
		is "$stack, $host: the right one" yes "$(logs_in $stack $first $host)"
		for try in 1 2 3 4 5 6 7 8 9 10; do
			is "$stack, $host: wrong, $try" no "$(logs_in $stack $third $host)"
			[ $try != 9 ] || is "$stack, $host: not yet" yes "$(logs_in $stack $first $host)"
		done
		is "$stack, $host: limited" no "$(logs_in $stack $first $host)"
		is "$stack, $host: mail programs are not" yes "$(logs_in $stack $first 192.0.2.7)"
		is "$stack, $host: nor their wrong ones let in" no "$(logs_in $stack $third 192.0.2.7)"
	done
done
rm -r "$state/all2all/faillock"

# ---- Guessing --------------------------------------------------------------------------------
A2A_PASSWD=$passwd A2A_USER=$user A2A_OLD=$first A2A_NEW=$second A2A_LOG=$folder/log A2A_TRIES=$tries \
	A2A_WEB=$web A2A_LOGGER=$logger A2A_SUDO="$(declare -f as_web >/dev/null && echo sudo -n --)" \
	python3 "$A2A_SOURCE/tests/webmail/guess.py"
is 'the attempts to guess' 0 $?
start_with $first

if command -v php >/dev/null; then
	while read -r file; do
		is "php -l $file" 0 "$(php -l "$file" >/dev/null 2>&1; echo $?)"
	done < <(find "$A2A_SOURCE/webmail" -name '*.php' -o -name '*.inc')
	seen k1
	export A2A_PASSWD=$passwd A2A_USER=$user A2A_OLD=$first A2A_NEW=$second
	if declare -f as_web >/dev/null; then
		as_web env A2A_AS_ROOT='sudo -n --' php "$A2A_SOURCE/tests/webmail/webmail.php"
	else
		A2A_AS_ROOT='' php "$A2A_SOURCE/tests/webmail/webmail.php"
	fi
	is 'the driver and the plugin, in PHP' 0 $?
	is 'the new one lets in' yes "$(lets_in $second)"
else
	echo "php is not installed: the driver was not tried"
fi

[ -z "${A2A_KEEP-}" ] || cp "$folder/log" "$folder/err" "$A2A_KEEP"
# ---- What is left ----------------------------------------------------------------------------
for secret in $first $second $third Wachtwoord1 k7mvtq2xr8 7Delvaux9; do
	is 'no password in the log or on standard error' 0 \
		"$(cat "$folder/log" "$folder/err" | grep -ac "$secret")"
done
like 'who changed what is in the log' "password of user $user, from 192.0.2.7: changed" \
	"$(cat "$folder/log")"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
