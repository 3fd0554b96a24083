#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tries the Debian packages as an administrator does, in private trees: builds them with ./package,
# installs them on a minimal Debian without a compiler, on trial, in force, upgrades them while
# people log in and change passwords, and removes them with the audit lines still in place. Prints a
# line for each test, and ends with "N passed, N failed, N skipped". Needs root and Debian; otherwise
# it runs nothing.
#
#   usage: tests/packages.sh [RELEASE...]     12, 13 (default: this machine's)
#
# A2A_BUILD_OPTIONS=nocheck leaves the engine's tests out of the build.
#
# The upgrade begins with the packages of the last tag that has a debian/, and with those of this
# tree if there is none. It ends with the packages of this tree, but for a higher version and another
# format of the lexicon, which is the upgrade that asks the most.
set -u
cd "$(dirname "$0")/.." || exit 2
suite=packages
A2A_SOURCE=$PWD
. tests/lib/trust.sh

# Root may build what belongs to somebody else.
git() {
	command git -c safe.directory='*' "$@"
}

# ---- On the machine ----------------------------------------------------------------------------

not_run() {
	echo "skip  packages  not run: $*"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}

# check TITLE COMMAND...: prints a line, and the output of the command when it failed
check() {
	local title=$1
	shift
	if "$@" >"$scratch/said" 2>&1; then
		ok "$title"
	else
		fail "$title"
		tail -n 25 "$scratch/said" | sed 's/^/      /'
		return 1
	fi
}

# copy_source FOLDER: what ./package would build, with the trees that are there already
copy_source() {
	mkdir -p "$1/.cache"
	git ls-files -z | tar --null -T - -c | tar -C "$1" -x
	ln -s "$PWD/.cache/mail" "$1/.cache/mail"
}

# The next version: dpkg takes it for newer, and no program of this version can read its lexicon.
make_next() {
	local version format
	copy_source "$scratch/next"
	version=$(sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
	format=$(sed -n 's/.*A2A_LEXICON_VERSION = \([0-9]*\),.*/\1/p' dict/lexicon_format.h)
	sed -i "s/\(A2A_LEXICON_VERSION = \)$format,/\1$((format + 1)),/" \
		"$scratch/next/dict/lexicon_format.h"
	{
		printf 'all2all (%s+next) unstable; urgency=medium\n\n  * The next one.\n\n' "$version"
		printf ' -- the all2all authors <postmaster@all2all.org>  %s\n\n' "$(date -R)"
		cat debian/changelog
	} >"$scratch/next/debian/changelog"
}

# The last tag with packages, if there is one.
previous_tag() {
	local tag
	for tag in $(git tag --sort=-creatordate 2>/dev/null); do
		if git cat-file -e "$tag:debian/control" 2>/dev/null; then
			echo "$tag"
			return
		fi
	done
}

make_previous() {
	mkdir -p "$scratch/previous/.cache"
	git archive "$1" | tar -C "$scratch/previous" -x
	ln -s "$PWD/.cache/mail" "$scratch/previous/.cache/mail"
}

# The engine's own tests ran when the packages were built the first time.
package_in() {
	(cd "$1" && DEB_BUILD_OPTIONS=nocheck ./package "$2")
}

try_release() {
	local release=$1 tree tag packages=$scratch/for-$1
	tree=packages-$release
	mkdir -p "$packages"
	check "Debian $release: they build without a network, twice the same, and lintian has no complaint" \
		env DEB_BUILD_OPTIONS="${A2A_BUILD_OPTIONS-}" ./package --check "$release" || return
	cp -r "packages/$release" "$packages/this"
	tag=$(previous_tag)
	if [ "$tag" ]; then
		[ -d "$scratch/previous" ] || make_previous "$tag"
		check "Debian $release: those of $tag build" package_in "$scratch/previous" "$release" || return
		cp -r "$scratch/previous/packages/$release" "$packages/old"
	else
		ln -s this "$packages/old"
	fi
	[ -d "$scratch/next" ] || make_next
	check "Debian $release: the next version builds" package_in "$scratch/next" "$release" || return
	cp -r "$scratch/next/packages/$release" "$packages/next"

	export A2A_TREE=$tree A2A_RELEASE=$release
	deploy/tree remove
	if ! deploy/tree bare dovecot-core >"$scratch/said" 2>&1; then
		fail "Debian $release: its tree could not be made"
		tail -n 25 "$scratch/said" | sed 's/^/      /'
		return
	fi
	mkdir -p ".cache/mail/$tree/root/packages"
	cp -r "$packages"/* ".cache/mail/$tree/root/packages/"
	deploy/tree online bash /srv/all2all/tests/packages.sh --inside "$release" | tee "$scratch/inside"
	passed=$((passed + $(grep -c '^ok ' "$scratch/inside")))
	failed=$((failed + $(grep -c '^FAIL ' "$scratch/inside")))
	grep -q '^all was tried$' "$scratch/inside" || fail "Debian $release: the tests ended early"
	deploy/tree remove
	unset A2A_TREE A2A_RELEASE
	begun=$(date +%s)
}

on_the_machine() {
	[ "$(id -u)" = 0 ] || not_run "only root can make a Debian in a tree of its own"
	grep -qx 'ID=debian' /etc/os-release ||
		not_run "the tree is made of Debian's packages, as this machine is not"
	unshare --mount --pid --fork true 2>/dev/null ||
		not_run "no namespaces can be had here (a container without CAP_SYS_ADMIN?)"
	[ -e .git ] || not_run "this is no clone of the repository"
	trap 'rm -rf "$scratch"' EXIT
	trap 'exit 1' HUP INT TERM
	# shellcheck source=/dev/null
	[ $# != 0 ] || set -- "$(. /etc/os-release && echo "${VERSION_ID:-$VERSION_CODENAME}")"
	for release; do
		try_release "$release"
	done
	finish
}

# ---- In the tree -------------------------------------------------------------------------------
user=user0001
weak=Welkom2026
site_word=Kvoltabrix

apt_install() {
	apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install "$@"
}

# readme_command WORDS: runs the command of README that has these words, in the folder of the packages.
# There is no sudo, and root needs none; nobody answers a question.
readme_command() {
	sed -n 's/^  *sudo //p' /srv/all2all/README.md | grep -F -e "$1" >/tmp/command
	cat /tmp/command
	[ "$(wc -l </tmp/command)" = 1 ] && (cd /root/packages/old && sh -ex /tmp/command)
}

install_packages() {
	printf '%s\n' 'APT::Get::Assume-Yes "true";' 'APT::Install-Recommends "false";' \
		>/etc/apt/apt.conf.d/tree
	apt-get -q update && readme_command 'apt install ./libpam-all2all'
}

# The package that a server without sheets does not need.
install_issue() {
	apt_install /root/packages/old/all2all-issue_*.deb
}

# What a mail server does not need: a compiler, and what only all2all-issue brings along.
no_compiler() {
	! dpkg-query -W -f '${Package} ${db:Status-Status}\n' |
		grep -E '^(gcc|cc|meson|dpkg-dev|lib.*-dev) installed'
}

# Without all2all-issue, there are the module's own libraries.
few_packages() {
	apt-get -s --no-install-recommends install /root/packages/old/{libpam-all2all,all2all-data}_*.deb \
		-o Dir::State::status=/root/status | grep '^Inst' | tee /tmp/few
	! grep -E 'cairo|pango|sqlite|archive|jansson' /tmp/few && [ "$(wc -l </tmp/few)" -le 10 ]
}

by_chpasswd() {
	echo "$user:$1" | chpasswd
}

by_root() {
	printf '%s\n' "$1" "$1" | passwd $user
}

hash_of_user() {
	sed -n "s/^$user:\([^:]*\):.*/\1/p" /etc/shadow
}

is_password() {
	perl -e 'exit(crypt($ARGV[0], $ARGV[1]) ne $ARGV[1])' "$1" "$(hash_of_user)"
}

on_trial() {
	grep -E '^password.*pam_all2all\.so.*dry_run' /etc/pam.d/common-password &&
		by_chpasswd $weak && is_password $weak
}

in_force() {
	readme_command 'pam-auth-update --enable all2all --disable all2all-trial' &&
		[ "$(grep -c '^[^#].*pam_all2all\.so' /etc/pam.d/common-password)" = 1 ] &&
		! grep dry_run /etc/pam.d/common-password
}

# The administrator's own settings, which every upgrade keeps.
configure() {
	printf '%s\n' "$site_word" >/root/site.txt
	all2all-dict add /root/site.txt -o /etc/security/site.lexicon &&
		printf '%s\n' 'lang = fr nl' 'words = /etc/security/site.lexicon' >>/etc/security/all2all.conf &&
		all2all-pwcheck -t
}

# refuses BY [PASSWORD]: in French and Dutch, and the old password stays
refuses() {
	local before
	before=$(hash_of_user)
	! "$1" "${2-$weak}" && [ "$before" = "$(hash_of_user)" ] &&
		grep -q 'Ce mot de passe est refusé' "$scratch/said" &&
		grep -q 'Dit wachtwoord wordt geweigerd' "$scratch/said"
}

# sets BY: what all2all-pwgen prints, which is "$password" from now on
sets() {
	local new
	new=$(all2all-pwgen) && "$1" "$new" && is_password "$new" && password=$new
}

# A login with an expired password, which su asks for; the old one is asked for first.
by_su() {
	chage -d 0 $user
	printf '%s\n' "$password" "$password" "$1" "$1" |
		setpriv --reuid=nobody --regid=nogroup --clear-groups su $user -c true
	local status=$?
	chage -d "$(date +%F)" $user
	return $status
}

issued() {
	sed -i 's/^#* *server *=.*/server = mail.example.org/' /etc/all2all/sheets/sheets.conf
	grep -q '^server = ' /etc/all2all/sheets/sheets.conf ||
		echo 'server = mail.example.org' >>/etc/all2all/sheets/sheets.conf
	all2all-issue --lang fr --out /root/sheets $user && ls /root/sheets/$user.pdf && ! is_password "$password"
}

# ---- A mail server
write_dovecot() {
	cat >/etc/pam.d/dovecot <<-'END'
		auth     requisite  pam_unix.so
		auth     optional   pam_all2all.so audit
		account  required   pam_unix.so
		account  optional   pam_all2all.so audit
	END
	{
		grep -q '^2\.4' <<<"$(dovecot --version)" &&
			printf '%s\n' 'dovecot_config_version = 2.4.0' 'dovecot_storage_version = 2.4.0'
		# Only the authentication is used.
		printf '%s\n' 'protocols =' 'ssl = no' 'log_path = /var/log/dovecot.log'
		if grep -q '^2\.4' <<<"$(dovecot --version)"; then
			printf '%s\n' 'passdb pam {' '  driver = pam' '  service_name = dovecot' '}' \
				'userdb passwd {' '  driver = passwd' '}'
		else
			printf '%s\n' 'passdb {' '  driver = pam' '  args = dovecot' '}' \
				'userdb {' '  driver = passwd' '}'
		fi
		printf '%s\n' 'auth_cache_size = 0' 'auth_failure_delay = 0'
	} >/etc/dovecot/dovecot.conf
}

# A user of its own, whose password stays the same, so that each login must succeed.
start_dovecot() {
	useradd --create-home reader
	usermod -p "$(perl -e 'print crypt($ARGV[0], q($6$abcdefgh$))' $weak)" reader
	write_dovecot
	dovecot || return
	for _ in $(seq 100); do
		login && return
		sleep 0.1
	done
	tail /var/log/dovecot.log
	return 1
}

login() {
	doveadm auth test -x service=imap reader $weak
}

recorded() {
	# Its status says that somebody has a weak password.
	login && all2all-audit report | grep '^reader .*dictionary-word'
}

# ---- The upgrade

# Logs in until told to stop; a line for each login that was lost.
keep_logging_in() {
	until [ -e /tmp/stop ]; do
		login >/tmp/login.$1 2>&1 || { date +%T.%N; cat /tmp/login.$1; } >>/tmp/lost.logins
		echo >>/tmp/logins
	done
}

# Sets strong passwords until told to stop. Only one process can: chpasswd locks the file.
keep_changing() {
	local number=0 strong
	until [ -e /tmp/stop ]; do
		number=$((number + 1))
		strong=$(sed -n "$((number % 500 + 1))p" /tmp/strong)
		echo "changer:$strong" | chpasswd >/tmp/change 2>&1 ||
			{ date +%T.%N; echo "not set"; cat /tmp/change; } >>/tmp/lost.changes
		echo >>/tmp/changes
	done
}

# Tries a weak one until told to stop. It must be refused, and for its reason: not because something
# is missing.
keep_trying() {
	until [ -e /tmp/stop ]; do
		if printf '%s\n' $weak $weak $weak $weak $weak $weak | passwd changer >/tmp/try.$1 2>&1; then
			echo "$(date +%T.%N) $weak was set" >>/tmp/lost.changes
		elif ! grep -q "plus qu’un mot" /tmp/try.$1 || grep -q 'moment' /tmp/try.$1; then
			{ date +%T.%N; cat /tmp/try.$1; } >>/tmp/lost.changes
		fi
		echo >>/tmp/tries
	done
}

# Keeps what is logged in /tmp/syslog, each line with its time: it says why a change was lost. A
# minimal Debian has few modules for Perl.
keep_the_log() {
	rm -f /dev/log
	perl -MIO::Socket::UNIX -MSocket -MPOSIX=strftime -e '
		my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/dev/log") or die $!;
		chmod 0666, "/dev/log";
		$| = 1;
		while ($log->recv(my $line, 8192), 1) {
			printf "%s %s\n", strftime("%T", localtime), $line;
		}' >/tmp/syslog 2>&1 &
	logger=$!
}

# A user who began to change the password before the upgrade, and is asked for the old one first. The
# module that is in memory opens its files again when that was typed.
begin_to_change() {
	useradd waiter
	usermod -p "$(perl -e 'print crypt($ARGV[0], q($6$abcdefgh$))' $site_word)" waiter
	rm -f /tmp/typed
	mkfifo -m 644 /tmp/typed
	# As root opens it, and as long as it is open, the program waits.
	exec 9<>/tmp/typed
	setpriv --reuid=waiter --regid=waiter --clear-groups passwd </tmp/typed >/tmp/waited 2>&1 9>&- &
	waiter=$!
	for _ in $(seq 100); do
		grep -qi 'password:' /tmp/waited && return
		sleep 0.1
	done
	cat /tmp/waited
	return 1
}

end_to_change() {
	printf '%s\n' $site_word $weak $weak $weak >&9
	exec 9>&-
	wait "$waiter"
}

upgrade() {
	local status logger waiter pids=()
	all2all-pwgen -n 500 >/tmp/strong || return
	keep_the_log
	begin_to_change || return
	rm -f /tmp/stop /tmp/lost.*
	: >/tmp/lost.logins
	: >/tmp/lost.changes
	useradd changer
	keep_logging_in 1 &
	pids+=($!)
	keep_changing &
	pids+=($!)
	keep_trying 1 &
	pids+=($!)
	keep_trying 2 &
	pids+=($!)
	sleep 2
	apt_install --no-install-recommends /root/packages/next/{libpam-all2all,all2all-data,all2all-tools,all2all-issue}_*.deb
	status=$?
	sleep 2
	touch /tmp/stop
	wait "${pids[@]}"
	end_to_change
	kill "$logger" || return
	echo "$(wc -l </tmp/logins) logins, $(wc -l </tmp/changes) changes, $(wc -l </tmp/tries) refusals"
	[ $status = 0 ] && [ "$(dpkg-query -W -f '${Version}' libpam-all2all)" != \
		"$(dpkg-deb -f /root/packages/old/libpam-all2all_*.deb Version)" ]
}

no_login_lost() {
	cat /tmp/lost.logins
	[ "$(wc -l </tmp/logins)" -ge 20 ] && ! [ -s /tmp/lost.logins ]
}

no_change_lost() {
	cat /tmp/lost.changes
	if [ -s /tmp/lost.changes ]; then
		wc -l /tmp/syslog
		grep -a pam_all2all /tmp/syslog | grep -av '(refused)$' | tail -n 20
	fi
	[ "$(wc -l </tmp/changes)" -ge 5 ] && [ "$(wc -l </tmp/tries)" -ge 20 ] && ! [ -s /tmp/lost.changes ]
}

waiting_passwd_refuses() {
	cat /tmp/waited
	grep -a 'user waiter' /tmp/syslog
	grep -q "plus qu’un mot" /tmp/waited && ! grep 'moment' /tmp/waited
}

# The lexicon of the old format stays for programs that began before the upgrade.
configuration_kept() {
	cat /etc/security/all2all.conf
	grep -q '^lang = fr nl$' /etc/security/all2all.conf && all2all-pwcheck -t &&
		! ls /etc/security/all2all.conf.dpkg-* /usr/share/all2all/dictionary*.kept.* &&
		ls /usr/share/all2all/lexicon.[0-9]* >/tmp/kept && [ "$(wc -l </tmp/kept)" = 1 ]
}

# ---- Undo

remove() {
	apt_install --purge all2all-issue- && readme_command 'apt remove'
}

warned() {
	cat /tmp/removal
	grep -q '/etc/pam.d/dovecot:2:auth .*pam_all2all' /tmp/removal &&
		grep -q '/etc/pam.d/dovecot:4:account .*pam_all2all' /tmp/removal
}

as_before() {
	cmp /etc/pam.d/common-password /root/common-password && by_chpasswd $weak && is_password $weak
}

purged() {
	readme_command 'apt purge' &&
		grep -q 'records of the login audit are deleted' "$scratch/said"
}

nothing_left() {
	# The administrator's own list, and the lines that were put there by hand.
	find / -xdev \( -path /srv -o -path /root -o -path /tmp -o -path /proc \) -prune -o \
		\( -name '*all2all*' -o -path '*all2all*' \) -print | tee /tmp/left
	! [ -s /tmp/left ]
}

inside() {
	release="Debian $1"
	[ -e /etc/dpkg/dpkg.cfg.d/tree ] || exit 2 # this is no tree of deploy/tree
	useradd --create-home --comment 'Marie Delvaux' $user
	cp /etc/pam.d/common-password /root/common-password
	cp /var/lib/dpkg/status /root/status

	check "$release: they install as README says" install_packages
	check "$release: no compiler comes along" no_compiler
	check "$release: the module brings its own libraries and no others" few_packages
	check "$release: the policy is on trial: Welkom2026 is set" on_trial
	check "$release: it is put in force" in_force
	check "$release: with settings and a word list of the site, all2all-pwcheck -t finds no fault" configure
	check "$release: chpasswd refuses Welkom2026 in French and Dutch" refuses by_chpasswd
	check "$release: chpasswd refuses the site's word" refuses by_chpasswd ${site_word}7
	check "$release: chpasswd sets what all2all-pwgen made" sets by_chpasswd
	check "$release: passwd refuses Welkom2026" refuses by_root
	check "$release: passwd sets what all2all-pwgen made" sets by_root
	check "$release: su with an expired password refuses Welkom2026" refuses by_su
	check "$release: all2all-issue comes along" install_issue
	check "$release: all2all-issue issues one" issued
	check "$release: Dovecot logs in, with the audit lines" start_dovecot
	check "$release: a login is recorded" recorded
	check "$release: an upgrade to another format of the lexicon, under load" upgrade
	sed -n 's/^[0-9]* logins, /      &/p' "$scratch/said"
	check "$release: no login was lost meanwhile" no_login_lost
	check "$release: passwords could be changed all the time, and no weak one was set" no_change_lost
	check "$release: passwd that waited for its user meanwhile refuses Welkom2026" waiting_passwd_refuses
	check "$release: the settings are kept, and nothing is half" configuration_kept
	check "$release: the site's word is still refused" refuses by_chpasswd ${site_word}7
	check "$release: passwd refuses Welkom2026" refuses by_root
	check "$release: passwd sets what all2all-pwgen made" sets by_root
	check "$release: README's undo removes them, with the audit lines in place" remove
	cp "$scratch/said" /tmp/removal
	check "$release: these lines were named, with file and line" warned
	check "$release: the stack is as before, byte for byte, and passwords can be changed" as_before
	check "$release: Dovecot still logs in" login
	rm -f /etc/pam.d/dovecot /etc/security/site.lexicon*
	check "$release: they are purged, which deletes the records and says so" purged
	check "$release: nothing is left" nothing_left
	doveadm stop
	echo "all was tried"
}

scratch=$(mktemp -d)
case ${1-} in
--inside) inside "$2" ;; # by this script itself, in the tree
-*)
	echo "usage: tests/packages.sh [RELEASE...]" >&2
	exit 2
	;;
*) on_the_machine "$@" ;;
esac
