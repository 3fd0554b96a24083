<?php

// SPDX-License-Identifier: BSD-3-Clause

/**
 * all2all: Roundcube's password page, with the policy of the mail server.
 *
 * Runs all2all-passwd(8), through sudo where the password is changed, and shows what it says in the
 * user's language. Nothing is decided here. The plugins all2all_password and all2all_notice ask
 * through this class too.
 *
 * Settings, in the password plugin's configuration; the defaults are:
 *
 * // the helper
 * $config['password_all2all_command'] = ['/usr/sbin/all2all-passwd'];
 * // what is put in front of it where it must be root
 * $config['password_all2all_as_root'] = ['/usr/bin/sudo', '-n', '--'];
 * // in which alphabet a proposed password is spelled: tags of all2all-pwgen(1), by the page's
 * // language. Roundcube has one French and, but for Switzerland, one German, whatever the country;
 * // so these are the alphabets that people here know. Without them, write [].
 * $config['password_all2all_alphabets'] = ['fr_FR' => 'fr', 'de_DE' => 'de'];
 */
class rcube_all2all_password
{
    /** Exit codes of all2all-passwd(8) */
    const DONE      = 0;
    const WEAK      = 1;
    const BROKEN    = 2;
    const WRONG_OLD = 3;
    const MALFORMED = 4;
    const LOCKED    = 5;

    /** More than this, all2all-passwd does not read (bytes) */
    const MOST_INPUT = 65536;

    /** By then it has answered, or something hangs (seconds) */
    const PATIENCE = 90;

    /**
     * What a password needs, to be shown before one is typed
     *
     * @return array List of HTML texts
     */
    public function strength_rules(): array
    {
        list($code, $lines) = self::ask('--rules', ['lang' => self::language()]);

        return $code === self::DONE ? array_map(['rcube', 'Q'], $lines) : [];
    }

    /**
     * Password strength check
     *
     * @param string $passwd Password
     *
     * @return array Score (1 or 5) and reason (HTML)
     */
    public function check_strength($passwd): array
    {
        list($code, $lines) = self::judge((string) $passwd);

        if ($code === self::DONE) {
            return [5, ''];
        }

        // Who cannot be judged is not called weak: save() will refuse, and says "try again later".
        // Another driver's save() would not.
        if ($code !== self::WEAK && rcmail::get_instance()->config->get('password_driver') === 'all2all') {
            return [5, ''];
        }

        return [1, rcube::Q(self::sentence($lines))];
    }

    /**
     * Change the password
     *
     * @param string $currpass Current password
     * @param string $newpass  New password
     * @param string $username User name
     *
     * @return int|array PASSWORD_SUCCESS, or code and message (plain text)
     */
    public function save($currpass, $newpass, $username)
    {
        list($code, $lines) = self::ask('', [
            'user' => $username,
            'lang' => self::language(),
            'host' => preg_replace('/[^!-~]/', '', rcube_utils::remote_addr()),
            'old'  => $currpass,
            'new'  => $newpass,
        ]);

        switch ($code) {
        case self::DONE:
            return PASSWORD_SUCCESS;
        case self::WEAK:
            $result = PASSWORD_CONSTRAINT_VIOLATION;
            break;
        default:
            // All others say by themselves whether to try again now, later or not at all.
            $result = $lines ? PASSWORD_ERROR : PASSWORD_CONNECT_ERROR;
        }

        return ['code' => $result, 'message' => self::sentence($lines)];
    }

    /**
     * Judge a password of the user, beside the one in use
     *
     * @param string $passwd Password
     *
     * @return array Exit code, and the reasons as plain text
     */
    public static function judge(string $passwd): array
    {
        $fields = ['user' => self::user(), 'lang' => self::language(), 'new' => $passwd];

        // The one that the user has logged in with; the page compares with it too.
        if (!empty($_SESSION['password'])) {
            $fields['old'] = (string) rcmail::get_instance()->decrypt($_SESSION['password']);
        }

        return self::ask('--check', $fields);
    }

    /**
     * Draw a password for the user
     *
     * @return array The password, and how each of its characters is said; nothing after a failure
     */
    public static function propose(): array
    {
        $alphabets = (array) rcmail::get_instance()->config->get('password_all2all_alphabets',
            ['fr_FR' => 'fr', 'de_DE' => 'de']);

        list($code, $lines) = self::ask('--propose', [
            'user' => self::user(),
            'lang' => $alphabets[self::language()] ?? self::language(),
        ]);

        return $code === self::DONE && $lines && strlen($lines[0]) === count($lines) - 1 ? $lines : [];
    }

    /**
     * Read the password plugin's configuration where that plugin is not at work
     */
    public static function configure(): void
    {
        $file = RCUBE_PLUGINS_DIR . 'password/config.inc.php';

        if (is_file($file)) {
            rcmail::get_instance()->config->load_from_file($file);
        }
    }

    /**
     * The user's name, as the password plugin makes it
     */
    public static function user(): string
    {
        $rcmail = rcmail::get_instance();

        return strtr($rcmail->config->get('password_username_format') ?: '%u', [
            '%l' => $rcmail->user->get_username('local'),
            '%d' => $rcmail->user->get_username('domain'),
            '%u' => $rcmail->get_user_name(),
        ]);
    }

    /**
     * Run the helper
     *
     * @param string $mode   Its argument: '' (changes a password), --check, --propose, --rules or
     *                       --status
     * @param array  $fields Values by name
     *
     * @return array Exit code, and the lines for the user
     */
    public static function ask(string $mode, array $fields): array
    {
        $config  = rcmail::get_instance()->config;
        $command = (array) $config->get('password_all2all_command', ['/usr/sbin/all2all-passwd']);
        $input   = '';

        if ($mode === '' || $mode === '--status') {
            $as_root = (array) $config->get('password_all2all_as_root', ['/usr/bin/sudo', '-n', '--']);
            $command = array_merge($as_root, $command);
        }

        if ($mode !== '') {
            $command[] = $mode;
        }

        foreach ($fields as $name => $value) {
            $field  = "$name=$value";
            $input .= strlen($field) . ":$field,";
        }

        if (strlen($input) > self::MOST_INPUT) {
            return [self::MALFORMED, []];
        }

        list($code, $output) = self::run($command, $input);
        $lines = preg_split('/\R/u', $output, -1, PREG_SPLIT_NO_EMPTY) ?: [];

        // In Switzerland there is no ß.
        if (self::language() === 'de_CH') {
            $lines = str_replace('ß', 'ss', $lines);
        }

        // sudo too ends with 1 when it refuses, but has nothing to say on standard output.
        if ($code === self::WEAK && !$lines) {
            $code = self::BROKEN;
        }

        if ($code === self::BROKEN || $code === self::MALFORMED || $code < 0 || $code > self::LOCKED) {
            rcube::raise_error([
                    'code'    => 600,
                    'file'    => __FILE__,
                    'line'    => __LINE__,
                    'message' => "all2all-passwd $mode ended with $code: the system's log (authpriv) says why",
                ], true, false
            );
        }

        return [$code, $lines];
    }

    /**
     * Run a program without a shell and with nothing of our environment
     *
     * @param array  $command Program and arguments
     * @param string $input   Its standard input
     *
     * @return array Exit code (negative: it could not be run, or hung), and its standard output
     */
    private static function run(array $command, string $input): array
    {
        $null    = ['file', '/dev/null', 'w'];
        $process = @proc_open($command, [['pipe', 'r'], ['pipe', 'w'], $null], $pipes, '/',
            ['PATH' => '/usr/sbin:/usr/bin:/sbin:/bin']);

        if (!is_resource($process)) {
            return [-1, ''];
        }

        // All of it fits into the pipe. A helper that is not there any more has an exit code.
        @fwrite($pipes[0], $input);
        fclose($pipes[0]);

        $output   = '';
        $deadline = time() + self::PATIENCE;

        while (!feof($pipes[1])) {
            $read  = [$pipes[1]];
            $write = $except = null;
            if (time() >= $deadline || !@stream_select($read, $write, $except, max(1, $deadline - time()))) {
                proc_terminate($process);
                $output = '';
                break;
            }
            $output .= fread($pipes[1], 8192);
        }

        fclose($pipes[1]);

        return [proc_close($process), $output];
    }

    /**
     * The language that the page is shown in
     */
    public static function language(): string
    {
        $language = $_SESSION['language'] ?? rcmail::get_instance()->get_user_language();

        return preg_replace('/[^A-Za-z_]/', '', (string) $language);
    }

    /**
     * Lines to one text, for a page that shows one
     */
    private static function sentence(array $lines): string
    {
        // It follows a full stop; every reason begins with a letter of ASCII.
        return ucfirst(preg_replace('/:; /u', ': ', implode('; ', $lines)));
    }
}
