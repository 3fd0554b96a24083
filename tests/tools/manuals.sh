#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Compares the manual pages, and the commands of the other documents, with the programs and tables they
# describe.
set -eu

: "${A2A_BUILD:?the build directory}" "${A2A_SOURCE:?the source directory}"
unset LC_ALL LC_MESSAGES LANGUAGE
LANG=
export LANG
# The programs do not read a configuration that others may write.
umask 022

conf_page=$A2A_SOURCE/pam_all2all/all2all.conf.5
pam_page=$A2A_SOURCE/pam_all2all/pam_all2all.8
pwcheck_page=$A2A_SOURCE/tools/all2all-pwcheck.1
pwgen_page=$A2A_SOURCE/tools/all2all-pwgen.1
dict_page=$A2A_SOURCE/tools/all2all-dict.1
leaks_page=$A2A_SOURCE/tools/all2all-leaks.8
passwd_page=$A2A_SOURCE/tools/all2all-passwd.8
audit_page=$A2A_SOURCE/tools/all2all-audit.1
issue_page=$A2A_SOURCE/tools/all2all-issue.1
setup_page=$A2A_SOURCE/tools/all2all-setup.1
sheets_page=$A2A_SOURCE/sheets/sheets.conf.5
accounts_page=$A2A_SOURCE/account/accounts.conf.5
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
skipped=0

complain() {
	echo "manuals: $*" >&2
	failed=1
}

# same WHAT SAID IS: two files with one word on each line are equal, and not empty
same() {
	if ! [ -s "$3" ]; then
		complain "$1: nothing was found to compare with"
	elif ! diff "$2" "$3" >"$scratch/difference"; then
		complain "$1 (< documented, > in the program):"
		grep '^[<>]' "$scratch/difference" >&2
	fi
}

# section PAGE NAME: prints the lines of a section
section() {
	awk -v name=".Sh $2" '/^\.Sh /{inside = $0 == name; next} inside' "$1"
}

# ---- The markup -------------------------------------------------------------------------------
check_markup() {
	if ! command -v mandoc >/dev/null; then
		echo "manuals: mandoc is not installed, so the markup was not checked" >&2
		skipped=1
		return
	fi
	for page in "$conf_page" "$pam_page" "$pwcheck_page" "$pwgen_page" "$dict_page" "$leaks_page" \
		"$audit_page" "$passwd_page" "$sheets_page" "$issue_page" "$setup_page" "$accounts_page"; do
		mandoc -T lint -W warning "$page" >"$scratch/lint" 2>&1 ||
			complain "mandoc finds fault:
$(cat "$scratch/lint")"
	done
}

# ---- The settings -----------------------------------------------------------------------------
# entry KEY: prints what the page says about a key: on one line, without markup, with a space behind
entry() {
	section "$conf_page" KEYS |
		awk -v key="$1" '/^\.(It|El|Ss)/{inside = $1 == ".It" && $3 == key; next} inside' |
		sed -e 's/^\.[A-Z][a-z] //' -e 's/\\-/-/g' -e 's/ \([.,;:]\)/\1/g' | tr '\n' ' '
}

# says KEY TEXT: the entry holds exactly this text
says() {
	case $(entry "$1") in
	*"$2"*) ;;
	*) complain "all2all.conf.5: the entry of $1 does not say \"$2\"" ;;
	esac
}

check_path() {
	documented=$(entry "$1" | sed -n 's/.*; default: \(\/[^ ]*\)\. .*/\1/p')
	# The build may have another prefix, and the tools of the build tree show the tree's own paths.
	if [ -z "$documented" ]; then
		complain "all2all.conf.5: the entry of $1 does not say \"default: \" and a path"
	elif ! grep -qF "${documented#/usr}\"" "$A2A_BUILD/base/paths.h"; then
		complain "all2all.conf.5: the default of $1, $documented, is not in base/paths.h"
	fi
}

check_setting() {
	key=$1 value=$2 comment=$3
	range=$(printf '%s\n' "$comment" | sed -n 's/.*\[\(-*[0-9]* to -*[0-9]*\)\]$/\1/p')
	if [ -n "$range" ]; then
		says "$key" "Number from $range; "
	fi
	case $value in
	/*) check_path "$key" ;;
	'') says "$key" "; default: empty. " ;;
	*) says "$key" "; default: $value. " ;;
	esac
	rule=$(printf '%s\n' "$comment" | sed -n 's/.*(\([a-z-]*\)).*/\1/p')
	if [ -n "$rule" ]; then
		says "$key" "Rule: $rule. "
	fi
}

check_settings() {
	: >"$scratch/empty.conf"
	if ! "$A2A_BUILD/tools/all2all-pwcheck" --show-config --config "$scratch/empty.conf" \
		>"$scratch/settings"; then
		complain "all2all-pwcheck --show-config fails"
		return
	fi
	sed -n 's/^\([a-z_]*\) =.*/\1/p' "$scratch/settings" >"$scratch/keys"
	section "$conf_page" KEYS | awk '/^\.It Ic /{print $3}' >"$scratch/documented"
	same "all2all.conf.5: its keys, in their order" "$scratch/documented" "$scratch/keys"
	comment=
	while IFS= read -r line; do
		case $line in
		'#'*)
			comment=$line
			;;
		*)
			value=${line#* =}
			check_setting "${line%% =*}" "${value# }" "$comment"
			;;
		esac
	done <"$scratch/settings"
}

# ---- The rules --------------------------------------------------------------------------------
check_rules() {
	sed -n 's/^	\[A2A_[A-Z_]*\] = "\([a-z-]*\)",$/\1/p' "$A2A_SOURCE/policy/verdict.c" \
		>"$scratch/rules"
	section "$conf_page" RULES | awk '/^\.It Cm /{print $3}' >"$scratch/documented"
	same "all2all.conf.5: its rules, in their order" "$scratch/documented" "$scratch/rules"
}

# ---- The commands' options --------------------------------------------------------------------
# check_options PROGRAM PAGE: the page documents the options of --help
check_options() {
	command=$(basename "$1") page=$2
	if ! "$1" --help >"$scratch/help"; then
		complain "$command --help fails"
		return
	fi
	# Lines such as `-u --user`, or `--show-config` alone.
	sed -n 's/^  *\(-.,\)* *\(--[a-z-]*\).*/\1\2/p' "$scratch/help" | sed 's/,/ /' |
		sort >"$scratch/options"
	sed -n -e 's/^\.It Fl \(.\) , Fl Fl \([a-z-]*\).*/-\1 --\2/p' \
		-e 's/^\.It Fl Fl \([a-z-]*\).*/--\1/p' "$page" | sort >"$scratch/documented"
	same "$command.1: its options" "$scratch/documented" "$scratch/options"
	# The options in examples and on other pages exist.
	sed 's/.*--/--/' "$scratch/options" >"$scratch/long"
	for other in "$conf_page" "$pam_page" "$pwcheck_page" "$pwgen_page" "$dict_page" "$leaks_page" \
		"$audit_page" "$passwd_page" "$sheets_page" "$issue_page" "$setup_page"; do
		sed -n "s/^.*$command//p" "$other" | grep -o -- ' --[a-z][a-z-]*' |
			tr -d ' ' >"$scratch/used" || true
		while read -r option; do
			grep -qxF -e "$option" "$scratch/long" ||
				complain "$(basename "$other"): $command has no option $option"
		done <"$scratch/used"
	done
	cat "$scratch/long" >>"$scratch/all-long"
}

check_mentions() {
	for page in "$conf_page" "$pam_page" "$pwcheck_page" "$pwgen_page" "$dict_page" "$leaks_page" \
		"$audit_page" "$passwd_page" "$sheets_page" "$issue_page" "$setup_page"; do
		grep -o 'Fl Fl [a-z-]*' "$page" | sed 's/Fl Fl /--/' >"$scratch/used" || true
		while read -r option; do
			grep -qxF -e "$option" "$scratch/all-long" ||
				complain "$(basename "$page"): no command has the option $option"
		done <"$scratch/used"
	done
}

# ---- The lexicon ------------------------------------------------------------------------------
# The page, the program and sources.conf have the same names of commands and of kinds of words.
check_dict() {
	program=$A2A_SOURCE/tools/all2all-dict.c
	sed -n 's/^	{"\([a-z]*\)", run_.*/\1/p' "$program" >"$scratch/commands"
	section "$dict_page" DESCRIPTION | awk '/^\.It Cm /{print $3}' >"$scratch/documented"
	same "all2all-dict.1: its commands, in their order" "$scratch/documented" "$scratch/commands"
	# All kinds of lists except the leaked one are kinds of words.
	sed -n '/kind_names\[/,/^};/s/^	\[A2A_[A-Z_]*\] = "\([a-z]*\)",$/\1/p' \
		"$A2A_SOURCE/dict/sources.c" >"$scratch/list-kinds"
	grep -vx leaked "$scratch/list-kinds" >"$scratch/kinds"
	section "$dict_page" DESCRIPTION | sed -n '/^Kinds are/,/^as the/s/^\.Cm \([a-z]*\).*/\1/p' \
		>"$scratch/documented"
	same "all2all-dict.1: the kinds of words" "$scratch/documented" "$scratch/kinds"
	sed -n -e 's/^# kind:  *\([a-z]*\)  .*/\1/p' -e 's/^#           \([a-z]\{1,\}\)  .*/\1/p' \
		"$A2A_SOURCE/dict/sources.conf" | grep -v '^there$' >"$scratch/documented"
	same "sources.conf: the kinds of lists" "$scratch/documented" "$scratch/list-kinds"
}

# The page and the program have the same commands.
check_leaks() {
	sed -n 's/^	{"\([a-z]*\)", run_.*/\1/p' "$A2A_SOURCE/tools/all2all-leaks.c" >"$scratch/commands"
	section "$leaks_page" DESCRIPTION | awk '/^\.It Cm /{print $3}' >"$scratch/documented"
	same "all2all-leaks.8: its commands, in their order" "$scratch/documented" "$scratch/commands"
}

# ---- The sheets -------------------------------------------------------------------------------
# The page has the keys in their order, each with its range and default; the shipped file has all.
check_sheets() {
	# A row is on one line or two: NAME, TYPE(field), least, most, default.
	tr '\n' ' ' <"$A2A_SOURCE/sheets/service.c" |
		grep -o '{"[a-z_0-9]*", [A-Z]*([a-z_0-9]*), [0-9]*, [0-9]*, "[^"]*",' |
		sed 's/^{"//; s/", \([A-Z]*\)([a-z_0-9]*), / \1 /; s/, "/ "/; s/", *$/"/; s/,$//; s/, / /g' \
			>"$scratch/rows"
	cut -d ' ' -f 1 "$scratch/rows" >"$scratch/sheets-keys"
	section "$sheets_page" KEYS | awk '/^\.It Ic /{print $3}' >"$scratch/documented"
	same "sheets.conf.5: its keys, in their order" "$scratch/documented" "$scratch/sheets-keys"
	while read -r key type least most default; do
		[ "$type" = NUMBER ] || continue
		default=${default#\"}
		section "$sheets_page" KEYS | grep -A 1 "^\.It Ic $key\$" |
			grep -qxF "Number from $least to $most; default: ${default%\"}." ||
			complain "sheets.conf.5: $key is from $least to $most, ${default%\"} by default"
		grep -qxF "# $key = ${default%\"}" "$A2A_SOURCE/sheets/sheets.conf" ||
			complain "sheets.conf does not show $key = ${default%\"}"
	done <"$scratch/rows"
	sort "$scratch/sheets-keys" >"$scratch/sorted"
	sed -n 's/^# \([a-z_0-9]*\) = .*/\1/p' "$A2A_SOURCE/sheets/sheets.conf" | sort \
		>"$scratch/documented"
	same "sheets.conf: its keys" "$scratch/documented" "$scratch/sorted"
}

# ---- The accounts -----------------------------------------------------------------------------
check_accounts() {
	sed -n '/^static const struct a2a_setting rows\[\] = {/,/^};/s/^	{"\([a-z_]*\)".*/\1/p' \
		"$A2A_SOURCE/account/section.c" >"$scratch/accounts-keys"
	section "$accounts_page" KEYS | awk '/^\.It Ic /{print $3}' >"$scratch/documented"
	same "accounts.conf.5: its keys, in their order" "$scratch/documented" "$scratch/accounts-keys"
	sed -n 's/^	{"\([a-z]*\)", HASH_.*/\1/p' "$A2A_SOURCE/account/sql_presets.c" >"$scratch/presets"
	section "$accounts_page" KEYS | sed -n '/^\.It Ic preset/,/^\.It Ic lookup/s/^\.It Cm //p' \
		>"$scratch/documented"
	same "accounts.conf.5: its presets" "$scratch/documented" "$scratch/presets"
}

# ---- The module's arguments -------------------------------------------------------------------
check_arguments() {
	sed -n '/^static const struct a2a_setting rows\[\] = {/,/^};/s/^	{"\([a-z_]*\)".*/\1/p' \
		"$A2A_SOURCE/pam_all2all/door.c" | sort >"$scratch/arguments"
	section "$pam_page" ARGUMENTS | awk '/^\.It Ic /{print $3}' | sort >"$scratch/documented"
	same "pam_all2all.8: its arguments" "$scratch/documented" "$scratch/arguments"
	section "$pam_page" ARGUMENTS | grep -qxF '.It Ar key Ns = Ns Ar value' ||
		complain "pam_all2all.8: it does not say that settings may be arguments"
}

# ---- What the documents tell to type ----------------------------------------------------------
# program NAME: prints its path in the build, or nothing if it is not there
program() {
	for place in tools dict; do
		if [ -f "$A2A_BUILD/$place/$1" ]; then
			echo "$A2A_BUILD/$place/$1"
			return
		fi
	done
}

# commands FILE: prints each of our commands that a text names, with the text behind it, up to the
# next command or the end of the code, one on each line
commands() {
	# Files of these names are no commands.
	sed -E "s#(/var/lib|/etc/default)/all2all-[^ ']*##g; s#all2all-leaks\.(service|timer)##g" "$1" | grep -o 'all2all-[a-z][a-z]*.*' |
		sed 's/all2all-[a-z]/\n&/g' |
		sed -n 's/^\(all2all-[a-z]*\)\([^`|]*\).*/\1\2/p'
}

# check_commands FILE: the commands that it names exist, with the options that it gives them, and so do
# the files that it links to
check_commands() {
	commands "$A2A_SOURCE/$1" >"$scratch/commands-of"
	case $1 in
	README*) [ -s "$scratch/commands-of" ] || complain "$1: no command was found in it" ;;
	esac
	while read -r command rest; do
		# The output of a command begins with its name and a colon.
		case $command in
		*:) continue ;;
		esac
		path=$(program "$command")
		if [ -z "$path" ]; then
			# Debian packages and the profile of pam-auth-update have such names too.
			[ -e "$A2A_SOURCE/tools/$command.c" ] ||
				grep -qx "Package: ${command%%_*}" "$A2A_SOURCE/debian/control" ||
				[ -e "$A2A_SOURCE/pam_all2all/pam-config-${command#all2all-}" ] ||
				complain "$1: there is no command $command"
			continue
		fi
		"$path" --help >"$scratch/help"
		for option in $(printf '%s\n' " $rest" | sed 's/ /  /g' | grep -oE -- ' -(-[a-z][a-z-]*|[A-Za-z])( |=|$)' |
			tr -d ' ='); do
			grep -qE -- "(^|[ ,])$option([][ ,=]|$)" "$scratch/help" ||
				complain "$1: $command has no option $option"
		done
		# The word behind a command is a subcommand, if the command has any.
		subcommand=${rest%%[!a-z]*}
		case $command:$subcommand in
		all2all-dict:[a-z]* | all2all-audit:[a-z]* | all2all-leaks:[a-z]*)
			grep -qE "^(usage:)? +$command (\[[^]]*\] )?$subcommand( |$)" "$scratch/help" ||
				complain "$1: $command has no command $subcommand"
			;;
		esac
	done <"$scratch/commands-of"
	for link in $(grep -oE '\]\([^)]*\)' "$A2A_SOURCE/$1" | tr -d '()]'); do
		case $link in
		http* | '#'*) ;;
		*) [ -e "$A2A_SOURCE/$(dirname "$1")/$link" ] || complain "$1: there is no $link" ;;
		esac
	done
}

# ---- The lines of the audit -------------------------------------------------------------------
# The documented lines are those that the tests use: with another control, a login could depend on
# them.
check_audit_lines() {
	for file in deploy/pam.d/dovecot.audit README.md docs/install.md NEWS pam_all2all/pam_all2all.8; do
		tr -s ' \n' '  ' <"$A2A_SOURCE/$file" |
			grep -oE '(auth|account) (\[[^]]*\]|[a-z]+) pam_all2all\.so audit' |
			sort -u >"$scratch/lines"
		[ "$file" != deploy/pam.d/dovecot.audit ] || mv "$scratch/lines" "$scratch/tried"
		[ "$file" = deploy/pam.d/dovecot.audit ] ||
			same "$file: the lines of the audit" "$scratch/lines" "$scratch/tried"
	done
}

check_audit_lines
check_markup
check_settings
check_rules
check_options "$A2A_BUILD/tools/all2all-pwcheck" "$pwcheck_page"
check_options "$A2A_BUILD/tools/all2all-pwgen" "$pwgen_page"
check_options "$A2A_BUILD/tools/all2all-dict" "$dict_page"
check_options "$A2A_BUILD/tools/all2all-passwd" "$passwd_page"
check_options "$A2A_BUILD/tools/all2all-audit" "$audit_page"
check_options "$A2A_BUILD/tools/all2all-leaks" "$leaks_page"
# Pages also mention options of all2all-issue, so without it this is not checked.
if [ "${A2A_SHEETS-yes}" != no ]; then
	check_options "$A2A_BUILD/tools/all2all-issue" "$issue_page"
	check_options "$A2A_BUILD/tools/all2all-setup" "$setup_page"
	check_mentions
fi
check_dict
check_leaks
check_sheets
check_accounts
check_arguments
for file in "$A2A_SOURCE"/README*.md "$A2A_SOURCE"/docs/*.md; do
	check_commands "${file#"$A2A_SOURCE/"}"
done

if [ $failed -ne 0 ]; then
	exit 1
elif [ $skipped -ne 0 ]; then
	exit 77
fi
