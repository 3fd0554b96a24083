#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests what becomes of a site's own list of words when the format of lexicons changes: it is left
# out with a warning, and all2all-dict upgrade compiles it again from the text that is kept beside it.
set -u
export LC_ALL=C
umask 022
dict=$A2A_BUILD/tools/all2all-dict
pwcheck=$A2A_BUILD/tools/all2all-pwcheck
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$scratch" || exit 1

# run ARGUMENT...: runs it; sets $status, and $out and $err to what it prints
run() {
	"$dict" "$@" >out 2>err </dev/null
	status=$?
	out=$(cat out) err=$(cat err)
}

# set_version FILE VERSION: makes it a list of that version of the format
set_version() {
	printf "\\x$(printf %02x "$2")" | dd of="$1" bs=1 seek=4 conv=notrunc status=none
}

# rules PASSWORD: prints the rules that refuse it with the list; what else is said is in err
rules() {
	printf '%s\n' "$1" | "$pwcheck" --batch -c conf 2>err | cut -f 3
}

printf '# ours\nKvolta-Brix\n\nPompelmoesje\r\n' >streets.txt
printf 'Glazenbries\nBl\303\245b\303\246rgr\303\270d\nStromwolk\n' >'our mascots.txt'
gzip -c streets.txt >streets.txt.gz
run add streets.txt.gz 'our mascots.txt' -o list
is 'add: status' '0  ' "$status $out $err"
is 'add: the words are kept beside it, in their lists' "#:list streets.txt.gz
Kvolta-Brix
Pompelmoesje
#:list our mascots.txt
Glazenbries
$(printf 'Bl\303\245b\303\246rgr\303\270d')
Stromwolk" "$(cat list.source)"
is 'add: both may be read' '644 644' "$(stat -c %a list list.source | xargs)"
"$dict" lookup -f list kvoltabrix kvolta-brix pompelmoesje glazenbries blabaergrod >before
cp list whole
printf 'words = %s/list\n' "$scratch" >conf
is 'the list counts' dictionary-word "$(rules Kvoltabrix72)"
run upgrade "$scratch/list"
is 'upgrade: nothing to do' "0 $scratch/list is of the current format " "$status $out $err"
is 'upgrade: nothing is done' same "$(cmp list whole && echo same)"

# ---- Another version --------------------------------------------------------------------------
current=$(od -An -tu1 -j4 -N1 list | tr -d ' ')
for version in 1 $((current - 1)) $((current + 1)); do
	cp whole list
	set_version list $version
	is "version $version: the list is left out" - "$(rules Kvoltabrix7q2)"
	like "version $version: it is said, with what to do" \
		"warning: $scratch/list: .*left out until all2all-dict upgrade" "$(cat err)"
	is "version $version: the rest counts" dictionary-word "$(rules Welkom01)"
	"$pwcheck" -t -c conf >out 2>err
	is "version $version: it is no mistake of the configuration" 0 $?
	like "version $version: but -t says so" 'all2all-dict upgrade' "$(cat err)"
	chmod 640 list
	run upgrade --config conf
	is "version $version: upgrade" "0 $scratch/list was compiled again " "$status $out $err"
	is "version $version: the words are the same" "$(cat before)" \
		"$("$dict" lookup -f list kvoltabrix kvolta-brix pompelmoesje glazenbries blabaergrod)"
	is "version $version: nobody has other rights than before" 640 "$(stat -c %a list)"
	is "version $version: nothing is left beside it" 'list list.source' "$(echo list*)"
	is "version $version: the list counts again" dictionary-word "$(rules Kvoltabrix72)"
	is "version $version: there is nothing more to do" "$scratch/list is of the current format" \
		"$("$dict" upgrade -c conf)"
done

# The text that is kept is a list that add takes; the lists in it stay lists.
cp list.source edited
run add edited -o again
is 'the kept text can be compiled by hand' '0 same' \
	"$status $(cmp list.source again.source && echo same)"
is 'the kept text: the same ranks' "$(cat before)" \
	"$("$dict" lookup -f again kvoltabrix kvolta-brix pompelmoesje glazenbries blabaergrod)"
run add list.source -o list
is 'the kept text can be compiled in its place' '0 same' \
	"$status $(cmp edited list.source && echo same)"

# ---- What cannot be upgraded ------------------------------------------------------------------
cp whole list
set_version list 1
mv list.source away
run upgrade -c conf
is 'without its text: status' '2 ' "$status $out"
like 'without its text: it says what to do' \
	"$scratch/list: .*list.source, is not there.*make it again with all2all-dict add" "$err"
is 'without its text: the list stays' 1 "$(od -An -tu1 -j4 -N1 list | tr -d ' ')"
mv away list.source
chmod 666 list.source
run upgrade -c conf
is 'a text that others may write: status' '2 ' "$status $out"
like 'a text that others may write: it is named' 'list.source.*chmod|list.source.*write' "$err"
chmod 644 list.source
printf 'two words\n' >>list.source
run upgrade -c conf
is 'a text with a bad line: status' '2 ' "$status $out"
like 'a text with a bad line: it is named' 'list.source:8: this is not a word' "$err"
is 'a text with a bad line: the list stays' 1 "$(od -An -tu1 -j4 -N1 list | tr -d ' ')"
cp edited list.source
head -c 100 whole >list
run upgrade -c conf
is 'a damaged list: status' '2 ' "$status $out"
like 'a damaged list: it is no other version' "$scratch/list: .*damaged.*all2all-dict add" "$err"
is 'a damaged list: it stays' 100 "$(stat -c %s list)"
rules Kvoltabrix72 >/dev/null
like 'a damaged list is a fault' 'list: .*all2all-dict add' "$(cat err)"
printf 'no list\n' >list
run upgrade -c conf
is 'a file that is no list: status' '2 ' "$status $out"
is 'a file that is no list: it stays' 'no list' "$(cat list)"
rm list
run upgrade -c conf
is 'a list that is gone is made again' "0 $scratch/list was compiled again " "$status $out $err"
rm list list.source
run upgrade -c conf
is 'a list that is gone with its text: status' '2 ' "$status $out"

# ---- The configuration ------------------------------------------------------------------------
run add streets.txt -o one
run add 'our mascots.txt' -o two
set_version one 1
set_version two 1
printf 'nonsense = 1\nwords = %s/one, %s/two\n' "$scratch" "$scratch" >conf
run upgrade --config conf
is 'several lists: each' "$scratch/one was compiled again
$scratch/two was compiled again" "$out"
is 'a mistake elsewhere: status' 2 "$status"
like 'a mistake elsewhere is named' 'conf:1: .*nonsense' "$err"
printf 'min_length = 9\n' >conf
run upgrade --config conf
is 'no lists: nothing to do' '0  ' "$status $out $err"
run upgrade
is 'from the build tree, the system has no part in it' '0  ' "$status $out $err"
run upgrade --config nowhere
is 'no configuration: status' '2 ' "$status $out"
run upgrade --config conf one
is 'both: status' '2 ' "$status $out"

# ---- A disk that is full ----------------------------------------------------------------------
rm -rf small && mkdir small
cp one small/list
cp one.source small/list.source
set_version small/list 1
before=$(cat small/list | md5sum)
(ulimit -f 0 && trap '' XFSZ && "$dict" upgrade small/list) >out 2>err
is 'nothing can be written: status' 2 $?
is 'nothing can be written: all stays' "$before list list.source" \
	"$(cat small/list | md5sum) $(cd small && echo *)"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
