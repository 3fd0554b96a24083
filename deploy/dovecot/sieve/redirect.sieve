# A redirection. Copy this to /etc/dovecot/sieve/USER.sieve, change the address, and compile it.
require ["copy"];

# ":copy" keeps a copy in this mailbox. Without it, the message is only forwarded.
redirect :copy "user0002@all2all.org";
