#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Checks that the build enforces the rooms: a room finds the headers of the rooms below it, and no
# others. The test reads the include path of a room from the build's compile commands, and asks the
# compiler which headers it finds there.
set -u
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$A2A_BUILD" || exit 1

# Each line has a room and the rooms that it may see. guess/segment is the part of guess that every
# room above it may see.
rooms='base:
dict: base
guess: base dict guess/segment
leaks: base
policy: base dict guess guess/segment leaks
generate: base dict guess/segment policy
message: base guess/segment policy
account: base guess/segment policy
audit: base guess/segment policy
mail: base guess/segment message policy
sheets: base
issue: account base generate guess/segment message policy sheets
webmail: account audit base guess/segment message policy
pam_all2all: account audit base generate guess/segment message policy'

# A command, and the rooms that it may see. Each command has an include path of its own.
commands='all2all-audit: account audit base guess/segment mail message policy sheets
all2all-dict: base dict guess/segment policy
all2all-issue: account base generate guess/segment issue message policy
all2all-leaks: base guess/segment leaks message policy
all2all-passwd: base guess/segment message policy webmail
all2all-pwcheck: base guess/segment message policy
all2all-pwgen: account base generate guess/segment message policy'
names() {
	sed 's/:.*//' <<<"$1"
}
all=$(names "$rooms"; echo guess/segment; echo tools)
all_commands=$(names "$commands")
# Without sheets, they and what needs them are in the source, but not in the build.
if [ "${A2A_SHEETS-yes}" = no ]; then
	rooms=$(grep -v '^issue:' <<<"$rooms")
	commands=$(grep -v '^all2all-issue:' <<<"$commands")
fi

# Writes to path-ROOM and path-COMMAND the -I options with which any file of it is compiled, one on
# each line. A test that compiles the engine again, with all of its folders, does not count.
python3 -c '
import json, os, shlex, sys
source, scratch, rooms = os.environ["A2A_SOURCE"], sys.argv[1], sys.argv[2:]
paths = {room: {} for room in rooms}
for step in json.load(open("compile_commands.json")):
    file = os.path.normpath(os.path.join(step["directory"], step["file"]))
    room = os.path.relpath(os.path.dirname(file), source)
    if room == "tools":
        room = os.path.dirname(step["output"]).removeprefix("tools/").removesuffix(".p")
    if room in paths and " -Itests" not in step["command"]:
        words = shlex.split(step["command"])
        paths[room].update((word, None) for word in words if word.startswith("-I"))
for room in rooms:
    with open(scratch + "/path-" + room, "w") as out:
        print(*paths[room], sep="\n", file=out)' \
	"$scratch" $(names "$rooms") $(names "$commands") || exit 1

# headers ROOM: prints their names. Those of base include the header that is made from paths.h.in.
headers() {
	(cd "$A2A_SOURCE/$1" && ls ./*.h) | sed 's/^\.\///'
	if [ "$1" = base ]; then
		echo paths.h
	fi
}

for room in $all; do
	for header in $(headers "$room" 2>/dev/null); do
		echo "$room $header"
		printf '#if __has_include("%s")\nfound %s %s\n#endif\n' "$header" "$room" "$header" \
			>>"$scratch/ask.c"
	done
done >"$scratch/headers"
is 'no two rooms have a header of one name' '' \
	"$(cut -d ' ' -f 2 "$scratch/headers" | sort | uniq -d)"
is 'every room is here' '' "$(cd "$A2A_SOURCE" && for file in */meson.build; do
	grep -q "_library(\|shared_module(" "$file" && ! grep -qx "${file%/*}" <<<"$all" && echo "$file"
done | grep -v '^tests/\|^measure/')"
is 'every command is here' "$all_commands" \
	"$(cd "$A2A_SOURCE" && grep -oh "executable('[^']*'" tools/meson.build | cut -d "'" -f 2 | sort)"

# finds_only PATH ROOM...: the headers of other rooms are not on the path
finds_only() {
	local path
	mapfile -t path <"$scratch/path-$1"
	cc -E -P "${path[@]}" "$scratch/ask.c" | sed -n 's/^found //p' >"$scratch/found"
	is "$1 finds no header of a room that it may not see" '' \
		"$(awk -v seen=" $* " 'index(seen, " " $1 " ") == 0' "$scratch/found")"
}
while IFS=: read -r room visible; do
	finds_only $room $visible
	is "$room/ finds its own headers" "$(grep "^$room " "$scratch/headers")" \
		"$(grep "^$room " "$scratch/found")"
done <<<"$rooms"
while IFS=: read -r command visible; do
	finds_only $command tools $visible
	is "$command finds the headers of tools/" "$(grep '^tools ' "$scratch/headers")" \
		"$(grep '^tools ' "$scratch/found")"
done <<<"$commands"

# refuses ROOM HEADER: a file that includes it does not compile; one with a header of base/ does
refuses() {
	grep -q "^$1:" <<<"$rooms" || return 0
	mapfile -t path <"$scratch/path-$1"
	echo '#include "log.h"' >"$scratch/one.c"
	is "$1/ compiles with log.h" '' "$(cc -fsyntax-only "${path[@]}" "$scratch/one.c" 2>&1)"
	echo "#include \"$2\"" >"$scratch/one.c"
	cc -fsyntax-only "${path[@]}" "$scratch/one.c" 2>/dev/null
	is "$1/ does not compile with $2" 1 $?
}
refuses base lexicon.h
refuses dict policy.h
refuses guess policy.h
refuses leaks lexicon.h
refuses sheets lattice.h
refuses issue lattice.h
refuses pam_all2all lattice.h
refuses message lexicon.h
refuses message leaks.h
# The members of an opened policy are private to policy/. Other rooms find this header, but not the
# headers that it includes.
for header in internal.h opened.h; do
	if [ -e "$A2A_SOURCE/policy/$header" ]; then
		for room in sheets issue message audit pam_all2all; do
			refuses $room $header
		done
	fi
done

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
