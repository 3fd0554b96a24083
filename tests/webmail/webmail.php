<?php

// SPDX-License-Identifier: BSD-3-Clause

// The driver and the plugins for Roundcube, with the real helper and as little of Roundcube as they
// touch. Run by tests/webmail/passwd.sh. Exit status 0 when all is as it should be.

const PASSWORD_ERROR                = 2;
const PASSWORD_CONNECT_ERROR        = 3;
const PASSWORD_CONSTRAINT_VIOLATION = 5;
const PASSWORD_SUCCESS              = 0;
define('RCUBE_PLUGINS_DIR', dirname(__DIR__, 2) . '/webmail/');
const RCUBE_LOCALIZATION_DIR        = '/nonexistent/';

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

    public static function read_localization_file($file)
    {
        return [];
    }
}

class rcube_utils
{
    const INPUT_POST = 2;

    public static function remote_addr()
    {
        return "192.0.2.8\n";
    }

    public static function get_input_string($name)
    {
        return $_POST[$name] ?? '';
    }

    public static function temp_filename($name)
    {
        return sys_get_temp_dir() . '/test_webmail.' . getmypid() . ".$name";
    }
}

class rcube_charset
{
    public static function convert($text)
    {
        return $text;
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
    public $ajax_call = true;
    public $labels = [];

    public function command($name, $message)
    {
        $this->messages[] = $message;
    }

    public function send()
    {
    }

    public function get_charset()
    {
        return 'UTF-8';
    }

    public function add_label($name)
    {
        $this->labels[] = $name;
    }
}

class user
{
    public $ID = 7;

    public function get_username($part)
    {
        return $part === 'local' ? getenv('A2A_USER') : 'example.org';
    }
}

class rcmail
{
    public $config, $output, $user;
    public $task = 'mail';
    public $action = '';
    private $texts = [];
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

    public function decrypt($text)
    {
        return strrev($text);
    }

    public function check_request()
    {
        return true;
    }

    public function read_localization($folder)
    {
        $messages = [];
        include "$folder/" . $_SESSION['language'] . '.inc';
        return $messages;
    }

    public function load_language($language, $add, $merge)
    {
        $this->texts = $merge + $this->texts;
    }

    public function gettext($name)
    {
        return $this->texts[$name] ?? "[$name]";
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
    public $actions = [];
    public $files = [];
    public $home;
    private $texts = [];

    public function register_action($name, $function)
    {
        $this->actions[$name] = $function;
    }

    public function include_script($file)
    {
        $this->files[] = $file;
    }

    public function include_stylesheet($file)
    {
        $this->files[] = $file;
    }

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

require RCUBE_PLUGINS_DIR . 'password/drivers/all2all.php';
require RCUBE_PLUGINS_DIR . 'all2all_password/all2all_password.php';
require RCUBE_PLUGINS_DIR . 'all2all_notice/all2all_notice.php';

$user   = getenv('A2A_USER');
$old    = getenv('A2A_OLD');
$new    = getenv('A2A_NEW');
$config = rcmail::get_instance()->config;
$real   = [
    'temp_dir'                 => sys_get_temp_dir(),
    'password_driver'          => 'all2all',
    'password_all2all_command' => [getenv('A2A_PASSWD')],
    'password_all2all_as_root' => array_filter(explode(' ', getenv('A2A_AS_ROOT'))),
];
$config->values = $real;
$driver = new rcube_all2all_password();

// ---- The driver ----

$_SESSION['language'] = 'fr_FR';
is('the rules', 'Au moins 8 caractères, dont au moins une lettre et un chiffre', $driver->strength_rules()[0]);
is('three of them', 3, count($driver->strength_rules()));
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

// ---- The plugin of the page ----

$config->values = $real;
$page   = new all2all_password();
$page->home = RCUBE_PLUGINS_DIR . 'all2all_password';
$output = rcmail::get_instance()->output;

/** What the page is told */
function told(array $post, string $action = 'check'): array
{
    global $page, $output;

    $_POST = $post;
    $output->messages = [];
    $page->actions["plugin.all2all-$action"]();

    return $output->messages[0];
}

/** The user's next turn comes at once */
function forget_turns(): void
{
    array_map('unlink', glob(rcube_utils::temp_filename('all2all-*')));
}

$page->init();
is('nothing but texts outside the settings', [], $page->actions);
rcmail::get_instance()->task   = 'settings';
rcmail::get_instance()->action = 'plugin.password';

foreach (['en_US', 'fr_FR', 'nl_NL', 'de_DE'] as $language) {
    $_SESSION = ['language' => $language];
    $output->labels = $page->files = [];
    $output->ajax_call = false;
    $page->init();
    is("$language: script and style sheet", 2, count($page->files));
    is("$language: no text is missing", [], preg_grep('/\[/', array_map([rcmail::get_instance(), 'gettext'], $output->labels)));
}

$output->ajax_call = true;
$page->files = [];
$page->init();
is('no script in answers', [], $page->files);
$_SESSION = ['language' => 'de_CH'];
is('good', ['serial' => 5, 'good' => true, 'reasons' => []], told(['_new' => $new, '_serial' => '5']));
$answer = told(['_new' => 'Wachtwoord1', '_serial' => '6']);
is('weak', [6, false, 1], [$answer['serial'], $answer['good'], count($answer['reasons'])]);
like('the reason, as a sentence', '/^Es ist .*Wörterbuch/', $answer['reasons'][0]);
$_SESSION['password'] = strrev($old);
$answer = told(['_new' => $old]);
like('the old one', '/^Es ist das alte Passwort/', $answer['reasons'][0]);
is('on saving too', 1, $driver->check_strength($old)[0]);
rcube::$raised = [];
$answer = told(['_new' => "a\nb"]);
is('what cannot be typed', [false, [], 1], [$answer['good'], rcube::$raised, count($answer['reasons'])]);
is('more than can be sent', ['serial' => 0], told(['_new' => str_repeat('x', 70000)]));

$_SESSION = ['language' => 'fr_FR'];
$answer = told(['x' => '1'], 'propose');
is('a proposal', 1, preg_match('/^[A-Za-z0-9]{12}$/', $answer['password']));
is('and its spelling', 12, count($answer['spelling']));
is('is good', true, told(['_new' => $answer['password']])['good']);
$names = '';
forget_turns();
foreach ([1, 2, 3, 4, 5, 6] as $try) {
    $names .= implode(' ', told(['x' => '1'], 'propose')['spelling']) . ' ';
}
is('in Belgium\'s alphabet', 0, preg_match('/anatole|célestin|eugène/iu', $names));
$config->values['password_all2all_alphabets'] = [];
$names = '';
foreach ([1, 2, 3, 4, 5, 6] as $try) {
    $names .= implode(' ', told(['x' => '1'], 'propose')['spelling']) . ' ';
}
is('in France\'s, if wanted', 0, preg_match('/arthur|césar|émile/iu', $names));
$_SESSION = ['language' => 'de_CH'];
is('in Switzerland there is no ß', 0, preg_match('/ß/', implode(told(['x' => '1'], 'propose')['spelling'])));

foreach (['/bin/true', '/bin/false', '/nonexistent/x'] as $command) {
    forget_turns();
    $config->values = ['password_all2all_command' => [$command]] + $real;
    is("$command: proposes nothing", ['password' => null, 'spelling' => []], told(['x' => '1'], 'propose'));
}
$config->values = ['password_all2all_command' => ['/nonexistent/x']] + $real;
is('when it cannot be judged, nothing is said', ['serial' => 0], told(['_new' => $new]));

// Twenty at once, then one in two seconds; and one at a time.
$config->values = ['password_all2all_command' => ['/bin/true']] + $real;
forget_turns();
$begin  = microtime(true);
$served = 0;
for ($i = 0; $i < 60; $i++) {
    $answer  = told($i % 2 ? ['_new' => 'x'] : ['x' => '1'], $i % 2 ? 'check' : 'propose');
    $served += empty($answer['wait']);
}
is('twenty are served', true, $served >= 20);
is("and no more than their time allows: $served", true, $served <= 21 + (microtime(true) - $begin) / 2);
forget_turns();
is('later, again', false, isset(told(['_new' => 'x'])['wait']));
// Another request of the same user: the first one's turn has ended with it.
$page = null;
gc_collect_cycles();
$_SESSION = ['language' => 'fr_FR'];
$page = new all2all_password();
$page->home = RCUBE_PLUGINS_DIR . 'all2all_password';
$page->init();
$turn = fopen(glob(rcube_utils::temp_filename('all2all-*'))[0], 'r');
flock($turn, LOCK_EX);
is('not beside another request', 1, told(['_new' => 'x'])['wait']);
fclose($turn);
is('but after it', false, isset(told(['_new' => 'x'])['wait']));
file_put_contents(glob(rcube_utils::temp_filename('all2all-*'))[0], '99999999999');
is('a clock that was wrong locks nobody out', true, told(['_new' => 'x'])['wait'] <= 2);
forget_turns();
rcube::$raised = [];
$config->values['temp_dir'] = '/nonexistent';
is('without a count, nothing is judged', ['serial' => 0, 'wait' => 60], told(['_new' => 'x']));
is('and the administrator is told', 1, count(rcube::$raised));

// ---- The notice ----

$config->values = $real;
rcmail::get_instance()->task = 'mail';
$plugin = new all2all_notice();
$plugin->init();

$config->values['password_username_format'] = '%l';

foreach (['en_US' => 'weak', 'fr_FR' => 'faible', 'nl_NL' => 'zwak', 'de_DE' => 'schwach'] as $language => $word) {
    $_SESSION = ['language' => $language];
    $output->messages = [];
    $plugin->render_page(['template' => 'message']);
    is("$language: not on other pages", [], $output->messages);
    $plugin->render_page(['template' => 'mail']);
    is("$language: the notice", 1, count($output->messages));
    like("$language: the notice", "/$word.*<li>.* 8 .*<\\/ul>.*<a href=\"[^\"]*_action=plugin.password\"/", $output->messages[0] ?? '');
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
