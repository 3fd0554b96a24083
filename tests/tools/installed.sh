#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests what all2all-pwcheck -t says of PAM: below a root of its own, with the modules of this system
# and of the build.
set -u
export LC_ALL=C
umask 022
pwcheck=$A2A_BUILD/tools/all2all-pwcheck
module=$A2A_BUILD/pam_all2all/pam_all2all.so
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
root=$scratch/root
set -- /usr/lib/*/security/pam_unix.so /lib/*/security/pam_unix.so /usr/lib*/security/pam_unix.so \
	/lib*/security/pam_unix.so
for pam_unix; do
	[ -e "$pam_unix" ] && break
done
folder=${pam_unix%/*}
cd "$scratch" || exit 1

# The words of a good configuration are not looked at here.
test_below() {
	"$pwcheck" -t --root "$1" >out 2>err </dev/null
	status=$?
	out=$(grep -v -e '^The configuration ' -e '^Profile ' out) err=$(cat err)
}

# fresh: a system with the module in its place and an empty /etc/pam.d
fresh() {
	rm -rf "$root"
	mkdir -p "$root$folder" "$root/etc/pam.d"
	cp "$pam_unix" "$module" "$root$folder/"
}

# pam NAME TEXT: writes a file of /etc/pam.d
pam() {
	printf '%b' "$2" >"$root/etc/pam.d/$1"
}

quality='password requisite pam_all2all.so retry=3\npassword required pam_unix.so use_authtok yescrypt\n'

# ---- A system as Debian sets it up ------------------------------------------------------------
fresh
pam common-password "# a comment about pam_all2all.so\n$quality"
pam common-account 'account required pam_unix.so\n'
pam passwd '@include common-password\n'
pam chpasswd '@include common-password\n@include common-account\n'
pam login 'auth required pam_unix.so\npassword\tinclude  common-password\n'
pam su-l 'password substack /etc/pam.d/common-password\n'
pam dovecot "auth optional pam_all2all.so audit\n-account [success=ok module_unknown=ignore default=bad] \\\\\n  pam_all2all.so audit grace=30\n@include common-account\n"
pam passwd.dpkg-old "$quality"
pam sshd~ "$quality"
test_below "$root"
is 'Debian: status' '0 ' "$status $err"
is 'Debian: what it says' "The module is $folder/pam_all2all.so.
passwords: chpasswd, login, passwd, su-l, through $root/etc/pam.d/common-password:2
logins (auth): dovecot, in $root/etc/pam.d/dovecot:1
logins (account): dovecot, in $root/etc/pam.d/dovecot:2" "$out"
sed -i 's/retry=3/dry_run/' "$root/etc/pam.d/common-password"
test_below "$root"
like 'on trial' 'common-password:2 .on trial: dry_run refuses nothing.$' "$(grep ^passwords <<<"$out")"
sed -i 's/dry_run/retry=3/' "$root/etc/pam.d/common-password"
test_below "$root///"
is 'a slash more' 0 "$status"

# ---- No stack names it ------------------------------------------------------------------------
fresh
pam passwd 'password required pam_unix.so\n'
pam dovecot 'account optional pam_all2all.so audit\n'
test_below "$root"
is 'not enabled: status' 0 "$status"
like 'not enabled: what to do' 'warning: no PAM stack checks new passwords .*pam-auth-update --enable all2all' "$err"
like 'not enabled: the audit is seen' '^logins \(account\): dovecot, in ' "$out"
rm -r "$root/etc/pam.d"
test_below "$root"
like 'no /etc/pam.d: the same' '^0 .*pam-auth-update' "$status $err"

# ---- pam.conf, and the folder of the vendor ---------------------------------------------------
printf 'passwd password requisite pam_all2all.so\nother auth required pam_deny.so\n' >"$root/etc/pam.conf"
test_below "$root"
is 'pam.conf' "0 passwords: passwd, through $root/etc/pam.conf:1" "$status $(tail -n 1 <<<"$out")"
mkdir -p "$root/usr/lib/pam.d" "$root/etc/pam.d"
printf "$quality" >"$root/usr/lib/pam.d/passwd"
test_below "$root"
is "the vendor's folder; pam.conf does not count then" \
	"0 passwords: passwd, in $root/usr/lib/pam.d/passwd:1" "$status $(tail -n 1 <<<"$out")"
pam passwd 'password required pam_unix.so\n'
test_below "$root"
like "the administrator's file counts before it" 'no PAM stack' "$err"

# ---- The module is not there ------------------------------------------------------------------
fresh
rm "$root$folder/pam_all2all.so"
pam other 'auth required pam_deny.so\n'
test_below "$root"
is 'no module, no stack: status' 0 "$status"
like 'no module, no stack: it says so' "warning: $folder/pam_all2all.so: the module is not there" "$err"
pam common-password "\n$quality"
pam passwd '@include common-password\n'
pam cron '@include common-password\n'
test_below "$root"
is 'no module, but a stack: status' 2 "$status"
like 'no module, but a stack: file and line' \
	"all2all-pwcheck: $root/etc/pam.d/common-password:2: $folder/pam_all2all.so is not there, so no password can be changed" "$err"
is 'it is said once' 1 "$(grep -c 'common-password:2' err)"
for control in optional '[success=ok module_unknown=ignore default=bad]' '[success=ok default=ignore]'; do
	pam dovecot "account $control pam_all2all.so audit\n"
	rm -f "$root/etc/pam.d/common-password" "$root/etc/pam.d/passwd" "$root/etc/pam.d/cron"
	test_below "$root"
	is "no module, $control: status" 0 "$status"
	like "no module, $control: file and line" "warning: $root/etc/pam.d/dovecot:1: .* not there, so this line does nothing" "$err"
done
for control in required '[success=ok default=bad]' '[module_unknown=bad default=ignore]'; do
	pam dovecot "account $control pam_all2all.so audit\n"
	test_below "$root"
	is "no module, $control: status" 2 "$status"
	like "no module, $control: file and line" "$root/etc/pam.d/dovecot:1: .* not there, so nobody can log in" "$err"
done
pam dovecot "password required /opt/pam_all2all.so\n"
test_below "$root"
like 'a path of its own that is not there' '2 .*dovecot:1: /opt/pam_all2all.so is not there' "$status $err"
mkdir "$root/opt" && cp "$module" "$root/opt/"
test_below "$root"
is 'a path of its own' 0 "$status"

# ---- The module is elsewhere, or something else -----------------------------------------------
fresh
pam passwd "$quality"
mkdir -p "$root/usr/lib64/security"
mv "$root$folder/pam_all2all.so" "$root/usr/lib64/security/"
test_below "$root"
is 'in another folder: status' 2 "$status"
like 'in another folder: it is named' \
	"passwd:1: $folder/pam_all2all.so is not there \(libpam does not look at /usr/lib64/security/pam_all2all.so" "$err"
for damage in 'head -c 10' 'tr \177 x' 'sed s/\x3e\x00/\x08\x00/'; do
	fresh
	pam passwd "$quality"
	# shellcheck disable=SC2086 # several words
	$damage <"$module" >"$root$folder/pam_all2all.so"
	cmp -s "$module" "$root$folder/pam_all2all.so" && continue # of no x86 machine
	test_below "$root"
	is "$damage: status" 2 "$status"
	like "$damage: it says so" "passwd:1: $folder/pam_all2all.so is no module for this machine" "$err"
done

# ---- pam_unix behind it -----------------------------------------------------------------------
fresh
pam common-password 'password requisite pam_all2all.so\npassword [success=1 default=ignore] pam_unix.so yescrypt # use_authtok\n'
pam passwd '@include common-password\n'
pam cron '@include common-password\n'
test_below "$root"
is 'no use_authtok: status' 0 "$status"
like 'no use_authtok: file and line' "warning: $root/etc/pam.d/common-password:2: pam_unix.so comes after" "$err"
is 'no use_authtok: it is said once' 1 "$(grep -c use_authtok err)"
pam passwd 'password required pam_unix.so\npassword required pam_all2all.so\n'
rm "$root/etc/pam.d/cron" "$root/etc/pam.d/common-password"
test_below "$root"
is 'pam_unix in front of it' '0 ' "$status $err"

# ---- Files that include one another, and nonsense ---------------------------------------------
fresh
pam one '@include two\n'
pam two "@include one\npassword include nowhere\npassword\n[\npassword [ pam_all2all.so\n@include\n$quality"
timeout 60 "$pwcheck" -t --root "$root" >out 2>err
is 'a circle ends' 0 $?
like 'a circle: the line is found' "two:7$" "$(grep ^passwords out)"
like 'a circle: it is said' 'warning: .*include one another without end' "$(cat err)"
pam one '@include one\n@include one\n@include one\n@include one\n'
timeout 60 "$pwcheck" -t --root "$root" >out 2>err
is 'many circles end' 0 $?
rm "$root/etc/pam.d/one"
head -c 20000 /dev/urandom >"$root/etc/pam.d/noise"
timeout 60 "$pwcheck" -t --root "$root" >out 2>err
is 'noise' 0 $?

# ---- The running system -----------------------------------------------------------------------
"$pwcheck" -t >out 2>err
is 'from the build tree: status' '0 ' "$? $(cat err)"
like 'from the build tree: PAM is not looked at' 'PAM was not checked.*--root /' "$(cat out)"
printf 'min_length = 9\n' >conf
"$pwcheck" -t --config conf >out 2>err
is 'a file that is not in force: it alone is tested' \
	$'0 The configuration is good.\nProfile house: the defaults.' "$? $(cat out err)"
fresh
pam passwd "$quality"
"$pwcheck" -t --config conf --root "$root" >out 2>err
like 'both' '^passwords: passwd, in ' "$(cat out)"
"$pwcheck" --root / </dev/null >out 2>err
is '--root without -t' '2 ' "$? $(cat out)"

# The real system, where the module may be loaded, in a namespace whose /usr is changed.
if unshare -rm true 2>/dev/null && [ "$(id -u)" = 0 ]; then
	# with FILE: tests the system with FILE as its module, and a stack that names it
	with() {
		mkdir -p "$scratch/pam.d"
		printf "$quality" >"$scratch/pam.d/passwd"
		A=$1 F=$folder P=$pwcheck S=$scratch unshare -m sh -c '
			mkdir -p "$S/upper" "$S/modules" && cp -a "$F/." "$S/modules/" &&
			cp "$A" "$S/modules/pam_all2all.so" &&
			mount --bind "$S/modules" "$F" && mount --bind "$S/pam.d" /etc/pam.d &&
			"$P" -t --root /' >out 2>err
		status=$?
	}
	with "$module"
	if [ $status != 32 ] && ! grep -q '^mount' err; then
		is 'a module that loads' 0 "$status"
		like 'a module that loads: it says so' 'pam_all2all.so and can be loaded\.$' "$(cat out)"
		cat >unresolved.c <<'EOF'
extern int nobody_has_this(void);
int pam_sm_chauthtok(void) { return nobody_has_this(); }
EOF
		cat >dies.c <<'EOF'
#include <signal.h>
#include <unistd.h>
__attribute__((constructor)) static void die(void) { kill(getpid(), SIGSEGV); }
EOF
		for kind in 'unresolved:undefined symbol: nobody_has_this' 'dies:the program that loads it dies'; do
			cc -shared -fPIC -o "${kind%%:*}.so" "${kind%%:*}.c"
			with "$scratch/${kind%%:*}.so"
			is "a module that does not load, ${kind%%:*}: status" 2 "$status"
			like "a module that does not load, ${kind%%:*}: why" \
				"passwd:1: .*cannot be loaded: .*${kind#*:}" "$(cat err)"
		done
	else
		echo 'nothing can be mounted here: loading the module is not tried'
	fi
fi

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
