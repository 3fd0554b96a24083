<?php

// SPDX-License-Identifier: BSD-3-Clause

/**
 * all2all_password: Roundcube's password page judges a password while it is typed, and proposes one
 *
 * Needs the password plugin with the driver all2all, which asks all2all-passwd(8). Without JavaScript
 * the page is that plugin's. A password goes only into the body of a request, and into the helper's
 * standard input.
 *
 * It also gives the pages of Roundcube the texts that they lack in Belgian Dutch and Swiss German:
 * Roundcube takes English ones there.
 */
class all2all_password extends rcube_plugin
{
    public $task = '?(?!logout).*';

    /** A user may ask so many times at once, and then once in so many seconds */
    const MOST    = 20;
    const SECONDS = 2;

    /** The texts of the page's script */
    const LABELS = ['good', 'weak', 'wait', 'later', 'propose', 'another', 'proposed',
        'drawing', 'failed', 'filled', 'copy', 'copied', 'notcopied', 'spell', 'unspell', 'spelling'];

    /** Whose texts a language takes before English ones */
    const SIBLINGS = ['nl_BE' => 'nl_NL', 'de_CH' => 'de_DE'];

    private $rc;

    /** The user's turn: an open file, locked until the request ends */
    private $turn;

    /**
     * Plugin initialization
     */
    public function init()
    {
        $this->rc = rcmail::get_instance();
        $this->add_missing_texts(RCUBE_LOCALIZATION_DIR, ['/labels.inc', '/messages.inc'], '');

        if ($this->rc->task !== 'settings') {
            return;
        }

        $this->add_missing_texts(RCUBE_PLUGINS_DIR . 'password/localization/', ['.inc'], 'password.');
        $this->add_own_texts();
        $this->register_action('plugin.all2all-check', [$this, 'check']);
        $this->register_action('plugin.all2all-propose', [$this, 'propose']);

        if (in_array($this->rc->action, ['plugin.password', 'plugin.password-save'])
            && !$this->rc->output->ajax_call
        ) {
            foreach (self::LABELS as $label) {
                $this->rc->output->add_label("all2all_password.$label");
            }
            $this->include_script('all2all_password.js');
            $this->include_stylesheet('all2all_password.css');
        }
    }

    // ---- What the page asks ----

    /**
     * Judges the password that is being typed
     */
    public function check()
    {
        $answer = ['serial' => (int) rcube_utils::get_input_string('_serial', rcube_utils::INPUT_POST)];

        if ($this->prepare($answer)) {
            $answer += $this->judge();
        }

        $this->rc->output->command('plugin.all2all_verdict', $answer);
        $this->rc->output->send();
    }

    /**
     * Draws a password
     */
    public function propose()
    {
        $answer = [];

        if ($this->prepare($answer)) {
            $lines  = rcube_all2all_password::propose();
            $answer = ['password' => array_shift($lines), 'spelling' => $lines];
        }

        $this->rc->output->command('plugin.all2all_proposal', $answer);
        $this->rc->output->send();
    }

    /**
     * Refuses requests that are not the page's own, loads the driver, and takes a turn
     *
     * @param array $answer Gets 'wait' (seconds) when it is not the user's turn
     *
     * @return bool Whether the helper may be asked
     */
    private function prepare(array &$answer): bool
    {
        // Without fields, Roundcube's check finds nothing to refuse.
        if (!$this->rc->output->ajax_call || empty($_POST) || !$this->rc->check_request()) {
            header('HTTP/1.1 403 Forbidden');
            exit;
        }

        if (is_readable($driver = RCUBE_PLUGINS_DIR . 'password/drivers/all2all.php')) {
            include_once $driver;
            rcube_all2all_password::configure();
            if ($wait = $this->wait()) {
                $answer['wait'] = $wait;
            }
            return !$wait;
        }

        return false;
    }

    /**
     * The verdict on the password that was sent
     *
     * @return array 'good' and 'reasons' (plain texts); nothing when it cannot be judged
     */
    private function judge(): array
    {
        // As the password plugin reads it.
        $ours    = $this->rc->output->get_charset();
        $charset = $this->rc->config->get('password_charset', 'UTF-8');
        $typed   = rcube_utils::get_input_string('_new', rcube_utils::INPUT_POST, true);
        $new     = rcube_charset::convert($typed, $ours, $charset);

        if (rcube_charset::convert($new, $charset, $ours) !== $typed || preg_match('/[\x00-\x1F\x7F]/', $new)) {
            return ['good' => false, 'reasons' => [$this->rc->gettext('password.passwordforbidden')]];
        }

        list($code, $lines) = rcube_all2all_password::judge($new);

        if ($code !== rcube_all2all_password::DONE && $code !== rcube_all2all_password::WEAK) {
            return [];
        }

        return [
            'good'    => $code === rcube_all2all_password::DONE,
            // Every reason begins with a letter of ASCII.
            'reasons' => array_map('ucfirst', $lines),
        ];
    }

    /**
     * Takes one of the user's turns
     *
     * All sessions of a user share them. The count is in a file, because Roundcube's sessions cannot
     * be locked: requests that come at the same time would all find the same count. Only one request
     * at a time is served, so that nobody keeps all processes of PHP busy.
     *
     * @return int Seconds to wait, 0 if it is the user's turn
     */
    private function wait(): int
    {
        $name = 'all2all-' . hash('sha256', (string) $this->rc->user->ID);

        // Roundcube would take /tmp instead, where others could have made the file.
        if (!is_writable($this->rc->config->get('temp_dir'))
            || !($this->turn = @fopen(rcube_utils::temp_filename($name, false, false), 'c+'))
        ) {
            rcube::raise_error([
                    'code'    => 600,
                    'file'    => __FILE__,
                    'line'    => __LINE__,
                    'message' => 'all2all_password: the temp_dir cannot be written, so nothing is judged while it is typed',
                ], true, false
            );
            return 60;
        }

        if (!flock($this->turn, LOCK_EX | LOCK_NB)) {
            return 1;
        }

        // When the next turn comes; the time before it that is not used up is what may be asked at once.
        $now   = microtime(true);
        $next  = (float) stream_get_contents($this->turn);
        $next  = min(max($next, $now - (self::MOST - 1) * self::SECONDS), $now + self::SECONDS);
        $wait  = (int) ceil($next - $now);

        if ($wait <= 0) {
            rewind($this->turn);
            ftruncate($this->turn, 0);
            $wait = fwrite($this->turn, sprintf('%.3F', $next + self::SECONDS)) ? 0 : 60;
            fflush($this->turn);
        }

        return $wait;
    }

    // ---- Texts ----

    /**
     * Adds the texts that the page's language lacks and its sibling has
     *
     * @param string $folder Folder of localizations
     * @param array  $files  Names of files in it, after the language
     * @param string $prefix The domain of the texts
     */
    private function add_missing_texts(string $folder, array $files, string $prefix): void
    {
        $language = $_SESSION['language'] ?? '';
        $missing  = [];

        if (empty(self::SIBLINGS[$language])) {
            return;
        }

        foreach ($files as $file) {
            $missing += array_diff_key(
                rcube::read_localization_file($folder . self::SIBLINGS[$language] . $file),
                rcube::read_localization_file($folder . $language . $file));
        }

        $this->add_prefixed($missing, $prefix);
    }

    /**
     * Adds this plugin's own texts, and those that it has instead of the password plugin's
     */
    private function add_own_texts(): void
    {
        $texts = $this->rc->read_localization($this->home . '/localization');
        $other = array_filter($texts, function ($name) {
            return strpos($name, 'password.') === 0;
        }, ARRAY_FILTER_USE_KEY);

        $this->add_prefixed($other, '');
        $this->add_prefixed(array_diff_key($texts, $other), 'all2all_password.');
    }

    private function add_prefixed(array $texts, string $prefix): void
    {
        $names = array_map(function ($name) use ($prefix) {
            return $prefix . $name;
        }, array_keys($texts));

        $this->rc->load_language($_SESSION['language'] ?? null, [], array_combine($names, $texts));
    }
}
