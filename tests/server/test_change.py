# SPDX-License-Identifier: BSD-3-Clause
"""Changing the password with passwd and chpasswd, and what that does on the three ports."""

from case import MailCase, accounts, doors

WEAK = accounts.WEAK
# What is refused, and the words of the reason.
REFUSED = {
    'Printemps1': 'dictionary',
    'Wachtwoord1': 'dictionary',
    'k7hq9a': 'too short',
    'kqzjwvxhtr': 'digit',
    'Delvaux77': 'your name',
}


class ByPasswd(MailCase):
    def setUp(self):
        self.account = accounts.new('Marie Delvaux')

    def assertRefuses(self, *typed, reason, language='C.UTF-8'):
        before = accounts.stored(self.account)
        status, said = accounts.by_passwd(self.account, *typed, language=language)
        self.assertNotEqual(0, status, said)
        self.assertSays(reason, said)
        self.assertEqual(before, accounts.stored(self.account))

    def test_strong(self):
        """passwd: a strong one, and the old one is dead on all ports"""
        new = accounts.strong()
        status, said = accounts.by_passwd(self.account, self.account.password, new, new)
        self.assertEqual(0, status, said)
        self.assertChanged(self.account, new)

    def test_weak_then_strong(self):
        """passwd: weak, asked again, strong"""
        new = accounts.strong()
        status, said = accounts.by_passwd(self.account, self.account.password, WEAK, new, new)
        self.assertEqual(0, status, said)
        self.assertSays('dictionary', said)
        self.assertChanged(self.account, new)

    def test_weak_three_times(self):
        """passwd: weak three times, and all stays as it was"""
        self.assertRefuses(self.account.password, WEAK, WEAK, WEAK, reason='dictionary')
        self.assertLetIn(self.account)
        self.assertKeptOut(self.account, WEAK)

    def test_wrong_old_password(self):
        new = accounts.strong()
        self.assertRefuses(accounts.strong(), new, new, reason='')
        self.assertLetIn(self.account)

    def test_like_the_old_one(self):
        """passwd: the old one with one character changed"""
        near = self.account.password[:-1] + ('x' if self.account.password[-1] != 'x' else 'y')
        self.assertRefuses(self.account.password, near, near, near, reason='old')

    def test_mistyped(self):
        self.assertRefuses(self.account.password, *[accounts.strong() for _ in range(6)],
                           reason='do not match')

    def test_french(self):
        self.assertRefuses(self.account.password, WEAK, language='fr_BE.UTF-8',
                           reason='un mot du dictionnaire')

    def test_dutch(self):
        self.assertRefuses(self.account.password, WEAK, language='nl_BE.UTF-8',
                           reason='een woord uit een woordenboek')

    def test_german(self):
        self.assertRefuses(self.account.password, WEAK, language='de_DE.UTF-8',
                           reason='Wörterbuch')


class ByChpasswd(MailCase):
    def setUp(self):
        self.account = accounts.new('Marie Delvaux')

    def test_strong(self):
        """chpasswd: a strong one, and the old one is dead on all ports"""
        new = accounts.strong()
        self.assertEqual((0, ''), accounts.by_chpasswd(self.account, new))
        self.assertChanged(self.account, new)

    def test_weak(self):
        """chpasswd: root is bound too, and is told why"""
        before = accounts.stored(self.account)
        for weak, reason in REFUSED.items():
            status, said = accounts.by_chpasswd(self.account, weak)
            self.assertNotEqual(0, status, f'{weak} was accepted')
            self.assertSays(reason, said)
            self.assertNotIn(weak, said)
        self.assertEqual(before, accounts.stored(self.account))
        self.assertLetIn(self.account)
        self.assertKeptOut(self.account, WEAK)

    def test_list(self):
        """chpasswd: of a list, the good lines are taken and the weak ones are not"""
        other = accounts.new('Piet Peeters')
        before, new = accounts.stored(self.account), accounts.strong()
        status, _ = doors.command(
            'chpasswd', given=f'{self.account.name}:{WEAK}\n{other.name}:{new}\n')
        self.assertNotEqual(0, status)
        self.assertEqual(before, accounts.stored(self.account))
        self.assertChanged(other, new)
