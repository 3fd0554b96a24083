<?php

// SPDX-License-Identifier: BSD-3-Clause

// The driver and the plugin for Roundcube, with the real helper and as little of Roundcube as they
// touch. Run by tests/webmail/passwd.sh. Exit status 0 when all is as it should be.

const PASSWORD_ERROR                = 2;
const PASSWORD_CONNECT_ERROR        = 3;
const PASSWORD_CONSTRAINT_VIOLATION = 5;
const PASSWORD_SUCCESS              = 0;
const RCUBE_PLUGINS_DIR             = '/nonexistent/';

error_reporting(E_ALL);
set_error_handler(function (int $number, string $text, string $file, int $line) {
    if (error_reporting() & $number) {
        throw new ErrorException($text, 0, $number, $file, $line);
    }
});

// ---- Roundcube ----

class rcube
{
    public static $raised = [];

    public static function Q($text)
    {
        return htmlspecialchars($text, ENT_COMPAT | ENT_HTML401, 'UTF-8');
    }

    public static function raise_error($error, $log, $terminate)
    {
        self::$raised[] = $error['message'];
    }
}

class rcube_utils
{
    public static function remote_addr()
    {
        return "192.0.2.8\n";
    }
}

class configuration
{
    public $values = [];

    public function get($name, $default = null)
    {
        return $this->values[$name] ?? $default;
    }

    public function load_from_file($file)
    {
        return true;
    }
}

class output
{
    public $messages = [];

    public function command($name, $message, $type, $timeout)
    {
        $this->messages[] = $message;
    }
}

class user
{
    public function get_username($part)
    {
        return $part === 'local' ? getenv('A2A_USER') : 'example.org';
    }
}

class rcmail
{
    public $config, $output, $user;
    public $task = 'mail';
    private static $instance;

    public static function get_instance()
    {
        return self::$instance = self::$instance ?? new rcmail();
    }

    public function __construct()
    {
        $this->config = new configuration();
        $this->output = new output();
        $this->user   = new user();
    }

    public function get_user_language()
    {
        return 'en_US';
    }

    public function get_user_name()
    {
        return getenv('A2A_USER');
    }

    public function url($parts)
    {
        return './?' . http_build_query($parts);
    }
}

class password
{
    public static function username()
    {
        return getenv('A2A_USER');
    }
}

class html
{
    public static function tag($name, $attributes, $content)
    {
        return "<$name>$content</$name>";
    }

    public static function span($attributes, $content)
    {
        return self::tag('span', null, $content);
    }

    public static function a($attributes, $content)
    {
        return '<a href="' . htmlspecialchars($attributes['href']) . "\">$content</a>";
    }
}

class rcube_plugin
{
    public $hooks = [];
    private $texts = [];

    public function add_hook($name, $function)
    {
        $this->hooks[$name] = $function;
    }

    public function add_texts($folder)
    {
        include dirname(__DIR__, 2) . "/webmail/all2all_notice/$folder" . $_SESSION['language'] . '.inc';
        $this->texts = $messages;
    }

    public function gettext($name)
    {
        return $this->texts[$name];
    }
}

// ---- What is expected ----

$wrong = 0;

function is(string $what, $wanted, $got): void
{
    global $wrong;

    if ($wanted !== $got) {
        $wrong++;
        fprintf(STDERR, "not so: %s\n  wanted: %s\n  got:    %s\n", $what, json_encode($wanted),
            json_encode($got, JSON_UNESCAPED_UNICODE));
    }
}

function like(string $what, string $pattern, string $got): void
{
    is("$what: $got", 1, preg_match($pattern, $got));
}

require dirname(__DIR__, 2) . '/webmail/password/drivers/all2all.php';
require dirname(__DIR__, 2) . '/webmail/all2all_notice/all2all_notice.php';

$user   = getenv('A2A_USER');
$old    = getenv('A2A_OLD');
$new    = getenv('A2A_NEW');
$config = rcmail::get_instance()->config;
$real   = [
    'password_driver'          => 'all2all',
    'password_all2all_command' => [getenv('A2A_PASSWD')],
    'password_all2all_as_root' => array_filter(explode(' ', getenv('A2A_AS_ROOT'))),
];
$config->values = $real;
$driver = new rcube_all2all_password();

// ---- The driver ----

$_SESSION['language'] = 'fr_FR';
is('the rules', 'Au moins 8 caractères', $driver->strength_rules()[0]);
is('good', [5, ''], $driver->check_strength($new));
list($score, $reason) = $driver->check_strength('Wachtwoord1');
is('weak', 1, $score);
like('the reason, as a sentence', '/^C’est .*dictionnaire/', $reason);
is('what is read from the page is not HTML in it', false, strpos($driver->check_strength("<b>'\"")[1], '<'));
$result = $driver->save($old, 'Printemps1', $user);
is('weak, on saving', PASSWORD_CONSTRAINT_VIOLATION, $result['code']);
like('the reason', '/dictionnaire/', $result['message']);

$_SESSION['language'] = 'nl_BE';
$result = $driver->save('not the old one', $new, $user);
is('wrong', ['code' => PASSWORD_ERROR, 'message' => 'Het oude wachtwoord is niet juist.'], $result);
is('no error for the administrator so far', [], rcube::$raised);
is('more than can be sent', PASSWORD_CONNECT_ERROR, $driver->save($old, str_repeat('x', 70000), $user)['code']);
is('a name that cannot be one', PASSWORD_CONNECT_ERROR, $driver->save($old, $new, "$user\n")['code']);
like('the administrator is told', '/ended with 4/', rcube::$raised[0]);

foreach ([
    'no such program'         => ['/nonexistent/all2all-passwd'],
    'one that says nothing'   => ['/bin/false'],
    'one that is not allowed' => ['/bin/sh', '-c', 'exit 127'],
    'one that dies'           => ['/bin/sh', '-c', 'kill -9 $$'],
] as $what => $command) {
    rcube::$raised = [];
    $config->values = ['password_all2all_command' => $command, 'password_all2all_as_root' => []] + $real;
    is("$what: no rules", [], $driver->strength_rules());
    is("$what: is not called weak", [5, ''], $driver->check_strength('Wachtwoord1'));
    is("$what: but is not saved", ['code' => PASSWORD_CONNECT_ERROR, 'message' => ''], $driver->save($old, $new, $user));
    is("$what: the administrator is told", 3, count(rcube::$raised));
    $config->values['password_driver'] = 'chpasswd';
    is("$what: nor by another driver", 1, $driver->check_strength($new)[0]);
}

$broken = ['/bin/sh', '-c', 'cat >/dev/null; echo "Later opnieuw."; exit 2'];
$config->values = ['password_all2all_command' => $broken, 'password_all2all_as_root' => []] + $real;
is('broken', ['code' => PASSWORD_ERROR, 'message' => 'Later opnieuw.'], $driver->save($old, $new, $user));

// ---- The plugin ----

$config->values = $real;
$plugin = new all2all_notice();
$plugin->init();
$output = rcmail::get_instance()->output;

$config->values['password_username_format'] = '%l';

foreach (['en_US' => 'weak', 'fr_FR' => 'faible', 'nl_NL' => 'zwak', 'de_DE' => 'schwach'] as $language => $word) {
    $_SESSION = ['language' => $language];
    $output->messages = [];
    $plugin->render_page(['template' => 'message']);
    is("$language: not on other pages", [], $output->messages);
    $plugin->render_page(['template' => 'mail']);
    is("$language: the notice", 1, count($output->messages));
    like("$language: the notice", "/$word.*<li>.* 8 .*<a href=\"[^\"]*_action=plugin.password\"/", $output->messages[0] ?? '');
}

$plugin->password_change([]);
$output->messages = [];
$plugin->render_page(['template' => 'mail']);
is('not after the change', [], $output->messages);
$_SESSION = ['language' => 'fr_FR'];
$config->values['password_all2all_command'] = ['/nonexistent/all2all-passwd'];
$plugin->render_page(['template' => 'mail']);
is('not when nothing is known', [], $output->messages);

// ---- At the end, for this is what passwd.sh looks for ----

$config->values = $real;
is('saved', PASSWORD_SUCCESS, $driver->save($old, $new, $user));

exit($wrong ? 1 : 0);
