# A redirection: copy to /etc/dovecot/sieve/USER.sieve, change the address, compile.
require ["copy"];

# ":copy" leaves a copy in this mailbox too. Without it, the message is only sent on.
redirect :copy "user0002@all2all.org";
