#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests all2all-dict on small lists (output, messages and exit status), and the lexicon of the
# build.
set -u
export LC_ALL=C
dict=$A2A_BUILD/tools/all2all-dict
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"

# run ARGUMENT...: runs it; sets $status, and $out and $err to what it prints
run() {
	"$dict" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	out=$(cat "$scratch/out") err=$(cat "$scratch/err")
}

cd "$scratch" || exit 1

# ---- Lists of each kind, some below a root --------------------------------------------------
mkdir -p conf/words root/lists
printf '#!comment: a heading\nsecret\nazerty\nwelkom\nx4mvt8qa\n' >root/lists/passwords
printf 'azerty\n' >root/lists/others
printf '\\data\\\n\\1-grams:\n9 <s>\n5 bonjour\n7 maison\n7 le\n1 \303\251t\303\251\n\\2-grams:\n3 no no\n' \
	>root/lists/model
printf 'Maison\n\303\251talonnage\nwelkom\n#hash\n' >root/lists/lexicon
printf 'Brigitte\nGeorges\n' >root/lists/names
printf '# ours\nSint-Gillis\nall2all\n' >conf/words/belgium.txt
printf '# more\npompelmoes\n' >conf/words/more.txt
cat >conf/sources.conf <<'END'
# A comment
*	password	required	0	1:3:1	ncrack	/lists/passwords
*	password	optional	1	1	john	/lists/others

fr	ranked	required	1	2:1	onboard	/lists/model
fr	lexicon	required	0	-	wfrench	/lists/lexicon
nl	lexicon	optional	0	-	wdutch	/lists/lexicon
*	name	optional	0	-	scowl	/lists/names
*	own	required	1	1	-	words
END
cp conf/sources.conf whole.conf

run build --sources conf/sources.conf --root root -o one
is 'build: status' '0' "$status"
is 'build: it is silent when standard error is no terminal' ' ' "$out $err"
is 'build: everybody may read it, the builder alone write' 644 "$(stat -c %a one)"
cp -r root elsewhere
mkdir other && cp -r conf other/conf
run build -r "$PWD/elsewhere" -s other/conf/sources.conf -o two
is 'build: the same lists elsewhere give the same bytes' '0 same' \
	"$status $(cmp one two >/dev/null && echo same)"
is 'build: nothing is left beside it' 'one two' "$(echo one* two*)"

run verify one
is 'verify: a whole one' '0 one is whole: 35 words' "$status $out"

run lookup -f one secret AZERTY welkom x4mvt8qa bonjour MAISON ete Étalonnage brigitte sintgillis \
	Sint-Gillis all2all pompelmoes '#hash'
is 'lookup: status when all are there' 0 "$status"
is 'lookup: kind, languages and rank of the first, and languages of all' \
	"secret password - 1
AZERTY password - 2
welkom password fr,nl 3
x4mvt8qa password - 4
bonjour ranked fr 4
MAISON ranked fr,nl 2
ete ranked fr 6
Étalonnage lexicon fr,nl 4
brigitte name - 2
sintgillis own - 4
Sint-Gillis own - 4
all2all own - 4
pompelmoes own - 2
#hash lexicon fr,nl 4" "$(tr '\t' ' ' <out)"
run lookup secret nonesuch --file one
is 'lookup: status when one is not there' 1 "$status"
is 'lookup: what it says of it' $'nonesuch\t-\t-\t-' "$(tail -n 1 out)"
for word in 'le' '<s>' '' 'no' '#!comment:' 'слово' 'azert' 'azertyu'; do
	run lookup -f one -- "$word"
	is "lookup: '$word' is not there" 1 "$status"
done

run stat one
is 'stat: status' 0 "$status"
for line in 'password +0 +1 +|password +1 +1 +0 +0 +3 +4$' 'ranked +3 +1 +0 +0 +0 +3$' \
	'lexicon +2 +2 +0 +0 +0 +2$' 'name +0 +0 +0 +0 +2 +2$' 'own +0 +0 +0 +0 +4 +4$' \
	'form +0 +0 +0 +0 +20 +20$' 'all +6 +4 +0 +0 +29 +35$' "size +$(stat -c %s one) bytes" 'model +1874161'; do
	like "stat: $line" "$line" "$out"
done
is 'stat: the inputs, sorted, by the paths of sources.conf, with how many words went in' \
	"/lists/lexicon wdutch lexicon nl 4
/lists/lexicon wfrench lexicon fr 4
/lists/model onboard ranked fr 3
/lists/names scowl name * 2
/lists/others john password * 1
/lists/passwords ncrack password * 4
words/belgium.txt - own * 2
words/more.txt - own * 1" "$(sed '1,/^path/d' out | cut -f 1-5 | tr '\t' ' ')"
is 'stat: no place of this machine is in it' 0 "$(grep -c "$scratch" one)"
if command -v xxh128sum >/dev/null; then
	is 'stat: a checksum' "$(xxh128sum <root/lists/model | cut -d ' ' -f 1)" \
		"$(sed -n 's/^\/lists\/model.*\t//p' out)"
fi
printf 'x' >>root/lists/lexicon
run build -s conf/sources.conf -r root -o three
run stat three
is 'stat: a changed list has another checksum' 2 \
	"$(comm -13 <("$dict" stat one | sort) <(sort out) | grep -c ^/lists/lexicon)"
cp elsewhere/lists/lexicon root/lists/lexicon

# ---- Umlauts, and passwords that became public ----------------------------------------------
mkdir -p german root2/lists
printf 'M\303\274ller\nGr\303\266\303\237e\n\303\234bung\n' >root2/lists/umlauts
printf 'fran\303\247ais\nb\303\274cher\n' >root2/lists/french
printf 'de\tlexicon\trequired\t0\t-\twngerman\t/lists/umlauts\nfr\tlexicon\trequired\t0\t1\twfrench\t/lists/french\n' \
	>german/sources.conf
run build -s german/sources.conf -r root2 -o umlauts
is 'umlauts: status' '0 ' "$status $err"
run lookup -f umlauts Müller muller MUELLER Mueller Größe groesse grosse Uebung ubung
is 'umlauts: German is found as it is typed without them, too' '0 9' "$status $(grep -c 'lexicon.de' out)"
run lookup -f umlauts Bücher
is 'umlauts: what is French is found' 0 "$status"
run lookup -f umlauts buecher
is 'umlauts: but not with an e' 1 "$status"

# A line of 5 to 9 letters is a word. Other lines are leaked passwords, unless they are short, not
# text, or only letters or digits.
printf 'Thx-1138\nbad\377line1\ndragonfly\nabc12\r\n12345678\n\nab\0cd12345\n\303\251t\303\251-1138\nabcdefghijklmnop\nlast-1138' \
	>found
python3 -c '
import gzip, zipfile
data = open("found", "rb").read()
with zipfile.ZipFile("root2/lists/zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("one.txt", data)
    z.writestr("two.txt", b"second-1138\n")
with gzip.open("root2/lists/gz", "wb") as g:
    g.write(data + b"\nsecond-1138\n")
open("root2/lists/plain", "wb").write(data + b"\nsecond-1138\n")'
for kind in plain gz zip; do
	printf "*\tleaked\trequired\t0\t-\tsqlmap\t/lists/$kind\n" >german/sources.conf
	run build -s german/sources.conf -r root2 -o leaked
	is "leaked, $kind: lines that are no text are passed over" '0 ' "$status $err"
	run lookup -f leaked THX-1138 été-1138 last-1138 second-1138
	is "leaked, $kind: they are found" \
		"0 $(printf '%s\tleaked\t-\t-\n' THX-1138 été-1138 last-1138 second-1138)" "$status $out"
	run lookup -f leaked dragonfly
	is "leaked, $kind: letters are a word" '0 password' "$status $(cut -f 2 out)"
	for word in abc12 12345678 thx1138 abcdefghijklmnop cd12345 '' two.txt; do
		run lookup -f leaked -- "$word"
		is "leaked, $kind: '$word' is not there" 1 "$status"
	done
	run verify leaked
	is "leaked, $kind: it is whole" '0 leaked is whole: 4 words' "$status $out"
	run stat leaked
	is "leaked, $kind: stat" 0 "$status"
	like "leaked, $kind: stat says how many" '^  leaked +65556  4 passwords$' "$out"
	like "leaked, $kind: stat names the list and what it took" "^/lists/$kind	sqlmap	leaked	\*	5	" "$out"
done
for kind in gz zip; do
	printf "*\tleaked\trequired\t0\t-\tsqlmap\t/lists/broken\n" >german/sources.conf
	head -c 60 root2/lists/$kind >root2/lists/broken
	run build -s german/sources.conf -r root2 -o none
	is "a broken $kind: status, and nothing is written" '2 none*' "$status $(echo none*)"
	like "a broken $kind: it is named" 'root2/+lists/broken: [A-Za-z]' "$err"
	is "a broken $kind: what is wrong is known" 0 "$(grep -ci 'unknown error' err)"
	like "a broken $kind: so is its package" 'package sqlmap has it' "$err"
done
printf '*\tleaked\toptional\t0\t-\tsqlmap\t/lists/missing\n*\town\trequired\t1\t1\t-\t../conf/words\n' \
	>german/sources.conf
run build -s german/sources.conf -r root2 -o without
is 'no leaked list: status' 0 "$status"
like 'no leaked list: it is named' "/lists/missing is missing and left out; Debian's package sqlmap" "$err"
run stat without
like 'no leaked list: stat' '^  leaked +0  0 passwords$' "$out"
run lookup -f without pompelmoes
is 'no leaked list: the others are there' 0 "$status"

# ---- Lists that are not there ---------------------------------------------------------------
mv root/lists/others away
run build -s conf/sources.conf -r root -o without
is 'an optional list that is missing: status' 0 "$status"
is 'an optional list that is missing is named' \
	"all2all-dict: /lists/others is missing and left out; Debian's package john has it" \
	"$err"
is 'and is not among the inputs' 0 "$("$dict" stat without | grep -c others)"
mv away root/lists/others
for list in passwords model lexicon; do
	mv "root/lists/$list" away
	run build -s conf/sources.conf -r root -o none
	is "the required list $list is missing: status" 2 "$status"
	like 'it is named' "/lists/$list: No such file" "$err"
	like 'with the place in sources.conf, and the package' \
		'sources.conf:[0-9]+: this source is required; Debian.s package [a-z]+ has it' "$err"
	is 'nothing is written' 'none*' "$(echo none*)"
	mv away "root/lists/$list"
done
mv conf/words away
run build -s conf/sources.conf -r root -o none
is 'our own lists are missing: status' '2 none*' "$status $(echo none*)"
like 'it says so' 'words: no lists here' "$err"
mv away conf/words
run build -s nowhere.conf -o none
is 'no sources.conf: status' 2 "$status"
like 'it says so' 'nowhere.conf: No such file' "$err"

# bad LINE PATTERN: with this line in sources.conf, nothing is compiled, and PATTERN says why
bad() {
	(cat whole.conf && printf "$1\n") >conf/sources.conf
	run build -s conf/sources.conf -r root -o none
	is "sources.conf with '$1': status" '2 none*' "$status $(echo none*)"
	like 'it says where and what' "sources.conf:10: .*$2" "$err"
}
bad 'fr lexicon required 0 - wfrench' 'seven fields'
bad 'fr lexicon required 0 - wfrench /lists/lexicon more' 'seven fields'
bad 'xx lexicon required 0 - wfrench /lists/lexicon' 'language'
bad 'fr lexikon required 0 - wfrench /lists/lexicon' 'kind'
bad 'fr lexicon perhaps 0 - wfrench /lists/lexicon' 'required or optional'
for bits in x -1 65 nan 1x; do
	bad "fr lexicon required $bits - wfrench /lists/lexicon" 'bits'
done
for lessons in x 1: 1:2:3:4 :1 -1 1x 1000001; do
	bad "fr lexicon required 0 $lessons wfrench /lists/lexicon" 'lessons'
done
cp whole.conf conf/sources.conf

printf 'fine\nbad\377\n' >root/lists/lexicon
run build -s conf/sources.conf -r root -o none
is 'a list that is not UTF-8: status' '2 none*' "$status $(echo none*)"
like 'it says where' 'lists/lexicon:2: not UTF-8' "$err"
cp elsewhere/lists/lexicon root/lists/lexicon
printf 'no model\n' >root/lists/model
run build -s conf/sources.conf -r root -o none
is 'a language model without counts: status' '2 none*' "$status $(echo none*)"
like 'it says so' 'no unigram counts' "$err"
cp elsewhere/lists/model root/lists/model

run build -s conf/sources.conf -r root -o nowhere/none
is 'a folder that is not there: status' 2 "$status"
like 'it says so' 'nowhere/none: No such file' "$err"
run build -s conf/sources.conf -r root
is 'without -o: status' 2 "$status"
like 'it says so' '-o OUT is missing' "$err"

# ---- A site's own words ---------------------------------------------------------------------
printf '# ours\nSint-Jansplein\n\nPompelmoes\r\n' >site.txt
printf 'caf\303\251\n' >more.txt
run add site.txt more.txt -o site
is 'add: status' '0 ' "$status $err"
run lookup -f site sintjansplein sint-jansplein pompelmoes cafe CAFÉ
is 'add: its words' 0 "$status"
is 'add: their kind and rank' $'own\t-\t4 own\t-\t4 own\t-\t4 own\t-\t2 own\t-\t2 ' \
	"$(cut -f 2- out | tr '\n' ' ')"
run verify site
is 'add: it is whole' '0 site is whole: 4 words' "$status $out"
is 'add: it is small' yes "$([ "$(stat -c %s site)" -lt 1000 ] && echo yes)"
cp site before
printf 'good\ntwo words\nx\n\nbad\377\n\345\257\206\347\240\201\n' >bad.txt
run add site.txt bad.txt -o site
is 'add: bad lines: status' 2 "$status"
for line in 2 3 5 6; do
	like "add: line $line is named" "bad.txt:$line: " "$err"
done
is 'add: and no other' 4 "$(grep -c 'bad.txt:' err)"
is 'add: then nothing is written' same "$(cmp site before && echo same)"
printf '# nothing\n' >empty.txt
run add empty.txt -o none
is 'add: no words: status' '2 none*' "$status $(echo none*)"
like 'it says so' 'there are no words' "$err"
run add nowhere.txt -o none
is 'add: a list that is not there' '2 none*' "$status $(echo none*)"
cp site.txt copy.txt
run add site.txt -o ./site.txt
is 'add: a list is not overwritten' '2 same' "$status $(cmp site.txt copy.txt && echo same)"

printf 'fine\nnot|fine\n' >bad.txt
run add bad.txt -o none
is 'add: a character that no lexicon has: status' '2 none*' "$status $(echo none*)"
like 'add: it says which those are' 'bad.txt:2: .* none of < > \{ \| \}' "$err"

# ---- Interrupted ----------------------------------------------------------------------------
# interrupt SIGNAL COMMAND...: runs the command, and sends it the signal as soon as there is a
# temporary file; again until the signal has ended it five times. Prints "clean" if there was always
# the old lexicon or the new one afterwards, and nothing beside it.
interrupt() {
	python3 -c '
import os, signal, subprocess, sys
name, command = sys.argv[1], sys.argv[2:]
caught = 0
for attempt in range(100):
    if caught == 5:
        break
    os.makedirs("cut", exist_ok=True)
    with open("cut/out", "w") as old:
        old.write("old")
    p = subprocess.Popen(command, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(getattr(signal, name), signal.SIG_DFL))
    while p.poll() is None and os.listdir("cut") == ["out"]:
        pass
    if p.returncode is None:
        p.send_signal(getattr(signal, name))
    caught += p.wait() < 0
    if os.listdir("cut") != ["out"]:
        sys.exit("%s left %s" % (name, os.listdir("cut")))
    if open("cut/out", "rb").read() not in (b"old", open("one", "rb").read()):
        sys.exit(name + " left half a file")
print("clean")' "$@"
}
for signal in SIGINT SIGTERM SIGHUP SIGQUIT; do
	is "a build that $signal interrupts leaves nothing" clean \
		"$(interrupt $signal "$dict" build -s conf/sources.conf -r root -o cut/out 2>&1)"
done
is 'a build that meets the limit of a file leaves nothing' 'out' \
	"$(ulimit -c 0 -f 100 && "$dict" build -s conf/sources.conf -r root -o cut/out 2>/dev/null
		ls cut)"

# ---- Damage ---------------------------------------------------------------------------------
# flip FILE BYTE BIT: writes a copy with that bit changed to the file "flipped"
flip() {
	python3 -c '
import sys
b = bytearray(open(sys.argv[1], "rb").read())
b[int(sys.argv[2])] ^= 1 << int(sys.argv[3])
open("flipped", "wb").write(b)' "$@"
}
for byte in 0 5 9 17 30 47 60 100 500000 -1; do
	flip one $byte 3
	run verify flipped
	is "verify: a bit of byte $byte" '1 ' "$status $out"
	like 'verify: it says what to do' 'all2all-dict build makes a new one' "$err"
done
# This file is forged: the checksum is right, but the graph has a cycle.
tail -c +4 "$A2A_SOURCE/tests/fuzz/corpus/lexicon/circle" >circle
run verify circle
is 'verify: a circle' '1 ' "$status $out"
like 'verify: it says what is wrong' 'circle has an edge that does not lead to a lower place' "$err"
run lookup -f circle ab aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
is 'lookup: a circle ends' 1 "$status"
tail -c +11 "$A2A_SOURCE/tests/fuzz/corpus/lexicon/liar" >liar
run verify liar
is 'verify: a bitmap that lies' '1 ' "$status $out"
like 'verify: it says so' 'has a bitmap of other characters than its edges have' "$err"
printf '2A2L\002' >older && tail -c +6 one >>older
run verify older
is 'verify: an older format' '1 ' "$status $out"
like 'verify: it says what to do' 'older format.*compile it again; all2all-dict build' "$err"
run stat flipped
is 'stat: a damaged one' '1 ' "$status $out"
run lookup -f flipped secret
is 'lookup: a damaged one' '2 ' "$status $out"
: >empty
for file in empty conf/sources.conf; do
	run verify "$file"
	is "verify: $file" 1 "$status"
	like 'it says what it is' 'is no lexicon' "$err"
done
for file in nowhere conf /dev/null; do
	run verify "$file"
	is "verify: $file cannot be read" 2 "$status"
done
"$dict" stat one >/dev/full 2>err
is 'a full disk' 2 $?
like 'it says so' 'standard output' "$(cat err)"

# ---- The command line -----------------------------------------------------------------------
for arguments in '' 'nonsense' 'build -o none extra' 'verify -o none' 'lookup -s x y' 'lookup -f one' \
	'add -o none' 'add site.txt' 'stat one two' '--nonsense' 'add -r x site.txt -o none'; do
	# shellcheck disable=SC2086 # several words
	run $arguments
	is "all2all-dict $arguments: status, and no output" '2 ' "$status $out"
	like 'it says why' . "$err"
done
is 'nothing was written by them' 'none*' "$(echo none*)"
run --help
is '--help' '0 ' "$status $err"
like '--help' '^usage: ' "$out"

# ---- The progress bar -----------------------------------------------------------------------
# on_terminal COMMAND...: prints what it writes to standard error if that is a terminal
on_terminal() {
	TERM=xterm "$A2A_SOURCE/tests/lib/on_terminal.py" --only-errors 80 "$@" </dev/null
}
if python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
	begun=$(date +%s%N)
	said=$(on_terminal "$dict" build -s conf/sources.conf -r root -o four)
	is 'on a terminal: status' 0 $?
	# A loaded machine may take two seconds for it, and then there is a bar.
	[ $(($(date +%s%N) - begun)) -ge 2000000000 ] ||
		is 'on a terminal: no bar for what is quick' '' "$said"
	is 'on a terminal: the same bytes' same "$(cmp one four && echo same)"
	# Some seconds of work: a million and a half of words of eight letters.
	python3 -c '
import itertools
for i, letters in enumerate(itertools.product("bcdfghjklmnprst", "aeiou", "bdfgklmnprst", "aeiou", "bdfklmnprst", "aeiou", "dklmnrst")):
    if i == 1500000:
        break
    print("".join(letters))' >many
	said=$(on_terminal "$dict" add many -o many.lexicon)
	is 'on a terminal: status of a long work' 0 $?
	like 'on a terminal: a bar, and how long' '\[#* *\] +[0-9]+ % (many|packing), [0-9 mins]+ left' \
		"$(tr '\r' '\n' <<<"$said")"
	like 'on a terminal: it is gone when all is done' $'\r\033\\[K$' "$said"
	rm many.lexicon
	like 'on a terminal: a bar when a list is compiled again' '\[#* *\] +[0-9]+ % ' \
		"$(on_terminal "$dict" upgrade many.lexicon | tr '\r' '\n')"
else
	echo 'no terminal can be had here (no /dev/pts?): the progress bar is not tried'
fi

# ---- The lexicon of the build ---------------------------------------------------------------
run verify
is 'the build: it is found and whole' 0 "$status"
# The judge finds a word with digits behind it. An entry that has them is a mistake, or stands in a list
# of real passwords. These lists are of numbers, too.
is 'our own lists: no entry ends with a digit' '' "$(cd "$A2A_SOURCE/dict/words" &&
	grep -v '^#' *.txt | grep '[0-9]$' | grep -Ev '^(belgium-(brands|clubs|culture|postcodes)|french-departements|keyboard|neighbours|service)[.]txt:')"
like 'the build: it is that of the tree' "^$A2A_BUILD/dict/words/lexicon is whole: [0-9]{7} words" "$out"
run build -s "$A2A_SOURCE/dict/sources.conf" -r "${A2A_PACKAGE_ROOT:-/}" -o again
is 'the build: again' '0 same' "$status $(cmp again "$A2A_BUILD/dict/words/lexicon" && echo same)"
run lookup welkom bonjour gemütlich étalonnage azerty anderlecht
is 'the build: words of all languages' 0 "$status"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
