<?php
// /etc/roundcube/config.inc.php: the webmail. What is not said here is Roundcube's default
// (/etc/roundcube/defaults.inc.php).

$config = [];

// The database that the package has set up (SQLite: preferences, address books, sessions).
include '/etc/roundcube/debian-db-roundcube.php';

// ---- The mail server --------------------------------------------------------------------------

// Through the same doors as every mail program. 127.0.0.1 and not the name: Dovecot then sees all
// of the webmail come from one address that it trusts. The certificate must be the server's own.
$config['imap_host'] = 'ssl://127.0.0.1:993';
$config['smtp_host'] = 'ssl://127.0.0.1:465';
$config['smtp_user'] = '%u';
$config['smtp_pass'] = '%p';
$tls = [
    'ssl' => [
        'verify_peer' => true,
        'verify_peer_name' => true,
        'peer_name' => 'maximusconfessor.all2all.org',
        'cafile' => '/etc/ssl/certs/ca-certificates.crt',
    ],
];
$config['imap_conn_options'] = $tls;
$config['smtp_conn_options'] = $tls;

// user0001 writes as user0001@all2all.org, until another address is set in the preferences.
$config['mail_domain'] = 'all2all.org';
$config['username_domain'] = '';
// As Dovecot: User0001 and user0001 are one user, and have one set of preferences.
$config['login_lc'] = 2;

// ---- Pages ------------------------------------------------------------------------------------

$config['product_name'] = 'ALL2ALL webmail';
$config['support_url'] = '';
$config['skin'] = 'elastic';
// The browser's language at the first login; French, Dutch, German and English are all there.
// From then on it is what the user's preferences say.
$config['language'] = null;
$config['draft_autosave'] = 60;
$config['quota_zero_as_unlimited'] = false;
// The folders that Dovecot makes.
$config['drafts_mbox'] = 'Drafts';
$config['junk_mbox'] = 'Junk';
$config['sent_mbox'] = 'Sent';
$config['trash_mbox'] = 'Trash';
$config['max_message_size'] = '12M';

// ---- Safety -----------------------------------------------------------------------------------

// Encrypts the password in the session; 24 characters of this machine's own (README.md, step 7).
$config['des_key'] = trim(file_get_contents('/etc/roundcube/des_key'));
$config['use_https'] = true;
$config['session_samesite'] = 'Strict';
$config['login_autocomplete'] = 2;
$config['login_rate_limit'] = 10;
$config['log_driver'] = 'syslog';
$config['enable_installer'] = false;
// Nothing is asked of other machines: no spell checker, no pictures of senders.
$config['enable_spellcheck'] = false;

// ---- Plugins ----------------------------------------------------------------------------------

// The page for changing the password, and a word on the first page to whoever has a weak one.
$config['plugins'] = ['password', 'all2all_notice'];
