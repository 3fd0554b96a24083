#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests all2all-pwcheck --import: each option that pam_pwquality, pam_cracklib and pam_passwdqc
# document is understood, and our reader takes everything that is printed.
set -u
export LC_ALL=C
umask 022
pwcheck=$A2A_BUILD/tools/all2all-pwcheck
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$scratch" || exit 1

# import TEXT: translates it. Sets $status, $out and $err; $set becomes the settings in one line, and
# $pam the line of the module.
import() {
	printf '%b' "$1" >there.conf
	"$pwcheck" --import there.conf >out 2>err </dev/null
	status=$?
	out=$(cat out) err=$(cat err)
	set=$(grep '^[a-z]' out | xargs -d '\n')
	pam=$(sed -n 's/^#   \(password .*\)/\1/p' out)
}

# good WHAT: our reader takes what was printed
good() {
	"$pwcheck" --import there.conf 2>/dev/null >here.conf
	"$pwcheck" -t --config here.conf >tested 2>&1
	is "$1: our reader takes it" 0 $?
	like "$1: it says so" '^The configuration is good' "$(cat tested)"
}

# unwrap: prints the comments of $out, one on each line
unwrap() {
	awk '/^# there.conf:/ { if (text) print text; text = $0; next }
		/^# / && text { sub(/^#/, ""); text = text $0; next }
		{ if (text) print text; text = "" } END { if (text) print text }' out
}

# ---- A file of each kind ----------------------------------------------------------------------
import '# What the audit wants\nminlen = 14\ndcredit=-1\n  ucredit = -1  \nlcredit = -1 # lower\nminclass = 4
maxrepeat = 3\nmaxsequence=4\nmaxclassrepeat = 6\ndifok = 7\ndictcheck = 2\nbadwords = brasserie gueuze\n'
is 'pwquality.conf: status' '0 ' "$status $err"
is 'pwquality.conf: the settings' "min_length = 14 dcredit = -1 ucredit = -1 lcredit = -1 minclass = 4 \
maxrepeat = 3 maxsequence = 4 maxclassrepeat = 6 difok = 7 dictcheck = yes badwords = brasserie gueuze" "$set"
like 'pwquality.conf: it says what was read' '\(pwquality.conf\)' "$out"
like 'pwquality.conf: each with its line' '^# there.conf:5: lcredit = -1$' "$out"
is 'pwquality.conf: nothing is said of defaults that are written' 0 \
	"$(grep -c '#difok\|#min_digits\|#min_letters' out)"
like 'pwquality.conf: root' 'exempt_root' "$out"
good pwquality.conf

import 'password requisite pam_cracklib.so retry=3 minlen=10 \\\n\tdifok=3 [badwords=lambic faro] use_authtok reject_username
password required pam_unix.so use_authtok minlen=4\n'
is 'pam_cracklib: status' '0 ' "$status $err"
is 'pam_cracklib: the settings, none of another module' \
	'min_length = 10 difok = 3 badwords = lambic faro' "$set"
is 'pam_cracklib: the line' 'password requisite pam_all2all.so retry=3 use_authtok' "$pam"
like 'pam_cracklib: reject_username' 'reject_username: the rule person always searches for .* leave it out' "$(unwrap)"
for default in min_letters min_digits; do
	like "pam_cracklib: $default is another default" "^#$default = 0\$" "$out"
done
good pam_cracklib

import 'password [success=ok default=die] /lib/security/pam_pwquality.so local_users_only type=Bier minlen=9\n'
is 'pam_pwquality: status' '0 ' "$status $err"
is 'pam_pwquality: the settings' 'min_length = 9' "$set"
is 'pam_pwquality: the line' \
	'password [success=ok default=die] pam_all2all.so local_users_only authtok_type=Bier' "$pam"
like 'pam_pwquality: its file counts, too' 'also reads /etc/security/pwquality.conf' "$out"
good pam_pwquality

import 'min=disabled,24,12,9,8\nmax=40\npassphrase=3\nmatch=4\nsimilar=permit\nenforce=users\nretry=2
random=48,only\nwordlist=/etc/words\n'
is 'passwdqc.conf: status' '0 ' "$status $err"
is 'passwdqc.conf: the settings' \
	'min_length = 9 passphrase_length = 12 max_length = 40 difok = 0' "$set"
is 'passwdqc.conf: the line' 'password requisite pam_all2all.so exempt_root retry=2 suggest' "$pam"
like 'passwdqc.conf: a list of words' 'wordlist = /etc/words: .*all2all-dict add FILE' "$(unwrap)"
good passwdqc.conf
import 'password requisite pam_passwdqc.so min=disabled,disabled,disabled,disabled,7 max=8 similar=deny enforce=none'
is 'pam_passwdqc: the settings' '0 min_length = 7' "$status $set"
is 'pam_passwdqc: the line' 'password requisite pam_all2all.so dry_run' "$pam"
like 'pam_passwdqc: max=8' 'max = 8: .*crypt.*leave it out' "$(unwrap)"
good pam_passwdqc

# ---- What means something else, or does not fit -----------------------------------------------
import 'ucredit = 2\nminlen = 4\nenforcing = 0\nmaxclassrepeat = 1\nusercheck = 0\ndictcheck = 0\n'
is 'other meanings: the settings' '0 min_length = 6 dictcheck = no' "$status $set"
like 'credits' 'ucredit = 2: there are no credits here.* leave it out' "$(unwrap)"
like 'a length below that of the library' 'minlen = 4: libpwquality takes it as 6' "$(unwrap)"
like 'enforcing' 'enforcing = 0: here it is the argument dry_run' "$(unwrap)"
like 'maxclassrepeat' 'maxclassrepeat = 1: .* leave it out' "$(unwrap)"
like 'usercheck' 'usercheck = 0: .*person_rest = 0' "$(unwrap)"
like 'dictcheck' 'dictcheck = 0: .*min_guesses' "$(unwrap)"
is 'enforcing: the line' 'password requisite pam_all2all.so dry_run' "$pam"
good 'other meanings'
import 'minlen = 8\nminlen = 12\n'
is 'the last of two lines counts' '0 min_length = 12' "$status $set"
like 'the first one says so' 'there.conf:1: minlen = 8: line 2 counts' "$out"
good 'two lines'
for line in 'minlen = 1000' 'minlen = many' 'minlen' 'difok = -1' 'dcredit = -65' 'min=1,2,3' \
	'min=a,b,c,d,e' 'max=5000' 'min=5,4,3,2,x'; do
	import "$line\nretry=2\n"
	is "$line: nothing is set" '1 ' "$status $set"
	like "$line: it is named" 'there.conf:1: m|there.conf:1: d' "$out"
	good "$line"
done
import 'minlen = 9\n{{ a template }}\nfrobnicate = 3\n\tevil = \033[31m\n'
is 'unknown lines: status and settings' '1 min_length = 9' "$status $set"
for line in 2 3 4; do
	like "line $line is named in a comment" "^# there.conf:$line: .* not an option of pwquality.conf" "$(unwrap)"
	like "line $line is named to the caller" "there.conf:$line: " "$err"
done
is 'no control characters are printed' 0 "$(grep -c $'\033' out)"
good 'unknown lines'
import 'minlen = 9'
is 'a last line without its end' '0 min_length = 9' "$status $set"
import 'minlen = 9\r\nretry = 2\r\n'
is 'lines of another system' '0 min_length = 9' "$status $set"
import '# minlen = 8\n# difok = 1\n'
is 'a file of comments' '0 ' "$status $set"
like 'a file of comments: its kind is known' '\(pwquality.conf\)' "$out"
good 'a file of comments'

# ---- Every option that is documented ----------------------------------------------------------
for option in difok=2 minlen=8 dcredit=1 ucredit=1 lcredit=1 ocredit=-1 minclass=2 maxrepeat=3 maxsequence=3 \
	maxclassrepeat=4 gecoscheck=1 dictcheck=1 usercheck=1 usersubstr=4 enforcing=1 badwords=bier \
	dictpath=/var/cache/cracklib/cracklib_dict retry=2 enforce_for_root local_users_only debug \
	authtok_type=Bier use_authtok; do
	import "password requisite pam_pwquality.so $option\n"
	is "pam_pwquality $option is known" '0 ' "$status $err"
	good "pam_pwquality $option"
done
for option in debug type=Bier retry=2 difok=2 difignore=3 minlen=8 dcredit=1 ucredit=-1 lcredit=1 ocredit=1 \
	minclass=2 maxrepeat=2 maxsequence=3 maxclassrepeat=3 reject_username gecoscheck enforce_for_root \
	use_authtok dictpath=/x; do
	import "password requisite pam_cracklib.so $option\n"
	is "pam_cracklib $option is known" '0 ' "$status $err"
done
for option in config=/etc/passwdqc.conf min=disabled,24,11,8,7 max=72 passphrase=0 match=0 similar=deny \
	wordlist=/x denylist=/x filter=/x random=0 enforce=everyone non-unix retry=3 ask_oldauthtok \
	ask_oldauthtok=update check_oldauthtok use_first_pass use_authtok noaudit; do
	import "password requisite pam_passwdqc.so $option\n"
	is "pam_passwdqc $option is known" '0 ' "$status $err"
	good "pam_passwdqc $option"
done

# ---- What is none of them ---------------------------------------------------------------------
for text in '' 'hello\n' 'password [required \\\\\n pam_cracklib.so minlen=8\n' 'password required pam_unix.so minlen=8\n' '[section]\na = b\n'; do
	import "$text"
	is "'$text': status, and nothing is printed" '2 ' "$status $out"
	like "'$text': it says so" 'there.conf is not understood: ' "$err"
done
import 'minlen = 8\n\0\n'
is 'no text' '2 ' "$status $out"
for file in nowhere /; do
	"$pwcheck" --import $file >out 2>err
	is "$file: status" '2 ' "$? $(cat out)"
	like "$file: it is named" "all2all-pwcheck: $file: " "$(cat err)"
done
is 'standard input' 'min_length = 11' "$(echo 'minlen = 11' | "$pwcheck" --import - | grep '^[a-z]')"
echo 'minlen = 11' | "$pwcheck" --import - >/dev/full 2>/dev/null
is 'a full disk' 2 $?

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
