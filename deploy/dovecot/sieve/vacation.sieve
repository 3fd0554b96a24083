# A vacation reply. Copy this to /etc/dovecot/sieve/USER.sieve, change the dates, the addresses and the
# text, and compile it.
require ["vacation", "date", "relational"];

# The dates are in the time zone of the server; the last day is included. To answer until you remove
# the script, delete the two conditions.
if allof (currentdate :value "ge" "date" "2026-07-01",
	currentdate :value "le" "date" "2099-12-31") {
	# Each sender gets one reply a week; mailing lists and other automatic mail get none. List all
	# addresses of the user in ":addresses": mail to another address (such as a list) gets no reply.
	vacation :days 7
		:addresses ["user0001@all2all.org", "FIRST.LAST@all2all.org"]
		:subject "Absent / afwezig"
"Bonjour,

Je suis en vacances et lirai votre message à mon retour.

Ik ben met vakantie en lees uw bericht als ik terug ben.
";
}
