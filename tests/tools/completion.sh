#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests the completion for bash: first its function alone, with the words that bash would give it,
# then in a bash at a terminal, with the Tab key.
set -u
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
. "$A2A_SOURCE/tools/completion.bash"
pwcheck=$A2A_BUILD/tools/all2all-pwcheck
audit=$A2A_BUILD/tools/all2all-audit
pwgen=$A2A_BUILD/tools/all2all-pwgen
dict=$A2A_BUILD/tools/all2all-dict

# Replaces the builtin, which works only within a completion: notes its arguments.
compopt() {
	asked="$asked $*"
}

# offer WORD...: completes the last word. Sets $offered to what is offered, in one line, with the
# arguments of compopt.
offer() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	asked=
	_all2all "$1" "${!#}" "${@:$#-1:1}"
	offered=$([ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ')$asked
	offered=${offered# }
}

# offers WANTED WORD...: for these words, that is offered
offers() {
	local wanted=$1
	shift
	offer "$@"
	is "what follows ${*:2}" "$wanted" "${offered% }"
}

# ---- Every option of every command ------------------------------------------------------------
for tool in "$A2A_BUILD"/tools/all2all-* "$dict"; do
	[ -f "$tool" ] && [ -x "$tool" ] || continue
	name=${tool##*/}
	is "$name: completed by this file" "complete -F _all2all $name" "$(complete -p "$name" 2>&1)"
	"$tool" --help | grep '^  ' | grep -oE -- '(^| )--[a-z-]+' | tr -d ' ' | sort -u >"$scratch/long"
	is "$name: has options" 0 "$(grep -qx -e --help "$scratch/long"; echo $?)"
	offer "$tool" --
	is "$name: its long options" "$(tr '\n' ' ' <"$scratch/long")" "$offered"
	"$tool" --help | grep -oE '^  -[A-Za-z],' | tr -d ' ,' | sort -u >"$scratch/short"
	offer "$tool" -
	is "$name: all its options" "$(sort "$scratch/long" "$scratch/short" | tr '\n' ' ')" "$offered"
	while read -r option; do
		offer "$tool" "$option"
		like "$name: $option itself" "(^| )$option( |\$)" "$offered"
	done <"$scratch/long"
done

# ---- What follows an option -------------------------------------------------------------------
offers '--help' "$pwcheck" --h
offers 'fr fr_BE fr_FR' "$pwgen" --spell = f
offers '' "$pwcheck" --nonsense
offers 'de en fr nl' "$pwgen" --lang ''
offers 'fr' "$pwgen" --lang f
offers 'fr' "$pwgen" -L f
offers 'fr' "$pwgen" -kL f
offers 'fr' "$pwgen" --lang = f
offers 'de en fr nl' "$pwgen" --lang =
offers 'de en fr nl  -o nospace' "$pwcheck" --lang ''
offers 'fr,de fr,en fr,nl  -o nospace' "$pwcheck" --lang fr,
offers 'fr,nl,de  -o nospace' "$pwcheck" --lang = fr,nl,d
offers '-o default' "$pwcheck" --config ''
offers '-o default' "$pwcheck" --config = x
offers '-o default' "$dict" build -o ''
offers '-o dirnames' "$dict" build --root ''
offers 'root' "$pwcheck" --user roo
offers 'root' "$audit" show roo
offers '' "$pwgen" --count ''
offers '' "$pwgen" --symbols = ''
offers '' "$dict" lookup zom
offers '-o default' "$dict" verify ''
offers 'add build lookup stat upgrade verify' "$dict" ''
offers 'forget notify report show stats' "$audit" ''
offers 'show' "$audit" --lang fr sh
offers 'report' "$audit" -s lang = fr rep
offers '' "$pwcheck" ''
offers '' "$pwcheck" -- --h
offers '--store' "$audit" report --sto

# ---- Settings ---------------------------------------------------------------------------------
"$pwcheck" --show-config | sed -n 's/^\([a-z_]*\) =.*/\1=/p' | sort >"$scratch/keys"
offers "$(tr '\n' ' ' <"$scratch/keys") -o nospace" "$pwcheck" --set ''
offers 'min_digits= min_guesses= min_length= min_letters=  -o nospace' "$pwcheck" --set min_
offers 'min_length=  -o nospace' "$audit" stats -s min_len
offers 'no yes' "$pwcheck" --set dictcheck =
offers 'no' "$pwcheck" --set = dictcheck = n
offers 'fr  -o nospace' "$pwcheck" -s lang = f
offers 'anssi' "$pwcheck" -s profile = a
offers '-o default' "$pwcheck" -s dictpath = /u
offers '' "$pwcheck" -s min_length = 1
breaks=$COMP_WORDBREAKS
COMP_WORDBREAKS=' '
offers 'dictcheck=no' "$pwcheck" --set dictcheck=n
offers '--set=dictcheck=no' "$pwcheck" --set=dictcheck=n
COMP_WORDBREAKS=$breaks

# ---- A command that is not there, or that is none ---------------------------------------------
offers '' "$scratch/all2all-pwgen" --
printf '#!/bin/sh\nexit 2\n' >"$scratch/all2all-pwgen"
chmod +x "$scratch/all2all-pwgen"
offers '' "$scratch/all2all-pwgen" --

# ---- The words of all2all-issue, which has most kinds -----------------------------------------
if [ "${A2A_SHEETS-yes}" != no ]; then
	issue=$A2A_BUILD/tools/all2all-issue
	offers 'html pdf text  -o nospace' "$issue" --format ''
	offers 'pdf,html pdf,text  -o nospace' "$issue" --format pdf,
	offers 'argon2id bcrypt sha512 yescrypt' "$issue" --hash =
	offers 'root' "$issue" --hash roo
	offers 'root' "$issue" -j 4 roo
	offers '-o default' "$issue" --csv ''
	if [ -e /etc/pam.d/other ]; then
		offers 'other' "$issue" --service oth
	fi
fi

# ---- At a terminal ----------------------------------------------------------------------------
# typed TEXT: types it into bash, with its Tabs; prints the words of the line
typed() {
	python3 - "$A2A_SOURCE/tools/completion.bash" "$scratch" "$1" <<'EOF'
import os, pty, select, sys, time

completion, folder, text = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.environ.update(TERM="dumb", PS1="", INPUTRC="/dev/null", HISTFILE="", BASH_ENV="")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])


def read_until(marker, seconds=20):
    seen = b""
    end = time.monotonic() + seconds
    while marker not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 4096)
            except OSError:
                break
    return seen


# A user has the functions of the package bash-completion as well. Both must work together.
package = "/usr/share/bash-completion/bash_completion"
os.write(terminal, f"[ ! -e {package} ] || . {package}\n".encode())
os.write(terminal, f". '{completion}'; bind 'set bell-style none' 'set enable-bracketed-paste off'\n".encode())
os.write(terminal, b"echo rea''dy\n")
read_until(b"\nready")
# ^A goes to the beginning of the completed line, where printf is typed to print its words.
os.write(terminal, text.encode())
time.sleep(0.5)
os.write(terminal, b"\x01printf '<%s>' \x05; echo e''nd\n")
seen = read_until(b"end\r\n").decode(errors="replace")
print(seen[seen.rfind("\n<") + 1 :].split("end\r\n")[0].strip())
os.close(terminal)
EOF
}
mkdir -p "$scratch/my folder"
: >"$scratch/my folder/the policy.conf"
ln -s "$pwcheck" "$scratch/all2all-pwcheck"
ln -s "$pwcheck" "$scratch/a link"
is 'a file name with spaces' '<./all2all-pwcheck><--config><my folder/the policy.conf>' \
	"$(typed './all2all-pwcheck --conf	my	the	')"
is 'the same behind =' '<./all2all-pwcheck><--config=my folder/the policy.conf>' \
	"$(typed './all2all-pwcheck --config=my	the	')"
is 'the same between quotation marks' '<./all2all-pwcheck><-c><my folder/the policy.conf>' \
	"$(typed './all2all-pwcheck -c "my	the	')"
is 'a folder' '<./all2all-dict><build><-r><my folder/>' "$(ln -s "$dict" "$scratch/all2all-dict"
	typed './all2all-dict bu	-r my	')"
is 'a setting' '<./all2all-pwcheck><--set><second_opinion=no>' \
	"$(typed './all2all-pwcheck --se	second	n	')"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
