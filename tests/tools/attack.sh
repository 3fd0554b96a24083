#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Tests measure/attack: what each function of a rule does, the ranks of an attack of a few words, which
# were counted by hand, and the tables.
set -u
export LC_ALL=C.UTF-8
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$A2A_SOURCE/tests/lib/expect.sh"
cd "$scratch" || exit 1
attack=$A2A_BUILD/measure/attack

# ---- Rules -------------------------------------------------------------------------------------
# A rule and what it makes of p@ssW0rd. The functions are those of hashcat's description; positions
# count from 0, and A is 10. What does not fit changes nothing.
while IFS=$'\t' read -r rule wanted; do
	printf '%s\n' 'p@ssW0rd' >word
	printf '%s\n' "$rule" >rule
	is "rule $rule" "$wanted" "$("$attack" --print word rule)"
done <<'END'
:	p@ssW0rd
l	p@ssw0rd
u	P@SSW0RD
c	P@ssw0rd
C	p@SSW0RD
t	P@SSw0RD
T3	p@sSW0rd
TA	p@ssW0rd
30s	p@sSW0rd
31s	p@ssw0rd
E	P@ssw0rd
e@	P@Ssw0rd
r	dr0Wss@p
d	p@ssW0rdp@ssW0rd
p2	p@ssW0rdp@ssW0rdp@ssW0rd
f	p@ssW0rddr0Wss@p
{	@ssW0rdp
}	dp@ssW0r
$1	p@ssW0rd1
^1	1p@ssW0rd
$1 $2 ^3	3p@ssW0rd12
[	@ssW0rd
]	p@ssW0r
D3	p@sW0rd
D8	p@ssW0rd
x04	p@ss
x54	p@ssW0rd
O12	psW0rd
O72	p@ssW0rd
i4!	p@ss!W0rd
i8!	p@ssW0rd!
i9!	p@ssW0rd
o3$	p@s$W0rd
o8$	p@ssW0rd
'6	p@ssW0
'8	p@ssW0rd
ss$	p@$$W0rd
@s	p@W0rd
z2	ppp@ssW0rd
Z2	p@ssW0rddd
q	pp@@ssssWW00rrdd
k	@pssW0rd
K	p@ssW0dr
*34	p@sWs0rd
*38	p@ssW0rd
L5	p@ssW`rd
R2	p@9sW0rd
+2	p@tsW0rd
-1	p?ssW0rd
.1	psssW0rd
.7	p@ssW0rd
,1	ppssW0rd
,0	p@ssW0rd
y2	p@p@ssW0rd
Y2	p@ssW0rdrd
y9	p@ssW0rd
c s0o $! [	@ssword!
END

# ---- Ranks -------------------------------------------------------------------------------------
# In their order, product of places first: zebrafish; zebrafish1, quokkas; Zebrafish2; quokkas1 (and
# zebrafish1 again); Quokkas2; (quokkas1 again). Four of these six have 8 characters, a letter and a
# digit. Two rules cannot be applied.
printf '%s\n' zebrafish quokkas >words
printf '%s\n' : '$1' 'c$2' 'M' 'l $1' 'TX$1!' '?' >rules
printf '%s\n' Quokkas2 zebrafish1 quokkas1 Zebrafish2 wombat99 zebrafish >passwords
is "ranks" "run	8	4	3	6	4
found	6	4	quokkas	c\$2
found	2	1	zebrafish	\$1
found	5	3	quokkas	\$1
found	4	2	zebrafish	c\$2
found	-	-	-	-
found	1	1	zebrafish	:
guess	1	zebrafish1
guess	2	Zebrafish2
guess	3	quokkas1
guess	4	Quokkas2" "$("$attack" --pairs 100 words rules passwords)"
# Up to the product 3 there are 4 pairs, up to 4 there would be 6.
is "a limit" "run	4	4	3	4	2
found	-	-	-	-" "$("$attack" --pairs 5 words rules <(echo Quokkas2) | head -n 2)"

# Beyond the guesses that are all held, ranks are estimated: here of 400,000 distinct guesses.
seq -f 'w%06.0f' 100000 >words
printf '%s\n' '$a' '$b' '$c' '$d' >rules
printf '%s\n' w100000d >passwords
"$attack" --pairs 1000000 words rules passwords >estimated
rank=$(awk '$1 == "found" { print $3 }' estimated)
is "the last of 400,000 is at about that rank" yes \
	"$([ "$rank" -gt 390000 ] && [ "$rank" -lt 410000 ] && echo yes || echo "$rank")"

# ---- Tables ------------------------------------------------------------------------------------
printf '%s\n' zebrafish quokkas vq8zk2xw7j >words
printf '%s\n' : '$1' 'c$2' >rules
printf '%s\n' zebrafish1 Quokkas2 vq8zk2xw7j m4tq9hz2 short1 nodigits >made
out=$("$A2A_SOURCE/measure/attack" --build "$A2A_BUILD" --words words --rules rules made=made \
	--show 1)
like "how much" '^3 words, 3 rules \(0 left out\), 9 pairs: 9 distinct guesses, 7 of them of' "$out"
like "the list" '^\| `made` +\| +4 \| +3 \| +75\.0 \| +2 \| +1 \|$' "$out"
# The third word by the first rule: zebrafish1, Zebrafish2 and it are of the shape; quokkas1 is fourth.
like "what is accepted, yet guessed" '^\| other +\| 1 \| +2\^1\.6 \|' "$out"
like "an example" '^other: vq8zk2xw7j \(2\^1\.6, ours ' "$out"
is "each password is in a line of the calibration" 4 \
	"$(awk -F'|' '/ to | and more/ && !/2\^/ { n += $3 } END { print n }' <<<"$out")"

# What a hand wrote below the mark stays when the document is made again.
for _ in first again; do
	"$A2A_SOURCE/measure/attack" --build "$A2A_BUILD" --words words --rules rules -o document \
		made=made
	echo by hand >>document
done
is "by hand" "by hand
by hand" "$(sed '1,/^<!-- By hand/d' document | grep .)"

echo "$done checks, $wrong wrong"
[ "$wrong" = 0 ]
