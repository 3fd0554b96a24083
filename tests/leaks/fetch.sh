#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests all2all-leaks fetch, update and install with a service of ranges on loopback: nginx with HTTP/2
# and TLS, and behind it a program for the faults that nginx does not have. Whatever the service does,
# and whatever ends the program, there is in the end the filter that all2all-leaks build makes of the
# same ranges, or a clear refusal.
set -u
export LC_ALL=C
unset https_proxy HTTPS_PROXY ALL_PROXY all_proxy
# In memory, so that syncing takes no time.
scratch=$(mktemp -d -p /dev/shm)
nginx_pid='' stand_in_pid=''
trap 'kill $nginx_pid $stand_in_pid 2>/dev/null; rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
. "$A2A_SOURCE/tests/lib/range_server.sh"
for program in openssl python3 setpriv; do
	command -v $program >/dev/null || {
		echo "$program is not installed" >&2
		exit 77
	}
done
find_nginx || {
	echo "nginx is neither installed nor unpacked" >&2
	exit 77
}
cd "$scratch" || exit 1
umask 022
chmod 755 .
# Another user may not look into the folder of the build.
cp "$A2A_BUILD/tools/all2all-leaks" leaks
mkdir ranges user
as_user=()
if [ "$(id -u)" = 0 ]; then
	chown 65534:65534 user
	as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
fi

# Ranges of 400 passwords: 64 of them for the faults, 1,024 for what takes longer.
"$A2A_BUILD/tests/leak_lists" ranges $((400 << 20)) 1 ranges 1024
mkdir few
for prefix in $(seq 0 63); do
	ln "ranges/$(printf %05X "$prefix")" few/
done
./leaks build few -o few.filter >built 2>/dev/null
./leaks build ranges -o all.filter >/dev/null 2>&1
few=$(sha256sum <few.filter) all=$(sha256sum <all.filter)

make_certificate
chmod 644 cert.pem
"$A2A_SOURCE/tests/leaks/stand_in.py" ranges stand_in_port &
stand_in_pid=$!
for _ in $(seq 100); do
	[ -e stand_in_port ] && break
	sleep 0.05
done
port=$(free_port)
locations="location /range/ {
		alias $scratch/ranges/;
		gzip on;
		gzip_comp_level 1;
		gzip_min_length 1;
		gzip_types text/plain;
	}
	location /stand-in/ {
		proxy_pass http://stand-in;
		proxy_http_version 1.1;
		proxy_set_header Connection '';
		proxy_buffering off;
	}"
stand_in="upstream stand-in { server 127.0.0.1:$(cat stand_in_port); keepalive 64; }"
start_nginx "$port" "$locations" "$stand_in" || exit 1
service=https://127.0.0.1:$port

# asks COMMAND PATH ARGUMENT...: asks the service at this path. Sets $status; out and err have what it
# prints.
asks() {
	local command=$1 path=$2
	shift 2
	"${as_user[@]}" ./leaks "$command" --contact test@example.org --url "$service/$path" \
		--certificates cert.pem "$@" >out 2>err </dev/null
	status=$?
}
# fetches PATH ARGUMENT...: few ranges into user/f
fetches() {
	asks fetch "$1" --ranges 00000-0003F --tries 2 -o user/f "${@:2}"
}
forget() {
	rm -f user/*
}
sum() {
	sha256sum 2>/dev/null <"$1"
}
# the number in this line of what was printed
printed() {
	sed -n "s/^$1 *\([0-9]*\).*/\1/p" out
}

# ---- All is well ------------------------------------------------------------------------------
fetches range
is 'fetched' "0 $few" "$status $(sum user/f)"
is 'what is there then' 'user/f user/f.etags user/f.ranges' "$(echo user/*)"
is 'each range is asked for once, over HTTP/2, and the contact is told' \
	'64 200 HTTP/2.0 "all2all-leaks/0.1.0 (test@example.org)" -' \
	"$(cut -d ' ' -f 1,2,4- asked | sort | uniq -c | sed 's/^ *//')"
is 'it prints what build prints' "$(cat built)" "$(sed '/^ranges\|^fetched\|^asked/d' out)"
run_build() {
	./leaks build user/f.ranges -o user/again "$@" >out 2>err
	status=$?
}
run_build
is 'built again of what was fetched' "0 $few" "$status $(sum user/again)"
./leaks build --rate 1e-7 few -o other >/dev/null 2>&1
run_build --rate 1e-7
is 'with another rate' "0 $(sum other)" "$status $(sum user/again)"
run_build --least-count 3
is 'with another least count: status' 2 "$status"
like 'it says so' 'build it with --least-count 1' "$(cat err)"
fetches range
is 'fetched already: status' 2 "$status"
like 'it says what to do' 'user/f.ranges: is there already: all2all-leaks update' "$(cat err)"
forget
fetches range --least-count 3
./leaks build --least-count 3 few -o other >/dev/null 2>&1
is 'a least count' "0 $(sum other)" "$status $(sum user/f)"
forget

# ---- Faults ------------------------------------------------------------------------------------
# When each range has a fault once, the filter is right.
fetches stand-in/once-all --wait 2 --tries 5
is 'each fault, once' "0 $few" "$status $(sum user/f)"
is 'each range is asked for again, but for padding' yes "$([ "$(printed 'asked again')" -ge 50 ] && echo yes)"
forget
# When a fault stays, it is said which range has it, there is no filter, and from there a good service
# is enough. Most of the time is spent waiting, so all of them are asked at once.
# fetch_all PATH NAME...: a fetch for each name at the same time, with the name for the % of the path
fetch_all() {
	local path=$1 name pids=() wait
	shift
	for name; do
		# A busy machine is slow, too.
		wait=20
		[ $name = slow ] && wait=2
		(
			"${as_user[@]}" ./leaks fetch --contact test@example.org --certificates cert.pem \
				--url "$service/${path/\%/$name}" --ranges 00000-0003F --tries 2 --wait $wait \
				-o "user/$name" >"$name.out" 2>"$name.err" </dev/null
			echo $? >"$name.status"
		) &
		pids+=($!)
	done
	wait "${pids[@]}"
}
cat >faults <<'END'
cut-in-a-line|has a line [0-9]+ that is not the rest of a SHA-1
cut-between-lines|has 100 lines, far fewer than the others, which have about [34][0-9][0-9]
cut-before-a-count|was cut in its last line
md5|was cut or changed: its Content-MD5 is another
empty|is empty
unsorted|has a line 11 that comes after a greater hash
ntlm|has a line 1 that is not the rest of a SHA-1
no-hashes|has a line 1 that is not
huge|is larger than a range can be
404|answers 404; it was asked 2 times
500|answers 500
closed|cannot be fetched: 
slow|cannot be fetched: .*(too slow|timed out)
gzip-broken|has damaged gzip data
gzip-cut|was cut: its gzip data have no end
brotli|is compressed in a way that was not asked for
403|answers 403: the service forbids it
429-bare|answers 429: the service is asked too much. Go on later
429-long|answers 429: the service is asked too much. Go on in 86400 seconds
END
mapfile -t names < <(cut -d '|' -f 1 faults)
fetch_all stand-in/% "${names[@]}"
while IFS='|' read -r fault message; do
	is "$fault: status" 2 "$(cat "$fault.status")"
	like "$fault: what it says" "/$fault/000(07|3F) $message" "$(cat "$fault.err")"
	is "$fault: what is there" "user/$fault.ranges.part" "$(echo user/"$fault"*)"
done <faults
for fault in 403 429-bare 429-long; do
	is "$fault: it is not asked again" '' "$(grep -oE "/$fault/000(07|3F)" asked | sort | uniq -d)"
done
fetch_all range "${names[@]}"
for fault in "${names[@]}"; do
	is "$fault, then a good service" "0 $few" "$(cat "$fault.status") $(sum "user/$fault")"
done
forget
for good in padding gzip-md5; do
	fetches stand-in/$good
	is "$good is no fault" "0 $few" "$status $(sum user/f)"
	forget
done
for fault in 429 503; do
	start=$SECONDS
	fetches stand-in/once-$fault
	is "$fault with a time to come back" "0 $few" "$status $(sum user/f)"
	is "$fault: it waited" yes "$([ $((SECONDS - start)) -ge 1 ] && echo yes)"
	forget
done

# ---- The service goes away --------------------------------------------------------------------
stop_nginx
fetches range
is 'no service: status' 2 "$status"
like 'no service: what it says' '/range/000.. cannot be fetched: .*; it was asked 2 times' "$(cat err)"
(
	sleep 0.2
	start_nginx "$port" "$locations" "$stand_in"
	echo "$nginx_pid" >nginx_pid
) &
starter=$!
asks fetch range --ranges 00000-0003F --tries 5 -o user/f
wait $starter
nginx_pid=$(cat nginx_pid)
is 'it comes back' "0 $few" "$status $(sum user/f)"
forget
asks fetch range --ranges 00000-003FF --tries 5 -o user/a &
asker=$!
sleep 0.3
stop_nginx
sleep 0.5
start_nginx "$port" "$locations" "$stand_in"
wait $asker
is 'it goes away in the middle, and comes back' "$all" "$(sum user/a)"
forget
"${as_user[@]}" ./leaks fetch --contact test@example.org --url "$service/range" --tries 1 \
	--ranges 00000-0003F -o user/f >out 2>err
is 'a certificate of nobody who is trusted: status' 2 $?
like 'it says so' 'certificate' "$(cat err)"
forget

# ---- A disk that is full ----------------------------------------------------------------------
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	mkdir small
	unshare -m bash -c 'mount -t tmpfs -o size=100k,mode=777 tmpfs small || exit 1
		fetch() {
			setpriv --reuid 65534 --regid 65534 --clear-groups -- ./leaks fetch --url "$1/range" \
				--contact test@example.org --certificates cert.pem --ranges 00000-0003F -o small/f
		}
		fetch "$1" >out 2>err
		echo $? $(ls small) >status
		mount -o remount,size=10m small
		fetch "$1" >out 2>>err
		echo $? "$(sha256sum <small/f)" >>status' bash "$service"
	is 'a full disk, and then one that is not' "2 f.ranges.part 0 $few" "$(tr '\n' ' ' <status | sed 's/ $//')"
	like 'it says so' 'cannot be written: No space left' "$(cat err)"
fi

# ---- kill -9 ----------------------------------------------------------------------------------
size() {
	stat -c %s user/a.ranges.part 2>/dev/null || echo 0
}
# killed COMMAND ARGUMENT...: a little after it has written something; returns 1 if it was over before
killed() {
	local before pid
	before=$(size)
	"${as_user[@]}" ./leaks "$1" --contact test@example.org --url "$service/range" \
		--certificates cert.pem "${@:2}" >/dev/null 2>&1 &
	pid=$!
	while [ "$(size)" -le "$before" ] && kill -0 $pid 2>/dev/null; do
		sleep 0.01
	done
	sleep "0.0$((RANDOM % 5))"
	# setpriv has become the program.
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ $? = 137 ]
}
kills=0
for _ in $(seq 20); do
	killed fetch --ranges 00000-003FF --streams 1 -o user/a && kills=$((kills + 1))
	[ ! -e user/a.ranges ] || break
	# What a machine leaves that lost its power.
	head -c $((RANDOM % 3000)) /dev/urandom >>user/a.ranges.part
done
is 'it was killed some times before it was done' yes "$([ $kills -ge 3 ] && echo yes)"
if [ ! -e user/a.ranges ]; then
	asks fetch range --ranges 00000-003FF -o user/a
	like 'what was fetched is not fetched again' 'which an earlier run had fetched [1-9]' "$(cat out)"
fi
is "killed $kills times: the same filter" "$all" "$(sum user/a)"
is 'killed: nothing is left' 'user/a user/a.etags user/a.ranges' "$(echo user/*)"
asks fetch range --ranges 00000-003FF -o user/b &
sleep 0.15
asks fetch range --ranges 00000-003FF -o user/b
first=$status
wait $!
is 'two at once: status' 2 "$first"
rm -f user/b*

# ---- update -----------------------------------------------------------------------------------
before=$(stat -c %Y%i user/a)
: >asked
asks update range user/a
is 'nothing is new' '0 nothing is new: none of 1024 ranges has changed' "$status $(cat out)"
is 'no range is sent' '1024 304' "$(cut -d ' ' -f 1 asked | sort | uniq -c | sed 's/^ *//')"
is 'the filter is not touched' "$before" "$(stat -c %Y%i user/a)"
asks update range --check user/a
is 'check: nothing' '0 nothing is new: none of 1024 ranges has changed' "$status $(cat out)"
# grow PREFIX...: these ranges have one password more
grow() {
	python3 - "$@" <<'END'
import hashlib, os, sys
for prefix in sys.argv[1:]:
    path = "ranges/" + prefix
    with open(path, "rb") as file:
        lines = file.read().split(b"\r\n")
    lines.append(hashlib.sha1(lines[0] + lines[-1]).hexdigest()[:35].upper().encode() + b":1")
    # A new file: ETags are made of its time and size.
    with open(path + ".new", "wb") as file:
        file.write(b"\r\n".join(sorted(lines)))
    os.rename(path + ".new", path)
END
}
grow 00000 00002 00123 003FF
./leaks build ranges -o grown >/dev/null 2>&1
asks update range --check user/a
is 'check: something' '1 4 of 1024 ranges have changed' "$status $(cat out)"
asks update range user/a
is 'what has changed is fetched' "0 4 of 1024 ranges have changed" "$status $(head -n 1 out)"
is 'it is what is built of all' "$(sum grown)" "$(sum user/a)"
is 'nothing is left' 'user/a user/a.etags user/a.ranges' "$(echo user/*)"
asks update range --check user/a
is 'check: nothing any more' 0 "$status"
kills=0
grow $(printf '%05X ' $(seq 0 2 1023))
./leaks build ranges -o grown >/dev/null 2>&1
for _ in 1 2 3; do
	killed update --streams 4 user/a && kills=$((kills + 1))
done
asks update range user/a
is "killed $kills times while it was updated" "0 $(sum grown)" "$status $(sum user/a)"
is 'updated: nothing is left' 'user/a user/a.etags user/a.ranges' "$(echo user/*)"
python3 - <<'END'
with open("ranges/00005", "rb") as file:
    lines = file.read().split(b"\r\n")
with open("ranges/00005.new", "wb") as file:
    file.write(b"\r\n".join(lines[:len(lines) * 9 // 10]))
END
mv ranges/00005.new ranges/00005
asks update range --tries 2 user/a
is 'a range that has become shorter: status' 2 "$status"
like 'it says so' '/00005 has 3[0-9]* lines, and had [34][0-9]*: it was cut, or else' "$(cat err)"
is 'the filter is as it was' "$(sum grown)" "$(sum user/a)"
asks fetch range --ranges 00000-003FF -o user/a
is 'fetch beside it: status' 2 "$status"
rm user/a.ranges.part
cp user/a.ranges kept
printf X | dd of=user/a.ranges bs=1 seek=100000 conv=notrunc 2>/dev/null
./leaks build user/a.ranges -o other >out 2>err
is 'damaged ranges: status' 2 $?
like 'it says so' 'user/a.ranges: is damaged or not complete, at range 000' "$(cat err)"
head -c 100000 kept >user/a.ranges
./leaks build user/a.ranges -o other >out 2>err
is 'cut ranges: status' 2 $?
cp kept user/a.ranges

# ---- install ----------------------------------------------------------------------------------
mkdir -m 755 system
installs() {
	./leaks install "$@" >out 2>err
	status=$?
}
installs user/a -o system/leaks
is 'installed' "0 $(sum grown)" "$status $(sum system/leaks)"
is 'it is the caller'"'"'s, and everybody may read it' "644 $(id -u)" "$(stat -c '%a %u' system/leaks)"
asks update range --check system/leaks
like 'any user may ask whether anything is new' '^[01] .*of 1024 ranges ha(s|ve) changed' "$status $(cat out)"
chmod 640 system/leaks
installs few.filter -o system/leaks
is 'installed anew: the mode stays, the ETags go' "0 $few 640 system/leaks" \
	"$status $(sum system/leaks) $(stat -c %a system/leaks) $(echo system/*)"
cp all.filter damaged
printf X | dd of=damaged bs=1 seek=20000 conv=notrunc 2>/dev/null
ln -s all.filter link
mkfifo pipe
for source in damaged link pipe built nonesuch; do
	installs $source -o system/leaks
	is "install $source: refused, and all is as it was" "2 $few system/leaks" \
		"$status $(sum system/leaks) $(echo system/*)"
	like "install $source: it says what" "$source:? " "$(cat err)"
done
chmod o+w system
installs all.filter -o system/leaks
is 'a folder that others may write: refused' "2 $few" "$status $(sum system/leaks)"

# ---- The command line -------------------------------------------------------------------------
run() {
	"${as_user[@]}" ./leaks "$@" >out 2>err
	status=$?
}
run fetch -o user/x
like 'no contact' '^2 .*-c ADDRESS is wanted' "$status $(cat err)"
for contact in me 'a b@example.org' $'a@example.org\r\nX: y' ''; do
	run fetch -c "$contact" -o user/x
	like "contact $contact" '^2 .*is neither a mail address' "$status $(tr '\r\n' '  ' <err)"
done
run fetch -c a@example.org -u http://127.0.0.1/ -o user/x
like 'no TLS' '^2 .*is not https://' "$status $(cat err)"
for part in 0-1 00005-00004 00000-0000G 00000-00001-; do
	run fetch -c a@example.org -u "$service" -R $part -o user/x
	is "ranges $part" 2 "$status"
done
run fetch -c a@example.org -u "$service" user/x
is 'an argument' 2 "$status"
run update -c a@example.org -u "$service" nonesuch
like 'nothing to update' '^2 .*nonesuch.ranges: cannot be read' "$status $(cat err)"
run update --check -c a@example.org -u "$service" nonesuch
like 'nothing to check' '^2 .*nonesuch.etags: cannot be read' "$status $(cat err)"
if [ "$(id -u)" = 0 ]; then
	for command in 'fetch -o x' 'update x'; do
		./leaks $command -c a@example.org -u "$service" >out 2>err
		like "${command%% *} as root" '^2 .*does not run as root' "$? $(cat err)"
	done
fi

# ---- The timer --------------------------------------------------------------------------------
if command -v systemd-analyze >/dev/null; then
	sed "s,^ExecStart=[^ ]*,ExecStart=$PWD/leaks," "$A2A_BUILD/leaks/all2all-leaks.service" \
		>all2all-leaks.service
	cp "$A2A_SOURCE/leaks/systemd/all2all-leaks.timer" .
	is 'systemd finds no fault with the units' '0 ' "$(systemd-analyze verify --man=no \
		./all2all-leaks.service ./all2all-leaks.timer >out 2>&1; echo $? "$(grep all2all out)")"
fi

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
