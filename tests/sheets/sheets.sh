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
for program in pdfinfo pdftotext pdffonts pdftoppm zbarimg; do
	command -v "$program" >/dev/null || {
		echo "there is no $program (Debian: poppler-utils, zbar-tools)" >&2
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
is 'no hyphen in it' 1 "$(grep -cx 'x\{72\}' <<<"$raw")"
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
"$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" format=pdf name=$'\U10fffd' \
	>"$sheet" 2>"$scratch/err"
is 'status for a letter that no type has' 2 $?
like 'what it says then' 'none of the installed types has' "$(cat "$scratch/err")"
is 'nothing is written then' 0 "$(stat -c %s "$sheet")"
printf '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><cachedir>%s</cachedir></fontconfig>' \
	"$scratch" >"$scratch/fonts.conf"
FONTCONFIG_FILE=$scratch/fonts.conf "$A2A_BUILD/tests/make_sheet" shipped="$A2A_BUILD/sheets" \
	>"$sheet" 2>"$scratch/err"
is 'status without the types' 2 $?
like 'what it says then' '"DejaVu Sans" is not installed' "$(cat "$scratch/err")"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
