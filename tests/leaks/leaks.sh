#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests all2all-leaks: every form of a list gives the same filter; what is no list, and every
# interruption, leaves what was there; and what the commands say.
set -u
export LC_ALL=C
# In memory, so that syncing takes no time.
scratch=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
leaks=$A2A_BUILD/tools/all2all-leaks
cd "$scratch" || exit 1
umask 022

# run ARGUMENT...: sets $status, and writes what it prints to out and err
run() {
	"$leaks" "$@" >out 2>err </dev/null
	status=$?
}

# list COUNT SEED: that many lines HASH:COUNT, in order; the hashes are of numbers
list() {
	python3 -c '
import hashlib, sys
count, seed = int(sys.argv[1]), sys.argv[2]
hashes = {hashlib.sha1(f"{seed} {i}".encode()).hexdigest().upper(): i % 37 for i in range(count)}
for hash in sorted(hashes):
    print(f"{hash}:{hashes[hash]}")' "$1" "$2"
}
list 5000 one >list
grep -v ':0$' list >counted
run build list -o filter
is 'a list is built' 0 "$status"
like 'it says how many lines' 'lines +5000' "$(cat out)"
is 'it leaves padding out' "$(wc -l <counted)" "$(sed -n 's/^taken *//p' out)"
is 'it counts how often they leaked' "$(grep -c ':1$' counted)" \
	"$(sed -n 's/^1  *\([0-9]\)/\1/p' out)"
is 'and those of 10 and more' "$(grep -c ':[1-9][0-9]$' counted)" \
	"$(sed -n 's/^10 to 99  *\([0-9]\)/\1/p' out)"
is 'it is readable, and nobody else may write it' 644 "$(stat -c %a filter)"
is 'nothing is left beside it' 'filter' "$(echo filter*)"
sum=$(sha256sum <filter)

# ---- Every form gives the same bytes ----------------------------------------------------------
# same WHAT ARGUMENT...
same() {
	local what=$1
	shift
	run build "$@" -o other
	is "$what: status" '0 ' "$status $(cat err)"
	is "$what: the same bytes" "$sum" "$(sha256sum <other)"
	rm -f other
}
sed 's/$/\r/' list >crlf
same 'CR LF' crlf
tr A-F a-f <list >lower
same 'lower case' lower
head -c -1 list >unfinished
same 'a last line without its end' unfinished
same 'without padding' counted
cut -d : -f 1 counted >hashes
same 'without counts' hashes
same 'one thread' list --jobs 1
same 'eight threads' list --jobs 8
for compression in gzip bzip2 xz zstd; do
	if command -v $compression >/dev/null; then
		$compression -c <list >list.compressed
		same $compression list.compressed
	fi
done
shuf --random-source=<(yes) hashes >shuffled
same 'in no order, with --sort' --sort shuffled
"$leaks" build - -o other <list >out 2>err
is 'standard input' "$sum" "$(sha256sum <other)"
gzip -c list | "$leaks" build - -o other >out 2>err
is 'standard input, compressed' "$sum" "$(sha256sum <other)"

# How many entries there will be is estimated from the first million of a longer list. This one is such
# that some thousands more of them would give another format; and lines without counts are shorter, so
# that more of them are read at a time.
"$A2A_BUILD/tests/leak_lists" list 29911139 7 1150000 >long
"$leaks" build long -o long.filter >out 2>err
cut -d : -f 1 long | "$leaks" build - -o other >out 2>err
is 'more than a million, in two forms' "$(sha256sum <long.filter)" "$(sha256sum <other)"

# ranges ENDING CASE: a folder of a file for each range that the list has
ranges() {
	rm -rf ranges
	mkdir ranges
	python3 - "$1" <<'END'
import os, sys
lines = {}
for line in open("list"):
    lines.setdefault(line[:5], []).append(line[5:].rstrip("\n"))
for prefix in lines:
    with open("ranges/" + prefix + sys.argv[1], "w", newline="") as out:
        out.write("\r\n".join(lines[prefix]))
END
}
ranges .txt
run build ranges -o other
is 'a folder of ranges' "$sum" "$(sha256sum <other)"
like 'it says that some are missing' "ranges: has $(ls ranges | wc -l) of 1048576 ranges" "$(cat err)"
ranges ''
run build ranges -o other
is 'a folder of ranges without an ending' "$sum" "$(sha256sum <other)"
python3 -c '
import os
for name in os.listdir("ranges"):
    os.rename("ranges/" + name, "ranges/" + name.lower())'
run build ranges -o other
is 'names in lower case' "0 $sum" "$status $(sha256sum <other)"
rm -rf ranges
mkdir ranges
python3 - <<'END'
import gzip
lines = {}
for line in list(open("list"))[:200]:
    lines.setdefault(line[:5], []).append(line[5:].rstrip("\n"))
for prefix in lines:
    with gzip.open("ranges/" + prefix + ".gz", "wt", newline="") as out:
        out.write("\n".join(lines[prefix]) + "\n")
END
head -n 200 list >short
run build short -o short.filter
run build ranges -o other
is 'compressed ranges' "$(sha256sum <short.filter)" "$(sha256sum <other)"

# ---- What is no list --------------------------------------------------------------------------
# refuses WHAT MESSAGE ARGUMENT...: status 2, that message, and the filter stays as it is
cp filter kept
refuses() {
	local what=$1 message=$2
	shift 2
	run build "$@" -o kept
	is "$what: status" 2 "$status"
	like "$what: what it says" "$message" "$(cat err)"
	is "$what: the old filter stays" "$sum" "$(sha256sum <kept)"
	is "$what: nothing is left beside it" kept "$(echo kept*)"
}
{ head -n 2 list | tac; } >unsorted
refuses 'not in order' 'unsorted:2: comes after a greater hash' unsorted
{ tail -n +2000 list; head -n 10 list; } >unsorted
refuses 'not in order, far down' 'unsorted:3002: comes after a greater hash' unsorted
cut -c 1-32 hashes >ntlm
refuses 'NTLM' 'ntlm:1: is not a SHA-1' ntlm
{ head -n 4000 list; head -n 1 ntlm; } >mixed
refuses 'NTLM within' 'mixed:4001: is not a SHA-1' mixed
head -c 100000 list | head -c -10 >cut
refuses 'cut in a line' "cut:$(($(wc -l <cut) + 1)): is not a SHA-1" cut
for compression in gzip xz zstd; do
	if command -v $compression >/dev/null; then
		$compression -c <list | head -c 50000 >cut.compressed
		refuses "$compression, cut" 'cut.compressed: cannot be read' cut.compressed
	fi
done
: >empty
refuses 'empty' 'empty: has no hashes' empty
printf '%s:0\n' "$(head -n 1 hashes)" >padding
refuses 'padding alone' 'padding: has no hashes' padding
refuses 'not there' 'nonesuch: cannot be read' nonesuch
refuses 'no range' 'is not the file of a range' "$A2A_SOURCE/tests"
rm -rf ranges && mkdir ranges && tail -c +6 <<<"$(head -n 1 list)" >ranges/"$(head -c 5 list)" && : >ranges/FFFFF
refuses 'an empty range' 'ranges/FFFFF: is empty' ranges
head -n 1 list >ranges/FFFFF
refuses 'a range of whole hashes' 'ranges/FFFFF:1: is not the rest of a SHA-1' ranges
rm ranges/FFFFF && echo >ranges/FFFFE.txt
refuses 'two endings' 'different endings' ranges
refuses 'no rate' 'not a number from 1e-15 to 0.1' list --rate 2
refuses 'no such rate' 'there is no filter' list --rate 1e-15
refuses 'two lists' 'one alone' list list
run build list
is 'no output' 2 "$status"
run build list -o nowhere/filter
is 'no such folder' 2 "$status"
like 'it says so' 'nowhere/filter.part: cannot be written' "$(cat err)"

# ---- Passwords --------------------------------------------------------------------------------
printf '%s\n' secret azerty 'été12345' 'mot de passe' secret '' >words
run build --plain words -o words.filter
is 'passwords are built' 0 "$status"
is 'each once' 4 "$(sed -n 's/^entries *//p' out)"
like 'how often they are there' '^2 to 9 +1$' "$(cat out)"
while IFS= read -r word; do
	[ -z "$word" ] || is "look: $word" "0 leaked: words.filter has it" \
		"$(printf '%s\n' "$word" | "$leaks" look words.filter >out; echo $? "$(cat out)")"
done <words
is 'look: another one' '1 not found: words.filter does not have it' \
	"$(echo Secret | "$leaks" look words.filter >out; echo $? "$(cat out)")"
is 'look: in several' '0 not found: filter does not have it leaked: words.filter has it' \
	"$(echo secret | "$leaks" look filter words.filter >out; echo $? $(cat out))"
is 'look: none' 2 "$("$leaks" look words.filter </dev/null >out 2>err; echo $?)"
is 'look: where there is none' 2 "$(echo secret | "$leaks" look nonesuch >out 2>err; echo $?)"
run build --plain --least-count 2 words -o twice.filter
is 'only what is there twice' 1 "$(sed -n 's/^entries *//p' out)"
run verify words.filter --against words --plain
is 'verify: all passwords of a list' 0 "$status"
run verify twice.filter --against words --plain
is 'verify: not all of them' 1 "$status"

# ---- verify, stat, merge ----------------------------------------------------------------------
run verify filter --against list
is 'verify: all of its list' "0 filter is whole: $(wc -l <counted) entries filter has all $(wc -l <counted) hashes of list" \
	"$status $(tr '\n' ' ' <out | sed 's/ $//')"
run verify filter --against shuffled
is 'verify: in any order' 0 "$status"
list 50 two >more
run verify filter --against more
is 'verify: what it has not' 1 "$status"
like 'it says how many' '4[0-9] of 4[0-9] hashes of more are not in it' "$(cat err)"
run build --least-count 10 list -o ten.filter
is 'least count' "$(grep -c ':[1-9][0-9]$' list)" "$(sed -n 's/^entries *//p' out)"
run verify ten.filter --against list
is 'verify: lines below the least count are not wanted' 0 "$status"
run stat ten.filter
is 'stat' "0 10" "$status $(sed -n 's/^least count *//p' out)"
run build more -o more.filter
run merge filter more.filter -o both.filter
is 'merge' 0 "$status"
run verify both.filter --against list
is 'merge: all of the first' 0 "$status"
run verify both.filter --against more
is 'merge: all of the second' 0 "$status"
run merge filter -o other
is 'merge: of one, the same bytes' "$sum" "$(sha256sum <other)"
cp filter damaged
printf X | dd of=damaged bs=1 seek=8000 conv=notrunc 2>/dev/null
run verify damaged
is 'verify: damaged' 1 "$status"
like 'it says where' 'damaged: is damaged .in shard' "$(cat err)"
run merge damaged more.filter -o other
is 'merge: damaged' 2 "$status"
head -c 8000 filter >damaged
run stat damaged
is 'stat: cut' '1 all2all-leaks: damaged is damaged: its size is wrong' "$status $(cat err)"
run verify list
is 'verify: no filter' '1 all2all-leaks: list is no filter of leaked passwords' "$status $(cat err)"
chmod g+w filter
run stat filter
is 'a filter that others may write' 2 "$status"
chmod g-w filter

# ---- Interruptions ----------------------------------------------------------------------------
list 200000 three >long
cp filter kept
mode=640
chmod $mode kept
for try in $(seq 20); do
	"$leaks" build long -o kept >/dev/null 2>&1 &
	pid=$!
	sleep "0.0$((RANDOM % 90 + 10))"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	"$leaks" verify kept >/dev/null 2>&1 || is "killed at try $try: a whole filter" 0 $?
done
run build long -o kept
is 'after kill -9, 20 times: status' "0 " "$status $(cat err)"
is 'after kill -9: nothing is left' kept "$(echo kept*)"
is 'the mode stays' $mode "$(stat -c %a kept)"
run verify kept --against long
is 'after kill -9: it is whole' 0 "$status"

mkfifo pipe
"$leaks" build pipe -o kept >out 2>err &
pid=$!
exec 9>pipe
head -n 1000 long >&9
sleep 0.3
kill -TERM $pid
head -n 60000 long | tail -n +1001 >&9
exec 9>&-
wait $pid
is 'terminated: status' 2 $?
like 'it says so' 'interrupted' "$(cat err)"
is 'terminated: nothing is left' kept "$(echo kept*)"

# Two at once: the second one is told.
exec 9>lock.part
if flock -n 9; then
	run build list -o lock
	is 'another one is writing: status' 2 "$status"
	like 'it says so' 'another process is writing this filter' "$(cat err)"
fi
exec 9>&-
run build list -o lock
is 'what an interrupted one has left is taken away' '0 lock' "$status $(echo lock*)"

# A disk that is full; needs a private mount.
if unshare -m true 2>/dev/null; then
	mkdir small
	unshare -m sh -c 'mount -t tmpfs -o size=8k tmpfs small &&
		"$1" build list -o small/filter >out 2>err; echo $? >status; ls small >left' sh "$leaks"
	is 'a full disk: status' 2 "$(cat status)"
	like 'it says so' 'No space left' "$(cat err)"
	is 'a full disk: nothing is left' '' "$(cat left)"
	unshare -m sh -c 'mount -t tmpfs -o size=8k tmpfs small
		"$1" build --sort list -o small/filter >out 2>err; echo $? >status' sh "$leaks"
	is 'a full disk while sorting: status' 2 "$(cat status)"
fi

# ---- Memory -----------------------------------------------------------------------------------
# Passwords of two runs of the sort: less than 64 MB, with eight threads. A sanitizer needs more.
if command -v python3 >/dev/null && ! grep -q __asan_init "$leaks"; then
	python3 -c '
for i in range(1100000):
    print(f"{i * 7919 % 1500007:x}")' >passwords
	python3 - "$leaks" <<'END' >memory
import resource, subprocess, sys
subprocess.run([sys.argv[1], "build", "--plain", "--jobs", "8", "passwords", "-o", "passwords.filter"],
               stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 64 * 1024)
END
	is 'less than 64 MB' True "$(cat memory)"
	run verify passwords.filter --against passwords --plain
	is 'all of 1.1 million passwords are found' 0 "$status"
fi

# ---- The policy -------------------------------------------------------------------------------
pwcheck=$A2A_BUILD/tools/all2all-pwcheck
only="--set min_guesses=0 --set dictcheck=no --set second_opinion=no"
printf '%s\n' Xk7hq9ab2 xk7hq9ab2 >leaked
run build --plain leaked -o leaked.filter
# judge WORD ARGUMENT...: the status and what is said, in one line
judge() {
	printf '%s\n' "$1" | "$pwcheck" $only "${@:2}" --lang en 2>&1 | tr '\n' ' '
	echo "${PIPESTATUS[1]}"
}
like 'a leaked password is refused' 'a password from a public leak.* 1$' \
	"$(judge Xk7hq9ab2 --set leaks="$scratch/leaked.filter")"
like 'a variant of it' ' 1$' "$(judge 'XK7HQ9AB2' --set leaks="$scratch/leaked.filter")"
like 'another one is accepted' '0$' "$(judge Xk7hq9ab3 --set leaks="$scratch/leaked.filter")"
like 'without the filter it is accepted, with a warning' 'warning: .*nonesuch.*is not there.*0$' \
	"$(judge Xk7hq9ab2 --set leaks=/nonesuch)"
like 'or not, as the setting says' '/nonesuch: .*no password is accepted without it.*2$' \
	"$(judge Xk7hq9ab2 --set leaks=/nonesuch --set leaks_missing=refuse)"
like '-t says it' 'warning: /nonesuch: the filter of leaked passwords' \
	"$("$pwcheck" -t $only --set leaks=/nonesuch 2>&1)"
like '-t says that it is damaged' 'damaged' \
	"$(cp leaked.filter torn && printf 'XXXX' | dd of=torn bs=1 seek=100 conv=notrunc 2>/dev/null
		"$pwcheck" -t $only --set leaks="$scratch/torn" 2>&1)"
like 'a wrong consequence' 'neither warn nor refuse' \
	"$("$pwcheck" -t $only --set leaks_missing=perhaps 2>&1)"

# ---- The command line -------------------------------------------------------------------------
run --version
like '--version' '^all2all-leaks [0-9]' "$(cat out)"
run --help
like '--help' '^usage: all2all-leaks build' "$(cat out)"
run
is 'no command' 2 "$status"
run nonesense
is 'no such command' 2 "$status"
run stat -o x filter
is 'an option of another command' '2 all2all-leaks: stat has no option -o' "$status $(cat err)"
run build --nonsense
is 'no such option' 2 "$status"
run build list -o filter --jobs 9
is 'too many jobs' 2 "$status"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
