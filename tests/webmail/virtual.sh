#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# all2all-passwd and accounts.conf: virtual users change their password in a passwd-file, in PostgreSQL
# and in MariaDB, with the real servers; and Dovecot, where it is installed, lets in by the new one as
# soon as the answer is there. Needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

. "$A2A_SOURCE/tests/lib/own_etc.sh"
. "$A2A_SOURCE/tests/issue/issue_stage.sh"
drivers=$A2A_BUILD/account
. "$A2A_SOURCE/tests/lib/stores.sh"
dovecot=
stop_all() {
	[ -z "$dovecot" ] || kill "$dovecot" 2>/dev/null
	stop_stores
	umount "$state" 2>/dev/null
	finish
}
trap stop_all EXIT
conf=/etc/all2all/accounts.conf
mkdir -p /etc/all2all
tries=$(sed -n 's/^#define A2A_TRIES "\(.*\)"$/\1/p' "$A2A_BUILD/base/paths.h")
state=${tries%/*/*}
mkdir "$folder/state"
mount --bind "$folder/state" "$state" && [ "$(stat -c %d "$state")" = "$(stat -c %d "$folder")" ] ||
	exit 1

first=$old
second=k7mvtq2xr9
third=w8kzt3vqm5xd

# change FIELD...: "EXIT STATUS|LINES"
change() {
	local field code answer=$folder/answer.$BASHPID
	for field in lang=en "$@"; do
		printf '%d:%s,' "${#field}" "$field"
	done | "$A2A_BUILD/tools/all2all-passwd" >"$answer" 2>>"$folder/err"
	code=$?
	echo "$code|$(cat "$answer")"
}

stored() {
	"${store}_look"
	sed -n "s/^$1 //p" "$folder/stored"
}

opens() {
	local hash
	hash=$(stored "$1")
	fits "${hash#\{*\}}" "$2"
}

# ---- Dovecot ---------------------------------------------------------------------------------
dovecot_start() {
	[ -x /usr/sbin/dovecot ] && getent passwd dovecot >/dev/null || return
	mkdir -p "$folder/dovecot"
	{
		printf '%s\n' "base_dir = $folder/dovecot/run" "log_path = $folder/dovecot/log" 'ssl = no' \
			'protocols =' 'passdb {' 'driver = passwd-file' "args = $passwd_file" '}' \
			'userdb {' 'driver = static' 'args = uid=65534 gid=65534 home=/nonexistent' '}'
	} >"$folder/dovecot/conf"
	/usr/sbin/dovecot -F -c "$folder/dovecot/conf" >"$folder/dovecot/out" 2>&1 &
	dovecot=$!
	wait_for [ -S "$folder/dovecot/run/auth-client" ] || cat "$folder/dovecot/out" "$folder/dovecot/log" >&2
}

# lets_in USER PASSWORD: yes or no
lets_in() {
	yes_if eval "doveadm -c '$folder/dovecot/conf' auth test '$1' '$2' >/dev/null 2>&1"
}

# ---- Each store ------------------------------------------------------------------------------
tried=
for store in ${A2A_STORES-passwd_file postgresql mariadb}; do
	missing=$("${store}_is_missing")
	if [ "$missing" ]; then
		echo "$store: not tried, for there is no" $missing
		continue
	fi
	"${store}_start" || { is "$store: starts" yes no; continue; }
	{
		echo '[club.be]'
		"${store}_section"
	} >$conf
	"${store}_reset"
	rm -f "$tries"
	[ "$store" != passwd_file ] || dovecot_start

	running=()
	# What fails, at once, as each answer takes three seconds.
	change user=anna@club.be old=$second new=$third >"$folder/wrong" &
	running+=($!)
	change user=nobody@club.be old=$first new=$third >"$folder/unknown" &
	running+=($!)
	change user=info@club.be old=$first new=Welkom2026 >"$folder/weak" &
	running+=($!)
	change user=jan@one.be old=$first new=$third >"$folder/elsewhere" &
	running+=($!)
	wait "${running[@]}"
	is "$store: a wrong password" '3|The old password is wrong.' "$(cat "$folder/wrong")"
	is "$store: an unknown user" "$(cat "$folder/wrong")" "$(cat "$folder/unknown")"
	like "$store: a weak one" '^1\|.*word' "$(cat "$folder/weak")"
	like "$store: the system has the other domains, and there is no stack here" '^2\|' \
		"$(cat "$folder/elsewhere")"
	is "$store: nothing was changed" 3 "$("${store}_look"; grep -cF "$hash" "$folder/stored")"

	is "$store: changed, in whatever letters" '0|' "$(change user=Anna@Club.be old=$first new=$second)"
	if [ "$dovecot" ] && [ "$store" = passwd_file ]; then
		is 'Dovecot lets in by the new one' yes "$(lets_in anna@club.be $second)"
		is 'Dovecot does not by the old one' no "$(lets_in anna@club.be $first)"
		# Two within a second, of hashes of one length: Dovecot must see the second too.
		"$issue" --out "$out" --sheets "$sheets" --format text anna@club.be 2>/dev/null
		between=$(passwords_in "$out/anna@club.be.txt")
		"$issue" --out "$out" --sheets "$sheets" --format text anna@club.be 2>/dev/null
		sleep 1.1
		is 'Dovecot after two changes at once: the later' yes \
			"$(lets_in anna@club.be "$(passwords_in "$out/anna@club.be.txt")")"
		is 'Dovecot after two changes at once: the earlier' no "$(lets_in anna@club.be "$between")"
		dovecot_was_there=', Dovecot'
	else
		is "$store: the new one opens" yes "$(yes_if opens anna@club.be $second)"
		is "$store: the old one does not" no "$(yes_if opens anna@club.be $first)"
	fi
	is "$store: nobody else's is changed" 2 "$("${store}_look"; grep -cF "$hash" "$folder/stored")"

	# How others keep them: salted SHA-512 of base64, and what cannot be compared here.
	ssha=$(printf '%s' $first | perl -MDigest::SHA=sha512 -MMIME::Base64 -0777 -ne \
		'print "{SSHA512}", encode_base64(sha512($_ . "salt") . "salt", "")')
	was=$hash
	case $store in
	passwd_file)
		sed -i "s,^info@club.be:.*,info@club.be:$ssha," "$passwd_file"
		sed -i "s,^jan@one.be:.*,jan@club.be:{CRAM-MD5}0123," "$passwd_file"
		;;
	postgresql)
		pg -c "update users set password = '$ssha' where username = 'info'" \
			-c "update users set password = '{CRAM-MD5}0123', domain = 'club.be' where username = 'jan'"
		;;
	mariadb)
		my -e "update users set password = '$ssha' where username = 'info';
			update users set password = '{CRAM-MD5}0123', domain = 'club.be' where username = 'jan'"
		;;
	esac
	is "$store: of {SSHA512}" '0|' "$(change user=info@club.be old=$first new=$third)"
	is "$store: it is set" yes "$(yes_if opens info@club.be $third)"
	like "$store: of a scheme that cannot be compared" '^2\|' \
		"$(change user=jan@club.be old=$first new=$third)"
	like "$store: the log says so" 'kept as {CRAM-MD5}' "$(cat "$folder/err")"
	is "$store: no password is in the log" 0 "$(grep -c "$first\|$second\|$third\|$was\|$ssha" "$folder/err")"

	if [ "$store" != passwd_file ]; then
		"${store}_stop"
		stores_started=
		like "$store, stopped: it could not be done" '^2\|' \
			"$(change user=info@club.be old=$third new=$second)"
		like "$store, stopped: the log says so" 'user info@club.be: (PostgreSQL|MariaDB): ' \
			"$(cat "$folder/err")"
	fi
	tried="$tried $store"
done

echo "tried:$tried${dovecot_was_there-}; $done checks, $wrong not so, $SECONDS seconds"
[ $wrong = 0 ]
