# SPDX-License-Identifier: BSD-3-Clause
"""The webmail, in a browser, in four languages; and its page for changing the password."""

import os
import pathlib
import re
import shutil
import unittest

import browser
from case import MailCase, accounts, doors, replace

DRIVER = '/usr/share/roundcube/plugins/password/drivers/all2all.php'
HELPER = '/usr/sbin/all2all-passwd'

# Words of the first page and of its refusal.
LOGIN = {
    'fr': ('Nom d’utilisateur', 'a échoué'),
    'nl': ('Gebruikersnaam', 'mislukt'),
    'de': ('Benutzername', 'fehlgeschlagen'),
    'en': ('Username', 'Login failed'),
}


class Pages(MailCase):
    def first_page(self, language):
        name, failed = LOGIN[language]
        account = accounts.new()
        with browser.Browser(language) as window:
            window.open(browser.WEBMAIL)
            shown = window.attribute('#rcmloginuser', 'placeholder') or window.text()
            self.assertIn(name.replace('’', "'"), shown.replace('’', "'"))
            window.picture('login')
            window.log_in(account, accounts.strong())
            window.wait_for_text('#messagestack', failed)
            window.picture('login-refused')
            window.log_in(account)
            window.in_mailbox()
            window.picture('mailbox')

    def test_first_page_fr(self):
        """French: the wrong password is refused, the right one opens the mailbox"""
        self.first_page('fr')

    def test_first_page_nl(self):
        """Dutch: the same"""
        self.first_page('nl')

    def test_first_page_de(self):
        """German: the same"""
        self.first_page('de')

    def test_first_page_en(self):
        """English: the same"""
        self.first_page('en')

    def test_write_and_read(self):
        """a message written in the webmail arrives and can be read there"""
        account, other = accounts.new(), accounts.new('Piet Peeters')
        with browser.Browser('fr') as window:
            window.log_in(account)
            window.in_mailbox()
            window.open(browser.WEBMAIL + '?_task=mail&_action=compose&_to='
                        f'{other.name}@{doors.DOMAIN}&_subject=Bonjour')
            window.type('#composebody', 'Écrit dans le webmail.')
            window.click('#compose-content button.send, .formbuttons button.send')
            window.in_mailbox()
        letter = doors.wait_for(other.name, other.password, 'Bonjour')
        self.assertIsNotNone(letter)
        self.assertIn('Écrit dans le webmail.', letter.get_content())
        with browser.Browser('nl') as window:
            window.log_in(other)
            window.in_mailbox()
            window.wait_for_text('#messagelist', 'Bonjour')
            # How full the mailbox is, of its 25 MB.
            self.assertIn('25', window.attribute('#rcmquotadisplay', 'title'))
            window.picture('message')

    def test_nothing_else_is_served(self):
        """neither configuration, database nor logs can be fetched"""
        for path in ('config/config.inc.php', 'logs/errors', 'temp/', 'SQL/sqlite.initial.sql',
                     'plugins/password/config.inc.php', 'plugins/password/drivers/chpasswd.php',
                     'program/lib/Roundcube/bootstrap.php', '.htaccess', '../config/des_key'):
            status, said = doors.command('curl', '-s', '--path-as-is', '-o', '/dev/null', '-w',
                                         '%{http_code}', browser.WEBMAIL + path)
            self.assertIn(said, ('403', '404', '400'), path)

    def test_http_goes_to_https(self):
        said = doors.command('curl', '-s', '-o', '/dev/null', '-w', '%{http_code} %{redirect_url}',
                             'http://twig.all2all.org/x')[1]
        self.assertEqual('301 https://twig.all2all.org/x', said)


@unittest.skipUnless(os.path.exists(DRIVER), f'{DRIVER} is not installed in the tree')
class ChangePassword(MailCase):
    """The page for changing the password, as the user sees it."""

    def assertRefused(self, window, account, new, words, picture):
        before = accounts.stored(account)
        window.change_password(account.password, new)
        said = window.wait_for_text('#messagestack', words)
        window.picture(picture)
        self.assertNotIn(new, said)
        self.assertEqual(before, accounts.stored(account))

    def change(self, language, rule, dictionary, person, saved):
        account = accounts.new('Marie Delvaux')
        with browser.Browser(language) as window:
            window.log_in(account)
            window.in_mailbox()
            window.open(browser.WEBMAIL + '?_task=settings&_action=plugin.password')
            # What is asked for stands there before anything is typed.
            window.wait_for_text('body', rule)
            window.picture('password-page')
            self.assertRefused(window, account, accounts.WEAK, dictionary, 'password-weak')
            self.assertRefused(window, account, 'Delvaux77', person, 'password-person')
            new = accounts.strong()
            window.change_password(account.password, new)
            window.wait_for_text('#messagestack', saved)
            window.picture('password-saved')
            # The session goes on with the new one.
            window.open(browser.WEBMAIL + '?_task=mail')
            window.in_mailbox()
        self.assertChanged(account, new)

    def test_french(self):
        """in French: weak ones refused with the reason on the page, the strong one accepted"""
        self.change('fr', '8', 'dictionnaire', 'votre nom', 'succès')

    def test_dutch(self):
        """in Dutch: the same"""
        self.change('nl', '8', 'woordenboek', 'uw naam', 'Succesvol')

    def test_wrong_old_password(self):
        """a wrong old password changes nothing"""
        account = accounts.new()
        before = accounts.stored(account)
        with browser.Browser('fr') as window:
            window.log_in(account)
            window.in_mailbox()
            window.change_password(accounts.strong(), accounts.strong())
            self.assertNotEqual('', window.said())
            window.picture('password-wrong-old')
        self.assertEqual(before, accounts.stored(account))
        self.assertLetIn(account)

    def test_damaged_lexicon(self):
        """a damaged lexicon: neither weak nor strong gets in, and the page says to try later"""
        account = accounts.new()
        new = accounts.strong()
        before = accounts.stored(account)
        lexicon = '/usr/share/all2all/lexicon'
        self.keep(lexicon)
        replace(lexicon, pathlib.Path(lexicon).read_bytes()[:100000])
        with browser.Browser('fr') as window:
            window.log_in(account)
            window.in_mailbox()
            for password in (accounts.WEAK, new):
                window.change_password(account.password, password)
                said = window.said()
                self.assertNotEqual('', said)
                self.assertNotIn('dictionnaire', said)
            window.picture('password-cannot-be-checked')
        self.assertEqual(before, accounts.stored(account))
        self.assertLetIn(account)


@unittest.skipUnless(os.path.exists(HELPER), f'{HELPER} is not installed in the tree')
class Helper(MailCase):
    """The one program that the webmail may run as root."""

    def test_only_that_one(self):
        """www-data may run it as root, in two ways, and nothing else"""
        listed = doors.command('sudo', '-l', '-U', 'www-data')[1]
        self.assertEqual(1, len(re.findall('NOPASSWD', listed)), listed)
        for words in ((HELPER, 'root'), (HELPER, '--status', '--help'), (HELPER, '--propose'),
                      (shutil.which('chpasswd'),), (shutil.which('passwd'), 'root')):
            status, said = doors.command('runuser', '-u', 'www-data', '--', 'sudo', '-n', *words)
            self.assertNotEqual(0, status, said)
            self.assertIn('sudo:', said)
