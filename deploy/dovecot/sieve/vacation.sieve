# A vacation reply: copy to /etc/dovecot/sieve/USER.sieve, change what is in capitals, compile.
require ["vacation", "date", "relational"];

# The days are those of the server; the last one is included. Leave the two conditions out to answer
# until the script is taken away.
if allof (currentdate :value "ge" "date" "2026-07-01",
	currentdate :value "le" "date" "2099-12-31") {
	# One reply a week to each sender; never to mailing lists or to other automatic mail. ":addresses"
	# are all that the user is written to: mail to another one (a list, say) is not answered.
	vacation :days 7
		:addresses ["user0001@all2all.org", "FIRST.LAST@all2all.org"]
		:subject "Absent / afwezig"
"Bonjour,

Je suis en vacances et lirai votre message à mon retour.

Ik ben met vakantie en lees uw bericht als ik terug ben.
";
}
