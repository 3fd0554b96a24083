<?php
// /etc/roundcube/plugins/password/config.inc.php: the page for changing the password.

$config = [];

// all2all checks and changes the passwords.
$config['password_driver'] = 'all2all';
$config['password_strength_driver'] = 'all2all';
// Roundcube refuses a score below 3; the driver returns 1 if the policy refuses the password.
$config['password_minimum_score'] = 3;
// Do not apply a second policy.
$config['password_minimum_length'] = 0;
$config['password_force_save'] = false;
$config['password_confirm_current'] = true;
$config['password_log'] = false;
