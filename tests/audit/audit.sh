#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# all2all-audit as an administrator meets it: reports, mails as a sendmail gets them, exit status.
set -u
export LC_ALL=C
unset LANGUAGE
umask 022
program=$A2A_BUILD/tools/all2all-audit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"

store=$scratch/state/audit.sqlite
audit() {
	"$program" --store "$store" "$@"
}

for command in report stats notify; do
	audit $command >"$scratch/out" 2>"$scratch/err"
	is "$command without a record: status" '0 ' "$? $(cat "$scratch/err")"
	is "$command without a record: it says so" "Nothing is recorded yet in $store." "$(head -n 1 "$scratch/out")"
	like "$command without a record: and why" 'PAM' "$(tail -n +2 "$scratch/out")"
done
is 'without a record: a line has 80 columns' 0 "$(grep -c '.\{81\}' "$scratch/out")"
is 'without a record: JSON stays JSON' '0 0 []' "$(audit report --json 2>/dev/null | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(d["weak"], d["good"], d["users"])')"
like 'without a record: beside JSON it is said too' '^Nothing is recorded' "$(audit stats --json 2>&1 >/dev/null)"
audit show user0001 >/dev/null 2>&1
is 'without a record: a user of whom nothing is known' 2 $?
is 'without a record: nothing was made' no "$([ -e "$scratch/state" ] && echo yes || echo no)"
"$program" --store state/audit.sqlite report >/dev/null 2>&1
is 'a path that is not absolute is no such case' 2 $?

# ---- A record: logins through PAM ----
mkdir "$scratch/pam.d"
: >"$scratch/pam.d/other"
# login USER PASSWORD
login() {
	cat >"$scratch/pam.d/dovecot" <<-END
		auth required $A2A_BUILD/tests/pam_record.so set=$2
		auth optional $A2A_BUILD/pam_all2all/pam_all2all.so audit conf=$A2A_BUILD/uninstalled.conf store=$store
	END
	"$A2A_BUILD/tests/pam_drive" "$scratch/pam.d" dovecot "$1" authenticate >/dev/null
}
case $A2A_BUILD in
*' '*)
	echo 'a PAM stack has no way to name a module in a path with spaces' >&2
	exit 77
	;;
esac
login user0001 Wachtwoord1
login user0002 k7mvtq2xr9
login user0003 kort1
login user0004 Soleil2026
login =evil k1

# ---- report ----
audit report >"$scratch/out"
is 'status when somebody is weak' 1 $?
like 'a row' '^user0001 +20[0-9-]+ +20[0-9-]+ +dovecot +dictionary-word$' "$(cat "$scratch/out")"
is 'the good are left out' 0 "$(grep -c user0002 "$scratch/out")"
like 'totals' '^4 of 5 users have a weak password\.$' "$(cat "$scratch/out")"
like 'a bar' '^  too-short +2 +#+$' "$(cat "$scratch/out")"
is 'all of them' 1 "$(audit report --all | grep -c '^user0002 .* -$')"
like 'days of grace' '^user0001 .* 30 +dictionary-word' "$(audit report --grace 30)"
audit report --json --grace 30 >"$scratch/json"
is 'status of JSON' 1 $?
is 'JSON' "4 1 user0001 ['dictionary-word'] 30 True" "$(python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
u = [u for u in d["users"] if u["user"] == "user0001"][0]
print(d["weak"], d["good"], u["user"], u["rules"], u["grace_left"], u["weak"])' "$scratch/json")"
like 'a filter of leaked passwords that is missing' 'warning: /nonesuch: .*is not there' \
	"$(audit report --set leaks=/nonesuch 2>&1)"
is 'CSV as Python reads it' "4 '=evil user0001" "$(audit report --csv | python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
names = sorted(r["user"] for r in rows)
print(len(rows), names[0], names[1])')"
is 'nothing of a password' 0 "$(audit report --all --json | grep -ciE 'wachtwoord|soleil|k7mv|length')"
audit report --all >/dev/full 2>/dev/null
is 'status when the report is lost' 2 $?

# ---- show and forget ----
audit show user0001 >"$scratch/out"
is 'status of a weak user' 1 $?
like 'why' 'dictionary-word: it is little more than a word' "$(cat "$scratch/out")"
is 'show in French' 1 "$(audit --lang fr show user0001 | grep -c 'mot du dictionnaire')"
audit show user0002 >/dev/null
is 'status of a good one' 0 $?
audit show nobody-of-that-name >/dev/null 2>&1
is 'status of an unknown one' 2 $?
audit forget -- =evil
is 'status of forgetting' 0 $?
audit forget -- =evil 2>/dev/null
is 'status of forgetting twice' 2 $?

# ---- Files of logins ----
logins=$store.logins
is 'a file for each user' 4 "$(find "$logins" -name 'user000*' -o -name '%3Devil' | wc -l)"
rm -f "$store"*[^s]
is 'a database that is gone is made again' 3 "$(audit report | grep -c '^user')"
login user0001 k7mvtq2xr9
is 'show knows the last login' 0 "$(audit show user0001 >/dev/null; echo $?)"
login user0001 Wachtwoord1
audit show user0001 >/dev/null
is 'and the one after it' 1 $?
chmod 755 "$logins"
audit report >/dev/null 2>"$scratch/err"
is 'status when others may enter the folder' 2 $?
like 'what it says then' 'chmod go=' "$(cat "$scratch/err")"
chmod 700 "$logins"
file=$(find "$logins" -name user0003)
cp -p "$file" "$scratch/file"
echo >>"$file"
audit report >"$scratch/out" 2>"$scratch/err"
is 'status with a damaged file' 1 $?
like 'it is said' 'user0003: the audit.s record is left out' "$(cat "$scratch/err")"
is 'what was known is still reported' 3 "$(grep -c '^user' "$scratch/out")"
cp -p "$scratch/file" "$file"

# ---- stats ----
like 'a day' "^$(date -u +%F) +4 +1 +80%  #+$" "$(audit stats)"
like 'a month' "^$(date -u +%Y-%m) +4 +1 " "$(audit stats --monthly)"
is 'status of stats' 0 "$(audit stats >/dev/null; echo $?)"
is 'stats as JSON' '4 1' "$(audit stats --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(d[0]["weak"], d[0]["good"])')"

# ---- notify ----
mkdir "$scratch/sent" "$scratch/sheets"
cat >"$scratch/sendmail" <<END
#!/bin/sh
echo "\$*" >>$scratch/arguments
n=\$(ls $scratch/sent | wc -l)
cat >$scratch/sent/\$n
exit 0
END
printf '#!/bin/sh\ncat >/dev/null\nexit 75\n' >"$scratch/broken"
chmod +x "$scratch/sendmail" "$scratch/broken"
cat >"$scratch/languages" <<'END'
# user  languages  name
user0003	nl	Zoé  Ünal  
user0004  fr,nl   # of Brussels
END
# The settings of the tree: where it has its messages.
config=$A2A_BUILD/uninstalled.conf
mail() {
	audit --config "$config" --sheets "$scratch/sheets" notify "$@"
}

mail --dry-run >"$scratch/dry" 2>"$scratch/err"
is 'status without an organisation' 2 $?
is 'what is missing then' '2 1 1' "$(grep -c 'sheets/sheets.conf: ' "$scratch/err") $(
	grep -c 'organisation = NAME' "$scratch/err") $(grep -c 'help = ' "$scratch/err")"
is 'mails of nobody' 0 "$(wc -l <"$scratch/dry")"
cat >"$scratch/sheets/sheets.conf" <<'END'
organisation = ALL2ALL
webmail = https://webmail.example.org/
help = +32 2 555 01 23
domain = example.net
END

mail --dry-run >"$scratch/dry" 2>"$scratch/err"
is 'status of a dry run' 0 $?
is 'mails of a dry run' 3 "$(grep -c '^To: ' "$scratch/dry")"
like 'their number' '3 mails would be sent' "$(cat "$scratch/err")"
is 'a dry run twice' 3 "$(mail --dry-run 2>/dev/null | grep -c '^To: ')"
mail --dry-run --languages "$scratch/languages" --grace 30 --lang fr 2>/dev/null >"$scratch/dry"
like 'a dry run is shown as it is read: the head' '^To: Zoé  ?Ünal <user0003@example\.net>$' "$(cat "$scratch/dry")"
like 'the subject' '^Subject: Uw e-mailwachtwoord is te zwak: wijzig het$' "$(cat "$scratch/dry")"
like 'the greeting' '^Beste Zoé  ?Ünal,$' "$(cat "$scratch/dry")"
like 'the text' '^devinera, lira vos e-mails et en enverra en votre nom\.' "$(cat "$scratch/dry")"
like 'the page' '^https://webmail\.example\.org/$' "$(cat "$scratch/dry")"
is 'nothing is encoded' 0 "$(grep -c '=[0-9A-F][0-9A-F]\|^Content-\|=?' "$scratch/dry")"
is 'no HTML' 0 "$(grep -c '<p>' "$scratch/dry")"
is 'a line between two' 2 "$(grep -c '^=\{72\}$' "$scratch/dry")"
echo 'mail_link = no' >>"$scratch/sheets/sheets.conf"
is 'no link, where the organisation wants none' '0 3' "$(mail --dry-run 2>/dev/null |
	awk '/http|webmail\.example/ { link++ } /in the webmail: open it as you always do/ { way++ }
		END { print link + 0, way + 0 }')"
mail --dry-run --webmail https://webmail.example.org/ >/dev/null 2>"$scratch/err"
is 'status of a link where none is wanted' 2 $?
like 'what it says' 'mails have no link, says .*/sheets.conf \(mail_link\)' "$(cat "$scratch/err")"
sed -i '/^mail_link/d' "$scratch/sheets/sheets.conf"
is 'another page' '3 0' "$(mail --dry-run --webmail https://example.org/change 2>/dev/null |
	awk '/^https:..example.org.change$/ { page++ } /Settings/ { way++ } END { print page + 0, way + 0 }')"

# The user database knows some users by name.
login root Wachtwoord1
like 'a name of the user database' "^Dear $(getent passwd root | cut -d : -f 5 | cut -d , -f 1),\$" \
	"$(mail --dry-run 2>/dev/null)"
audit forget root

mail --sendmail "$scratch/broken" 2>"$scratch/err"
is 'status when sendmail fails' 2 $?
like 'what it says then' 'did not take the mail \(exit status 75\)' "$(cat "$scratch/err")"
mail --sendmail /nonexistent/sendmail 2>/dev/null
is 'status when there is no sendmail' 2 $?

notify() {
	mail --sendmail "$scratch/sendmail" --languages "$scratch/languages" \
		--domain example.org --from postmaster@example.org --grace 30 --lang de "$@"
}
notify 2>"$scratch/err"
is 'status of notify' 0 $?
is 'mails: those that failed are due still' 3 "$(ls "$scratch/sent" | wc -l)"
is 'arguments of sendmail' '-t -i' "$(sort -u "$scratch/arguments")"
notify 2>/dev/null
is 'not twice within a week' 3 "$(ls "$scratch/sent" | wc -l)"
notify --force 2>/dev/null
is 'unless it is forced' 6 "$(ls "$scratch/sent" | wc -l)"
# The caller ignores SIGCHLD, so the kernel would keep no exit status of its children.
env --ignore-signal=CHLD "$program" --store "$store" --sheets "$scratch/sheets" notify --force \
	--sendmail "$scratch/sendmail" 2>/dev/null
is 'a caller that ignores SIGCHLD' '0 9' "$? $(ls "$scratch/sent" | wc -l)"
env --ignore-signal=CHLD "$program" --store "$store" --sheets "$scratch/sheets" notify --force \
	--sendmail "$scratch/broken" 2>/dev/null
is 'a caller that ignores SIGCHLD, and a sendmail that fails' 2 $?

cat >"$scratch/read.py" <<'END'
import email, email.policy, os, sys
folder = sys.argv[1]
for name in sorted(os.listdir(folder))[:3]:
    raw = open(os.path.join(folder, name), "rb").read()
    m = email.message_from_bytes(raw, policy=email.policy.default)
    assert raw.isascii() and not m.defects, m.defects
    plain, page = m.iter_parts()
    words = {"de": "Passwort dieses Kontos ist schwach", "nl": "wachtwoord van dit account is zwak",
             "fr": "mot de passe de ce compte est faible"}
    for part in plain, page:
        flat = " ".join(part.get_content().split())
        assert "https://webmail.example.org/" in flat and "ALL2ALL" in flat and " 30 " in flat
    text = plain.get_content()
    flat = " ".join(text.split())
    print(m["To"], m["From"], m["Auto-Submitted"], m["Content-Language"],
          ",".join(l for l in words if words[l] in flat), "|", m["Subject"], "|", text.split("\n")[0])
END
python3 "$scratch/read.py" "$scratch/sent" | sort >"$scratch/read"
is 'the mails as Python reads them' "\
Zoé Ünal <user0003@example.org> ALL2ALL <postmaster@example.org> auto-generated nl nl | Uw e-mailwachtwoord is te zwak: wijzig het | Beste Zoé  Ünal,
user0001@example.org ALL2ALL <postmaster@example.org> auto-generated de de | Ihr E-Mail-Passwort ist zu schwach: Bitte ändern Sie es | Guten Tag,
user0004@example.org ALL2ALL <postmaster@example.org> auto-generated fr, nl nl,fr | Votre mot de passe e-mail est trop faible : veuillez le changer / Uw e-mailwachtwoord is te zwak: wijzig het | Bonjour," \
	"$(cat "$scratch/read")"

# A name that is no address goes nowhere: no header, no second recipient, no option.
for name in $'x\nBcc: victim@example.org' -oQ/tmp a,b '|/bin/sh' é 'a b'; do
	login "$name" Wachtwoord1
done
rm -f "$scratch"/sent/*
notify 2>"$scratch/err"
is 'status with names that are no addresses' 2 $?
is 'mails to them' 0 "$(ls "$scratch/sent" | wc -l)"
is 'each is said' 6 "$(grep -c 'not a mail address' "$scratch/err")"
is 'a name cannot steer the terminal' 0 "$(audit report | grep -c '^Bcc')"
audit report --json >"$scratch/json"
is 'JSON with such names' 1 $?

# ---- Mistakes ----
# wrong WHAT PATTERN ARGUMENT...
wrong() {
	local what=$1 pattern=$2
	shift 2
	audit "$@" >/dev/null 2>"$scratch/err"
	is "status: $what" 2 $?
	like "$what" "$pattern" "$(cat "$scratch/err")"
}
wrong 'no command' 'no command is given'
wrong 'an unknown command' 'is not a command' frobnicate
wrong 'no user' 'which user' show
wrong 'too many arguments' 'more arguments' report user0001
wrong 'a page that is none' 'no address of a page' notify --dry-run --webmail 'javascript:alert(1)'
wrong 'a header in the sender' 'no mail address' notify --dry-run --from $'a@b\nBcc: c@d'
wrong 'a domain that is none' 'no domain' notify --dry-run --domain 'example.org, x@y'
wrong 'days that are none' 'not a number' report --grace soon
wrong 'a language that is none' 'no messages in' notify --dry-run --lang pl
wrong 'a format that it has not' 'not in this format' notify --csv
printf 'user0001 fr\nuser0002\nuser0003 pl Jan de Smet\nuser0004 fr nl de\nuser0005 fr de Smet\n' >"$scratch/languages"
wrong 'a list with mistakes' 'languages:2: no language' notify --dry-run --languages "$scratch/languages"
like 'all of them' 'languages:3: .*pl' "$(cat "$scratch/err")"
like 'languages where a name stands' 'languages:4: "nl de" would be the name' "$(cat "$scratch/err")"
is 'a name that begins with a language is a name' 0 "$(grep -c 'languages:5' "$scratch/err")"
wrong 'a list that is not there' 'No such file' notify --dry-run --languages "$scratch/none"
is 'help' 0 "$("$program" --help >/dev/null; echo $?)"

echo "$done checked, $wrong wrong"
[ "$wrong" = 0 ]
