#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# all2all-issue and accounts.conf: virtual users in a passwd-file, in PostgreSQL and in MariaDB, with
# the real servers. Killed at every step, and with every step failing, each account has exactly one
# working password and the sheet with it. It leaves out what issue_kill.sh and
# issue_fail.sh do with the same code, unless A2A_ALL_STEPS=yes. Needs root; otherwise, nothing is run (exit status 77).
set -u
: "${A2A_BUILD:?is not set: run this by meson test}" "${A2A_SOURCE:?is not set}"
export LC_ALL=C

. "$A2A_SOURCE/tests/lib/own_etc.sh"
. "$A2A_SOURCE/tests/issue/issue_stage.sh"
. "$A2A_SOURCE/tests/issue/issue_state.sh"
drivers=$A2A_BUILD/account
. "$A2A_SOURCE/tests/lib/stores.sh"
trap 'stop_stores; finish' EXIT
conf=/etc/all2all/accounts.conf
mkdir -p /etc/all2all

# One of them is written as people write it. The steps are those of one alone: what becomes of several
# is issue_kill.sh's.
users=(anna@club.be info@club.be)
printf 'user,name,language\nanna@club.be,Anna Vandenbroucke,nl\nInfo@Club.BE,,fr\n' >"$list"
printf 'user,name,language\nInfo@Club.BE,,fr\n' >"$folder/one.csv"

# set_the_stage and opens are for the store $store from here on. What is stored is read once a run.
set_the_stage() {
	rm -rf "$out"
	mkdir "$out"
	"${store}_reset"
}

stored() {
	sed -n "s/^$1 //p" "$folder/stored"
}

opens() {
	local hash
	hash=$(stored "$1")
	fits "${hash#\{*\}}" "$2"
}

run() {
	"$issue" "$@" >"$folder/stdout" 2>"$folder/stderr" </dev/null
	status=$?
	said=$(sed '/: the columns are taken for$/d; /^  [^ ].*  /d; s/^all2all-issue: //' "$folder/stderr")
	"${store}_look"
}

all_steps=false
[ "${A2A_ALL_STEPS-}" != yes ] || all_steps=true

# ---- Steps -----------------------------------------------------------------------------------
# looks_right WHAT WHEN: see look_at.pl
looks_right() {
	is "$1" '' "$(cd "$folder" && perl "$A2A_SOURCE/tests/issue/look_at.pl" "$2" "$old" info@club.be)"
}

# every_step WHAT FIRST LIBRARY STATUS WHEN VARIABLE=VALUE...: something happens at each step of a run,
# from the first that counts, by a library that is loaded before. STATUS is how a run ends that has fewer
# steps; the last word that ends in AT gets the step.
every_step() {
	local what=$1 first=$2 library=$3 last=$4 when=$5 at code begin=$SECONDS
	shift 5
	$all_steps && first=1
	at=$((first - 1))
	while :; do
		at=$((at + 1))
		set_the_stage
		{ (env "${@/%AT/AT=$at}" LD_PRELOAD="$A2A_BUILD/tests/lib$library.so" "$issue" \
			"${as_issued[@]}" >"$folder/stdout" 2>"$folder/stderr"); } 2>"$folder/shell"
		code=$?
		"${store}_look"
		if [ $code = "$last" ] && { [ "$last" != 0 ] || [ "$(cat "$folder/steps")" -lt $at ]; }; then
			break
		fi
		[ $code != 99 ] || is "$what, step $at: is on the disk" '' "$(cat "$folder/stderr")"
		[ $code = 137 ] || [ $code = 0 ] || [ -s "$folder/stderr" ] ||
			is "$what, step $at: it is told" yes no
		[ $code = 0 ] || looks_right "$what, step $at" "$when"
		# The table is complete without the account, which goes into another one.
		if [ $code != 0 ] && [ -e "$table" ] && [ "$(wc -l <"$table")" = 1 ]; then
			mv "$table" "$table.first"
		fi
		"$issue" "${as_issued[@]}" >"$folder/stdout" 2>"$folder/stderr"
		is "$what, step $at: the same command goes on" 0 $?
		"${store}_look"
		looks_right "$what, step $at, and on" after
		[ $wrong -lt 9 ] || break
	done
	is "$what: there were many steps" yes "$(yes_if [ $at -gt $((first + 5)) ])"
	echo "$what: $((at - first)) steps, $((SECONDS - begin)) seconds"
}

as_issued=(--csv "$folder/one.csv" --sheets "$sheets" --format text --out "$out")
$all_steps && as_issued+=(--out-csv "$table")
as_listed=(--csv "$list" --sheets "$sheets" --format text --out "$out" --out-csv "$table")

# ---- Databases -------------------------------------------------------------------------------
# The presets, in the tables that they are for.
tables_of_others() {
	local preset stored
	for preset in postfixadmin:'[$]6[$]' modoboa:'[{]SHA512-CRYPT[}][$]6[$]' \
		iredmail:'[{]BLF-CRYPT[}][$]2y[$]'; do
		preset_start $store "${preset%%:*}"
		{
			echo '[club.be]'
			"${store}_section" | sed "s/^database = .*/database = ${preset%%:*}/
				s/^preset = .*/preset = ${preset%%:*}/"
		} >$conf
		rm -rf "$out"
		run --out "$out" --sheets "$sheets" --format text anna@club.be
		stored=$(preset_stored $store "${preset%%:*}")
		like "$store, ${preset%%:*}: as it keeps them" "^${preset#*:}" "$stored"
		is "$store, ${preset%%:*}: the sheet opens it, and has the name" '0 yes 1' \
			"$status $(yes_if fits "${stored#\{*\}}" "$(passwords_in "$out/anna@club.be.txt")") $(
				grep -c 'name: Anna Claes' "$out/anna@club.be.txt")"
		# The same by hand, and a name that has to be quoted.
		rm -rf "$out"
		"$issue" --hash --hash-as "${preset%%:*}" --out "$out" --sheets "$sheets" --format text \
			anna@club.be "o'neil@club.be" >"$folder/update.sql" 2>/dev/null
		database=${preset%%:*} sql $store "$(cat "$folder/update.sql")"
		is "$store, ${preset%%:*}: the statements by hand" '0 2' "$? $(wc -l <"$folder/update.sql")"
		stored=$(preset_stored $store "${preset%%:*}")
		is "$store, ${preset%%:*}: the sheet opens it, by hand" yes \
			"$(yes_if fits "${stored#\{*\}}" "$(passwords_in "$out/anna@club.be.txt")")"
		like "$store, ${preset%%:*}: as it keeps them, by hand" "^${preset#*:}" "$stored"
	done
	# A column that is too short for a hash; and names in other letters.
	sql $store "update users set password = 'x'"
	sql $store "alter table users $([ $store = mariadb ] && echo 'modify password varchar(20)' ||
		echo 'alter password type varchar(20)')"
	section_of_all
	run --out "$out" --sheets "$sheets" info@club.be
	like "$store: a column that is too short: why" \
		'info@club.be: .*(too long|too short)' "$said"
	# A column of another type: the server's message quotes the hash.
	sql $store "alter table users add number int"
	[ $store = postgresql ] || sql $store "grant update (number) on users to all2all@localhost"
	{
		printf '[club.be]\n'
		"${store}_section" | grep -v '^preset'
		printf '%s\n' "lookup = SELECT concat(username, '@', domain), password FROM users WHERE username = :local AND domain = :domain" \
			'update = UPDATE users SET number = :hash WHERE username = :local AND domain = :domain'
	} >$conf
	run --out "$out" --sheets "$sheets" info@club.be
	like "$store: a column for numbers: why" 'info@club.be: .*not of a type for texts' "$said"
	is "$store: a column for numbers: no hash is shown" 0 "$(grep -c '[$]y[$]' <<<"$said")"
	sql $store "alter table users drop number"
	sql $store "alter table users $([ $store = mariadb ] && echo 'modify password varchar(128)' ||
		echo 'alter password type varchar(128)')"
	section_of_all
}

# Over the network, with TLS: only with the right certificate, or when it is given up.
over_tls() {
	local line
	set_the_stage
	for line in "tls_ca = $folder/tls.crt" 'tls = no' ''; do
		{
			echo '[club.be]'
			over_network $store
			echo "$line"
		} >$conf
		rm -rf "$out"
		run --out "$out" --sheets "$sheets" --format text anna@club.be
		[ -z "$line" ] || is "$store, over the network: $line" '0 yes' \
			"$status $(yes_if opens anna@club.be "$(passwords_in "$out/anna@club.be.txt")")"
	done
	is "$store, over the network: a certificate that nobody has signed" '2 1' \
		"$status $(grep -ci certificate <<<"$said")"
	section_of_all
}

# A collation takes these for one name: nobody's but anna's may change.
other_letters() {
	local name
	set_the_stage
	for name in Anna ànna 'anna '; do
		my --default-character-set=utf8mb4 \
			-e "insert into users (username, domain, password) values ('$name', 'club.be', 'kept')"
	done
	is 'mariadb: its collation takes them for one' 4 \
		"$(my -e "select count(*) from users where username = 'anna'")"
	rm -rf "$out"
	run --out "$out" --sheets "$sheets" --format text anna@club.be
	[ $status = 0 ] || echo "$said" >&2
	is 'mariadb: only the one is issued' '0 3 yes' "$status $(grep -c ' kept$' "$folder/stored") $(yes_if \
		opens anna@club.be "$(passwords_in "$out/anna@club.be.txt")")"
}

section_of_all() {
	printf '[%s]\n' club.be >$conf
	"${store}_section" >>$conf
	printf '[%s]\n' one.be >>$conf
	"${store}_section" >>$conf
}

# ---- Each store ------------------------------------------------------------------------------
tried=
for store in ${A2A_STORES-passwd_file postgresql mariadb}; do
	missing=$("${store}_is_missing")
	if [ "$missing" ]; then
		echo "$store: not tried, for there is no" $missing
		continue
	fi
	if ! "${store}_start"; then
		is "$store: starts" yes no
		cat "$folder"/*.log >&2
		continue
	fi
	section_of_all
	set_the_stage
	run "${as_listed[@]}"
	is "$store: issued" "0 2 passwords issued into $out" "$status $said"
	both_after "$store"
	is "$store: the row has the name that logs in" '"info@club.be"' \
		"$(sed -n 3p "$table" | cut -d , -f 1)"
	if [ "$store" = passwd_file ]; then
		is 'passwd-file: owner and mode are kept, and so is the rest of the line' \
			"0 $mail_group 640 :1000:1000:Anna Vandenbroucke,,,:/srv/anna::userdb_quota=1G" \
			"$(stat -c '%u %g %a' "$passwd_file") $(sed -n 's/^anna@[^:]*:[^:]*//p' "$passwd_file")"
		is 'passwd-file: nothing is left but the lock' '.users.all2all-lock users ' \
			"$(ls -A "$folder/mail" | tr '\n' ' ')"
	fi
	if [ "$store" = passwd_file ]; then
		"$issue" --hash --hash-as copy --bare --out-csv "$folder/copy.csv" Info@Club.be 2>/dev/null \
			>"$folder/copy"
		like '--hash-as copy --bare: user, tab, hash' $'^info@club.be\t[$]y[$]' "$(cat "$folder/copy")"
		run --hash-as copy --out "$out" --sheets "$sheets" info@club.be
		is '--hash-as without --hash' '2 --hash-as and --bare say how --hash prints: add --hash' \
			"$status $said"
	fi
	is "$store: nobody else's is touched" "jan@one.be {SHA512-CRYPT}$hash" \
		"$(grep '^jan' "$folder/stored")"
	printf 'user,language\nINFO@club.be,fr\n' >"$folder/later.csv"
	run --csv "$folder/later.csv" --sheets "$sheets" --format text --out "$out"
	like "$store: a later list that writes it otherwise has the same account" \
		'1 account already had a password from an earlier run' "$said"

	# The domain in a column of its own; and who is not there, or is in other letters.
	set_the_stage
	printf 'user,language,domain\njan,nl,One.be\njan,fr,club.be\nnobody,nl,club.be\n' >"$folder/domains.csv"
	run --csv "$folder/domains.csv" --sheets "$sheets" --format text --out "$out"
	is "$store: local parts of two domains are two accounts" '1 yes no' \
		"$status $(yes_if opens jan@one.be "$(passwords_in "$out/jan@one.be.txt")") $(yes_if \
			[ -e "$out/jan@club.be.txt" ])"
	is "$store: those who are not there come back" 2 "$(grep -c 'there is no such user' "$out/errors.csv")"
	run --force-change --out "$out" --sheets "$sheets" anna@club.be
	like "$store: no change can be forced" 'leave --force-change out' "$said"

	[ "$store" = passwd_file ] || { tables_of_others; over_tls; }
	[ "$store" != mariadb ] || other_letters

	case $store in
	passwd_file)
		# The first steps put the sheet down.
		every_step 'passwd-file, killed' 10 kill_at 0 between A2A_KILL_AT \
			"A2A_KILL_COUNT=$folder/steps"
		every_step 'passwd-file, no space' 10 fail_at 98 failed A2A_FAIL_AT A2A_FAIL_WITH=28 \
			"A2A_ACCOUNTS_FOLDER=$folder/mail"
		$all_steps && every_step 'passwd-file, broken from there on' 1 fail_at 98 between A2A_FAIL_AT \
			A2A_FAIL_WITH=5 A2A_FAIL_ON=1 "A2A_ACCOUNTS_FOLDER=$folder/mail"
		;;
	*)
		# To a server, a process that is killed is a connection that is lost before a call.
		[ "$store" = mariadb ] && ! $all_steps || every_step "$store, killed" 1 sql_at 0 between A2A_SQL_AT A2A_SQL_DO=kill \
			"A2A_SQL_COUNT=$folder/steps"
		every_step "$store, the connection lost" 1 sql_at 0 between A2A_SQL_AT A2A_SQL_DO=lose \
			"A2A_SQL_COUNT=$folder/steps"
		;;
	esac
	"${store}_stop"
	stores_started=
	tried="$tried $store"
done

echo "tried:$tried; $done checks, $wrong not so, $SECONDS seconds"
[ $wrong = 0 ]
