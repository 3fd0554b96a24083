# SPDX-License-Identifier: BSD-3-Clause
# For the tests of all2all-issue, behind own_etc.sh: accounts in an /etc of their own, with pam_unix
# behind the service chpasswd, and sheets that a test can read. Sourced by bash.

folder=$(mktemp -d "${TMPDIR:-/tmp}/test_issue.XXXXXX") || exit 1
finish() {
	if [ "${asker-}" ]; then
		kill "$asker"
		exec 7>&- 8>&-
		# It has files open in the folder.
		while kill -0 "$asker" 2>/dev/null; do sleep 0.01; done
	fi
	umount /etc /run 2>/dev/null
	umount "$folder" 2>/dev/null
	rmdir "$folder" 2>/dev/null
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
mount -t tmpfs -o mode=755,dev,suid all2all "$folder" || skip "no tmpfs can be mounted here"
mkdir "$folder/run" "$folder/sheets" "$folder/bin"
cp -a /etc "$folder/etc" && mount --bind "$folder/etc" /etc && mount --bind "$folder/run" /run ||
	exit 1
for private in /etc /run; do
	[ "$(stat -c %d $private)" = "$(stat -c %d "$folder")" ] || exit 1
done
. "$A2A_SOURCE/tests/lib/expect.sh"

issue=$A2A_BUILD/tools/all2all-issue
old=p4wzt8nqk2
out=$folder/out
table=$folder/out/table.csv
list=$folder/list.csv
sheets=$folder/sheets
users=(a2aone a2atwo a2athree)

printf 'passwd: files\nshadow: files\ngroup: files\n' >/etc/nsswitch.conf
uid=54321
for user in "${users[@]}"; do
	echo "$user:x:$uid:$uid:Marie Delvaux,,,:/nonexistent:/bin/sh" >>/etc/passwd
	echo "$user:x:$uid:" >>/etc/group
	uid=$((uid + 1))
done
cp /etc/shadow "$folder/shadow.system"
hash=$(perl -e 'print crypt($ARGV[0], q($6$rounds=1000$saltsaltsalt$))' "$old")
printf 'password required pam_unix.so sha512 rounds=1000\n' >/etc/pam.d/chpasswd

# A sheet of a few lines, in all languages.
printf 'server = mail.example.org\n' >"$sheets/sheets.conf"
for language in fr nl de en; do
	printf '# Account\n\nuser:\n\n    {{user}}\n\nname: {{name}}\n\npassword:\n\n    {{password}}\n\nlanguage: %s\n' \
		$language >"$sheets/sheet.$language.md"
done
{
	echo 'user,name,language'
	echo 'a2aone,Jeanne Dupont,fr'
	echo 'a2atwo,Jan Peeters,nl'
	echo 'a2athree,Jörg Müller,de'
} >"$list"

# All accounts have the old password, and nothing was issued.
set_the_stage() {
	local user
	rm -rf "$out"
	mkdir "$out"
	cp -p "$folder/shadow.system" /etc/shadow
	for user in "${users[@]}"; do
		echo "$user:$hash:19000:0:99999:7:::" >>/etc/shadow
	done
}

# passwords_in FILE...: the passwords on sheets; files that do not exist are skipped
passwords_in() {
	local file
	for file; do
		[ -e "$file" ] && sed -n '/^password:/ { n; n; s/^ *//p; }' "$file"
	done
}

# One perl for all questions: to start one for each would take most of the time of these tests.
mkfifo "$folder/asked" "$folder/answered"
exec 7<>"$folder/asked" 8<>"$folder/answered"
perl -e '$| = 1; while (<STDIN>) {
	chomp;
	my ($hash, $password) = split /\t/;
	print crypt($password, $hash) eq $hash ? "yes\n" : "no\n";
}' <&7 >&8 7>&- 8>&- &
asker=$!
# `wait` alone does not wait for it.
disown

# fits HASH PASSWORD
fits() {
	local answer
	[ "$1" ] && [ "$2" ] && printf '%s\t%s\n' "$1" "$2" >&7 && read -r -t 60 answer <&8 &&
		[ "$answer" = yes ]
}

# opens USER PASSWORD: whether it is the one in /etc/shadow
opens() {
	local name hash rest
	while IFS=: read -r name hash rest; do
		[ "$name" != "$1" ] || break
	done </etc/shadow
	fits "$hash" "$2"
}

# opens_one_of USER PASSWORD...: whether exactly one of them is
opens_one_of() {
	local user=$1 password count=0
	shift
	for password; do
		! opens "$user" "$password" || count=$((count + 1))
	done
	[ $count = 1 ]
}

# yes_if COMMAND...
yes_if() {
	if "$@"; then
		echo yes
	else
		echo no
	fi
}
