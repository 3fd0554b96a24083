<?php
// /etc/roundcube/plugins/password/config.inc.php: the page for changing the password.

$config = [];

// Both the change and what is said of a password are all2all's.
$config['password_driver'] = 'all2all';
$config['password_strength_driver'] = 'all2all';
// A score below 3 is refused; the driver gives 1 to what the policy refuses.
$config['password_minimum_score'] = 3;
// No second policy beside all2all's.
$config['password_minimum_length'] = 0;
$config['password_force_save'] = false;
$config['password_confirm_current'] = true;
$config['password_log'] = false;
