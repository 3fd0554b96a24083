#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Reads the PDF with another program (poppler), and the QR code as a telephone does (zbar).
set -u
export LC_ALL=C.UTF-8 TZ=UTC
unset LANGUAGE
umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
for program in pdfinfo pdftotext pdffonts pdftoppm qpdf zbarimg; do
	command -v "$program" >/dev/null || {
		echo "there is no $program (Debian: poppler-utils, qpdf, zbar-tools)" >&2
		exit 77
	}
done

sheet=$scratch/sheet.pdf
# sheet KEY=VALUE...: makes a PDF with these settings, and reads its text
sheet() {
	"$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" format=pdf "$@" >"$sheet"
	is "status of $*" 0 $?
	info=$(pdfinfo "$sheet")
	text=$(pdftotext -nopgbrk -layout "$sheet" -)
	raw=$(pdftotext -nopgbrk -raw "$sheet" -)
}
# on_one_page WHAT: the sheet has one page
on_one_page() {
	like "$1: one page" '^Pages: +1$' "$info"
	like "$1: A4" '^Page size: +595\.[0-9]+ x 841\.[0-9]+ pts \(A4\)$' "$info"
}

# ---- Every language ----
for language in fr nl de en; do
	sheet language=$language name='Geneviève Vandenbroucke' spelled='Karel, zeven, groß Maria' \
		password=k7mvTq2xr9
	on_one_page $language
	like "$language: the moment" '^CreationDate: +Sun Nov 22 12:00:00 2026 UTC$' "$info"
	is "$language: password in the metadata" 0 "$(grep -c k7mv <<<"$info")"
	is "$language: password in clear in the file" 0 "$(grep -ac k7mv "$sheet")"
	is "$language: password" 1 "$(grep -cx 'k7mvTq2xr9' <<<"$raw")"
	is "$language: user name" 1 "$(grep -cx 'user0001' <<<"$raw")"
	for fact in 'Geneviève Vandenbroucke' 'Karel, zeven, groß Maria' user0001@all2all.org 2026 \
		mail.all2all.org https://webmail.all2all.org/ support@all2all.org IMAP POP3 SMTP 993 995 \
		465 SSL/TLS 25 12; do
		is "$language: $fact" 0 "$(grep -qF -- "$fact" <<<"$text"; echo $?)"
	done
	fonts=$(pdffonts "$sheet" | tail -n +3)
	is "$language: types not embedded" 0 "$(grep -cv ' yes yes yes ' <<<"$fonts")"
	like "$language: the password's type" 'DejaVuSansMono-Bold' "$fonts"
	pdftoppm -r 110 -gray -png "$sheet" "$scratch/$language"
	is "$language: QR code" 'QR-Code:https://webmail.all2all.org/' \
		"$(zbarimg -q "$scratch/$language-1.png" 2>/dev/null)"
	"$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" format=html language=$language |
		sed -n 's/.*src="data:image\/png;base64,\([^"]*\)".*/\1/p' | base64 -d >"$scratch/qr.png"
	is "$language: QR code of the HTML" 'QR-Code:https://webmail.all2all.org/' \
		"$(zbarimg -q "$scratch/qr.png" 2>/dev/null)"
done

mkdir "$scratch/room"
printf '# Room\n\n    {{user}}\n\nIn {{Room}}:\n\n    {{password}}\n' >"$scratch/room/sheet.en.md"

# ---- What a screen reader has ----
# together: without the spaces, also those at which no line breaks
together() {
	sed 's/\xc2\xa0//g' | tr -d ' \n'
}
for language in fr nl de en; do
	sheet language=$language alphabet=$language name='Geneviève Vandenbroucke' password='k7mvTq2-xr9' \
		mobileconfig=user0001.mobileconfig autoconfig=autoconfig.all2all.org
	on_one_page "$language, spelled"
	is "$language: the PDF is sound" 0 "$(qpdf --check "$sheet" >/dev/null 2>&1; echo $?)"
	like "$language: it is tagged" '^Tagged: +yes$' "$info"
	qpdf --json --json-key=qpdf "$sheet" >"$scratch/pdf.json"
	is "$language: language, title, description, elements" ok "$(python3 - "$scratch/pdf.json" $language <<'END'
import json, sys
objects = json.load(open(sys.argv[1]))['qpdf'][1]
values = [o['value'] for o in objects.values() if isinstance(o.get('value'), dict)]
root = [o for o in values if o.get('/Type') == '/Catalog'][0]
assert root['/Lang'] == 'u:' + sys.argv[2], root
assert root['/MarkInfo']['/Marked'] is True
assert root['/ViewerPreferences']['/DisplayDocTitle'] is True
elements = [o for o in values if o.get('/Type') == '/StructElem']
figures = [o for o in elements if o['/S'] == '/Figure']
assert len(figures) == 1 and 'webmail' in figures[0]['/Alt'].lower(), figures
assert {o['/S'] for o in elements} == {
    '/' + s for s in 'Document H1 H2 P L LI Lbl LBody Span Link Figure'.split()}, elements
print('ok')
END
)"
	said=$(pdfinfo -struct-text "$sheet")
	# Every character of the page is in an element, in the order of the page.
	is "$language: all is read" "$(together <<<"$raw")" \
		"$(sed -n 's/^ *"\(.*\)"$/\1/p' <<<"$said" | together)"
	order=$(sed -n 's/^ *"\(.*\)"$/\1/p' <<<"$said" |
		grep -nxF -e 'https://webmail.all2all.org/' -e user0001 -e 'k7mvTq2-xr9' -e T | cut -d: -f2-)
	is "$language: the order in which it is read" \
		'https://webmail.all2all.org/ user0001 k7mvTq2-xr9 T' "$(xargs <<<"$order")"
	# e-mail is never broken.
	is "$language: no line ends in e-" 0 "$(grep -ci '\be-$' <<<"$raw")"
done
sheet language=fr password=T7 alphabet=fr
like 'a capital is marked' '^ *majuscule( +sept)?$' "$text"
like 'a capital is said in capitals' '^ *TÉLÉPHONE( +sept)?$' "$text"
sheet language=fr help='+32 2 555 01 23, conseils-et-nouveaux-mots-de-passe@tres-longue-adresse.example'
is 'an address is whole' 1 \
	"$(grep -c 'conseils-et-nouveaux-mots-de-passe@tres-longue-adresse.example' <<<"$raw")"

# ---- Values that are not like others ----
for password in '*_<b>&{{user}}' '0O1lI|`' 'ﬁfi ffl' '](x)' 'ΑΒΓ-ёж' "'\\()\"" '=+->'; do
	sheet language=de password="$password" user="$password"
	is "password $password" 2 "$(grep -cxF -- "$password" <<<"$raw")"
	on_one_page "$password"
done
passphrase='correct cheval-batterie agrafe lampe verte table 1234567890abcde'
is 'length of a passphrase' 64 ${#passphrase}
long=$(printf 'w%.0s' {1..60})
spelled=$(printf 'majuscule Thérèse, %.0s' {1..64})
sheet language=fr password="$passphrase" user="$long" spelled="$spelled" \
	name='Wolfgang-Amadeus Maximilian von und zu Hohenlohe-Waldenburg-Schillingsfürst-Bartenstein'
on_one_page 'a long one'
is 'a passphrase of 64 characters' 1 "$(grep -cxF "$passphrase" <<<"$raw")"
is 'a user name of 60' 1 "$(grep -cxF "$long" <<<"$raw")"
endless=$(printf 'x%.0s' {1..130})
sheet language=fr password="a  b-$endless"
on_one_page 'a very long one'
is 'nothing is put into it where a line ends' 1 "$(tr -d '\n' <<<"$raw" | grep -c "[^x]$endless[^x]")"
# If Pango broke the word itself, it would draw a hyphen that is not in the text, and one letter
# less would fit.
is 'no hyphen in it' 1 "$(grep -cx 'x\{69\}' <<<"$raw")"
sheet language=nl name='Αλέξανδρος Παπαδόπουλος'
is 'a Greek name' 1 "$(grep -c 'Αλέξανδρος Παπαδόπουλος' <<<"$raw")"
sheet language=en webmail= quota=0 message_limit=0 help= organisation= domain=
on_one_page 'with little to say'
is 'no webmail' 0 "$(grep -ci webmail <<<"$text")"
is 'no author' 0 "$(grep -c Author <<<"$info")"
pdftoppm -r 110 -gray -png "$sheet" "$scratch/bare"
is 'no QR code' '' "$(zbarimg -q "$scratch/bare-1.png" 2>/dev/null)"

# ---- The HTML, as a browser prints it ----
if command -v chromium >/dev/null; then
	for language in fr nl de en; do
		"$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" format=html language=$language \
			name='Geneviève Vandenbroucke' spelled='Karel, zeven, groß Maria, Anton, Bernard' \
			password='k7mvTq2xr9' >"$scratch/sheet.html"
		HOME=$scratch timeout 60 chromium --headless --no-sandbox --disable-gpu \
			--user-data-dir="$scratch/chromium" --no-pdf-header-footer \
			--print-to-pdf="$scratch/printed.pdf" "file://$scratch/sheet.html" >/dev/null 2>&1
		info=$(pdfinfo "$scratch/printed.pdf")
		like "$language: printed on one page" '^Pages: +1$' "$info"
		is "$language: printed title" 0 "$(grep -c k7mv <<<"$info")"
		is "$language: printed password" 1 \
			"$(pdftotext -nopgbrk -raw "$scratch/printed.pdf" - | grep -cx 'k7mvTq2xr9')"
		pdftoppm -r 110 -gray -png "$scratch/printed.pdf" "$scratch/printed"
		is "$language: printed QR code" 'QR-Code:https://webmail.all2all.org/' \
			"$(zbarimg -q "$scratch/printed-1.png" 2>/dev/null)"
		rm -f "$scratch"/printed*
	done
	"$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" format=html language=de alphabet=de \
		name='Wolfgang-Amadeus Maximilian von und zu Hohenlohe-Waldenburg-Bartenstein' \
		user="$(printf 'w%.0s' {1..60})" password=Kq7vX2mLp9ZtWdRg8sJ3 \
		mobileconfig=user.mobileconfig autoconfig=autoconfig.all2all.org help='+32 2 555 01 23, hilfe@lange-adresse.example' \
		>"$scratch/sheet.html"
	HOME=$scratch timeout 60 chromium --headless --no-sandbox --disable-gpu \
		--user-data-dir="$scratch/chromium" --no-pdf-header-footer \
		--print-to-pdf="$scratch/printed.pdf" "file://$scratch/sheet.html" >/dev/null 2>&1
	like 'a long one: printed on one page' '^Pages: +1$' "$(pdfinfo "$scratch/printed.pdf")"
else
	echo 'there is no chromium: how it prints the HTML is not looked at' >&2
fi

# ---- Links ----
sheet language=en
is 'where it leads to' 1 "$(pdfinfo -url "$sheet" | grep -o 'https://webmail[^ ]*' | sort -u | wc -l)"
sheet language=en webmail="https://x.example/a'b\\c)(é"
like 'an address with what PDF has a use for' 'https://x.example/a%27b%5Cc%29%28%C3%A9$' \
	"$(pdfinfo -url "$sheet")"
sheet language=en column.webmail='javascript:alert(1)'
is 'leads nowhere else' 0 "$(pdfinfo -url "$sheet" | grep -c javascript)"

# ---- More than a page ----
mkdir "$scratch/own"
{
	printf '# Long\n\n![](qr:webmail)\n\n    {{user}}\n\n'
	for i in {1..80}; do
		printf 'Paragraph %d, which is there to fill the page with a line or two: %s\n\n' "$i" \
			'the quick brown fox jumps over the lazy dog and goes on.'
	done
	printf '    {{password}}\n\n1. first\n2. second\n'
} >"$scratch/own/sheet.en.md"
sheet language=en templates="$scratch/own"
like 'as many pages as it takes' '^Pages: +[23]$' "$info"
is 'every paragraph' 80 "$(grep -c '^Paragraph [0-9]*,' <<<"$raw")"
is 'the end of it' 1 "$(grep -c '^2\. second' <<<"$raw")"
is 'the password at last' 1 "$(grep -cx k7mvtq2xr9 <<<"$raw")"

# ---- What cannot be printed ----
# refused WHAT PATTERN KEY=VALUE...: no PDF, and why, where only the DejaVu fonts are
cat >"$scratch/dejavu.conf" <<-END
	<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
	<dir>$(dirname "$(fc-match -f '%{file}' 'DejaVu Sans')")</dir>
	<cachedir>$scratch/cache</cachedir></fontconfig>
END
refused() {
	FONTCONFIG_FILE=$scratch/dejavu.conf "$A2A_BUILD/tests/make_sheet" \
		shipped="$A2A_BUILD/sheets" format=pdf "${@:3}" >"$sheet" 2>"$scratch/err"
	is "status for $1" 2 $?
	like "what it says of $1" "$2" "$(cat "$scratch/err")"
	is "nothing is written for $1" 0 "$(stat -c %s "$sheet")"
}
refused 'an elephant' 'the field \{\{name\}\} of this account has "🐘" \(U\+1F418\).*fonts-noto-color-emoji' \
	name='Anna 🐘'
refused 'Chinese' 'the field \{\{Room\}\} .* "房" \(U\+623F\).*fonts-noto-cjk' \
	column.Room=房 templates="$scratch/room"
refused 'Amharic' '\{\{name\}\} .*\(U\+[0-9A-F]+\).*fonts-noto-core' name='አበበ'
refused 'a letter of nobody' 'U\+10FFFD.*no font has it, so leave it out' name=$'\U10fffd'
refused 'a password' 'the password has a character that no installed font has' password='a🐘b'
is 'the letter of a password is not said' 0 "$(grep -c 🐘 "$scratch/err")"
printf '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><cachedir>%s</cachedir></fontconfig>' \
	"$scratch" >"$scratch/fonts.conf"
FONTCONFIG_FILE=$scratch/fonts.conf "$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" \
	>"$sheet" 2>"$scratch/err"
is 'status without the types' 2 $?
like 'what it says then' '"DejaVu Sans" is not installed' "$(cat "$scratch/err")"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
