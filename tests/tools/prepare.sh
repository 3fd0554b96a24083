#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests what .ci/prepare.sh says and does before it installs packages, with stand-ins for Debian's
# programs: it upgrades and removes nothing unasked, and one source that fails stops nothing.
set -u
export LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
mkdir "$scratch/bin" && cd "$scratch" || exit 1

# Nothing is installed. apt-get notes what it is asked to install, and prints the file "plan" when it
# is asked what it would do.
printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
printf '#!/bin/sh\n[ "$1" = -u ] && echo 0\n' >bin/id
cat >bin/apt-get <<'END'
#!/bin/sh
case " $* " in
*' update '*) exit "$(cat update)" ;;
*' --simulate '*) cat plan; exit "$(cat status)" ;;
*' --print-uris '*) echo "Need to get 3,210 kB/12.3 MB of archives."
	echo "After this operation, 45.6 MB of additional disk space will be used." ;;
*) echo "$*" >asked ;;
esac
END
chmod +x bin/*

# prepared PLAN [MAY_UPGRADE [UPDATE [STATUS]]]: installs two packages, without a terminal
prepared() {
	printf '%s\n' "$1" >plan
	echo "${3-0}" >update
	echo "${4-0}" >status
	rm -f asked
	out=$(PATH=$scratch/bin:$PATH sh -c '. "$A2A_SOURCE/.ci/prepare.sh"; may_upgrade=$1
		install_missing one two' ./demo "${2-no}" 2>&1 </dev/null)
	status=$?
}
new='Inst one (1.0 Debian:12 [amd64])
Inst two (2.0 Debian:12 [amd64])
Inst three (3.0 Debian:12 [amd64])
Conf one (1.0 Debian:12 [amd64])'

prepared "$new"
is 'new packages: installed' 0 $status
like 'how many, and how much' \
	'^To install: 3 packages \(3,210 kB of 12\.3 MB to download, 45\.6 MB on the disk\), for: one two$' "$out"
like 'nothing is upgraded or removed' ' --no-upgrade --no-remove install one two$' "$(cat asked)"

prepared "$new" no 100
is 'a source that fails: installed all the same' '0 yes' "$status $([ -e asked ] && echo yes)"
like 'a source that fails: it is said' '^Some sources' "$out"

prepared "$new
Inst four [1.1-2] (1.1-3 Debian:12 [amd64]) []"
is 'an upgrade: nothing is installed' '1 no' "$status $([ -e asked ] || echo no)"
like 'an upgrade: it is named' '^  four, from 1\.1-2 to 1\.1-3$' "$out"
like 'an upgrade: what to do' '^  \./demo --upgrade$' "$out"
prepared "Inst four [1.1-2] (1.1-3 Debian:12 [amd64])" yes
is 'an upgrade that is allowed' '0 yes' "$status $([ -e asked ] && echo yes)"
like 'an upgrade that is allowed: it is named' '^  four, from 1\.1-2 to 1\.1-3$' "$out"

prepared "$new
Remv five [5.0]" yes
is 'a removal: nothing is installed' '1 no' "$status $([ -e asked ] || echo no)"
like 'a removal: it is named' 'would remove five' "$out"

prepared 'E: Unable to locate package two' no 0 100
is 'a package that cannot be had: nothing is installed' '1 no' "$status $([ -e asked ] || echo no)"
like 'a package that cannot be had: it is named' '^E: Unable to locate package two$' "$out"

# At a terminal it asks.
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	for answer in n y; do
		printf '%s\n' "$new" >plan
		echo 0 | tee update >status
		rm -f asked
		printf '%s\n' $answer | PATH=$scratch/bin:$PATH script -qec \
			"sh -c '. \"\$A2A_SOURCE/.ci/prepare.sh\"; install_missing one two'" /dev/null >said 2>&1
		is "at a terminal: $answer" $answer "$([ -e asked ] && echo y || echo n)"
		like "at a terminal: the question" 'Go on\? \[Y/n\]' "$(cat said)"
	done
fi

# The message names an option of the script that runs: it has to have it, or to allow upgrades itself.
scripts=$(cd "$A2A_SOURCE" && git grep -lE '^[[:space:]]*install_missing [$]' 2>/dev/null ||
	cd "$A2A_SOURCE" && grep -rlE '^[[:space:]]*install_missing [$]' check demo package tests/fuzz)
is 'scripts that install packages' 'yes' "$([ "$(wc -l <<<"$scripts")" -ge 4 ] && echo yes)"
for script in $scripts; do
	is "$script: it can be allowed to upgrade" yes \
		"$(grep -qE '^may_upgrade=yes|^	--upgrade\)' "$A2A_SOURCE/$script" && echo yes)"
done

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
