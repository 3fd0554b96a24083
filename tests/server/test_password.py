# SPDX-License-Identifier: BSD-3-Clause
"""The webmail's password page while one types, in a browser, in all of Roundcube's languages that the
policy speaks; and what it asks the server."""

import fcntl
import json
import pathlib
import re
import ssl
import subprocess
import unittest
import urllib.parse
import urllib.request

import browser
from case import MailCase, accounts, log_since, log_size
from test_web import DRIVER

PAGE = browser.WEBMAIL + '?_task=settings&_action=plugin.password'
AXE = sorted(pathlib.Path('/srv/all2all/.cache').glob('axe-core-*/axe.min.js'))
WEAK = 'Welkom2026'

# What the page says in each: of a weak password and of a good one, why, and of a capital letter.
LANGUAGES = {
    'fr-FR': ('Mot de passe faible', 'Bon mot de passe', 'dictionnaire', 'majuscule'),
    'nl-NL': ('Zwak wachtwoord', 'Goed wachtwoord', 'woordenboek', 'hoofdletter'),
    'nl-BE': ('Zwak wachtwoord', 'Goed wachtwoord', 'woordenboek', 'hoofdletter'),
    'de-DE': ('Schwaches Passwort', 'Gutes Passwort', 'Wörterbuch', 'Großbuchstabe'),
    'de-CH': ('Schwaches Passwort', 'Gutes Passwort', 'Wörterbuch', 'Grossbuchstabe'),
    'en-GB': ('Weak password', 'Good password', 'dictionary', 'capital'),
    'en-US': ('Weak password', 'Good password', 'dictionary', 'capital'),
}

# What Roundcube and its plugins say in a language: the names of texts that are English, although
# they are not in its own files by that choice, and its sibling or this project has others.
TEXTS = r'''
define('INSTALL_PATH', '/var/lib/roundcube/');
$_SERVER['argv'] = [''];
require INSTALL_PATH . 'program/include/clisetup.php';
$_SESSION['language'] = $argv[1];
$rc = rcmail::get_instance();
$rc->task = 'settings';
$rc->load_language($argv[1]);
$rc->plugins->init($rc, 'settings');
$rc->plugins->load_plugin('password', true);
// It was at work before there was a task.
$rc->plugins->get_plugin('all2all_password')->init();
$wanted = [];
foreach (['password' => RCUBE_PLUGINS_DIR . 'password/localization/en_US.inc',
    'all2all_password' => RCUBE_PLUGINS_DIR . 'all2all_password/localization/en_US.inc'] as $domain => $file) {
    foreach (rcube::read_localization_file($file) as $name => $text) {
        if (strpos($name, '.') === false) {
            $wanted["$domain.$name"] = $text;
        }
    }
}
$sibling = ['nl_BE' => 'nl_NL', 'de_CH' => 'de_DE'][$argv[1]] ?? $argv[1];
foreach (['labels', 'messages'] as $kind) {
    $english = rcube::read_localization_file(RCUBE_LOCALIZATION_DIR . "en_US/$kind.inc");
    $theirs  = rcube::read_localization_file(RCUBE_LOCALIZATION_DIR . "$sibling/$kind.inc");
    $own     = rcube::read_localization_file(RCUBE_LOCALIZATION_DIR . "$argv[1]/$kind.inc");
    foreach (array_diff_key($english, $own) as $name => $text) {
        if (isset($theirs[$name]) && $theirs[$name] !== $text) {
            $wanted[$name] = $text;
        }
    }
}
$same = [];
foreach ($wanted as $name => $text) {
    if (in_array($rc->gettext($name), [$text, "[$name]"])) {
        $same[] = $name;
    }
}
echo json_encode([count($wanted), $same]);
'''


@unittest.skipUnless(pathlib.Path(DRIVER).exists(), f'{DRIVER} is not installed in the tree')
class PasswordPage(MailCase):

    def on_page(self, window, account):
        window.log_in(account)
        window.in_mailbox()
        window.open(PAGE)
        window.attribute('#all2all-propose', 'type')

    def rows(self, window, selector):
        return window.script(f'return $({json.dumps(selector)}).map(function() {{'
                             ' return $(this).text(); }).get()')

    def field(self, window, selector):
        return window.script(f'return document.querySelector({json.dumps(selector)}).value')

    def propose(self, window):
        window.click('#all2all-propose')

        def there():
            password = self.field(window, '#all2all-proposed')
            if not password:
                raise browser.NotThere('no password is proposed')
            return password
        return window.patiently(there)

    def assertAccessible(self, window, what):
        if not AXE:
            self.remark = 'without axe-core'
            return
        window.script(AXE[-1].read_text())
        found = window.script_later(
            'axe.run("#layout-content").then(function(found) { done([found.passes.length,'
            ' found.violations.map(function(rule) { return rule.id + ": " +'
            ' rule.nodes.map(function(node) { return node.html; }).join(" "); })]); })')
        self.assertGreater(found[0], 10)
        # Roundcube's own page breaks some: only ours are looked at.
        self.assertEqual([], [rule for rule in found[1] if 'all2all' in rule], what)

    def assertFits(self, window):
        """Nothing is wider than the screen."""
        width, wide = window.script(
            'var w = document.documentElement.clientWidth; return [w, $("#password-form *:visible")'
            '.filter(function() { var b = this.getBoundingClientRect();'
            ' return b.right > w + 1 || b.left < -1; }).map(function() {'
            ' return this.outerHTML.slice(0, 80); }).get()]')
        self.assertLessEqual(width, 360)
        self.assertEqual([], wide)

    def in_language(self, language):
        weak, good, why, capital = LANGUAGES[language]
        account = accounts.new()
        with browser.Browser(language) as window:
            self.on_page(window, account)
            self.assertEqual(language.replace('-', '_'), window.script('return rcmail.env.locale'))
            rules = self.rows(window, '#ruleslist li')
            self.assertEqual(3, len(rules), rules)
            self.assertIn('8', rules[0])
            window.type('#newpasswd', WEAK)
            window.wait_for_text('#all2all-verdict', weak)
            self.assertIn(why, window.text('#all2all-verdict'))
            self.assertEqual('true', window.attribute('#newpasswd', 'aria-invalid'))
            window.picture('password-live-weak')
            self.assertAccessible(window, language)
            password = self.propose(window)
            self.assertEqual(good, window.text('#all2all-verdict'))
            self.assertEqual([password] * 2, [self.field(window, '#newpasswd'),
                                              self.field(window, '#confpasswd')])
            window.click('#all2all-spell')
            spelled = self.rows(window, '#all2all-spelling li')
            self.assertEqual(list(password), [cell[0] for cell in spelled])
            for character, cell in zip(password, spelled):
                self.assertEqual(character.isupper(), capital in cell, cell)
            window.picture('password-proposed')
            self.assertAccessible(window, language)
            window.like_a_telephone(360, 740)
            window.script('window.dispatchEvent(new Event("resize")); document.querySelector('
                          '"#all2all-propose").scrollIntoView({block: "start"})')
            self.assertFits(window)
            window.picture('password-telephone')
            self.assertAccessible(window, language + ', narrow')
            window.script('document.documentElement.classList.add("dark-mode")')
            window.picture('password-dark')
            self.assertAccessible(window, language + ', dark')
            # The page has said nothing to the console either.
            self.assertEqual([], [line for line in window.complaints() if 'all2all_password' in line])

    def test_texts(self):
        """no text is English where the language, or its sibling, has one"""
        for language in LANGUAGES:
            if language.startswith('en'):
                continue
            said = subprocess.run(
                ['runuser', '-u', 'www-data', '--', 'php', '-r', TEXTS, '--',
                 language.replace('-', '_')], capture_output=True, text=True, check=True).stdout
            count, same = json.loads(said[said.index('['):])
            self.assertGreater(count, 200 if language == 'nl-BE' else 30, language)
            self.assertEqual([], same, language)

    def test_saved(self):
        """the proposal is saved as it is; what is typed afterwards takes it away"""
        account = accounts.new()
        with browser.Browser('nl-BE') as window:
            self.on_page(window, account)
            # The verdict follows what is typed.
            for password, state in ((WEAK, 'weak'), (accounts.strong(), 'good'), ('a1', 'weak'),
                                    (account.password, 'weak')):
                window.type('#newpasswd', password)
                window.patiently(lambda: self.assertState(window, state), AssertionError)
            self.assertIn('oude wachtwoord', window.text('#all2all-verdict'))
            first = self.propose(window)
            window.type('#newpasswd', 'x')
            self.assertEqual('', self.field(window, '#all2all-proposed'))
            second = self.propose(window)
            self.assertNotEqual(first, second)
            window.click('#all2all-copy')
            window.wait_for_text('#all2all-hint', 'gekopieerd')
            window.type('#curpasswd', account.password)
            window.click('#password-form ~ .formbuttons button, button.submit')
            window.wait_for_text('#messagestack', 'Succesvol')
        self.assertChanged(account, second)

    def assertState(self, window, state):
        self.assertEqual(state, window.attribute('#all2all-verdict', 'class'))

    def test_requests(self):
        """only the page itself may ask; not often; and no password is left anywhere"""
        account = accounts.new()
        secret = 'Zomer9Kikker'
        size = log_size()
        with browser.Browser('en-US') as window:
            self.on_page(window, account)
            ask = ('function(fields, token, method) { return fetch("./?_task=settings&_action='
                   'plugin.all2all-" + (fields._new ? "check" : "propose"), {method: method,'
                   ' headers: token ? {"X-Roundcube-Request": token} : {}, body: method === "GET" ?'
                   ' undefined : new URLSearchParams(Object.assign({_remote: 1}, fields))})'
                   '.then(function(answer) { return answer.text().then(function(text) {'
                   ' return [answer.status, answer.headers.get("Cache-Control"), text]; }); }); }')
            weak = json.dumps({'_new': secret, '_serial': 7})

            def one(fields, token, method='POST'):
                return window.script_later(f'({ask})({fields}, {token}, "{method}").then(done)')
            mine = 'rcmail.env.request_token'
            for what in ((weak, 'null'), (weak, '"x"'), ('{}', '"x"'), ('{}', 'null', 'GET')):
                status, _, said = one(*what)
                self.assertNotEqual(200, status, what)
                self.assertNotIn('all2all_', said)
            status, caching, said = one(weak, mine)
            self.assertEqual(200, status)
            self.assertIn('no-store', caching)
            self.assertIn('good', said)
            self.assertNotIn(secret, said)
            # While it is somebody else's turn, the page waits.
            turn = max(pathlib.Path('/var/lib/roundcube/temp').glob('RCMTEMPall2all-*'),
                       key=lambda file: file.stat().st_mtime)
            with open(turn) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                self.assertIn('wait', one(weak, mine)[2])
                window.type('#newpasswd', WEAK)
                window.wait_for_text('#all2all-verdict', 'follows in a moment')
            window.wait_for_text('#all2all-verdict', 'Weak password')
        self.assertNotIn(secret, log_since(size))
        for file in list(pathlib.Path('/var/log').rglob('*')) + list(
                pathlib.Path('/var/lib/roundcube/temp').iterdir()):
            if file.is_file():
                self.assertNotIn(secret.encode(), file.read_bytes(), file)

    def test_without_javascript(self):
        """the form alone, as a browser without JavaScript sends it, changes the password"""
        account, new = accounts.new(), accounts.strong()
        trusted = ssl.create_default_context(cafile='/etc/ssl/certs/ca-certificates.crt')
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(),
                                             urllib.request.HTTPSHandler(context=trusted))

        def page(address, **fields):
            data = urllib.parse.urlencode(fields).encode() if fields else None
            with opener.open(address, data, timeout=60) as answer:
                return answer.read().decode()

        def token(text):
            return re.search('name="_token" value="([^"]+)"', text)[1]
        login = page(browser.WEBMAIL)
        page(browser.WEBMAIL + '?_task=login', _token=token(login), _task='login', _action='login',
             _user=account.name, _pass=account.password)
        form = page(PAGE)
        self.assertIn('id="newpasswd"', form)
        self.assertNotIn('id="all2all', form)
        page(PAGE + '-save', _token=token(form), _curpasswd=account.password, _newpasswd=new,
             _confpasswd=new)
        self.assertChanged(account, new)

    def test_damaged_policy(self):
        """when nothing can be judged, the page says that it is done on saving"""
        account = accounts.new()
        conf = '/etc/security/all2all.conf'
        self.keep(conf)
        with browser.Browser('de-DE') as window:
            self.on_page(window, account)
            with open(conf, 'a') as file:
                file.write('min_length = many\n')
            window.type('#newpasswd', WEAK)
            window.wait_for_text('#all2all-verdict', 'wenn Sie es speichern')
            window.click('#all2all-propose')
            window.wait_for_text('#all2all-hint', 'kein Passwort vorgeschlagen')
            window.picture('password-not-judged')


def in_one(language):
    def test(self):
        self.in_language(language)
    test.__doc__ = f'{language}: verdict, proposal, spelling, also as narrow as a telephone'
    return test


for each in LANGUAGES:
    setattr(PasswordPage, 'test_in_' + each.replace('-', '_'), in_one(each))
