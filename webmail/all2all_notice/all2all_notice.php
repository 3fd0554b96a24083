<?php

// SPDX-License-Identifier: BSD-3-Clause

/**
 * all2all_notice: tells users whose password the audit found weak to change it
 *
 * On the first page after the login, with the reasons and a link to the password page, until it is
 * changed. What is known comes from all2all-audit(1), by way of all2all-passwd(8); where there is no
 * audit, nothing is shown. Needs the password plugin with the driver all2all.
 */
class all2all_notice extends rcube_plugin
{
    public $task = 'mail|settings';

    /** How long the notice stays, unless it is clicked away (seconds) */
    const SHOWN = 300;

    /**
     * Plugin initialization
     */
    public function init()
    {
        $this->add_hook('render_page', [$this, 'render_page']);
        $this->add_hook('password_change', [$this, 'password_change']);
    }

    /**
     * Shows the notice on the list of messages
     *
     * @param array $args Hook arguments
     *
     * @return array Hook arguments, as they were
     */
    public function render_page($args)
    {
        $rcmail = rcmail::get_instance();

        if ($rcmail->task !== 'mail' || $args['template'] !== 'mail') {
            return $args;
        }

        // Asked once in a session: nobody's password gets weak while they read their mail.
        if (!isset($_SESSION['all2all_notice'])) {
            $_SESSION['all2all_notice'] = $this->ask();
        }

        if ($_SESSION['all2all_notice']) {
            $this->add_texts('localization/');
            $rcmail->output->command('display_message', $this->notice($_SESSION['all2all_notice']),
                'warning', self::SHOWN * 1000);
        }

        return $args;
    }

    /**
     * The new password passed the policy
     *
     * @param array $args Hook arguments
     *
     * @return array Hook arguments, as they were
     */
    public function password_change($args)
    {
        $_SESSION['all2all_notice'] = [];

        return $args;
    }

    /**
     * Why the password in use is weak, a line each in the user's language; nothing when it is good, or
     * when that is not known
     */
    private function ask(): array
    {
        $driver = RCUBE_PLUGINS_DIR . 'password/drivers/all2all.php';

        if (!is_readable($driver)) {
            return [];
        }

        include_once $driver;
        rcube_all2all_password::configure();

        list($code, $lines) = rcube_all2all_password::ask('--status', [
            'user' => rcube_all2all_password::user(),
            'lang' => rcube_all2all_password::language(),
        ]);

        return $code === rcube_all2all_password::WEAK ? $lines : [];
    }

    /**
     * The notice as HTML
     *
     * @param array $lines Why the password in use is weak
     */
    private function notice(array $lines): string
    {
        $url   = rcmail::get_instance()->url(['_task' => 'settings', '_action' => 'plugin.password']);
        $items = '';

        foreach ($lines as $line) {
            $items .= html::tag('li', null, rcube::Q($line));
        }

        return html::span('all2all-notice', rcube::Q($this->gettext('weak')))
            . html::tag('ul', null, $items)
            . html::span('all2all-notice', rcube::Q($this->gettext('do')) . ' ')
            . html::a(['href' => $url, 'class' => 'all2all-notice'], rcube::Q($this->gettext('change')));
    }
}
