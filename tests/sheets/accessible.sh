#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The HTML sheet as a checker of accessibility sees it, axe-core in Chromium, on a wide screen and on
# a telephone's; and as HTML Tidy reads it.
set -u
export LC_ALL=C.UTF-8 TZ=UTC
umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"

# axe-core comes from the registry that npm is configured for, once, in this version. npm compares it
# with this checksum.
version=4.14.1
integrity=sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==
cache=$A2A_SOURCE/.cache/axe-core-$version
fetch() {
	[ -s "$cache/axe.min.js" ] && return
	command -v npm >/dev/null || return
	cat >"$scratch/package.json" <<-END
		{"name": "checker", "version": "1.0.0", "dependencies": {"axe-core": "$version"}}
	END
	cat >"$scratch/package-lock.json" <<-END
		{"name": "checker", "version": "1.0.0", "lockfileVersion": 3, "packages": {
		"": {"name": "checker", "version": "1.0.0", "dependencies": {"axe-core": "$version"}},
		"node_modules/axe-core": {"version": "$version", "integrity": "$integrity"}}}
	END
	(cd "$scratch" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) ||
		return
	mkdir -p "$cache" && cp "$scratch/node_modules/axe-core/axe.min.js" "$cache/"
}

# page LANGUAGE KEY=VALUE...: a sheet, in $scratch/sheet.html
page() {
	"$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" format=html language="$1" \
		alphabet="$1" "${@:2}" >"$scratch/sheet.html"
	is "status of $*" 0 $?
}
# check WHAT SIZE: what axe-core says of it, in a window of that size. The page's own policy forbids
# scripts, so it is taken out first.
check() {
	sed -e '/Content-Security-Policy/d' "$scratch/sheet.html" >"$scratch/checked.html"
	{
		printf '<script>'
		cat "$cache/axe.min.js"
		cat <<-'END'
			</script><script>
			axe.run().then(function (found) {
				var bad = found.violations.map(function (rule) {
					return rule.id + ': ' + rule.nodes.map(function (node) {
						return node.html;
					}).join(' ');
				});
				document.body.textContent = 'axe ' + found.passes.length + ' ' + bad.join('; ');
			});
			</script>
		END
	} >>"$scratch/checked.html"
	said=$(HOME=$scratch timeout 60 chromium --headless --no-sandbox --disable-gpu \
		--user-data-dir="$scratch/chromium" --window-size="$2" --virtual-time-budget=20000 \
		--dump-dom "file://$scratch/checked.html" 2>/dev/null | grep -o '<body>.*' |
		sed 's/<[^>]*>//g')
	like "$1: rules that it keeps" '^axe [1-9][0-9]' "$said"
	is "$1: rules that it breaks" '' "$(sed 's/^axe [0-9]* *//' <<<"$said")"
}

long='Wolfgang-Amadeus Hohenlohe-Waldenburg-Schillingsfürst'
if command -v tidy >/dev/null; then
	for language in fr nl de en; do
		page $language name="$long <&>" mobileconfig=user0001.mobileconfig password='aB3-&<"x'
		is "$language: what Tidy says" '' "$(tidy -q -e "$scratch/sheet.html" 2>&1)"
	done
else
	echo 'there is no tidy (Debian: tidy): the HTML is not read by it' >&2
fi
if command -v chromium >/dev/null && fetch && [ -s "$cache/axe.min.js" ]; then
	for language in fr nl de en; do
		page $language name="$long" mobileconfig=user0001.mobileconfig password=k7mvTq2xr9
		check "$language" 1200,900
	done
	check 'a telephone' 500,900
	page fr words=1 password='correct cheval batterie agrafe lampe7' webmail= organisation=
	check 'a passphrase' 1200,900
	# The checker finds what is wrong.
	sed -i 's/ lang="fr"//; s/color: #1a1c21/color: #ccc/' "$scratch/sheet.html"
	check_would_fail() { check "$@" >/dev/null 2>&1; }
	before=$wrong
	check_would_fail 'a bad page' 1200,900
	like 'what is wrong is found' 'html-has-lang.*|color-contrast.*' "$said"
	wrong=$before
else
	echo 'there is no chromium, or no axe-core from npm: accessibility is not checked' >&2
	[ "$done" = 0 ] && exit 77
fi
echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
