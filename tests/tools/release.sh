#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests that ./release --quick finds each fault that is planted in a small tree, and finds none
# without them.
set -u
export LC_ALL=C
for program in git msgfmt; do
	command -v $program >/dev/null || {
		echo "there is no $program" >&2
		exit 77
	}
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org \
	GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

# ---- A tree without faults ----------------------------------------------------------------------
mkdir -p "$scratch/tree" && cd "$scratch/tree" && mkdir po debian packaging packaging/fedora \
	packaging/alpine || exit 1
cp "$A2A_SOURCE/release" .
printf "project('all2all', 'c',\n\tversion: '7.8.9',\n)\n" >meson.build
printf '# News\n\n## 7.8.9 (%s)\n\nAll.\n\n## 7.8.8 (2026-01-01)\n' "$(date +%Y-%m-%d)" >NEWS
printf 'all2all (7.8.9-1) unstable; urgency=medium\n' >debian/changelog
printf 'Name: all2all\nVersion: 7.8.9\n' >packaging/fedora/all2all.spec
printf 'pkgname=all2all\npkgver=7.8.9\n' >packaging/alpine/APKBUILD
echo fr >po/LINGUAS
printf 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "one"\nmsgstr "un"\n' \
	>po/fr.po
printf '.Dd %s\n.Dt A 1\n' "$(date '+%B %d, %Y')" >a.1
git init -q . && git add . && git commit -q -m 'All.' || exit 1

out=$(./release --quick 2>&1)
status=$?
is 'without faults' 0 $status
is 'without faults: nothing fails' '' "$(grep ^FAIL <<<"$out")"
like 'without faults: what is left to a person' 'git tag -s v7\.8\.9 ' "$out"
like 'what was left out is said' '^skip  release  the archive, the packages and the tests' "$out"

# ---- Each fault ---------------------------------------------------------------------------------
# finds WHAT PATTERN: with what has been changed, one check fails, and its line matches
finds() {
	out=$(./release --quick 2>&1)
	status=$?
	is "$1: status" 1 $status
	is "$1: the other checks hold" 1 "$(grep -c ^FAIL <<<"$out")"
	like "$1: it is found" "^FAIL  release  $2" "$out"
	is "$1: nobody is told to tag it" '' "$(grep 'git tag' <<<"$out")"
	git tag -d v7.8.9 >/dev/null 2>&1
	git reset -q --hard "$first" && git clean -qfd
}
commit() {
	git add . && git commit -q -m 'A fault.'
}
first=$(git rev-parse HEAD)

touch new
finds 'a file that is not committed' 'everything is committed'
git tag v7.8.9 && git commit -q --allow-empty -m 'Later.'
finds 'the tag is of another commit' 'the version 7.8.9 was tagged before'
echo "version = '7.8.9'" >other.c && commit
finds 'the version in another place' 'no other file has it'
sed -i '3s/(.*)/(not yet released)/' NEWS && commit
finds 'NEWS without its date' 'NEWS begins with .*not yet released'
sed -i '3s/7\.8\.9/7.8.10/' NEWS && commit
finds 'NEWS of another version' 'NEWS begins with .*7\.8\.10'
sed -i 's/unstable/UNRELEASED/' debian/changelog && commit
finds 'a changelog that is not released' 'debian/changelog is not released'
sed -i 's/7\.8\.9/7.8.90/' debian/changelog && commit
finds 'a changelog of another version' 'debian/changelog begins with .*7\.8\.90'
sed -i 's/7\.8\.9/7.8.8/' packaging/fedora/all2all.spec && commit
finds 'a spec of another version' 'packaging/fedora/all2all.spec has the version "7\.8\.8"'
sed -i 's/7\.8\.9/7.8.8/' packaging/alpine/APKBUILD && commit
finds 'an APKBUILD of another version' 'packaging/alpine/APKBUILD has the version "7\.8\.8"'
sed -i 's/"un"/""/' po/fr.po && commit
finds 'a sentence without translation' 'po/fr.po: .*1 untranslated'
sed -i 's/^msgid "one"/#, fuzzy\n&/' po/fr.po && commit
finds 'a fuzzy translation' 'po/fr.po: .*1 fuzzy'
sed -i 's/"un"/"un/' po/fr.po && commit
finds 'a translation that does not compile' 'po/fr.po: msgfmt fails'
sed -i 's/^\.Dd .*/.Dd January 1, 2026/' a.1 && commit
finds 'an old date of a manual' 'the manual pages say when they were changed'
sed -i '/^\.Dd/d' a.1 && commit
finds 'no date in a manual' 'the manual pages say when they were changed'
sed -i '/version/d' meson.build && commit
out=$(./release --quick 2>&1)
like 'no version in meson.build' '^FAIL  release  meson.build has a version' "$out"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
