#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The mail about a weak password as mail programs read it: Python's email package takes it apart.

usage: notice.py WRITE_NOTICE"""

import email
import email.policy
import html.parser
import mailbox
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
CONFIGURATION = os.path.join(os.environ['A2A_BUILD'], 'uninstalled.conf')
LANGUAGES = ['fr', 'nl', 'de', 'en']
WEBMAIL = 'https://webmail.example.org/'
RULES = ('not-text,too-short,too-long,no-letter,no-digit,few-kinds,person,old-password,'
         'dictionary-word,leaked,guessable,second-opinion')
HEADERS = ['Auto-Submitted', 'Content-Language', 'Content-Type', 'MIME-Version', 'Subject', 'To']


def run(*options, **fields):
    return subprocess.run(
        [PROGRAM, *options, CONFIGURATION, *(f'{key}={value}' for key, value in fields.items())],
        check=True, capture_output=True).stdout


class Page(html.parser.HTMLParser):
    """The text of a page, its elements, and its links; a page that is not well formed is refused."""
    VOID = {'meta', 'br', 'hr'}

    def __init__(self, source):
        super().__init__()
        self.elements, self.links, self.open, self.text = set(), [], [], ''
        self.source = source.partition('<body')[2]
        self.feed(source)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.text += '' if tag == 'span' else ' '
        for name, value in attributes:
            assert not name.startswith('on') and name != 'src', name
            if name == 'href':
                self.links.append(value)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if 'title' not in self.open:
            self.text += data


def words(text):
    """The words of a text, whatever its lines are. A no-break space is no end of a word."""
    return re.split(r'[ \n]+', text.strip(' \n'))


class NoticeCase(unittest.TestCase):
    maxDiff = None

    def read(self, **fields):
        """Checks what is true of every such mail; returns it with its text and its page."""
        raw = run(**fields)
        self.assertTrue(raw.isascii() and raw.endswith(b'\n'))
        head = raw.partition(b'\n\n')[0]
        for line in raw.split(b'\n'):
            # RFC 5322, section 2.1.1; RFC 2045, section 6.7; and what mailboxes cut or change.
            # A "From " that is encoded makes its line longer by two.
            most = 78 if line in head or line.startswith(b'=46rom ') else 76
            self.assertLessEqual(len(line), most, line)
            self.assertFalse(re.search(rb'[\r\0]|[ \t]$', line), line)
            self.assertFalse(line.startswith(b'From '), line)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        parts = list(mail.walk())
        for part in parts:
            self.assertEqual([], part.defects)
            for value in part.values():
                self.assertEqual((), value.defects)
        self.assertEqual(['multipart/alternative', 'text/plain', 'text/html'],
                         [part.get_content_type() for part in parts])
        self.assertEqual(sorted(HEADERS + (['From'] if 'from' in fields else [])),
                         sorted(mail.keys()))
        for part in parts[1:]:
            self.assertEqual(['Content-Transfer-Encoding', 'Content-Type'], sorted(part.keys()))
            self.assertEqual('utf-8', part.get_content_charset())
            self.assertEqual('quoted-printable', part['Content-Transfer-Encoding'])
        self.assertEqual('auto-generated', mail['Auto-Submitted'])
        self.assertEqual([fields.get('address', 'user0001@example.org')],
                         [address.addr_spec or address.username for address in mail['To'].addresses])
        mail.text = parts[1].get_content()
        mail.page = Page(parts[2].get_content())
        self.assertLessEqual(mail.page.elements, {'html', 'head', 'meta', 'title', 'body', 'div',
                                                  'p', 'ul', 'li', 'a', 'br', 'hr', 'span'})
        # Both alternatives say the same.
        self.assertEqual(words(mail.page.text),
                         words(re.sub(r'(?m)^(-----$| - )', '', mail.text)))
        return mail

    def said(self, mail):
        return ' '.join(words(mail.text))


class Content(NoticeCase):
    def test_four_languages(self):
        """it says what is wrong, what to do, until when, and how to check who sent it"""
        expected = {
            'fr': ('Bonjour Marie Delvaux, Ce message, envoyé par ALL2ALL, concerne votre compte '
                   'e-mail user0001. Le mot de passe de ce compte est faible.',
                   'ouvrez Paramètres, puis Mot de passe.', 'Dans 30 jours, votre logiciel',
                   'en appelant ALL2ALL, au numéro que vous connaissez ou au NUMBER.',
                   'Bien à vous,\nALL2ALL\n+32 2 555 01 23\n'),
            'nl': ('Beste Marie Delvaux, Dit bericht van ALL2ALL gaat over uw e-mailaccount '
                   'user0001. Het wachtwoord van dit account is zwak.',
                   'open Instellingen en dan Wachtwoord.', 'Over 30 dagen kan uw e-mailprogramma',
                   'bel ALL2ALL, op het nummer dat u kent of op NUMBER.',
                   'Met vriendelijke groeten,\nALL2ALL\n+32 2 555 01 23\n'),
            'de': ('Guten Tag Marie Delvaux, Diese Nachricht von ALL2ALL betrifft Ihr '
                   'E-Mail-Konto user0001. Das Passwort dieses Kontos ist schwach.',
                   'Öffnen Sie Einstellungen und dann Passwort.', 'In 30 Tagen kann sich Ihr',
                   'Rufen Sie ALL2ALL an, unter der Nummer, die Sie kennen, oder unter NUMBER.',
                   'Mit freundlichen Grüßen\nALL2ALL\n+32 2 555 01 23\n'),
            'en': ('Dear Marie Delvaux, This message from ALL2ALL is about your mail account '
                   'user0001. The password of this account is weak.',
                   'open Settings, then Password.', 'In 30 days your mail program',
                   'by calling ALL2ALL, at the number that you know or at NUMBER.',
                   'Kind regards,\nALL2ALL\n+32 2 555 01 23\n'),
        }
        for language in LANGUAGES:
            mail = self.read(lang=language, name='Marie Delvaux', webmail=WEBMAIL, days=30,
                             rules=RULES, **{'from': 'info@example.org'})
            begin, where, when, check, end = expected[language]
            said = self.said(mail)
            self.assertTrue(said.startswith(begin), said)
            for piece in (where, when, check.replace('NUMBER', '+32 2 555 01 23'.replace(
                    ' ', '\u00a0'))):
                self.assertIn(piece, said)
            self.assertTrue(mail.text.endswith(end), mail.text)
            self.assertIn(f'\n{WEBMAIL}\n', mail.text)
            self.assertEqual([WEBMAIL], mail.page.links)
            self.assertEqual(RULES.count(',') + 1, len(re.findall('(?m)^ - ', mail.text)))
            self.assertLessEqual(max(map(len, mail.text.splitlines())), 72)
            self.assertEqual('ALL2ALL <info@example.org>', str(mail['From']))
            self.assertEqual('Marie Delvaux <user0001@example.org>', str(mail['To']))
            self.assertEqual(language, mail['Content-Language'])
            self.assertNotIn('%', mail.text)
            # No line ends within "e-mail".
            self.assertFalse(re.search(r'(?<!nowrap">)\b[eE]-[mM]ail', mail.page.source))
            # The French blank before a colon is no place to end a line.
            self.assertFalse(re.search(r'(?m)^\s*[:;?!]', mail.text))

    def test_several_languages(self):
        """one after the other, in the order of the setting, in each alternative"""
        mail = self.read(lang='de,fr,nl,en', webmail=WEBMAIL)
        found = [self.said(mail).index(text) for text in
                 ('Guten Tag,', 'Bonjour,', 'Goedendag,', 'Hello,')]
        self.assertEqual(sorted(found), found)
        self.assertEqual('de, fr, nl, en', mail['Content-Language'])
        self.assertEqual(3, mail['Subject'].count(' / '))
        self.assertEqual(4, len(mail.page.links))

    def test_days(self):
        """the days are a sentence, in the plural from two on"""
        for language, today, tomorrow, later in (
                ('fr', 'À partir d’aujourd’hui, votre', 'À partir de demain, votre',
                 'Dans {} jours, votre'),
                ('nl', 'Vanaf vandaag kan uw', 'Vanaf morgen kan uw', 'Over {} dagen kan uw'),
                ('de', 'Ab heute kann sich', 'Ab morgen kann sich', 'In {} Tagen kann sich'),
                ('en', 'From today on, your', 'From tomorrow on, your', 'In {} days your')):
            for days, text in ((0, today), (1, tomorrow), (2, later), (21, later), (365, later)):
                self.assertIn(text.format(days), self.said(self.read(lang=language, days=days)))
            without = self.said(self.read(lang=language))
            for text in (today, tomorrow, later.partition('{} ')[2]):
                self.assertNotIn(text, without)

    def test_advice(self):
        """the guide says what the default asks for; under another profile, the rules are listed"""
        guides = {'fr': 'lettres et chiffres pris au hasard', 'nl': '8 willekeurige letters',
                  'de': '8 zufälligen Buchstaben', 'en': '8 random letters'}
        lengths = {'house': '', 'safeonweb': ' 14 ', 'anssi': ' 12 ', 'bsi': ' 8 ', 'cnil': ' 12 ',
                   'nist': ' 15 '}
        for profile, length in lengths.items():
            for language, guide in guides.items():
                said = self.said(self.read(lang=language, profile=profile))
                self.assertEqual(profile == 'house', guide in said)
                self.assertIn(length, said)

    def test_what_is_not_known(self):
        """what is not known is not said"""
        mail = self.read(lang='en', rules='a-later-rule,too-short')
        self.assertIn('\n - a-later-rule\n', mail.text)
        self.assertTrue(mail.text.startswith('Hello,\n'))
        self.assertNotIn('http', mail.text)
        self.assertNotIn('webmail', mail.text)
        self.assertEqual('user0001@example.org', str(mail['To']))
        self.assertIn(b'\nTo: user0001\n', run(lang='en', address='user0001'))

    def test_no_link(self):
        """without links, the webmail is named, and nothing can be clicked"""
        for language in LANGUAGES:
            raw = run(lang=language, webmail=WEBMAIL, has_link='no')
            self.assertNotIn(b'http', raw)
            self.assertNotIn(b'webmail.example.org', raw)
            self.assertNotIn(b'<a', raw)
            self.assertIn('ebmail', self.said(self.read(lang=language, webmail=WEBMAIL,
                                                        has_link='no')))

    def test_other_page(self):
        """a page that the administrator names stands for the webmail's"""
        page = 'https://example.org/change?a=b&c=d'
        mail = self.read(lang='en', webmail=WEBMAIL, page=page)
        self.assertEqual([page], mail.page.links)
        self.assertIn(f'\n{page}\n', mail.text)
        self.assertNotIn('Settings', mail.text)

    def test_other_help(self):
        """whoever has no telephone is asked otherwise"""
        for help in ('hulp@example.net', 'bureau 3, chez Zoé', '+32 2 555 01 23 (Zoé)'):
            mail = self.read(lang='en', help=help)
            self.assertIn(f'by asking ALL2ALL: {help}.', self.said(mail))
        self.assertIn('at the number that you know or at 02/555.01.23.',
                      self.said(self.read(lang='en', help='02/555.01.23')))


class Hostile(NoticeCase):
    def test_names_that_are_shown(self):
        """names of all scripts, and such that mean something to programs, are shown as they are"""
        for name in ('Zoé Ünal', 'Κώστας Παπαδόπουλος', 'محمد علي', '王小明', 'नरेन्द्र शर्मा',
                     'می‌خواهم', 'Jan 😀', 'O’Neil', "O'Neil", 'Jan "Jef" Peeters', 'a\\b',
                     'Smet, Jan', 'a@b.example', '<victim@example.org>', 'x <a@b>, y <c@d>',
                     '<script>alert(1)</script>', '</p></body><img src=x onerror=alert(1)>',
                     '&lt;b&gt; &amp;', '"><a href="https://evil.example/">x</a>', '%s%s%n%ld',
                     '=?UTF-8?B?QmNj?=', '=3D=20=', 'From x', '.', '--', ' : ', 'é' * 80, 'x' * 80,
                     '王' * 80, 'Jan(comment)', 'a;b:c', '[x]', 'group: a@b, c@d;'):
            with self.subTest(name=name):
                mail = self.read(lang='en', name=name)
                (address,) = mail['To'].addresses
                # Python 3.11 shows a blank between encoded words that follow one another. What GMime
                # would encode wrongly is left out.
                self.assertIn(address.display_name.replace(' ', ''), (name.replace(' ', ''), ''))
                if len(name) <= 15 and '=?' not in name:
                    self.assertNotEqual('', address.display_name)
                kept = name.replace(' :', '\u00a0:')
                self.assertIn(' '.join(words(f'Dear {kept},')), self.said(mail))
                self.assertEqual([], mail.page.links)

    def test_names_that_are_not(self):
        """a name that could be more than a name is left out: the greeting is without one"""
        for name in ('x\nBcc: victim@example.org', 'x\r\nBcc: victim@example.org', 'x\r', '\n\n',
                     'x\n\n--=-boundary', 'a\tb', 'a\x1b[31mb', 'a\x7f', 'a\x85b', 'a\u2028b',
                     'a\u2029b', 'a\u202eb', 'a\u2066b', 'a\u200fb', 'a\ufeffb', 'a\ue000b',
                     'a\ufffeb', 'x' * 81, 'é' * 500, 'x' * 500, '王' * 500, 'w ' * 250, ''):
            with self.subTest(name=name):
                mail = self.read(lang='en', name=name)
                (address,) = mail['To'].addresses
                self.assertEqual('', address.display_name)
                self.assertTrue(mail.text.startswith('Hello,\n\nThis message from'))
        for name in (b'caf\xe9', b'\xed\xa0\x80', b'\xc0\x80'):
            raw = subprocess.run([os.fsencode(PROGRAM), os.fsencode(CONFIGURATION), b'name=' + name],
                                 check=True, capture_output=True).stdout
            self.assertIn(b'\nHello,\n', raw)
            self.assertNotIn(name, raw)

    def test_organisation(self):
        """what sheets.conf says of the organisation is shown, and is nothing else"""
        left_out = ('=?x?q?y?=', 'x' * 500)
        for organisation in ('Café <&"\'> Ελλάς', 'a, b', 'x' * 500, 'é' * 500, '=?x?q?y?=', '%s %ld',
                             'ASBL "Le Phare"'):
            with self.subTest(organisation=organisation):
                mail = self.read(lang='en', organisation=organisation, **{'from': 'a@example.org'})
                (sender,) = mail['From'].addresses
                self.assertEqual('a@example.org', sender.addr_spec)
                self.assertEqual('' if organisation in left_out else organisation.replace(' ', ''),
                                 sender.display_name.replace(' ', ''))
                self.assertIn(f'This message from {organisation} is about', self.said(mail))


class Transport(NoticeCase):
    def test_encoding(self):
        """the text survives quoted-printable at every column"""
        lines = ['x' * column + end for column in range(160)
                 for end in ('=3D=é.From', '=', '\u20ac王', '.', 'From y', '=\u00a0')]
        self.assertIn(' '.join(lines), self.said(self.read(lang='en', user=' '.join(lines))))

    def test_long_lines(self):
        """what cannot be broken is broken by the encoding, and whole again"""
        page = 'https://example.org/' + 'a' * 3000
        mail = self.read(lang='fr', page=page, user='u' * 2000)
        self.assertIn(f'\n{page}\n', mail.text)
        self.assertEqual([page], mail.page.links)
        self.assertIn('u' * 2000, mail.text)

    def test_from(self):
        """"From " at the start of a line ends no mail in a mailbox"""
        mail = self.read(lang='en', days=0)
        self.assertIn('\n\nFrom today on, your', mail.text)
        with tempfile.TemporaryDirectory() as folder:
            box = mailbox.mbox(os.path.join(folder, 'box'))
            for _ in range(2):
                box.add(run(lang='en', days=0))
            box.flush()
            with open(os.path.join(folder, 'box'), 'rb') as file:
                self.assertNotIn(b'\n>From', file.read())
            box.close()
            box = mailbox.mbox(os.path.join(folder, 'box'), create=False)
            self.assertEqual(2, len(box))
            box.close()

    def test_shown(self):
        """a dry run shows it as a reader sees it"""
        for language in LANGUAGES + ['fr,nl']:
            fields = {'lang': language, 'name': 'Zoé Ünal', 'from': 'a@example.org', 'days': 30,
                      'webmail': WEBMAIL, 'rules': RULES}
            mail = self.read(**fields)
            shown = run('--show', **fields).decode()
            self.assertEqual('From: ALL2ALL <a@example.org>\nTo: Zoé Ünal <user0001@example.org>\n'
                             f'Subject: {mail["Subject"]}\n\n{mail.text}', shown)
        # A terminal obeys nothing of it.
        self.assertIn('about your mail account a?[31mb?.', ' '.join(
            run('--show', lang='en', user='a\x1b[31mb\x9b').decode().split()))


if __name__ == '__main__':
    unittest.main()
