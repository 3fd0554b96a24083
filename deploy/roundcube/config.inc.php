<?php
// /etc/roundcube/config.inc.php: the webmail. Settings that are not here have Roundcube's defaults
// (/etc/roundcube/defaults.inc.php).

$config = [];

// The database that the Debian package sets up (SQLite: preferences, address books, sessions).
include '/etc/roundcube/debian-db-roundcube.php';

// ---- The mail server --------------------------------------------------------------------------

// The webmail uses the same ports as every mail program. It connects to 127.0.0.1 and not to the name,
// so that all its logins come from one known address. The certificate must be that of the server.
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

// user0001 sends as user0001@all2all.org, until the preferences have another address.
$config['mail_domain'] = 'all2all.org';
$config['username_domain'] = '';
// As in Dovecot, User0001 and user0001 are the same user, with one set of preferences.
$config['login_lc'] = 2;
// Who logs in with an address that Postfix delivers to user0001 is user0001 here too, and sends with
// that address.
$config['virtuser_file'] = '/etc/postfix/virtual';

// ---- Pages ------------------------------------------------------------------------------------

$config['product_name'] = 'ALL2ALL webmail';
$config['support_url'] = '';
$config['skin'] = 'elastic';
// At the first login, Roundcube uses the browser's language; it has French, Dutch, German and English.
// Later it uses the language in the user's preferences.
$config['language'] = null;
$config['draft_autosave'] = 60;
$config['quota_zero_as_unlimited'] = false;
// The folders that Dovecot creates.
$config['drafts_mbox'] = 'Drafts';
$config['junk_mbox'] = 'Junk';
$config['sent_mbox'] = 'Sent';
$config['trash_mbox'] = 'Trash';
$config['max_message_size'] = '12M';

// ---- Security ---------------------------------------------------------------------------------

// The key that encrypts the password in the session: 24 characters, different on each machine
// (README.md, step 7).
$config['des_key'] = trim(file_get_contents('/etc/roundcube/des_key'));
$config['use_https'] = true;
$config['session_samesite'] = 'Strict';
$config['login_autocomplete'] = 2;
$config['login_rate_limit'] = 10;
$config['log_driver'] = 'syslog';
$config['enable_installer'] = false;
// The webmail asks no other machines: it has no spell checker and no pictures of senders.
$config['enable_spellcheck'] = false;

// ---- Plugins ----------------------------------------------------------------------------------

// The page for changing the password, what it shows while one is typed, and the notice to users with
// a weak password on the first page.
$config['plugins'] = ['password', 'virtuser_file', 'all2all_password', 'all2all_notice'];
